"""The catalogue: organisations, datasets, search, formats and harvest."""

"""The sample agreements: one YAML file for each register or subject."""

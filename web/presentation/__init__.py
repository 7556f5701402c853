"""Pure functions from records to what templates show."""

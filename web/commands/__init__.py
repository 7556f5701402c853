"""The commands that make, look after and serve a whole installation."""

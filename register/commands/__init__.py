"""The commands of the register."""

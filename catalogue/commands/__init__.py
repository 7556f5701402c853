"""The commands of the catalogue, and what every command of the program shares."""

"""The client side: commands that work on a server instead of the data folder."""

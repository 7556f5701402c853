"""Organisations: who publishes, sends and receives; their names, identifiers and places."""

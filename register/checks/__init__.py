"""Checks of an agreement that a schema cannot hold: pure functions of the record and of what the register knows."""

"""Agreements: bodies and events that never change, and the present record read out of them."""

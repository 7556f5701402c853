"""Datasets, dataset series and data services: what they say, every revision of it, and what refers to them."""

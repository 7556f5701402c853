"""Agreements in the forms of others: pure pairs of functions, a reader and a writer for each."""

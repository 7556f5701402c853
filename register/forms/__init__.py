"""Writing an agreement: what to ask next, how to say it, and the file it is kept in."""

"""Whether searching finds it: a judged set of our own, and what measures a ranking on it."""

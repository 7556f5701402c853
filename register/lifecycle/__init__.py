"""The life of an agreement: who may do what to it in which state, and the doing."""

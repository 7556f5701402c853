"""Accounts: who may act, how they sign in, and the tokens by which their programs act for them."""

"""The log: every public event of the register as an entry that anyone can check (C2SP formats, RFC 6962 hashing)."""

"""Our own HTTP API at /api/v1: JSON for programs, with the same rules and the same messages as the commands."""

"""A stranger’s run: the program `schemathesis`, its checks as they come, against a live server."""

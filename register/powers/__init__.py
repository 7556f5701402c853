"""The law that lets data be shared: each legal power with its times in force and the bodies that may use it."""

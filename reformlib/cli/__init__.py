"""The command `reformlib`."""

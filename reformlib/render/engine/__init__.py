"""Processes and machines in which the cells of a notebook run."""

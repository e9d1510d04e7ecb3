"""A colleague's file in, a report folder out: what was read where, what is missing, and what is doubtful.

`run` does it all: read (guarded, in a process of its own) → find the form → match its labels → write the folder and the
account of it. This module imports nothing: that process must stay small.
"""

"""A colleague's file in, a report folder out: what was found where, what was not, and what is doubtful.

`run` does it all: read (guarded, in a process apart) → find the form → match its labels → write the folder and the
account of it. This module imports nothing: the process apart must stay small.
"""

"""Which documents are made, in which order, and what was made before."""

"""Administrative-reform reports as data, checks, gaps and projections, rendered from notebooks to HTML."""

__version__ = "0.1.0"

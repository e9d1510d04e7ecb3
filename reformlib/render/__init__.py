"""Notebooks to published pages: parameters, execution, the nbconvert exporter, publishing, the index."""

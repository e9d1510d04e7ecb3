"""Parts of notebook 01: what was achieved, and which figures can be relied on."""

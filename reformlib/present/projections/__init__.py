"""Parts of notebook 03: where each indicator goes, and how likely each target is."""

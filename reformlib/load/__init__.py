"""From the files of a report folder and of the catalogue to tidy tables."""

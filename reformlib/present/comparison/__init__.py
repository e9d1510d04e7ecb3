"""Parts of notebook 04: several reports, and edition against edition."""

"""Several reports side by side, and edition against edition."""

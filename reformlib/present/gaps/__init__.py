"""Parts of notebook 02: targets, pace, and shortfalls without a task."""

"""What the figures say: change, distance to targets, pace, coverage of shortfalls by tasks."""

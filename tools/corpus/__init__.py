"""Office files of sixty layouts with known figures: made (`make`), read and counted (`score`)."""

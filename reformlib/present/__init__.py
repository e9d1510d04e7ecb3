"""Charts, tables and text of the pages, in the reader's language. Computes nothing."""

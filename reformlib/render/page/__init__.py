"""From an executed notebook to one HTML file, and the guards before it is published."""

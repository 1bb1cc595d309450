"""Commands, files and services around the scoring library."""

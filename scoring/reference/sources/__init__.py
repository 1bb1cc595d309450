"""Readers that turn public datasets into rows of the working tables, one file per source."""

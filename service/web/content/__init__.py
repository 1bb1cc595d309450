"""What pages and reports show of a subject: the answers of the library, in the order in which they are read."""

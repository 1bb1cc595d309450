"""One file per resource; each handler parses, calls one function of `scoring`, formats."""

"""Pages for analysts, rendered by the server: each calls what its JSON twin calls, and links to it."""

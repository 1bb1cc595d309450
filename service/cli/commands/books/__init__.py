"""Commands about many names: a book, and the universe screened."""

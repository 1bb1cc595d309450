"""Answers as cards: HTML that a notebook shows in place of an object, with numbers as the pages write them."""

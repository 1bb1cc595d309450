"""Commands whose result is a dataset."""

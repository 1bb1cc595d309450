"""Reference data as of a date: a company's facts, what touches whom, the threat to a country."""

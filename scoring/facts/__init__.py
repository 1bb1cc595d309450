"""What was known at a date: which facts count, compiled into arrays."""

"""Changes: what moved between two dates, releases, methodologies or scenarios, and why."""

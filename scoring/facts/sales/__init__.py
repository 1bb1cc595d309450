"""What companies sell to China and to whom, as far as they said."""

"""Which names: the universe filtered, ranked and put into baskets."""

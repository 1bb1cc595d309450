"""Commands about names: their scores, why, how much money, over time, and a receipt computed again."""

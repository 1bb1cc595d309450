"""How much money: revenue at risk under a scenario."""

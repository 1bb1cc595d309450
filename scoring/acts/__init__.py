"""What one rule, measure or scenario adds, company by company, from the state known the day before."""

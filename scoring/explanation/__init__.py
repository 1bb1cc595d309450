"""Why: the score of one company as a tree of causes, facts and documents."""

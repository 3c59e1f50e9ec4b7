"""One composition per role: which components stand in which account, and what a stack tells the later ones."""

"""Vocabulary and arithmetic of Airlock. Standard library only: everything else is written in these words."""

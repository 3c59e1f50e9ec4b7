"""The rules of the pack, by what they are about. A rule is a factory; `catalogue` lists them all."""

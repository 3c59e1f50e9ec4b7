"""Pulumi resources for what AWS's own provider has not: see README.md for the tables that they follow.

Module paths and class names in here are stored in every state. Moving one needs a decision record and a shim.
"""

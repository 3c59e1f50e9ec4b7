"""A stand-in for AWS on the loopback: moto's server behind our own front door, for any number of organizations.

It knows nothing of the product that it judges: nothing outside this folder is imported here.
"""

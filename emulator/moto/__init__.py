"""Every touch of moto: how our services are put in front of it, and what is changed in those that stay.

May import: `protocol`, `world`, `authorization`.
"""

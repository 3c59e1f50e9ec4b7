"""What AWS Backup keeps, as plain data, and the ARNs by which it is found.

May import: nothing else of the emulator.
"""

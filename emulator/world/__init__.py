"""What there is: accounts, organizations, people, who calls, the time, and what happens when.

May import: `protocol`.
"""

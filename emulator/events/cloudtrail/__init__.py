"""CloudTrail beside what moto has of it: events as documents, LookupEvents, and delivery to a trail's bucket.

`history.py` keeps what happened, with every call; nothing else here is imported before somebody asks CloudTrail.
"""

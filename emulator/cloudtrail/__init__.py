"""CloudTrail beside what moto has of it: events as documents, LookupEvents, and delivery to a trail's bucket.

`emulator.trail` keeps what happened; nothing here is imported before somebody asks CloudTrail.
"""

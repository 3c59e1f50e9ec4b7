"""What AWS says of itself: its service models (botocore), requests, answers and errors in each protocol.

May import: nothing else of the emulator.
"""

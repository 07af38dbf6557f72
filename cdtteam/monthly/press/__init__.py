"""Templates that users upload are read and filled in a process of their own, which can take neither time nor memory.

What runs there imports nothing of the application, so that it knows no secret and no database.
"""

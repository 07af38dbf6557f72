"""Files of strangers become rows of text in a process of their own, which can take neither time nor memory.

What runs there imports nothing of the application, so that it knows no secret and no database.
"""

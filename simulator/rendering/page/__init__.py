"""Decisions as one page of HTML, which needs nothing but itself: no script, no other file.

Elements are values of htpy, whose children are text unless they are elements: no text of anybody's
can become markup. Only `document.py` writes markup, of our own style sheet.
"""

"""The rules of `iamsim check`, one or a few that are akin in a file; the table is `table.py`."""

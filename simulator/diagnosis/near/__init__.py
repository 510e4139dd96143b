"""Near-misses: in what little a statement is not about the request, a table for each element."""

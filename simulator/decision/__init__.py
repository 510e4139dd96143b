"""From what each layer of policies says to one decision; it never looks at strings, JSON or ARNs."""

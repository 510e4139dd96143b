"""Whether a statement applies to a request; it knows nothing of Allow, Deny and layers."""

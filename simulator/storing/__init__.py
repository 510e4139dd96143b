"""Whether AWS stores a document, and with which error it refuses to."""

"""The IAM policy language: documents as typed, immutable values."""

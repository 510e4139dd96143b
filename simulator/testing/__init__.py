"""Policies under test: test files and how they are run."""

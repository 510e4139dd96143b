"""Profiles of the aws CLI: which calls a profile makes, in which order, with which parameters."""

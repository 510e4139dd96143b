"""The offline AWS IAM decision simulator."""

__version__ = "0.1.0"

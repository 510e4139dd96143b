"""Codes of what is wrong with a test file; each is described in docs/reference/test-files.md."""

from __future__ import annotations

from typing import Final

NOT_YAML: Final = "IAM810"
YAML_FEATURE: Final = "IAM811"
FORM: Final = "IAM812"
NOT_DEFINED: Final = "IAM813"
UNREADABLE: Final = "IAM814"

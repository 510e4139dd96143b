"""Codes of what is wrong with the inputs of `iamsim check`: docs/reference/check-inputs.md."""

from __future__ import annotations

from typing import Final

UNREADABLE: Final = "IAM860"
NOT_YAML: Final = "IAM861"
YAML_FEATURE: Final = "IAM862"
NO_POLICY: Final = "IAM863"
NOT_KNOWN: Final = "IAM864"
OTHER_FORM: Final = "IAM865"

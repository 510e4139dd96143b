"""Codes of what is wrong with the files of an inventory."""

from __future__ import annotations

from typing import Final

UNREADABLE: Final = "IAM820"
UNKNOWN_FORM: Final = "IAM821"
CUT_SHORT: Final = "IAM822"
FORM: Final = "IAM823"
CONTRADICTION: Final = "IAM824"
REPEATED: Final = "IAM825"
INCOMPLETE: Final = "IAM826"
TREE: Final = "IAM827"
DOCUMENT_MISSING: Final = "IAM828"
WHOSE: Final = "IAM829"

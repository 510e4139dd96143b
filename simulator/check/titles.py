"""What each finding is called, and where its page stands.

The titles below `_WRITTEN` are those of the pages: `python -m tests.checks` writes them anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.syntax import TITLES as SYNTAX

if TYPE_CHECKING:
    from collections.abc import Mapping

_WRITTEN: Final[Mapping[str, str]] = {
    "IAM101": "the policy is not an object",
    "IAM102": "an element that AWS does not know",
    "IAM103": "an element is missing",
    "IAM104": "an element that this kind of policy cannot have",
    "IAM105": "an element and its opposite",
    "IAM106": "a word that AWS does not know here",
    "IAM107": "a value of the wrong type",
    "IAM108": "an action of the wrong form",
    "IAM109": "a principal of the wrong form",
    "IAM110": "a condition operator that AWS does not know",
    "IAM111": "a condition value that cannot be one",
    "IAM112": "a condition key twice",
    "IAM113": "a resource of the wrong form",
    "IAM114": "a `Sid` of the wrong form",
    "IAM115": "something that is no policy variable",
    "IAM116": "a statement that never applies",
    "IAM117": "a template that was not rendered",
    "IAM118": "a character that AWS does not store",
    "IAM119": "no policy document in the file",
    "IAM120": "the language of 2008",
    "IAM121": "an encoded document",
    "IAM122": "a document that is encoded twice",
    "IAM123": "an action that a trust policy cannot have",
    "IAM124": "the id of a user or role that is gone",
    "IAM125": "a test that is always true or always false",
    "IAM126": "a policy of another kind",
    "IAM127": "too many errors",
    "IAM128": "a condition value that is not read as it seems",
    "IAM129": "a name that AWS does not have",
    "IAM130": "more than it seems",
    "IAM131": "a quantifier that is missing or needless",
    "IAM132": "an operator for another type of key",
    "IAM133": "a wildcard that is taken literally",
    "IAM134": "an action that is not done to these resources",
    "IAM135": "an RCP that does not limit this",
    "IAM136": "a service by another name",
    "IAM137": "a maximum session duration that no role has",
    "IAM138": "a policy that AWS does not store",
    "IAM139": "a policy that is too long",
}

_TITLES: Final[Mapping[str, str]] = {**{str(code): SYNTAX[code] for code in SYNTAX}, **_WRITTEN}
_SHARED: Final[Mapping[str, str]] = {"IAM0": "syntax", "IAM1": "structure"}

CODES: Final = tuple(sorted(_TITLES))


def title_of(code: str) -> str:
    """Return what a finding of some code is called."""
    return _TITLES[code]


def page_of(code: str) -> str:
    """Return the page of a code within `docs/diagnoses/`, with the place in it if it is shared."""
    shared = _SHARED.get(code[:4])
    return f"{shared}.md#{_anchor(f'{code}: {title_of(code)}')}" if shared else f"{code}.md"


def _anchor(heading: str) -> str:
    """Return the anchor that Markdown viewers give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")

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
    "IAM140": "a key of several values is compared without a quantifier",
    "IAM601": "a statement asks for MFA and lets access keys without MFA in",
    "IAM602": "a Deny that asks for MFA does not stop access keys",
    "IAM603": "a statement asks whether MFA is known, and lets sessions without MFA in",
    "IAM604": "a statement demands MFA of callers who can never have it",
    "IAM605": "people come in without MFA",
    "IAM606": "a whole account is trusted, and nothing says which of its callers are meant",
    "IAM607": "a session does not tell which person it is of",
    "IAM608": "the action and the principal of a statement do not go together",
    "IAM609": "a role takes the tokens of everybody who uses an identity provider",
    "IAM610": "a role takes each token of an identity provider",
    "IAM611": "a value of the condition lets other people's tokens in",
    "IAM612": "a value of the condition lets in more of one's own than need be",
    "IAM613": "no token of GitHub has the subject that is compared",
    "IAM614": "a key of one identity provider is tested beside the principal of another",
    "IAM615": "a claim is tested of which AWS makes no condition key",
    "IAM616": "it is not tested for whom a token was made",
    "IAM617": "a role takes assertions that were made for any address",
    "IAM618": "assertions for AWS are sent to another address than the one that is compared",
    "IAM619": "somebody else's account comes in without an external id",
    "IAM620": "everyone is let in",
    "IAM621": "another organization or account is let in than one's own",
    "IAM622": "a service is let in for whatever it calls",
    "IAM623": "a service is asked for what it may not send",
    "IAM624": "a key is asked for that only other callers have",
    "IAM625": "what a call passes is tested, and nobody may pass it",
    "IAM626": "IAM Roles Anywhere may not do all it needs",
    "IAM627": "a condition contradicts the principals of its statement",
    "IAM628": "`aws:PrincipalArn` is compared with the ARN of a session",
    "IAM629": "a principal is named more than once",
    "IAM630": "a condition key that requests for the actions never have",
    "IAM631": "the tests of a statement contradict each other, so it never applies",
    "IAM632": "a test that holds for every request",
    "IAM633": "a value that the condition key never has",
    "IAM634": "a Region or a type of principal that is not known",
    "IAM635": "an Allow also holds for requests without the key",
    "IAM636": "a Deny does not hold for requests without the key",
    "IAM637": "private addresses are compared with the public address of the caller",
    "IAM638": "a list of addresses without IPv6 is to exempt some callers",
    "IAM639": "a range that is every address",
    "IAM640": "a Deny by the VPC of the caller also stops what AWS services do for it",
    "IAM641": "a value that adds nothing to others of its list",
    "IAM642": "a condition in which nothing is tested",
    "IAM643": "two statements that together leave no request out",
    "IAM644": "a Deny for everyone but some callers stops AWS services too",
    "IAM645": "a key that says little without another one beside it",
    "IAM646": "a key that says nothing in a policy of this kind",
    "IAM647": "a test of tags beside `NotAction`",
    "IAM660": "an Allow that a Deny of the same policy makes void",
    "IAM661": "a statement that another one makes needless",
    "IAM662": "an action that another one of its list takes in",
    "IAM663": "a resource that another one of its list takes in",
    "IAM664": "a policy too large for all of it to be compared",
    "IAM665": "an Allow that lists what it does not allow",
    "IAM666": "sts:AssumeRole on every role",
    "IAM667": "iam:PassRole on every role",
    "IAM668": "iam:CreateServiceLinkedRole for every service",
    "IAM669": "a statement that allows everything",
    "IAM670": "a right by which its holder can take more rights",
    "IAM671": "a Deny of a call that cannot be denied",
    "IAM672": "a call on which this kind of policy does not bear",
    "IAM673": "an SCP in the language of September 2025",
    "IAM674": "an SCP that does not allow sts:AssumeRole",
    "IAM675": "a limit on service-linked roles, which no SCP or RCP limits",
    "IAM680": "a resource of a type that its service does not have",
    "IAM681": "a Region or account id too many, or too few",
    "IAM682": "a resource of sts:AssumeRole that is no role",
    "IAM683": "an action of another service than the resource",
    "IAM684": "a bucket policy that speaks of several buckets",
    "IAM685": "a key policy that shuts its own account out",
    "IAM686": "a resource of a service that no action of its statement is of",
    "IAM690": "a Sid without a name",
    "IAM691": "a policy that only denies, where something has to allow",
}

_TITLES: Final[Mapping[str, str]] = {**{str(code): SYNTAX[code] for code in SYNTAX}, **_WRITTEN}
_SHARED: Final[Mapping[str, str]] = {
    "IAM0": "diagnoses/syntax.md",
    "IAM1": "diagnoses/structure.md",
    "IAM8": "reference/check-inputs.md",
}

CODES: Final = tuple(sorted(_TITLES))


def title_of(code: str) -> str:
    """Return what a finding of some code is called."""
    return _TITLES[code]


def page_of(code: str) -> str:
    """Return the page of a code within `docs/`, with the place in it if others share it."""
    shared = _SHARED.get(code[:4])
    if shared is None:
        return f"diagnoses/{code}.md"
    return f"{shared}#{_anchor(f'{code}: {title_of(code)}')}"


def _anchor(heading: str) -> str:
    """Return the anchor that Markdown viewers give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")

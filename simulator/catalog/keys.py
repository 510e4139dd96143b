"""Condition keys: which hold several values, and which every real call has.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

MULTIVALUED = frozenset(  # CND-40
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
        "sts:identitytokenaudience",
        "sts:requestcontextproviders",
        "sts:transitivetagkeys",
    }
)

MFA_PRESENT = "aws:multifactorauthpresent"
MFA_AGE = "aws:multifactorauthage"
EXTERNAL_ID = "sts:externalid"
SESSION_NAME = "sts:rolesessionname"
SOURCE_IDENTITY = "sts:sourceidentity"

# How people write the keys that iamsim speaks of.
WRITTEN = {
    MFA_PRESENT: "aws:MultiFactorAuthPresent",
    MFA_AGE: "aws:MultiFactorAuthAge",
    EXTERNAL_ID: "sts:ExternalId",
    SESSION_NAME: "sts:RoleSessionName",
    SOURCE_IDENTITY: "sts:SourceIdentity",
}


def is_multivalued(key: str) -> bool:
    """Whether a key in lower case holds a list of values in the request."""
    return key in MULTIVALUED or key.endswith(":amr")

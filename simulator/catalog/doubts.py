"""What AWS's documentation leaves open, and how it is read here unless one asks to leave it open.

Each is a switch: with a doubt *opened*, what hangs on it is known to nobody, so that an answer that
turns on it becomes undecided. `docs/reference/doubts.md` has the evidence for each default.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final, TypeAlias


class Doubt(StrEnum):
    """One open question, by its name in `docs/reference/doubts.md`."""

    RES_COLON = "RES-COLON"
    SHORT_ARN = "SHORT-ARN"
    EMPTY_NOT = "EMPTY-NOT"
    EMPTY_WANT = "EMPTY-WANT"
    MULTI_BOOL = "MULTI-BOOL"
    VAR_WILD = "VAR-WILD"
    VAR_EMPTY = "VAR-EMPTY"
    VAR_MULTI = "VAR-MULTI"
    VAR_MIXED = "VAR-MIXED"
    VAR_IFEXISTS = "VAR-IFEXISTS"
    NOTRES_VAR = "NOTRES-VAR"
    BOOL_VAR = "BOOL-VAR"
    BOOL_CASE = "BOOL-CASE"
    EMPTY_LIST = "EMPTY-LIST"
    SET_EMPTY = "SET-EMPTY"
    ANY_NEG_MISSING = "ANY-NEG-MISSING"
    ANY_IFEXISTS_MISSING = "ANY-IFEXISTS-MISSING"
    MULTI_NOSET = "MULTI-NOSET"
    BAD_NUMBER = "BAD-NUMBER"
    DATE_FORM = "DATE-FORM"
    ARN_SHAPE = "ARN-SHAPE"
    CASEFOLD = "CASEFOLD"
    IP_FORM = "IP-FORM"
    UNIQUE_ID = "UNIQUE-ID"
    TOKEN_DIRECT = "TOKEN-DIRECT"  # noqa: S105 - a name
    STAR_SERVICE = "STAR-SERVICE"
    CANONICAL = "CANONICAL"
    NOTPRINCIPAL = "NOTPRINCIPAL"
    FED_DENY_USER = "FED-DENY-USER"
    SESSION_MULTI = "SESSION-MULTI"
    FED_NO_SESSION = "FED-NO-SESSION"
    ROOT_TRUST = "ROOT-TRUST"
    RCP_SERVICES = "RCP-SERVICES"
    CHAIN_PERMS = "CHAIN-PERMS"
    COMPANION_SIDES = "COMPANION-SIDES"
    INHERITED_TAGS = "INHERITED-TAGS"
    SESSION_MFA = "SESSION-MFA"


Doubts: TypeAlias = AbstractSet[Doubt]

#: Nothing is open: each question has the specification's default as its answer.
NONE_OPEN: Final[Doubts] = frozenset()
ALL_OPEN: Final[Doubts] = frozenset(Doubt)

#: What is taken to be so while a doubt is not opened, as one line for people.
DEFAULTS: Final[dict[Doubt, str]] = {
    Doubt.RES_COLON: "a wildcard before the fifth colon of a resource stays within its field",
    Doubt.SHORT_ARN: "an ARN with fewer than six fields is completed with `*`",
    Doubt.EMPTY_NOT: "an empty NotAction or NotResource makes the statement void",
    Doubt.EMPTY_WANT: "an empty list of condition values makes the statement void",
    Doubt.MULTI_BOOL: "Bool and Null with several values ask for any of them",
    Doubt.VAR_WILD: "a wildcard in the value of a variable is plain text",
    Doubt.VAR_EMPTY: "a variable with an empty value is the empty text",
    Doubt.VAR_MULTI: "a variable that names a key of several values has no value",
    Doubt.VAR_MIXED: "of a list, one value without its variable does not keep others from matching",
    Doubt.VAR_IFEXISTS: "IfExists does not excuse a variable without a value",
    Doubt.NOTRES_VAR: "NotResource excludes nothing by a variable without a value",
    Doubt.BOOL_VAR: "variables are read in Bool",
    Doubt.BOOL_CASE: "Bool ignores letter case",
    Doubt.EMPTY_LIST: "a key with an empty list of values is there",
    Doubt.SET_EMPTY: "ForAllValues holds for a list without a value that is not empty",
    Doubt.ANY_NEG_MISSING: "ForAnyValue with a negated operator fails where the key is missing",
    Doubt.ANY_IFEXISTS_MISSING: "ForAnyValue with IfExists holds where the key is missing",
    Doubt.MULTI_NOSET: "a key of several values matches nothing without a quantifier",
    Doubt.BAD_NUMBER: "what is no plain number, or one with a sign or exponent, matches nothing",
    Doubt.DATE_FORM: "what is no date, or has no zone, matches nothing; four digits are a year",
    Doubt.ARN_SHAPE: "an ARN pattern with fewer than six fields matches nothing",
    Doubt.CASEFOLD: "letters beyond ASCII are compared in lower case",
    Doubt.IP_FORM: "a bare IPv6 address is a /128, and no IPv4 range holds an IPv6 address",
    Doubt.UNIQUE_ID: "the id of a user or role names it as its ARN does",
    Doubt.TOKEN_DIRECT: "a session token of a user is named directly by the user's ARN",
    Doubt.STAR_SERVICE: '`"*"` names AWS services too, `{"AWS": "*"}` does not',
    Doubt.CANONICAL: "a canonical user id names the account",
    Doubt.NOTPRINCIPAL: "a user, role or session in NotPrincipal is exempt without its account",
    Doubt.FED_DENY_USER: "a Deny on a user holds for the user's federated sessions",
    Doubt.SESSION_MULTI: "several session policies unite",
    Doubt.FED_NO_SESSION: "a federated user without session policy has no permissions of its own",
    Doubt.ROOT_TRUST: "the root user needs the key policy or trust policy as everyone does",
    Doubt.RCP_SERVICES: "RCPs limit the services that the Service Authorization Reference lists",
    Doubt.CHAIN_PERMS: "inherited tags and source identity need their permission again",
    Doubt.COMPANION_SIDES: "companion actions need the same sides as AssumeRole",
    Doubt.INHERITED_TAGS: "inherited tags are not among the tags of the request",
    Doubt.SESSION_MFA: "a role session carries no MFA, whatever it was made with",
}

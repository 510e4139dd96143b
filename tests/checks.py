"""What is checked, and what each finding is called.

`python -m tests.checks` writes `docs/reference/checks.md` anew, and the titles of the findings in
`simulator/check/titles.py`.
"""

from __future__ import annotations

import re
from importlib import reload
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.check import titles
from simulator.check.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).parents[1]
DIAGNOSES: Final = ROOT / "docs" / "diagnoses"
PAGE: Final = ROOT / "docs" / "reference" / "checks.md"
#: The pages that several codes share, each under a heading of its own.
SHARED: Final = (DIAGNOSES / "structure.md", *PAGE.parent.glob("check-inputs.md"))
TITLES: Final = ROOT / "simulator" / "check" / "titles.py"
_WRITTEN: Final = re.compile(r"(?ms)^_WRITTEN: Final\[Mapping\[str, str\]\] = \{.*?\}\n")

#: The names of the checks of IAM Access Analyzer; three stand for two checks each.
CATALOGUE: Final[Mapping[str, str]] = {
    "errors": """
        ARN_ACCOUNT_NOT_ALLOWED ARN_REGION_NOT_ALLOWED DATA_TYPE_MISMATCH
        DUPLICATE_KEYS_WITH_DIFFERENT_CASE INVALID_ACTION INVALID_ARN_ACCOUNT
        INVALID_ARN_PREFIX INVALID_ARN_REGION INVALID_ARN_RESOURCE INVALID_ARN_SERVICE_CASE
        INVALID_CONDITION_DATA_TYPE INVALID_CONDITION_KEY_FORMAT
        INVALID_CONDITION_MULTIPLE_BOOLEAN INVALID_CONDITION_OPERATOR INVALID_EFFECT
        INVALID_GLOBAL_CONDITION_KEY INVALID_PARTITION INVALID_POLICY_ELEMENT
        INVALID_PRINCIPAL_FORMAT INVALID_PRINCIPAL_KEY INVALID_REGION INVALID_SERVICE
        INVALID_SERVICE_CONDITION_KEY INVALID_SERVICE_IN_ACTION INVALID_VARIABLE_FOR_OPERATOR
        INVALID_VERSION JSON_SYNTAX_ERROR JSON_SYNTAX_ERROR MISSING_ACTION MISSING_ARN_FIELD
        MISSING_ARN_REGION MISSING_EFFECT MISSING_PRINCIPAL MISSING_QUALIFIER MISSING_RESOURCE
        MISSING_STATEMENT NULL_WITH_IF_EXISTS SCP_SYNTAX_ERROR_ACTION_WILDCARD
        SCP_SYNTAX_ERROR_ALLOW_CONDITION SCP_SYNTAX_ERROR_ALLOW_NOTACTION
        SCP_SYNTAX_ERROR_ALLOW_RESOURCE SCP_SYNTAX_ERROR_NOTRESOURCE
        SCP_SYNTAX_ERROR_PRINCIPAL UNIQUE_SIDS_REQUIRED UNSUPPORTED_ACTION_IN_POLICY
        UNSUPPORTED_ELEMENT_COMBINATION UNSUPPORTED_GLOBAL_CONDITION_KEY UNSUPPORTED_PRINCIPAL
        UNSUPPORTED_RESOURCE_ARN_IN_POLICY UNSUPPORTED_SID UNSUPPORTED_WILDCARD_IN_PRINCIPAL
        MISSING_BRACE_IN_VARIABLE MISSING_QUOTE_IN_VARIABLE UNSUPPORTED_SPACE_IN_VARIABLE
        EMPTY_VARIABLE VARIABLE_UNSUPPORTED_IN_ELEMENT VARIABLE_UNSUPPORTED_IN_VERSION
        PRIVATE_IP_ADDRESS PRIVATE_NOTIPADDRESS POLICY_SIZE_EXCEEDS_SCP_QUOTA
        INVALID_SERVICE_PRINCIPAL_FORMAT MISSING_TAG_KEY_IN_CONDITION INVALID_VPC_FORMAT
        INVALID_VPCE_FORMAT FEDERATED_PRINCIPAL_NOT_SUPPORTED
        UNSUPPORTED_ACTION_FOR_CONDITION_KEY UNSUPPORTED_ACTION_IN_POLICY
        UNSUPPORTED_RESOURCE_ARN_IN_POLICY UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL
        ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL
        ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL
        ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE MISSING_ACTION_FOR_CONDITION_KEY
        INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY
        MISMATCHED_ACTION_FOR_PRINCIPAL MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY
    """,
    "general warnings": """
        CREATE_SLR_WITH_NOTRESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOTRESOURCE
        CREATE_SLR_WITH_NOTACTION_AND_NOTRESOURCE CREATE_SLR_WITH_STAR_IN_RESOURCE
        CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE
        CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOTACTION DEPRECATED_GLOBAL_CONDITION_KEY
        INVALID_DATE_VALUE INVALID_ROLE_REFERENCE INVALID_USER_REFERENCE MISSING_VERSION
        UNIQUE_SIDS_RECOMMENDED WILDCARD_WITHOUT_LIKE_OPERATOR
        POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA
        TYPE_MISMATCH TYPE_MISMATCH_BOOLEAN TYPE_MISMATCH_DATE TYPE_MISMATCH_IP_RANGE
        TYPE_MISMATCH_NUMBER TYPE_MISMATCH_STRING SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED
        POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA
    """,
    "security warnings": """
        ALLOW_WITH_NOTPRINCIPAL FORALLVALUES_WITH_SINGLE_VALUED_KEY PASS_ROLE_WITH_NOTRESOURCE
        PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOTRESOURCE PASS_ROLE_WITH_NOTACTION_AND_NOTRESOURCE
        PASS_ROLE_WITH_STAR_IN_RESOURCE PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE
        PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOTACTION MISSING_PAIRED_CONDITION_KEYS
        DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL
        MISSING_GITHUB_REPO_CONDITION_KEY
    """,
    "suggestions": """
        EMPTY_ARRAY_ACTION EMPTY_ARRAY_CONDITION EMPTY_ARRAY_CONDITION_FORALLVALUES
        EMPTY_ARRAY_CONDITION_FORANYVALUE EMPTY_ARRAY_CONDITION_IFEXISTS EMPTY_ARRAY_PRINCIPAL
        EMPTY_ARRAY_RESOURCE EMPTY_OBJECT_CONDITION EMPTY_OBJECT_PRINCIPAL EMPTY_SID_VALUE
        IMPROVE_IP_RANGE NULL_WITH_QUALIFIER PRIVATE_IP_ADDRESS_SUBSET
        PRIVATE_NOTIPADDRESS_SUBSET REDUNDANT_ACTION REDUNDANT_CONDITION_VALUE_NUM
        REDUNDANT_RESOURCE REDUNDANT_STATEMENT WILDCARD_IN_SERVICE_NAME
        ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL IRRELEVANT_CONDITION_KEY_IN_POLICY
        REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY CONFIRM_AUDIENCE_CLAIM_TYPE
    """,
}
#: The checks that every command does when it reads a policy, and which codes tell of them.
READING: Final[Mapping[str, tuple[str, ...]]] = {
    "ARN_ACCOUNT_NOT_ALLOWED": ("IAM134",),
    "ARN_REGION_NOT_ALLOWED": ("IAM113", "IAM134"),
    "DATA_TYPE_MISMATCH": ("IAM107",),
    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE": ("IAM112",),
    "INVALID_ACTION": ("IAM129",),
    "INVALID_ARN_ACCOUNT": ("IAM113",),
    "INVALID_ARN_PREFIX": ("IAM113",),
    "INVALID_ARN_RESOURCE": ("IAM134",),
    "INVALID_ARN_SERVICE_CASE": ("IAM113",),
    "INVALID_CONDITION_DATA_TYPE": ("IAM111",),
    "INVALID_CONDITION_KEY_FORMAT": ("IAM129",),
    "INVALID_CONDITION_MULTIPLE_BOOLEAN": ("IAM111",),
    "INVALID_CONDITION_OPERATOR": ("IAM110",),
    "INVALID_EFFECT": ("IAM106",),
    "INVALID_GLOBAL_CONDITION_KEY": ("IAM129",),
    "INVALID_PARTITION": ("IAM113",),
    "INVALID_POLICY_ELEMENT": ("IAM102",),
    "INVALID_PRINCIPAL_FORMAT": ("IAM109",),
    "INVALID_PRINCIPAL_KEY": ("IAM109",),
    "INVALID_SERVICE": ("IAM134",),
    "INVALID_SERVICE_CONDITION_KEY": ("IAM129",),
    "INVALID_SERVICE_IN_ACTION": ("IAM129",),
    "INVALID_VARIABLE_FOR_OPERATOR": ("IAM115",),
    "INVALID_VERSION": ("IAM106",),
    "JSON_SYNTAX_ERROR": tuple(code for code in titles.CODES if code.startswith("IAM0")),
    "MISSING_ACTION": ("IAM103",),
    "MISSING_ARN_FIELD": ("IAM113",),
    "MISSING_ARN_REGION": ("IAM134",),
    "MISSING_EFFECT": ("IAM103",),
    "MISSING_PRINCIPAL": ("IAM103",),
    "MISSING_QUALIFIER": ("IAM140",),
    "MISSING_RESOURCE": ("IAM103",),
    "MISSING_STATEMENT": ("IAM103",),
    "NULL_WITH_IF_EXISTS": ("IAM110",),
    "SCP_SYNTAX_ERROR_PRINCIPAL": ("IAM104",),
    "UNIQUE_SIDS_REQUIRED": ("IAM114",),
    "UNSUPPORTED_ELEMENT_COMBINATION": ("IAM105",),
    "UNSUPPORTED_GLOBAL_CONDITION_KEY": ("IAM129",),
    "UNSUPPORTED_PRINCIPAL": ("IAM104",),
    "UNSUPPORTED_SID": ("IAM114",),
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL": ("IAM109",),
    "MISSING_BRACE_IN_VARIABLE": ("IAM115",),
    "MISSING_QUOTE_IN_VARIABLE": ("IAM115",),
    "UNSUPPORTED_SPACE_IN_VARIABLE": ("IAM115",),
    "EMPTY_VARIABLE": ("IAM115",),
    "VARIABLE_UNSUPPORTED_IN_ELEMENT": ("IAM108", "IAM115"),
    "VARIABLE_UNSUPPORTED_IN_VERSION": ("IAM120",),
    "POLICY_SIZE_EXCEEDS_SCP_QUOTA": ("IAM139",),
    "INVALID_SERVICE_PRINCIPAL_FORMAT": ("IAM109",),
    "MISSING_TAG_KEY_IN_CONDITION": ("IAM111", "IAM129"),
    "FEDERATED_PRINCIPAL_NOT_SUPPORTED": ("IAM109",),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": ("IAM104",),
    "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL": ("IAM109",),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": ("IAM104",),
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY": ("IAM109",),
    "DEPRECATED_GLOBAL_CONDITION_KEY": ("IAM129",),
    "INVALID_DATE_VALUE": ("IAM128",),
    "INVALID_ROLE_REFERENCE": ("IAM124",),
    "INVALID_USER_REFERENCE": ("IAM124",),
    "MISSING_VERSION": ("IAM120",),
    "UNIQUE_SIDS_RECOMMENDED": ("IAM114",),
    "WILDCARD_WITHOUT_LIKE_OPERATOR": ("IAM133",),
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": ("IAM139",),
    "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA": ("IAM139",),
    "TYPE_MISMATCH": ("IAM132",),
    "TYPE_MISMATCH_BOOLEAN": ("IAM128",),
    "TYPE_MISMATCH_DATE": ("IAM128",),
    "TYPE_MISMATCH_IP_RANGE": ("IAM128",),
    "TYPE_MISMATCH_NUMBER": ("IAM128",),
    "TYPE_MISMATCH_STRING": ("IAM128",),
    "ALLOW_WITH_NOTPRINCIPAL": ("IAM130",),
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY": ("IAM131",),
    "EMPTY_ARRAY_ACTION": ("IAM116",),
    "EMPTY_ARRAY_CONDITION": ("IAM116",),
    "EMPTY_ARRAY_CONDITION_FORALLVALUES": ("IAM116", "IAM130"),
    "EMPTY_ARRAY_CONDITION_FORANYVALUE": ("IAM116",),
    "EMPTY_ARRAY_CONDITION_IFEXISTS": ("IAM116",),
    "EMPTY_ARRAY_PRINCIPAL": ("IAM116",),
    "EMPTY_ARRAY_RESOURCE": ("IAM116",),
    "EMPTY_OBJECT_PRINCIPAL": ("IAM116",),
    "IMPROVE_IP_RANGE": ("IAM128",),
    "NULL_WITH_QUALIFIER": ("IAM125",),
    "WILDCARD_IN_SERVICE_NAME": ("IAM130",),
}
#: The checks that say nothing of a policy alone.
NOT_APPLICABLE: Final[Mapping[str, str]] = {
    "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA": (
        "each service has a maximum of its own, and a document does not tell whose policy it is"
    ),
}
#: The checks that could be done and are not yet, with what stands in the way.
LATER: Final[Mapping[str, str]] = {
    "INVALID_ARN_REGION": "in which Regions a service is, the reference data does not tell",
    "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL": (
        "which of the other keys a service sends, the reference data does not tell"
    ),
    "CONFIRM_AUDIENCE_CLAIM_TYPE": (
        "whether a provider's audience is a list, only its tokens tell"
    ),
}
_AWS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
)
_HEAD: Final = """\
# What is checked

Written by `python -m tests.checks` from the table of rules, from the pages of the codes and from
the tables in `tests/checks.py`. How to ask stands in [check.md](check.md).

"""
_ANALYZER: Final = f"""\
## Beside IAM Access Analyzer

The checks of [IAM Access Analyzer's policy validation]({_AWS}),
by AWS's names for them. AWS runs them where there are credentials. These need none; they say where
in the file, and where it is plain, what to write instead. A severity may be another than AWS's: an
error here is what AWS refuses, or what certainly does not do what it says.
"""
_OWN: Final = """\
## Beyond it

What IAM Access Analyzer has no check for.

| code | finding |
|---|---|
"""


def names_of(kind: str) -> list[str]:
    """Return the names of the checks of a kind in the order of AWS's page."""
    return CATALOGUE[kind].split()


def read_rows() -> dict[str, tuple[str, ...]]:
    """Return for each check of Access Analyzer that a rule does the codes of the rules."""
    found: dict[str, tuple[str, ...]] = {}
    for row in TABLE:
        for name in row.analyzer:
            found[name] = (*found.get(name, ()), *row.codes)
    return found


def codes_of(name: str) -> tuple[str, ...]:
    """Return the codes that tell of what a check of Access Analyzer is about, if any do."""
    return tuple(dict.fromkeys((*READING.get(name, ()), *read_rows().get(name, ()))))


def read_own() -> list[str]:
    """Return the codes of what Access Analyzer has no check for."""
    known = {code for kind in CATALOGUE for name in names_of(kind) for code in codes_of(name)}
    return [code for code in titles.CODES if code not in known]


def page() -> str:
    """Return the page about all checks."""
    parts = [_HEAD, _sum(), _ANALYZER, *map(_table, CATALOGUE), _OWN]
    return "".join(
        (*parts, *(f"| {_link(code)} | {titles.title_of(code)} |\n" for code in read_own()))
    )


def _sum() -> str:
    every = [name for kind in CATALOGUE for name in names_of(kind)]
    done, own = sum(bool(codes_of(name)) for name in every), len(read_own())
    without = sum(name in NOT_APPLICABLE and not codes_of(name) for name in every)
    return (
        f"The {len(every)} checks of IAM Access Analyzer: {done} done, {without} not applicable,"
        f" {len(every) - done - without} left for later. Findings of our own: {own}.\n\n"
    )


def _table(kind: str) -> str:
    rows = "".join(f"| `{name}` | {' | '.join(_state(name))} |\n" for name in names_of(kind))
    return f"\n### AWS's {kind}\n\n| check | state | by |\n|---|---|---|\n{rows}\n"


def _state(name: str) -> Iterator[str]:
    """Yield how it is with a check, and what tells of it or why nothing does."""
    codes = codes_of(name)
    if codes:
        yield from ("done", _links(codes))
    elif name in NOT_APPLICABLE:
        yield from ("not applicable", NOT_APPLICABLE[name])
    else:
        yield from ("later", LATER[name])


def _links(codes: tuple[str, ...]) -> str:
    """Return the links to the pages of codes, of many of one page only the first and the last."""
    if len(codes) > 6 and len({titles.page_of(code).partition("#")[0] for code in codes}) == 1:
        return f"{_link(codes[0])} to {_link(codes[-1])}"
    return ", ".join(map(_link, codes))


def _link(code: str) -> str:
    return f"[{code}](../{titles.page_of(code)})"


def read_titles() -> dict[str, str]:
    """Return the titles of the findings of `iamsim check`, as their pages have them."""
    found: dict[str, str] = {}
    for file in SHARED:
        found |= re.findall(r"(?m)^## (IAM[18]\d\d): (.*)$", file.read_text(encoding="utf-8"))
    for file in sorted(DIAGNOSES.glob("IAM6*.md")):
        code, _, title = file.read_text(encoding="utf-8").partition("\n")[0].partition(": ")
        found[code.removeprefix("# ")] = title
    return found


def with_titles(text: str) -> str:
    """Return the module of titles with those of the pages."""
    rows = "".join(_entry(code, title) for code, title in read_titles().items())
    return _WRITTEN.sub(lambda _: f"_WRITTEN: Final[Mapping[str, str]] = {{\n{rows}}}\n", text)


def _entry(code: str, title: str) -> str:
    quote = "'" if '"' in title else '"'
    line = f'    "{code}": {quote}{title}{quote},'
    return f"{line}\n" if len(line) <= 100 else f"{line}  # noqa: E501\n"


def write() -> None:
    """Write what is made from code and pages, the titles first: the page shows them."""
    TITLES.write_text(with_titles(TITLES.read_text(encoding="utf-8")), encoding="utf-8")
    reload(titles)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()

"""The simple elements of a statement: lists of strings, actions, resources, the Sid."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from simulator.diagnostic import Severity
from simulator.policy import codes
from simulator.policy.model import Patterns, Values
from simulator.policy.variables import flaws, leftovers
from simulator.policy.vocabulary import ROLE_ACTIONS
from simulator.syntax import Number

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

IsPlain: TypeAlias = "Callable[[str], object]"
Check: TypeAlias = "Callable[[Path, str], object]"
WrongType: TypeAlias = "Callable[[Findings, Path, JsonValue, str], None]"

_ACTION = re.compile(r"\*|[A-Za-z0-9._*?-]+:[A-Za-z0-9._*?-]+", re.ASCII)
# What AWS stores: it does not ask what stands after the one colon.
_STORED_ACTION = re.compile(r"[A-Za-z0-9._-]+:[^:]+", re.ASCII)
_PLAIN_SID = re.compile(r"[A-Za-z0-9]*", re.ASCII)
_ROLE_ACTIONS = frozenset(ROLE_ACTIONS)
# What nothing can be said against: most resources, so that no more is asked about them.
_PLAIN_RESOURCE = re.compile(
    r"\*|arn:[a-z0-9*?-]+:[a-z0-9*?-]+:[^:{<]*:[^:{<]*:[^{<]+(?:(?<=\$)\{[a-z]+:[\w/-]+\}[^{<]*)*",
    re.ASCII,
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
_OF_THIS_API = "execute-api:/"
_WHOLE_ARN = "expected `arn:partition:service:region:account:resource`"
_TYPE_NAMES = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}


def type_name(value: JsonValue) -> str:
    """Return what kind of JSON value this is, in words."""
    if isinstance(value, Number):
        return "a number"
    return "null" if value is None else _TYPE_NAMES[type(value)]


def is_string(value: JsonValue) -> bool:
    """Whether a value is a JSON string; a number is not one although it is kept as text."""
    return type(value) is str


def is_function(value: JsonValue) -> bool:
    """Whether a value is a function of a template language instead of a value."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name = next(iter(value))
    return name in {"Ref", "Condition"} or name.startswith("Fn::")


def wrong_type(findings: Findings, path: Path, value: JsonValue, wanted: str) -> None:
    """Report a value of the wrong JSON type."""
    if is_function(value):
        name = next(iter(value)) if isinstance(value, dict) else ""
        findings.error(
            codes.TEMPLATE_NOT_RENDERED,
            path,
            f"template not rendered: `{name}` stands where {wanted} belongs",
            "this is an instruction to a template engine",
            help="give the document that the template produces",
        )
        return
    findings.error(
        codes.WRONG_TYPE,
        path,
        f"`{_element(path)}` must be {wanted}, not {type_name(value)}",
        f"expected {wanted}",
    )


def _element(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return names[-1] if names else "Statement"


def read_strings(  # noqa: PLR0913, PLR0917 - what a list of strings is, and what may be said of it
    findings: Findings,
    path: Path,
    value: JsonValue,
    is_plain: IsPlain,
    check: Check,
    wrong: WrongType = wrong_type,
) -> Values | None:
    """Return a bare string or a list of strings as values, and check each that is not plain."""
    if type(value) is str:  # POL-18
        if not is_plain(value):
            check(path, value)
        return Values(path, (value,), listed=False)
    if not isinstance(value, list):
        wrong(findings, path, value, "a string or a list of strings")
        return None
    texts: list[str] = []
    for index, item in enumerate(value):
        if type(item) is not str:
            wrong(findings, (*path, index), item, "a string")
            continue
        if not is_plain(item):
            check((*path, index), item)
        texts.append(item)
    if len(texts) < len(value):
        return None
    if not texts:
        findings.warn(  # POL-19
            codes.NEVER_APPLIES,
            path,
            f"an empty `{_element(path)}` list makes a statement that never applies",
            "nothing is listed here",
        )
    return Values(path, tuple(texts), listed=True)


def check_text(findings: Findings, place: Path, text: str, *, variables: bool) -> bool:
    """Whether a text is free of template leftovers and of `${` that begins no variable."""
    if "{" not in text and "<" not in text:
        return True
    found = list(leftovers(text))
    for leftover in found:
        findings.error(
            codes.TEMPLATE_NOT_RENDERED,
            place,
            f"template not rendered: `{leftover.text}`",
            "a template engine should have replaced this",
            help="give the document that the template produces",
        )
    flawed = list(flaws(text)) if variables and not found else []
    for flaw in flawed:
        findings.error(
            codes.VARIABLE_FORM,
            place,
            f"`{flaw.text}` is not a policy variable: {flaw.reason}",
            "expected `${key}` or `${key, 'default'}`",
            help="a literal dollar sign before a brace is written `${$}{`",
        )
    return not found and not flawed


def is_action(text: str) -> bool:
    """Whether a text has the form of an action, or of a pattern of actions."""  # ACT-1, ACT-2
    return _ACTION.fullmatch(text) is not None


def read_actions(
    findings: Findings, path: Path, value: JsonValue, kind: PolicyKind
) -> Patterns | None:
    """Return the actions of a statement."""  # ACT-1, ACT-2, ACT-3, ACT-4
    is_plain = _ROLE_ACTIONS.__contains__ if kind.only_role_actions else _ACTION.fullmatch
    values = read_strings(
        findings,
        path,
        value,
        is_plain,
        lambda place, text: _check_action(findings, place, text, kind),
    )
    return None if values is None else Patterns(values, negated=path[-1] == "NotAction")


def _check_action(findings: Findings, place: Path, action: str, kind: PolicyKind) -> None:
    if not _ACTION.fullmatch(action):
        is_stored = kind.any_action_name and _STORED_ACTION.fullmatch(action)
        findings.error(  # ACT-4
            codes.ACTION_FORM,
            place,
            f"`{action}` is not an action{', so it matches nothing' if is_stored else ''}",
            _action_help(action),
            help="an action is written `service:Name`, or `*` for all of them",
            severity=Severity.WARNING if is_stored else Severity.ERROR,
        )
    elif kind.only_role_actions and not is_role_action(action):
        findings.error(  # TRU-1
            codes.NOT_A_ROLE_ACTION,
            place,
            f"a trust policy cannot speak of `{action}`",
            "expected an action that assumes a role",
            help=f"the actions of a trust policy are {_listed(ROLE_ACTIONS)}; AWS answers"
            " `AssumeRole policy may only specify STS AssumeRole actions.`",
        )


def _action_help(action: str) -> str:
    if ":" not in action:
        return "the service before a colon is missing"
    if action.count(":") > 1:
        return "only one colon is allowed"
    return "expected `service:Name` without spaces"


def is_role_action(pattern: str) -> bool:
    """Whether a trust policy can have an action, which may be a pattern."""
    folded = pattern.lower()  # ACT-1
    return folded.startswith("sts:") and any(  # TRU-1
        fnmatchcase(action.lower(), folded) for action in ROLE_ACTIONS
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def read_resources(
    findings: Findings, path: Path, value: JsonValue, kind: PolicyKind, *, variables: bool
) -> Patterns | None:
    """Return the resources of a statement."""

    def check(place: Path, text: str) -> None:
        if check_text(findings, place, text, variables=variables):
            _check_resource(findings, place, text, kind, variables=variables)

    values = read_strings(findings, path, value, _PLAIN_RESOURCE.fullmatch, check)  # RES-2
    return None if values is None else Patterns(values, negated=path[-1] == "NotResource")


def _check_resource(
    findings: Findings, place: Path, resource: str, kind: PolicyKind, *, variables: bool
) -> None:
    fields = resource.split(":", 5)  # RES-1
    is_arn, flaw = fields[0] == "arn", resource_flaw(fields)
    # One with a pattern for its partition AWS stores: policies of its own have a variable there.
    if is_arn and variables and _in_head(fields) and "*" not in fields[1]:
        _misplaced_variable(findings, place, resource)
    elif is_arn and len(fields) < 6 and kind.short_arns is not None:
        _short_arn(findings, place, resource, kind, kind.short_arns)
    elif resource.startswith(_OF_THIS_API):
        message = f"API Gateway completes `{resource}` when it stores the policy"
        help_ = (
            "write the whole ARN, `arn:aws:execute-api:REGION:ACCOUNT:API/…`, to have it decided"
        )
        label = "as it stands, it matches nothing"
        findings.note(codes.RESOURCE_FORM, place, message, label, help=help_)
    elif flaw is not None:
        message = f"`{resource}` {flaw}, so it matches nothing"
        findings.warn(codes.RESOURCE_FORM, place, message, _WHOLE_ARN)


def resource_flaw(fields: list[str]) -> str | None:
    """Return why no resource can ever match the fields of a pattern."""
    if fields[0] != "arn":
        return "is neither an ARN nor `*`"
    if "" in fields[1:3] or "" in fields[5:]:
        return "names no partition, no service or no resource"
    if any(field != field.lower() for field in fields[1:3]):
        return "has a partition or service with capital letters"
    return "has `${` in another part than the last" if _in_head(fields) else None


def _in_head(fields: list[str]) -> bool:
    return any("${" in field for field in fields[:5])


def _misplaced_variable(findings: Findings, place: Path, resource: str) -> None:
    findings.error(  # VAR-1
        codes.VARIABLE_FORM,
        place,
        f"`{resource}` has a variable too early: variables work only after the fifth colon",
        "the first five parts are plain text and wildcards",
        help="write the value itself, or `*`; a condition can test the rest",
    )


def _short_arn(
    findings: Findings, place: Path, resource: str, kind: PolicyKind, severity: Severity
) -> None:
    refused = severity is Severity.ERROR  # RES-7
    message = (
        f"{kind.article} {kind.name} needs the whole ARN, not `{resource}`"
        if refused
        else f"`{resource}` is not a whole ARN: it is read with `*` for each part that is missing"
    )
    findings.error(  # RES-8, SHORT-ARN
        codes.RESOURCE_FORM, place, message, _WHOLE_ARN, severity=severity
    )


def read_sid(findings: Findings, path: Path, value: JsonValue, kind: PolicyKind) -> str:
    """Return the name of a statement."""  # POL-17
    if not is_string(value):
        wrong_type(findings, path, value, "a string")
        return ""
    sid = str(value)
    if kind.plain_sids and not _PLAIN_SID.fullmatch(sid):
        findings.error(
            codes.SID_FORM,
            path,
            "a Sid in this kind of policy has only letters A-Z, a-z and digits",
            "other characters stand here",
            replacement=re.sub(r"[^A-Za-z0-9]", "", sid) or None,
        )
    return sid

"""Values of conditions that their operator cannot read, or reads otherwise than it seems.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Access
from simulator.policy import codes
from simulator.policy.condition_edits import rename_operator
from simulator.policy.model import Effect
from simulator.readings import read_binary, read_bool, read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.syntax import Path

_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")
_QUERY: Final = re.compile(r"://[^?]*\?[^?]*=")  # the address of a page with parameters
_FIELDS: Final = ("arn", "partition", "service", "region", "account", "resource")
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_FORMS: Final = {
    "Numeric": "a number is digits with at most one point: no sign, exponent or blank",
    "Date": "expected `2026-12-31T23:59:59Z`, a time always with its zone, or seconds since 1970",
    "Bool": "expected `true` or `false`",
    "Arn": "an ARN has six parts between colons; `StringLike` compares any text",
}


def check_values(
    findings: Findings, statement: Statement, test: ConditionTest, family: str
) -> None:
    """Tell of each value that does not compare as it seems, by the family of the operator."""
    if family == "String":
        if "Like" not in test.operator:
            _check_texts(findings, statement, test)
        return
    check, variables = _CHECKS.get(family), statement.variables
    if check is None:
        return
    for index, text in enumerate(test.values.items):
        place = test.values.place(index)
        if variables and "${" in text and family != "Arn":
            _check_variable(findings, test, place, text)
        else:
            check(findings, test, place, text)


def _check_variable(findings: Findings, test: ConditionTest, place: Path, text: str) -> None:
    if test.operator == "Bool":
        findings.warn(  # VAR-1, BOOL-VAR
            codes.VARIABLE_FORM,
            place,
            f"AWS's pages contradict each other whether `Bool` reads variables such as `{text}`",
            "read here as a variable",
        )
        return
    findings.error(  # VAR-1
        codes.VARIABLE_FORM,
        place,
        f"`{test.operator}` reads no variables, and `{text}` has one",
        "expected the value itself",
        help="variables work in the values of String and Arn operators",
    )


def _check_texts(findings: Findings, statement: Statement, test: ConditionTest) -> None:
    for index, text in enumerate(test.values.items):
        if "*" in text or "?" in text:
            plain = _VARIABLE.sub("", text)
            sign = "*" if "*" in plain else "?"
            if sign in plain and not (sign == "?" and _QUERY.search(plain)):
                _literal_wildcard(findings, statement, test, index, sign)


def _literal_wildcard(
    findings: Findings, statement: Statement, test: ConditionTest, index: int, sign: str
) -> None:
    negated = "Not" in test.operator
    like = f"String{'Not' * negated}Like"
    keeps_case = not test.operator.endswith("IgnoreCase")
    written = test.written.replace(test.operator, like)
    widens = negated is (statement.effect is Effect.DENY)
    findings.warn(  # CND-20, CND-21
        codes.LITERAL_WILDCARD,
        test.values.place(index),
        f"`{test.operator}` takes the `{sign}` of `{test.values.items[index]}` literally",
        "this is no wildcard here",
        help=f"`{like}` reads wildcards",
        access=(Access.WIDENED if widens else Access.NARROWED) if keeps_case else None,
        edits=lambda: rename_operator(findings.document, test, written) if keeps_case else (),
    )


def _check_number(findings: Findings, test: ConditionTest, place: Path, text: str) -> None:
    if read_number(text) is None:
        _unreadable(findings, test, place, text, "Numeric")  # CND-24, BAD-NUMBER


def _check_date(findings: Findings, test: ConditionTest, place: Path, text: str) -> None:
    if read_date(text) is None:
        _unreadable(findings, test, place, text, "Date")  # CND-25, DATE-FORM
    elif _YEAR.fullmatch(text):
        findings.warn(  # DATE-FORM
            codes.UNREADABLE_VALUE,
            place,
            f"`{text}` is read as a year",
            f"this is the beginning of {text}, not so many seconds after 1970",
        )


def _check_bool(findings: Findings, test: ConditionTest, place: Path, text: str) -> None:
    if read_bool(text) is None:
        _unreadable(findings, test, place, text, "Bool")  # CND-26, BOOL-CASE


def _check_arn(findings: Findings, test: ConditionTest, place: Path, text: str) -> None:
    if text.count(":") < 5 and "${" not in text:
        help_ = _lacking(text) if ":" in text and "*" in text else None
        _unreadable(findings, test, place, text, "Arn", help_)  # CND-31, ARN-SHAPE


def _lacking(text: str) -> str:
    """Return what a pattern lacks whose `*` may have been meant to reach over colons."""  # CND-30
    *others, last = _FIELDS[text.count(":") + 1 :]
    lacks = f"{', '.join(others)} and {last}" if others else last
    return (
        f"no `*` reaches over a colon: this has no {lacks}, and an ARN is"
        f" `{':'.join(('arn', *_FIELDS[1:]))}`"
    )


def _unreadable(  # noqa: PLR0913, PLR0917 - what was found, and what of it to tell
    findings: Findings,
    test: ConditionTest,
    place: Path,
    text: str,
    family: str,
    help_: str | None = None,
) -> None:
    always = ", so the test holds for all of them" if "Not" in test.operator else ""
    findings.warn(
        codes.UNREADABLE_VALUE,
        place,
        f"`{test.written}` cannot read `{text}`",
        f"this matches no value of a request{always}",
        help=help_ or _FORMS[family],
    )


def _check_network(findings: Findings, _test: ConditionTest, place: Path, text: str) -> None:
    network = read_network(text)
    if network is None:
        findings.error(  # CND-28
            codes.UNREADABLE_VALUE,
            place,
            f"`{text}` is not an IP address or a range of them",
            "expected `203.0.113.0/24` or `2001:db8::/32` and the like",
            help=_address_help(text),
        )
    elif ":" in text and "/" not in text:
        findings.warn(  # CND-28, IP-FORM
            codes.UNREADABLE_VALUE,
            place,
            f"`{text}` is read as one address",
            f"AWS's pages leave open whether this is `{text}/128`",
            replacement=f"{text}/128",
        )
    elif "/" in text:
        _check_host_bits(findings, place, text)


def _check_host_bits(findings: Findings, place: Path, text: str) -> None:
    from ipaddress import ip_network  # noqa: PLC0415 - has been loaded to read it

    range_ = str(ip_network(text, strict=False))
    address, _, length = text.partition("/")
    if str(ip_network(address)).partition("/")[0] != range_.partition("/")[0]:
        findings.warn(  # CND-28
            codes.UNREADABLE_VALUE,
            place,
            f"`{text}` has bits beyond its prefix of {length}, which are ignored",
            f"this is the whole range `{range_}`",
            replacement=range_,
            access=Access.UNCHANGED,
        )


def _address_help(text: str) -> str | None:
    if "*" in text:
        return "addresses have no wildcards: a range is written with the length of its prefix"
    address, slash, _ = text.partition("/")
    if any(part[:1] == "0" and part != "0" for part in address.split(".")) and "." in address:
        return "no part of an address begins with a zero"
    return "a prefix has at most 32 bits, one of IPv6 128" if slash else None


def _check_binary(findings: Findings, _test: ConditionTest, place: Path, text: str) -> None:
    if read_binary(text) is None:
        findings.error(  # CND-27
            codes.UNREADABLE_VALUE,
            place,
            f"`{text}` is not base64",
            "expected bytes in base64, such as `QmluYXJ5`",
        )


_CHECKS: Final[dict[str, Callable[[Findings, ConditionTest, Path, str], None]]] = {
    "Numeric": _check_number,
    "Date": _check_date,
    "Bool": _check_bool,
    "Binary": _check_binary,
    "Ip": _check_network,
    "Arn": _check_arn,
}

"""The condition block of a statement.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.diagnostic import Access, Severity
from simulator.policy import codes
from simulator.policy.condition_edits import remove_test
from simulator.policy.condition_values import check_key, check_values
from simulator.policy.elements import check_text, is_function, is_string, type_name, wrong_type
from simulator.policy.model import ConditionTest, Quantifier, Values
from simulator.policy.vocabulary import IF_EXISTS, OPERATOR_NAMES, QUANTIFIERS
from simulator.syntax import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.findings import Findings
    from simulator.syntax import JsonValue, Path

_Operator: TypeAlias = "tuple[Quantifier | None, str, bool]"

_PLAIN: dict[str, _Operator] = {name: (None, name, False) for name in OPERATOR_NAMES}
#: Each operator as AWS writes it, by the same in lower case.
_CANONICAL = {
    f"{prefix}{name}{suffix}".lower(): f"{prefix}{name}{suffix}"
    for prefix in ("", *(f"{quantifier}:" for quantifier in QUANTIFIERS))
    for name in OPERATOR_NAMES
    for suffix in ("", IF_EXISTS)
    if (name, suffix) != ("Null", IF_EXISTS)
}


def read_conditions(
    findings: Findings, path: Path, value: JsonValue, *, variables: bool
) -> tuple[ConditionTest, ...]:
    """Return every test of a condition block."""
    if not isinstance(value, dict):
        wrong_type(findings, path, value, "an object of operators")
        return ()
    tests: list[ConditionTest] = []
    for written, block in value.items():
        place = (*path, written)
        # POL-20: an empty block is no condition at all, whatever the operator is called.
        severity = Severity.WARNING if block == {} else Severity.ERROR
        operator = _PLAIN.get(written) or _read_operator(findings, place, written, severity)
        if not isinstance(block, dict):
            wrong_type(findings, place, block, "an object of condition keys")
        elif operator is not None:
            tests += _read_block(findings, place, operator, block, variables=variables)
    return tuple(tests)


def _read_operator(
    findings: Findings, path: Path, written: str, severity: Severity
) -> _Operator | None:
    quantifier, colon, rest = written.rpartition(":")
    name = rest.removesuffix(IF_EXISTS)
    if_exists = name != rest
    known = name in _PLAIN and (not colon or quantifier in QUANTIFIERS)
    if known and not (name == "Null" and if_exists):  # CND-5
        return (Quantifier(quantifier) if colon else None), name, if_exists
    canonical = _CANONICAL.get(written.lower())
    if canonical is not None:
        _other_case(findings, path, written, canonical)
        return _read_operator(findings, (*path[:-1], canonical), canonical, severity)
    meant = _meant_operator(findings, written)
    findings.error(
        codes.UNKNOWN_OPERATOR,
        path,
        f"`{written}` is not a condition operator",
        "AWS knows no operator of this name",
        on_key=True,
        help=f"did you mean `{meant}`?" if meant else None,
        replacement=meant,
        severity=severity,
    )
    return None


def _other_case(findings: Findings, path: Path, written: str, canonical: str) -> None:
    findings.warn(  # CND-5
        codes.UNKNOWN_OPERATOR,
        path,
        f"`{written}` is read as `{canonical}`",
        "AWS's pages write this operator in other letters",
        on_key=True,
        replacement=canonical,
        access=Access.UNCHANGED,
    )


def _check_null(findings: Findings, path: Path, quantifier: Quantifier | None) -> None:
    if quantifier is not None:
        answer = "true" if quantifier is Quantifier.ALL else "false"
        findings.warn(  # CND-33
            codes.CONSTANT_TEST,
            path,
            f"`{quantifier}:Null` is always {answer}",
            "`Null` alone asks whether a key is absent",
            on_key=True,
            access=Access.UNCHANGED,
            edits=lambda: (
                remove_test(findings.document, path) if quantifier is Quantifier.ALL else ()
            ),
        )


def _meant_operator(findings: Findings, written: str) -> str | None:
    nearest = findings.nearest
    quantifier, colon, rest = written.rpartition(":")
    stem = rest[: -len(IF_EXISTS)] if rest.lower().endswith("ifexists") else rest
    suffix = IF_EXISTS if nearest(rest[len(stem) :], (IF_EXISTS,)) else ""
    if not suffix and rest.lower().endswith("ifexist"):
        stem, suffix = rest[: -len("IfExist")], IF_EXISTS
    name = nearest(stem, OPERATOR_NAMES)
    prefix = nearest(quantifier, QUANTIFIERS) if colon else ""
    if name is None or prefix is None:
        return None
    suffix = "" if name == "Null" else suffix
    return f"{prefix}{colon}{name}{suffix}"


def _read_block(
    findings: Findings,
    path: Path,
    operator: _Operator,
    block: dict[str, JsonValue],
    *,
    variables: bool,
) -> Iterator[ConditionTest]:
    quantifier, name, if_exists = operator
    if name == "Null" and block:
        _check_null(findings, path, quantifier)
    if len(block) > 1:
        _check_twice(findings, path, block)
    for key, value in block.items():
        place = (*path, key)
        check_key(findings, place, key)
        values = _read_values(findings, place, value, variables=variables)
        if values is None:
            continue
        test = ConditionTest(place, name, quantifier, if_exists, key, values)
        if name == "Null" or len(values.items) != 1:
            check_values(findings, test)
        yield test


def _check_twice(findings: Findings, path: Path, block: dict[str, JsonValue]) -> None:
    seen: dict[str, str] = {}
    for key in block:
        other = seen.setdefault(key.lower(), key)
        if other != key:
            findings.error(  # POL-9
                codes.KEY_TWICE,
                (*path, key),
                f"`{key}` and `{other}` are the same condition key",
                "the second one",
                on_key=True,
                help="names of condition keys ignore letter case; put the values into one list",
            )


def _read_values(
    findings: Findings, path: Path, value: JsonValue, *, variables: bool
) -> Values | None:
    if type(value) is str:
        check_text(findings, path, value, variables=variables)
        return Values(path, (value,), listed=False)
    if isinstance(value, list) and {*map(type, value)} == {str}:
        texts = tuple(map(str, value))
        for index, text in enumerate(texts):
            if "{" in text or "<" in text:
                check_text(findings, (*path, index), text, variables=variables)
        return Values(path, texts, listed=True)
    return _read_others(findings, path, value, variables=variables)


def _read_others(
    findings: Findings, path: Path, value: JsonValue, *, variables: bool
) -> Values | None:
    """Return values that are not all strings, or say which cannot be used."""
    items: list[JsonValue] = value if isinstance(value, list) else [value]
    values = Values(path, (), listed=isinstance(value, list))
    texts = [_text(item) for item in items]
    _check_mixture(findings, values, items)
    for index, (item, text) in enumerate(zip(items, texts, strict=True)):
        if text is not None:
            check_text(findings, values.place(index), text, variables=variables)
        elif is_function(item):
            wrong_type(findings, values.place(index), item, "a string")
        else:
            findings.error(  # POL-21
                codes.CONDITION_FORM,
                values.place(index),
                f"a condition value cannot be {type_name(item)}",
                "expected a string, a number, or true or false",
            )
    if None in texts:
        return None
    return values._replace(items=tuple(text for text in texts if text is not None))


def _check_mixture(findings: Findings, values: Values, items: list[JsonValue]) -> None:
    """Refuse a list of several JSON types; whatever is no condition value is told as that."""
    if len({type(item) for item in items if _text(item) is not None}) < 2:
        return
    for index, item in enumerate(items):
        text = _text(item)
        if text is not None and not is_string(item):
            findings.error(  # POL-21
                codes.CONDITION_FORM,
                values.place(index),
                f"the values of a list are of one type, and here {type_name(item)} is among others",
                f'expected `"{text}"`',
                help="values are compared as text: put each of them between quotation marks",
                replacement=f'"{text}"',
            )


def _text(value: JsonValue) -> str | None:
    if is_string(value) or isinstance(value, Number):
        return str(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else None

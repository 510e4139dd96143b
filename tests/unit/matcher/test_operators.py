"""Each condition operator on the values at its edges, and how absence and several values count."""

from __future__ import annotations

import pytest

from simulator.matcher.conditions import compile_test
from simulator.matcher.operators import OPERATORS
from simulator.policy.model import ConditionTest, Quantifier, Values
from simulator.policy.vocabulary import OPERATOR_NAMES
from simulator.request.context import RequestContext, Several

KEY = "test:Key"


def condition(written: str, *wanted: str, key: str = KEY) -> ConditionTest:
    """Return the test that a policy writes with an operator."""
    quantifier, colon, name = written.rpartition(":")
    path = ("Condition", written, key)
    return ConditionTest(
        path,
        name.removesuffix("IfExists"),
        Quantifier(quantifier) if colon else None,
        name.endswith("IfExists"),
        key,
        Values(path, wanted, listed=len(wanted) != 1),
    )


def holds(written: str, wanted: str | tuple[str, ...], *given: str, key: str = KEY) -> bool | None:
    """Return whether a test holds for the values of a request."""
    texts = (wanted,) if isinstance(wanted, str) else wanted
    value = Several(given) if len(given) > 1 else next(iter(given), None)
    context = RequestContext({key: value, "aws:username": "alice"})
    return compile_test(condition(written, *texts, key=key), variables=True)(context)


def test_every_operator_has_a_row() -> None:
    assert tuple(OPERATORS) == OPERATOR_NAMES
    assert all(name == row.name for name, row in OPERATORS.items())


def test_what_is_called_not_is_negated() -> None:
    assert {name for name, row in OPERATORS.items() if row.negated} == {
        name for name in OPERATOR_NAMES if "Not" in name
    }


# Operator, text of the policy, value of the request, and whether they fit.
FITTING: tuple[tuple[str, str, str, bool], ...] = (
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", "", "", True),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", "a*", "a*", True),
    ("StringEquals", "\u00e9", "e\u0301", False),
    ("StringEquals", "1.0", "1", False),
    ("StringEquals", "${aws:username}", "alice", True),
    ("StringEquals", "${aws:username}", "${aws:username}", False),
    ("StringEquals", "${aws:nobody}", "", False),
    ("StringEquals", "${aws:nobody, 'x'}", "x", True),
    ("StringEquals", "${*}", "*", True),
    ("StringEqualsIgnoreCase", "aBc", "AbC", True),
    ("StringEqualsIgnoreCase", "a*", "AB", False),
    ("StringEqualsIgnoreCase", "\u00c4", "\u00e4", True),
    ("StringLike", "a*", "ab", True),
    ("StringLike", "a*", "A", False),
    ("StringLike", "*", "", True),
    ("StringLike", "", "", True),
    ("StringLike", "", "a", False),
    ("StringLike", "?", "", False),
    ("StringLike", "a?c", "a:c", True),
    ("StringLike", "a*", "a\nb", True),
    ("StringLike", "${*}b", "ab", False),
    ("StringLike", "${?}", "?", True),
    ("StringLike", "x-${aws:username}-*", "x-alice-1", True),
    ("NumericEquals", "1.0", "1", True),
    ("NumericEquals", "01", "1", True),
    ("NumericEquals", "1e3", "1000", False),
    ("NumericEquals", "1e3", "1e3", False),
    ("NumericEquals", "+1", "1", False),
    ("NumericEquals", " 5", "5", False),
    ("NumericEquals", "\u0661", "1", False),
    ("NumericEquals", "", "", False),
    ("NumericEquals", "0.1", "0.10000000000000000000", True),
    ("NumericEquals", "0.1", "0.10000000000000000001", False),
    ("NumericLessThan", "9007199254740993", "9007199254740992", True),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10.0", True),
    ("NumericGreaterThan", "9", "10", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThan", "ten", "11", False),
    ("NumericGreaterThan", "10", "eleven", False),
    ("DateEquals", "2020-01-01T00:00:00Z", "1577836800", True),
    ("DateEquals", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", True),
    ("DateEquals", "2019-12-31T18:30:00-05:30", "2020-01-01T00:00:00Z", True),
    ("DateEquals", "2020-01-01T00:00:00.50Z", "2020-01-01T00:00:00.5Z", True),
    ("DateEquals", "2020-01-01", "2020-01-01T00:00:00Z", True),
    ("DateEquals", "2020-01", "2020-01-01T00:00:00Z", True),
    ("DateEquals", "2020", "2020-01-01T00:00:00Z", True),
    ("DateEquals", "2020-02-29", "2020-02-29T00:00:00Z", True),
    ("DateEquals", "2020-02-30T00:00:00Z", "2020-02-30T00:00:00Z", False),
    ("DateEquals", "2021-02-29", "2021-02-29", False),
    ("DateEquals", "2020-12-31T23:59:60Z", "2020-12-31T23:59:60Z", False),
    ("DateEquals", "2020-01-01T00:00:00", "2020-01-01T00:00:00Z", False),
    ("DateEquals", "yesterday", "yesterday", False),
    ("DateEquals", "2020-01-*", "2020-01-01", False),
    ("DateEquals", "1577836800000", "1577836800", False),
    ("DateLessThan", "2020-01-01T00:00:00.45Z", "2020-01-01T00:00:00.5Z", False),
    ("DateLessThan", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00.45Z", True),
    ("DateLessThan", "2020-01-01T00:00:00Z", "2019-12-31T23:59:59.999Z", True),
    ("DateLessThanEquals", "2020-01-01T00:00:00Z", "1577836800.0", True),
    ("DateGreaterThan", "1969-12-31T23:59:59Z", "0", True),
    ("DateGreaterThan", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.001Z", True),
    ("DateGreaterThanEquals", "9999-12-31T23:59:59Z", "2020-01-01T00:00:00Z", False),
    ("Bool", "true", "TRUE", True),
    ("Bool", "False", "false", True),
    ("Bool", "true", "false", False),
    ("Bool", "yes", "true", False),
    ("Bool", "yes", "yes", False),
    ("Bool", "1", "true", False),
    ("BinaryEquals", "QUJD", "QUJD", True),
    ("BinaryEquals", "QUJD", "QUJE", False),
    ("BinaryEquals", "QUI=", "QUJ=", True),
    ("BinaryEquals", "no base64!", "no base64!", False),
    ("BinaryEquals", "", "", True),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.0", False),
    ("IpAddress", "203.0.113.77/24", "203.0.113.1", True),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", "0.0.0.0/0", "203.0.113.7", True),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("IpAddress", "::/0", "203.0.113.7", False),
    ("IpAddress", "2001:db8::/32", "2001:DB8:0:0::1", True),
    ("IpAddress", "2001:db8::1", "2001:db8::1", True),
    ("IpAddress", "10.0.0.0/8", "::ffff:10.0.0.1", False),
    ("IpAddress", "10.0.0.0/33", "10.0.0.1", False),
    ("IpAddress", "300.1.1.1", "300.1.1.1", False),
    ("IpAddress", "010.0.0.1", "10.0.0.1", False),
    ("IpAddress", "10.0.0.0/8", "AWS Internal", False),
    ("IpAddress", "10.0.*", "10.0.0.1", False),
    ("ArnEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", True),
    ("ArnLike", "arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", True),
    ("ArnLike", "arn:aws:iam::*:x", "arn:aws:iam::1:role:x", False),
    ("ArnLike", "arn:aws:iam::*:x", "arn:aws:iam::1:1:x", False),
    ("ArnLike", "arn:aws:logs:*:*:*", "arn:aws:logs:eu:1:group:g:stream:s", True),
    ("ArnLike", "arn:*:iam::1:role/x", "arn:aws-cn:iam::1:role/x", True),
    ("ArnLike", "arn:aws:iam::1:ROLE/x", "arn:aws:iam::1:role/x", False),
    ("ArnLike", "*", "arn:aws:iam::1:role/x", False),
    ("ArnLike", "arn:*", "arn:aws:iam::1:role/x", False),
    ("ArnLike", "arn:aws:iam::1:*", "not an ARN", False),
    ("ArnLike", "arn:aws:iam::?:user/${aws:username}", "arn:aws:iam::1:user/alice", True),
    ("ArnLike", "arn:aws:s3:::", "arn:aws:s3:::", True),
)


@pytest.mark.parametrize(("operator", "wanted", "given", "fits"), FITTING)
def test_value(operator: str, wanted: str, given: str, *, fits: bool) -> None:
    assert holds(operator, wanted, given) is fits
    negated = {
        "StringEquals": "StringNotEquals",
        "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
        "StringLike": "StringNotLike",
        "NumericEquals": "NumericNotEquals",
        "DateEquals": "DateNotEquals",
        "IpAddress": "NotIpAddress",
        "ArnEquals": "ArnNotEquals",
        "ArnLike": "ArnNotLike",
    }.get(operator)
    if negated is not None:  # CND-23, CND-24, VAR-6: also where something cannot be read
        assert holds(negated, wanted, given) is not fits


POSITIVE = [name for name, row in OPERATORS.items() if not row.negated and name != "Null"]
NEGATED = [name for name, row in OPERATORS.items() if row.negated]


@pytest.mark.parametrize("name", POSITIVE + NEGATED)
def test_absent_key(name: str) -> None:
    assert holds(name, "x") is (name in NEGATED)  # CND-10, CND-11
    assert holds(f"{name}IfExists", "x") is True  # CND-12
    assert holds(f"ForAllValues:{name}", "x") is True  # CND-14
    assert holds(f"ForAnyValue:{name}", "x") is False  # CND-15
    assert holds(f"ForAnyValue:{name}IfExists", "x") is True  # CND-16


@pytest.mark.parametrize("name", POSITIVE + NEGATED)
def test_unknown_key(name: str) -> None:
    context = RequestContext({}, unknown=[KEY])
    for written in (name, f"{name}IfExists", f"ForAllValues:{name}", f"ForAnyValue:{name}"):
        assert compile_test(condition(written, "x"), variables=True)(context) is None


@pytest.mark.parametrize("name", POSITIVE + NEGATED)
def test_no_wanted_value(name: str) -> None:
    for given in ((), ("x",)):  # CND-45
        assert holds(name, (), *given) is False
        assert holds(f"ForAnyValue:{name}", (), *given) is False
        assert holds(f"ForAllValues:{name}", (), *given) is (not given)
        assert holds(f"{name}IfExists", (), *given) is (not given)


@pytest.mark.parametrize("name", POSITIVE + NEGATED)
def test_several_values_without_a_qualifier(name: str) -> None:
    assert holds(name, "x", "x", "y") is False  # CND-41
    assert holds(name, "x", "x", key="aws:TagKeys") is False


SETS = (
    ("ForAllValues:StringEquals", ("a", "b"), ("a", "b", "a"), True),
    ("ForAllValues:StringEquals", ("a", "b"), ("a", "c"), False),
    ("ForAllValues:StringEquals", ("a",), ("",), True),
    ("ForAllValues:StringEquals", ("a",), ("", "b"), False),
    ("ForAnyValue:StringEquals", ("a", "b"), ("c", "b"), True),
    ("ForAnyValue:StringEquals", ("a", "b"), ("c", "d"), False),
    ("ForAnyValue:StringEquals", ("a",), ("",), False),
    ("ForAllValues:StringNotEquals", ("a", "b"), ("c", "d"), True),
    ("ForAllValues:StringNotEquals", ("a", "b"), ("c", "a"), False),
    ("ForAnyValue:StringNotEquals", ("a", "b"), ("a", "c"), True),
    ("ForAnyValue:StringNotEquals", ("a", "b"), ("a", "b"), False),
    ("ForAnyValue:StringLike", ("a*",), ("b", "ab"), True),
    ("ForAllValues:NumericLessThan", ("10",), ("1", "ten"), False),
)


@pytest.mark.parametrize(("written", "wanted", "given", "expected"), SETS)
def test_set(
    written: str, wanted: tuple[str, ...], given: tuple[str, ...], *, expected: bool
) -> None:
    assert holds(written, wanted, *given) is expected


def test_several_wanted_values() -> None:
    assert holds("StringEquals", ("a", "b"), "b") is True  # CND-1
    assert holds("StringNotEquals", ("a", "b"), "b") is False  # CND-2
    assert holds("StringNotEquals", ("a", "b"), "c") is True
    assert holds("StringEquals", ("${aws:nobody}", "b"), "b") is True


@pytest.mark.parametrize(
    ("written", "wanted", "given", "expected"),
    [
        ("Null", "true", (), True),
        ("Null", "false", (), False),
        ("Null", "true", ("x",), False),
        ("Null", "FALSE", ("x",), True),
        ("Null", "true", ("",), False),
        ("Null", "true", ("a", "b"), False),
        ("ForAllValues:Null", "false", (), True),
        ("ForAnyValue:Null", "true", (), False),
    ],
)
def test_null(written: str, wanted: str, given: tuple[str, ...], *, expected: bool) -> None:
    assert holds(written, wanted, *given) is expected


def test_null_of_a_key_that_is_there_with_an_unknown_value() -> None:
    null = compile_test(condition("Null", "true"), variables=True)
    assert null(RequestContext({}, unknown=[KEY])) is False
    assert null(RequestContext({}, doubtful=[KEY])) is None
    assert null(RequestContext({}, doubtful=["test:"])) is True


def test_an_unknown_variable() -> None:
    test = compile_test(condition("StringEquals", "${aws:userid}"), variables=True)
    assert test(RequestContext({KEY: "x"}, unknown=["aws:userid"])) is None
    old = compile_test(condition("StringEquals", "${aws:userid}"), variables=False)
    assert old(RequestContext({KEY: "${aws:userid}"}, unknown=["aws:userid"])) is True  # POL-4


def test_names_of_keys_ignore_case() -> None:
    test = compile_test(condition("StringEquals", "x", key="AWS:principaltag/Team"), variables=True)
    assert test(RequestContext({"aws:PrincipalTag/team": "x"})) is True

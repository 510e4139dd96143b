"""Policy variables: where they are read, what they become, and what is no variable."""

from __future__ import annotations

import pytest

from simulator.matcher.glob import compile_glob, join_text
from simulator.matcher.values import Unknown, fill, is_filled, split_fields, without_variables
from simulator.policy.variables import Variable, Wildcard, flaws, leftovers, read_template
from simulator.request.context import RequestContext, Several

CONTEXT = RequestContext(
    {
        "aws:username": "alice",
        "aws:PrincipalTag/team": "*",
        "aws:PrincipalTag/empty": "",
        "aws:PrincipalTag/none": None,
        "aws:TagKeys": Several(("a",)),
    },
    unknown=["aws:userid"],
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ("",)),
        ("a", ("a",)),
        ("a*?", ("a", Wildcard.ANY, Wildcard.ONE)),
        ("${aws:UserName}", (Variable("aws:username", None, "aws:UserName"),)),
        ("a${aws:x}b", ("a", Variable("aws:x", None, "aws:x"), "b")),
        ("${aws:x, 'y z'}", (Variable("aws:x", "y z", "aws:x"),)),
        ("${aws:x, ''}", (Variable("aws:x", "", "aws:x"),)),
        (
            "${aws:PrincipalTag/a}*",
            (Variable("aws:principaltag/a", None, "aws:PrincipalTag/a"), Wildcard.ANY),
        ),
        ("${*}${?}${$}", ("*", "?", "$")),
        ("$${*}", ("$", "*")),
        ("${$}{x}", ("$", "{x}")),
        ("${}", ("${}",)),
        ("${a b}", ("${a b}",)),
        ("${aws:x,'y'}", ("${aws:x,'y'}",)),
        ("${open", ("${open",)),
        ("{a}$b", ("{a}$b",)),
    ],
)
def test_template(text: str, parts: tuple[object, ...]) -> None:
    assert read_template(text, wildcards=True, variables=True) == parts


def test_template_without_variables() -> None:
    text = "${aws:username}*"
    assert read_template(text, wildcards=False, variables=False) == (text,)
    plain = read_template(text, wildcards=True, variables=False)
    assert plain == ("${aws:username}", Wildcard.ANY)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("${aws:username}", "alice", True),
        ("${aws:username}", "bob", False),
        ("${aws:username, 'bob'}", "bob", False),
        ("${aws:nobody}", "", False),  # VAR-5
        ("${aws:nobody}*", "anything", False),
        ("${aws:PrincipalTag/none}", "", False),
        ("${aws:PrincipalTag/none, 'x'}", "x", True),
        ("${aws:nobody, 'x'}", "x", True),  # VAR-3
        ("${aws:PrincipalTag/team}", "*", True),  # VAR-7
        ("${aws:PrincipalTag/team}", "red", False),
        ("a${aws:PrincipalTag/empty}b", "ab", True),
        ("${aws:TagKeys}", "a", False),  # VAR-2
        ("${aws:TagKeys, 'd'}", "d", True),
        ("${aws:userid}", "x", None),
        ("${aws:userid, 'x'}", "x", None),
        ("${aws:username}/${aws:nobody}", "alice/", False),
        ("${aws:nobody}/${aws:userid}", "x", False),
        ("*/${aws:username}", "a/b/alice", True),
    ],
)
def test_filled(text: str, value: str, *, expected: bool | None) -> None:
    template = read_template(text, wildcards=True, variables=True)
    assert is_filled(template)
    try:
        parts = fill(template, CONTEXT)
    except Unknown:
        assert expected is None
        return
    assert (parts is not None and compile_glob(parts)(value)) is expected


def test_literal() -> None:
    parts = fill(read_template("${aws:username}*", wildcards=False, variables=True), CONTEXT)
    assert parts is not None
    assert join_text(parts) == "alice*"


def test_without_variables() -> None:
    template = read_template("a*${*}?", wildcards=True, variables=True)
    assert not is_filled(template)
    parts = ("a", Wildcard.ANY, "*", Wildcard.ONE)
    assert without_variables(template) == fill(template, CONTEXT) == parts


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", [""]),
        ("a:b", ["a", "b"]),
        ("a:*b:?", ["a", "*b", "?"]),
        ("arn:aws:s3:::b/*", ["arn", "aws", "s3", "", "", "b/*"]),
        ("arn:aws:logs:*:1:group:*:x", ["arn", "aws", "logs", "*", "1", "group:*:x"]),
    ],
)
def test_fields(text: str, fields: list[str]) -> None:
    found = split_fields(without_variables(read_template(text, wildcards=True, variables=False)))
    assert [join_text(field) for field in found] == fields


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("${aws:username}", []),
        ("${*}${$}", []),
        ("${aws:a, 'b'}", []),
        ("$ {a}", []),
        ("${a", ["the brace is never closed"]),
        ("${}", ["it names no key"]),
        ("${a}${}", ["it names no key"]),
        ("${a b} ${c d}", ["the name of a key has no spaces"] * 2),
        ("${a${b}}", ["a variable cannot contain another one"]),
        ("${${b}", ["a variable cannot contain another one"]),
        ("${a {b}}", ["the name of a key has no spaces"]),
        ("${} ${a", ["it names no key", "the brace is never closed"]),
        ("${a,'b'}", ["a default is written `${key, 'text'}`: comma, one space, single quotes"]),
    ],
)
def test_flaws(text: str, reasons: list[str]) -> None:
    found = list(flaws(text))
    assert [flaw.reason for flaw in found] == reasons
    assert all(text[flaw.start :].startswith(flaw.text) for flaw in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${var.x}-${local.y}", ["${var.x}", "${local.y}"]),
        ("${AWS::AccountId}", ["${AWS::AccountId}"]),
        ("{{ account }}", ["{{ account }}"]),
        ("<ACCOUNT_ID>", ["<ACCOUNT_ID>"]),
        ("%{if x}", ["%{if x}"]),
        ('${var.tags["a"]}', ['${var.tags["a"]}']),
        ("${aws:username}", []),
        ("${saml:sub}", []),
        ("${cognito-identity.amazonaws.com:sub}", []),
        ("${token.actions.githubusercontent.com:sub}", []),
        ("{{{ a }}}", ["{{ a }}"]),
        # What would pass over another beginning would look at the rest again from each of them.
        ("%{" * 9 + "a}", ["%{a}"]),
        ("{" * 9 + "a}}", ["{{a}}"]),
        ("${AWS::" * 9 + "a}", ["${AWS::a}"]),
        ("<A" * 9 + "BC>", ["<ABC>"]),
        ("<b>", []),
        ("a{b}", []),
    ],
)
def test_leftovers(text: str, found: list[str]) -> None:
    assert [each.text for each in leftovers(text)] == found


class Searched(str):
    """A text that counts the characters that are looked at in it."""

    __slots__ = ("looked_at",)
    looked_at: int

    def find(self, *arguments: object) -> int:
        """Find, and count to what was found or else to the end."""
        found = super().find(*arguments)  # type: ignore[arg-type]
        start = arguments[1] if len(arguments) > 1 else 0
        assert isinstance(start, int)
        self.looked_at += (len(self) if found < 0 else found) - start
        return found


@pytest.mark.parametrize("piece", ["${", "${a b", "${}", "${a b}", "${${}"])
@pytest.mark.parametrize("end", ["", "}"])
def test_flaws_are_found_in_one_pass(piece: str, end: str) -> None:
    text = Searched(piece * 1000 + end)
    text.looked_at = 0
    found = list(flaws(text))
    assert len(found) in range(1000, 2001)
    assert text.looked_at <= len(text)
    assert all(len(flaw.text) <= 60 for flaw in found)

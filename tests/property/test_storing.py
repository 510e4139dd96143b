"""Whatever becomes of a policy: AWS's answer to it is told, and `iamsim check` agrees with it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

from simulator.check.check import check
from simulator.diagnostic import Severity
from simulator.policy import codes, kinds
from simulator.policy.model import UNKNOWN, Document
from simulator.source import Source
from simulator.storing.storing import refusal_of, refusal_of_text
from simulator.syntax import decode, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.syntax import Path

VERSION: Final = "2012-10-17"
ROLE: Final = "arn:aws:iam::111111111111:role/deploy"
CONDITION: Final = {
    "StringEquals": {"aws:PrincipalTag/team": ["blue", "red"]},
    "Bool": {"aws:SecureTransport": True},
    "DateLessThan": {"aws:CurrentTime": "2026-12-31T23:59:59Z"},
}
#: Policies that AWS stores, and of which nothing is told.
WHOLE: Final[dict[str, tuple[kinds.PolicyKind, Any]]] = {
    "identity": (
        kinds.IDENTITY,
        [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::reports/*",
                "Condition": CONDITION,
            },
            {"Sid": "Two", "Effect": "Deny", "NotAction": "sts:*", "NotResource": ["*"]},
        ],
    ),
    "trust": (
        kinds.TRUST,
        [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Principal": {"AWS": [ROLE, "111111111111"], "Service": "ec2.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": CONDITION,
            }
        ],
    ),
    "scp": (
        kinds.SCP,
        [{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": CONDITION}],
    ),
    "rcp": (
        kinds.RCP,
        [{"Effect": "Deny", "Principal": "*", "Action": ["s3:*"], "Resource": ["*"]}],
    ),
    "resource": (
        kinds.RESOURCE,
        [
            {
                "Effect": "Allow",
                "Principal": {"AWS": ROLE},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::reports/*",
            }
        ],
    ),
}
REPLACEMENTS: Final[tuple[Any, ...]] = (
    None,
    True,
    7,
    "",
    "x",
    "*",
    "allow",
    [],
    {},
    [[]],
    ["*"],
    [None],
    {"x": "y"},
)
NAMES: Final = ("Effects", "effect", "NotAction", "NotResource", "NotPrincipal", "x", "Sid")


def paths(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - a document
    """Yield the path of each value below a value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, each in inner:
        yield (*path, step)
        yield from paths(each, (*path, step))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[kinds.PolicyKind, Any]:
    """Draw a policy that AWS stores, of which one or two things were dropped, renamed, replaced."""
    kind, statements = WHOLE[draw(st.sampled_from(sorted(WHOLE)))]
    document = {"Version": VERSION, "Statement": copy.deepcopy(statements)}
    for _ in range(draw(st.integers(1, 2))):
        place: tuple[Any, ...] = draw(st.sampled_from(list(paths(document)) or [("Version",)]))
        *way, last = place
        holder: Any = document
        for step in way:
            holder = holder[step]
        change = draw(st.sampled_from(("drop", "rename", "replace", "replace")))
        if change == "replace":
            holder[last] = copy.deepcopy(draw(st.sampled_from(REPLACEMENTS)))
        elif last in holder or isinstance(holder, list):
            value = holder.pop(last)
            if change == "rename" and isinstance(holder, dict):
                holder[draw(st.sampled_from(NAMES))] = value
    return kind, document


def errors(kind: kinds.PolicyKind, text: str) -> tuple[set[str], bool]:
    """Return the codes of the errors of form in a text, and whether AWS refuses it."""
    source = Source("p.json", text)
    found = check(Document(source, (), decode(source)), kind)
    told = {each.code for each in found.diagnostics if each.severity is Severity.ERROR}
    return {code for code in told if code < "IAM6"}, found.refusal is not None


def is_known_to_us_alone(kind: kinds.PolicyKind, document: Any, codes_: set[str]) -> bool:  # noqa: ANN401
    """Whether AWS stores, or may store, what is an error to us.

    Values of several types in one list (POL-21), null among resources (POL-23), and principals
    without a type in the policy of a resource, as one recorded policy has them.
    """
    allowed = {codes.CONDITION_FORM}
    if kind == kinds.RESOURCE:
        allowed.add(codes.PRINCIPAL_FORM)
    if "[null" in json.dumps(document) or "null]" in json.dumps(document):
        allowed.add(codes.WRONG_TYPE)
    return codes_ <= allowed


@given(spoilt())
def test_refused_means_an_error(drawn: tuple[kinds.PolicyKind, Any]) -> None:
    kind, document = drawn
    told, is_refused = errors(kind, json.dumps(document))
    if is_refused or not is_known_to_us_alone(kind, document, told):
        assert bool(told) is is_refused


def test_whole_policies_are_stored() -> None:
    for kind, statements in WHOLE.values():
        text = json.dumps({"Version": VERSION, "Statement": statements})
        assert errors(kind, text) == (set(), False)


@given(spoilt(), st.sampled_from(sorted(WHOLE)))
def test_the_text_has_the_answer_of_the_document(
    drawn: tuple[kinds.PolicyKind, Any], name: str
) -> None:
    kind, text = WHOLE[name][0], json.dumps(drawn[1])
    assert refusal_of_text(text, kind) == refusal_of(decode(Source("-", text)), kind)


@given(spoilt(), st.data())
def test_the_place_of_a_refusal_exists(
    drawn: tuple[kinds.PolicyKind, Any], data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(list(kinds.BY_WORD.values())))
    found = refusal_of_text(json.dumps(drawn[1]), kind)
    if found is not None and found.path:
        parent: Any = value_at(drawn[1], found.path[:-1])
        steps = parent if isinstance(parent, dict) else range(len(parent))
        assert found.path[-1] in steps


@given(spoilt(), st.sampled_from(list(kinds.BY_WORD.values())), st.data())
def test_what_is_open_is_not_refused(
    drawn: tuple[kinds.PolicyKind, Any], kind: kinds.PolicyKind, data: st.DataObject
) -> None:
    # Whatever AWS refuses is open instead: then it is not refused there, nor for what it was.
    document = copy.deepcopy(drawn[1])
    found = refusal_of_text(json.dumps(document), kind)
    if found is None or not found.path:
        return
    *way, last = found.path
    holder = document
    for step in way:
        holder = holder[step]
    holder[last] = f"{data.draw(st.sampled_from(('', 'x')))}{UNKNOWN}"
    unknown = frozenset({found.path})
    value = decode(Source("-", json.dumps(document)))
    again = refusal_of(value, kind, unknown=unknown)
    assert again is None or again.path != found.path


json_values: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("Version", "Statement", *NAMES)), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values, st.sampled_from(list(kinds.BY_WORD.values())))
def test_an_answer_to_anything(value: Any, kind: kinds.PolicyKind) -> None:  # noqa: ANN401
    found = refusal_of_text(json.dumps(value), kind)
    assert found is None or (found.code and found.message)


@given(st.text(max_size=40), st.sampled_from(list(kinds.BY_WORD.values())))
def test_an_answer_to_any_text(text: str, kind: kinds.PolicyKind) -> None:
    assert refusal_of_text(text, kind) is not None

"""Laws of inclusion: what a covered pattern matches, the one that covers it matches too."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog.doubts import NONE_OPEN
from simulator.matcher.actions import takes_in
from simulator.matcher.glob import compile_glob, read_glob
from simulator.matcher.inclusion import (
    ACTIONS,
    Language,
    covers_action,
    covers_principal,
    covers_resource,
    resources,
)
from simulator.matcher.principals import Reach, names_of, naming
from simulator.matcher.resources import compile_resources
from simulator.policy.model import Patterns, PrincipalEntry, PrincipalPattern, Values
from simulator.request.context import RequestContext
from simulator.request.principal import Anonymous
from simulator.request.request import Request
from simulator.simulate import as_request
from simulator.testing.makers import About
from simulator.testing.plain import as_question
from simulator.testing.pools import RESOURCE_PATTERNS, SHORT_ARNS
from simulator.testing.strategies import asked, callers, principals
from tests.counting import lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.testing.pools import Json

SHORT = [
    "".join(letters) for length in range(5) for letters in product("ab*?", repeat=length) if letters
]
TEXTS = ["".join(letters) for length in range(7) for letters in product("abz", repeat=length)]
#: Which short texts a short pattern matches.
MATCHED = {pattern: frozenset(filter(compile_glob(read_glob(pattern)), TEXTS)) for pattern in SHORT}

globs = st.text("ab*?", min_size=1, max_size=7)


def instance(pattern: str, data: st.DataObject) -> str:
    """Return a text that a pattern matches."""

    def filled(found: re.Match[str]) -> str:
        return data.draw(st.text("ab:/$", min_size=1, max_size=1) if found[0] == "?" else runs)

    return re.sub(r"[*?]", filled, pattern)


runs = st.text("ab:/$", max_size=3)


@given(st.sampled_from(SHORT), st.sampled_from(SHORT))
def test_of_short_names_inclusion_is_exact(wide: str, narrow: str) -> None:
    # any letter that is in neither pattern stands for all others
    assert covers_action(f"s3:{wide}", f"s3:{narrow}") is (MATCHED[narrow] <= MATCHED[wide])


@given(globs, globs, globs, globs, st.data())
def test_an_action_that_is_covered_is_taken_in(
    service: str, wide: str, other: str, narrow: str, data: st.DataObject
) -> None:
    pattern, covered = f"{service}:{wide}".upper(), f"{other}:{narrow}"
    if covers_action(pattern, covered):
        service, _, name = covered.partition(":")
        service = instance(service, data).replace(":", "x")
        assert takes_in(pattern, f"{service}:{instance(name, data)}")


def resource_test(text: str, *, variables: bool) -> Callable[[Request], object]:
    patterns = Patterns(Values((), (text,), listed=False), negated=False)
    found = compile_resources(patterns, variables=variables)
    return found or (lambda _request: True)


def asking(resource: str, context: Json) -> Request:
    return Request(Anonymous(), "s3:GetObject", resource, RequestContext(context))


TAILS = (
    *("*", "b/*", "b/a*", "b/a?", "b/a", "b/${aws:username}", "b/${AWS:username}/*", "b/*/c"),
    *("b/${aws:username, 'a'}", "b/${aws:username}${aws:userid}", "b/${*}", "b/$*", "b/${?}a"),
    *("b/?*", "b/*?", "b/${aws:username}?", "b/?${aws:username}", "b:*", "?/*"),
)
HEADS = ("arn:aws:s3:::", "arn:*:s3:::", "arn:aws:s3:*:*:", "arn:aws:s?:::", "arn:aws:s3:")
ODD = ("*", "b/*", "arn", "arn:*", "arn:aws:s3", "arn:aws:s3:::", "arn*")
arns = st.sampled_from([*(head + tail for head in HEADS for tail in TAILS), *ODD])
values = st.sampled_from(("a", "", "*", "x", None))
wholes = st.just("*") | st.builds(
    "{}{}".format,
    st.sampled_from(("arn:aws:s3:::", "arn:aws:s3:eu:1:")),
    st.text("ab/*:$", max_size=5),
)


contexts = st.fixed_dictionaries({"aws:username": values, "aws:userid": values})


@given(wide=arns, narrow=arns, whole=wholes, context=contexts, variables=st.booleans())
def test_a_resource_that_is_covered_is_spoken_of(
    wide: str, narrow: str, whole: str, context: Json, *, variables: bool
) -> None:
    if covers_resource(wide, narrow, variables=variables):
        request = asking(whole, context)
        speaks = [resource_test(text, variables=variables)(request) for text in (narrow, wide)]
        assert speaks != [True, False]


@given(st.sampled_from((*RESOURCE_PATTERNS, *SHORT_ARNS)), st.data())
def test_of_patterns_that_nearly_match(pattern: str, data: st.DataObject) -> None:
    found = data.draw(asked())
    about = About(
        {"arn": "arn:aws:iam::111111111111:user/alice"}, found["action"], found["resource"]
    )
    narrow = about.fill_in(pattern)
    wide = about.fill_in(data.draw(st.sampled_from((*RESOURCE_PATTERNS, *SHORT_ARNS))))
    request = asking(found["resource"], {"aws:username": data.draw(values)})
    if covers_resource(wide, narrow, variables=True):
        assert not resource_test(narrow, variables=True)(request) or resource_test(
            wide, variables=True
        )(request)


@given(callers(), asked(), st.data())
def test_who_is_named_by_a_covered_principal_is_named(
    caller: Json, found: Json, data: st.DataObject
) -> None:
    request = as_request(as_question(caller, found, {}))
    about = About(caller, found["action"], found.get("resource", "*"))
    pair = [data.draw(entries(about)) for _ in range(2)]
    wide, narrow = [
        naming(PrincipalPattern((), (e,), negated=False), names_of(request, NONE_OPEN))
        for e in pair
    ]
    if covers_principal(*pair, as_strongly=True):
        assert wide.sure >= narrow.sure
        assert wide.most >= narrow.most
    if covers_principal(*pair, as_strongly=False):
        assert wide.sure > Reach.NOBODY or narrow.sure is Reach.NOBODY
        assert wide.most > Reach.NOBODY or narrow.most is Reach.NOBODY


@st.composite
def entries(draw: st.DrawFn, about: About) -> PrincipalEntry:
    """Return one of the principals of a statement."""
    value = draw(principals(about))
    if value == "*":
        return PrincipalEntry("*", "*", ())
    kind = draw(st.sampled_from(sorted(value)))
    texts = value[kind] if isinstance(value[kind], list) else [value[kind]]
    return PrincipalEntry(kind, draw(st.sampled_from(texts)), ())


@given(text=arns, whole=wholes, context=contexts, variables=st.booleans())
def test_what_a_pattern_matches_begins_as_it_does(
    text: str, whole: str, context: Json, *, variables: bool
) -> None:
    if resource_test(text, variables=variables)(asking(whole, context)):
        assert whole.startswith(resources(variables=variables).start(text))


@given(wide=arns, narrow=arns, variables=st.booleans())
def test_what_covers_begins_as_what_is_covered(wide: str, narrow: str, *, variables: bool) -> None:
    language = resources(variables=variables)
    if wide != "*" and language.covers(wide, narrow):
        begin = language.prefix(wide)
        assert begin is None or language.key(narrow).startswith(begin)
        assert begin is not None or language.key(wide) == language.key(narrow)


@pytest.mark.parametrize("language", [ACTIONS, resources(variables=True)])
@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*a" * 5_000, "*ab" * 4_000),
        ("?" * 9_999 + "*", "*" + "?a" * 5_000),
        ("*?a" * 4_000 + "*", "a?" * 6_000),
        ("a*" * 5_000 + "b", "a*" * 6_000),
    ],
)
def test_hostile_patterns_come_to_an_end(language: Language, wide: str, narrow: str) -> None:
    wide, narrow = f"arn:aws:s3:::{wide}", f"arn:aws:s3:::{narrow}"
    assert lines(lambda: language.covers(wide, narrow)) < 20 * (len(wide) + len(narrow))

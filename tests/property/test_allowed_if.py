"""The facts on which an answer hangs, against trying all there are.

Small policies over few keys are drawn; each key has a small domain, in which each side of each
test is. Every way to set some of the keys is decided, and must come out as the facts say that
are told. A fact is read here by what it says, and not by where it comes from.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.diagnosis.allowed_if import Facts, allowed_if, hangs_on
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.changes import without
from simulator.diagnosis.possible import can_have
from simulator.request.context import Several
from simulator.simulate import Question, simulate
from simulator.sts.answer import answer_to
from tests import questions, strategies, worlds
from tests.strategies import policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.asked import Asked
    from tests.worlds import World

HOME, AWAY = "111111111111", "222222222222"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
DEVICE = f"arn:aws:iam::{HOME}:mfa/alice"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/R/s"
BUCKET = "arn:aws:s3:::b"
IP, VPCE, ORG = "aws:SourceIp", "aws:SourceVpce", "aws:PrincipalOrgID"
PREFIX, MOST, TAG = "s3:prefix", "s3:max-keys", "aws:PrincipalTag/team"
MFA, AGE = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"
EXTERNAL, NAME, SOURCE = "sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity"
TEAM, ENV, TAG_KEYS = "aws:RequestTag/team", "aws:RequestTag/env", "aws:TagKeys"
OTHER = "aws:RequestTag/any"  # stands for any tag of which no policy speaks
PATHS, AGENT = "aws:PrincipalOrgPaths", "aws:UserAgent"
_MEMBERS = ("o-1/a/", "o-1/b/", "o-1/b/d/", "O-1/A/", "o-1/a/c/", "else")

#: What a key can be, such that each side of each test below is there; nothing is absent.
Setting = tuple[Any, ...]
DOMAINS: dict[str, tuple[Any, ...]] = {
    IP: ("203.0.113.7", "198.51.100.1", "2001:db8::1", None),
    VPCE: ("vpce-1", "vpce-2", "other", None),
    ORG: ("o-1", "o-2", "other", None),
    PREFIX: ("home/a", "home/ab", "home/abc", "away", "other", None),
    MOST: ("4", "5", "6", "10", "11", None),
    TAG: ("red", "blue", "other", None),
    MFA: ("long", "session", 0, 300, 301, "code"),
    EXTERNAL: ("ext-1", "ext-2", "ext-3", "other", None),
    NAME: ("alice-1", "alice-2", "bob-1", "bob-2", "other"),
    SOURCE: ("alice-1", "bob-1", "other", None),
    TEAM: ("red", "blue", "other", None),
    ENV: ("prod", "other", None),
    OTHER: ("x", None),
    # all lists of up to three: more than there need be
    PATHS: (*(Several(m) for size in (1, 2, 3) for m in combinations(_MEMBERS, size)), None),
    # what two patterns are met with together and alone, and what they are not
    AGENT: (
        "cli/2 md/s3",
        "cli/2",
        "cli/0s3",
        "lib md/s3",
        "lib",
        "CLI/2 MD/S3",
        "cli/-s",
        "-",
        # every call has one (CTX-12)
    ),
}
TESTS: dict[str, tuple[tuple[str, str, Any], ...]] = {
    IP: (
        ("IpAddress", IP, "203.0.113.0/24"),
        ("NotIpAddress", IP, ["203.0.113.0/24", "2001:db8::/32"]),
        ("Null", IP, "true"),
    ),
    VPCE: (
        ("StringEquals", VPCE, "vpce-1"),
        ("StringNotEquals", VPCE, ["vpce-1", "vpce-2"]),
        ("StringEqualsIfExists", VPCE, "vpce-1"),
        ("StringNotEqualsIfExists", VPCE, "vpce-2"),
        ("Null", VPCE, "true"),
        ("Null", VPCE, "false"),
    ),
    ORG: (("StringEquals", ORG, "o-1"), ("StringNotEquals", ORG, "o-1")),
    PREFIX: (
        ("StringLike", PREFIX, "home/*"),
        ("StringNotLike", PREFIX, ["home/ab", "away"]),
        ("StringLikeIfExists", PREFIX, ["*/a", "home/?"]),
    ),
    MOST: (
        ("NumericLessThanEquals", MOST, "10"),
        ("NumericGreaterThan", MOST, "5"),
        ("NumericEqualsIfExists", MOST, "5"),
        ("NumericLessThan", MOST, "5"),
    ),
    TAG: (
        ("StringEquals", TAG, ["red", "blue"]),
        ("StringNotEquals", TAG, "red"),
        ("Null", TAG, "false"),
        ("ForAnyValue:StringEquals", TAG, "blue"),
        ("ForAllValues:StringEquals", TAG, "red"),
    ),
    MFA: (
        ("Bool", MFA, "true"),
        ("Bool", MFA, "false"),
        ("BoolIfExists", MFA, "true"),
        ("BoolIfExists", MFA, "false"),
        ("NumericLessThanEquals", AGE, "300"),
        ("NumericGreaterThan", AGE, "300"),
        ("Null", AGE, "true"),
        ("Null", MFA, "true"),
    ),
    EXTERNAL: (
        ("StringEquals", EXTERNAL, "ext-1"),
        ("StringEquals", EXTERNAL, ["ext-1", "ext-2"]),
        ("StringNotEquals", EXTERNAL, "ext-1"),
        ("StringLike", EXTERNAL, "ext-*"),
        ("Null", EXTERNAL, "true"),
    ),
    NAME: (
        ("StringLike", NAME, "alice-*"),
        ("StringNotLike", NAME, ["alice-*", "bob-*"]),
        ("StringEquals", NAME, "bob-1"),
    ),
    SOURCE: (
        ("StringEquals", SOURCE, "alice-1"),
        ("StringNotEquals", SOURCE, "bob-1"),
        ("Null", SOURCE, "false"),
    ),
    TEAM: (
        ("StringEquals", TEAM, "red"),
        ("StringNotEqualsIfExists", TEAM, "red"),
        ("ForAllValues:StringEquals", TAG_KEYS, "team"),
    ),
    ENV: (
        ("StringEquals", ENV, "prod"),
        ("ForAnyValue:StringEquals", TAG_KEYS, "env"),
        ("ForAllValues:StringNotEquals", TAG_KEYS, "env"),
        ("ForAnyValue:StringNotEquals", TAG_KEYS, "env"),
    ),
    PATHS: (
        ("ForAnyValue:StringEquals", PATHS, "o-1/a/"),
        ("ForAnyValue:StringLike", PATHS, "o-1/b/*"),
        ("ForAnyValue:StringNotEquals", PATHS, ["o-1/a/", "o-1/b/"]),
        ("ForAnyValue:StringEqualsIgnoreCase", PATHS, "o-1/a/"),
        ("ForAllValues:StringLike", PATHS, "o-1/*"),
        ("ForAllValues:StringNotEquals", PATHS, "o-1/b/"),
        ("ForAllValues:StringNotLike", PATHS, ["*/c/", "O*"]),
    ),
    AGENT: (
        ("StringLike", AGENT, "cli/*"),
        ("StringLikeIfExists", AGENT, "*s3"),
        ("StringNotLike", AGENT, "*-*"),
        ("StringNotLikeIfExists", AGENT, ["cli/?", "*S3"]),
        ("StringNotLike", AGENT, "*s3"),
        ("StringEquals", AGENT, ["cli/2", "lib"]),
    ),
}
OF_REQUESTS, OF_CALLS = (
    (IP, VPCE, ORG, PREFIX, MOST, TAG, MFA, PATHS, PATHS, AGENT, AGENT),
    (EXTERNAL, EXTERNAL, NAME, SOURCE, TEAM, ENV, MFA, IP, ORG, PATHS, AGENT),
)


class Small(NamedTuple):
    """A world over few keys, what they are as it is asked, and how another setting is asked."""

    world: World
    keys: tuple[str, ...]
    asked_with: Setting
    is_call: bool

    def asked(self, setting: Setting) -> Asked:
        """Return what is asked with other values of the keys."""
        values = dict(zip(self.keys, setting, strict=True))
        values |= {k: list(v) for k, v in values.items() if isinstance(v, Several)}
        caller = {**self.world["caller"], **_credentials(values.pop(MFA, None))}
        code = {"serial_number": DEVICE, "token_code": "123456"}
        parameters: World = (
            code if dict(zip(self.keys, setting, strict=True)).get(MFA) == "code" else {}
        )
        world = {**self.world, "caller": caller}
        if not self.is_call:
            question = worlds.question(world, self.world["request"], values)
            return question._replace(closed_world=True)
        for key, parameter in PARAMETERS.items():
            if values.get(key) is not None:
                parameters = {**parameters, parameter: values[key]}
        tags = {k.partition("/")[2]: v for k, v in values.items() if "RequestTag" in k and v}
        context = {k: v for k, v in values.items() if k.startswith("aws:") and "Tag" not in k}
        parameters = {
            "role_session_name": "other",
            **parameters,
            **({"tags": tags} if tags else {}),
        }
        return worlds.call(world, parameters, context)

    def is_allowed(self, setting: Setting) -> bool:
        """Return whether that is allowed."""
        asked = self.asked(setting)
        if isinstance(asked, Question):
            return simulate(asked).decision.outcome is Outcome.ALLOWED
        return answer_to(asked).outcome is Outcome.ALLOWED

    def domain(self, key: str) -> tuple[Any, ...]:
        """Return what a key can be."""
        return tuple(v for v in DOMAINS[key] if v != "code" or self.is_call)

    def settings(self, moved: tuple[int, ...]) -> Iterator[Setting]:
        """Yield each setting in which some keys, by their numbers, are all other than asked."""
        domains = [
            [v for v in self.domain(key) if v != self.asked_with[place]]
            if place in moved
            else [self.asked_with[place]]
            for place, key in enumerate(self.keys)
        ]
        yield from product(*domains)

    def told(self) -> Facts:
        """Return the facts that are told of what is asked."""
        asked = self.asked(self.asked_with)
        tell = hangs_on if self.is_allowed(self.asked_with) else allowed_if
        if isinstance(asked, Question):
            return tell(asked, (simulate(asked),))
        return tell(asked, answer_to(asked).evaluations)


PARAMETERS = {EXTERNAL: "external_id", NAME: "role_session_name", SOURCE: "source_identity"}


def _credentials(mfa: object) -> World:
    if isinstance(mfa, int):
        return {"credentials": "session_token_with_mfa", "mfa_age_seconds": mfa}
    return {"credentials": "session_token"} if mfa == "session" else {}


# --- What is drawn


@st.composite
def smalls(draw: st.DrawFn, *, is_call: bool) -> Small:
    """Return a small world."""
    pool = OF_CALLS if is_call else OF_REQUESTS
    drawn = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    keys = tuple(drawn)

    def statement(effect: str, **more: object) -> World:
        tests = draw(st.lists(st.sampled_from([t for key in keys for t in TESTS[key]]), max_size=3))
        condition: World = {}
        for operator, key, value in tests:
            condition.setdefault(operator, {}).setdefault(key, value)
        return {
            "Effect": effect,
            "Action": "*",
            **more,
            **({"Condition": condition} if condition else {}),
        }

    def document(**more: object) -> World:
        effects = draw(
            st.lists(st.sampled_from(("Allow", "Allow", "Deny")), min_size=1, max_size=3)
        )
        return policy(*(statement(effect, **more) for effect in effects))

    somebody = draw(st.sampled_from((HOME, ALICE)))
    shared: World = {"caller": {"arn": ALICE}, "identity": [document(Resource="*")]}
    for layer, chances in (("boundary", 3), ("scps", 3)):
        if draw(st.integers(0, chances)) == 1:
            limit = document(Resource="*")
            shared[layer] = [[limit]] if layer == "scps" else limit
    account = draw(st.sampled_from((HOME, AWAY)))
    if is_call:
        actions = draw(
            st.sampled_from(("sts:*", ["sts:AssumeRole"], ["sts:AssumeRole", "sts:TagSession"]))
        )
        trust = document(Principal={"AWS": somebody})
        trust["Statement"] = [{**s, "Action": actions} for s in trust["Statement"]]
        role = {"arn": f"arn:aws:iam::{account}:role/deploy"}
        world = {**shared, "role": role, "trust": trust}
    else:
        request = {"action": "s3:ListBucket", "resource": BUCKET, "resource_account": account}
        world = {**shared, "request": request}
        if draw(st.booleans()):
            world["resource_policy"] = document(Principal={"AWS": somebody}, Resource="*")
    setting = tuple(
        draw(st.sampled_from([v for v in DOMAINS[k] if v != "code" or is_call])) for k in keys
    )
    text = json.dumps(world)
    if TAG_KEYS in text:
        keys, setting = (*keys, OTHER), (*setting, None)
    matter = [n for n, key in enumerate(keys) if _matters(key, text) or setting[n] is not None]
    return Small(world, tuple(keys[n] for n in matter), tuple(setting[n] for n in matter), is_call)


def _matters(key: str, text: str) -> bool:
    """Whether a policy asks for a key, in which case it could hang on it."""
    tag = key.partition("/")[2] if key in (TEAM, ENV) else None
    if key == OTHER:
        return TAG_KEYS in text
    return key in text or (key == MFA and AGE in text) or (TAG_KEYS in text and f'"{tag}"' in text)


# --- What facts say

_FACT = re.compile(
    r"(?P<every>every |one of )?(?P<key>\S+) "
    r"(?P<relation>=|!=|like|not like|in|not in|<=?|>=?|absent|present)"
    r"(?: (?P<values>.*?))?(?P<case> in any letter case)?(?P<more> or absent| and present)?"
)


def says(fact: str, values: World) -> bool:
    """Return whether a fact, as it is told, is so where the keys have some values."""
    found = _FACT.fullmatch(fact)
    assert found is not None, fact
    given = {key.lower(): value for key, value in values.items()}.get(found["key"].lower())
    relation = found["relation"]
    if relation in ("absent", "present"):
        return (given is None) is (relation == "absent")
    negative = relation.startswith(("!", "not"))
    if given is None:
        if found["more"]:
            return found["more"] == " or absent"
        return negative if not found["every"] else found["every"] == "every "
    wanted = found["values"].split(" or ")

    def fits(value: str) -> bool:
        same = str.lower if found["case"] else str
        return any(_fits(relation, same(value), same(text)) for text in wanted) is not negative

    if isinstance(given, list | Several):
        return (all if found["every"] == "every " else any)(map(fits, given))
    return fits(given)


def _fits(relation: str, value: str, text: str) -> bool:
    plain = relation.removeprefix("not ").removeprefix("!")
    if plain == "=":
        return value == text
    if plain == "like":
        return fnmatchcase(value, text)
    if plain == "in":
        return ip_address(value) in ip_network(text, strict=False)
    number, border = float(value), float(text)
    is_beside = number < border if "<" in plain else number > border
    return is_beside or (number == border and "=" in plain)


def context_keys(small: Small, setting: Setting) -> World:
    """Return the condition keys that a setting means."""
    found: World = {}
    for key, value in zip(small.keys, setting, strict=True):
        if key == MFA:
            age = 0 if value == "code" else value
            found[MFA] = {"long": None, "session": "false"}.get(value, "true")
            found[AGE] = str(age) if isinstance(age, int) else None
        else:
            found[key] = value
    tags = [key.partition("/")[2] for key in (TEAM, ENV, OTHER) if found.get(key) is not None]
    return {**found, TAG_KEYS: tags or None}


def places(small: Small, facts: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of the keys that facts speak of."""
    names = {_FACT.fullmatch(fact)["key"] for fact in facts}  # type: ignore[index]
    if AGE in names:
        names = {MFA, *names} - {AGE}
    return tuple(sorted(small.keys.index(name) for name in names))


def telling(small: Small, told: Facts, *more: object) -> str:
    return "\n".join(map(str, (small, told, *more)))


# --- The laws


def check_no(small: Small) -> None:
    """Assert that what is told of a no is sound, minimal and complete."""
    told = small.told()
    numbers = range(len(small.keys))
    minimal: set[tuple[int, ...]] = set()
    for moved in chain.from_iterable(combinations(numbers, n) for n in range(1, len(numbers) + 1)):
        if any(set(other) <= set(moved) for other in minimal):
            continue
        allowed = {s for s in small.settings(moved) if small.is_allowed(s)}
        sets = [facts for facts in told.sets if places(small, facts) == moved]
        if allowed:
            minimal.add(moved)
        for setting in small.settings(moved):
            keys = context_keys(small, setting)
            is_told = any(all(says(fact, keys) for fact in facts) for facts in sets)
            if is_told or told.complete:
                assert is_told is (setting in allowed), telling(small, told, keys)
    assert {places(small, facts) for facts in told.sets} <= minimal, telling(small, told, minimal)


def check_yes(small: Small) -> None:
    """Assert that what is told of a yes is enough for it, and no more than enough."""
    told = small.told()
    numbers = range(len(small.keys))
    domains = [small.domain(key) for key in small.keys]
    if OTHER in small.keys and OTHER not in str(told):
        domains[small.keys.index(OTHER)] = (None,)  # tags that no policy speaks of stay away
    every = [s for s in product(*domains) if not small.is_allowed(s)]
    enough: list[set[int]] = []
    for kept in chain.from_iterable(combinations(numbers, n) for n in range(len(numbers) + 1)):
        if any(other <= set(kept) for other in enough):
            continue
        if not any(all(s[n] == small.asked_with[n] for n in kept) for s in every):
            enough.append(set(kept))
    sets = [set(places(small, facts)) for facts in told.sets]
    assert sorted(map(sorted, sets)) == sorted(sorted(s) for s in enough if s), telling(
        small, told, enough
    )
    keys = context_keys(small, small.asked_with)
    assert all(says(fact, keys) for facts in told.sets for fact in facts), telling(small, told)


def check(small: Small) -> None:
    """Assert what is to be said of an answer."""
    (check_yes if small.is_allowed(small.asked_with) else check_no)(small)


@given(smalls(is_call=False))
def test_facts_of_requests_are_those_that_trying_all_finds(small: Small) -> None:
    check(small)


@given(smalls(is_call=True))
def test_facts_of_calls_are_those_that_trying_all_finds(small: Small) -> None:
    check(small)


# --- The same of one key at a time, in worlds with all that there can be in them

ONE_KEY: dict[str, tuple[str | None, ...]] = {
    **{
        key: strategies.FACTS[key]
        for key in ("aws:SourceIp", "aws:RequestedRegion", "aws:UserAgent")
    },
    "aws:SourceVpce": ("vpce-1", "vpce-2", None),
    "aws:PrincipalTag/team": ("red", "Red", "blue", None),
}


def check_one_key(asked: Asked, text: str) -> None:
    """Assert that each change of one key with which a no becomes a yes is told."""
    found = asked_facts(asked)
    if found is None or not found.complete:
        return
    for key, values in ONE_KEY.items():
        if key.lower() not in text.lower() or not can_have(asked, key.lower()):
            continue
        sets = [facts for facts in found.sets if _keys(facts) == {key.lower()}]
        for value in values:
            changed = asked._replace(context={**without(asked, (key.lower(),)), key: value})
            if outcome_of(changed) is Outcome.ALLOWED:
                told = any(all(says(fact, {key: value}) for fact in facts) for facts in sets)
                is_asked = {k.lower(): v for k, v in asked.context.items()}.get(
                    key.lower(), ()
                ) == value
                assert told or is_asked, (asked, text, found, key, value)


def _keys(facts: tuple[str, ...]) -> set[str]:
    found = [_FACT.fullmatch(fact) for fact in facts]
    return {match["key"].lower() for match in found if match}


def asked_facts(asked: Asked) -> Facts | None:
    """Return what is told of a no that policies say."""
    if isinstance(asked, Question):
        evaluation = simulate(asked)
        is_no = evaluation.decision.outcome is not Outcome.ALLOWED
        return allowed_if(asked, (evaluation,)) if is_no else None
    answer = answer_to(asked)
    is_no = answer.outcome not in (Outcome.ALLOWED, Outcome.ERROR)
    return allowed_if(asked, answer.evaluations) if is_no else None


@given(questions.asks())
def test_each_single_key_that_lets_a_request_pass_is_told(ask: questions.Ask) -> None:
    check_one_key(ask.question, json.dumps(ask.world))


@given(strategies.cases())
def test_each_single_key_that_lets_a_call_pass_is_told(case: strategies.Case) -> None:
    check_one_key(worlds.call(*case), json.dumps(case.world))

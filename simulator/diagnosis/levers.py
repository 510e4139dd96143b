"""What can be otherwise about a request: facts that hang on how, when and whence it is asked.

A lever is a fact, or several that are only had together: whether there is MFA and how old it is,
the time in both of its keys, a tag of a role under both of its names, the organization of caller
and resource in one account. Who calls, and what the resource is called, can be no other.

The options of a lever are the values that the tests of the policies tell apart
(`matcher/samples.py`), and that there is none, as far as such a request can have them.
"""

from __future__ import annotations

from itertools import combinations, islice, product
from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog import keys
from simulator.catalog.keys import is_multivalued
from simulator.diagnosis.asked import of_call, of_question
from simulator.diagnosis.changes import (
    FIXED,
    PARAMETERS,
    change_of,
    mfa_device,
    with_code,
    without,
)
from simulator.diagnosis.possible import can_have, is_always_there
from simulator.diagnosis.variables import solved, variables_of
from simulator.matcher.meeting import common_text
from simulator.matcher.samples import MOST_VALUES, instances, samples
from simulator.policy.variables import read_template
from simulator.request.caller import Caller, Credentials
from simulator.request.context import Several
from simulator.request.principal import User
from simulator.sts.call import Call
from simulator.sts.operations import UNSIGNED
from simulator.sts.parameters import TAKES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simulator.diagnosis.asked import Asked, Change
    from simulator.policy.model import ConditionTest
    from simulator.policy.variables import Template
    from simulator.request.context import RequestContext, Value
    from simulator.simulate import Question

_MFA = (keys.MFA_PRESENT, keys.MFA_AGE)
_TIME = ("aws:currenttime", "aws:epochtime")
_ORGANIZATION = ("aws:principalorgid", "aws:resourceorgid")
_TAG_KEYS, _REQUEST_TAG = "aws:tagkeys", "aws:requesttag/"
_RESOURCE_TAGS = ("aws:resourcetag/", "iam:resourcetag/")
_TRANSITIVE = "sts:transitivetagkeys"
_ENDPOINT = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip")
_ANY = "any-value"
#: Stands for any value of a tag of which only the key matters, and for any tag.
ANY_TAG = "any"
_MOST_TEXTS = 100  # values of one key
_MOST_PAIRS = 20  # pairs of patterns that may have to be met together
_LONGEST = 100  # characters of such a pattern
_MOST_MEMBERS = 4  # of a key with several values all sets are tried
_NOTHING = "no value"


class Asking(NamedTuple):
    """A condition test, and whether `${…}` in it is a variable."""

    test: ConditionTest
    variables: bool

    @property
    def key(self) -> str:
        """The key that it asks for, in lower case."""
        return self.test.key.lower()


class Named(NamedTuple):
    """A pattern with variables of a statement's resources, and the resource asked for."""

    pattern: str
    resource: str


class Lever(NamedTuple):
    """One thing that can be otherwise: its keys as policies write them, and ways to change it.

    The first option is as it is asked.
    """

    keys: tuple[str, ...]
    options: tuple[Change, ...]


def group_of(asked: Asked, key: str, *, same_account: bool) -> str:
    """Return the name of the lever by which a key, in lower case, is moved."""
    for together in (_MFA, _TIME, _ORGANIZATION):
        if key in together and (same_account or together is not _ORGANIZATION):
            return together[0]
    if isinstance(asked, Call) and key.startswith(_RESOURCE_TAGS):
        return _RESOURCE_TAGS[0] + key.partition("/")[2]
    return key


def beside(asked: Asked, key: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Return the other levers on which a key depends, of those there are."""
    if isinstance(asked, Call) and key in (_TAG_KEYS, _TRANSITIVE):
        return tuple(group for group in groups if group.startswith(_REQUEST_TAG))
    wanted = {
        "aws:sourceip": _ENDPOINT,
        "aws:viaawsservice": ("aws:calledvia",),
        "aws:tokenissuetime": (keys.MFA_PRESENT,),
    }.get(key, ())
    return tuple(group for group in groups if group in wanted)


def levers(
    asked: Asked,
    context: RequestContext,
    tests: Sequence[Asking],
    named: Sequence[Named],
    *,
    same_account: bool,
) -> tuple[dict[str, Lever], bool]:
    """Return what can be otherwise about what is asked, by the names of `group_of`.

    Beside it, whether all values that make a difference are among the options.
    """
    texts = _texts(context, tests, named)
    names = {**{name.lower(): name for name in _passed(asked)}, **_names(context, tests, named)}
    groups: dict[str, dict[str, str]] = {}
    for key, name in names.items():
        if key not in FIXED:
            groups.setdefault(group_of(asked, key, same_account=same_account), {})[key] = name
    found: dict[str, Lever] = {}
    for group, members in groups.items():
        values = {name: tuple(texts.get(key, ())) for key, name in members.items()}
        options = tuple(_options(asked, context, group, values))
        if options:
            found[group] = Lever(tuple(members.values()), (_as_asked, *options))
    return found, texts.complete


def _as_asked(asked: Asked) -> Asked:
    return asked


def _passed(asked: Asked) -> Iterator[str]:
    """Yield the keys of parameters that bring an action with them, which may not be allowed."""
    if isinstance(asked, Call):
        if asked.parameters.source_identity:
            yield "sts:SourceIdentity"
        yield from (f"aws:RequestTag/{tag}" for tag, _ in asked.parameters.tags)


def _tags(test: ConditionTest, context: RequestContext) -> Iterator[str]:
    """Yield the tags that a test on the keys of all tags asks for; if for any, that it does."""
    if test.key.lower() in (_TAG_KEYS, _TRANSITIVE):
        yield from instances(test, context, variables=False) or (ANY_TAG,)


def _names(
    context: RequestContext, tests: Sequence[Asking], named: Sequence[Named]
) -> dict[str, str]:
    """Return the keys that are asked for, in lower case, as they are first written."""
    found: dict[str, str] = {}
    for test, variables in tests:
        found.setdefault(test.key.lower(), test.key)
        for tag in _tags(test, context):
            found.setdefault(f"{_REQUEST_TAG}{tag.lower()}", f"aws:RequestTag/{tag}")
        for text in test.values.items if variables else ():
            found.update({v.key: found.get(v.key, v.written) for v in variables_of(text)})
    for pattern, _ in named:
        found.update({v.key: found.get(v.key, v.written) for v in variables_of(pattern)})
    return found


class _Texts(dict[str, dict[str, None]]):
    """The values of each key that make a difference, in the order in which they were found.

    They are `complete` unless there were too many.
    """

    complete = True

    def add(self, key: str, values: Iterable[str]) -> None:
        """Keep some values of a key; a variable that nothing stands for is none."""
        known = self.setdefault(key, {})
        for value in values:
            if len(known) >= _MOST_TEXTS and value not in known:
                self.complete = False
                return
            if "${" not in value:
                known.setdefault(value)


def _texts(context: RequestContext, tests: Sequence[Asking], named: Sequence[Named]) -> _Texts:
    """Return the values of each key that make a difference; those a policy names come first."""
    found = _Texts()
    for asking in tests:
        found.add(asking.key, instances(asking.test, context, variables=asking.variables))
    for pattern, resource in named:
        for variable, value in solved(pattern, resource):
            found.add(variable.key, (value,))
    linked = [each for each in tests if each.variables and _variables(each.test)]
    for asking in linked:
        mine = (*(context.values(asking.key) or ()), *found[asking.key])
        _solve(found, asking.test, mine[:MOST_VALUES])
    for asking in tests:
        found.add(asking.key, samples(asking.test, context, variables=asking.variables))
    for asking in linked:
        _fill(found, asking.test, context)
    for key, lists in _by_key(tests).items():
        _meet(found, key, tuple(lists))
    return found


def _by_key(tests: Sequence[Asking]) -> dict[str, dict[tuple[str, ...], None]]:
    """Return the lists of values of the tests of each key."""
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for asking in tests:
        if asking.test.operator != "Null":
            found.setdefault(asking.key, {})[asking.test.values.items] = None
    return found


def _meet(found: _Texts, key: str, lists: Sequence[tuple[str, ...]]) -> None:
    """Add values that fit patterns of several tests of a key, and say where some may be missing."""
    if len(lists) > 1 and any(len(values) > MOST_VALUES for values in lists):
        found.complete = False
    wild = [[text for text in values if "*" in text or "?" in text] for values in lists]
    wild = [texts for texts in wild if texts]
    if len(wild) > 2:
        found.complete = False  # a value may have to fit three patterns at once
    pairs = (pair for one, two in combinations(wild, 2) for pair in product(one, two))
    for one, two in islice(pairs, _MOST_PAIRS):
        if max(len(one), len(two)) <= _LONGEST:
            text = common_text(_pattern(one), _pattern(two))
            found.add(key, () if text is None else (text,))


def _pattern(text: str) -> Template:
    return read_template(text, wildcards=True, variables=False)


def _solve(found: _Texts, test: ConditionTest, values: Iterable[str]) -> None:
    """Add what the variables of a test would have to be for its key to have some values."""
    texts = [text for text in test.values.items if "${" in text]
    found.complete = found.complete and len(texts) <= MOST_VALUES
    for value, text in product(values, texts[:MOST_VALUES]):
        for variable, meant in solved(text, value):
            found.add(variable.key, (meant,))


def _fill(found: _Texts, test: ConditionTest, context: RequestContext) -> None:
    """Add what the key of a test would have to be for its variables to have some values."""
    for key in _variables(test):
        found.add(key, (_ANY,))
        for value in tuple(found[key]):
            supposed = context.having({key: value})
            found.add(test.key.lower(), instances(test, supposed, variables=True))


def _variables(test: ConditionTest) -> frozenset[str]:
    return frozenset(v.key for text in test.values.items for v in variables_of(text))


def _options(
    asked: Asked, context: RequestContext, group: str, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Change]:
    if group == keys.MFA_PRESENT:
        yield from _mfa(asked, context, values)
    elif group == _TIME[0]:
        for name, texts in values.items():
            yield from (_together(asked, _TIME, {name: text}) for text in texts)
    elif len(values) > 1 or group.startswith(_RESOURCE_TAGS):
        yield from _alike(asked, context, group, values)
    else:
        ((name, texts),) = values.items()
        yield from _of_key(asked, context, name, texts)


def _alike(
    asked: Asked, context: RequestContext, group: str, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Change]:
    """Yield changes of several keys that always say the same."""
    tag = group.partition("/")[2]
    both = _ORGANIZATION if group in _ORGANIZATION else tuple(p + tag for p in _RESOURCE_TAGS)
    if not any(can_have(asked, key) for key in both):
        return
    texts = dict.fromkeys(text for found in values.values() for text in found)
    for value in (*texts, None):
        if any(context.known.get(key, _NOTHING) != value for key in map(str.lower, values)):
            yield _together(asked, both, dict.fromkeys(both, value))


def _together(_asked: Asked, both: tuple[str, ...], values: Mapping[str, Value]) -> Change:
    return lambda asked: asked._replace(context={**without(asked, both), **values})


def _of_key(
    asked: Asked, context: RequestContext, name: str, texts: tuple[str, ...]
) -> Iterator[Change]:
    key = name.lower()
    if isinstance(asked, Call) and key == _TAG_KEYS:
        return  # it follows from the tags, which can be others
    tag = isinstance(asked, Call) and key.startswith(_REQUEST_TAG)
    members = texts or ((ANY_TAG,) if tag else ())
    for value in (*(_values(key, members) if _is_possible(asked, key) else ()), None):
        present = context.presence(key)
        if context.known.get(key, _NOTHING) == value or (value is None and present is False):
            continue
        if value is None and present and is_always_there(asked, key):
            continue
        change = change_of(asked, name, value, "")
        if change is not None:
            yield change.applied


def _values(key: str, texts: tuple[str, ...]) -> Iterator[Value]:
    if not is_multivalued(key):
        yield from texts
        return
    most = len(texts) if len(texts) <= _MOST_MEMBERS else 2
    for size in range(1, most + 1):
        yield from map(Several, combinations(texts, size))


def _is_possible(asked: Asked, key: str) -> bool:
    """Whether such a request can have a key."""
    if not isinstance(asked, Call):
        return can_have(asked, key)
    # What a token or an assertion carries no parameter has to be taken for.
    field = "tags" if key.startswith(_REQUEST_TAG) else PARAMETERS.get(key, ("",))[0]
    carried = asked.operation in UNSIGNED and field not in ("", "external_id")
    if field and not carried:
        return field in TAKES[asked.operation]
    return bool(field) or can_have(asked, key)


def _mfa(
    asked: Asked, context: RequestContext, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Change]:
    """Yield the ways to be with or without MFA: a code, or sessions and keys of a user."""
    caller = asked.caller
    if not isinstance(caller, Caller) or not isinstance(caller.principal, User):
        if any(key.lower() in _MFA for key in asked.context):
            yield lambda asked: asked._replace(context=without(asked, _MFA))
        return
    device = mfa_device(caller.principal)
    if device is not None and _can_pass_code(asked):
        yield of_call(lambda call: with_code(call, device))
    ages = {0, *(int(text.partition(".")[0]) for text in _ages(values))}
    ages |= {age + 1 for age in ages}
    for age in sorted(ages):
        yield _by(Credentials.SESSION_TOKEN_WITH_MFA, age)
    if context.presence(keys.MFA_PRESENT):
        yield _by(Credentials.LONG_TERM, None)
    yield _by(Credentials.SESSION_TOKEN, None)


def _can_pass_code(asked: Asked) -> bool:
    """Whether a call can have an MFA code, and has none yet."""
    if not isinstance(asked, Call) or asked.parameters.serial_number is not None:
        return False
    return "serial_number" in TAKES[asked.operation]


def _ages(values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, texts in values.items():
        if name.lower() == keys.MFA_AGE:
            yield from (text for text in texts if text.partition(".")[0].isdigit())


def _by(credentials: Credentials, age: int | None) -> Change:
    """Return the change to other credentials of a user, without a code in the call."""

    def caller(asked: Asked) -> Caller:
        assert isinstance(asked.caller, Caller)  # noqa: S101 - only users have such a lever
        return asked.caller._replace(credentials=credentials, mfa_age_seconds=age)

    def call(asked: Call) -> Call:
        parameters = asked.parameters._replace(serial_number=None, token_code=None)
        return asked._replace(
            caller=caller(asked), context=without(asked, _MFA), parameters=parameters
        )

    def question(asked: Question) -> Question:
        return asked._replace(caller=caller(asked), context=without(asked, _MFA))

    return lambda asked: of_call(call)(of_question(question)(asked))

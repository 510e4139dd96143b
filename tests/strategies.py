"""Worlds that nearly match: what hypothesis draws for the twin and for the laws.

Everything comes from small pools in which the entries differ by one digit, one letter's case, a
path or a wildcard, so that a drawn statement applies to the drawn call about as often as not.
All documents are such as AWS would store.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from simulator.testing.makers import (
    Make,
    block,
    condition_test,
    make_session,
    make_user,
    maybe,
    one_or_list,
    tags,
    without_nothing,
)
from simulator.testing.pools import (
    ACCOUNTS,
    ARN,
    AWAY,
    COMMON_CONTEXT,
    COMMON_KEYS,
    DATE,
    HOME,
    LISTS,
    NAMES,
    NEAR,
    NUMERIC,
    OPERATORS,
    OTHER_ID,
    ROLE_ID,
    ROLES,
    SESSIONS,
    STRING,
    TAG_KEYS,
    TAG_TESTS,
    USER_ID,
    account_of,
    policy,
    role_arn,
    session_arn,
    user_arn,
)
from simulator.testing.strategies import bag, conditions, rarely
from simulator.testing.strategies import contexts as drawn_contexts
from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from simulator.sts.answer import Answer
    from simulator.testing.pools import Row

World = dict[str, Any]

__all__ = [
    "ALLOW_ALL",
    "ARN",
    "AWAY",
    "DATE",
    "HOME",
    "LISTS",
    "NEAR",
    "NUMERIC",
    "OPERATORS",
    "OTHER_ID",
    "ROLE_ID",
    "SESSIONS",
    "STRING",
    "USER_ID",
    "Case",
    "Make",
    "World",
    "account_of",
    "bag",
    "block",
    "policy",
    "role_arn",
    "session_arn",
    "user_arn",
]

ASSUME, TAG, SOURCE = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
ACTIONS = (ASSUME, TAG, SOURCE)
ROLE_ACTIONS = (
    *(ASSUME, ASSUME, "sts:*", "sts:*", "STS:assumerole", "sts:Assume*", "sts:?ssumeRole"),
    *(TAG, SOURCE, "sts:Tag*", "sts:Set*", "sts:AssumeRoleWithSAML", "sts:AssumeRole*"),
)
ANY_ACTIONS = (*ROLE_ACTIONS, "*", "*", "s3:Get*", "s*:AssumeRole", "s3:*", "iam:PassRole")


#: Values of the facts that nobody gives, such that each side of each test of the pools is there.
INSTANTS = ("2025-01-01T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z", "2030-01-01")
FACTS: dict[str, tuple[str, ...]] = {
    "aws:SourceIp": ("203.0.113.7", "203.0.113.200", "198.51.100.1", "10.0.0.1", "2001:db8::1"),
    "aws:CurrentTime": INSTANTS,
    "aws:EpochTime": INSTANTS,
    "aws:TokenIssueTime": INSTANTS,
    "aws:RequestedRegion": ("us-east-1", "eu-central-1", "ap-south-1"),
    "aws:UserAgent": ("aws-cli/2", "boto3", "*cli*", "aws-cli/2*"),
    "aws:userid": (USER_ID, f"{ROLE_ID}:ci", "AIDAEXAMPLEOTHER0001"),
    "sts:RoleSessionName": ("alice", "Alice", "alice-1", "ci", "bob", "deploy", "red"),
    "aws:MultiFactorAuthAge": ("0", "10", "300", "3600", "40000"),
}


class Case(NamedTuple):
    """A world, the parameters of the call and its further context."""

    world: World
    parameters: World
    context: World

    def dump(self, decision: str, **more: object) -> str:
        """Return the case as a conformance file has it, with the decision it is said to have."""
        case = {"id": "new", "with": self.parameters, "context": self.context}
        return json.dumps(
            {"given": self.world, "cases": [{**case, "decision": decision, **more}]}, indent=1
        )

    @property
    def answer(self) -> Answer:
        """What the engine says."""
        return worlds.answer(*self)

    @property
    def outcome(self) -> str:
        """What the engine decides."""
        return str(self.answer.outcome)

    @property
    def said(self) -> tuple[str, set[str]]:
        """What the engine decides, and the layers that said no."""
        answer = self.answer
        return str(answer.outcome), worlds.layers(answer)

    @property
    def same_account(self) -> bool:
        """Whether the caller is in the account of the role."""
        return account_of(self.world["caller"]["arn"]) == account_of(self.world["role"]["arn"])

    def having(self, **elements: object) -> Case:
        """Return the case with other elements of its world."""
        return self._replace(world={**self.world, **elements})

    def passing(self, **parameters: object) -> Case:
        """Return the case with other parameters; nothing as a value leaves one out."""
        changed = {**self.parameters, **parameters}
        return self._replace(parameters={k: v for k, v in changed.items() if v is not None})

    def knowing(self, **keys: object) -> Case:
        """Return the case with further context."""
        return self._replace(context={**self.context, **keys})

    def mapped(self, change: Callable[[World], World], *layers: str) -> Case:
        """Return the case with each document of some layers changed, of all if none is named."""
        wanted = layers or LAYERS
        changed = {layer: _mapped(self.world.get(layer), change) for layer in wanted}
        return self.having(**{k: v for k, v in changed.items() if k in self.world})

    def mentions(self, *words: str) -> bool:
        """Whether one of the documents has one of the words, in any letter case."""
        text = json.dumps([self.world.get(layer) for layer in LAYERS]).lower()
        return any(word.lower() in text for word in words)

    def adding(self, layer: str, statement: World) -> Case:
        """Return the case with a statement more in the first document of a layer.

        There must be a document, but of identity policies and RCPs, of which there are always some.
        """
        found = self.world.get(layer)
        if layer == "identity":
            return self.having(identity=[*(found or []), policy(statement)])
        if layer == "rcps":
            return self.having(rcps=[*(found or []), [policy(statement)]])
        changed, _ = first_changed(found, lambda document: more(document, statement))
        return self.having(**{layer: changed})

    def open_facts(self) -> dict[str, tuple[str, ...]]:
        """Return the facts that can be otherwise: nobody gave them and nothing implies them."""
        caller, parameters = self.world["caller"], self.parameters
        given_keys = {key.lower() for key in self.context}
        with_mfa = caller.get("credentials") == "session_token_with_mfa"
        age_known = "mfa_age_seconds" in caller or "serial_number" in parameters
        temporary = "credentials" in caller or ":iam:" not in caller["arn"]
        fixed = {
            "aws:userid": "unique_id" in caller,
            "aws:CurrentTime": "aws:epochtime" in given_keys,
            "aws:EpochTime": "aws:currenttime" in given_keys,
            "sts:RoleSessionName": "role_session_name" in parameters,
            "aws:MultiFactorAuthAge": age_known or not with_mfa,
            "aws:TokenIssueTime": not temporary,
            "aws:SourceIp": "aws:sourcevpce" in given_keys,
        }
        return {
            key: values
            for key, values in FACTS.items()
            if not fixed.get(key) and key.lower() not in given_keys
        }

    def known_worlds(self) -> Iterator[Case]:
        """Yield the case with values for all open facts, each value of each fact at least twice."""
        facts = self.open_facts()
        facts.pop("aws:EpochTime", None)  # follows from the current time
        for turn in range(max(map(len, facts.values()), default=0)):
            for step in (1, 2):
                chosen = {
                    key: values[(turn * step + place) % len(values)]
                    for place, (key, values) in enumerate(facts.items())
                }
                yield self.knowing(**chosen)


LAYERS = ("trust", "identity", "boundary", "session_policies", "scps", "rcps")
#: A Deny that hangs on an open fact turns one no into another.
CONSISTENT = {name: {name} for name in ("allowed", "explicitDeny", "error")}
CONSISTENT["implicitDeny"] = {"implicitDeny", "explicitDeny"}


def _mapped(found: Any, change: Callable[[World], World]) -> Any:  # noqa: ANN401 - as deep as levels
    if isinstance(found, list):
        return [_mapped(one, change) for one in found]
    return change(found) if found else found


def first_changed(found: Any, change: Callable[[World], World]) -> tuple[Any, bool]:  # noqa: ANN401
    """Return documents with the first of them changed, and whether there was one."""
    if not isinstance(found, list):
        return (change(found), True) if found else (found, False)
    for place, one in enumerate(found):
        changed, done = first_changed(one, change)
        if done:
            return [*found[:place], changed, *found[place + 1 :]], True
    return found, False


def more(document: World, statement: World) -> World:
    """Return a document with a statement more."""
    return {**document, "Statement": [*statements_of(document), statement]}


def statements_of(document: World) -> list[World]:
    """Return the statements of a document, also where it has one that is no list."""
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - a value or a list
    """Return a list; a bare value means the list of one."""
    return value if isinstance(value, list) else [value]


ALLOW_ALL = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
DENY_ALL = policy({"Effect": "Deny", "Action": "*", "Resource": "*"})


# --- Conditions

NEGATED = tuple(name for name in OPERATORS if "Not" in name)
#: Operators with the operator that says the opposite.
NEGATION = {
    **{name: name.replace("Equals", "NotEquals", 1) for name in ("StringEquals", "ArnEquals")},
    **{name: name.replace("Like", "NotLike") for name in ("StringLike", "ArnLike")},
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
}
POSITIVE = tuple(name for name in OPERATORS if "Not" not in name)

# What only an AssumeRole call has, and tests of it.
ROLE_KEYS: tuple[Row, ...] = (
    ("sts:ExternalId", STRING, ("Ext-42", "ext-42", "Ext-*", "")),
    ("sts:RoleSessionName", STRING, NAMES),
    ("sts:SourceIdentity", STRING, NAMES),
    ("iam:ResourceTag/team", STRING, TAG_TESTS),
    ("sts:TransitiveTagKeys", STRING, (*TAG_KEYS, "t*")),
)
KEYS = (*ROLE_KEYS, *COMMON_KEYS)

#: Condition tests: the operator as written, the key, its values.
tests = bag(partial(condition_test, KEYS), 6000)


# --- Callers and roles


def _caller(dice: Random) -> World:
    account, kind = dice.choice(ACCOUNTS), dice.randrange(40)
    if kind == 7:
        return {"arn": f"arn:aws:iam::{account}:root"}
    if kind == 8:
        return {"arn": f"arn:aws:sts::{account}:federated-user/alice"}
    caller = make_user(dice, account) if kind % 2 else make_session(dice, account)
    if dice.randrange(3) == 0:
        caller["tags"] = tags(dice)
        if ":assumed-role/" in caller["arn"]:
            caller["transitive_tag_keys"] = maybe(dice, 2, (["team"], ["TEAM"], ["env"]))
    return without_nothing(caller)


#: Somebody who can call: mostly a user or a role session.
callers = bag(_caller, 2000)


def _role(dice: Random) -> World:
    return without_nothing(
        {
            "arn": role_arn(dice.choice(ACCOUNTS), dice.choice(ROLES)),
            "tags": tags(dice) if dice.randrange(3) == 0 else None,
            "max_session_duration": maybe(dice, 4, (7200, 43200)),
            "exists": maybe(dice, 40, (False,)),
        }
    )


#: The role to be assumed.
roles = bag(_role, 500)


def own_role(caller: World) -> str:
    """Return the ARN of the role of a session; of anybody else the own ARN."""
    if ":assumed-role/" not in caller["arn"]:
        return str(caller["arn"])
    account, role = account_of(caller["arn"]), caller["arn"].split("/")[1]
    return str(caller.get("role_arn") or role_arn(account, role))


# --- Documents

#: Stand for what the caller and the role of a world are called.
MY_ACCOUNT, MY_ARN, MY_ROLE, MY_ID = "MY_ACCOUNT", "MY_ARN", "MY_ROLE", "MY_ID"
MY_NAMES = (MY_ACCOUNT, f"arn:aws:iam::{MY_ACCOUNT}:root", MY_ARN, MY_ROLE, MY_ID, "*")
OTHERS = (
    *(HOME, NEAR, AWAY, f"arn:aws:iam::{NEAR}:root", OTHER_ID, user_arn(HOME, "alice")),
    *(user_arn(HOME, "alice-admin"), user_arn(NEAR, "alice"), user_arn(HOME, "Alice")),
    *(role_arn(HOME, "deploy"), role_arn(HOME, "team/deploy"), session_arn(HOME, "deploy", "ci")),
    *(session_arn(HOME, "deploy", "CI"), role_arn(HOME, "Deploy")),
)
#: Patterns for a role's ARN: about half of them match it.
ROLE, OWNER, NAME, LAST, CUT, SWAPPED = "ROLE", "OWNER", "NAME", "LAST", "CUT", "SWAPPED"
RESOURCES = (
    *(ROLE, ROLE, ROLE, "*", "*", role_arn(OWNER, "*"), role_arn("*", NAME), "arn:*:iam::*:*"),
    *(role_arn("*", f"*{LAST}"), role_arn(OWNER, f"{CUT}?"), role_arn(OWNER, LAST)),
    *(role_arn(OWNER, SWAPPED), role_arn(NEAR, NAME), role_arn(OWNER, CUT), "arn:*:*:*:*:*"),
    *(role_arn(OWNER, "${aws:username}"), role_arn(OWNER, "${aws:PrincipalTag/team}*")),
    *(role_arn(OWNER, f"${{aws:PrincipalTag/team, '{NAME}'}}"), f"{ROLE}${{*}}", f"{ROLE}-*"),
    *(role_arn(OWNER, "${sts:RoleSessionName}"), "arn:aws:s3:::bucket/*"),
)
SHORT = ("arn:aws:iam", "arn:aws:sts", "arn:*:*:*:*")


def _scope(pool: tuple[str, ...], resource_pool: tuple[str, ...]) -> Make:
    def make(dice: Random) -> World:
        action = dice.choice(("Action",) * (12 if resource_pool else 20) + ("NotAction",))
        made = {action: one_or_list(dice, pool)}
        if resource_pool:
            resource = dice.choice((*("Resource",) * 12, "NotResource"))
            made[resource] = one_or_list(dice, resource_pool)
        return made

    return make


def _principal(dice: Random) -> World:
    service = {"Service": "ec2.amazonaws.com"} if dice.randrange(12) == 0 else {}
    return {"AWS": one_or_list(dice, (*MY_NAMES * 5, *OTHERS)), **service}


_principals = bag(_principal, 2000)
_role_actions = bag(_scope(ROLE_ACTIONS, ()), 2000)
_any_scope = bag(_scope(ANY_ACTIONS, (*RESOURCES, *SHORT)), 4000)
_full_scope = bag(_scope(ANY_ACTIONS, RESOURCES), 4000)


def named(value: Any, caller: World, role: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value in which the words that stand for caller and role are replaced."""
    if isinstance(value, dict):
        return {key: named(inner, caller, role) for key, inner in value.items()}
    if isinstance(value, list):
        return [named(inner, caller, role) for inner in value]
    name = role.split(":role/")[1]
    for word, meant in (
        (MY_ACCOUNT, account_of(caller["arn"])),
        (MY_ARN, caller["arn"]),
        (MY_ROLE, own_role(caller)),
        (MY_ID, caller.get("unique_id", OTHER_ID)),
        (ROLE, role),
        (OWNER, account_of(role)),
        (NAME, name),
        (LAST, name.rsplit("/", maxsplit=1)[-1]),
        (CUT, name[:-1]),
        (SWAPPED, name.swapcase()),
    ):
        value = value.replace(word, meant)
    return value


@st.composite
def statements(draw: st.DrawFn, layer: str, caller: World, role: str) -> World:
    """Return a statement of a policy of a layer."""
    made: World = {"Effect": "Deny" if layer == "rcp" or rarely(draw, 8) else "Allow"}
    if layer == "rcp":
        made |= {"Principal": "*"}
    if layer == "trust":
        made |= {"Principal": named(draw(_principals), caller, role), **draw(_role_actions)}
    else:
        scope = _full_scope if layer in ("session", "session_policies", "rcp") else _any_scope
        made |= named(draw(scope), caller, role)
    return {**made, "Condition": draw(conditions(KEYS))} if draw(st.booleans()) else made


_versions = st.sampled_from(("2012-10-17",) * 8 + ("2008-10-17", None))


@st.composite
def documents(draw: st.DrawFn, layer: str, caller: World, role: str, *, most: int = 3) -> World:
    """Return a policy document of a layer."""
    found = draw(st.lists(statements(layer, caller, role), min_size=1, max_size=most))
    made = policy(*found, version=draw(_versions))
    if len(found) == 1 and rarely(draw, 4):
        made["Statement"] = found[0]
    return made


def limit(layer: str, caller: World, role: str) -> st.SearchStrategy[World]:
    """Return a document that limits: half the time one that allows everything."""
    return st.just(ALLOW_ALL) | documents(layer, caller, role)


# --- Calls


def _parameters(dice: Random) -> World:
    made: World = {
        "role_session_name": maybe(dice, 2, ("ci", "alice", "alice-1")),
        "external_id": maybe(dice, 3, ("Ext-42", "ext-42", "Ext-43")),
        "duration_seconds": maybe(dice, 6, (900, 3600, 3601, 7200, 43200)),
        "source_identity": maybe(dice, 6, ("alice", "bob", "ci")),
    }
    if dice.randrange(5) == 0:
        made["tags"] = tags(dice)
        keys = sorted(made["tags"])
        made["transitive_tag_keys"] = keys[: dice.randint(0, len(keys))]
    return without_nothing(made)


def _mfa_parameters(dice: Random) -> World:
    kind, code = dice.randrange(30), {"token_code": "123456"}
    if kind < 5:
        return {"serial_number": MY_DEVICE, **code}
    if kind == 5:
        return {"serial_number": f"arn:aws:iam::{AWAY}:mfa/alice", **code}
    return code if kind == 6 else {}


MY_DEVICE = "MY_DEVICE"
_plain_parameters = bag(_parameters, 2000)
_user_parameters = bag(lambda dice: _parameters(dice) | _mfa_parameters(dice), 2000)


@st.composite
def parameters(draw: st.DrawFn, caller: World) -> World:
    """Return well-formed parameters; a parameter not passed is left out."""
    arn = caller["arn"]
    made = draw(_user_parameters if ":user/" in arn else _plain_parameters)
    if made.get("serial_number") == MY_DEVICE:
        device = f"arn:aws:iam::{account_of(arn)}:mfa/{arn.rsplit('/', maxsplit=1)[-1]}"
        return {**made, "serial_number": device}
    return dict(made)


#: Further context of a call; nothing as a value says that the key is absent.
contexts = drawn_contexts((*COMMON_CONTEXT, ("sts:RoleSessionName", ("ci", "alice"))))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a world with a call in it."""
    caller, role = draw(callers), draw(roles)
    arn = role["arn"]
    world: World = {
        "caller": caller,
        "role": role,
        "trust": draw(documents("trust", caller, arn)),
        "identity": draw(
            st.just([])
            | st.just([ALLOW_ALL])
            | st.lists(documents("identity", caller, arn), min_size=1, max_size=2)
        ),
    }
    also = draw(st.integers(0, 19))
    if also in (3, 4, 5, 6):
        world["boundary"] = draw(limit("boundary", caller, arn))
    if also == 7:
        world["identity"] = None
    if ":assumed-role/" in caller["arn"] and also in (6, 8, 9, 10, 11):
        world["session_policies"] = [draw(limit("session", caller, arn))]
    if also in (5, 11, 12, 13, 14):
        level = st.lists(limit("scp", caller, arn), min_size=1, max_size=2)
        world["scps"] = draw(st.lists(level, min_size=1, max_size=2))
    if also in (14, 15, 16):
        world["rcps"] = [[draw(documents("rcp", caller, arn, most=1))]]
    return Case(world, draw(parameters(caller)), dict(draw(contexts)))


def _known(case: Case) -> Case:
    facts = {key: values[0] for key, values in case.open_facts().items() if key != "aws:EpochTime"}
    identity = case.world["identity"] or []
    return case.having(identity=identity)._replace(context={**facts, **case.context})


def known_cases() -> st.SearchStrategy[Case]:
    """Return cases in which no fact is open, so that each is either allowed or denied."""
    return cases().map(_known)

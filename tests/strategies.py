"""Worlds that nearly match: what hypothesis draws for the twin and for the laws.

Everything comes from small pools in which the entries differ by one digit, one letter's case, a
path or a wildcard, so that a drawn statement applies to the drawn call about as often as not.
All documents are such as AWS would store.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.sts.assume_role import Answer

World = dict[str, Any]

HOME, NEAR, AWAY = "111111111111", "111111111112", "222222222222"
ACCOUNTS = (HOME, HOME, HOME, HOME, NEAR, AWAY)
USERS = ("alice", "alice", "Alice", "alice-admin", "team/alice")
ROLES = ("deploy", "deploy", "Deploy", "deploy-prod", "team/deploy", "alice")
SESSIONS = ("ci", "ci", "CI", "alice")
USER_ID, ROLE_ID, OTHER_ID = "AIDAEXAMPLEALICE0001", "AROAEXAMPLEDEPLOY001", "AROAEXAMPLEDEPLOY002"
TAG_KEYS = ("team", "Team", "env")
TAG_VALUES = ("red", "Red", "blue", "alice", "")

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
        changed, _ = _first_changed(found, lambda document: _more(document, statement))
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


def _first_changed(found: Any, change: Callable[[World], World]) -> tuple[Any, bool]:  # noqa: ANN401
    if not isinstance(found, list):
        return (change(found), True) if found else (found, False)
    for place, one in enumerate(found):
        changed, done = _first_changed(one, change)
        if done:
            return [*found[:place], changed, *found[place + 1 :]], True
    return found, False


def _more(document: World, statement: World) -> World:
    return {**document, "Statement": [*statements_of(document), statement]}


def statements_of(document: World) -> list[World]:
    """Return the statements of a document, also where it has one that is no list."""
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - a value or a list
    """Return a list; a bare value means the list of one."""
    return value if isinstance(value, list) else [value]


def account_of(arn: str) -> str:
    """Return the account in an ARN."""
    return arn.split(":")[4]


def user_arn(account: str, name: str) -> str:
    """Return the ARN of a user."""
    return f"arn:aws:iam::{account}:user/{name}"


def role_arn(account: str, name: str) -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def session_arn(account: str, role: str, session: str) -> str:
    """Return the ARN of a session, in which the role has no path."""
    return f"arn:aws:sts::{account}:assumed-role/{role.rsplit('/', maxsplit=1)[-1]}/{session}"


def policy(*statements: World, version: str | None = "2012-10-17") -> World:
    """Return a policy document."""
    return (
        {"Version": version, "Statement": list(statements)}
        if version
        else {"Statement": list(statements)}
    )


ALLOW_ALL = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
DENY_ALL = policy({"Effect": "Deny", "Action": "*", "Resource": "*"})


def rarely(draw: st.DrawFn, chances: int) -> bool:
    """Return true once in so many times; the ends of a range are drawn too often for that."""
    return draw(st.integers(0, chances - 1)) == (chances + 1) // 2


def optional(draw: st.DrawFn, chances: int, strategy: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401
    """Return a drawn value once in so many times, otherwise nothing."""
    return draw(strategy) if rarely(draw, chances) else None


def one_or_list(pool: tuple[Any, ...], least: int = 1, most: int = 3) -> st.SearchStrategy[Any]:
    """Return one entry of a pool, bare or in a list, or several."""
    some = st.sampled_from(pool)
    return some | some | st.lists(some, min_size=least, max_size=most)


# --- Conditions

TEXTS = ("alice", "Alice", "alice-*", "ali?e", "*", "bob", "ci", "", "${aws:username}")
VARIABLES = (
    *("${aws:username}", "${aws:PrincipalTag/team}", "${aws:username, 'alice'}", "${*}"),
    *("${sts:RoleSessionName}", "${AWS:PRINCIPALTAG/TEAM, 'red'}", "x${$}{aws:username}"),
)
NAMES = (*TEXTS, *VARIABLES)
TAG_TESTS = (*TAG_VALUES, "R?d", "r*", "r*d", "${aws:PrincipalTag/team}", "${aws:RequestTag/team}")
PRINCIPAL_ARNS = (
    *(user_arn(HOME, "alice"), user_arn(HOME, "*"), role_arn(HOME, "deploy"), "*"),
    *(role_arn("*", "team/*"), role_arn(HOME, "${aws:username}"), "arn:aws:iam::*:*", "arn:*"),
    *(role_arn("1111111111??", "*deploy*"), user_arn(HOME, "${aws:username}")),
)
NUMBERS = ("0", "10", "10.0", "3600", "300", 10, 300, "ten", "-1", "1e2")
DATES = (
    *("2026-11-24T00:00:00Z", "2026-11-24T01:00:00+01:00", "1795478400", "2026-11-24"),
    *("2026", "2027-01-01T00:00:00.5Z", "2026-11-24T00:00:00", "soon", "1795478401"),
)
ADDRESSES = (
    *("203.0.113.0/24", "203.0.113.7", "203.0.113.7/32", "203.0.113.9/25", "0.0.0.0/0"),
    *("2001:db8::/32", "2001:db8::1", "10.0.0.0/8", "here", "203.0.113.128/25"),
)
FLAGS = ("true", "false", True, False, "True", "yes")
BYTES = ("QUJD", "QUJE", "QUJDRA==", "!")
REGIONS = ("us-east-1", "eu-*", "eu-central-1", "*")
ORGS = ("o-1111111111", "o-2222222222", "o-*")

STRING = (
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
    *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
)
COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
NUMERIC = tuple(f"Numeric{name}" for name in COMPARED)
DATE = tuple(f"Date{name}" for name in COMPARED)
ARN = ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike")
IP = ("IpAddress", "NotIpAddress")
OPERATORS = (*STRING, *NUMERIC, *DATE, *ARN, *IP, "Bool", "BinaryEquals")
NEGATED = tuple(name for name in OPERATORS if "Not" in name)
POSITIVE = tuple(name for name in OPERATORS if "Not" not in name)

# Key, operators that suit it, values to compare it with.
KEYS: tuple[tuple[str, tuple[str, ...], tuple[Any, ...]], ...] = (
    ("sts:ExternalId", STRING, ("Ext-42", "ext-42", "Ext-*", "")),
    ("sts:RoleSessionName", STRING, NAMES),
    ("aws:username", STRING, NAMES),
    ("aws:userid", STRING, (USER_ID, f"{ROLE_ID}:*", f"{ROLE_ID}:ci", "*")),
    ("aws:SourceIdentity", STRING, NAMES),
    ("sts:SourceIdentity", STRING, NAMES),
    ("aws:PrincipalTag/team", STRING, TAG_TESTS),
    ("aws:RequestTag/team", STRING, TAG_TESTS),
    ("aws:ResourceTag/team", STRING, TAG_TESTS),
    ("iam:ResourceTag/team", STRING, TAG_TESTS),
    ("aws:PrincipalAccount", STRING, (HOME, NEAR, "1111111111*", "${aws:ResourceAccount}")),
    ("aws:ResourceAccount", STRING, (HOME, NEAR, AWAY, "${aws:PrincipalAccount}")),
    ("aws:PrincipalType", STRING, ("User", "AssumedRole", "user", "*")),
    ("aws:PrincipalOrgID", STRING, ORGS),
    ("aws:ResourceOrgID", STRING, ORGS),
    ("aws:PrincipalArn", (*ARN, *ARN, *STRING), PRINCIPAL_ARNS),
    ("aws:MultiFactorAuthPresent", ("Bool",), FLAGS),
    ("aws:SecureTransport", ("Bool",), FLAGS),
    ("aws:MultiFactorAuthAge", NUMERIC, NUMBERS),
    ("app:Count", NUMERIC, NUMBERS),
    ("aws:CurrentTime", DATE, DATES),
    ("aws:EpochTime", (*DATE, *NUMERIC), DATES),
    ("aws:TokenIssueTime", DATE, DATES),
    ("aws:SourceIp", IP, ADDRESSES),
    ("aws:RequestedRegion", STRING, REGIONS),
    ("aws:UserAgent", STRING, ("aws-cli/2", "*cli*")),
    ("app:Blob", ("BinaryEquals",), BYTES),
    ("aws:TagKeys", STRING, (*TAG_KEYS, "*", "${aws:username}")),
    ("sts:TransitiveTagKeys", STRING, (*TAG_KEYS, "t*")),
    ("app:List", STRING, TEXTS),
)
LISTS = frozenset({"aws:TagKeys", "sts:TransitiveTagKeys", "app:List"})


@st.composite
def tests(draw: st.DrawFn) -> tuple[str, str, Any]:
    """Return one condition test: the operator as written, the key, its values."""
    key, suited, values = draw(st.sampled_from(KEYS))
    written = draw(st.sampled_from((key, key, key, key.lower(), key.upper())))
    unusual = draw(st.integers(-4, 9))
    if unusual == 1:
        quantifier = draw(st.sampled_from(("", "", "", "ForAllValues:", "ForAnyValue:")))
        return f"{quantifier}Null", written, draw(st.sampled_from(("true", "false", True, False)))
    name = draw(st.sampled_from(OPERATORS if unusual == 2 else suited))
    often = ("ForAllValues:", "ForAnyValue:")
    plain = ("", "") if key in LISTS else ("",) * 12
    quantifier = draw(st.sampled_from((*often, *plain)))
    if_exists = draw(st.sampled_from(("", "", "", "", "IfExists")))
    wanted = draw(
        st.sampled_from(values)
        if name == "Bool"
        else one_or_list(values, least=0 if unusual == 3 else 1)
    )
    return f"{quantifier}{name}{if_exists}", written, of_one_type(wanted)


def of_one_type(wanted: Any) -> Any:  # noqa: ANN401 - one value or a list
    """Return values such that a list is of one JSON type."""  # POL-21
    same = isinstance(wanted, list) and len({type(value) for value in wanted}) > 1
    return [str(value) for value in wanted] if same else wanted


def block(found: list[tuple[str, str, Any]]) -> World:
    """Return the condition block of some tests; of two on one key the first stays."""
    made: dict[str, World] = {}
    for operator, key, wanted in found:
        keys = made.setdefault(operator, {})
        if key.lower() not in map(str.lower, keys):  # POL-9
            keys[key] = wanted
    return made


@st.composite
def conditions(draw: st.DrawFn) -> World:
    """Return a condition block, empty half the time."""
    count = draw(st.sampled_from((0, 0, 0, 0, 1, 1, 1, 2, 3)))
    return block([draw(tests()) for _ in range(count)])


# --- Callers and roles


@st.composite
def tags(draw: st.DrawFn) -> World:
    """Return tags of which no two keys differ by letter case alone."""
    found = draw(
        st.lists(
            st.tuples(st.sampled_from(TAG_KEYS), st.sampled_from(TAG_VALUES)),
            max_size=2,
            unique_by=lambda pair: pair[0].lower(),
        )
    )
    return dict(found)


@st.composite
def users(draw: st.DrawFn, account: str) -> World:
    """Return a user, with access keys or a session token."""
    caller: World = {"arn": user_arn(account, draw(st.sampled_from(USERS)))}
    kinds = ("session_token", "session_token_with_mfa")
    credentials = draw(st.sampled_from((None, None, None, *kinds)))
    if credentials:
        caller["credentials"] = credentials
    if credentials == kinds[1] and draw(st.booleans()):
        caller["mfa_age_seconds"] = draw(st.sampled_from((0, 10, 3600)))
    if rarely(draw, 3):
        caller["unique_id"] = USER_ID
    return caller


@st.composite
def sessions(draw: st.DrawFn, account: str) -> World:
    """Return a session of a role, sometimes with the ARN of its role."""
    role = draw(st.sampled_from(ROLES))
    caller: World = {"arn": session_arn(account, role, draw(st.sampled_from(SESSIONS)))}
    if draw(st.booleans()):
        caller["role_arn"] = role_arn(account, role)
    if rarely(draw, 3):
        caller["unique_id"] = ROLE_ID
    if rarely(draw, 4):
        caller["source_identity"] = draw(st.sampled_from(("alice", "bob")))
    return caller


@st.composite
def callers(draw: st.DrawFn) -> World:
    """Return somebody who can call: mostly a user or a role session."""
    account = draw(st.sampled_from(ACCOUNTS))
    kind = draw(st.integers(0, 39))
    if kind == 7:
        return {"arn": f"arn:aws:iam::{account}:root"}
    if kind == 8:
        return {"arn": f"arn:aws:sts::{account}:federated-user/alice"}
    caller: World = draw(users(account) if kind % 2 else sessions(account))
    if rarely(draw, 3):
        caller["tags"] = draw(tags())
        if "assumed-role" in caller["arn"]:
            keys = st.sampled_from(("team", "TEAM", "env"))
            caller["transitive_tag_keys"] = draw(st.lists(keys, max_size=1))
    return caller


@st.composite
def roles(draw: st.DrawFn) -> World:
    """Return the role to be assumed."""
    name = draw(st.sampled_from(ROLES))
    role: World = {"arn": role_arn(draw(st.sampled_from(ACCOUNTS)), name)}
    if rarely(draw, 3):
        role["tags"] = draw(tags())
    if rarely(draw, 4):
        role["max_session_duration"] = draw(st.sampled_from((7200, 43200)))
    if rarely(draw, 40):
        role["exists"] = False
    return role


def own_names(caller: World) -> tuple[str, ...]:
    """Return every way in which a principal element can name a caller."""
    account = caller["arn"].split(":")[4]
    names = [account, f"arn:aws:iam::{account}:root", caller["arn"], "*"]
    if ":assumed-role/" in caller["arn"]:
        names.append(own_role(caller))
    if "unique_id" in caller:
        names.append(caller["unique_id"])
    return tuple(names)


def own_role(caller: World) -> str:
    """Return the ARN of the role of a session."""
    account, role = caller["arn"].split(":")[4], caller["arn"].split("/")[1]
    return str(caller.get("role_arn") or role_arn(account, role))


# --- Documents

OTHERS = (
    *(HOME, NEAR, AWAY, f"arn:aws:iam::{NEAR}:root", OTHER_ID, user_arn(HOME, "alice")),
    *(user_arn(HOME, "alice-admin"), user_arn(NEAR, "alice"), user_arn(HOME, "Alice")),
    *(role_arn(HOME, "deploy"), role_arn(HOME, "team/deploy"), session_arn(HOME, "deploy", "ci")),
    *(session_arn(HOME, "deploy", "CI"), role_arn(HOME, "Deploy")),
)


def resources(role: str) -> tuple[str, ...]:
    """Return patterns for a role's ARN: about half of them match it."""
    account, name = role.split(":")[4], role.split(":role/")[1]
    last = name.rsplit("/", maxsplit=1)[-1]
    return (
        *(
            role,
            role,
            role,
            "*",
            "*",
            role_arn(account, "*"),
            role_arn("*", name),
            "arn:*:iam::*:*",
        ),
        *(role_arn("*", f"*{last}"), role_arn(account, f"{name[:-1]}?"), role_arn(account, last)),
        *(role_arn(account, name.swapcase()), role_arn(NEAR, name), role_arn(account, name[:-1])),
        *(role_arn(account, "${aws:username}"), role_arn(account, "${aws:PrincipalTag/team}*")),
        *(role_arn(account, f"${{aws:PrincipalTag/team, '{name}'}}"), f"{role}${{*}}", f"{role}-*"),
        *(role_arn(account, "${sts:RoleSessionName}"), "arn:aws:s3:::bucket/*", "arn:*:*:*:*:*"),
    )


def maybe_not(draw: st.DrawFn, element: str, chances: int) -> str:
    """Return the name of an element, now and then in its Not form."""
    return f"Not{element}" if rarely(draw, chances) else element


@st.composite
def statements(draw: st.DrawFn, layer: str, caller: World, role: str, denies: int = 8) -> World:
    """Return a statement of a policy of a layer, which denies once in so many times."""
    made: World = {"Effect": "Deny" if rarely(draw, denies) else "Allow"}
    if layer == "rcp":
        made |= {"Effect": "Deny", "Principal": "*"}
    if layer == "trust":
        own = own_names(caller)
        aws = draw(one_or_list((*own, *own, *own, *OTHERS)))
        made["Principal"] = {"AWS": aws}
        if rarely(draw, 12):
            made["Principal"] |= {"Service": "ec2.amazonaws.com"}
        made[maybe_not(draw, "Action", 20)] = draw(one_or_list(ROLE_ACTIONS))
    else:
        made[maybe_not(draw, "Action", 10)] = draw(one_or_list(ANY_ACTIONS))
        pool = resources(role)
        short = () if layer in ("session", "rcp") else ("arn:aws:iam", "arn:aws:sts", "arn:*:*:*:*")
        made[maybe_not(draw, "Resource", 10)] = draw(one_or_list((*pool, *short)))
    condition = draw(conditions())
    return {**made, "Condition": condition} if condition else made


@st.composite
def documents(
    draw: st.DrawFn, layer: str, caller: World, role: str, *, denies: int = 8, most: int = 3
) -> World:
    """Return a policy document of a layer."""
    found = draw(st.lists(statements(layer, caller, role, denies), min_size=1, max_size=most))
    version = draw(st.sampled_from(("2012-10-17",) * 8 + ("2008-10-17", None)))
    made = policy(*found, version=version)
    if len(found) == 1 and rarely(draw, 4):
        made["Statement"] = found[0]
    return made


def limit(layer: str, caller: World, role: str) -> st.SearchStrategy[World]:
    """Return a document that limits: half the time one that allows everything."""
    return st.just(ALLOW_ALL) | documents(layer, caller, role)


# --- Calls


@st.composite
def parameters(draw: st.DrawFn, caller: World) -> World:
    """Return well-formed parameters; a parameter not passed is left out."""
    made: World = {
        "role_session_name": optional(draw, 2, st.sampled_from(("ci", "alice", "alice-1"))),
        "external_id": optional(draw, 3, st.sampled_from(("Ext-42", "ext-42", "Ext-43"))),
        "duration_seconds": optional(draw, 6, st.sampled_from((900, 3600, 3601, 7200, 43200))),
        "source_identity": optional(draw, 6, st.sampled_from(("alice", "bob", "ci"))),
    }
    account, name = caller["arn"].split(":")[4], caller["arn"].rsplit("/")[-1]
    mfa = draw(st.integers(0, 30)) if ":user/" in caller["arn"] else 0
    if 3 < mfa < 9:
        made |= {"serial_number": f"arn:aws:iam::{account}:mfa/{name}", "token_code": "123456"}
    if mfa == 13:
        made |= {"serial_number": f"arn:aws:iam::{AWAY}:mfa/{name}", "token_code": "123456"}
    if mfa == 14:
        made |= {"token_code": "123456"}
    if rarely(draw, 5):
        made["tags"] = draw(tags())
        keys = sorted(made["tags"])
        made["transitive_tag_keys"] = keys[: draw(st.integers(0, len(keys)))]
    return {key: value for key, value in made.items() if value not in (None, {}, [])}


#: Further context: values for facts, for keys that are otherwise absent, for keys that are derived.
CONTEXT: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("aws:SourceIp", ("203.0.113.7", "198.51.100.1", "2001:db8::1")),
    ("aws:CurrentTime", ("2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z", "2025-01-01T00:00:00Z")),
    ("aws:EpochTime", ("1795478400", "1735689600")),
    ("aws:TokenIssueTime", ("2026-11-24T00:00:00Z",)),
    ("aws:RequestedRegion", ("us-east-1", "eu-central-1")),
    ("aws:UserAgent", ("aws-cli/2", "boto3")),
    ("AWS:userid", (USER_ID, f"{ROLE_ID}:ci")),
    ("sts:RoleSessionName", ("ci", "alice")),
    ("aws:PrincipalOrgID", (*ORGS[:2], None)),
    ("aws:SourceVpce", ("vpce-1",)),
    ("aws:MultiFactorAuthAge", ("10", "4000", None)),
    ("app:Count", ("10", "10.00", "9.5", "many")),
    ("app:Blob", ("QUJD", "QUJE")),
    ("app:List", (["alice"], ["alice", "bob"], ["alice", ""], [""], [])),
    ("aws:username", ("alice", "*", None)),
    ("aws:PrincipalTag/team", ("red", "", "r*d", None)),
    ("aws:TagKeys", (["team"], ["team", "env"])),
)


@st.composite
def contexts(draw: st.DrawFn) -> World:
    """Return further context of a call; nothing as a value says that the key is absent."""
    count = draw(st.sampled_from((0, 0, 1, 2, 3)))
    found = [draw(st.sampled_from(CONTEXT)) for _ in range(count)]
    return {key: draw(st.sampled_from(values)) for key, values in found}


@st.composite
def cases(draw: st.DrawFn, *, organization: bool = True) -> Case:
    """Return a world with a call in it."""
    caller, role = draw(callers()), draw(roles())
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
        "boundary": optional(draw, 5, limit("boundary", caller, arn)),
    }
    if rarely(draw, 40):
        world["identity"] = None
    if "assumed-role" in caller["arn"] and rarely(draw, 4):
        world["session_policies"] = [draw(limit("session", caller, arn))]
    if organization and rarely(draw, 4):
        level = st.lists(limit("scp", caller, arn), min_size=1, max_size=2)
        world["scps"] = draw(st.lists(level, min_size=1, max_size=2))
    if organization and rarely(draw, 6):
        rcp = documents("rcp", caller, arn, most=1)
        world["rcps"] = [[draw(rcp)]]
    return Case(world, draw(parameters(caller)), draw(contexts()))


def _known(case: Case) -> Case:
    facts = {key: values[0] for key, values in case.open_facts().items() if key != "aws:EpochTime"}
    identity = case.world["identity"] or []
    return case.having(identity=identity)._replace(context={**facts, **case.context})


def known_cases() -> st.SearchStrategy[Case]:
    """Return cases in which no fact is open, so that each is either allowed or denied."""
    return cases().map(_known)

"""How what nearly matches is put together: each function makes one thing with the dice it is given.

Everything is plain JSON values, as the worlds of the conformance cases and policies have them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from simulator.testing import pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.testing.pools import Json, Row

Make: TypeAlias = Callable[[Random], Any]


def maybe(dice: Random, chances: int, pool: tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Return an entry of a pool once in so many times, otherwise nothing."""
    return dice.choice(pool) if dice.randrange(chances) == 0 else None


def one_or_list(dice: Random, pool: tuple[Any, ...], least: int = 1) -> Any:  # noqa: ANN401
    """Return one entry of a pool, bare or in a list, or several."""
    if dice.randrange(3):
        return dice.choice(pool)
    return [dice.choice(pool) for _ in range(dice.randint(least, 3))]


def without_nothing(found: Json) -> Json:
    """Return what is there of a mapping."""
    return {key: value for key, value in found.items() if value not in (None, {}, [])}


def condition_test(rows: tuple[Row, ...], dice: Random) -> tuple[str, str, Any]:
    """Return a test of one of some keys: the operator as written, the key, its values."""
    key, suited, values = dice.choice(rows)
    written = dice.choice((key, key, key, key.lower(), key.upper()))
    unusual = dice.randrange(14)
    if unusual == 1:
        quantifier = dice.choice(("", "", "", "ForAllValues:", "ForAnyValue:"))
        return f"{quantifier}Null", written, dice.choice(("true", "false", True, False))
    name = dice.choice(pools.OPERATORS if unusual == 2 else suited)
    if name not in suited:
        values = next((read for names, read in pools.READABLE if name in names), values)
    plain = ("", "") if key in pools.LISTS else ("",) * 12
    quantifier = dice.choice(("ForAllValues:", "ForAnyValue:", *plain))
    if_exists = dice.choice(("", "", "", "", "IfExists"))
    least = 0 if unusual == 3 else 1
    wanted = dice.choice(values) if name == "Bool" else one_or_list(dice, values, least)
    return f"{quantifier}{name}{if_exists}", written, _of_one_type(wanted)


def _of_one_type(wanted: Any) -> Any:  # noqa: ANN401 - one value or a list
    same = isinstance(wanted, list) and len({type(value) for value in wanted}) > 1  # POL-21
    return [str(value) for value in wanted] if same else wanted


def block(found: list[tuple[str, str, Any]]) -> Json:
    """Return the condition block of some tests; of two on one key the first stays."""
    made: dict[str, Json] = {}
    for operator, key, wanted in found:
        tests = made.setdefault(operator, {})
        if key.lower() not in map(str.lower, tests):  # POL-9
            tests[key] = wanted
    return made


def tags(dice: Random) -> Json:
    """Return no tag, one or two."""
    found: Json = {}
    for _ in range(dice.randint(0, 2)):
        key = dice.choice(pools.TAG_KEYS)
        if key.lower() not in map(str.lower, found):  # STS-25
            found[key] = dice.choice(pools.TAG_VALUES)
    return found


def make_user(dice: Random, account: str) -> Json:
    """Return a user, with access keys or a session token."""
    credentials = dice.choice((None, None, None, "session_token", "session_token_with_mfa"))
    age = maybe(dice, 2, (0, 10, 3600)) if credentials == "session_token_with_mfa" else None
    return {
        "arn": pools.user_arn(account, dice.choice(pools.USERS)),
        "credentials": credentials,
        "mfa_age_seconds": age,
        "unique_id": maybe(dice, 3, (pools.USER_ID,)),
    }


def make_session(dice: Random, account: str) -> Json:
    """Return a session of a role, of which the path may not be known."""
    role = dice.choice(pools.ROLES)
    return {
        "arn": pools.session_arn(account, role, dice.choice(pools.SESSIONS)),
        "role_arn": maybe(dice, 2, (pools.role_arn(account, role),)),
        "unique_id": maybe(dice, 3, (pools.ROLE_ID,)),
        "source_identity": maybe(dice, 4, ("alice", "bob")),
    }


def make_caller(dice: Random) -> Json:
    """Return anybody who can call, mostly a user or a role session."""
    account, kind = dice.choice(pools.ACCOUNTS), dice.randrange(40)
    if kind in (0, 1, 2):
        return {"service": dice.choice(pools.SERVICES)}
    if kind in (3, 4):
        return {"anonymous": True}
    canonical = maybe(dice, 4, (pools.CANONICAL,))
    if kind in (5, 6, 7):
        return without_nothing({"arn": f"arn:aws:iam::{account}:root", "canonical_user": canonical})
    partition = "aws-cn" if dice.randrange(40) == 0 else "aws"
    caller = _signed(dice, account, kind) | {"canonical_user": canonical}
    if dice.randrange(3) == 0:
        caller["tags"] = tags(dice)
    text = json.dumps(without_nothing(caller)).replace("arn:aws:", f"arn:{partition}:")
    return dict(json.loads(text))


def _signed(dice: Random, account: str, kind: int) -> Json:
    if kind == 8:
        service = "aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2"
        role = pools.role_arn(account, service)
        return {"arn": pools.session_arn(account, service, "ci"), "role_arn": role}
    if kind < 15:
        user = pools.user_arn(account, dice.choice(pools.USERS))
        return {
            "arn": f"arn:aws:sts::{account}:federated-user/{dice.choice(('alice', 'bob'))}",
            "user_arn": maybe(dice, 2, (user,)),
        }
    return make_user(dice, account) if kind % 2 else make_session(dice, account)


def make_asked(dice: Random) -> Json:
    """Return an action and a resource, and of some resources the account that owns them."""
    names, resources = dice.choice(pools.ASKED)
    owner = dice.choice(pools.ACCOUNTS)
    resource = dice.choice(resources).replace("@OWNER@", owner)
    said = dice.choice((owner, owner, None)) if ":::" in resource else None
    return without_nothing(
        {"action": dice.choice(names), "resource": resource, "resource_account": said}
    )


class About(NamedTuple):
    """Whom and what documents speak of: what they say fits about half of the time."""

    caller: Json
    action: str
    resource: str

    def fill_in(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return a JSON value with the words of the pools replaced."""
        text = json.dumps(value)
        for word, meant in self._words() if "@" in text else ():
            text = text.replace(word, meant)
        return json.loads(text)

    def _words(self) -> Iterator[tuple[str, str]]:
        caller = self.caller
        arn = caller.get("arn", pools.user_arn(pools.HOME, "alice"))
        service, _, name = self.action.partition(":")
        whole = pools.NO_ARN if self.resource == "*" else self.resource
        head, rest = whole[: -len(whole.split(":", 5)[5]) - 1], whole.split(":", 5)[5]
        yield from (("@ACCOUNT@", pools.account_of(arn)), ("@ARN@", arn))
        yield from (("@ROLE@", behind(caller)), ("@ID@", caller.get("unique_id", pools.OTHER_ID)))
        yield from (("@CALLER_SERVICE@", caller.get("service", pools.SERVICES[0])),)
        yield from (("@ACTION@", self.action), ("@SERVICE@", service), ("@NAME@", name))
        yield from (("@ACTION_SWAPPED@", self.action.swapcase()), ("@VERB@", self.action[:-4]))
        yield from (("@RESOURCE@", self.resource), ("@HEAD@", head), ("@REST@", rest))
        yield from (("@CUT@", rest[:-1]), ("@REST_SWAPPED@", rest[:-1] + rest[-1:].swapcase()))
        yield from (("@LAST@", rest.rsplit("/", maxsplit=1)[-1]),)
        start, _, end = rest.partition("alice")
        yield from (("@START@", start if end or "alice" in rest else ""), ("@END@", end))


def behind(caller: Json) -> str:
    """Return the ARN of the role or user behind a session; of anybody else the own ARN."""
    arn = str(caller.get("arn", pools.user_arn(pools.HOME, "alice")))
    if ":federated-user/" in arn:
        return str(caller.get("user_arn", pools.user_arn(pools.account_of(arn), "alice")))
    if ":assumed-role/" not in arn:
        return arn
    return str(caller.get("role_arn") or pools.role_arn(pools.account_of(arn), arn.split("/")[1]))


def make_principal(dice: Random) -> Any:  # noqa: ANN401 - a text or a mapping
    """Return the value of `Principal`; its words are still to be filled in."""
    kind = dice.randrange(12)
    if kind == 0:
        return "*"
    made: Json = {"AWS": one_or_list(dice, (*pools.MY_NAMES * 5, *pools.OTHER_NAMES))}
    if kind in (1, 2):
        made["Service"] = one_or_list(dice, ("@CALLER_SERVICE@", *pools.SERVICES))
    if kind == 3:
        made = {"CanonicalUser": one_or_list(dice, (pools.CANONICAL, pools.CANONICAL[::-1]))}
    return {"Service": "@CALLER_SERVICE@"} if kind == 4 else made


def scope(names: tuple[str, ...], resources: tuple[str, ...], *, negated: int) -> Make:
    """Return how the actions and resources of a statement are made."""

    def make(dice: Random) -> Json:
        form = dice.choice(("Action",) * negated + ("NotAction",))
        made = {form: one_or_list(dice, names)}
        if resources:
            form = dice.choice(("Resource",) * negated + ("NotResource",))
            made[form] = one_or_list(dice, resources)
        return made

    return make

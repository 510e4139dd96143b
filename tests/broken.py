"""Worlds in which a call is allowed, and the ways to break one thing in them.

Around what counts stand statements that have nothing to do with the call. A way to break something
tells the code of the cause that has to come first, and the place where it was broken.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

World: TypeAlias = dict[str, Any]
Way: TypeAlias = tuple[str | int, ...]

HOME, AWAY, FAR = "123456789012", "210987654321", "999999999999"
DEVICE = f"arn:aws:iam::{HOME}:mfa/alice"
ASSUME, TAG, SOURCE = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
ROLE_PATH, OWN_PATH = "team/", "apps/"


class Setup(NamedTuple):
    """An allowed call: its world and parameters, and where in the documents the statements stand.

    `trust`, `identity` and so on lead to the statement that allows it in each layer that has one.
    """

    world: World
    parameters: World
    trust: Way
    identity: Way
    boundary: Way
    session: Way
    scp: Way
    role: str

    def at(self, way: Way) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands at a place of the world."""
        found: Any = self.world
        for step in way:
            found = found[step]
        return found

    def having(self, way: Way, value: object) -> Setup:
        """Return the setup with something else at a place of the world."""
        changed = copy.deepcopy(self.world)
        holder: Any = changed
        for step in way[:-1]:
            holder = holder[step]
        holder[way[-1]] = value
        return self._replace(world=changed)

    def without(self, way: Way) -> Setup:
        """Return the setup without what stands at a place of the world."""
        changed = self.having(way, None)
        holder: Any = changed.world
        for step in way[:-1]:
            holder = holder[step]
        del holder[way[-1]]
        return changed

    def passing(self, **parameters: object) -> Setup:
        """Return the setup with other parameters; nothing as a value leaves one out."""
        changed = {**self.parameters, **parameters}
        return self._replace(parameters={k: v for k, v in changed.items() if v is not None})


class Broken(NamedTuple):
    """A setup with one thing broken: the code to expect, and the way to the place, if it has one.

    Of the way the first steps lead to a document, the others to the place in it.
    """

    setup: Setup
    code: str
    way: Way | None


class Break(NamedTuple):
    """A way to break something; `only` is what the setup has to be like for it."""

    name: str
    applied: Callable[[st.DrawFn, Setup], Broken]
    only: World


# --- Allowed calls

_NAMINGS: Final = ("account", "root", "entity", "session")
_INERT: Final[dict[str, tuple[World, ...]]] = {
    "trust": (
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": ASSUME},
        {"Effect": "Allow", "Principal": {"AWS": FAR}, "Action": ASSUME},
        {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:SetContext"},
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ASSUME,
            "Condition": {"StringEquals": {"sts:RoleSessionName": "nobody"}},
        },
    ),
    "identity": (
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
        {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"},
        {"Effect": "Allow", "Action": ASSUME, "Resource": f"arn:aws:iam::{FAR}:role/other"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ),
}


@st.composite
def setups(draw: st.DrawFn, only: World) -> Setup:
    """Return an allowed call, which is like `only` where that says it."""
    user, cross = only.get("user", draw(st.booleans())), only.get("cross", draw(st.booleans()))
    namings = [each for each in _NAMINGS if not (user and each == "session")]
    naming = only.get("naming") or draw(st.sampled_from(namings))
    role = f"arn:aws:iam::{AWAY if cross else HOME}:role/{ROLE_PATH}deploy"
    caller, parameters = _user() if user else _session(), {"role_session_name": "ci-run"}
    tests: World = {}
    wants = only.get("wants") or draw(st.sets(st.sampled_from(sorted(_CONDITIONS)), max_size=3))
    for name in sorted(wants):
        if user or name != "mfa":
            _CONDITIONS[name](caller, parameters, tests)
    passed = ((TAG, "tags"), (SOURCE, "source_identity"))
    actions = [ASSUME, *(action for action, parameter in passed if parameter in parameters)]
    trusts = {
        "Effect": "Allow",
        "Principal": {"AWS": _principal(naming, caller)},
        "Action": actions,
        **({"Condition": tests} if tests else {}),
    }
    allows = {"Effect": "Allow", "Action": actions, "Resource": role}
    trust, number = _among(draw, trusts, _INERT["trust"])
    identity, own = _among(draw, allows, _INERT["identity"])
    scps, level = _levels(draw, allows)
    world = {
        "caller": caller,
        "role": {"arn": role, "max_session_duration": 7200},
        "trust": trust,
        "identity": [identity],
        "boundary": _policy(allows),
        "scps": scps,
        "rcps": [],
        **({} if user else {"session_policies": [_policy(allows)]}),
    }
    return Setup(
        json.loads(json.dumps(world)),  # no part of it is a part twice
        parameters,
        ("trust", "Statement", number),
        ("identity", 0, "Statement", own),
        ("boundary", "Statement", 0),
        ("session_policies", 0, "Statement", 0),
        ("scps", level, 0, "Statement", 0),
        role,
    )


def _levels(draw: st.DrawFn, allows: World) -> tuple[list[list[World]], int]:
    """Return SCPs of some levels, and the number of the one that allows no more than the call."""
    count = draw(st.integers(1, 3))
    level = draw(st.integers(0, count - 1))
    everything = _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    return [[_policy(allows) if n == level else everything] for n in range(count)], level


def _user() -> World:
    return {"arn": f"arn:aws:iam::{HOME}:user/{OWN_PATH}alice", "tags": {}}


def _session() -> World:
    return {
        "arn": f"arn:aws:sts::{HOME}:assumed-role/worker/job",
        "role_arn": f"arn:aws:iam::{HOME}:role/{OWN_PATH}worker",
        "tags": {},
    }


def _principal(naming: str, caller: World) -> str:
    named: dict[str, str] = {
        "account": HOME,
        "root": f"arn:aws:iam::{HOME}:root",
        "entity": caller["role_arn"] if "role_arn" in caller else caller["arn"],
        "session": caller["arn"],
    }
    return named[naming]


def _policy(*statements: World) -> World:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _among(draw: st.DrawFn, statement: World, others: tuple[World, ...]) -> tuple[World, int]:
    """Return a policy of a statement and some others, and the number of the one that counts."""
    chosen = draw(st.lists(st.sampled_from(others), max_size=3, unique_by=repr))
    number = draw(st.integers(0, len(chosen)))
    return _policy(*chosen[:number], statement, *chosen[number:]), number


def _external_id(_: World, parameters: World, conditions: World) -> None:
    parameters["external_id"] = "Customer-42"
    conditions.setdefault("StringEquals", {})["sts:ExternalId"] = "Customer-42"


def _mfa(_: World, parameters: World, conditions: World) -> None:
    parameters |= {"serial_number": DEVICE, "token_code": "123456"}
    conditions["Bool"] = {"aws:MultiFactorAuthPresent": "true"}


def _session_name(_: World, __: World, conditions: World) -> None:
    conditions.setdefault("StringEquals", {})["sts:RoleSessionName"] = ["other", "ci-run"]


def _source(_: World, parameters: World, conditions: World) -> None:
    parameters["source_identity"] = "alice"
    conditions.setdefault("StringEquals", {})["sts:SourceIdentity"] = "alice"


def _caller_tag(caller: World, _: World, conditions: World) -> None:
    caller["tags"] = {"team": "platform"}
    conditions.setdefault("StringEquals", {})["aws:PrincipalTag/team"] = "platform"


def _passed_tag(_: World, parameters: World, conditions: World) -> None:
    parameters["tags"] = {"cost": "4711"}
    conditions.setdefault("StringEquals", {})["aws:RequestTag/cost"] = "4711"


_CONDITIONS: Final[dict[str, Callable[[World, World, World], None]]] = {
    "external id": _external_id,
    "mfa": _mfa,
    "session name": _session_name,
    "source identity": _source,
    "caller tag": _caller_tag,
    "passed tag": _passed_tag,
}


# --- One thing broken


def slipped(draw: st.DrawFn, text: str) -> str:
    """Return a text with a slip of the pen: a character more, less, another one, two swapped."""
    place = draw(st.integers(0, len(text) - 2))
    one, two = text[place], text[place + 1]
    options = [text[:place] + text[place + 1 :], text[:place] + one + text[place:]]
    if one != two:
        options.append(text[:place] + two + one + text[place + 2 :])
    options.append(f"{text[:place]}{'x' if one != 'x' else 'y'}{text[place + 1 :]}")
    return draw(st.sampled_from(options))


def _other_digits(draw: st.DrawFn, account: str) -> str:
    place = draw(st.integers(0, 10))
    digits = list(account)
    if draw(st.booleans()):
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
    else:
        digits[place] = str((int(digits[place]) + draw(st.integers(1, 9))) % 10)
    return "".join(digits)


def _principal_becomes(
    code: str, change: Callable[[st.DrawFn, str], str]
) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        way = (*setup.trust, "Principal", "AWS")
        named = change(draw, setup.at(way))
        if not draw(st.booleans()):
            return Broken(setup.having(way, named), code, way)
        others = [f"arn:aws:iam::{FAR}:user/zoe", f"arn:aws:iam::{FAR}:role/zoe"]
        place = draw(st.integers(0, 2))
        many = [*others[:place], named, *others[place:]]
        return Broken(setup.having(way, many), code, (*way, place))

    return applied


def _in_resource(text: str, change: Callable[[str], str]) -> str:
    head, _, resource = text.rpartition(":")
    return f"{head}:{change(resource)}"


def _in_name(draw: st.DrawFn, text: str) -> str:
    head, _, name = text.rpartition("/")
    return f"{head}/{slipped(draw, name)}"


def _account(draw: st.DrawFn, text: str) -> str:
    return text.replace(HOME, _other_digits(draw, HOME))


def _path(draw: st.DrawFn, text: str) -> str:
    other = draw(st.sampled_from(["", "other/", f"{OWN_PATH}/", f"{OWN_PATH}{OWN_PATH}"]))
    return text.replace(OWN_PATH, other)


def _kind(_: st.DrawFn, text: str) -> str:
    is_user = ":user/" in text
    return text.replace(":user/", ":role/") if is_user else text.replace(":role/", ":user/")


def _case(_: st.DrawFn, text: str) -> str:
    return _in_resource(text, lambda resource: f"{resource[:-4]}{resource[-4:].upper()}")


def _partition(_: st.DrawFn, text: str) -> str:
    return text.replace("arn:aws:", "arn:aws-cn:")


def _trust_value(key: str, value: str, code: str) -> Callable[[st.DrawFn, Setup], Broken]:
    """Return the way to make the trust policy ask for a value with a slip in it."""

    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        way = (*setup.trust, "Condition", "StringEquals", key)
        wrong = draw(
            st.sampled_from([value.swapcase(), f"{value}-2", f" {value}", slipped(draw, value)])
        )
        if wrong == value:
            wrong = f"{value}x"
        if not isinstance(setup.at(way), list):
            return Broken(setup.having(way, wrong), code, way)
        place = setup.at(way).index(value)
        return Broken(setup.having((*way, place), wrong), code, (*way, place))

    return applied


def _not_passed(
    key: str,
    operator: str,
    code: str,
    **parameters: Any,  # noqa: ANN401 - what is passed
) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(_: st.DrawFn, setup: Setup) -> Broken:
        way = (*setup.trust, "Condition", operator, key)
        return Broken(setup.passing(**parameters), code, way)

    return applied


def _untagged(_: st.DrawFn, setup: Setup) -> Broken:
    way = (*setup.trust, "Condition", "StringEquals", "aws:PrincipalTag/team")
    return Broken(setup.having(("caller", "tags"), {}), "IAM310", way)


def _without_action(action: str) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(_: st.DrawFn, setup: Setup) -> Broken:
        way = (*setup.trust, "Action")
        left = [each for each in setup.at(way) if each != action]
        return Broken(setup.having(way, left), "IAM303", way)

    return applied


def _other_action(_: st.DrawFn, setup: Setup) -> Broken:
    way = (*setup.trust, "Action")
    return Broken(setup.having(way, "sts:AssumeRoleWithSAML"), "IAM303", way)


def _action_of(layer: str, code: str) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        way = (*getattr(setup, layer), "Action", 0)
        wrong = draw(
            st.sampled_from(["iam:AssumeRole", "sts:AssumeRol", "sts:AsumeRole", "sts:AssumeRoles"])
        )
        return Broken(setup.having(way, wrong), code, way)

    return applied


def _excluded_of(layer: str, code: str) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(_: st.DrawFn, setup: Setup) -> Broken:
        way = getattr(setup, layer)
        changed = setup.without((*way, "Action")).having((*way, "NotAction"), ["iam:*", "sts:*"])
        return Broken(changed, code, (*way, "NotAction", 1))

    return applied


def _resource_of(layer: str, code: str) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        way = (*getattr(setup, layer), "Resource")
        role, account = setup.role, setup.role.split(":")[4]
        options = (
            role.replace(ROLE_PATH, ""),
            role.replace(ROLE_PATH, f"/{ROLE_PATH}"),
            role.replace(ROLE_PATH, "other/"),
            role.replace(":role/", ":user/"),
            role.replace("deploy", "Deploy"),
            _in_name(draw, role),
            role.replace(":iam::", ":iam:eu-west-1:"),
            role.replace(":iam::", ":sts::").replace(f":role/{ROLE_PATH}", ":assumed-role/"),
            role.replace(account, _other_digits(draw, account)),
        )
        return Broken(setup.having(way, draw(st.sampled_from(options))), code, way)

    return applied


def _denied_in(layer: str, code: str) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        statements = (*getattr(setup, layer)[:-1],)
        found = setup.at(statements)
        denies: World = {"Effect": "Deny", "Action": draw(st.sampled_from([ASSUME, "sts:*"]))}
        denies |= {"Principal": {"AWS": "*"}} if layer == "trust" else {"Resource": "*"}
        condition = draw(st.sampled_from(_HOLDING))
        denies |= {"Condition": condition} if condition else {}
        return Broken(
            setup.having(statements, [*found, denies]), code, (*statements, len(found), "Effect")
        )

    return applied


_HOLDING: Final = (
    None,
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringLike": {"sts:RoleSessionName": "ci-*"}},
)


def _denied_by_rcp(_: st.DrawFn, setup: Setup) -> Broken:
    denies = {"Effect": "Deny", "Principal": "*", "Action": ASSUME, "Resource": "*"}
    changed = setup.having(("rcps",), [[_policy(denies)]])
    return Broken(changed, "IAM420", ("rcps", 0, 0, "Statement", 0, "Effect"))


def _passes(code: str, *choices: World) -> Callable[[st.DrawFn, Setup], Broken]:
    def applied(draw: st.DrawFn, setup: Setup) -> Broken:
        return Broken(setup.passing(**draw(st.sampled_from(choices))), code, None)

    return applied


def _no_role(_: st.DrawFn, setup: Setup) -> Broken:
    return Broken(setup.having(("role", "exists"), False), "IAM501", None)  # noqa: FBT003 - a value


def _inherited(_: st.DrawFn, setup: Setup) -> Broken:
    caller = {**setup.world["caller"], "tags": {"cost": "4711"}, "transitive_tag_keys": ["cost"]}
    return Broken(setup.having(("caller",), caller), "IAM708", None)


def _deleted(_: st.DrawFn, __: str) -> str:
    return "AROAEXAMPLEGONE00001"


_CALLERS_SIDE: Final = {"cross": True, "wants": ("external id",)}
BREAKS: Final = (
    Break("account id", _principal_becomes("IAM301", _account), {}),
    Break("path of the caller", _principal_becomes("IAM302", _path), {"naming": "entity"}),
    Break("kind of the caller", _principal_becomes("IAM302", _kind), {"naming": "entity"}),
    Break("case of the caller", _principal_becomes("IAM302", _case), {"naming": "entity"}),
    Break("name of the caller", _principal_becomes("IAM302", _in_name), {"naming": "entity"}),
    Break(
        "session name", _principal_becomes("IAM302", _in_name), {"naming": "session", "user": False}
    ),
    Break("partition", _principal_becomes("IAM302", _partition), {"naming": "root"}),
    Break("deleted caller", _principal_becomes("IAM304", _deleted), {}),
    Break(
        "external id asked for",
        _trust_value("sts:ExternalId", "Customer-42", "IAM313"),
        {"wants": ("external id",)},
    ),
    Break(
        "external id left out",
        _not_passed("sts:ExternalId", "StringEquals", "IAM313", external_id=None),
        {"wants": ("external id",)},
    ),
    Break(
        "external id passed",
        _not_passed("sts:ExternalId", "StringEquals", "IAM313", external_id="customer-42"),
        {"wants": ("external id", "session name")},
    ),
    Break(
        "MFA",
        _not_passed(
            "aws:MultiFactorAuthPresent", "Bool", "IAM312", serial_number=None, token_code=None
        ),
        {"wants": ("mfa",), "user": True},
    ),
    Break(
        "session name asked for",
        _trust_value("sts:RoleSessionName", "ci-run", "IAM310"),
        {"wants": ("session name",)},
    ),
    Break(
        "source identity asked for",
        _trust_value("sts:SourceIdentity", "alice", "IAM310"),
        {"wants": ("source identity",)},
    ),
    Break(
        "tag of the caller",
        _trust_value("aws:PrincipalTag/team", "platform", "IAM310"),
        {"wants": ("caller tag",)},
    ),
    Break("tag left out", _untagged, {"wants": ("caller tag", "external id")}),
    Break(
        "passed tag",
        _trust_value("aws:RequestTag/cost", "4711", "IAM310"),
        {"wants": ("passed tag",)},
    ),
    Break("trusted action", _other_action, {"wants": ("external id",)}),
    Break("TagSession", _without_action(TAG), {"wants": ("passed tag",)}),
    Break("SetSourceIdentity", _without_action(SOURCE), {"wants": ("source identity",)}),
    Break("Deny of the trust policy", _denied_in("trust", "IAM320"), {}),
    Break("own action", _action_of("identity", "IAM201"), _CALLERS_SIDE),
    Break("own NotAction", _excluded_of("identity", "IAM201"), _CALLERS_SIDE),
    Break("own resource", _resource_of("identity", "IAM202"), _CALLERS_SIDE),
    Break("own Deny", _denied_in("identity", "IAM210"), {}),
    Break("action of the boundary", _action_of("boundary", "IAM205"), _CALLERS_SIDE),
    Break("NotAction of the boundary", _excluded_of("boundary", "IAM205"), _CALLERS_SIDE),
    Break("resource of the boundary", _resource_of("boundary", "IAM205"), _CALLERS_SIDE),
    Break("Deny of the boundary", _denied_in("boundary", "IAM211"), {}),
    Break(
        "action of the session policy",
        _action_of("session", "IAM206"),
        {**_CALLERS_SIDE, "user": False},
    ),
    Break(
        "resource of the session policy",
        _resource_of("session", "IAM206"),
        {**_CALLERS_SIDE, "user": False},
    ),
    Break("Deny of the session policy", _denied_in("session", "IAM212"), {"user": False}),
    Break("action of an SCP", _action_of("scp", "IAM401"), {}),
    Break("NotAction of an SCP", _excluded_of("scp", "IAM401"), {}),
    Break("resource of an SCP", _resource_of("scp", "IAM401"), {}),
    Break("Deny of an SCP", _denied_in("scp", "IAM410"), {}),
    Break("Deny of an RCP", _denied_by_rcp, {}),
    Break(
        "parameters",
        _passes(
            "IAM701",
            {"duration_seconds": 899},
            {"duration_seconds": 50000},
            {"role_session_name": "a/b"},
            {"role_session_name": "x" * 65},
            {"external_id": "a b"},
            {"token_code": "12345", "serial_number": DEVICE},
            {"source_identity": "aws:x"},
            {"tags": {"a": "1", "A": "2"}},
            {"tags": {f"k{n}": "" for n in range(51)}},
        ),
        {},
    ),
    Break(
        "half of MFA",
        _passes("IAM704", {"serial_number": DEVICE}, {"token_code": "123456"}),
        {"user": False},
    ),
    Break(
        "device",
        _passes(
            "IAM705",
            *(
                {"serial_number": each, "token_code": "123456"}
                for each in (
                    DEVICE.replace(":mfa/", ":user/"),
                    DEVICE.replace(HOME, AWAY),
                    DEVICE.replace(":mfa/", ":u2f/"),
                )
            ),
        ),
        {},
    ),
    Break("duration of a chain", _passes("IAM706", {"duration_seconds": 3601}), {"user": False}),
    Break("longest duration", _passes("IAM707", {"duration_seconds": 7201}), {"user": True}),
    Break("role", _no_role, {}),
    Break("inherited tag", _inherited, {"user": False, "wants": ("passed tag",)}),
)


@st.composite
def broken_setups(draw: st.DrawFn, how: Break) -> Broken:
    """Return an allowed call with one thing broken."""
    return how.applied(draw, draw(setups(how.only)))

"""Whole test files with one call or chain of calls: what hypothesis draws for the twin of STS.

The calls are drawn first. The policies are then written so that they fit these calls more often
than not: the trust policy of each role from who calls it and with what, and one thing beside the
mark here and there. Every policy is one that AWS would store. At most one parameter of a call lies
outside its constraints, for nobody knows in which order AWS tells of several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Doc = dict[str, Any]

HOME, AWAY, CENTRE = "111111111111", "222222222222", "999999999999"
GITHUB = "token.actions.githubusercontent.com"
SAML_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
CONTEXT_PROVIDER = "arn:aws:iam::aws:contextProvider/IdentityCenter"
DEVICE = f"arn:aws:iam::{HOME}:mfa/alice"
ROOT_TASKS = "arn:aws:iam::aws:policy/root-task/"
ASSUME, TAG = "sts:AssumeRole", "sts:TagSession"
SOURCE, CONTEXT = "sts:SetSourceIdentity", "sts:SetContext"
TOKEN_CALLS = {
    "web_identity": "sts:AssumeRoleWithWebIdentity",
    "saml": "sts:AssumeRoleWithSAML",
}
NOON = 12
SESSION_NAMES = ("ci", "ci-7", "alice", "s.1@x")
# A parameter outside its constraints, and at their borders.
BAD: tuple[Doc, ...] = (
    {"role_session_name": "s:s"},
    {"role_session_name": "s"},
    {"role_session_name": "s" * 65},
    {"duration_seconds": 899},
    {"duration_seconds": 43201},
    {"external_id": "x"},
    {"external_id": "a b"},
    {"source_identity": "a"},
    {"source_identity": "a b"},
    {"serial_number": DEVICE, "token_code": "12345"},
    {"serial_number": DEVICE, "token_code": "12345x"},
    {"serial_number": "GAHT1234", "token_code": "123456"},
    {"tags": {"Team": "red", "team": "red"}},
    {"tags": {"Team": "r!"}},
    {"tags": {"k" * 129: "v"}},
    {"tags": {f"k{number}": "v" for number in range(51)}},
    {"tags": {"Cost": "1"}, "transitive_tag_keys": ["Team"]},
    {"transitive_tag_keys": ["Team"]},
    {"provided_contexts": []},
)
BORDER: tuple[Doc, ...] = (
    {"role_session_name": "ss"},
    {"role_session_name": "s" * 64},
    {"duration_seconds": 900},
    {"external_id": "xy"},
    {"external_id": "x" * 1224},
    {"source_identity": "a" * 64},
    {"tags": {f"k{number}": "v" for number in range(50)}},
    {"tags": {"k" * 128: "v" * 256, "empty": ""}},
)
HALF_MFA: tuple[Doc, ...] = ({"serial_number": DEVICE}, {"token_code": "123456"})


def document(*statements: Doc) -> Doc:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: object) -> Doc:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], **more: object) -> Doc:
    return {"Effect": "Deny", "Action": action, "Resource": "*", **more}


IDENTITY_POLICIES = (
    document(allow("sts:*")),
    document(allow("*")),
    document(allow([ASSUME, TAG, SOURCE])),
    document(allow(ASSUME)),
    document(allow([ASSUME, TAG])),
    document(allow([ASSUME, SOURCE], f"arn:aws:iam::{HOME}:role/*")),
    document(allow("sts:*", f"arn:aws:iam::{AWAY}:role/*")),
    document(allow("sts:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
    document(allow("sts:*"), deny(TAG)),
    document(
        allow("sts:*"), deny(ASSUME, Condition={"StringEquals": {"sts:ExternalId": "denied"}})
    ),
)
LIMITS = (
    document(allow("sts:*")),
    document(allow("*")),
    document(allow(ASSUME)),
    document(allow("s3:*")),
    document(allow("*"), deny(SOURCE)),
)
BAD_SESSION_POLICIES = (
    document({"Effect": "Allow", "Action": "s3:*"}),
    document({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}),
    document(allow("s3:*", "arn:aws:s3")),
)
SCPS: tuple[list[Any], ...] = (
    ["FullAWSAccess"],
    [document(allow("sts:*"))],
    ["FullAWSAccess", document(deny(TAG))],
    [document(allow(ASSUME))],
    ["FullAWSAccess", document(deny(ASSUME))],
    [],
)


def everybody(**more: object) -> Doc:
    return document(
        {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*", **more}
    )


RCPS: tuple[list[Any], ...] = (
    ["RCPFullAWSAccess"],
    [everybody(Condition={"StringEquals": {"sts:ExternalId": "denied"}})],
    [everybody(Condition={"StringEquals": {f"{GITHUB}:sub": "repo:acme/app:pr"}})],
    [everybody(Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example"}})],
)


class Dice:
    """What draws. In a calm file little is beside the mark, so that long chains come to an end."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.calm = draw(st.booleans())

    def __call__(self, strategy: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - whatever it draws
        """Draw from a strategy."""
        return self.draw(strategy)


def flaw(draw: Dice, percent: int) -> bool:
    """Say yes like ``chance``, but seldom in a calm file."""
    return chance(draw, percent // 10 if draw.calm else percent)


def chance(draw: Dice, percent: int) -> bool:
    """Say yes in about so many of a hundred files; shrinks to no."""
    return int(draw(st.integers(0, 99))) >= 100 - percent


def pick(draw: Dice, *choices: Any) -> Any:  # noqa: ANN401 - whatever the pool holds
    return draw(st.sampled_from(choices))


def role_arn(account: str, name: str, path: str = "/") -> str:
    return f"arn:aws:iam::{account}:role{path}{name}"


# --- The parameters of a call


TAG_KEYS = ("Team", "Env", "Cost", "Zone")


def some_tags(draw: Dice, number: int = 0) -> Doc:
    """Draw tags; in a calm file each call has a key of its own, so that none clashes."""
    keys = [TAG_KEYS[number]] if draw.calm else TAG_KEYS[:3]
    values = st.sampled_from(["red", "prod", "dev", ""])
    return dict(draw(st.dictionaries(st.sampled_from(keys), values, min_size=1, max_size=3)))


def parameters(draw: Dice, number: int, *, user: bool, longest: int) -> Doc:
    """Draw AssumeRole's parameters, most of them within their constraints."""
    found: Doc = {"role_session_name": pick(draw, *SESSION_NAMES)}
    if chance(draw, 40):
        usual = (900, 3599, 3600, 3600) if draw.calm and not user else (900, 3600, longest)
        found["duration_seconds"] = pick(draw, *usual)
    if flaw(draw, 20):
        found["duration_seconds"] = pick(draw, 3601, 7200, 43200)
    if chance(draw, 35):
        found["external_id"] = "X1" if draw.calm else pick(draw, "X1", "x1", "denied")
    if chance(draw, 35):
        found["tags"] = some_tags(draw, number)
        if chance(draw, 60):
            found["transitive_tag_keys"] = [pick(draw, *found["tags"])]
    if chance(draw, 30):
        found["source_identity"] = "bob" if flaw(draw, 25) else "alice"
    if chance(draw, 15):
        found["policy"] = pick(draw, *(LIMITS[:2] if draw.calm else LIMITS))
    found |= mfa(draw, user=user)
    return found | beside(draw, found)


def mfa(draw: Dice, *, user: bool) -> Doc:
    """Draw the MFA of a call, which only a user can have."""
    if flaw(draw, 3):
        return dict(pick(draw, *HALF_MFA))
    if not (chance(draw, 30) if user else flaw(draw, 3)):
        return {}
    other = f"arn:aws:iam::{pick(draw, HOME, AWAY)}:mfa/other"
    return {"serial_number": other if flaw(draw, 10) else DEVICE, "token_code": "123456"}


def beside(draw: Dice, found: Doc) -> Doc:
    """Draw what is rare: a parameter at the border of its constraint, or outside."""
    if flaw(draw, 5):
        return dict(pick(draw, *BAD)) if "tags" not in found else dict(pick(draw, *BAD[:10]))
    if "tags" not in found and flaw(draw, 8):
        return dict(pick(draw, *BORDER))
    if flaw(draw, 2):
        return {"policy": pick(draw, *BAD_SESSION_POLICIES)}
    if chance(draw, 4):
        contexts = [{"provider_arn": CONTEXT_PROVIDER, "context_assertion": "signed-assertion"}]
        return {"provided_contexts": contexts}
    return {}


# --- Who calls, first of all


def web_identity(draw: Dice) -> Doc:
    provider = pick(draw, GITHUB, GITHUB, GITHUB, "ci.example.com", "accounts.google.com")
    claims: Doc = {
        "aud": "other" if flaw(draw, 10) else "sts.amazonaws.com",
        "sub": "repo:acme/app:pr" if flaw(draw, 20) else "repo:acme/app:main",
    }
    if chance(draw, 30):
        claims["repository"] = "acme/app"
    if chance(draw, 20):
        claims["amr"] = pick(draw, ["mfa"], ["pwd", "mfa"])
    if provider == "accounts.google.com" and chance(draw, 40):
        claims["azp"] = pick(draw, "sts.amazonaws.com", "client")
    if flaw(draw, 15):  # long before and long after noon of the day on which all calls are made
        claims["exp"] = pick(draw, "1700000000", "1900000000", "1900000000")
    return {"provider": provider, "claims": claims}


def saml(draw: Dice, account: str) -> Doc:
    attributes: Doc = {
        "saml:aud": "https://signin.aws.amazon.com/saml",
        "saml:sub": "_42",
        "saml:sub_type": pick(draw, "persistent", "transient"),
    }
    if chance(draw, 35):
        tags = some_tags(draw)
        attributes |= {f"{SAML_ATTRIBUTES}PrincipalTag:{k}": v or "x" for k, v in tags.items()}
        if chance(draw, 60):
            attributes[f"{SAML_ATTRIBUTES}TransitiveTagKeys"] = [pick(draw, *tags)]
    if chance(draw, 25):
        attributes[f"{SAML_ATTRIBUTES}SourceIdentity"] = "al ice" if flaw(draw, 20) else "alice"
    owner = account if chance(draw, 85) else HOME
    return {"provider": f"arn:aws:iam::{owner}:saml-provider/corp", "attributes": attributes}


def first_caller(draw: Dice) -> Any:  # noqa: ANN401 - text or a mapping, as in a test file
    alice = f"arn:aws:iam::{HOME}:user/alice"
    kind = pick(draw, "user", "user", "user", "session_token", "mfa", "role", "role")
    kind = "odd" if flaw(draw, 15) else kind
    if kind == "user":
        return alice
    if kind == "session_token":
        return {"arn": alice, "credentials": "session_token"}
    if kind == "mfa":
        return {"arn": alice, "credentials": "session_token_with_mfa", "mfa_age_seconds": 60}
    if kind == "odd":
        return pick(
            draw,
            f"arn:aws:iam::{HOME}:root",
            f"arn:aws:sts::{HOME}:federated-user/carol",
            "lambda.amazonaws.com",
            "anonymous",
        )
    found: Doc = {"arn": f"arn:aws:sts::{HOME}:assumed-role/start/ci"}
    if chance(draw, 30):
        found |= {"tags": {"Team": "red", "Cost": "1"}, "transitive_tag_keys": ["Team"]}
    if chance(draw, 25):
        found["source_identity"] = "alice"
    if chance(draw, 15):
        found["session_policies"] = [pick(draw, *(LIMITS[:2] if draw.calm else LIMITS))]
    return found


# --- Trust policies that fit a call


def conditions(draw: Dice, hop: Doc) -> Doc:
    """Draw a condition block, most often one that this call meets."""
    with_ = hop["with"]
    block: Doc = {}
    tags = with_.get("tags") or {"Team": "red"}
    key = next(iter(tags))
    token = "web_identity" in hop or "saml" in hop
    pool: list[tuple[str, str, Any]] = [
        ("StringLike", "sts:RoleSessionName", [f"{with_['role_session_name'][:2]}*", "alice"]),
        ("StringEquals", "sts:ExternalId", with_.get("external_id", "X1")),
        ("StringNotEquals", "sts:ExternalId", "denied"),
        ("StringEqualsIfExists", "sts:SourceIdentity", with_.get("source_identity", "alice")),
        ("StringLike", "sts:SourceIdentity", "al*"),
        ("StringEqualsIfExists", "aws:SourceIdentity", "alice"),
        ("Null", "aws:SourceIdentity", pick(draw, "true", "false")),
        ("StringEquals", f"aws:RequestTag/{key}", tags[key]),
        ("StringEqualsIfExists", f"aws:PrincipalTag/{pick(draw, 'team', 'Env')}", "red"),
        ("StringEquals", "aws:ResourceTag/Env", "prod"),
        ("StringEquals", "iam:ResourceTag/Team", "red"),
        ("ForAllValues:StringEquals", "aws:TagKeys", [*tags, "Team"]),
        ("ForAllValues:StringEquals", "sts:TransitiveTagKeys", ["Team", "Env"]),
        ("Null", "sts:TransitiveTagKeys", pick(draw, "true", "false")),
    ]
    if not token:
        pool += [
            ("Bool", "aws:MultiFactorAuthPresent", "true"),
            ("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
            ("Null", "aws:MultiFactorAuthPresent", pick(draw, "true", "false")),
            ("StringLike", "sts:RoleSessionName", "${aws:username}"),
        ]
    if "web_identity" in hop:
        provider = hop["web_identity"]["provider"]
        pool += [
            ("StringEquals", f"{provider}:sub", "repo:acme/app:main"),
            ("StringEquals", f"{provider}:aud", "sts.amazonaws.com"),
            ("StringEquals", f"{provider}:repository", "acme/app"),
            ("ForAnyValue:StringEquals", f"{provider}:amr", "mfa"),
        ] * 3
    if "saml" in hop:
        pool += [
            ("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"),
            ("StringEquals", "saml:sub_type", "persistent"),
        ] * 3
    for operator, name, wanted in draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2)):
        block.setdefault(operator, {})[name] = wanted
    return block


def principal(draw: Dice, hop: Doc, account: str, callers: list[str]) -> Doc:
    """Draw whom a trust policy names: the caller in one way or other, seldom somebody else."""
    if "web_identity" in hop:
        provider = hop["web_identity"]["provider"]
        named = f"arn:aws:iam::{account}:oidc-provider/{provider}"
        named = provider if provider == "accounts.google.com" else named
        other = f"arn:aws:iam::{account}:oidc-provider/other.example.com"
        return {"Federated": named if not flaw(draw, 8) else other}
    if "saml" in hop:
        other = f"arn:aws:iam::{account}:saml-provider/other"
        return {"Federated": hop["saml"]["provider"] if not flaw(draw, 8) else other}
    if callers == ["lambda.amazonaws.com"]:
        return {"Service": "ec2.amazonaws.com" if flaw(draw, 40) else callers[0]}
    if flaw(draw, 8):
        return {"AWS": pick(draw, AWAY, role_arn(HOME, "nobody"), f"arn:aws:iam::{HOME}:user/eve")}
    known = [caller for caller in callers if caller != "anonymous"]
    named = pick(draw, *known, *known, "*")
    return {"AWS": named if chance(draw, 80) else [named, CENTRE]}


def trust_policy(draw: Dice, hop: Doc, account: str, callers: list[str]) -> Doc:
    kind = next((kind for kind in TOKEN_CALLS if kind in hop), None)
    call = TOKEN_CALLS[kind] if kind else ASSUME
    all_of_them = [call, TAG, SOURCE, CONTEXT]
    actions = pick(draw, all_of_them, all_of_them, "sts:*")
    if flaw(draw, 30):
        actions = pick(draw, call, [call, TAG], [call, SOURCE])
    who = principal(draw, hop, account, callers)
    statement: Doc = {"Effect": "Allow", "Principal": who, "Action": actions}
    if chance(draw, 15 if draw.calm else 40):
        statement["Condition"] = conditions(draw, hop)
    statements = [statement]
    if chance(draw, 10):  # another way in
        more = {"Condition": conditions(draw, hop)} if chance(draw, 50) else {}
        statements.append({"Effect": "Allow", "Principal": who, "Action": all_of_them, **more})
    if flaw(draw, 10):
        block = conditions(draw, hop)
        denied = pick(draw, call, TAG, SOURCE, "sts:*")
        statements.append(
            {"Effect": "Deny", "Principal": who, "Action": denied, "Condition": block}
        )
    return document(*statements)


# --- The file


def organization(draw: Dice) -> Doc:
    def limits(accounts: list[str]) -> Doc:
        node: Doc = {"accounts": accounts}
        if chance(draw, 30):
            node["scps"] = pick(draw, *(SCPS[:2] if draw.calm else SCPS))
        if flaw(draw, 30):
            node["rcps"] = pick(draw, *RCPS)
        return node

    both = chance(draw, 50)
    root = limits([CENTRE])
    root["units"] = {"prod": limits([HOME, AWAY] if both else [HOME])}
    if not both and chance(draw, 50):
        root["units"]["other"] = limits([AWAY])
    return {"id": "o-example", "management_account": CENTRE, "root": root}


def identity_side(draw: Dice) -> Doc:
    """Draw the policies of a user or role, which often allow what the calls need."""
    found: Doc = {}
    if not flaw(draw, 20):
        wide = IDENTITY_POLICIES[:2]
        found["policies"] = [pick(draw, *(IDENTITY_POLICIES if flaw(draw, 60) else wide))]
    if chance(draw, 10):
        found["permissions_boundary"] = pick(draw, *(LIMITS[:2] if draw.calm else LIMITS))
    if chance(draw, 40):
        found["tags"] = pick(draw, {"Env": "prod"}, {"Team": "red"}, {"team": "blue", "Env": "dev"})
    return found


def base_file(draw: Dice) -> Doc:
    alice = identity_side(draw)
    if chance(draw, 50):
        alice["mfa_devices"] = [] if flaw(draw, 10) else [DEVICE]
    if chance(draw, 20):
        alice["groups"] = ["dev"]
    start = identity_side(draw) | {"trust_policy": document()}
    start["trust_policy"] = document(
        {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}
    )
    groups = {"dev": {"policies": [pick(draw, *IDENTITY_POLICIES)]}}
    providers = {
        GITHUB: {"client_ids": ["sts.amazonaws.com"]},
        "ci.example.com": {"client_ids": ["sts.amazonaws.com", "ci"]},
    }
    if flaw(draw, 10):
        providers.pop(GITHUB)
    home: Doc = {"users": {"alice": alice}, "groups": groups, "roles": {"start": start}}
    accounts: Doc = {HOME: home, AWAY: {"roles": {}}}
    for account in accounts.values():
        account["oidc_providers"] = providers
    file: Doc = {"accounts": accounts}
    if chance(draw, 30):
        file["organization"] = organization(draw)
    return file


def clock(draw: Dice, count: int) -> list[Doc]:
    """Draw when each of the calls is made; most often nobody says."""
    if not chance(draw, 20):
        return [{} for _ in range(count)]
    steps = [1, 14] if draw.calm else [1, 15, 59, 60, 61, 121]
    minutes = [0, *(draw(st.lists(st.sampled_from(steps), max_size=4)))]
    found: list[Doc] = []
    passed = 0
    for number in range(count):
        passed += minutes[number] if number < len(minutes) else 1
        time = f"2026-11-24T{NOON + passed // 60:02}:{passed % 60:02}:00Z"
        found.append({"aws:CurrentTime": time} if not chance(draw, 10) else {})
    return found


def beginning(draw: Dice) -> tuple[Doc, list[Doc], list[str]]:
    """Draw the caller of a test, and by what names a trust policy may call it."""
    caller = first_caller(draw)
    arn = caller if isinstance(caller, str) else caller["arn"]
    names = [arn, *([HOME] if arn.startswith("arn:") else [])]
    if ":assumed-role/start" in arn:
        names.append(role_arn(HOME, "start"))
    hops: list[Doc] = []
    if ":user/" in arn and (flaw(draw, 20) or (isinstance(caller, str) and chance(draw, 15))):
        code = {"serial_number": DEVICE, "token_code": "123456"} if chance(draw, 60) else {}
        hops.append({"call": "GetSessionToken", "with": code})
    return {"name": "drawn", "caller": caller}, hops, names


def hop_by_token(draw: Dice, kind: str, account: str) -> Doc:
    return {kind: web_identity(draw) if kind == "web_identity" else saml(draw, account)}


@st.composite
def chains(source: st.DrawFn) -> tuple[Doc, Doc]:
    """Draw a file with a call of AssumeRole and its kin, or a chain of up to four."""
    draw = Dice(source)
    file = base_file(draw)
    kind = pick(draw, *[None] * 6, *TOKEN_CALLS)
    test, hops, callers = beginning(draw) if kind is None else ({"name": "drawn"}, [], [])
    user = ":user/" in "".join(callers)
    for number in range(pick(draw, 1, 1, 2, 2, 3, 4)):
        account, path = pick(draw, HOME, AWAY, AWAY), pick(draw, "/", "/", "/team/")
        name, longest = f"r{number}", pick(draw, 3600, 7200, 43200)
        by_token = kind is not None and number == 0
        hop: Doc = hop_by_token(draw, kind, account) if kind and by_token else {}
        hop["assume_role"] = role_arn(account, name, path)
        hop["with"] = parameters(draw, number, user=user and not hops, longest=longest)
        if by_token:
            kept = ("role_session_name", "duration_seconds", "policy")
            hop["with"] = {key: value for key, value in hop["with"].items() if key in kept}
        role = identity_side(draw) | {"path": path, "max_session_duration": longest}
        role["trust_policy"] = trust_policy(draw, hop, account, callers)
        file["accounts"][account].setdefault("roles", {})[name] = role
        hops.append(hop)
        session = f"arn:aws:sts::{account}:assumed-role/{name}/{hop['with']['role_session_name']}"
        callers = [role_arn(account, name, path), account, session]
    if flaw(draw, 5):
        hops[-1]["assume_role"] = pick(draw, role_arn(AWAY, "none"), "arn:aws:iam::222222222222:")
    for hop, when in zip(hops, clock(draw, len(hops)), strict=True):
        if when:
            hop["context"] = when
    # One call alone stands in the test itself, now and then in a chain of one.
    alone = len(hops) == 1 and not chance(draw, 20)
    return finished(file, test | (hops[0] if alone else {"chain": hops}))


@st.composite
def other_calls(source: st.DrawFn) -> tuple[Doc, Doc]:
    """Draw a file with a call of one of the other operations."""
    draw = Dice(source)
    file = base_file(draw)
    file.setdefault("organization", organization(draw))
    boss = identity_side(draw)
    file["accounts"][CENTRE] = {"users": {"boss": boss}}
    name, with_ = pick(draw, *CALLS)
    found = with_(draw)
    caller = first_caller(draw)
    if caller == "lambda.amazonaws.com":
        caller = f"arn:aws:iam::{HOME}:user/alice"
    if caller == "anonymous" and name != "GetCallerIdentity":
        caller = f"arn:aws:iam::{HOME}:root"
    if name == "AssumeRoot" and chance(draw, 70):
        caller = f"arn:aws:iam::{CENTRE}:user/boss"
    return finished(file, {"name": "drawn", "caller": caller, "call": name, "with": found})


def durations(draw: Dice) -> Doc:
    values = (899, 129601) if flaw(draw, 40) else (900, 3600, 3601, 43200, 129600)
    return {"duration_seconds": pick(draw, *values)} if chance(draw, 50) else {}


def of_session_token(draw: Dice) -> Doc:
    return durations(draw) or mfa(draw, user=True)


def of_federation_token(draw: Dice) -> Doc:
    found: Doc = {"name": pick(draw, "c", "c/d") if flaw(draw, 30) else "carol", "tags": {}}
    found["tags"] = some_tags(draw) if chance(draw, 40) else {}
    if len(found["name"]) > 3:
        found |= durations(draw)
    if chance(draw, 30):
        found["policy"] = pick(draw, *(BAD_SESSION_POLICIES if flaw(draw, 40) else LIMITS))
    return {key: value for key, value in found.items() if value != {}}


def of_root(draw: Dice) -> Doc:
    found: Doc = {
        "target_principal": pick(draw, HOME, f"arn:aws:iam::{HOME}:root"),
        "task_policy_arn": ROOT_TASKS
        + pick(draw, "IAMAuditRootUserCredentials", "S3UnlockBucketPolicy"),
    }
    return found | ({"duration_seconds": pick(draw, 0, 900, 901)} if chance(draw, 40) else {})


def of_message(draw: Dice) -> Doc:
    return {"encoded_message": "" if flaw(draw, 20) else "AQIDBA"}


def of_key(draw: Dice) -> Doc:
    bad = ("AKIA", "AKIA-OSFODNN7EXAMPLE")
    return {"access_key_id": pick(draw, *bad) if flaw(draw, 20) else "AKIAIOSFODNN7EXAMPLE"}


CALLS: tuple[tuple[str, Callable[[Dice], Doc]], ...] = (
    ("GetSessionToken", of_session_token),
    ("GetFederationToken", of_federation_token),
    ("GetFederationToken", of_federation_token),
    ("GetCallerIdentity", lambda _: {}),
    ("AssumeRoot", of_root),
    ("DecodeAuthorizationMessage", of_message),
    ("GetAccessKeyInfo", of_key),
)


def finished(file: Doc, test: Doc) -> tuple[Doc, Doc]:
    test["expect"] = "allowed"
    return file | {"tests": [test]}, test


def files() -> st.SearchStrategy[tuple[Doc, Doc]]:
    """Draw a test file and its only test, whose ``expect`` says nothing."""
    return st.one_of(chains(), chains(), chains(), chains(), other_calls())

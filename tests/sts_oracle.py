"""The naive twin of the STS operations: what STS answers to a test of a test file.

A second reading of ``docs/reference/semantics.md`` (sections C3 to C8, D, E and G): plain dicts and
functions, nothing from ``simulator``. The input is a test file (``docs/reference/test-files.md``)
whose policies all stand inline, and one of its tests; what single policies say is asked of
``tests.oracle``. Every line that carries out a rule names it. Names in capitals without a number
are those of ``doubts.md``. Truth has three values: True, False and None, "nobody knows". AWS's text
is None where nobody knows it.
"""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tests import oracle
from tests.oracle import Doc, Truth, all3, any3, fields_of, listed

FULL: Doc = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
ROLE_CALLS = {
    "web_identity": "sts:AssumeRoleWithWebIdentity",
    "saml": "sts:AssumeRoleWithSAML",
    None: "sts:AssumeRole",
}
BUILT_IN = (  # PRN-4, STS-61: these issuers need no provider in the account
    "accounts.google.com",
    "www.amazon.com",
    "graph.facebook.com",
    "cognito-identity.amazonaws.com",
)
SAML_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
ASSERTION = "[a-zA-Z_0-9+=,.@-]{2,64}"  # ERR-56
SSO = "role/aws-reserved/sso.amazonaws.com/"  # EVAL-73
GITHUB = {  # CTX-40
    *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref"),
    *("repository", "repository_id", "repository_owner_id", "workflow"),
}
CLAIMS = {  # CTX-40: the claims that are condition keys; of every issuer aud, sub and amr
    "token.actions.githubusercontent.com": GITHUB,
    "accounts.google.com": {"oaud", "google/organization_number"},
    "www.amazon.com": {"app_id", "user_id"},
    "graph.facebook.com": {"app_id", "id"},
}
SURVIVING = ("amr", "aud", "id", "sub")  # STS-63
SURVIVING_SAML = ("saml:namequalifier", "saml:sub", "saml:sub_type")  # STS-63


# --- Answers


def answer(file: Doc, test: Doc) -> Doc:
    """Answer a test: the first hop that does not succeed, or the last."""
    given = test.get("caller")
    caller = None if given is None else {"arn": given} if isinstance(given, str) else dict(given)
    found: Doc = {}
    for number, hop in enumerate(test.get("chain") or [test], 1):
        context = oracle.lower_keys(test.get("context") or {})
        context |= oracle.lower_keys(hop.get("context") or {})
        found, caller = call(file, caller, hop, context)
        if found["decision"] != "allowed":
            return found | {"hop": number, "session": None}
    return found | {"hop": None}


def said(decision: str, action: str, layers: list[str], *error: str | None) -> Doc:
    code, message = error or (None, None)
    found: Doc = {"decision": decision, "action": action, "layers": layers}
    return found | {"error_code": code, "message": message, "session": None}


def call(file: Doc, caller: Doc | None, hop: Doc, context: Doc) -> tuple[Doc, Doc | None]:
    """Make one call: what STS answers, and the next hop's caller."""
    params, operation = hop.get("with") or {}, hop.get("call")
    now = context.get("aws:currenttime")
    time = oracle.instant(now) if isinstance(now, str) else None
    token = next((kind for kind in ("web_identity", "saml") if kind in hop), None)
    action = f"sts:{operation}" if operation else ROLE_CALLS[token]

    def fail(code: str, why: str | None) -> tuple[Doc, None]:
        return said("error", action, ["sts"], code, why), None

    # ERR-2: credentials first
    expires = (caller or {}).get("expires")
    if time is not None and expires is not None and time >= expires:
        return fail("ExpiredToken", "The security token included in the request is expired")  # 3
    if token is None and caller == {"arn": "anonymous"}:
        if action != "sts:AssumeRole":
            return fail("MissingAuthenticationToken", "Request is missing Authentication Token")
        return fail("AccessDenied", None)  # ERR-3
    # ERR-2: then the shape of the parameters
    wrong = shape_error(action, hop, params)
    if wrong:
        return fail(*wrong)
    if token:
        found = by_token(file, hop, params, context, time)
    elif operation:
        assert caller is not None
        found = OPERATIONS[operation](file, caller, params, context)
    else:
        assert caller is not None
        found = assume_role(file, caller, hop["assume_role"], params, context)
    session = found.pop("next", None)
    if session is not None and time is not None and found["session"] is not None:
        session["expires"] = time + found["session"]["duration_seconds"]  # ERR-3
    return found, session


# --- The shape of parameters: D2, ERR-20 to ERR-26

NAME, ARN = r"[\w+=,.@-]*", ""
TEXT_LIMITS = {  # member: minimum, maximum, pattern
    "roleArn": (20, 2048, ARN),  # STS-20
    "roleSessionName": (2, 64, NAME),  # STS-21
    "externalId": (2, 1224, r"[\w+=,.@:\/-]*"),  # STS-27
    "serialNumber": (9, 256, r"[\w+=/:,.@-]*"),  # STS-28
    "tokenCode": (6, 6, r"[\d]*"),  # STS-29
    "sourceIdentity": (2, 64, NAME),  # STS-30: the pattern has no colon, so no `aws:` either
    "name": (2, 32, NAME),  # D2, others
    "targetPrincipal": (12, 2048, ""),
    "encodedMessage": (1, 10240, ""),
    "accessKeyId": (16, 128, r"[\w]*"),
}
DURATIONS = {  # STS-22; D2, others
    "sts:GetSessionToken": (900, 129600),
    "sts:GetFederationToken": (900, 129600),
    "sts:AssumeRoot": (0, 900),
}
ROOT_TASK = (  # D2, others
    "arn:aws:iam::aws:policy/root-task/(IAMAuditRootUserCredentials|IAMCreateRootUserPassword|"
    "IAMDeleteRootUserCredentials|S3UnlockBucketPolicy|SQSUnlockQueuePolicy)"
)
TAG = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"  # STS-25


def tag_fits(value: str) -> bool:
    return all(c.isalpha() or c.isnumeric() or c.isspace() or c in "_.:/=+-@" for c in value)


def text_faults(member: str, value: str, low: int, high: int, pattern: str) -> Iterator[str]:
    frame = f"Value '{value}' at '{member}' failed to satisfy constraint: Member must "
    if len(value) < low:
        yield f"{frame}have length greater than or equal to {low}"  # ERR-22
    if len(value) > high:
        yield f"{frame}have length less than or equal to {high}"  # ERR-22
    fits = tag_fits(value) if pattern[:-1] == TAG else re.fullmatch(pattern, value, re.ASCII)
    if pattern and not fits:
        yield f"{frame}satisfy regular expression pattern: {pattern}"  # ERR-21


def list_faults(member: str, count: int, low: int, high: int) -> Iterator[str]:
    frame = f"Value at '{member}' failed to satisfy constraint: Member must have length "
    if count > high:
        yield f"{frame}less than or equal to {high}"
    if count < low:
        yield f"{frame}greater than or equal to {low}"


def faults(action: str, values: Doc, params: Doc) -> Iterator[str]:
    """Find what does not satisfy the constraints, in the order of the API model."""
    for member, limits in TEXT_LIMITS.items():
        if values.get(member) is not None:
            yield from text_faults(member, str(values[member]), *limits)
    seconds = params.get("duration_seconds")
    low, high = DURATIONS.get(action, (900, 43200))  # STS-22; D2, others
    frame = f"Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must "
    if seconds is not None and seconds < low:
        yield f"{frame}have value greater than or equal to {low}"  # ERR-23
    if seconds is not None and seconds > high:
        yield f"{frame}have value less than or equal to {high}"  # ERR-23
    tags, transitive = params.get("tags") or {}, params.get("transitive_tag_keys") or []
    yield from list_faults("tags", len(tags), 0, 50)  # STS-25
    for number, (key, value) in enumerate(tags.items(), 1):
        yield from text_faults(f"tags.{number}.member.key", key, 1, 128, f"{TAG}+")  # STS-25
        yield from text_faults(f"tags.{number}.member.value", str(value), 0, 256, f"{TAG}*")
    yield from list_faults("transitiveTagKeys", len(transitive), 0, 50)  # STS-26
    contexts = params.get("provided_contexts")
    if contexts is not None:
        yield from list_faults("providedContexts", len(contexts), 1, 5)  # STS-31
        for number, one in enumerate(contexts, 1):
            at, assertion = f"providedContexts.{number}.member", one["context_assertion"]
            yield from text_faults(f"{at}.providerArn", one["provider_arn"], 20, 2048, "")
            yield from text_faults(f"{at}.contextAssertion", assertion, 4, 2048, "")  # STS-31
    yield from list_faults("policyArns", len(params.get("policy_arns") or []), 0, 10)  # STS-24
    policy, bounded = params.get("policy"), action != "sts:AssumeRole"  # STS-23
    if bounded and policy and len(json.dumps(policy, separators=(",", ":"))) > 2048:
        yield "Value at 'policy' failed to satisfy constraint: Member must have length …"


def shape_error(action: str, hop: Doc, params: Doc) -> tuple[str, str | None] | None:
    role = hop.get("assume_role")
    values = {camel(key): value for key, value in params.items()} | {"roleArn": role}
    if "saml" in hop:
        values.pop("roleSessionName", None)  # there the name comes with the assertion: STS-64
    found = list(faults(action, values, params))
    if found:
        plural = "s" if len(found) > 1 else ""
        why = f"{len(found)} validation error{plural} detected: {'; '.join(found)}"  # ERR-24
        return "ValidationError", why
    if action == "sts:AssumeRoot" and not re.fullmatch(ROOT_TASK, params["task_policy_arn"]):
        return "ValidationError", None  # STS-3; D2, others
    if role is not None:
        prefix, partition, service, _, _, resource = fields_of(role)
        if prefix != "arn" or not (partition and service and resource):
            return "ValidationError", f"{role} is invalid"  # ERR-20
    keys = list(params.get("tags") or {})
    if len({key.lower() for key in keys}) < len(keys):
        why = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        return "InvalidParameterValue", why  # ERR-26
    if not {*(params.get("transitive_tag_keys") or [])} <= {*keys}:
        why = "The specified transitive tag key must be included in the requested tags."
        return "InvalidParameterValue", why  # ERR-25, STS-26
    return None


def camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


# --- What the file says


def policies_of(entries: list[Any] | None) -> list[Doc]:
    kept = (entry for entry in entries or [] if entry != "RCPFullAWSAccess")  # EVAL-50
    return [FULL if entry == "FullAWSAccess" else entry for entry in kept]


def levels(file: Doc, account: str, sort: str) -> list[list[Doc]]:
    """Return the SCPs or RCPs from the root to the account: none outside an organization."""
    default = ["FullAWSAccess"] if sort == "scps" else []  # EVAL-42, EVAL-50

    def down(node: Doc) -> list[list[Doc]] | None:
        own = [policies_of(node.get(sort, default))]
        if account in (node.get("accounts") or []):
            return own
        below = (down(unit) for unit in (node.get("units") or {}).values())
        return next((own + path for path in below if path is not None), None)

    return down((file.get("organization") or {}).get("root") or {}) or []


def organization_of(file: Doc, account: str | None) -> str | None:
    organization = file.get("organization") or {}
    inside = account is not None and bool(levels(file, account, "scps"))
    inside = inside or account == organization.get("management_account", "")
    return organization.get("id") if inside else None


def role_arn(account: str, name: str, role: Doc, partition: str) -> str:
    return f"arn:{partition}:iam::{account}:role{role.get('path') or '/'}{name}"


def role_named(file: Doc, account: str, fits: Callable[[str, Doc], bool]) -> Doc | None:
    roles = (file["accounts"].get(account) or {}).get("roles") or {}
    return next((role for name, role in roles.items() if fits(name, role)), None)


def target(file: Doc, arn: str) -> Doc | None:
    """Return the role with this ARN: path and letter case count."""
    _, partition, _, _, account, _ = fields_of(arn)
    return role_named(file, account, lambda n, r: role_arn(account, n, r, partition) == arn)


def overlaid(*layers: Doc | None) -> Doc:
    """Lay tags over each other; later ones win, letter case of keys does not count: STS-70."""
    found: dict[str, tuple[str, str]] = {}
    for layer in layers:
        found |= {key.lower(): (key, str(value)) for key, value in (layer or {}).items()}
    return dict(found.values())


def caller_side(file: Doc, caller: Doc) -> Doc:
    """Return the caller's part of the world of ``tests.oracle``."""
    _, partition, _, _, account, name = fields_of(caller["arn"])
    kind, _, rest = name.partition("/")
    there = file["accounts"].get(account) or {}
    organization = file.get("organization") or {}
    world: Doc = {
        "caller": caller,
        "session_policies": policies_of(caller.get("session_policies")),
        "scps": levels(file, account, "scps"),
        "management_account": organization.get("management_account"),
    }
    if not account:
        return world | {"caller": caller | {"arn": None, "service": caller["arn"]}}  # EVAL-70
    if kind == "user":
        user = there["users"][rest.rpartition("/")[2]]
        groups = [there["groups"][group] for group in user.get("groups") or []]
        identity = [*(user.get("policies") or [])]
        identity += [policy for group in groups for policy in group.get("policies") or []]  # EVAL-4
        boundary, tags = user.get("permissions_boundary"), user.get("tags")
        world["mfa_devices"] = user.get("mfa_devices")
        unique_id = user.get("unique_id")
    elif kind == "assumed-role":
        role_name = rest.split("/")[0]
        role = role_named(file, account, lambda n, _: n == role_name)
        assert role is not None
        identity, boundary = role.get("policies") or [], role.get("permissions_boundary")
        tags = overlaid(role.get("tags"), caller.get("tags"))  # STS-70
        unique_id = role.get("unique_id")
        world["caller"] = caller | {"role_arn": role_arn(account, role_name, role, partition)}
    else:  # root, federated users
        identity, boundary, tags, unique_id = [], None, caller.get("tags"), None
    world["caller"] = world["caller"] | {"tags": tags or {}, "unique_id": unique_id}
    world |= {"identity": policies_of(identity)}
    return world | {"boundary": None if boundary is None else policies_of([boundary])[0]}


def organization_keys(file: Doc, caller_account: str | None, owner: str | None) -> Doc:
    return {
        "aws:PrincipalOrgID": organization_of(file, caller_account),  # CTX-3
        "aws:ResourceOrgID": organization_of(file, owner),  # CTX-15
    }


def worst(answers: list[Doc]) -> Doc:
    """Return the worst answer, of the first action that has it: STS-56."""
    order = ("explicitDeny", "implicitDeny", "undecided", "allowed")
    return min(answers, key=lambda found: order.index(found["decision"]))


def malformed(params: Doc, arn: str) -> bool:
    """Say whether the policies of a session are bad that is made in the account of this ARN."""
    _, partition, _, _, account, _ = fields_of(arn)
    managed = re.compile(f"arn:{partition}:iam::({account}|aws):policy/.+")
    if not all(managed.fullmatch(given) for given in params.get("policy_arns") or []):
        return True  # STS-24
    policy = params.get("policy")
    statements = [] if policy is None else listed(policy.get("Statement", []))
    if policy is not None and not statements:
        return True  # ERR-34: syntax
    for statement in statements:
        arns = listed(statement.get("Resource", [])) + listed(statement.get("NotResource", []))
        actions = {"Action", "NotAction"} & statement.keys()
        if not (arns and actions and statement.get("Effect") in ("Allow", "Deny")):
            return True  # ERR-34: syntax
        if {"Principal", "NotPrincipal"} & statement.keys():
            return True  # ERR-34: principal
        if any(arn != "*" and arn.count(":") < 5 for arn in arns):
            return True  # ERR-34, RES-7: short ARN
    return False


def kept(found: Doc) -> Doc:
    """Return an answer of ``tests.oracle`` in our form."""
    return found | {"session": None}


# --- AssumeRole


def assume_role(file: Doc, caller: Doc, arn: str, params: Doc, context: Doc) -> Doc:
    """Decide an AssumeRole call: section G from step 2."""
    role = target(file, arn)
    world = caller_side(file, caller) | {"role": (role or {}) | {"arn": arn}}
    world |= {"trust": (role or {}).get("trust_policy")}
    world = oracle.prepared(world, arn)
    world |= {"rcps": levels(file, world["owner"], "rcps")}
    who = world["caller"]
    early = kind_refusal(who, "sts:AssumeRole") or mfa_refusal(world, params, "sts:AssumeRole")
    if early:
        return early
    if role is None:
        missing = world | {"action": oracle.ASSUME}
        return kept(oracle.refused(missing, "implicitDeny", ["sts"]))  # ERR-19
    contexts = params.get("provided_contexts") or []
    derived = oracle.assume_role_context(world, params)
    derived |= organization_keys(file, who["account"], world["owner"])
    derived |= who.get("federation") or {}  # CTX-23, CTX-25, STS-63
    if contexts:
        derived["sts:RequestContextProviders"] = [one["provider_arn"] for one in contexts]  # CTX-26
    full = oracle.with_facts(world, oracle.lower_keys(derived) | context)
    found = worst([oracle.decide(world, a, full) for a in needed(who, params)])  # STS-56
    if found["decision"] != "allowed":
        return kept(found)
    if who["kind"] == "service":
        world["role"] = world["role"] | {"max_session_duration": 43200}  # EVAL-74
    late = oracle.late_refusal(world, params)  # ERR-31, ERR-32, ERR-35, STS-74
    if late:
        return kept(late)
    if malformed(params, arn):
        return said("error", "sts:AssumeRole", ["sts"], "MalformedPolicyDocument", None)  # ERR-34
    inherited = oracle.inherited_tags(who)
    transitive = [*inherited, *(params.get("transitive_tag_keys") or [])]  # STS-72
    tags = overlaid(role.get("tags"), inherited, params.get("tags"))  # STS-70
    source = params.get("source_identity") or who.get("source_identity")  # STS-74
    return started(arn, params, tags, transitive, source)


def needed(who: Doc, params: Doc) -> Iterator[str]:
    """Return the actions that the call needs: step 5 of section G."""
    yield "sts:AssumeRole"
    if params.get("source_identity") or who.get("source_identity"):
        yield "sts:SetSourceIdentity"  # STS-52, STS-53, ERR-19a
    if params.get("tags") or oracle.inherited_tags(who):
        yield "sts:TagSession"  # STS-50, STS-51, STS-53
    if params.get("provided_contexts"):
        yield "sts:SetContext"  # STS-55


def started(
    arn: str, params: Doc, tags: Doc, transitive: list[str], source: str | None, **extra: object
) -> Doc:
    """Return the answer of a call that succeeds, with its session: step 8 of section G."""
    _, partition, _, _, account, name = fields_of(arn)
    session: Doc = {  # STS-34: the session's ARN has no path
        "arn": f"arn:{partition}:sts::{account}:assumed-role/{name.split('/')[-1]}/"
        f"{params.get('role_session_name')}",
        "duration_seconds": params.get("duration_seconds") or 3600,  # STS-22
        "tags": tags,
        "transitive_tag_keys": transitive,
        "source_identity": source,
    }
    given = [params["policy"]] if params.get("policy") else []  # EVAL-62, EVAL-63
    then = session | {"credentials": "role_session", "session_policies": given}  # CTX-41
    found = said("allowed", "sts:AssumeRole", [])
    return found | {"session": session, "next": then | extra}


def kind_refusal(who: Doc, action: str) -> Doc | None:
    """Refuse what this kind of credentials may not call: table D1."""
    kind, credentials = who["kind"], who["credentials"]
    why: str | None = None
    if action in ("sts:GetSessionToken", "sts:GetFederationToken"):
        bad = credentials != "long_term"  # STS-4, STS-5, STS-10, STS-11
        why = f"Cannot call {action[4:]} with session credentials"  # ERR-43, ERR-44
    elif action == "sts:AssumeRole":
        bad = kind in ("root", "federated-user")  # STS-1, STS-11, ERR-19b
        why = "Roles may not be assumed by root accounts." if kind == "root" else None
    elif action == "sts:AssumeRoot":
        bad = kind in ("root", "federated-user")  # STS-3
    else:  # STS-7, STS-9, STS-11
        bad = kind == "federated-user" or credentials.startswith("session_token")
    return said("error", action, ["sts"], "AccessDenied", why) if bad else None


def mfa_refusal(world: Doc, params: Doc, action: str) -> Doc | None:
    serial, code = params.get("serial_number"), params.get("token_code")
    who, devices, why = world["caller"], world.get("mfa_devices"), ""
    if (serial is None) != (code is None):
        why = "must provide both MFA serial number and one time pass code."  # ERR-42
    elif serial is not None:
        own = serial.startswith(f"{who['iam']}mfa/") or ":" not in serial
        own = own if devices is None else serial in devices  # CTX-43
        if not own or ":u2f/" in serial or who["kind"] != "user":  # CTX-41, CTX-42
            why = "unable to validate MFA code.  Please verify your MFA serial number is valid and "
            why += "associated with this user."  # ERR-41
    text = f"MultiFactorAuthentication failed, {why}"
    return said("error", action, ["sts"], "AccessDenied", text) if why else None


# --- AssumeRoleWithWebIdentity, AssumeRoleWithSAML


def by_token(file: Doc, hop: Doc, params: Doc, context: Doc, time: Decimal | None) -> Doc:
    """Decide a call with a token: the token first, then trust and RCPs alone (STS-2)."""
    kind = "web_identity" if "web_identity" in hop else "saml"
    action, arn, role = ROLE_CALLS[kind], hop["assume_role"], target(file, hop["assume_role"])
    denied = f"Not authorized to perform {action}"  # ERR-50, ERR-55
    if kind == "web_identity":
        provider, keys = hop[kind]["provider"], claim_keys(hop[kind])
        wrong = token_error(file, arn, hop[kind], time)
        names = provider if provider in BUILT_IN else None
        _, partition, _, _, account, _ = fields_of(arn)
        names = names or f"arn:{partition}:iam::{account}:oidc-provider/{provider}"  # PRN-4, STS-61
        tags, transitive, source = {}, [], None
        living = {k: v for k, v in keys.items() if k.rpartition(":")[2] in SURVIVING}  # STS-63
    else:
        names = hop[kind]["provider"]  # STS-60
        attributes = hop[kind].get("attributes") or {}
        keys = {k: v for k, v in attributes.items() if not k.startswith(SAML_ATTRIBUTES)}
        of_session = {
            k.removeprefix(SAML_ATTRIBUTES): v for k, v in attributes.items() if k not in keys
        }
        tags = {  # STS-50
            k.removeprefix("PrincipalTag:"): v
            for k, v in of_session.items()
            if k.startswith("PrincipalTag:")
        }
        transitive = listed(of_session.get("TransitiveTagKeys", []))
        source = of_session.get("SourceIdentity")  # STS-64
        wrong = assertion_error(params, source)
        living = {k: v for k, v in keys.items() if k.lower() in SURVIVING_SAML}  # STS-63
    if wrong:
        return said("error", action, ["sts"], *wrong)
    outsider = fields_of(arn)[5].startswith(SSO) and not own_sso(arn, names)  # EVAL-73
    if role is None or (kind == "saml" and outsider):
        return said("implicitDeny", action, ["sts"], "AccessDenied", denied)  # ERR-50, ERR-55
    world = oracle.prepared({"caller": {}, "role": role | {"arn": arn}}, arn)
    world |= {"rcps": levels(file, world["owner"], "rcps"), "trust": role["trust_policy"]}
    world |= {"management_account": (file.get("organization") or {}).get("management_account")}
    asked = {"tags": tags, "transitive_tag_keys": transitive, "source_identity": source}
    asked |= {k: params[k] for k in ("role_session_name",) if k in params}
    derived = oracle.assume_role_context(world, asked) | keys
    derived |= organization_keys(file, None, world["owner"])
    full = oracle.with_facts(world, oracle.lower_keys(derived) | context)
    actions = [action]
    actions += ["sts:SetSourceIdentity"] if source else []  # STS-52, STS-54
    actions += ["sts:TagSession"] if tags else []  # STS-50, STS-54
    found = worst([decide_token(world | {"action": a, "context": full}, names) for a in actions])
    if found["decision"] != "allowed":
        return found | {"message": denied if found["error_code"] else None}
    if (params.get("duration_seconds") or 3600) > (role.get("max_session_duration") or 3600):
        why = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        return said("error", action, ["sts"], "ValidationError", why)  # STS-44, ERR-31
    if malformed(params, arn):
        return said("error", action, ["sts"], "MalformedPolicyDocument", None)  # ERR-34
    living["aws:FederatedProvider"] = oracle.UNKNOWN  # CTX-23: present
    whole = overlaid(role.get("tags"), tags)  # STS-70
    found = started(arn, params, whole, transitive, source, federation=living)
    return found | {"action": action}


def claim_keys(identity: Doc) -> Doc:
    """Return the condition keys of a token: CTX-40, STS-62."""
    provider, claims = identity["provider"], dict(identity.get("claims") or {})
    if provider == "accounts.google.com" and "aud" in claims:
        claims["oaud"] = claims["aud"]  # STS-62
        claims["aud"] = claims.get("azp", claims["aud"])  # STS-62
    known = {"aud", "sub", "amr"} | CLAIMS.get(provider, set())  # CTX-40
    return {f"{provider}:{claim}": v for claim, v in claims.items() if claim in known}


def token_error(file: Doc, arn: str, identity: Doc, time: Decimal | None) -> tuple[str, str] | None:
    provider, claims = identity["provider"], identity.get("claims") or {}
    there = file["accounts"].get(fields_of(arn)[4]) or {}
    if provider not in BUILT_IN:
        found = (there.get("oidc_providers") or {}).get(provider)
        if found is None:
            why = f"No OpenIDConnect provider found in your account for https://{provider}"
            return "InvalidIdentityToken", why  # STS-61, ERR-51
        if not {*listed(claims.get("aud"))} & {*(found.get("client_ids") or [])}:
            return "InvalidIdentityToken", "Incorrect token audience"  # STS-61, ERR-52
    expires = claims.get("exp")
    if time is not None and expires is not None and Decimal(str(expires)) < time:
        why = f"Token expired: current date/time {int(time)} must be before the expiration "
        return "ExpiredTokenException", f"{why}date/time {expires}"  # ERR-54
    return None


def assertion_error(params: Doc, source: str | None) -> tuple[str, str] | None:
    name = params.get("role_session_name")
    if name is not None and not re.fullmatch(ASSERTION, name):
        why = f"RoleSessionName in AuthnResponse must match {ASSERTION}"
        return "InvalidIdentityToken", why  # ERR-56
    if source is not None and not re.fullmatch(ASSERTION, source):
        why = f'Source Identity must match {ASSERTION} and not begin with "aws:"'
        return "InvalidIdentityToken", why  # ERR-56
    return None


def own_sso(arn: str, provider: str) -> bool:
    """Say whether this is the account's own provider of Identity Center: EVAL-73."""
    _, partition, _, _, account, _ = fields_of(arn)
    return provider.startswith(f"arn:{partition}:iam::{account}:saml-provider/AWSSSO_")


def decide_token(ask: Doc, provider: str) -> Doc:
    """Decide one action for whom a provider vouches: no identity side, no SCP (EVAL-40, 43)."""

    def trust(effect: str) -> Truth:
        return any3(
            all3([names(statement), oracle.statement_applies(statement, policy, "trust", ask)])
            for policy in [ask["trust"]]
            for statement in listed(policy["Statement"])
            if statement["Effect"] == effect
        )

    def names(statement: Doc) -> Truth:
        principal = statement.get("Principal")
        if isinstance(principal, dict):
            return provider in listed(principal.get("Federated", []))  # PRN-36, TRU-2
        return principal == "*"  # STAR-SERVICE

    rcps = oracle.documents(ask)["rcp"]
    by_rcp = any3(
        d for level in rcps for d in oracle.verdict("Deny", level, "rcp", ask).values()
    )  # EVAL-51, EVAL-52
    denies, allows = {"trust": trust("Deny"), "rcp": by_rcp}, trust("Allow")
    denying = [layer for layer, denied in denies.items() if denied is True]
    if denying:
        return said("explicitDeny", ask["action"], denying, "AccessDenied", None)  # EVAL-2
    if allows is False:
        return said("implicitDeny", ask["action"], ["trust"], "AccessDenied", None)  # EVAL-20
    if allows is None or None in denies.values():
        return said("undecided", ask["action"], ["fact"])
    return said("allowed", ask["action"], [])


# --- The other operations


def permitted(file: Doc, world: Doc, actions: list[str], more: Doc, context: Doc) -> Doc:
    """Ask the caller's own policies, and the RCPs of the resource: EVAL-54."""
    who = world["caller"]
    world |= {"rcps": levels(file, world["owner"], "rcps")}
    derived = oracle.common_context(world, {}, {}) | more
    derived |= organization_keys(file, who["account"], world["owner"])
    derived |= who.get("federation") or {}  # CTX-25
    full = oracle.with_facts(world, oracle.lower_keys(derived) | context)
    found = worst([oracle.decide(world, action, full) for action in actions])
    return kept(found) | {"message": None}  # no text known: ERR-10 to ERR-12


def plain_session(arn: str | None, seconds: int, tags: Doc) -> Doc:
    found: Doc = {"arn": arn, "duration_seconds": seconds, "tags": tags}
    return found | {"transitive_tag_keys": [], "source_identity": None}


def root_hour(who: Doc, params: Doc) -> int:
    seconds = int(params.get("duration_seconds") or 43200)  # D2, others
    return min(seconds, 3600) if who["kind"] == "root" else seconds  # STS-4, STS-5


def get_session_token(file: Doc, caller: Doc, params: Doc, context: Doc) -> Doc:
    del context  # STS-4, EVAL-45: no policy is asked
    action = "sts:GetSessionToken"
    world = oracle.prepared(caller_side(file, caller), "*")
    who = world["caller"]
    refused = kind_refusal(who, action) or mfa_refusal(world, params, action)
    if refused:
        return refused
    with_mfa = "_with_mfa" if params.get("serial_number") is not None else ""  # CTX-8
    then = {"arn": caller["arn"], "credentials": f"session_token{with_mfa}"}  # EVAL-66
    session = plain_session(caller["arn"], root_hour(who, params), {})
    return said("allowed", action, []) | {"session": session, "next": then}


def get_federation_token(file: Doc, caller: Doc, params: Doc, context: Doc) -> Doc:
    action = "sts:GetFederationToken"
    _, partition, _, _, account, _ = fields_of(caller["arn"])
    arn = f"arn:{partition}:sts::{account}:federated-user/{params['name']}"
    world = oracle.prepared(caller_side(file, caller), arn)
    refused = kind_refusal(world["caller"], action)
    if refused:
        return refused
    tags = params.get("tags") or {}
    more: Doc = {f"aws:RequestTag/{key}": tag for key, tag in tags.items()}  # CTX-17
    more["aws:TagKeys"] = list(tags) or None  # CTX-17
    actions = [action, *(["sts:TagSession"] if tags else [])]  # STS-5; STS-50, STS-76
    found = permitted(file, world, actions, more, context)
    if found["decision"] != "allowed":
        return found
    if malformed(params, arn):
        return said("error", action, ["sts"], "MalformedPolicyDocument", None)  # ERR-34
    whole = overlaid(world["caller"].get("tags"), tags)
    return found | {"session": plain_session(arn, root_hour(world["caller"], params), whole)}


def get_caller_identity(file: Doc, caller: Doc, params: Doc, context: Doc) -> Doc:
    del file, caller, params, context
    return said("allowed", "sts:GetCallerIdentity", [])  # STS-6, EVAL-45


def assume_root(file: Doc, caller: Doc, params: Doc, context: Doc) -> Doc:
    action, wanted = "sts:AssumeRoot", str(params["target_principal"])
    _, partition, _, _, account, _ = fields_of(caller["arn"])
    resource = wanted if ":" in wanted else f"arn:{partition}:iam::{wanted}:root"
    world = oracle.prepared(caller_side(file, caller), resource)
    refused = kind_refusal(world["caller"], action)
    if refused:
        return refused
    owner, management = world["owner"], world["management_account"]
    # STS-3: from the management account (a file knows no delegated administrator) into a member
    if account != management or owner == management or not levels(file, owner, "scps"):
        return said("error", action, ["sts"], "AccessDenied", None)
    # It is the identity policy that allows: the member has delegated this to the management account
    trusting = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": action}
    world |= {"resource_policy": {"Version": "2012-10-17", "Statement": [trusting]}}
    more = {"sts:TaskPolicyArn": params["task_policy_arn"]}  # CTX-27
    found = permitted(file, world, [action], more, context)
    if found["decision"] != "allowed":
        return found
    seconds = params.get("duration_seconds")
    return found | {"session": plain_session(None, 900 if seconds is None else seconds, {})}


def plain_call(action: str) -> Callable[[Doc, Doc, Doc, Doc], Doc]:
    def ask(file: Doc, caller: Doc, params: Doc, context: Doc) -> Doc:
        del params
        world = oracle.prepared(caller_side(file, caller), "*")
        refused = kind_refusal(world["caller"], action)  # STS-7
        return refused or permitted(file, world, [action], {}, context)

    return ask


OPERATIONS: dict[str, Callable[[Doc, Doc, Doc, Doc], Doc]] = {
    "GetSessionToken": get_session_token,
    "GetFederationToken": get_federation_token,
    "GetCallerIdentity": get_caller_identity,
    "AssumeRoot": assume_root,
    "DecodeAuthorizationMessage": plain_call("sts:DecodeAuthorizationMessage"),
    "GetAccessKeyInfo": plain_call("sts:GetAccessKeyInfo"),
}

"""The naive twin of what AWS stores: would it store a document, and if not, with which error.

A second reading of ``docs/reference/semantics.md`` (sections A and G): plain dicts and functions,
nothing from ``simulator``. Every line that carries out a rule names it. The text of an error is
empty where nobody knows it: no answer of AWS is on record, or a document has two faults and no
recording shows which of them AWS tells first. Entities are taken to exist. Documents of the kind
``resource`` are bucket policies: other services have other words.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeGuard

Doc = dict[str, Any]
Answer = tuple[str, str] | None
Fault = tuple[str, ...]  # how AWS words it, and what it puts in; "": nobody knows

NOW, THEN = "2012-10-17", "2008-10-17"
words = re.compile(r"\S+").findall

# ERR-61, ERR-66, ERR-67: permission policies
MALFORMED = "MalformedPolicyDocument"
SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
ALPHANUMERIC = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular"
    " expression [0-9A-Za-z]*"
)
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
A_PRINCIPAL = "Policy document should not specify a principal."
WILD_VENDOR = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
PREFACED = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
PARTITION = 'Partition "{}" is not valid for resource "{}".'
QUALIFIED = "Resource vendor must be fully qualified and cannot contain regexes."
PATHS = words(
    "user/ federated-user/ role/ group/ instance-profile/ mfa/ server-certificate/ policy/ sms-mfa/"
    " saml-provider/ oidc-provider/ report/ access-report/"
)
REGIONAL = words(  # what S3 has in a region
    "accesspoint access-grants async-request job storage-lens storage-lens-group"
)
PATH = f'IAM resource path must either be "*", root, or start with {", ".join(PATHS)}.'

# ERR-60, ERR-62 to ERR-65, ERR-69: trust policies
NO_STATEMENT = "Could not parse the policy: Statement is empty!"
STAR = 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
PRINCIPAL = 'Invalid principal in policy: "{}":"{}"'
FEDERATED = "Federated principals must be valid domain names or SAML metadata ARNs"
MISSING = "Missing required field {}"
ONLY_STS = "AssumeRole policy may only specify STS AssumeRole actions."
COGNITO = "A condition block must be present for the Cognito provider"
SHARED = (
    "Trust policy with trusted principal {} must evaluate, using StringEquals, StringLike or"
    " StringEqualsIgnoreCase, {} which is not scoped to all."
)

# Organizations and S3
UNFIT = "The provided policy document does not meet the requirements of the specified policy type."

FOREIGN = re.compile(r"[^\t\n\r\u0020-\u00ff]")  # POL-22: in no parameter of IAM and STS
NEGATED = ("Action", "Resource", "Principal")
ELEMENTS = {"Sid", "Effect", "Condition", *NEGATED, *(f"Not{name}" for name in NEGATED)}
SETS = "(?:(?:ForAllValues|ForAnyValue):)?"
OPERATOR = re.compile(  # CND-5
    f"(?i){SETS}(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|Arn(?:Not)?(?:Equals|Like)"
    "|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)"
    f"|(?:Not)?IpAddress|Bool|BinaryEquals)(?:IfExists)?|{SETS}Null"
)
DATE = re.compile(
    r"-?\d{1,9}(?:-(\d\d?)(?:-(\d\d?))?)?"
    r"(?:[Tt](?:(\d\d?)(?::(\d\d?)(?::(\d\d?)(?:[.,]\d{1,9})?)?)?)?"
    r"(?:[Zz]|[+-](\d\d)(?::?(\d\d))?)?)?"
)
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
BYTES = re.compile(r"(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?", re.ASCII)
AN_ENTITY = re.compile(  # PRN-2, PRN-6, PRN-21
    r"\*|\d(-?\d){11}|A[A-Z]{3}[A-Z0-9]{8,}|arn:[a-z-]+:(iam::\d{12}:(root|(user|role)/[^*?]+)"
    r"|sts::\d{12}:(assumed-role/[^*?/]+|federated-user)/[^*?/]+)"
)
A_PROVIDER = re.compile(r"arn:[a-z-]+:iam::\d{12}:(saml|oidc)-provider/\S+|[\w.-]+\.\w+")  # PRN-4
A_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")  # PRN-5
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
ASSUMING = words(  # TRU-1
    "sts:assumerole sts:assumerolewithsaml sts:assumerolewithwebidentity sts:tagsession"
    " sts:setsourceidentity sts:setcontext"
)
GITHUB, COGNITO_POOL = "token.actions.githubusercontent.com", "cognito-identity.amazonaws.com"
AZURE_SENTINEL = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"
SUBJECT = words(
    "agent.buildkite.com app.terraform.io gitlab.com oidc.codefresh.io scalr.io proidc.upbound.io"
    " oidc-configuration.audit-log.githubusercontent.com studio.datachain.ai/api"
    " tokens.cloud.shisho.dev vstoken.actions.githubusercontent.com"
    " rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7"
    " rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr"
    " rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg"
    " rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26"
    " oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb"
    " oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu"
)
AUDIENCE = ("api.pulumi.com/oidc", "oidc.vercel.com", "sandboxes.cloud", COGNITO_POOL)
# TRU-7, id_roles_providers_oidc_secure-by-default: one of these keys must be evaluated
TENANCY = {
    **{issuer: (f"{issuer}:sub",) for issuer in SUBJECT},
    **{issuer: (f"{issuer}:aud",) for issuer in AUDIENCE},
    GITHUB: (f"{GITHUB}:sub", f"{GITHUB}:job_workflow_ref"),
    AZURE_SENTINEL: ("sts:RoleSessionName",),
}


def answer(kind: str, text: str) -> Answer:
    """Return AWS's error code and text, or None where it stores the document."""
    return KINDS[kind](text)


# --- What is so of every kind


def parse(text: str) -> object:
    """Return the JSON value, or ... where the text is none."""
    try:
        return json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, RecursionError, ZeroDivisionError):
        return ...


def statements(document: Doc) -> list[Any]:
    return listed(document.get("Statement"))  # POL-2


def listed(value: object) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]  # POL-18


def patterns(statement: Doc, element: str) -> list[str]:
    """Return what an element or its negation lists."""
    found = listed(statement.get(element)) + listed(statement.get(f"Not{element}"))
    return [value for value in found if value is not None]  # POL-23


def well_formed(document: object) -> TypeGuard[Doc]:
    """Whether a document is built of the elements of the language, each of its type."""
    return (
        isinstance(document, dict)  # POL-1
        and set(document) <= {"Version", "Id", "Statement"}  # POL-7, POL-10
        and document.get("Version", NOW) in (NOW, THEN)  # POL-3
        and isinstance(document.get("Id", ""), str)  # POL-6
        and statements(document) != []  # POL-2
        and all(well_formed_statement(statement) for statement in statements(document))
    )


def hollow(document: object, statement: object) -> bool:
    """Whether a document is well formed but for its statement, which is what is given here."""
    if not isinstance(document, dict) or document.get("Statement", ...) != statement:
        return False
    return well_formed({**document, "Statement": {"Effect": "Deny"}})


def well_formed_statement(statement: object) -> bool:
    return (
        isinstance(statement, dict)  # POL-2
        and set(statement) <= ELEMENTS  # POL-7, POL-10
        and not any({name, f"Not{name}"} <= set(statement) for name in NEGATED)  # POL-12, POL-13
        and isinstance(statement.get("Sid", ""), str)  # POL-17
        and str(statement.get("Effect")).lower() in ("allow", "deny")  # POL-11
        and all(strings(statement.get(name, [])) for name in ("Action", "NotAction"))
        and all(strings(statement.get(name, []), null=True) for name in ("Resource", "NotResource"))
        and all(
            isinstance(names, str)
            or (isinstance(names, dict) and all(map(strings, names.values())))
            for names in (statement.get("Principal", {}), statement.get("NotPrincipal", {}))
        )
        and isinstance(statement.get("Condition", {}), dict)
        and all(well_formed_test(*pair) for pair in statement.get("Condition", {}).items())
    )


def strings(value: object, *, null: bool = False) -> bool:
    several = value if isinstance(value, list) else []
    fit = all(isinstance(item, str) or (null and item is None) for item in several)  # POL-23
    return isinstance(value, str) or (isinstance(value, list) and fit)  # POL-18


def well_formed_test(operator: str, keys: object) -> bool:
    """Whether AWS takes an operator with its keys: where there are none, it reads no name."""
    return (
        isinstance(keys, dict)
        and (not keys or OPERATOR.fullmatch(operator) is not None)  # POL-20, CND-5
        and all(
            isinstance(value, str | int | float)  # POL-21: a bool is an int
            for values in keys.values()
            for value in (values if isinstance(values, list) else [values])
        )
    )


def tell(faults: Iterable[Fault]) -> str | None:
    """Return what AWS says of faults of one kind: the first; of several kinds nobody knows."""
    found = list(faults)
    wording, *parts = found[0] if found else ("",)
    alike = all(fault[0] == wording for fault in found)
    return None if not found else wording.format(*parts) if alike else ""


def repeats_sid(document: Doc) -> bool:
    sids = [each["Sid"] for each in statements(document) if each.get("Sid")]  # POL-17: not of ""
    return len(sids) != len(set(sids))


def named(statement: Doc) -> bool:
    return not {"Principal", "NotPrincipal"}.isdisjoint(statement)  # POL-15, POL-16


def lacks(document: Doc, element: str) -> bool:
    """Whether a statement has neither an element nor its negation, or an empty list."""
    return any(
        not listed(each.get(element)) + listed(each.get(f"Not{element}"))  # POL-12, -13, -19
        for each in statements(document)
    )


def misspells_effect(document: Doc) -> bool:
    return any(each["Effect"] not in ("Allow", "Deny") for each in statements(document))  # POL-11


# --- Permission policies: the order is that of the recordings


def permissions(text: str, limit: int, over: str) -> Answer:
    if FOREIGN.search(text):
        return "ValidationError", ""
    document = parse(text)
    if not well_formed(document) or any(map(garbles, statements(document))):
        return MALFORMED, SYNTAX
    if document.get("Version") != NOW:
        return MALFORMED, "Policy document must be version 2012-10-17 or greater."  # POL-5
    found = ladder(document) if text.startswith("{") else LEGACY
    odd = any(re.search("[^0-9A-Za-z]", each.get("Sid", "")) for each in statements(document))
    # Of these two checks the place among the others is not known, but for one pair.
    if any(map(named, statements(document))):
        return MALFORMED, A_PRINCIPAL if found in (None, NO_RESOURCES) and not odd else ""
    if odd:
        return MALFORMED, ALPHANUMERIC if found is None else ""
    if found is not None:
        return MALFORMED, found
    return ("LimitExceeded", over) if len("".join(text.split())) > limit else None  # QUO-4


def ladder(document: Doc) -> str | None:
    """Return the first complaint of the checks that follow the syntax and the version."""
    found = statements(document)
    if misspells_effect(document) or any(map(fails_legacy, found)):
        return LEGACY
    if repeats_sid(document):
        return "Statement IDs (SID) in a single policy must be unique."
    if lacks(document, "Action"):
        return NO_ACTIONS
    if lacks(document, "Resource"):
        return NO_RESOURCES
    resources = [resource_fault(text) for each in found for text in patterns(each, "Resource")]
    actions = [fault for each in found for fault in action_faults(each)]
    return tell(filter(None, resources) if any(resources) else actions)


def fails_legacy(statement: Doc) -> bool:
    return any(map(legacy_arn, patterns(statement, "Resource"))) or any(
        not reads(value)
        for family, reads in LEGACY_VALUES.items()
        for value in tested(statement, family)
    )


def garbles(statement: Doc) -> bool:
    """Whether a statement compares with bytes that are not written in base64."""
    return any(not BYTES.fullmatch(value) for value in tested(statement, "Binary"))  # CND-27


def tested(statement: Doc, family: str) -> Iterator[str]:
    """Yield the texts that a family of operators compares with."""
    for operator, keys in statement.get("Condition", {}).items():
        if re.fullmatch(f"(?i){SETS}(?:Not)?{family}\\w+", operator):
            for value in (each for values in keys.values() for each in listed(values)):
                if isinstance(value, str):
                    yield value


def legacy_arn(text: str) -> bool:
    """Whether the older parser fails on an ARN; of other partitions it reads no further."""
    fields = text.split(":", 5)
    if fields[0] != "arn" or len(fields) < 3 or fields[1] not in PARTITIONS:
        return False
    account = "".join(fields[4:5])  # a variable stands there in braces: VAR-1
    return fields[2] == "" or re.search("[^A-Za-z0-9*?-]", account) is not None


def a_date(text: str) -> bool:
    """Whether the older parser takes a date: a year, a day, an instant, or epoch seconds."""
    if re.fullmatch(r"[+-]?\d{1,19}", text):
        return -(2**63) <= int(text) < 2**63
    if (match := DATE.fullmatch(text)) is None:
        return False
    month, day, *clock = (int(part or 0) for part in match.groups())
    return (
        (match[1] is None or 1 <= month <= 12)
        and (match[2] is None or 1 <= day <= 31)
        and all(part < most for part, most in zip(clock, (25, 60, 60, 24, 60), strict=True))
    )


def an_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


LEGACY_VALUES: dict[str, Callable[[str], bool]] = {
    "Date": a_date,  # CND-25
    "Numeric": lambda text: NUMBER.fullmatch(text) is not None,  # CND-24
    "Ip": an_address,  # CND-28
    "Arn": lambda text: text == "*" or text.count(":") >= 5,  # CND-30
}


def resource_fault(text: str) -> Fault | None:
    if text == "*":  # RES-2
        return None
    if ":" not in text:
        return 'Resource {} must be in ARN format or "*".', text
    fields = text.split(":", 5)
    _, partition, vendor, region, account, rest = fields + ["*"] * (6 - len(fields))  # RES-6
    text = f"arn:{partition}:{vendor}:{region}:{account}:{rest}"
    if partition not in (*PARTITIONS, "*"):
        return PARTITION, partition, text
    if re.search("[*?]", vendor):
        return (QUALIFIED,)  # RES-5
    if vendor == "iam" and region not in ("", "*"):
        return "IAM resource {} cannot contain region information.", text  # RES-13
    if (vendor == "s3" and rest.split("/")[0] not in REGIONAL) or vendor == "route53":
        if region not in ("", "*"):
            return "Resource {} can not contain region information.", text
        if account not in ("", "*"):
            return "Resource {} cannot contain an account id.", text
    if vendor == "iam" and rest not in ("*", "root") and not rest.startswith(tuple(PATHS)):
        return (PATH,)  # RES-5
    return None


def action_faults(statement: Doc) -> Iterator[Fault]:
    for text in patterns(statement, "Action"):
        vendor, *rest = text.split(":")
        if text == "*":  # ACT-2
            continue
        if not rest:
            yield (PREFACED,)  # ACT-3
        elif len(rest) > 1:
            yield ("Actions/Condition can contain only one colon.",)  # ACT-3
        elif re.search("[*?]", vendor):
            yield (WILD_VENDOR,)
        elif re.search("[^A-Za-z0-9.-]", vendor) or not vendor:
            yield "Vendor {} is not valid", vendor  # ACT-3; any name: ACT-4


# --- Trust policies: no recording shows an order


def trust(text: str) -> Answer:
    if FOREIGN.search(text):
        return "ValidationError", ""
    document = parse(text)
    if document is ...:
        return MALFORMED, "This policy contains invalid Json"  # ERR-60
    if not well_formed(document):
        return MALFORMED, NO_STATEMENT if hollow(document, []) else ""  # POL-2, ERR-69
    faults = [fault for each in statements(document) for fault in trust_faults(each)]
    faults += [("",)] * (repeats_sid(document) or misspells_effect(document))  # POL-17, POL-11
    complaint = tell(faults)
    if complaint is not None:
        return MALFORMED, complaint
    if len("".join(text.split())) > 2048:  # QUO-1, QUO-4, ERR-68
        return "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"
    return None


def trust_faults(statement: Doc) -> Iterator[Fault]:
    if "Resource" in statement:
        yield ("Has prohibited field Resource",)  # POL-14, ERR-65
    if "NotResource" in statement or "NotPrincipal" in statement:
        yield ("",)  # POL-14, POL-16
    elif "Principal" not in statement:
        yield (MISSING.format("Principal"),)  # POL-15, ERR-69
    else:
        yield from trusted_faults(statement["Principal"])
    if "Action" not in statement and "NotAction" not in statement:
        yield (MISSING.format("Action"),)  # POL-12, ERR-69
    for action in listed(statement.get("Action")):
        if action == "*" or not any(glob(action, known) for known in ASSUMING):
            yield (ONLY_STS,)  # TRU-1, ERR-64
    yield from tenancy_faults(statement)


def glob(pattern: str, text: str) -> bool:
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(c, re.escape(c)) for c in pattern.lower())
    return re.fullmatch(regex, text) is not None  # ACT-1, ACT-2


def trusted_faults(principal: str | Doc) -> Iterator[Fault]:
    if isinstance(principal, str) or not any(map(listed, principal.values())):
        yield (STAR if principal == "*" else "",)  # PRN-8, ERR-63; POL-15
        return
    for key, value in ((key, each) for key, names in principal.items() for each in listed(names)):
        if key == "AWS" and AN_ENTITY.fullmatch(value) is None:
            yield PRINCIPAL, "AWS", value  # ERR-62
        if key == "Service" and A_SERVICE.fullmatch(value) is None:
            yield PRINCIPAL, "SERVICE", value  # PRN-5
        if key == "Federated" and A_PROVIDER.fullmatch(value) is None:
            yield (FEDERATED,)  # PRN-4
        if key not in ("AWS", "Service", "Federated", "CanonicalUser"):
            yield ("",)  # PRN-1


def tenancy_faults(statement: Doc) -> Iterator[Fault]:
    """Yield the issuers that many share and of which the statement tests no tenancy claim."""
    principal, block = statement.get("Principal"), statement.get("Condition", {})
    called = "sts:assumerolewithwebidentity"
    webby = any(glob(action, called) for action in listed(statement.get("Action")))
    if statement["Effect"] != "Allow" or not webby or not isinstance(principal, dict):
        return
    for arn in listed(principal.get("Federated")):
        issuer = arn.partition(":oidc-provider/")[2] or arn
        keys = TENANCY.get(issuer)
        if keys is None or any(evaluates(block, key) for key in keys):
            continue
        if issuer == GITHUB:
            yield SHARED, arn, " or ".join(keys)
        else:
            bare = issuer == COGNITO_POOL and "Condition" not in statement
            yield (COGNITO if bare else "",)  # TRU-8, ERR-69


def evaluates(block: Doc, key: str) -> bool:
    """Whether a condition tests a key so that AWS is content: it looks at the first value only."""
    return any(
        name.lower() == key.lower() and listed(values)[:1] not in ([], ["*"])  # TRU-7
        for operator in ("StringEquals", "StringLike", "StringEqualsIgnoreCase")
        for name, values in block.get(operator, {}).items()
    )


# --- Policies of sessions, organizations, buckets and endpoints


def sound(document: object) -> TypeGuard[Doc]:
    return (
        well_formed(document) and not misspells_effect(document) and not lacks(document, "Action")
    )


def session(text: str) -> Answer:
    document = parse(text)
    stored = (
        sound(document)
        and not any(map(named, statements(document)))  # POL-15
        and not lacks(document, "Resource")  # POL-13
        and all(
            resource == "*" or (resource.startswith("arn:") and resource.count(":") >= 5)  # RES-7
            for each in statements(document)
            for resource in patterns(each, "Resource")
        )
    )
    return ("ValidationError", "") if FOREIGN.search(text) else None if stored else (MALFORMED, "")


def organization(text: str, limit: int, fits: Callable[[Doc], bool]) -> Answer:
    document = parse(text)
    stored = (
        sound(document)
        and document.get("Version") == NOW
        and not lacks(document, "Resource")  # POL-13
        and all(map(fits, statements(document)))
    )
    if not stored:
        return "MalformedPolicyDocumentException", "" if document is ... else UNFIT
    return ("ConstraintViolationException", "") if len(text) > limit else None


def fits_rcp(statement: Doc) -> bool:
    everybody = statement.get("Principal") == "*"  # POL-15
    return statement["Effect"] == "Deny" and everybody and "NotAction" not in statement


def bucket(text: str) -> Answer:
    document = parse(text)
    if not isinstance(document, dict):
        return "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'"
    if not well_formed(document):
        return "MalformedPolicy", MISSING.format("Statement") if hollow(document, ...) else ""
    faults = [fault for each in statements(document) for fault in bucket_faults(each)]
    complaint = tell(faults + [("",)] * misspells_effect(document))  # POL-11
    return None if complaint is None else ("MalformedPolicy", complaint)


def bucket_faults(statement: Doc) -> Iterator[Fault]:
    if not named(statement):
        yield (MISSING.format("Principal"),)  # POL-15
    about_buckets = all(action.startswith("s3:") for action in patterns(statement, "Action"))
    if not {"Action", "NotAction"} & set(statement):
        yield ("",)  # POL-12
    elif about_buckets and not {"Resource", "NotResource"} & set(statement):
        yield ("",)
    elif about_buckets and "*" in patterns(statement, "Resource"):
        yield ("Policy has invalid resource",)


def endpoint(text: str) -> Answer:
    document = parse(text)
    stored = sound(document) and all(map(named, statements(document)))
    return None if stored else ("InvalidPolicyDocument", "")


KINDS: dict[str, Callable[[str], Answer]] = {
    "identity": lambda text: permissions(text, 10_240, ""),  # QUO-3: the most that any place takes
    "boundary": lambda text: permissions(text, 6_144, "Cannot exceed quota for PolicySize: 6144"),
    "session": session,
    "trust": trust,
    "resource": bucket,
    "scp": lambda text: organization(text, 10_240, lambda each: not named(each)),  # QUO-6
    "rcp": lambda text: organization(text, 5_120, fits_rcp),  # QUO-7
    "endpoint": endpoint,
}

"""The small pools from which what nearly matches is put together.

Entries differ by one digit, one letter's case, a path or a wildcard. Texts between `@` stand for
what the caller and the resource of a request are called.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

HOME, NEAR, AWAY = "111111111111", "111111111112", "222222222222"
ACCOUNTS = (HOME, HOME, HOME, HOME, NEAR, AWAY)
USERS = ("alice", "alice", "Alice", "alice-admin", "team/alice")
ROLES = ("deploy", "deploy", "Deploy", "deploy-prod", "team/deploy", "alice")
SESSIONS = ("ci", "ci", "CI", "alice")
SERVICES = ("cloudtrail.amazonaws.com", "ec2.amazonaws.com")
USER_ID, ROLE_ID, OTHER_ID = "AIDAEXAMPLEALICE0001", "AROAEXAMPLEDEPLOY001", "AROAEXAMPLEDEPLOY002"
CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
TAG_KEYS = ("team", "Team", "env")
TAG_VALUES = ("red", "Red", "blue", "alice", "")


def user_arn(account: str, name: str) -> str:
    """Return the ARN of a user."""
    return f"arn:aws:iam::{account}:user/{name}"


def role_arn(account: str, name: str) -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def session_arn(account: str, role: str, session: str) -> str:
    """Return the ARN of a session, in which the role has no path."""
    return f"arn:aws:sts::{account}:assumed-role/{role.rsplit('/', maxsplit=1)[-1]}/{session}"


def account_of(arn: str) -> str:
    """Return the account in an ARN."""
    return arn.split(":")[4]


def policy(*statements: Json, version: str | None = "2012-10-17") -> Json:
    """Return a policy document."""
    dated = {"Version": version} if version else {}
    return {**dated, "Statement": list(statements)}


# --- Condition keys: operators that suit them, values to compare them with, values they have

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
    *("2001:db8::/32", "2001:db8::1", "10.0.0.0/8", "203.0.113.128/25"),
)
BYTES = ("QUJD", "QUJE", "QUJDRA==")
FLAGS = ("true", "false", True, False, "True", "yes")
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
#: Values that operators can read, where they are not those of the key's own operators.
READABLE: tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...] = (
    (NUMERIC, NUMBERS),
    (DATE, DATES),
    (ARN, PRINCIPAL_ARNS),
    (IP, ADDRESSES),
    (("Bool",), FLAGS),
    (("BinaryEquals",), BYTES),
)
OPERATORS = (*STRING, *NUMERIC, *DATE, *ARN, *IP, "Bool", "BinaryEquals")

#: A condition key, the operators that suit it, and values to compare it with.
Row: TypeAlias = tuple[str, tuple[str, ...], tuple[Any, ...]]
#: Keys that speak of the caller, the call and the resource, whatever the action.
COMMON_KEYS: tuple[Row, ...] = (
    ("aws:username", STRING, NAMES),
    ("aws:userid", STRING, (USER_ID, f"{ROLE_ID}:*", f"{ROLE_ID}:ci", "*")),
    ("aws:SourceIdentity", STRING, NAMES),
    ("aws:PrincipalTag/team", STRING, TAG_TESTS),
    ("aws:RequestTag/team", STRING, TAG_TESTS),
    ("aws:ResourceTag/team", STRING, TAG_TESTS),
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
    ("aws:RequestedRegion", STRING, ("us-east-1", "eu-*", "eu-central-1", "*")),
    ("aws:UserAgent", STRING, ("aws-cli/2", "*cli*")),
    ("app:Blob", ("BinaryEquals",), BYTES),
    ("aws:TagKeys", STRING, (*TAG_KEYS, "*", "${aws:username}")),
    ("app:List", STRING, TEXTS),
)
#: Keys of requests that no user makes by himself, or that come through an endpoint.
OTHER_KEYS: tuple[Row, ...] = (
    ("aws:PrincipalIsAWSService", ("Bool",), FLAGS),
    ("aws:ViaAWSService", ("Bool",), FLAGS),
    ("aws:PrincipalServiceName", STRING, (*SERVICES, "*.amazonaws.com")),
    ("aws:SourceAccount", STRING, (HOME, NEAR, "${aws:ResourceAccount}")),
    ("aws:SourceVpce", STRING, ("vpce-1", "vpce-*")),
)
LISTS = frozenset({"aws:TagKeys", "sts:TransitiveTagKeys", "app:List"})


#: Keys of a request with values, nothing where it lacks the key, a tuple for several.
COMMON_CONTEXT: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("aws:SourceIp", ("203.0.113.7", "198.51.100.1", "2001:db8::1")),
    ("aws:CurrentTime", ("2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z", "2025-01-01T00:00:00Z")),
    ("aws:EpochTime", ("1795478400", "1735689600")),
    ("aws:TokenIssueTime", ("2026-11-24T00:00:00Z",)),
    ("aws:RequestedRegion", ("us-east-1", "eu-central-1")),
    ("aws:UserAgent", ("aws-cli/2", "boto3")),
    ("AWS:userid", (USER_ID, f"{ROLE_ID}:ci")),
    ("aws:PrincipalOrgID", (*ORGS[:2], None)),
    ("aws:SourceVpce", ("vpce-1",)),
    ("aws:MultiFactorAuthAge", ("10", "4000", None)),
    ("app:Count", ("10", "10.00", "9.5", "many")),
    ("app:Blob", ("QUJD", "QUJE")),
    ("app:List", (("alice",), ("alice", "bob"), ("alice", ""), ("",), ())),
    ("aws:username", ("alice", "*", None)),
    ("aws:PrincipalTag/team", ("red", "", "r*d", None)),
    ("aws:TagKeys", (("team",), ("team", "env"))),
)
OTHER_CONTEXT = (
    ("aws:ResourceOrgID", (*ORGS[:2], None)),
    ("aws:SourceAccount", (HOME, NEAR)),
    ("aws:RequestTag/team", ("red", "blue", "")),
    ("aws:MultiFactorAuthPresent", ("true", "false", None)),
)

#: Stands for the parts of an ARN where a request has no resource.
NO_ARN = "arn:aws:s3:::bucket"

# --- What is asked: actions, and resources that they are about

_QUEUE = "arn:aws:sqs:eu-west-1:@OWNER@:queue"
_KEY = "arn:aws:kms:eu-west-1:@OWNER@:key/k1"
#: Actions of one service, and resources that they are about.
ASKED: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("s3:GetObject", "s3:GetObject", "s3:PutObject", "S3:getobject"),
        ("arn:aws:s3:::bucket/alice/x", "arn:aws:s3:::bucket/Alice/x", "arn:aws:s3:::bucket-2/x"),
    ),
    (("s3:ListBucket", "s3:ListBucketVersions"), ("arn:aws:s3:::bucket", "arn:aws:s3:::Bucket")),
    (("sqs:SendMessage", "sqs:ReceiveMessage"), (_QUEUE, _QUEUE, f"{_QUEUE}-2")),
    (("kms:Decrypt", "kms:Encrypt"), (_KEY, _KEY, "arn:aws:kms:eu-west-1:@OWNER@:alias/k1")),
    (
        ("sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "sts:assumerole"),
        (
            *(role_arn("@OWNER@", "deploy"), role_arn("@OWNER@", "team/deploy")),
            role_arn("@OWNER@", "aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2"),
        ),
    ),
    (("iam:GetRole", "iam:PassRole"), (role_arn("@OWNER@", "deploy"),)),
    (("iam:GetUser",), (user_arn("@OWNER@", "alice"), user_arn("@OWNER@", "team/alice"))),
    (("ec2:StartInstances", "ec2:StopInstances"), ("arn:aws:ec2:eu-west-1:@OWNER@:instance/i-1",)),
    (("iam:GetPolicy",), ("arn:aws:iam::aws:policy/ReadOnlyAccess",)),
    (("s3:ListAllMyBuckets", "sts:GetCallerIdentity", "sts:GetSessionToken"), ("*",)),
)

# --- What documents say; about half of it fits what is asked

ACTION_PATTERNS = (
    *("@ACTION@", "@ACTION@", "@ACTION@", "@SERVICE@:*", "*", "@ACTION_SWAPPED@", "@VERB@*"),
    *("@SERVICE@:?*", "*:@NAME@", "s3:GetObject", "s3:*", "sts:AssumeRole", "kms:De*", "iam:*"),
)
ROLE_ACTION_PATTERNS = (
    *("sts:AssumeRole", "sts:AssumeRole", "sts:*", "sts:*", "STS:assumerole", "sts:Assume*"),
    *("sts:?ssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:Tag*", "sts:Set*"),
    *("sts:AssumeRoleWithSAML", "sts:AssumeRole*"),
)
RESOURCE_PATTERNS = (
    *(
        "@RESOURCE@",
        "@RESOURCE@",
        "@RESOURCE@",
        "*",
        "*",
        "@HEAD@:*",
        "@HEAD@:@CUT@?",
        "@HEAD@:@CUT@",
    ),
    *("arn:aws:*:*:*:@REST@", "arn:*:*:*:*:*", "@HEAD@:*@LAST@", "@HEAD@:@REST_SWAPPED@"),
    *("@RESOURCE@-*", "@RESOURCE@${*}", "@HEAD@:@START@${aws:username}@END@"),
    *("@HEAD@:@START@${aws:PrincipalTag/team}*", "@HEAD@:${aws:PrincipalTag/team, '@REST@'}"),
    *("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", f"arn:aws:iam::{NEAR}:role/deploy"),
)
SHORT_ARNS = ("arn:aws:@SERVICE@", "arn:aws:s3", "arn:*:*:*:*")
MY_NAMES = ("@ACCOUNT@", "arn:aws:iam::@ACCOUNT@:root", "@ARN@", "@ROLE@", "@ID@", "*")
OTHER_NAMES = (
    *(HOME, NEAR, AWAY, f"arn:aws:iam::{NEAR}:root", OTHER_ID, user_arn(HOME, "alice")),
    *(user_arn(HOME, "alice-admin"), user_arn(NEAR, "alice"), user_arn(HOME, "Alice")),
    *(role_arn(HOME, "deploy"), role_arn(HOME, "team/deploy"), session_arn(HOME, "deploy", "ci")),
    *(session_arn(HOME, "deploy", "CI"), role_arn(HOME, "Deploy"), user_arn(HOME, "team/alice")),
)

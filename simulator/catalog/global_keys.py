"""The condition keys that AWS itself puts into requests, whatever the service.

Written from AWS's page of 2026, with the day or the month on which AWS announced a key, as far as
one was found. Most that are older than the history of the IAM User Guide have none.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/document-history.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from simulator.catalog.keys import MULTIVALUED


class Presence(StrEnum):
    """Which requests have a key."""

    ALWAYS = "every request"
    SIGNED = "signed requests"
    ORGANIZATION = "the caller's organization"
    PRINCIPAL_TAGS = "the caller's tags"
    USER = "IAM users"
    SERVICE = "AWS services as callers"
    TEMPORARY = "temporary credentials"
    MFA = "temporary credentials, or an MFA code with the call"
    MFA_USED = "MFA when the credentials were made, or an MFA code with the call"
    FEDERATION = "web identity federation"
    TOKEN = "a token of this identity provider"  # noqa: S105 - no password
    ASSERTION = "a SAML assertion"
    ASSUMED_ROOT = "AssumeRoot sessions"
    SIGN_IN = "AWS Sign-In sessions"
    CHAT = "sessions from a chat application"
    SOURCE_IDENTITY = "sessions with a source identity"
    IDENTITY_CENTER = "users of IAM Identity Center"
    CREDENTIALS = "credentials delivered by this service"
    PUBLIC = "no VPC endpoint"
    ENDPOINT = "a VPC endpoint"
    ENDPOINT_ORGANIZATION = "a VPC endpoint of an organization"
    RESOURCE = "the resource's account"
    RESOURCE_ORGANIZATION = "the resource's organization"
    RESOURCE_TAGS = "the resource's tags"
    TAGS = "tags passed with the call"
    FORWARDED = "an AWS service that calls on for the caller"
    MCP = "an AWS MCP server that calls on for the caller"
    MCP_ACTION = "actions of an MCP service"
    LINK = "a link in a browser"
    LISTED = "the actions that list the key"


class ConditionKey(NamedTuple):
    """A condition key as AWS writes it, what it holds, and which requests have it."""

    name: str
    type: str
    multivalued: bool
    since: str | None
    presence: str


def _key(name: str, type_: str, presence: Presence, since: str | None = None) -> ConditionKey:
    return ConditionKey(name, type_, name.lower() in MULTIVALUED, since, presence)


_P = Presence

_PRINCIPAL: Final = (
    _key("aws:PrincipalArn", "ARN", _P.SIGNED),
    _key("aws:PrincipalAccount", "String", _P.ALWAYS),
    _key("aws:PrincipalOrgPaths", "String", _P.ORGANIZATION, "2019-11-20"),
    _key("aws:PrincipalOrgID", "String", _P.ORGANIZATION, "2018-05-17"),
    _key("aws:PrincipalTag/${TagKey}", "String", _P.PRINCIPAL_TAGS, "2018-11-14"),
    _key("aws:PrincipalIsAWSService", "Bool", _P.SIGNED, "2021-05-04"),
    _key("aws:PrincipalServiceName", "String", _P.SERVICE, "2021-05-04"),
    _key("aws:PrincipalServiceNamesList", "String", _P.SERVICE, "2021-05-04"),
    _key("aws:PrincipalType", "String", _P.ALWAYS),
    _key("aws:userid", "String", _P.ALWAYS),
    _key("aws:username", "String", _P.USER),
)
_SESSION: Final = (
    _key("aws:AssumedRoot", "Bool", _P.ASSUMED_ROOT, "2024-11"),
    # A name for providers that AWS knows itself, an ARN for others.
    _key("aws:FederatedProvider", "String", _P.FEDERATION),
    _key("aws:TokenIssueTime", "Date", _P.TEMPORARY),
    _key("aws:SignInSessionArn", "ARN", _P.SIGN_IN),
    _key("aws:MultiFactorAuthAge", "Numeric", _P.MFA_USED),  # CTX-9
    _key("aws:MultiFactorAuthPresent", "Bool", _P.MFA),  # CTX-8
    _key("aws:ChatbotSourceArn", "ARN", _P.CHAT),
    _key("aws:Ec2InstanceSourceVpc", "String", _P.CREDENTIALS, "2023-03"),
    _key("aws:Ec2InstanceSourcePrivateIPv4", "IPAddress", _P.CREDENTIALS, "2023-03"),
    _key("aws:SourceIdentity", "String", _P.SOURCE_IDENTITY, "2021-04-13"),
    # The prefix of a service, but in requests to all: CTX-28
    _key("ec2:RoleDelivery", "Numeric", _P.CREDENTIALS),
    _key("ec2:SourceInstanceArn", "ARN", _P.CREDENTIALS),
    _key("glue:RoleAssumedBy", "String", _P.CREDENTIALS),
    _key("glue:CredentialIssuingService", "String", _P.CREDENTIALS),
    _key("codebuild:BuildArn", "ARN", _P.CREDENTIALS),
    _key("codebuild:ProjectArn", "ARN", _P.CREDENTIALS),
    _key("lambda:SourceFunctionArn", "ARN", _P.CREDENTIALS, "2022-07-22"),
    _key("ssm:SourceInstanceArn", "ARN", _P.CREDENTIALS),
    _key("identitystore:UserId", "String", _P.IDENTITY_CENTER),
)
_NETWORK: Final = (
    _key("aws:SourceIp", "IPAddress", _P.PUBLIC),
    _key("aws:SourceVpc", "String", _P.ENDPOINT),
    _key("aws:SourceVpcArn", "ARN", _P.ENDPOINT, "2025-11"),
    _key("aws:SourceVpce", "String", _P.ENDPOINT),
    _key("aws:VpceAccount", "String", _P.ENDPOINT, "2025-08"),
    _key("aws:VpceOrgID", "String", _P.ENDPOINT_ORGANIZATION, "2025-08"),
    _key("aws:VpceOrgPaths", "String", _P.ENDPOINT_ORGANIZATION, "2025-08"),
    _key("aws:VpcSourceIp", "IPAddress", _P.ENDPOINT),
)
_RESOURCE: Final = (
    _key("aws:ResourceAccount", "String", _P.RESOURCE, "2022-04-27"),
    _key("aws:ResourceOrgPaths", "String", _P.RESOURCE_ORGANIZATION, "2022-04-27"),
    _key("aws:ResourceOrgID", "String", _P.RESOURCE_ORGANIZATION, "2022-04-27"),
    _key("aws:ResourceTag/${TagKey}", "String", _P.RESOURCE_TAGS),
)
_REQUEST: Final = (
    _key("aws:CalledVia", "String", _P.FORWARDED, "2020-02-20"),
    _key("aws:CalledViaFirst", "String", _P.FORWARDED, "2020-02-20"),
    _key("aws:CalledViaLast", "String", _P.FORWARDED, "2020-02-20"),
    _key("aws:ViaAWSService", "Bool", _P.ALWAYS, "2020-02-20"),
    _key("aws:CalledViaAWSMCP", "String", _P.MCP, "2026-03"),
    _key("aws:ViaAWSMCPService", "Bool", _P.MCP, "2026-03"),
    _key("aws:CurrentTime", "Date", _P.ALWAYS),
    _key("aws:EpochTime", "Date", _P.ALWAYS),
    _key("aws:referer", "String", _P.LINK),
    _key("aws:RequestedRegion", "String", _P.ALWAYS, "2018-04-25"),
    _key("aws:RequestTag/${TagKey}", "String", _P.TAGS),
    _key("aws:TagKeys", "String", _P.TAGS),
    _key("aws:SecureTransport", "Bool", _P.ALWAYS),
    _key("aws:SourceAccount", "String", _P.SERVICE),
    _key("aws:SourceArn", "ARN", _P.SERVICE),
    _key("aws:SourceOrgID", "String", _P.SERVICE, "2023-11"),
    _key("aws:SourceOrgPaths", "String", _P.SERVICE, "2023-11"),
    _key("aws:UserAgent", "String", _P.ALWAYS),
    _key("aws:IsMcpServiceAction", "Bool", _P.MCP_ACTION),
)

GLOBAL_KEYS: Final = (*_PRINCIPAL, *_SESSION, *_NETWORK, *_RESOURCE, *_REQUEST)

REPLACED: Final = {"aws:arn": ("aws:PrincipalArn", "aws:SourceArn")}
"""Keys of old, in lower case, and what Access Analyzer advises in their place.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-global-condition-key
"""

# Only these have the keys, and AWS adds to them.
_ENDPOINT: Final = (
    "apprunner discovery athena servicediscovery applicationinsights cloudformation"
    " comprehendmedical compute-optimizer ecr ecs kinesisanalytics route53 datasync ebs scheduler"
    " firehose medical-imaging healthlake omics iam iotfleetwise iotwireless kms lambda"
    " payment-cryptography polly acm-pca rbin rekognition servicequotas s3 storagegateway"
    " ssm-contacts textract transcribe transfer"
)
_OWNER: Final = f"{_ENDPOINT} dynamodb gamelift shield"
_ORGANIZATION: Final = (
    f"{_OWNER} b2bi cognito-identity dms ds-data identitystore iottwinmaker cassandra"
    " network-firewall sms-voice pricing ses sqs workmail"
)
ENDPOINT_SERVICES: Final = {
    "aws:SourceVpcArn": frozenset(_ENDPOINT.split()),
    "aws:VpceAccount": frozenset(_OWNER.split()),
    "aws:VpceOrgPaths": frozenset(_OWNER.split()),
    "aws:VpceOrgID": frozenset(_ORGANIZATION.split()),
}
"""The services of which AWS says that their requests have a key of the VPC endpoint.

All but `iam:PassRole`.
"""

WITHOUT_RESOURCE_ACCOUNT: Final = frozenset(
    {
        "auditmanager:UpdateAssessmentFrameworkShare",
        "detective:AcceptInvitation",
        "ds:AcceptSharedDirectory",
        "ec2:AcceptTransitGatewayPeeringAttachment",
        "ec2:AcceptVpcEndpointConnections",
        "ec2:AcceptVpcPeeringConnection",
        "ec2:CreateTransitGatewayPeeringAttachment",
        "ec2:CreateVpcEndpoint",
        "ec2:CreateVpcPeeringConnection",
        "es:AcceptInboundConnection",
        "guardduty:AcceptAdministratorInvitation",
        "macie2:AcceptInvitation",
        "route53:AssociateVPCWithHostedZone",
        "route53:CreateVPCAssociationAuthorization",
        "securityhub:AcceptAdministratorInvitation",
    }
)
"""Actions whose requests do not tell the account and organization of the resource.

Nor do those of `ebs`.
"""

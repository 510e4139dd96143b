"""The rules about whom a policy admits: principals, MFA, identity providers, third parties."""

from __future__ import annotations

from typing import Final

from simulator.check.row import Row
from simulator.check.trust.actions import check_actions, check_companions, check_roles_anywhere
from simulator.check.trust.advice import advise
from simulator.check.trust.claims import check_claims
from simulator.check.trust.everyone import check_everyone
from simulator.check.trust.impossible import (
    check_contradictions,
    check_keys_of_others,
    check_mfa_of_others,
)
from simulator.check.trust.issuers import check_issuers
from simulator.check.trust.mfa import check_mfa
from simulator.check.trust.organizations import check_organizations
from simulator.check.trust.repeated import check_repeated
from simulator.check.trust.saml import check_saml
from simulator.check.trust.services import check_source_keys, check_sources
from simulator.check.trust.session_arns import check_session_arns
from simulator.check.trust.subjects import check_forms, check_values
from simulator.check.trust.third_parties import check_third_parties
from simulator.policy import kinds

_TRUST: Final = (kinds.TRUST,)
_NAMING: Final = (kinds.TRUST, kinds.RESOURCE)
_MFA: Final = ("multifactorauth",)
_FEDERATED: Final = ("federated",)
# An `AWS` principal, in JSON and in YAML: a plain policy for a service has neither.
_AWS: Final = ('"aws"', "aws:")

ROWS: Final[tuple[Row, ...]] = (
    Row(("IAM601", "IAM602", "IAM603"), check_mfa, words=_MFA),
    Row(("IAM604",), check_mfa_of_others, _NAMING, _MFA),
    Row(("IAM605", "IAM606", "IAM607"), advise, _TRUST, _AWS),
    Row(
        ("IAM608",),
        check_actions,
        _TRUST,
        ("federated", "assumerolew", "saml", "web"),
        ("MISMATCHED_ACTION_FOR_PRINCIPAL",),
    ),
    Row(
        ("IAM609", "IAM610", "IAM616"),
        check_issuers,
        _TRUST,
        _FEDERATED,
        ("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "MISSING_GITHUB_REPO_CONDITION_KEY"),
    ),
    Row(
        ("IAM611", "IAM612"),
        check_values,
        _TRUST,
        _FEDERATED,
        ("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",),
    ),
    Row(("IAM613",), check_forms, _TRUST, _FEDERATED),
    Row(("IAM614", "IAM615"), check_claims, _TRUST, _FEDERATED),
    Row(("IAM617", "IAM618"), check_saml, _TRUST, ("saml",)),
    Row(("IAM619",), check_third_parties, _TRUST, _AWS),
    Row(("IAM620",), check_everyone, _NAMING, ("*",)),
    Row(("IAM621",), check_organizations, _NAMING, ("orgid", "orgpaths", "account")),
    Row(
        ("IAM622",),
        check_sources,
        _NAMING,
        ("service",),
        ("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",),
    ),
    Row(("IAM623",), check_source_keys, _TRUST, ("aws:source",)),
    Row(
        ("IAM624",),
        check_keys_of_others,
        _NAMING,
        (
            *("principalorg", "principaltag", "principalarn", "principalservice"),
            *("username", "externalid", "aws:source", "saml"),
        ),
        ("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",),
    ),
    Row(
        ("IAM625",),
        check_companions,
        _TRUST,
        ("requesttag", "tagkeys", "sourceidentity"),
        ("MISSING_ACTION_FOR_CONDITION_KEY",),
    ),
    Row(
        ("IAM626",),
        check_roles_anywhere,
        _TRUST,
        ("rolesanywhere",),
        ("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",),
    ),
    Row(
        ("IAM627",),
        check_contradictions,
        _NAMING,
        ("principalaccount", "principalarn", "username"),
    ),
    Row(("IAM628",), check_session_arns, words=("assumed-role",)),
    Row(
        ("IAM629",),
        check_repeated,
        _NAMING,
        analyzer=("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",),
    ),
)

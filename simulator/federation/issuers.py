"""Issuers of tokens, and which claims AWS makes condition keys of; each row says since when.

A month is that of AWS's announcement or, with `by`, of the oldest list we know that has the key.
What has no month is in the oldest copy of the page that we know, of June 2023.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from simulator.catalog.names import fold, glob

_GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_KEYS: Final = f"{_GUIDE}reference_policies_iam-condition-keys.html#condition-keys-wif"
_SHARED: Final = f"{_GUIDE}id_roles_providers_oidc_secure-by-default.html"
_JANUARY: Final = (
    "https://aws.amazon.com/about-aws/whats-new/2026/01/"
    "aws-sts-supports-validation-identity-provider-claims/"
)
_REFERENCE: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html"
)


class ClaimKey(NamedTuple):
    """A condition key: what stands after the colon, and the claim it is made of.

    Of several claims the first one that is there counts. What `lasts` is in the requests of the
    session too, and what is `several` is a list even of one value.
    """

    key: str
    claims: tuple[str, ...]
    since: str = ""
    lasts: bool = False
    several: bool = False


class Issuer(NamedTuple):
    """An issuer, or many of one kind: `*` in the pattern stands for what differs.

    `tenancy` holds the claims, or keys, of which a trust policy must test one, since all
    customers of the issuer share its name.
    """

    name: str
    pattern: str
    keys: tuple[ClaimKey, ...]
    source: str = _KEYS
    builtin: bool = False
    tenancy: tuple[str, ...] = ()  # TRU-7


def _own(claims: str, since: str) -> tuple[ClaimKey, ...]:
    return tuple(ClaimKey(claim, (claim,), since) for claim in claims.split())


DEFAULT_KEYS: Final = (
    ClaimKey("amr", ("amr",), lasts=True, several=True),
    ClaimKey("aud", ("azp", "aud"), lasts=True),  # STS-62
    ClaimKey("email", ("email",), "by 2026-09"),
    ClaimKey("oaud", ("aud",)),  # STS-62
    ClaimKey("sub", ("sub",), lasts=True),
)

_GITHUB: Final = (
    *DEFAULT_KEYS,
    *_own(
        "actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id"
        " repository_owner_id workflow",
        "2026-01",
    ),
)
_GITLAB: Final = (
    *DEFAULT_KEYS,
    *_own(
        "namespace_id pipeline_source project_id ref_protected runner_environment"
        " user_access_level user_email user_id user_login",
        "by 2026-09",
    ),
)
_BUILDKITE: Final = (
    *DEFAULT_KEYS,
    *_own(
        "build_branch cluster_id cluster_name organization_id organization_slug pipeline_id"
        " pipeline_slug",
        "by 2026-09",
    ),
)
_GOOGLE: Final = (*DEFAULT_KEYS, *_own("google/organization_number", "2026-01"))
_CIRCLECI: Final = (*DEFAULT_KEYS, *_own("oidc.circleci.com/project-id", "2026-01"))
_ORACLE: Final = (*DEFAULT_KEYS, *_own("rpst_id", "2026-01"))
# The guide has these four under the heading `id`, and the example of a policy variable with one.
_FACEBOOK: Final = (
    ClaimKey("app_id", ("app_id",), lasts=True),
    ClaimKey("id", ("id",), lasts=True),
)
_AMAZON: Final = (
    ClaimKey("app_id", ("app_id",), lasts=True),
    ClaimKey("user_id", ("user_id",), lasts=True),
)


def _shared(name: str, issuer: str, claim: str = "sub") -> Issuer:
    return Issuer(name, issuer, DEFAULT_KEYS, _SHARED, tenancy=(claim,))  # TRU-7


ISSUERS: Final = (
    Issuer(
        "Amazon Cognito",
        "cognito-identity.amazonaws.com",
        DEFAULT_KEYS,
        builtin=True,
        tenancy=("aud",),
    ),
    Issuer("Google", "accounts.google.com", _GOOGLE, _JANUARY, builtin=True),
    Issuer("Facebook", "graph.facebook.com", _FACEBOOK, builtin=True),
    Issuer("Login with Amazon", "www.amazon.com", _AMAZON, builtin=True),
    Issuer(
        "GitHub Actions",
        "token.actions.githubusercontent.com",
        _GITHUB,
        _JANUARY,
        tenancy=("sub", "job_workflow_ref"),
    ),
    Issuer(
        "GitHub Actions of an enterprise",
        "token.actions.githubusercontent.com/*",
        _GITHUB,
        _JANUARY,
    ),
    Issuer("GitHub Actions on ghe.com", "token.actions.*.ghe.com", _GITHUB, _JANUARY),
    Issuer("GitHub enterprises", "github.com/enterprises/*", _GITHUB, _REFERENCE),
    Issuer("GitLab.com", "gitlab.com", _GITLAB, _REFERENCE, tenancy=("sub",)),
    Issuer("Buildkite", "agent.buildkite.com", _BUILDKITE, _REFERENCE, tenancy=("sub",)),
    Issuer("Buildkite on buildkite.dev", "agent.*.buildkite.dev", _BUILDKITE, _REFERENCE),
    Issuer("Buildkite on buildkite.site", "agent.*.buildkite.site", _BUILDKITE, _REFERENCE),
    Issuer("CircleCI", "oidc.circleci.com/org/*", _CIRCLECI, _JANUARY),
    Issuer("Oracle Cloud", "idcs-*.identity.oraclecloud.com", _ORACLE, _JANUARY),
    Issuer(
        "Azure Sentinel",
        "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        DEFAULT_KEYS,
        _SHARED,
        tenancy=("sts:RoleSessionName",),
    ),
    _shared("Codefresh", "oidc.codefresh.io"),
    _shared("DVC Studio", "studio.datachain.ai/api"),
    _shared("GitHub audit log streaming", "oidc-configuration.audit-log.githubusercontent.com"),
    _shared("GitHub vstoken", "vstoken.actions.githubusercontent.com"),
    _shared("HCP Terraform", "app.terraform.io"),
    _shared("Pulumi Cloud", "api.pulumi.com/oidc", "aud"),
    _shared("sandboxes.cloud", "sandboxes.cloud", "aud"),
    _shared("Scalr", "scalr.io"),
    _shared("Shisho Cloud", "tokens.cloud.shisho.dev"),
    _shared("Upbound", "proidc.upbound.io"),
    _shared("Vercel", "oidc.vercel.com", "aud"),
    *(
        _shared("IBM Turbonomic", issuer)
        for issuer in (
            "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7",
            "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr",
            "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg",
            "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26",
            "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb",
            "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu",
        )
    ),
)
"""The issuers about which AWS says something; all others are like `ANY`."""

ANY: Final = Issuer("any other", "*", DEFAULT_KEYS)

BUILT_IN: Final = frozenset(issuer.pattern for issuer in ISSUERS if issuer.builtin)  # PRN-4


@lru_cache(maxsize=4096)
def issuer_of(host_and_path: str) -> Issuer:
    """Return the row of an issuer, whatever its letter case."""
    folded = fold(host_and_path)
    return next((row for row in ISSUERS if glob(row.pattern)(folded)), ANY)

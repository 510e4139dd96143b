"""The rules about what statements grant, and which of them do nothing."""

from __future__ import annotations

from typing import Final

from simulator.check.grants import (
    arns,
    assumed,
    escalation,
    exclusion,
    foreign,
    form,
    organization,
    redundancy,
    resource_policies,
    roles,
    undeniable,
)
from simulator.check.row import Row
from simulator.policy import kinds

#: Other kinds only limit, or speak of one resource: EVAL-6
_GRANTING: Final = (kinds.IDENTITY,)

ROWS: Final[tuple[Row, ...]] = (
    Row(
        (
            redundancy.NEVER_ALLOWS,
            redundancy.STATEMENT,
            redundancy.ACTION,
            redundancy.RESOURCE,
            redundancy.NOT_COMPARED,
        ),
        redundancy.needless,
        analyzer=("REDUNDANT_ACTION", "REDUNDANT_RESOURCE", "REDUNDANT_STATEMENT"),
    ),
    Row(
        (exclusion.ALL_BUT_SOME,),
        exclusion.all_but_some,
        kinds=_GRANTING,
        words=("notaction", "notresource"),
        analyzer=(
            "CREATE_SLR_WITH_NOTACTION_AND_NOTRESOURCE",
            "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOTACTION",
            "PASS_ROLE_WITH_NOTACTION_AND_NOTRESOURCE",
            "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOTACTION",
        ),
    ),
    Row((roles.ASSUMES_ANY,), roles.assumes_any, kinds=_GRANTING, words=("sts:", "*:", "?:")),
    Row(
        (roles.PASSES_ANY,),
        roles.passes_any,
        kinds=_GRANTING,
        words=("iam:", "*:", "?:"),
        analyzer=(
            "PASS_ROLE_WITH_NOTRESOURCE",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOTRESOURCE",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "PASS_ROLE_WITH_STAR_IN_RESOURCE",
        ),
    ),
    Row(
        (roles.LINKS_ANY,),
        roles.links_any,
        kinds=_GRANTING,
        words=("iam:", "*:", "?:"),
        analyzer=(
            "CREATE_SLR_WITH_NOTRESOURCE",
            "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOTRESOURCE",
            "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "CREATE_SLR_WITH_STAR_IN_RESOURCE",
        ),
    ),
    Row((exclusion.EVERYTHING,), exclusion.everything, kinds=_GRANTING),
    Row(
        (escalation.ESCALATES,), escalation.escalation, kinds=_GRANTING, words=("iam:", "*:", "?:")
    ),
    Row(
        (undeniable.CANNOT_DENY,),
        undeniable.undeniable,
        words=("sts:getcalleridentity", "sts:getsessiontoken"),
    ),
    Row(
        (undeniable.NOT_ASKED,),
        undeniable.unsigned,
        kinds=(kinds.IDENTITY, kinds.BOUNDARY, kinds.SESSION, kinds.SCP),
        words=("sts:assumerolewith",),
    ),
    Row(
        (organization.NEW_LANGUAGE,),
        organization.new_language,
        kinds=(kinds.SCP,),
        analyzer=(
            "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
            "SCP_SYNTAX_ERROR_ALLOW_CONDITION",
            "SCP_SYNTAX_ERROR_ALLOW_NOTACTION",
            "SCP_SYNTAX_ERROR_ALLOW_RESOURCE",
            "SCP_SYNTAX_ERROR_NOTRESOURCE",
        ),
    ),
    Row((organization.NO_ASSUME_ROLE,), organization.no_assume_role, kinds=(kinds.SCP,)),
    Row(
        (organization.SERVICE_LINKED,),
        organization.service_linked,
        kinds=(kinds.SCP, kinds.RCP),
        words=("role/aws-service-role/",),
    ),
    Row(
        (arns.NO_SUCH_TYPE, arns.OTHER_PLACE),
        arns.no_such_resource,
        words=("arn:",),
        analyzer=(
            "ARN_ACCOUNT_NOT_ALLOWED",
            "ARN_REGION_NOT_ALLOWED",
            "INVALID_ARN_RESOURCE",
            "MISSING_ARN_REGION",
        ),
    ),
    Row((assumed.NO_ROLE,), assumed.no_role, words=("sts:assumerole",)),
    Row(
        (foreign.OTHER_SERVICE,),
        foreign.foreign,
        words=("arn:",),
        analyzer=("UNSUPPORTED_RESOURCE_ARN_IN_POLICY",),
    ),
    Row(
        (resource_policies.OTHER_SERVICE,),
        resource_policies.other_service,
        kinds=(kinds.RESOURCE,),
        analyzer=("UNSUPPORTED_ACTION_IN_POLICY",),
    ),
    Row(
        (resource_policies.OTHER_BUCKET,),
        resource_policies.other_bucket,
        kinds=(kinds.RESOURCE,),
        words=(":s3:::",),
        analyzer=("UNSUPPORTED_RESOURCE_ARN_IN_POLICY",),
    ),
    Row(
        (resource_policies.LOCKED_OUT,),
        resource_policies.locked_out,
        kinds=(kinds.RESOURCE,),
        words=("kms:",),
    ),
    Row(
        (form.EMPTY_SID,),
        form.empty_sid,
        words=('""',),
        analyzer=("EMPTY_SID_VALUE",),
    ),
    Row(
        (form.ONLY_DENY,),
        form.only_deny,
        kinds=(kinds.IDENTITY, kinds.TRUST, kinds.BOUNDARY, kinds.SESSION, kinds.ENDPOINT),
    ),
)

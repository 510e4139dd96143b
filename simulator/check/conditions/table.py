"""The rules about condition tests that hold for other requests than they seem to."""

from __future__ import annotations

from typing import Final

from simulator.check.conditions import (
    absent,
    addresses,
    behalf,
    carried,
    constant,
    contradictory,
    empty,
    irrelevant,
    locked_out,
    opposite,
    redundant,
    unpaired,
    values,
)
from simulator.check.row import Row
from simulator.policy import kinds

_CONDITION: Final = ("condition",)

ROWS: Final[tuple[Row, ...]] = (
    Row(
        (carried.NEVER_CARRIED, carried.NOT_ACTION),
        carried.keys_never_carried,
        words=_CONDITION,
        analyzer=(
            "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        ),
    ),
    Row((contradictory.CODE,), contradictory.contradictory_tests, words=_CONDITION),
    Row((constant.CODE,), constant.constant_tests, words=_CONDITION),
    Row(
        (values.IMPOSSIBLE,),
        values.impossible_values,
        words=(
            *(":principal", ":resourceaccount", ":resourceorg", ":source", ":vpce"),
            *(":calledvia", ":passedtoservice", ":awsservicename", ":viaservice"),
            *(":username", ":userid", ":externalid", ":rolesessionname"),
        ),
        analyzer=("INVALID_VPC_FORMAT", "INVALID_VPCE_FORMAT"),
    ),
    Row((values.IMPOSSIBLE,), values.misplaced_parts, words=("arn:",)),
    Row(
        (values.NOT_KNOWN,),
        values.unknown_values,
        words=("requestedregion", "ec2:region", "principaltype"),
        analyzer=("INVALID_REGION",),
    ),
    Row((absent.ADMITS, absent.ESCAPES), absent.absent_keys, words=_CONDITION),
    Row(
        (addresses.PRIVATE, addresses.ONE_VERSION, addresses.ALL),
        addresses.odd_addresses,
        words=("sourceip",),
        analyzer=(
            "PRIVATE_IP_ADDRESS",
            "PRIVATE_IP_ADDRESS_SUBSET",
            "PRIVATE_NOTIPADDRESS",
            "PRIVATE_NOTIPADDRESS_SUBSET",
        ),
    ),
    Row((behalf.CODE,), behalf.services_on_behalf, words=("aws:sourcevpc", "aws:vpc")),
    Row(
        (redundant.CODE,),
        redundant.needless_values,
        words=_CONDITION,
        analyzer=("REDUNDANT_CONDITION_VALUE_NUM",),
    ),
    Row(
        (empty.CODE,),
        empty.empty_conditions,
        words=_CONDITION,
        analyzer=("EMPTY_OBJECT_CONDITION",),
    ),
    Row((opposite.CODE,), opposite.opposite_statements, words=_CONDITION),
    Row(
        (locked_out.CODE,),
        locked_out.locked_out_services,
        (kinds.RCP, kinds.RESOURCE),
        ("aws:principal",),
    ),
    Row(
        (unpaired.CODE,),
        unpaired.unpaired_keys,
        words=("vpcsourceip", "sourcearn"),
        analyzer=("MISSING_PAIRED_CONDITION_KEYS",),
    ),
    Row(
        (irrelevant.CODE,),
        irrelevant.irrelevant_keys,
        (*irrelevant.OF_CALLERS, *irrelevant.OF_A_RESOURCE),
        (
            *("aws:source", "principalservicename"),
            *("resourceaccount", "resourceorg"),
        ),
        analyzer=("IRRELEVANT_CONDITION_KEY_IN_POLICY",),
    ),
)

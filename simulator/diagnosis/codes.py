"""The table of causes: every rule, in the order in which causes are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis import refusal_words
from simulator.diagnosis.rules import explicit_deny, limit_silent, other_resource
from simulator.diagnosis.rules.action_not_listed import action_not_listed
from simulator.diagnosis.rules.anonymous_not_named import anonymous_not_named
from simulator.diagnosis.rules.condition_not_met import condition_not_met
from simulator.diagnosis.rules.deleted_principal import deleted_principal
from simulator.diagnosis.rules.external_id import external_id
from simulator.diagnosis.rules.fact_not_given import (
    fact_not_given,
    maximum_not_given,
    owner_not_given,
    policies_not_given,
)
from simulator.diagnosis.rules.key_policy import key_policy
from simulator.diagnosis.rules.mfa_required import mfa_required
from simulator.diagnosis.rules.no_permission import no_permission
from simulator.diagnosis.rules.no_resource_policy import no_resource_policy
from simulator.diagnosis.rules.no_session_policy import no_session_policy
from simulator.diagnosis.rules.not_principal import not_principal
from simulator.diagnosis.rules.open_doubt import open_doubt
from simulator.diagnosis.rules.principal_not_named import principal_not_named
from simulator.diagnosis.rules.provider_not_named import provider_not_named
from simulator.diagnosis.rules.role_not_found import role_not_found
from simulator.diagnosis.rules.service_not_named import service_not_named
from simulator.diagnosis.rules.sts_refusal import sts_refusal
from simulator.diagnosis.rules.wrong_account import wrong_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.findings import Finding


class Row(NamedTuple):
    """A rule and the codes of the causes it reports; each code has a page in `docs/diagnoses/`."""

    codes: tuple[str, ...]
    rule: Callable[[Finding], Iterator[Cause]]


TABLE: tuple[Row, ...] = (
    Row(("IAM501",), role_not_found),
    Row(tuple(row.code for row in refusal_words.ROWS.values()), sts_refusal),
    Row(tuple(explicit_deny.CODES.values()), explicit_deny.explicit_deny),
    Row(("IAM322",), not_principal),
    Row(("IAM301",), wrong_account),
    Row(("IAM302",), principal_not_named),
    Row(("IAM303",), action_not_listed),
    Row(("IAM304",), deleted_principal),
    Row(("IAM306",), no_resource_policy),
    Row(("IAM307",), key_policy),
    Row(("IAM308",), service_not_named),
    Row(("IAM309",), anonymous_not_named),
    Row(("IAM311",), provider_not_named),
    Row(("IAM312",), mfa_required),
    Row(("IAM313",), external_id),
    Row(("IAM310",), condition_not_met),
    Row(("IAM201",), no_permission),
    Row(tuple(other_resource.CODES.values()), other_resource.other_resource),
    Row(("IAM207",), no_session_policy),
    Row(tuple(limit_silent.CODES.values()), limit_silent.limit_silent),
    Row(("IAM901", "IAM906"), fact_not_given),
    Row(("IAM902", "IAM904"), policies_not_given),
    Row(("IAM903",), maximum_not_given),
    Row(("IAM905",), owner_not_given),
    Row(("IAM907",), open_doubt),
)
CODES = tuple(sorted(code for row in TABLE for code in row.codes))

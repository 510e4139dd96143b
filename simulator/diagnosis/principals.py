"""What the rules on principals share: whom a resource's policy names, how to name the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.requirements import Relation
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Remedy
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.near.principals import Nearest, nearest_principal
from simulator.diagnosis.permissions import (
    allow_statement,
    also_named,
    keeps_conditions,
    others_widened,
    path_hint,
    principal_to_name,
)
from simulator.diagnostic import Access
from simulator.policy.edits import add_statement, add_value, replace_string
from simulator.policy.model import Values
from simulator.policy.principal_flaws import UNIQUE_ID
from simulator.request.principal import UNSIGNED, RoleSession
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import PrincipalEntry, Statement
    from simulator.request.principal import Signed

#: The layers whose policies grant by naming the caller.
GRANTORS: Final = (Layer.TRUST, Layer.RESOURCE)


NO_WAY: Final = "there is no trust between partitions such as `aws` and `aws-cn`"


class Named(NamedTuple):
    """A principal that the policy of a resource names instead of the caller."""

    match: StatementMatch
    entry: PrincipalEntry

    @property
    def statement(self) -> Statement:
        """The statement that names it."""
        return self.match.statement

    @property
    def account(self) -> str | None:
        """The account the entry speaks of, if it speaks of one."""
        if self.entry.kind != "AWS":
            return None
        arn = parse_arn(self.entry.value)
        text = arn.account if arn else self.entry.value
        return text if text.isdigit() else None

    @property
    def is_unique_id(self) -> bool:
        """Whether the entry is the id of a user or role instead of its ARN."""
        return UNIQUE_ID.fullmatch(self.entry.value) is not None


def can_grant(finding: Shortfall) -> bool:
    """Whether a finding is about a policy that could let the caller do what is asked."""  # TRU-1
    assumes = finding.evaluation.request.action.lower().startswith("sts:")
    return finding.layer is Layer.RESOURCE or (finding.layer is Layer.TRUST and assumes)


def unnamed(finding: Finding) -> Shortfall | None:
    """Return the finding if it is that the resource's policy does not name the caller."""
    if not isinstance(finding, Shortfall) or not can_grant(finding):
        return None
    return finding if finding.stage in (Stage.NOTHING, Stage.PRINCIPAL) else None


def unnamed_signed(finding: Finding) -> tuple[Shortfall, Signed] | None:
    """Return the same with the caller, if that is one that signs with credentials."""
    found = unnamed(finding)
    if found is None:
        return None
    caller = found.evaluation.request.principal
    return None if isinstance(caller, UNSIGNED) else (found, caller)


def partitions_apart(finding: Shortfall) -> str | None:
    """Return the advice on a caller of another partition, whom no policy can let in."""
    return NO_WAY if finding.evaluation.request.other_partition else None  # EVAL-33x


def is_of_key(finding: Shortfall) -> bool:
    """Whether a finding is about the policy of a KMS key, asked from the key's own account."""
    delegated = finding.evaluation.requirement.relation is Relation.DELEGATED
    return delegated and finding.layer is Layer.RESOURCE


def named_instead(finding: Shortfall) -> tuple[Named, ...]:
    """Return whom the nearest statements name, where none of them names the caller."""
    if finding.stage is not Stage.PRINCIPAL:
        return ()
    return tuple(
        Named(match, entry)
        for match in finding.near
        if match.statement.principals and not match.statement.principals.negated
        for entry in match.statement.principals.entries
    )


def nearest_named(finding: Shortfall) -> tuple[Named, Nearest] | None:
    """Return whom the policy of a resource names nearest to the caller, and how near that is."""
    named = named_instead(finding)
    caller = finding.evaluation.request.principal
    nearest = nearest_principal((each.entry for each in named), caller)
    return nearest and (named[nearest.place], nearest)


def other_account(finding: Shortfall) -> Named | None:
    """Return the nearest of the named principals where that is the caller but for the account."""
    found = nearest_named(finding)
    return found[0] if found and found[1].of_account else None


def name_caller(finding: Shortfall, caller: Signed, named: tuple[Named, ...]) -> Iterator[Remedy]:
    """Yield the remedies that name the caller beside the others, or in a new statement.

    The role of a session comes first, since its next session may have another name.
    """
    beside = named_beside(finding, named)
    if beside is None and not (finding.layer is Layer.TRUST and finding.level):
        yield allow_statement(finding)
        return
    for wanted, hint, meant in _names(finding, caller):
        also = (*meant, *_more(finding, beside.match)) if beside is not None else meant
        if beside is not None:
            statement = beside.statement
            edit = add_value(statement.document, _aws_values(statement), wanted)
            title = f"add `{wanted}` to the principals of {statement.title}{hint}"
        else:
            action = finding.evaluation.request.action
            new = {"Effect": "Allow", "Principal": {"AWS": wanted}, "Action": action}
            edit = add_statement(finding.level[0].policy.document, new)
            title = f"add a statement that trusts `{wanted}`{hint}"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)


def named_beside(finding: Shortfall, named: Iterable[Named]) -> Named | None:
    """Return the principal beside which to name the caller: that of the statement meant for it.

    Else it is the one in whose statement the least else is in the way.
    """
    nearest = nearest_named(finding)
    meant = nearest[0].match if nearest and nearest[1].near else None
    fitting = (n for n in named if n.entry.kind == "AWS" and _fits(finding, n))
    return min(fitting, key=lambda n: (n.match is not meant, _other_failures(n)), default=None)


def _other_failures(named: Named) -> int:
    match = named.match
    return (not match.action) + sum(evidence.holds is not True for evidence in match.tests)


def _names(finding: Shortfall, caller: Signed) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the ARNs by which a policy may name a caller, with a hint and whom else each means."""
    yield principal_to_name(caller), path_hint(caller), also_named(caller)
    if isinstance(caller, RoleSession) and finding.layer is Layer.TRUST:
        yield str(caller.arn), ", and so this session alone", ()


def _fits(finding: Shortfall, named: Named) -> bool:
    """Whether naming the caller in a statement is the narrowest way to let it in."""
    match = named.match
    if finding.layer is Layer.TRUST:
        return True
    speaks = match.action and match.resource is not False
    return speaks and keeps_conditions(finding, match)


def _more(finding: Shortfall, match: StatementMatch) -> tuple[str, ...]:
    return () if finding.layer is Layer.TRUST else others_widened(finding, match)


def corrected(finding: Shortfall, named: Named, wanted: str, *also: str) -> Remedy:
    """Return the remedy that names the caller where the policy names what cannot be there."""
    statement, value = named.statement, named.entry.value
    edit = replace_string(statement.document, named.entry.path, wanted)
    title = f"correct `{value}` to `{wanted}` in the principals of {statement.title}"
    told = (*also, *_more(finding, named.match))
    return Remedy(title, Access.WIDENED, edits=(edit,), also_allows=told)


def is_barred(finding: Shortfall, named: Named, how: Nearest) -> bool:
    """Whether there can be nobody of the name in a policy, or there is nobody.

    AWS stores no policy that names a user or a role which does not exist.
    """  # PRN-20
    arn, asked = parse_arn(named.entry.value), finding.asked
    if not how.near or named.entry.kind not in ("AWS", "Service"):
        return False
    lacks = asked.lacks if isinstance(asked, Call) else None
    return how.barred or (arn is not None and lacks is not None and lacks(arn))


def name_in_place(finding: Shortfall, caller: Signed, named: Named) -> Remedy:
    """Return the remedy that names the caller where the policy names somebody else."""
    wanted = principal_to_name(caller)
    edit = replace_string(named.statement.document, named.entry.path, wanted)
    title = f"name `{wanted}` in its place{path_hint(caller)}"
    also = (*also_named(caller), *_more(finding, named.match))
    return Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)


def _aws_values(statement: Statement) -> Values:
    principals = statement.principals
    entries = [e for e in principals.entries if e.kind == "AWS"] if principals else []
    listed = isinstance(entries[0].path[-1], int)
    path = entries[0].path[:-1] if listed else entries[0].path
    return Values(path, tuple(e.value for e in entries), listed)

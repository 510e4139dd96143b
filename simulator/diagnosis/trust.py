"""What the rules on trusted principals share: whom a policy names, how to name the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Remedy
from simulator.diagnosis.edits import add_statement, add_value, replace_string
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnostic import Access
from simulator.policy.model import Values
from simulator.policy.principals import UNIQUE_ID
from simulator.request.principal import RoleSession, principal_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.model import PrincipalEntry, Statement
    from simulator.request.principal import Signed


class Named(NamedTuple):
    """A principal that a trust policy names instead of the caller."""

    statement: Statement
    entry: PrincipalEntry

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


def named_instead(finding: Finding) -> tuple[Named, ...]:
    """Return whom the nearest trust statements name, where none of them names the caller."""
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.TRUST:
        return ()
    if finding.stage is not Stage.PRINCIPAL:
        return ()
    return tuple(
        Named(match.statement, entry)
        for match in finding.near
        for entry in (match.statement.principals.entries if match.statement.principals else ())
    )


def other_account(finding: Finding) -> Named | None:
    """Return the named principal that is the caller but for the account, the nearest one."""
    if not isinstance(finding, Shortfall):
        return None
    caller = finding.call.caller.principal
    slips = [n for n in named_instead(finding) if _is_slip(n, caller)]
    return min(slips, key=lambda n: digits_apart(n.account, caller.arn.account), default=None)


def _is_slip(named: Named, caller: Signed) -> bool:
    if named.account is None or named.account == caller.arn.account:
        return False
    arn = parse_arn(named.entry.value)
    if arn is None or arn.resource == "root":
        return True
    ours = principal_arn(caller)
    return (arn.kind, arn.name) == (ours.kind, ours.name)


def digits_apart(one: str | None, other: str) -> int:
    """Return in how many digits two account ids differ."""
    return sum(a != b for a, b in zip(one or "", other, strict=False)) if one else len(other)


def principal_to_name(caller: Signed) -> str:
    """Return the ARN by which a trust policy names a caller for good: the user, the role."""
    return str(principal_arn(caller))


def name_caller(finding: Shortfall, named: tuple[Named, ...]) -> Iterator[Remedy]:
    """Yield the remedy that names the caller beside the others, or in a new statement."""
    wanted = principal_to_name(finding.call.caller.principal)
    action, hint = finding.evaluation.request.action, _path_hint(finding)
    for statement in dict.fromkeys(n.statement.number for n in named if n.entry.kind == "AWS"):
        first = next(n for n in named if n.statement.number == statement)
        edit = add_value(first.statement.document, _aws_values(first.statement), wanted)
        title = f"add `{wanted}` to the principals of {first.statement.title}{hint}"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=_also(wanted))
        return
    new = {"Effect": "Allow", "Principal": {"AWS": wanted}, "Action": action}
    edit = add_statement(finding.level[0].policy.document, new)
    title = f"add a statement that trusts `{wanted}`{hint}"
    yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=_also(wanted))


def name_in_place(finding: Shortfall, named: Named) -> Remedy:
    """Return the remedy that names the caller where the policy names somebody else."""
    wanted = principal_to_name(finding.call.caller.principal)
    edit = replace_string(named.statement.document, named.entry.path, wanted)
    title = f"name `{wanted}` in its place{_path_hint(finding)}"
    return Remedy(title, Access.WIDENED, edits=(edit,), also_allows=_also(wanted))


def _path_hint(finding: Shortfall) -> str:
    caller = finding.call.caller.principal
    # A session's ARN does not tell the path of its role, and AWS refuses a role it cannot find.
    return " (with the role's path, if it has one)" if isinstance(caller, RoleSession) else ""


def _also(wanted: str) -> tuple[str, ...]:
    if ":role/" in wanted:
        return (f"every session of `{wanted}`, whoever assumed it",)
    return ()


def _aws_values(statement: Statement) -> Values:
    principals = statement.principals
    entries = [e for e in principals.entries if e.kind == "AWS"] if principals else []
    listed = isinstance(entries[0].path[-1], int)
    path = entries[0].path[:-1] if listed else entries[0].path
    return Values(path, tuple(e.value for e in entries), listed)

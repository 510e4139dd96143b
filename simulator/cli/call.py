"""From what was typed to calls of STS: files and inventories read, ARNs taken apart."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import is_role, parse_arn
from simulator.cli.caller import check_is_no_session, read_caller, who_is, with_maker, with_path
from simulator.cli.caller_checks import check_tags, refuse_of_signers
from simulator.cli.context import check_values
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader, beside
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.inventory.model import Account, Attached, Inventory, RoleEntry
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.policy.findings import nearest
from simulator.request.principal import FederatedUser, RoleSession, parse_unsigned
from simulator.sts import errors
from simulator.sts.asking import Ask, Asker, asker_by, limits, make_call, vouched_for
from simulator.sts.call import NewPolicies
from simulator.sts.context import of_caller
from simulator.sts.operations import OF_ROLES, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels
    from simulator.policy.envelope import RoleFacts
    from simulator.request.caller import Caller
    from simulator.request.context import Value
    from simulator.source import Source
    from simulator.sts.asking import Layers
    from simulator.sts.call import Call, Identity
    from simulator.sts.chain import Hop
    from simulator.sts.parameters import Parameters
    from simulator.sts.session import Session


class Step(NamedTuple):
    """One call to be made, the profile that makes it, and the policy for its session."""

    operation: Operation
    parameters: Parameters
    profile: str | None = None
    identity: Identity | None = None
    policy: Source | None = None


class Said(NamedTuple):
    """What was typed: who calls, with which credentials, and everything that decides."""

    caller: str | None
    steps: tuple[Step, ...]
    files: Files
    context: Mapping[str, Value]
    mfa: bool | None = None
    inventory: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = None
    transitive_tag_keys: tuple[str, ...] = ()
    federated_by: str | None = None
    reader: Reader | None = None
    config: str | None = None


class ReadCall(NamedTuple):
    """Calls to decide, and what was odd about their files or taken for granted.

    `config` is the file of the profile that makes them, where it was named.
    """

    hops: tuple[Hop, ...]
    steps: tuple[Step, ...]
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]
    config: str | None = None


def read_call(said: Said) -> ReadCall:
    """Return the calls that files and options make, each made when its caller is known.

    Raises:
        QuestionError: they cannot be read.
        DocumentError: one of the documents cannot be used.
    """
    reader = said.reader or Reader()
    reader.notes += check_values(said.context)
    for step in said.steps:
        check_is_no_session("--role-arn", step.parameters.role_arn)
    inventory = _with_trust(reader, _inventory(reader, said), said)
    first = _first(reader, inventory, said)
    over = _limits(reader, inventory, said, first)
    asks = tuple(_asks(reader, said))
    if reader.errors:
        raise DocumentError(tuple(reader.errors))
    of_roles = [step for step in said.steps if step.operation in OF_ROLES]
    for step in of_roles if said.files.trust is None else of_roles[:-1]:
        _check_role(inventory, step)
    hops = tuple(
        _hop(inventory, over, ask, None if place else first) for place, ask in enumerate(asks)
    )
    return ReadCall(hops, said.steps, tuple(reader.warnings), tuple(reader.notes), said.config)


def _inventory(reader: Reader, said: Said) -> Inventory:
    if not said.inventory:
        return Inventory()
    from simulator.cli.inventory import read_inventory  # noqa: PLC0415 - many calls have none

    return read_inventory(reader, said.inventory)


def _with_trust(reader: Reader, inventory: Inventory, said: Said) -> Inventory:
    """Return the inventory with the last role that is asked for, if a file has its trust policy."""
    if said.files.trust is None:
        return inventory
    *_, last = (None, *(step for step in said.steps if step.operation in OF_ROLES))
    if last is None:
        raise QuestionError("`--trust`: no role is assumed, so no trust policy is asked")
    asked = parse_arn(last.parameters.role_arn)
    level, facts = reader.trust(said.files.trust)
    arn = facts.arn if facts else asked
    if arn is None or not is_role(arn):
        return inventory
    known = inventory.role(arn) or RoleEntry(arn, boundary=())  # what is left out there is none
    return _having(inventory, _described(known, level, facts))


def _described(known: RoleEntry, level: Level, facts: RoleFacts | None) -> RoleEntry:
    trust = Attached(lambda _: level[0]) if level else known.trust
    if facts is None:
        return known._replace(trust=trust)
    return known._replace(
        trust=trust,
        unique_id=facts.unique_id or known.unique_id,
        tags=facts.tags,
        max_session_duration=facts.max_session_duration or known.max_session_duration,
        created=facts.created or known.created,
    )


def _having(inventory: Inventory, entry: RoleEntry) -> Inventory:
    account = inventory.accounts.get(entry.arn.account) or Account(entry.arn.account)
    roles = MappingProxyType({**account.roles, entry.arn.name: entry})
    accounts = {**inventory.accounts, account.id: account._replace(roles=roles)}
    return inventory._replace(accounts=MappingProxyType(accounts))


def _check_role(inventory: Inventory, step: Step) -> None:
    """Refuse a question of whose role nobody can say whether it is there."""
    arn = parse_arn(step.parameters.role_arn)
    if arn is None or not is_role(arn):
        return
    if inventory.role(arn) is None and not inventory.is_complete(arn.account):
        account = inventory.accounts.get(arn.account) or Account(arn.account)
        name = nearest(arn.name, tuple(account.roles))
        near = account.roles[name].arn if name else None
        raise QuestionError(
            f"nothing is known of the role `{arn}`{f' (did you mean `{near}`?)' if near else ''}:"
            " give its trust policy, or what get-role prints, with `--trust`, or an `--inventory`"
            " that holds its account"
        )


def _first(reader: Reader, inventory: Inventory, said: Said) -> Asker:
    """Return who makes the first call."""
    identity = said.steps[0].identity
    if identity is not None:
        refuse_of_signers(said, "a token or an assertion says who calls, and nobody signs")
        return vouched_for(identity, said.steps[0].parameters.role_arn)
    text = said.caller or ""
    unsigned = parse_unsigned(text)
    if unsigned is not None:
        refuse_of_signers(said, f"`{text}` has no policies and no session")
        return Asker(unsigned, {})
    caller = read_caller(text, said.context, mfa=said.mfa)
    if said.federated_by:
        caller = with_maker(caller, said.federated_by)
    if said.files.session_policies and not isinstance(
        caller.principal, (RoleSession, FederatedUser)
    ):
        raise QuestionError(
            "`--session-policy` is for sessions: the credentials of a user have none"
        )
    return _asker(reader, inventory, said, caller)


def _asker(reader: Reader, inventory: Inventory, said: Said, caller: Caller) -> Asker:
    check_tags(said, caller)
    if said.tags is not None:
        keys = frozenset(said.transitive_tag_keys)
        caller = caller._replace(tags=said.tags, transitive_tag_keys=keys)
    caller = with_path(caller, _trust_level(inventory, said))
    found = who_is(inventory, caller)
    reader.notes += _of_session(inventory, said, caller)
    return found._replace(layers={**found.layers, **_own(reader, said.files, found.layers)})


def _of_session(inventory: Inventory, said: Said, caller: Caller) -> Iterator[str]:
    """Yield what the session of a role in the inventory is taken to carry."""
    principal = caller.principal
    if not said.inventory or not isinstance(principal, RoleSession):
        return
    if inventory.role_named(principal.arn.account, principal.role_name) is None:
        return
    lacking = {
        "no source identity (`--context aws:SourceIdentity=NAME`)": caller.source_identity,
        "no tags to hand on (`--caller-transitive-tag-key KEY`)": said.transitive_tag_keys,
    }
    told = " and ".join(words for words, given in lacking.items() if not given)
    if told:
        yield f"the session `{principal.arn}` is taken to have {told}"


def _trust_level(inventory: Inventory, said: Said) -> Level:
    arn = parse_arn(said.steps[0].parameters.role_arn)
    entry = inventory.role(arn) if arn is not None and said.files.trust else None
    levels = inventory.trust_levels(entry) if entry is not None else None
    return levels[0] if levels else ()


def _own(reader: Reader, files: Files, known: Mapping[Layer, Levels | None]) -> Layers:
    """Return the caller's own policies: those of files, beside those of the inventory."""
    identity = reader.level(files.policies, kinds.IDENTITY)
    found: Layers = {Layer.SESSION: reader.levels(files.session_policies, kinds.SESSION)}
    if files.policies:
        found[Layer.IDENTITY] = beside(identity, known.get(Layer.IDENTITY))
    if files.boundary:
        found[Layer.BOUNDARY] = reader.levels([files.boundary], kinds.BOUNDARY)
    return found


class _Limits(NamedTuple):
    """The SCPs of files over the account of the first caller, and the RCPs over the last role's."""

    inventory: Inventory
    scps: Levels
    rcps: Levels
    account: str | None
    owner: str | None

    def over(self, asker: Asker, ask: Ask) -> Asker:
        """Return who makes a call, with what is over both accounts below the organization's."""
        owner, layers = _owner(ask.parameters), dict(asker.layers)
        above = limits(self.inventory, asker.account, owner or asker.account)
        if self.scps and asker.account == self.account:
            layers[Layer.SCP] = (*(above[Layer.SCP] or ()), *self.scps)
        if self.rcps and owner == self.owner:
            layers[Layer.RCP] = (*(above[Layer.RCP] or ()), *self.rcps)
        return asker._replace(layers=layers)


def _limits(reader: Reader, inventory: Inventory, said: Said, first: Asker) -> _Limits:
    owners = [_owner(step.parameters) for step in said.steps if step.operation in OF_ROLES]
    # With a token nobody calls: the first who does has the session of the role.
    account = first.account if said.steps[0].identity is None else owners[0]
    return _Limits(
        inventory,
        tuple(reader.scp_level(name) for name in said.files.scps),
        tuple(reader.level([name], kinds.RCP) for name in said.files.rcps),
        account,
        owners[-1] if owners else None,
    )


def _owner(parameters: Parameters) -> str | None:
    """Return the account of the role that is asked for."""
    arn = parse_arn(parameters.role_arn)
    return arn.account if arn is not None else None


def _asks(reader: Reader, said: Said) -> Iterator[Ask]:
    """Yield what is asked of STS; who calls with a session of a call before, nobody can say."""
    told, context = of_caller(said.context), dict(said.context)
    for place, step in enumerate(said.steps):
        if place == 1 and told:
            names = "`, `".join(told)
            reader.notes.append(f"`{names}` of `--context` is said of the first caller only")
            context = {key: value for key, value in context.items() if key not in told}
        yield _ask(reader, step, context)


def _ask(reader: Reader, step: Step, context: Mapping[str, Value]) -> Ask:
    new, parameters = NewPolicies(), step.parameters
    if step.policy is not None:
        new = _new_policy(reader, step.policy)
        parameters = parameters._replace(policy=step.policy.text)
    return Ask(step.operation, parameters, context, step.identity, new)


def _new_policy(reader: Reader, source: Source) -> NewPolicies:
    """Return the policy for the new session."""
    document = unwrap(source).document
    try:
        compiled = reader.compile(document, kinds.SESSION)
    except DocumentError as error:
        return NewPolicies((), errors.MALFORMED, error.diagnostics[0].message)
    return NewPolicies((compiled,))


def _hop(inventory: Inventory, over: _Limits, ask: Ask, first: Asker | None) -> Hop:
    def made(session: Session | None) -> Call:
        asker = first if session is None else asker_by(inventory, session)
        assert asker is not None  # noqa: S101 - a chain begins with a caller
        return make_call(inventory, over.over(asker, ask), ask)

    return made

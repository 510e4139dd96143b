"""From what was typed to the questions of `iamsim simulate`: one for each action and resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.catalog import keys
from simulator.cli.caller import (
    check_is_no_session,
    read_caller,
    who_is,
    with_maker,
    with_path,
)
from simulator.cli.context import check_values, read_context, read_entries, read_pairs
from simulator.cli.errors import QuestionError
from simulator.cli.files import Reader, beside
from simulator.cli.options import mfa_word
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT, Policies
from simulator.evaluation.relation import grantor, must_grant
from simulator.policy import kinds
from simulator.request.caller import Caller
from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    RoleSession,
    account_of,
    parse_unsigned,
)
from simulator.request.request import NO_RESOURCE, owner_of
from simulator.simulate import Question, as_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.policies import Levels
    from simulator.inventory.model import Inventory
    from simulator.inventory.organization import Organization
    from simulator.policy.model import Document
    from simulator.request.context import Value
    from simulator.request.principal import Anonymous, ServicePrincipal

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+", re.ASCII)
_OF_SIGNED = (
    *("policy", "boundary", "session_policy", "federated_by", "principal_tag"),
    *("source_identity", "canonical_user"),
)


class ReadQuestions(NamedTuple):
    """The questions, and what was odd about their files or is taken for granted in all of them."""

    questions: tuple[Question, ...]
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


# Who calls these is whom the provider says, and no caller of `--as`.
_BY_TOKEN = frozenset({"sts:assumerolewithwebidentity", "sts:assumerolewithsaml"})


def read_questions(options: Mapping[str, Any]) -> ReadQuestions:
    """Return the questions that files and options make.

    Raises:
        QuestionError: they cannot be read.
        DocumentError: one of the documents cannot be used.
    """
    _check_words(options)
    reader = Reader()
    question = _first_question(reader, options)
    name = options["resource_policy"]
    granting = _Granting(reader, name and reader.document(name), given=bool(name))
    organization = _organization(reader, options["organization"])
    if options["inventory"]:
        inventory = _inventory(reader, options["inventory"])
        question = _known(inventory, question, options)
        granting.roles, organization = inventory, organization or inventory.organization
    resources = options["resource"] or (NO_RESOURCE,)
    each = [_about(question, resource, granting, organization) for resource in resources]
    if reader.errors:
        raise DocumentError(tuple(reader.errors))
    questions = tuple(
        _protected(found._replace(action=action), given=granting.is_given(found.resource))
        for action in options["action"]
        for found in each
    )
    return ReadQuestions(questions, tuple(reader.warnings), tuple(reader.notes))


def _first_question(reader: Reader, options: Mapping[str, Any]) -> Question:
    """Return the question about the first action, without a resource and without an inventory."""
    context = _context(reader, options)
    reader.notes += check_values(context)
    return Question(
        _caller(options, context),
        options["action"][0],
        NO_RESOURCE,
        Policies(_layers(reader, options)),
        context,
        options["resource_account"],
        read_pairs("--resource-tag", options["resource_tag"]),
        options["canonical_user"],
        options["management_account"],
    )


def _check_words(options: Mapping[str, Any]) -> None:
    """Refuse what cannot be asked, before any file is read."""
    if not options["caller"]:
        raise QuestionError("`--as WHO` is missing: say who calls")
    if not options["action"]:
        raise QuestionError("`--action ACTION` is missing: say what is to be done")
    for action in options["action"]:
        _check_action(action)
    for name in ("resource_account", "management_account"):
        account = options[name]
        if account is not None and not ACCOUNT_ID.fullmatch(account):
            option = f"--{name.replace('_', '-')}"
            raise QuestionError(f"`{option} {account}` is not an account id: expected 12 digits")
    for resource in options["resource"]:
        _check_resource(resource, options["resource_account"])
    if options["organization"]:
        for name in ("scp", "rcp", "management_account"):
            if options[name]:
                option = f"--{name.replace('_', '-')}"
                raise QuestionError(f"`{option}`: `--organization` says already what it is")


def _check_action(action: str) -> None:
    if action.lower() in _BY_TOKEN:
        raise QuestionError(
            f"`--action {action}`: calls with a token or an assertion of an identity provider are"
            " decided by `iamsim assume`, with `--web-identity-token` or `--saml-assertion`"
        )
    if _ACTION.fullmatch(action):
        return
    if "*" in action or "?" in action:
        raise QuestionError(f"`--action {action}` is a pattern: a request does one action")
    raise QuestionError(f"`--action {action}`: expected `service:Action` such as `s3:GetObject`")


def _check_resource(resource: str, account: str | None) -> None:
    if resource == NO_RESOURCE:
        return
    check_is_no_session("--resource", resource)
    arn = parse_arn(resource)
    if arn is None or not (arn.partition and arn.service and arn.resource):
        raise QuestionError(
            f"`--resource {resource}` is not an ARN: expected `arn:aws:SERVICE:REGION:ACCOUNT:…`,"
            " or `*` for an action without resource"
        )
    if account is not None and ACCOUNT_ID.fullmatch(arn.account) and arn.account != account:
        raise QuestionError(
            f"`--resource-account {account}`: `{resource}` is of the account `{arn.account}`"
        )


def _context(reader: Reader, options: Mapping[str, Any]) -> Mapping[str, Value]:
    said = dict(_said_by_options(options))
    found: Mapping[str, Value] = {}
    name = options["context_file"]
    if name:
        from simulator.syntax import decode, decode_text  # noqa: PLC0415 - rarely given

        source, warnings = decode_text(name, reader.read(name))
        reader.warnings += warnings
        found = read_entries(source, decode(source))
        for key in found:
            if key in said:
                raise QuestionError(f"`{name}`: `{said[key]}` says already what `{key}` is")
        said |= dict.fromkeys(found, "--context-file")
    return {**found, **read_context(options["context"], said)}


def _said_by_options(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the condition keys that options already set, in lower case, with the option."""
    mfa = mfa_word(options["mfa"])
    if mfa:
        yield keys.MFA_PRESENT, mfa
    if options["source_identity"]:
        yield "aws:sourceidentity", "--source-identity"
    if options["resource_account"]:
        yield "aws:resourceaccount", "--resource-account"
    for kind in ("principal", "resource"):
        for tag in options[f"{kind}_tag"]:
            yield f"aws:{kind}tag/{tag.partition('=')[0].lower()}", f"--{kind}-tag"


def _caller(
    options: Mapping[str, Any], context: Mapping[str, Value]
) -> Caller | ServicePrincipal | Anonymous:
    text = options["caller"]
    unsigned = parse_unsigned(text)
    if unsigned is not None:
        _check_unsigned(text, options)
        return unsigned
    caller = read_caller(text, context, mfa=options["mfa"])
    if options["federated_by"]:
        caller = with_maker(caller, options["federated_by"])
    if options["session_policy"] and not isinstance(caller.principal, (RoleSession, FederatedUser)):
        raise QuestionError(
            "`--session-policy` is for sessions: the credentials of a user have none"
        )
    if isinstance(caller.principal, AccountRoot) and (options["policy"] or options["boundary"]):
        option = "--policy" if options["policy"] else "--boundary"
        raise QuestionError(f"`{option}`: nothing can be attached to the root user of an account")
    if options["source_identity"] and not isinstance(caller.principal, RoleSession):
        raise QuestionError("`--source-identity` is for role sessions: nobody else has one")
    return caller._replace(
        tags=read_pairs("--principal-tag", options["principal_tag"]),
        source_identity=options["source_identity"] or caller.source_identity,
    )


def _check_unsigned(text: str, options: Mapping[str, Any]) -> None:
    for name in _OF_SIGNED:
        if options[name]:
            option = f"--{name.replace('_', '-')}"
            raise QuestionError(f"`{option}` is for callers of an account, and `{text}` has none")
    mfa = mfa_word(options["mfa"])
    if mfa is not None:
        raise QuestionError(f"`{mfa}` is for users, and `{text}` is none")


def _layers(reader: Reader, options: Mapping[str, Any]) -> dict[Layer, Levels | None]:
    boundary = options["boundary"]
    return {
        Layer.IDENTITY: reader.levels(options["policy"], kinds.IDENTITY) or None,
        Layer.BOUNDARY: reader.levels(boundary and [boundary], kinds.BOUNDARY),
        Layer.SESSION: reader.levels(options["session_policy"], kinds.SESSION),
        Layer.ENDPOINT: reader.levels(options["endpoint_policy"], kinds.ENDPOINT),
        Layer.SCP: tuple(reader.scp_level(name) for name in options["scp"]),
        Layer.RCP: tuple(reader.level([name], kinds.RCP) for name in options["rcp"]),
    }


class _Granting:
    """The policy of the resource, compiled as what it is to each of the resources."""

    def __init__(self, reader: Reader, document: Document | None, *, given: bool) -> None:
        self.roles: Inventory | None = None
        self._given = given
        self._reader = reader
        self._document = document
        self._levels: dict[Layer, Levels] = {}

    def is_given(self, resource: str) -> bool:
        """Whether the policy of a resource is known, by a file or by the inventory."""
        return self._given or self._trust(resource) is not None

    def levels(self, layer: Layer, resource: str) -> Levels:
        """Return the policy as that of a role, or of another resource."""
        if self._document is None:
            return self._trust(resource) or NO_GRANT
        if layer not in self._levels:
            kind = kinds.TRUST if layer is Layer.TRUST else kinds.RESOURCE
            try:
                self._levels[layer] = ((self._reader.compile(self._document, kind),),)
            except DocumentError as error:
                self._reader.errors += error.diagnostics
                self._levels[layer] = NO_GRANT
        return self._levels[layer]

    def _trust(self, resource: str) -> Levels | None:
        """Return the trust policy that the inventory has of a role."""
        arn = parse_arn(resource)
        entry = self.roles.role(arn) if self.roles is not None and arn is not None else None
        return self.roles.trust_levels(entry) if self.roles and entry else None


def _inventory(reader: Reader, paths: tuple[str, ...]) -> Inventory:
    from simulator.cli.inventory import read_inventory  # noqa: PLC0415 - few questions have one

    return read_inventory(reader, paths)


def _known(inventory: Inventory, question: Question, options: Mapping[str, Any]) -> Question:
    """Return the question with what the inventory knows of the caller, beside what files say."""
    if not isinstance(question.caller, Caller):
        return question
    found, policies = who_is(inventory, question.caller), question.policies
    own = policies.levels(Layer.IDENTITY)
    layers: dict[Layer, Levels | None] = {
        Layer.IDENTITY: beside(own[0] if own else (), found.layers.get(Layer.IDENTITY))
    }
    if not options["boundary"]:
        layers[Layer.BOUNDARY] = found.layers.get(Layer.BOUNDARY, NO_LIMIT)
    return question._replace(caller=found.caller, policies=policies.having(layers))


def _about(
    question: Question, resource: str, granting: _Granting, organization: Organization | None
) -> Question:
    """Return the question about one resource, with what holds for that resource only."""
    layer = grantor(resource)
    levels = granting.levels(layer, resource)
    policies = question.policies.having({layer: levels})
    caller = question.caller
    if isinstance(caller, Caller):
        caller = with_path(caller, levels[0])
    found = question._replace(caller=caller, resource=resource, policies=policies)
    return found if organization is None else _within(found, organization)


def _within(question: Question, organization: Organization) -> Question:
    """Return the question with the policies of the organization, and what it tells the context."""
    owner = owner_of(question.resource, question.principal, question.owner)
    if owner is None and organization.may_have_rcps:
        raise QuestionError(
            f"`--resource {question.resource}`: say whose it is with `--resource-account`, since"
            " the RCPs of `--organization` hang on it"
        )
    account = account_of(question.principal)
    told = {**organization.principal_keys(account), **organization.resource_keys(owner)}
    context = {key.lower(): value for key, value in told.items()}
    layers = {
        Layer.SCP: organization.scp_levels(account),
        Layer.RCP: organization.rcp_levels(owner),
    }
    return question._replace(
        policies=question.policies.having(layers),
        context={**context, **question.context},
        management_account=organization.management_account,
    )


def _protected(question: Question, *, given: bool) -> Question:
    """Return the question with the policy unknown that nobody gave, and every such resource has."""
    if given or not must_grant(as_request(question)):
        return question
    unknown = {grantor(question.resource): None}
    return question._replace(policies=question.policies.having(unknown))  # EVAL-17


def _organization(reader: Reader, name: str | None) -> Organization | None:
    if not name:
        return None
    from simulator.cli.organization import read_file  # noqa: PLC0415 - rarely given

    return read_file(reader, name)

"""Incidents decided anew: the call that an event or an error tells of, with policies at hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.cli.assume import said_by
from simulator.cli.call import read_call
from simulator.cli.call_answer import Wanted, answered, text_of, value_of
from simulator.cli.errors import QuestionError
from simulator.cli.files import Reader
from simulator.cli.identity import read_web_identity
from simulator.cli.notes import notes_on_request
from simulator.cli.request import read_questions
from simulator.cli.simulate import answered as answered_request
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.words import LAYER_NAMES
from simulator.incident.changes import SOON, seconds, times_of
from simulator.incident.model import COMPANIONS
from simulator.incident.opening import opened_call, opened_question
from simulator.incident.proof import refusal_meaning
from simulator.readings import iso
from simulator.request.caller import Caller
from simulator.request.principal import FederatedUser, RoleSession
from simulator.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.cli.call import ReadCall
    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.context import Who
    from simulator.evaluation.policies import Policies
    from simulator.incident.model import Incident
    from simulator.incident.read import Found
    from simulator.sts.call import Call, Identity, Role
    from simulator.sts.session import Session

Options = dict[str, Any]

#: What stands for the token in messages.
_EVENT: Final = "the claims in the event"
_MFA: Final = ("aws:multifactorauthpresent", "aws:multifactorauthage")
#: The parameters of a call that may be given besides, and are taken from the incident otherwise.
_PASSED: Final = (
    *("role_session_name", "external_id", "duration_seconds", "serial_number", "token_code"),
    *("source_identity", "transitive_tag_keys", "policy_arns"),
)
#: Layers of which nobody said that there is nothing, unless files are given for them; those of
#: the caller are none of a service, a token or an assertion.
_LIMITS: Final = (Layer.SCP, Layer.RCP, Layer.BOUNDARY, Layer.SESSION)
_OF_UNSIGNED: Final = (Layer.RCP,)  # ERR-50, ERR-55


class Again(NamedTuple):
    """What deciding an incident anew came to; `agrees` is nothing where that is undecided."""

    text: str
    value: dict[str, Any]
    agrees: bool | None
    remarks: tuple[str, ...]
    warnings: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def decide_again(found: Found, options: Mapping[str, Any]) -> Again:
    """Return what the policies that are given make of an incident.

    Raises:
        QuestionError: something is missing, or no caller or role of the incident is known.
        DocumentError: one of the documents cannot be used.
    """
    incident = found.incident
    _check_decidable(incident, options)
    if incident.assumes and (incident.whole or incident.action not in COMPANIONS):
        return _call(found, options)
    return _request(found, options)


def _check_decidable(incident: Incident, options: Mapping[str, Any]) -> None:
    if options["caller"] or options["web_identity_token"] or options["saml_assertion"]:
        return
    if incident.missing is not None:
        raise QuestionError(f"it cannot be decided anew: {incident.missing}")


def _call(found: Found, options: Mapping[str, Any]) -> Again:
    incident, reader = found.incident, Reader()
    asked = _of_call(incident, options)
    identity = _identity(reader, incident, asked)
    if identity is not None:
        asked["caller"] = None
    read = read_call(said_by(asked, reader, identity))
    read = _opened(read, incident)
    wanted = Wanted("json", strict=options["strict"], trace=options["trace"])
    answer = answered(read, wanted)
    call, outcome = answer.links[-1].call, answer.answer.outcome
    remarks = (
        *_remarks(found, outcome, call.policies, call.caller),
        *_about_age(found, call.role),
    )
    return Again(
        text_of(read, answer, wanted),
        value_of(read, answer, wanted),
        _agrees(outcome),
        remarks,
        read.warnings,
        answer.notes,
    )


def _agrees(outcome: Outcome) -> bool | None:
    return None if outcome is Outcome.UNDECIDED else outcome is not Outcome.ALLOWED


def _of_call(incident: Incident, options: Mapping[str, Any]) -> Options:
    """Return the options of `iamsim assume` that ask what an incident tells of."""
    asked: Options = dict(options)
    asked["caller"] = options["caller"] or incident.caller
    asked["principal_arn"] = options["principal_arn"] or incident.provider
    asked["role_arn"] = options["role_arn"] or incident.role
    for name in _PASSED:
        if options[name] in (None, ()):
            asked[name] = getattr(incident.parameters, name)
    if not options["tags"]:
        asked["tags"] = tuple(f"Key={key},Value={text}" for key, text in incident.parameters.tags)
    if asked["serial_number"] and not asked["token_code"]:
        raise QuestionError("`--serial-number`: give the code, too, with `--token-code`")
    return asked | _session(incident, options) | {"profile": None, "config": None}


def _session(incident: Incident, options: Mapping[str, Any]) -> Options:
    """Return what an incident tells of the caller's session, and of the call's surroundings."""
    given = {pair.partition("=")[0].lower() for pair in options["context"]}
    mfa = options["mfa"]
    if mfa is None and _MFA[0] not in given and not options["caller"]:
        mfa = incident.mfa
    told = [
        f"{key}={text}"
        for key, value in incident.context.items()
        if key.lower() not in given and (key.lower() not in _MFA or mfa is None)
        for text in ((value,) if isinstance(value, str) else value or ("",))
    ]
    maker = options["federated_by"] or (None if options["caller"] else incident.maker)
    return {"mfa": mfa, "federated_by": maker, "context": (*options["context"], *told)}


def _identity(reader: Reader, incident: Incident, asked: Mapping[str, Any]) -> Identity | None:
    """Return what an event tells of a token, where no other one is given."""
    if asked["web_identity_token"] or asked["saml_assertion"] or not incident.claims:
        return None
    if "aud" not in incident.claims:
        raise QuestionError(
            "the event does not tell the audience of the token: give its claims with"
            " `--web-identity-token FILE`"
        )
    return read_web_identity(reader, Source(_EVENT, json.dumps(dict(incident.claims))))


def _opened(read: ReadCall, incident: Incident) -> ReadCall:
    *before, last = read.hops

    def made(session: Session | None) -> Call:
        call = last(session)
        return call._replace(doubtful=incident.open_keys) if incident.whole else opened_call(call)

    return read._replace(hops=(*before, made))


#: The options of `iamsim simulate` that this command does not have.
_NOT_GIVEN: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("canonical_user", "management_account", "organization", "context_file")),
    "resource_tag": (),
}


def _request(found: Found, options: Mapping[str, Any]) -> Again:
    incident = found.incident
    action, resource = incident.action, options["resource"] or incident.resource
    if action is None:
        raise QuestionError("it cannot be decided anew: AWS does not say which action was denied")
    if resource is not None and parse_arn(resource) is None and resource != "*":
        raise QuestionError(
            f"it cannot be decided anew: `{resource}` is no ARN: give it with `--resource ARN`"
        )
    asked: Options = {
        **_NOT_GIVEN,
        **options,
        **_session(incident, options),
        "caller": options["caller"] or incident.caller,
        "action": (action,),
        "resource": (resource,) if resource else (),
        "resource_policy": options["resource_policy"] or options["trust"],
        "principal_tag": options["caller_tag"],
    }
    read = read_questions(asked)
    question = read.questions[0]
    question = (
        question._replace(doubtful=incident.open_keys)
        if incident.whole
        else opened_question(question)
    )
    result = answered_request(
        question, strict=options["strict"], trace=options["trace"], diagnosed=True
    )
    from simulator.rendering.evaluation import result_text, result_value  # noqa: PLC0415

    outcome = result.evaluation.decision.outcome
    remarks = tuple(_remarks(found, outcome, question.policies, question.caller))
    notes = (*read.notes, *notes_on_request(question, result.evaluation))
    return Again(
        result_text(result), result_value(result), _agrees(outcome), remarks, read.warnings, notes
    )


def _remarks(found: Found, outcome: Outcome, policies: Policies, caller: Who) -> Iterator[str]:
    """Yield how the new decision stands to what AWS answered."""
    incident = found.incident
    said = f"AWS {'denied' if incident.is_denial else 'refused'} this call"
    named = incident.reason.layer if incident.reason else None
    missing = [
        layer
        for layer in (_LIMITS if isinstance(caller, Caller) else _OF_UNSIGNED)
        if not policies.levels(layer) and (layer is not Layer.SESSION or _is_session(caller))
    ]
    if outcome is Outcome.ALLOWED:
        yield f"{said}, and these policies would allow it"
        if named in missing and named is not None:
            yield f"AWS names a {LAYER_NAMES[named]}, and none was given"
        elif missing:
            listed = ", ".join(LAYER_NAMES[layer] for layer in missing)
            yield f"not given, and perhaps there: {listed}"
        yield "policies may have changed since: fetch them anew, and see when they were changed"
        if not incident.whole and incident.assumes:
            yield "what was passed with the call is not known, and was perhaps something else"
    elif outcome is Outcome.UNDECIDED:
        yield f"{said}: so at least one of the open facts is not as the policies want it"
    elif named in missing and named is not None:
        yield f"AWS names a {LAYER_NAMES[named]}, which was not given: there is more in the way"
    elif refusal_meaning(incident) is None:
        yield "AWS denied this call, and with these policies so does iamsim"


def _about_age(found: Found, role: Role | None) -> Iterator[str]:
    """Yield that a role was so new that not all of AWS knew it, or was not there at all."""
    times = list(times_of((found.incident.time, found.first, found.last)))
    created = seconds(role.created) if role is not None else None
    if created is None or not times or not found.incident.is_denial:
        return
    age = min(times) - created
    if max(times) < created:
        yield f"the role was created only later, at {iso(created)}: then there was none"
    elif 0 <= age <= SOON:
        yield (
            f"AWS denied it {age} seconds after the role was created, and it takes a while until a"
            " role is known everywhere: try again"
        )


def _is_session(caller: Who) -> bool:
    return isinstance(caller, Caller) and isinstance(caller.principal, RoleSession | FederatedUser)

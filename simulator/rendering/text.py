"""An answer as people read it in a terminal: verdict, causes, fixes, and what AWS would print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.federation.keys import not_condition_keys
from simulator.federation.model import WebIdentity
from simulator.rendering.excerpt import excerpt, safe
from simulator.rendering.verdicts import CAN, WORDS
from simulator.request.principal import called
from simulator.request.request import NO_RESOURCE
from simulator.sts.context import condition_keys
from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.response import response_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.sts.answer import Answer
    from simulator.sts.call import Call, Identity
    from simulator.sts.errors import AwsError
    from simulator.sts.response import Response

_MOST_CAUSES = 10
_MOST_DIFFS = 2
_LONGEST_LINE = 2000


def hop_title(number: int, count: int, profile: str | None) -> str:
    """Return the line above a hop of a chain, with the profile that makes it."""
    by = f": the profile `{safe(profile)}`" if profile is not None else ""
    return f"hop {number} of {count}{by}"


def answer_text(call: Call, answer: Answer, diagnosis: Diagnosis | None) -> str:
    """Return the whole answer, its parts set apart by empty lines.

    A yes that hangs on no fact has no diagnosis.
    """
    return "\n\n".join(_parts(call, answer, diagnosis)) + "\n"


def _parts(call: Call, answer: Answer, diagnosis: Diagnosis | None) -> Iterator[str]:
    yield f"{WORDS[answer.outcome]}: {sentence(call, answer)}"
    if call.identity is not None:
        yield "\n".join(_claims(call.identity))
    if answer.session is not None:
        yield f"session: {safe(answer.session.arn)}, {answer.session.duration_seconds} seconds"
    response = response_to(call, answer)
    if response is not None:
        yield "\n".join(told(response))
    if diagnosis is not None:
        yield from explained(diagnosis, "call")
    if answer.error is not None:
        yield "\n    ".join(aws_says(call, answer.error))


def told(response: Response) -> Iterator[str]:
    """Yield the members of what STS tells; a document in one is set out in lines."""
    yield "AWS would tell"
    for name, value in response.items():
        if value is not None and value.startswith("{"):
            lines = json.dumps(json.loads(value), indent=2, ensure_ascii=False).splitlines()
            yield f"    {name}:"
            yield from (f"    {safe(line, _LONGEST_LINE)}" for line in lines)
        else:
            yield f"    {name}: {'not known' if value is None else safe(value)}"


def aws_says(call: Call, error: AwsError) -> tuple[str, ...]:
    """Return the lines of AWS's error, below one that says whose words they are."""
    if error.status is None:  # STS-33
        lines = (safe(line, 2000) for line in error.message.splitlines())
        return ("the aws CLI would not even ask AWS", *lines)
    head = f"An error occurred ({error.code}) when calling the {call.operation} operation:"
    return ("AWS would answer", f"{head} {safe(error.message, 2000)}")


def _claims(identity: Identity) -> Iterator[str]:
    """Yield what a token or an assertion says, as condition keys."""
    what = "token" if isinstance(identity, WebIdentity) else "assertion"
    yield f"the {what} says, and its signature was not checked"
    for key, value in condition_keys(identity).items():
        yield f"    {safe(key)} = {safe(value if isinstance(value, str) else ', '.join(value))}"
    if isinstance(identity, WebIdentity):
        ignored = ", ".join(f"`{safe(key)}`" for key in not_condition_keys(identity))
        yield from (f"    no condition keys: {ignored}",) if ignored else ()


def explained(diagnosis: Diagnosis, what: str) -> Iterator[str]:
    """Yield why a call or a request fails and what helps, or on what it hangs that it does not."""
    if not diagnosis.is_of_yes:
        yield from _reasons(diagnosis, what)
    sets = [f"    {' and '.join(map(safe, facts))}" for facts in diagnosis.allowed_if]
    if sets:
        head = "hangs on" if diagnosis.is_of_yes else "allowed if"
        more = () if diagnosis.allowed_if_complete else ("    and perhaps others",)
        yield "\n".join((head, "\n    or\n".join(sets), *more))


def _reasons(diagnosis: Diagnosis, what: str) -> Iterator[str]:
    before = None
    for cause in diagnosis.causes[:_MOST_CAUSES]:
        yield _cause(cause, before)
        before = cause
    if len(diagnosis.causes) > _MOST_CAUSES:
        more = len(diagnosis.causes) - _MOST_CAUSES
        yield f"and {more} more causes: `--format json` has them all"
    for number, fix in enumerate(diagnosis.fixes, 1):
        yield _fix(number, fix)
    if not diagnosis.fixes and not any(cause.layer == "fact" for cause in diagnosis.causes):
        yield f"no fix was found: nothing that was tried makes this {what} succeed"


def sentence(call: Call, answer: Answer) -> str:
    """Return who can or cannot call what, and which action is in the way if it is another one."""
    own = call.operation.action
    action = answer.decisive.request.action if answer.decisive else own
    why = f": `{action}` is not allowed" if action != own and answer.error else ""
    return f"{safe(called(call.principal))} {CAN[answer.outcome]} {_done(call)}{why}"


def _done(call: Call) -> str:
    if call.operation not in OF_ROLES:
        target = f" on {safe(call.resource)}" if call.resource != NO_RESOURCE else ""
        return f"call {call.operation}{target}"
    how = {
        Operation.ASSUME_ROLE_WITH_WEB_IDENTITY: " with a token",
        Operation.ASSUME_ROLE_WITH_SAML: " with an assertion",
    }
    return f"assume {safe(call.parameters.role_arn)}{how.get(call.operation, '')}"


def _cause(cause: Cause, before: Cause | None) -> str:
    beside = before is not None and before.blocker == cause.blocker
    or_ = "or " if before and beside and before.alternative != cause.alternative else ""
    word = "open" if cause.layer == "fact" else "cause"
    lines = [f"{or_}{word}[{cause.code}]: {safe(cause.message)}"]
    if cause.place is not None:
        lines.append(excerpt(cause.place.span(), cause.label))
    if cause.wanted is not None:
        lines.append(f"  wanted: {safe(cause.wanted)}")
    if cause.given is not None:
        lines.append(f"  given:  {safe(cause.given)}")
    if cause.layer != "fact":
        lines.append(f"  owner:  {safe(', '.join(filter(None, cause.owner)))}")
    if cause.help is not None:
        lines.append(f"help: {safe(cause.help)}")
    return "\n".join(lines)


def _whole(lines: list[str], what: str) -> list[str]:
    """Return lines to be copied, which are worth nothing if a part of one is missing."""
    longest = max(map(len, lines))
    if longest > _LONGEST_LINE:
        return [f"    ({what} is too long for a terminal: `--format json` has it)"]
    return [f"    {safe(line, 10 * _LONGEST_LINE)}" for line in lines]


def _fix(number: int, fix: Fix) -> str:
    from simulator.diagnosis.commands import commands  # noqa: PLC0415 - a yes has no fixes
    from simulator.rendering.patch import patches  # noqa: PLC0415

    title = ", and ".join(safe(remedy.title) for remedy in fix.remedies)
    lines = [f"fix {number} (access {fix.access}): {title}"]
    edits = [edit for remedy in fix.remedies for edit in remedy.edits]
    for change in patches(edits) if number <= _MOST_DIFFS else ():
        lines += _whole(change.diff.removesuffix("\n").split("\n"), f"the change of {change.name}")
    for command in commands(fix):
        lines += _whole([command], "the command")
    lines += (f"  also allows: {safe(text)}" for text in fix.also_allows)
    return "\n".join(lines)

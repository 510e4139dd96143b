"""What `iamsim assume` and `iamsim aws sts` take alike, as the calls that it comes to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from simulator.catalog import keys
from simulator.cli.call import Said, Step, read_call
from simulator.cli.call_answer import Wanted, answer_and_print, answered
from simulator.cli.context import read_pairs
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader
from simulator.cli.identity import read_secret, read_web_identity
from simulator.cli.options import check_format, mfa_word, option_of
from simulator.cli.profile import resolve_profile, steps_of, whose
from simulator.sts.operations import OF_ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.request.context import Value
    from simulator.sts.parameters import Parameters


class Calls(NamedTuple):
    """Who makes the first call, where somebody signs it; the calls, and the region of a profile."""

    caller: str | None
    steps: tuple[Step, ...] = ()
    region: str | None = None


def answer_said(say: Callable[[], Said], options: Mapping[str, Any]) -> NoReturn:
    """Answer what is asked in the wanted form, and end with the exit status.

    Where a fix is to be applied, what is asked is read once more after that.
    """
    as_json = options["format_"] is None and options.get("output") == "json"
    format_ = "json" if as_json else options["format_"] or "text"
    check_format(format_, options["query"], trace=options["trace"])
    wanted = Wanted(
        format_,
        options["query"],
        options["strict"],
        options["trace"],
        options["aws_reasons"],
    )
    if options["apply"] is not None:
        _apply(say, options, wanted)
    sys.exit(answer_and_print(read_call(say()), wanted))


def _apply(say: Callable[[], Said], options: Mapping[str, Any], wanted: Wanted) -> None:
    from simulator.cli.applying import apply_fix, check_can_apply  # noqa: PLC0415 - rare

    check_can_apply(options)
    apply_fix(answered(read_call(say()), wanted).diagnosis, options["apply"])


def calls_of_profile(reader: Reader, options: Mapping[str, Any], *, alone: bool) -> Calls:
    """Return the calls of a profile, at least one if nothing but them is asked about.

    Raises:
        QuestionError: the profile cannot be used, or nobody said whose credentials it has.
    """
    resolved = resolve_profile(
        options["profile"], options["config"], options["credentials"], caller=options["caller"]
    )
    reader.notes += resolved.notes
    steps: tuple[Step, ...] = ()
    if alone or resolved.hops:
        steps = steps_of(
            resolved, lambda file: read_web_identity(reader, read_secret(reader, file))
        )
    by_token = any(step.identity is not None for step in steps)
    name = None if by_token else whose(resolved, options["caller"], mfa=options["mfa"])
    return Calls(name, steps, resolved.region)


def check_unsigned(options: Mapping[str, Any]) -> None:
    """Refuse a caller of a call that nobody signs."""
    if options["caller"]:
        raise QuestionError("`--as`: a token or an assertion says who calls, and nobody signs")


#: The parameters that say what a condition key is.
_SAID: Final = {
    keys.EXTERNAL_ID: "external_id",
    keys.SESSION_NAME: "role_session_name",
    keys.SOURCE_IDENTITY: "source_identity",
    keys.MFA_PRESENT: "token_code",
}


def keys_said(options: Mapping[str, Any], passed: Parameters | None) -> dict[str, str]:
    """Return the condition keys that options already set, with the option that does."""
    mfa = mfa_word(options["mfa"])
    said = {keys.MFA_PRESENT: mfa} if mfa else {}
    given = {} if passed is None else passed._asdict()
    return said | {key: option_of(f) for key, f in _SAID.items() if given.get(f) is not None}


def said_of(
    reader: Reader,
    options: Mapping[str, Any],
    calls: Calls,
    *,
    policies: tuple[str, ...],
    context: Mapping[str, Value],
) -> Said:
    """Return calls with the files and further facts that decide them.

    Raises:
        QuestionError: nothing tells the trust policy of a role that is assumed.
    """
    _check_trust(options, calls.steps)
    return Said(
        calls.caller,
        calls.steps,
        _files(options, policies),
        context,
        mfa=options["mfa"],
        inventory=options["inventory"],
        tags=read_pairs("--caller-tag", options["caller_tag"]),
        transitive_tag_keys=options["caller_transitive_tag_key"],
        federated_by=options["federated_by"],
        reader=reader,
        config=options["config"],
    )


def _files(options: Mapping[str, Any], policies: tuple[str, ...]) -> Files:
    return Files(
        trust=options["trust"],
        policies=policies,
        boundary=options["boundary"],
        session_policies=options["session_policy"],
        scps=options["scp"],
        rcps=options["rcp"],
    )


def _check_trust(options: Mapping[str, Any], steps: tuple[Step, ...]) -> None:
    of_roles = any(step.operation in OF_ROLES for step in steps)
    if of_roles and not options["trust"] and not options["inventory"]:
        raise QuestionError(
            "`--trust FILE` is missing: give the role's trust policy, or what get-role prints, or"
            " an `--inventory`"
        )

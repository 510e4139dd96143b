"""`iamsim simulate`: would this request be allowed, whoever asks for whatever."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import options as shared
from simulator.cli.answers import json_text, tell_oddities
from simulator.cli.errors import QuestionError
from simulator.cli.notes import notes_on_request
from simulator.cli.request import read_questions
from simulator.decision.combine import Decision, Outcome
from simulator.evaluation.hanging import hangs_on_facts
from simulator.evaluation.turning import doubts_to_tell
from simulator.rendering.evaluation import Result, result_text
from simulator.simulate import simulate, turns_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.evaluation.evaluate import Evaluation
    from simulator.simulate import Question


@click.command(
    cls=shared.Command,
    name="simulate",
    epilog="""\b
Example:
  iamsim simulate --as arn:aws:iam::111111111111:user/alice \\
      --action s3:GetObject --resource arn:aws:s3:::artifacts/app.zip \\
      --resource-account 222222222222 --resource-policy bucket.json \\
      --policy alice.json

FILE is a policy, or what the aws CLI printed around one; - reads standard input.
Exit status: 0 all allowed, 1 one denied or undecided, 2 the question could not be read.""",
)
@click.option(
    "--as",
    "caller",
    metavar="WHO",
    help="Who calls: an ARN, a service such as cloudtrail.amazonaws.com, or anonymous.",
)
@click.option("--action", multiple=True, metavar="ACTION", help="What is done: s3:GetObject.")
@click.option("--resource", multiple=True, metavar="ARN", help="To what it is done; default: *.")
@click.option("--resource-account", metavar="ID", help="Whose it is, where the ARN does not say.")
@click.option(
    "--resource-policy",
    metavar="FILE",
    help="The resource's own policy; of a role its trust policy.",
)
@shared.POLICY
@shared.BOUNDARY
@shared.SESSION_POLICY
@click.option(
    "--endpoint-policy", multiple=True, metavar="FILE", help="Policy of the VPC endpoint passed."
)
@shared.SCP
@click.option(
    "--rcp",
    multiple=True,
    metavar="FILE",
    help="RCP over the resource's account, one FILE for each level.",
)
@click.option("--organization", metavar="FILE", help="The tree of units with their SCPs and RCPs.")
@click.option("--management-account", metavar="ID", help="The account that no SCP or RCP binds.")
@click.option("--principal-tag", multiple=True, metavar="KEY=VALUE", help="Tag of the caller.")
@click.option("--resource-tag", multiple=True, metavar="KEY=VALUE", help="Tag of the resource.")
@shared.INVENTORY
@shared.MFA
@click.option("--source-identity", metavar="NAME", help="Source identity of the role session.")
@click.option("--federated-by", metavar="ARN", help="The user who made the federated session.")
@click.option("--canonical-user", metavar="ID", help="Canonical user id of the caller's account.")
@shared.CONTEXT
@click.option("--context-file", metavar="FILE", help="Condition keys as AWS's ContextEntries.")
@shared.STRICT
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html", "mermaid", "aws"]),
    help="Default: text; html: a page with the layers as a flow; mermaid: a flowchart; aws: as `aws"
    " iam simulate-custom-policy` prints it.",
)
@shared.QUERY
@shared.APPLY
@shared.TRACE
def command(**options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say whether a request would be allowed; if not, why."""
    as_aws, trace = options["format_"] == "aws", options["trace"]
    if as_aws and trace:
        raise QuestionError("`--trace` goes with `--format text` and `json`: AWS prints none")
    shared.check_format(options["format_"], options["query"], trace=trace)
    if options["apply"] is not None:
        _apply(options)
    asked = read_questions(options)
    notes = asked.notes
    results = [
        answered(question, strict=options["strict"], trace=trace, diagnosed=not as_aws)
        for question in asked.questions
    ]
    tell_oddities(asked.warnings, dict.fromkeys((*notes, *(n for r in results for n in r.notes))))
    results = [each._replace(notes=(*notes, *each.notes)) for each in results]
    if options["format_"] in shared.PICTURES:
        told = _drawn(asked.questions, results, options)
    else:
        told = _rendered(results, options["format_"], options["query"])
    click.echo(told, nl=False)
    outcomes = {result.evaluation.decision.outcome for result in results}
    sys.exit(0 if outcomes == {Outcome.ALLOWED} else 1)


def _apply(options: dict[str, Any]) -> None:
    from simulator.cli.applying import apply_fix, check_can_apply  # noqa: PLC0415 - rare

    check_can_apply(options)
    questions = read_questions(options).questions
    if len(questions) > 1:
        raise QuestionError("`--apply` goes with one action on one resource: whose fix is meant?")
    found = answered(questions[0], strict=options["strict"], trace=False, diagnosed=True)
    apply_fix(found.diagnosis, options["apply"])


def answered(question: Question, *, strict: bool, trace: bool, diagnosed: bool) -> Result:
    """Return the answer to a question, with its diagnosis if that is wanted."""
    evaluation = simulate(question)
    doubts, taken = doubts_to_tell(
        question.policies, lambda: turns_on(question, evaluation), strict=strict
    )
    left_open = doubts if strict else ()
    if left_open:
        evaluation = evaluation._replace(decision=Decision(Outcome.UNDECIDED))
    diagnosis = _diagnosis(question, evaluation, left_open) if diagnosed else None
    notes = (*notes_on_request(question, evaluation), *taken)
    return Result(evaluation, diagnosis, doubts, notes, _trace(evaluation) if trace else None)


def _diagnosis(
    question: Question, evaluation: Evaluation, left_open: tuple[Doubt, ...]
) -> Diagnosis | None:
    is_allowed = evaluation.decision.outcome is Outcome.ALLOWED
    if is_allowed and not hangs_on_facts((evaluation,)):
        return None
    if is_allowed:
        from simulator.diagnosis.diagnosis import diagnose_yes  # noqa: PLC0415 - most need none

        return diagnose_yes(question, (evaluation,))
    from simulator.diagnosis import diagnose  # noqa: PLC0415 - a yes needs none

    if left_open:
        return diagnose.diagnose_doubts(left_open)
    return diagnose.diagnose_request(question, evaluation)


def _trace(evaluation: Evaluation) -> dict[str, Any]:
    from simulator.evaluation.trace import trace_of  # noqa: PLC0415 - the second pass

    return trace_of(evaluation)


def _rendered(results: Sequence[Result], format_: str | None, query: str | None) -> str:
    if format_ == "aws":
        from simulator.rendering.aws import aws_value  # noqa: PLC0415 - one of several formats

        return json_text(aws_value([result.evaluation for result in results]), query)
    if query or format_ == "json":
        return json_text(_value(results), query)
    return "\n".join(map(result_text, results))


def _drawn(
    questions: Sequence[Question], results: Sequence[Result], options: Mapping[str, Any]
) -> str:
    from simulator.cli.pictures import drawn  # noqa: PLC0415 - see above
    from simulator.rendering.picture import picture_of_request  # noqa: PLC0415

    pictures = [
        picture_of_request(result, question.context, result.doubts if options["strict"] else ())
        for question, result in zip(questions, results, strict=True)
    ]
    return drawn(pictures, options["format_"])


def _value(results: Sequence[Result]) -> dict[str, Any]:
    from simulator.rendering.evaluation import result_value  # noqa: PLC0415 - see above

    first, *others = values = [result_value(result) for result in results]
    return {"results": values} if others else first

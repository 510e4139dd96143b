"""What it costs, warm, to explain each no of the common workload: causes, fixes, `allowed_if`.

CPU time. Each request is asked twice: as a request of any kind with all its keys given, and as the
AssumeRole call from which these keys follow. Texts are found in place by what is remembered of
them, as for a second question about the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import workload
from benchmarks.clock import cpu_microseconds
from simulator.arn import Arn
from simulator.diagnosis.allowed_if import allowed_if
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.diagnose import diagnose, diagnose_request, explain
from simulator.diagnosis.fixes import fixes
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import parse_principal
from simulator.simulate import Question, simulate
from simulator.sts.answer import answer_to
from simulator.sts.call import Call, Role
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.diagnosis.asked import Asked
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.policies import Policies

_TAG = "aws:PrincipalTag/"
_DERIVED = ("aws:Principal", "aws:MultiFactorAuth", "aws:username", "aws:ResourceAccount", "sts:")


def main() -> None:
    """Print for each no what each part of its explanation costs, in milliseconds."""
    given = workload.read()
    policies = workload.policies(given)
    print(f"{'ms':58}{'causes':>8}{'fixes':>8}{'facts':>8}{'in all':>8}")
    for name, asked in _asked(given, policies):
        taken = cpu_microseconds(_parts(asked))
        figures = "".join(f"{time / 1000:8.2f}" for time in taken.values())
        print(f"{name:58}{figures}")


def _asked(given: dict[str, Any], policies: Policies) -> Iterator[tuple[str, Asked]]:
    for request in given["requests"]:
        if request["expected"] != "Allowed":
            for kind, asked in (
                ("request", _question(request, policies)),
                ("call", _call(request, policies)),
            ):
                if outcome_of(asked) != workload.OUTCOMES[request["expected"]]:
                    raise SystemExit(f"{request['name']}, {kind}: another outcome than expected")
                yield f"{request['name']}, {kind}", asked


def _question(request: dict[str, Any], policies: Policies) -> Question:
    resource = request["resource"]
    return Question(
        _caller(request),
        request["action"],
        resource["arn"],
        policies,
        request["context"],
        resource["account"],
    )


def _call(request: dict[str, Any], policies: Policies) -> Call:
    context, resource = request["context"], request["resource"]
    role = Arn(*resource["arn"].split(":", 5)[1:])
    return Call(
        _caller(request),
        Parameters(
            str(role),
            role_session_name=context["sts:RoleSessionName"],
            external_id=context.get("sts:ExternalId"),
        ),
        Role(role, tags={}, max_session_duration=3600),
        policies,
        {
            key: value
            for key, value in context.items()
            if key == "aws:PrincipalOrgID" or not key.startswith(_DERIVED)
        },
    )


def _caller(request: dict[str, Any]) -> Caller:
    context, principal = request["context"], parse_principal(request["principal"])
    tags = {key.removeprefix(_TAG): value for key, value in context.items() if _TAG in key}
    age = context.get("aws:MultiFactorAuthAge")
    if age is None:
        return Caller(principal, Credentials.LONG_TERM, tags=tags)
    return Caller(principal, Credentials.SESSION_TOKEN_WITH_MFA, int(age), tags)


def _parts(asked: Asked) -> dict[str, Callable[[], object]]:
    causes, evaluations = explain(asked), _evaluations(asked)
    return {
        "causes": lambda: explain(asked),
        "fixes": lambda: fixes(asked, causes, explain),
        "facts": lambda: allowed_if(asked, evaluations),
        "in all": lambda: _explained(asked),
    }


def _evaluations(asked: Asked) -> tuple[Evaluation, ...]:
    return answer_to(asked).evaluations if isinstance(asked, Call) else (simulate(asked),)


def _explained(asked: Asked) -> object:
    if isinstance(asked, Call):
        return diagnose(asked, answer_to(asked))
    return diagnose_request(asked, simulate(asked))


if __name__ == "__main__":
    main()

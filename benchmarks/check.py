"""How many policies a CPU second checks, and how many those do that pip installs for the same task.

    python -m benchmarks.check [FILE]

FILE has one JSON object a line, with the `text` of a policy and its `kind`; without one the AWS
managed policies that moto ships are checked. The clean path is that of policies without findings,
as most are that somebody checks again and again. parliament and cloudsplaining are measured in the
same run where they are installed (`pip install --group peers`), on identity-based policies alone.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.check import check
from simulator.check.detect import kind_of
from simulator.diagnostic import DocumentError
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind

_ROUNDS: Final = 3
_SAMPLE: Final = 150
"""The policies that the slower programs are given."""

_KINDS: Final[dict[str, PolicyKind]] = {
    "identity": kinds.IDENTITY,
    "aws_managed": kinds.IDENTITY,
    "session": kinds.SESSION,
    "trust": kinds.TRUST,
    "resource": kinds.RESOURCE,
    "vpc_endpoint": kinds.ENDPOINT,
    "scp": kinds.SCP,
    "rcp": kinds.RCP,
}


class Text(NamedTuple):
    """The text of a policy, and its kind where that is known."""

    text: str
    kind: PolicyKind | None


def main(arguments: Sequence[str]) -> None:
    """Check all policies, then those without findings, and let others check some of these."""
    texts = list(_corpus(Path(arguments[0])) if arguments else _managed())
    found = [_checked(text) for text in texts]
    clean = [text for text, findings in zip(texts, found, strict=True) if findings == ()]
    size = sum(len(text.text) for text in clean) / max(1, len(clean))
    print(
        f"{len(texts)} policies, {len(clean)} of them without findings, {size:.0f} characters each"
    )
    sample = [text for text in clean if text.kind in {None, kinds.IDENTITY}][:_SAMPLE]
    print(f"{'':40}{'policies':>10}{'a CPU second':>14}{'x':>8}")
    _told("iamsim, without findings", clean, _checked)
    _told("iamsim, all", texts, _checked)
    on_sample = _told("iamsim, the sample", sample, _checked)
    for name, checker in _peers():
        _told(f"{name}, the sample", sample, checker, on_sample)


def _corpus(file: Path) -> Iterator[Text]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Text(row["text"], _KINDS.get(row["kind"]))


def _managed() -> Iterator[Text]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - optional

    for policy in json.loads(aws_managed_policies_data).values():
        yield Text(json.dumps(policy["Document"]), kinds.IDENTITY)


def _checked(text: Text) -> tuple[Diagnostic, ...] | None:
    """Return the findings of a policy as the command would tell them; nothing if it is no JSON."""
    try:
        unwrapped = unwrap(Source("policy.json", text.text))
        kind = text.kind or kind_of(unwrapped.document)
        return (*unwrapped.warnings, *check(unwrapped.document, kind).diagnostics)
    except DocumentError:
        return None


def _peers() -> Iterator[tuple[str, Callable[[Text], object]]]:
    if find_spec("parliament"):
        import parliament  # noqa: PLC0415 - optional

        yield "parliament", lambda text: parliament.analyze_policy_string(text.text).findings
    if find_spec("cloudsplaining"):
        from cloudsplaining.scan.policy_document import PolicyDocument  # noqa: PLC0415 - optional

        def scan(text: Text) -> object:
            document = PolicyDocument(json.loads(text.text))
            return (
                document.allows_privilege_escalation,
                document.permissions_management_without_constraints,
                document.allows_data_exfiltration_actions,
                document.credentials_exposure,
                document.service_wildcard,
            )

        yield "cloudsplaining", scan


def _told(
    name: str, texts: Sequence[Text], work: Callable[[Text], object], yardstick: float = 0
) -> float:
    """Print how many texts a CPU second takes, the best of a few rounds, and return it."""
    best = min(_taken(texts, work) for _ in range(_ROUNDS))
    rate = len(texts) / best
    ratio = f"{yardstick / rate:8.1f}" if yardstick else ""
    print(f"{name:40}{len(texts):10}{rate:14,.0f}{ratio}")
    return rate


def _taken(texts: Iterable[Text], work: Callable[[Text], object]) -> float:
    start = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - start


if __name__ == "__main__":
    main(sys.argv[1:])

"""Every text that is told keeps to `docs/style.md`: those in the code, and those that come out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from simulator.check.check import check
from simulator.decision.combine import Outcome
from simulator.diagnosis.diagnose import diagnose, diagnose_request
from simulator.diagnostic import DocumentError
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.simulate import simulate
from simulator.source import Source
from simulator.sts.answer import answer_to
from simulator.testing.run import run
from tests import storing_answers, worlds
from tests.conformance.test_conformance import CASES
from tests.style import PACKAGE, faults, of_form, texts_in
from tests.user_cases import cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.diagnostic import Diagnostic

ROOT: Final = Path(__file__).parents[2]
FIXTURES: Final = ROOT / "fixtures"
DOCS: Final = ROOT / "docs"
#: Modules with texts that are not ours, by who wrote them.
QUOTING: Final = {
    "AWS": ("storing", "sts/errors.py", "sts/parameters.py", "evaluation/denial.py"),
    "the aws CLI": (
        "rendering/evaluation.py",
        "rendering/text.py",
        "inventory/pages.py",
        "syntax/error_text.py",
    ),
    "click, whose errors and help begin with a capital": ("cli/aws_verb.py", "cli/aws_options.py"),
    "names of others": ("federation/issuers.py", "catalog/global_keys.py"),
    "Markdown": ("rendering/github.py",),
    "types": ("policy/elements.py", "source.py", "sts/response.py"),
}


def _is_quoting(name: str) -> bool:
    return any(name.startswith(module) for modules in QUOTING.values() for module in modules)


def test_texts_in_the_code() -> None:
    found = {
        f"{module.relative_to(PACKAGE)}:{line}": (text, wrong)
        for module in sorted(PACKAGE.rglob("*.py"))
        if not _is_quoting(module.relative_to(PACKAGE).as_posix())
        for line, text in texts_in(module)
        if (wrong := list(of_form(text)))
    }
    assert found == {}


def test_there_are_texts_in_the_code() -> None:
    assert sum(len(list(texts_in(module))) for module in PACKAGE.rglob("*.py")) > 1_500


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("the trust policy requires MFA, and the caller has none", []),
        ("`Bool` is no key", []),
        ("AWS stores no such policy", []),
        ("RCPs bear on no request", []),
        ("a key `arn:aws:s3:::b` of `111111111111`, `sts:ExternalId`, `${aws:username}`", []),
        ("The trust policy requires MFA", ["begins with a capital"]),
        ("Allowing this", ["begins with a capital"]),
        ("the caller has none.", ["ends with a full stop"]),
        ("please pass a code", ["a word that is not used"]),
        ("it failed!", ["a word that is not used"]),
        (" ", ["empty"]),
        ("the role arn:aws:iam::1:role/a", ["an ARN outside backticks"]),
        ("the account 111111111111", ["an account outside backticks"]),
        ("without sts:TagSession", ["an action or a key outside backticks"]),
        ("pass --external-id", ["an option outside backticks"]),
        ("what ${aws:username} is", ["a variable outside backticks"]),
        ("the value `x", ["a backtick without its other"]),
    ],
)
def test_what_is_wrong_with_a_text(text: str, wrong: list[str]) -> None:
    assert faults(text) == wrong


def _diagnoses() -> Iterator[Diagnosis]:
    """Yield the diagnosis of every conformance case that is not allowed."""
    for case in CASES:
        world, told = case.values
        if told["decision"] == "allowed":
            continue
        if "request" in told:
            question = worlds.question(world, told["request"], told.get("context"))
            yield diagnose_request(question, simulate(question))
        else:
            call = worlds.call(world, told.get("with"), told.get("context"))
            answer = answer_to(call)
            if answer.outcome is not Outcome.ALLOWED:
                yield diagnose(call, answer)


def _of_diagnoses() -> Iterator[str]:
    """Yield the texts of every denial of the fixtures."""
    for diagnosis in _diagnoses():
        yield from _of(diagnosis.causes, diagnosis.fixes)
    files = [(str(path), path.read_bytes()) for path in sorted(FIXTURES.glob("sts/*.iamtest.json"))]
    asked = (cases.asked(case, "denied") for case in cases.CASES if _is_call(case))
    for result in (*run(files, all_causes=True).results, *asked):
        yield from _of(result.causes, result.fixes)
        yield from result.notes


def _is_call(case: cases.Case) -> bool:
    return str(case["operation"]).startswith("sts:")


def _of(causes: Iterable[Cause], fixes: Iterable[Fix]) -> Iterator[str]:
    for cause in causes:
        yield from filter(None, (cause.message, cause.label, cause.help))
        yield from (remedy.title for remedy in cause.remedies)
    for fix in fixes:
        yield from (fix.title, *fix.also_allows)


def _of_documents() -> Iterator[str]:
    """Yield the texts of what is told about every document of the fixtures."""
    for file in sorted(FIXTURES.glob("storing/*.json")):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            source = Source("policy.json", storing_answers.text_of(case))
            try:
                found = check(unwrap(source).document, kinds.BY_WORD[case["kind"]]).diagnostics
            except DocumentError as error:
                found = error.diagnostics
            yield from _of_diagnostics(found)


def _of_diagnostics(found: Iterable[Diagnostic]) -> Iterator[str]:
    for diagnostic in found:
        yield diagnostic.message
        yield from (label.text for label in diagnostic.labels)
        yield from filter(None, (diagnostic.help,))


_TOLD: Final = re.compile(r"^(?:\w+\[IAM\d+\]|help|fix \d+ \([\w ]+\)|note): (.*)$", re.MULTILINE)


def _of_pages() -> Iterator[str]:
    """Yield the texts of what the commands of the pages print, in which every code occurs."""
    for page in sorted(DOCS.rglob("*.md")):
        for block in re.findall(r"(?ms)^```console\n(.*?)^```$", page.read_text("utf-8")):
            yield from _TOLD.findall(block)


@pytest.mark.parametrize(
    ("source", "fewest"), [(_of_diagnoses, 1_000), (_of_documents, 400), (_of_pages, 300)]
)
def test_texts_that_come_out(source: Callable[[], Iterator[str]], fewest: int) -> None:
    texts = set(source())
    assert len(texts) > fewest
    assert {text: wrong for text in sorted(texts) if (wrong := faults(text))} == {}

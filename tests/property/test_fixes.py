"""What a diagnosis says is so: its fixes fix, its places are in the files, every no has a cause.

A fix is carried out as people would: the edits are written into the files, and the files are read
again, whatever the policy in them is wrapped in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.diagnose import diagnose
from simulator.evaluation.policies import Policies
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.rendering.patch import patches
from simulator.source import Source
from simulator.sts.answer import answer_to
from simulator.sts.call import Call
from simulator.syntax import apply_edits, by_text
from tests import strategies, worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels
    from simulator.policy.kinds import PolicyKind
    from tests.strategies import Case, World

Files = dict[str, str]


def bare(document: World) -> str:
    return json.dumps(document)


def indented(document: World) -> str:
    return json.dumps(document, indent=2) + "\n"


def by_tabs(document: World) -> str:
    return json.dumps(document, indent="\t")


def in_version(document: World) -> str:
    """Return what get-policy-version prints."""
    return json.dumps({"PolicyVersion": {"Document": document, "VersionId": "v1"}}, indent=4)


def as_string(document: World) -> str:
    """Return what describe-policy prints, where the document is a string."""
    return json.dumps({"Policy": {"Content": json.dumps(document)}}, indent=4)


def url_encoded(document: World) -> str:
    """Return what the raw API answers."""
    return quote(json.dumps(document))


WRITERS = (indented, bare, by_tabs, in_version, as_string, url_encoded)


class Written(NamedTuple):
    """A case of which each document is a file."""

    case: Case
    files: Files

    def policies(self, files: Files) -> Policies:
        """Return the policies in files."""
        unknown = self.case.world["identity"] is None
        return Policies(
            {
                Layer.TRUST: (self._level("trust", files),),
                Layer.IDENTITY: None if unknown else (self._level("identity", files),),
                Layer.BOUNDARY: self._only("boundary", files),
                Layer.SESSION: self._only("session_policies", files),
                Layer.SCP: self._levels("scps", files),
                Layer.RCP: self._levels("rcps", files),
            }
        )

    def _only(self, layer: str, files: Files) -> Levels:
        """Return the one level of a layer; without files there is none."""
        level = self._level(layer, files)
        return (level,) if level else ()

    def _level(self, prefix: str, files: Files) -> Level:
        kind = KINDS[prefix.split("-", maxsplit=1)[0]]
        names = sorted(name for name in files if name.startswith(f"{prefix}-"))
        return tuple(read(name, files[name], kind) for name in names)

    def _levels(self, layer: str, files: Files) -> Levels:
        found = enumerate(self.case.world.get(layer) or [])
        return tuple(self._level(f"{layer}-{number}", files) for number, _ in found)

    def call(self, files: Files) -> Call:
        """Return the call with the policies in files."""
        return worlds.call(*self.case)._replace(policies=self.policies(files))


KINDS = {
    "trust": kinds.TRUST,
    "identity": kinds.IDENTITY,
    "boundary": kinds.BOUNDARY,
    "session_policies": kinds.SESSION,
    "scps": kinds.SCP,
    "rcps": kinds.RCP,
}


def read(name: str, text: str, kind: PolicyKind) -> CompiledPolicy:
    """Return the policy in a file."""
    return compile_policy(build(unwrap(Source(name, text)).document, kind))


def documents(case: Case) -> dict[str, World]:
    """Return each document by the name of its file: layer, level, place."""
    found: dict[str, World] = {}
    for layer in strategies.LAYERS:
        for number, level in enumerate(strategies.listed(case.world.get(layer) or [])):
            for place, document in enumerate(strategies.listed(level)):
                found[f"{layer}-{number}-{place}"] = document
    return found


@st.composite
def written(draw: st.DrawFn, cases: st.SearchStrategy[Case]) -> Written:
    """Return a case with its files, each written in one of the ways that people have them."""
    case = draw(cases)
    writers: list[Callable[[World], str]] = draw(
        st.lists(st.sampled_from(WRITERS), min_size=1, max_size=3)
    )
    named = enumerate(documents(case).items())
    return Written(
        case, {name: writers[n % len(writers)](document) for n, (name, document) in named}
    )


def carried_out(found: Written, fix: Fix) -> Call:
    """Return the call after a fix: the call changed, the files written and read again."""
    call, files = found.call(found.files), dict(found.files)
    for remedy in fix.remedies:
        if remedy.changed is not None:
            changed = remedy.changed(call)
            assert isinstance(changed, Call)
            call = changed
        if remedy.attached is not None:
            number = sum(name.startswith("identity-") for name in files)
            files[f"identity-{number}-0"] = remedy.attached.text
    edits = (edit.in_file() for remedy in fix.remedies for edit in remedy.edits)
    for (name, text), changes in by_text(edits).items():
        assert files[name] == text
        files[name] = apply_edits(text, changes)
    if any(remedy.attached for remedy in fix.remedies) and found.case.world["identity"] is None:
        found = found._replace(case=found.case.having(identity=[]))
    return call._replace(policies=found.policies(files))


def diagnosis(found: Written) -> Diagnosis | None:
    """Return the diagnosis of a case, nothing where the call succeeds."""
    call = found.call(found.files)
    answer = answer_to(call)
    return None if answer.outcome is Outcome.ALLOWED else diagnose(call, answer)


def telling(found: Written, fix: Fix) -> str:
    edits = [edit.text for remedy in fix.remedies for edit in remedy.edits]
    return f"{fix.title}\n{edits}\n{found.case.dump('denied')}"


@given(written(strategies.cases()))
def test_f04_every_fix_carried_out_lets_the_call_succeed(found: Written) -> None:
    told = diagnosis(found)
    for fix in told.fixes if told else ():
        after = answer_to(carried_out(found, fix))
        assert after.outcome is Outcome.ALLOWED, telling(found, fix)
        assert outcome_of(fix.asked) is Outcome.ALLOWED


@given(written(strategies.cases()))
def test_a_json_patch_makes_of_the_value_of_a_file_that_of_the_file_after_the_fix(
    found: Written,
) -> None:
    told = diagnosis(found)
    for fix in told.fixes if told else ():
        for change in patches(edit for remedy in fix.remedies for edit in remedy.edits):
            if change.json_patch is None:
                assert change.old.startswith("%7B")
                continue
            before, after = json.loads(change.old), json.loads(change.new)
            assert jsonpatch.apply_patch(before, change.json_patch) == after


@given(written(strategies.cases()))
def test_f05_no_fix_does_more_than_another(found: Written) -> None:
    told = diagnosis(found)
    titles = [frozenset(r.title for r in fix.remedies) for fix in (told.fixes if told else ())]
    assert not any(one < other for one in titles for other in titles)
    assert len(titles) == len(set(titles))


@given(written(strategies.cases()))
def test_every_denial_has_a_cause_and_a_place_in_its_file(found: Written) -> None:
    told = diagnosis(found)
    if told is None:
        return
    assert told.causes, found.case.dump("denied")
    for cause in told.causes:
        if cause.place is not None:
            source, (start, end) = cause.place.span().in_file()
            assert found.files[source.name] == source.text
            assert 0 <= start < end <= len(source.text)


@given(written(strategies.cases()))
def test_no_set_of_facts_holds_another(found: Written) -> None:
    told = diagnosis(found)
    sets = [frozenset(facts) for facts in (told.allowed_if if told else ())]
    assert not any(one <= other for n, one in enumerate(sets) for other in sets[n + 1 :])
    assert not any(other <= one for n, one in enumerate(sets) for other in sets[n + 1 :])


def test_a_denial_that_was_settled_has_a_cause() -> None:
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}
    ranges = {"aws:SourceIp": "203.0.113.0/24"}
    denies = [
        {**allow, "Effect": "Deny", "Condition": {operator: ranges}}
        for operator in ("IpAddress", "NotIpAddress")
    ]
    trust = strategies.policy(allow, *denies)
    world = {
        "caller": {"arn": strategies.user_arn(strategies.HOME, "alice")},
        "role": {"arn": strategies.role_arn(strategies.HOME, "deploy")},
        "trust": trust,
        "identity": [],
    }
    found = Written(strategies.Case(world, {}, {}), {"trust-0-0": bare(trust)})
    told = diagnosis(found)
    assert told is not None
    assert told.causes

"""Why something is not allowed, and what would make it: causes, fixes, and facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import htpy as h

from simulator.diagnosis.commands import commands
from simulator.rendering.excerpt import safe, safe_line
from simulator.rendering.page.prose import prose
from simulator.rendering.page.source import Mark, marked
from simulator.rendering.patch import patches
from simulator.source import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.source import Span

_MOST_CAUSES: Final = 20
_MOST_HEADLINES: Final = 4
_MOST_COPIED: Final = 20_000  # characters of what is to be copied, which is worth nothing in part
_REACH: Final = 2_000  # characters of a line that are looked at beside a place


def headlines(diagnosis: Diagnosis, name: str) -> h.Node:
    """Return the first causes of a decision in short, each a way to where it is told in full."""
    causes = diagnosis.causes
    more = len(causes) - _MOST_HEADLINES
    if not causes:
        return None
    return h.ul(".headlines")[
        (
            h.li[h.a(href=f"#{_id(name, number)}")[f"{cause.code}: ", prose(cause.message)]]
            for number, cause in enumerate(causes[:_MOST_HEADLINES], 1)
        ),
        h.li[f"and {more} more"] if more > 0 else None,
    ]


def reasons(diagnosis: Diagnosis, name: str) -> h.Node:
    """Return the causes, the fixes and the facts with which a decision of this name is a yes.

    Of a yes there are only the facts on which it hangs.
    """
    causes, fixes = diagnosis.causes, diagnosis.fixes
    if diagnosis.is_of_yes:
        return _facts("hangs on", diagnosis)
    fixed = map(_fix, fixes, range(1, len(fixes) + 1)) if fixes else h.p["no fix was found"]
    is_open = any(cause.layer == "fact" for cause in causes)
    return [
        _section("why", "what stands in the way", _causes(causes, name)),
        _section("fixes", "what makes it pass", fixed) if fixes or not is_open else None,
        _facts("allowed if", diagnosis),
    ]


def _id(name: str, number: int) -> str:
    return f"{name}-cause-{number}"


def _section(kind: str, title: str, content: h.Node) -> h.Element:
    return h.section(f".{kind}")[h.h3[title], content]


def _causes(causes: tuple[Cause, ...], name: str) -> h.Node:
    more = len(causes) - _MOST_CAUSES
    shown = causes[:_MOST_CAUSES]
    before = (None, *shown)
    return [
        map(_cause, shown, before, (_id(name, number) for number in range(1, len(shown) + 1))),
        h.p(".more")[f"and {more} more causes: `--format json` has them all"] if more > 0 else None,
    ]


def _cause(cause: Cause, before: Cause | None, name: str) -> h.Element:
    kind = "open" if cause.layer == "fact" else "stops"
    beside = before is not None and before.blocker == cause.blocker
    instead = before is not None and beside and before.alternative != cause.alternative
    return h.article(f".cause.{kind}", id=name, data_code=cause.code)[
        h.h4["or " if instead else None, h.span(".code")[cause.code], " ", prose(cause.message)],
        None if cause.place is None else _place(cause.place.span(), cause.label),
        _compared(cause),
        None if cause.help is None else h.p(".help")[prose(cause.help)],
    ]


def _compared(cause: Cause) -> h.Node:
    owner = None if cause.layer == "fact" else ", ".join(filter(None, cause.owner))
    rows = (("wanted", cause.wanted), ("given", cause.given), ("owner", owner))
    return h.dl(".compared")[
        (
            h.div[h.dt[name], " ", h.dd[h.code[safe(text)]]]
            for name, text in rows
            if text is not None
        )
    ]


def _place(span: Span, label: str) -> h.Element:
    """Return the line of a place, with the place marked, and what is seen there."""
    place, line = span.place, _line_of(span)
    start, end = span.range
    mark = Mark(Range(start, min(end, line.range.end)), holds=False)
    return h.figure[
        h.figcaption(".place")[f"{safe(span.in_file().source.name)}:{place.line}:{place.column}"],
        marked(line, [mark]),
        h.p(".label")[prose(label)] if label else None,
    ]


def _line_of(span: Span) -> Span:
    """Return the line in which a span begins, as far as it is within reach."""
    text, start = span.source.text, span.range.start
    before, after = text[max(0, start - _REACH) : start], text[start : start + _REACH]
    lead, tail = _LINE_END.split(before)[-1], _LINE_END.split(after)[0]
    return span._replace(range=Range(start - len(lead.lstrip()), start + len(tail)))


def _fix(fix: Fix, number: int) -> h.Element:
    edits = [edit for remedy in fix.remedies for edit in remedy.edits]
    return h.article(".fix")[
        h.h4[
            f"fix {number}: ",
            prose(fix.title),
            " ",
            h.span(f".access.{fix.access}")[f"access {fix.access}"],
        ],
        [_diff(change.name, change.diff) for change in patches(edits)],
        [_copied("command", "the command", [command]) for command in commands(fix)],
        h.ul(".also")[(h.li["also allows: ", prose(text)] for text in fix.also_allows)]
        if fix.also_allows
        else None,
    ]


_LINE_END: Final = re.compile(r"[\r\n]")
_LINE_KINDS: Final = {"+": ".added", "-": ".removed", "@": ".hunk"}


def _diff(name: str, text: str) -> h.Element:
    lines = text.removesuffix("\n").split("\n")
    if len(text) > _MOST_COPIED:
        return h.p(".more")[f"the change of {safe(name)} is too long here: `--format json` has it"]
    shown = (
        h.span(f".line{_LINE_KINDS.get(line[:1], '')}")[safe_line(line), "\n"] for line in lines
    )
    return h.figure[
        h.figcaption(".place")[f"the change of {safe(name)}"],
        h.pre(".diff", tabindex="0", aria_label="diff")[h.code[shown]],
    ]


def _copied(kind: str, title: str, lines: Iterable[str]) -> h.Element:
    text = "\n".join(safe_line(line) for line in lines)
    if len(text) > _MOST_COPIED:
        return h.p(".more")[f"{title} is too long here: `--format json` has it"]
    return h.pre(f".{kind}", tabindex="0", aria_label=title)[h.code[text]]


def _facts(title: str, diagnosis: Diagnosis) -> h.Node:
    if not diagnosis.allowed_if:
        return None
    items = [h.li[_joined(facts)] for facts in diagnosis.allowed_if]
    more = None if diagnosis.allowed_if_complete else h.li["perhaps others"]
    return _section("allowed-if", title, h.ul[items, more])


def _joined(facts: tuple[str, ...]) -> h.Node:
    return [[" and " if number else None, h.code[safe(fact)]] for number, fact in enumerate(facts)]

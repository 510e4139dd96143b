"""The page as a whole: its head, which lets nothing in from outside, and each decision."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import htpy as h
from markupsafe import Markup

from simulator import __version__
from simulator.decision.combine import Outcome
from simulator.rendering.excerpt import safe
from simulator.rendering.flow import STATES
from simulator.rendering.page.icons import icon
from simulator.rendering.page.prose import prose
from simulator.rendering.page.reasons import headlines, reasons
from simulator.rendering.page.stations import flow
from simulator.rendering.picture import Known, outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.rendering.picture import Fact, Picture

_MOST_FACTS: Final = 60
_WORDS: Final = {
    Outcome.ALLOWED: "allowed",
    Outcome.IMPLICIT_DENY: "denied",
    Outcome.EXPLICIT_DENY: "denied",
    Outcome.UNDECIDED: "undecided",
    Outcome.ERROR: "refused",
}
_EXPLAINED: Final = {
    Outcome.ALLOWED: "all that must allow does, and nothing denies",
    Outcome.IMPLICIT_DENY: "implicit deny: something had to allow and does not",
    Outcome.EXPLICIT_DENY: "explicit deny: a Deny statement applies",
    Outcome.UNDECIDED: "it hangs on something that nobody gave",
    Outcome.ERROR: "STS refuses the call, whatever the policies say",
}


def page(pictures: Sequence[Picture]) -> str:
    """Return the page of one decision or several: the calls of a chain, or some requests."""
    outcome = outcome_of(pictures)
    document = h.html(lang="en")[
        _head(f"{_WORDS[outcome]}: a decision of iamsim"),
        h.body[
            h.main(data_decision=str(outcome))[
                h.h1["an access decision"],
                (_decision(picture, number) for number, picture in enumerate(pictures, 1)),
            ],
            h.footer[h.p[f"decided offline by iamsim {__version__}; AWS was not asked"]],
        ],
    ]
    # In ASCII alone it reads the same in whatever encoding it is written to a file.
    return f"{document}\n".encode("ascii", "xmlcharrefreplace").decode()


def _head(title: str) -> h.Element:
    style = _style()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    # Should ever a text become markup, a browser still loads, runs and sends nothing.
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return h.head[
        h.meta(charset="utf-8"),
        h.meta({"http-equiv": "Content-Security-Policy", "content": policy}),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="referrer", content="no-referrer"),
        h.title[title],
        h.style[Markup(style)],  # noqa: S704 - our own, the only markup that is no element
    ]


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def _decision(picture: Picture, number: int) -> h.Element:
    name = f"decision-{number}"
    diagnosis = picture.diagnosis
    return h.article(".decision", data_decision=str(picture.outcome), aria_labelledby=name)[
        None if picture.title is None else h.p(".hop")[picture.title],
        _verdict(picture, name),
        _question(picture),
        flow(picture.legs, picture.outcome),
        None if diagnosis is None else reasons(diagnosis, name),
        _notes(picture.notes),
    ]


def _verdict(picture: Picture, name: str) -> h.Element:
    state = STATES[picture.outcome]
    title, *lines = picture.said or ("",)
    return h.header(f".verdict.{state}")[
        icon(state),
        h.div[
            h.h2(id=name)[_WORDS[picture.outcome]],
            h.p(".explained")[_EXPLAINED[picture.outcome]],
            h.p(".sentence")[picture.sentence],
        ],
        None if picture.diagnosis is None else headlines(picture.diagnosis, name),
        h.figure(".aws")[h.figcaption[title], h.blockquote[h.pre["\n".join(lines)]]]
        if lines
        else None,
    ]


def _question(picture: Picture) -> h.Element:
    asked = [fact for fact in picture.facts if fact.is_asked]
    others = [fact for fact in picture.facts if not fact.is_asked]
    return h.details(".question")[
        h.summary[h.h3["what was asked"]],
        h.dl[
            ([h.dt[name], " ", h.dd[h.code[safe(value, 1000)]]] for name, value in picture.question)
        ],
        _facts("condition keys that the policies ask for", asked, open_=True),
        _facts("other condition keys of the call", others, open_=False),
    ]


def _facts(title: str, facts: Sequence[Fact], *, open_: bool) -> h.Node:
    if not facts:
        return None
    more = len(facts) - _MOST_FACTS
    return h.details(open=open_)[
        h.summary[h.h4[f"{title} ({len(facts)})"]],
        h.table[
            h.thead[h.tr[(h.th(scope="col")[name] for name in ("key", "value", "known as"))]],
            h.tbody[map(_fact, facts[:_MOST_FACTS])],
        ],
        h.p(".more")[f"and {more} more"] if more > 0 else None,
    ]


def _fact(fact: Fact) -> h.Element:
    told = fact.known in (Known.GIVEN, Known.DERIVED)
    values = h.code[safe(", ".join(fact.values) or "an empty list")] if told else "-"
    return h.tr[
        h.th(scope="row")[h.code[safe(fact.key, 200)]],
        " ",
        h.td[values],
        " ",
        h.td(f".{fact.known}")[str(fact.known)],
    ]


def _notes(notes: tuple[str, ...]) -> h.Node:
    if not notes:
        return None
    return h.section(".notes")[h.h3["notes"], h.ul[(h.li[prose(note)] for note in notes)]]

"""A decision as a flowchart of mermaid, which GitHub and others draw where it stands in a fence.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.rendering.excerpt import safe
from simulator.rendering.flow import STATES, State
from simulator.rendering.verdicts import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.diagnosis.cause import Cause
    from simulator.rendering.flow import Leg, Station
    from simulator.rendering.picture import Picture

_LONGEST: Final = 120  # characters of a text in a label
_MOST_CAUSES: Final = 3  # of a station
_MOST_PICTURES: Final = 8  # mermaid draws no chart of more than 50,000 characters

# All but what stands for itself: it ends a label or a line, or is Markdown, HTML, an entity, a
# directive. So are links, and two words that mermaid looks for even in labels.
_ACTIVE: Final = re.compile(
    "[^A-Za-z0-9 ,./():=-]|:(?=//)|t(?=yle)|l(?=assDef)|w(?=ww[.])", re.IGNORECASE
)
# A formula, an icon, the end of a line and what mermaid itself puts in the place of `#` and `;` are
# drawn even where they are written by numbers.
_DRAWN: Final = re.compile(
    r"(?<=\$)\$|:(?=fa-)|\\(?=n)|\N{LATIN SMALL LIGATURE FL}(?=\xb0)|\xb6(?=\xdf)", re.IGNORECASE
)
_MARKS: Final = {State.PASSES: "✓", State.STOPS: "✗", State.OPEN: "?", State.IDLE: "-"}
# With a ground of their own, so that they can be read on light pages and on dark ones.
_STYLES: Final = (
    "classDef passes fill:#e3f6e8,stroke:#0f6a2f,color:#0f4a22",
    "classDef stops fill:#fdecec,stroke:#a8071a,color:#7a0514",
    "classDef open fill:#fdf3d6,stroke:#7a4b00,color:#5c3900",
    "classDef idle fill:#eceff3,stroke:#8b949e,color:#454c55",
    "classDef asked fill:#ffffff,stroke:#545d68,color:#1c2128",
)


def flowchart(pictures: Sequence[Picture]) -> str:
    """Return the flowchart of one decision or several; layers that have no say are left out."""
    lines = ["flowchart TD"]
    for number, picture in enumerate(pictures[:_MOST_PICTURES], 1):
        lines += _picture(picture, f"d{number}")
        if number > 1 and picture.follows:
            lines.append(f"d{number - 1}answer --> d{number}asked")
    more = len(pictures) - _MOST_PICTURES
    if more > 0:
        lines.append(f'more["and {more} more"]:::asked')
    return "".join(
        f"{line}\n" for line in (lines[0], *(f"    {line}" for line in (*lines[1:], *_STYLES)))
    )


def _picture(picture: Picture, name: str) -> Iterator[str]:
    """Yield the nodes and arrows of one decision, whose nodes' names begin with its own."""
    several = sum(leg.evaluation is not None for leg in picture.legs) > 1
    stations = [
        station
        for leg in picture.legs
        for station in _titled(leg, several=several)
        if station.state is not State.IDLE or station.decides
    ]
    told = _by_station(picture, stations)
    title = (picture.title,) if picture.title else ()
    yield _node(f"{name}asked", "asked", (*title, *(value for _, value in picture.question[:3])))
    before, arrow = f"{name}asked", "-->"
    answer = f"{name}answer"
    for number, (station, causes) in enumerate(zip(stations, told, strict=True), 1):
        node = f"{name}s{number}"
        yield _node(node, station.state, _label(station, causes))
        yield f"{before} {arrow} {node}"
        if station.decides:
            yield f"{node} ==> {answer}"
        before, arrow = node, "-->" if station.reached and not station.decides else "-.->"
    yield _node(answer, STATES[picture.outcome], (WORDS[picture.outcome],))
    if not any(station.decides for station in stations):
        yield f"{before} --> {answer}"


def _titled(leg: Leg, *, several: bool) -> Iterator[Station]:
    """Yield the stations of a leg; where there are several, each says for which action it is."""
    for station in leg.stations:
        titled = several and leg.title is not None
        yield station._replace(name=f"{station.name}, {leg.title}") if titled else station


def _by_station(picture: Picture, stations: Sequence[Station]) -> list[list[Cause]]:
    """Return for each station the causes found there; what is of no layer belongs to the answer."""
    found: list[list[Cause]] = [[] for _ in stations]
    for cause in picture.diagnosis.causes if picture.diagnosis else ():
        places = [n for n, s in enumerate(stations) if s.layer and str(s.layer) == cause.layer]
        places += [n for n, station in enumerate(stations) if station.decides]
        if places:
            found[places[0]].append(cause)
    return found


def _label(station: Station, causes: Sequence[Cause]) -> tuple[str, ...]:
    more = len(causes) - _MOST_CAUSES
    return (
        f"{_MARKS[station.state]} {station.name}: {station.said}",
        *(f"{cause.code} {cause.message}" for cause in causes[:_MOST_CAUSES]),
        *((f"and {more} more causes",) if more > 0 else ()),
    )


def _node(name: str, kind: str, lines: Sequence[str]) -> str:
    return f'{name}["{"<br/>".join(map(_escaped, lines))}"]:::{kind}'


def _escaped(text: str) -> str:
    """Return a text in which nothing acts, in a label or in a line around it."""
    shown = _DRAWN.sub(lambda found: f"\\u{ord(found[0]):04x}", safe(text, _LONGEST))
    return _ACTIVE.sub(lambda found: f"#{ord(found[0])};", shown)

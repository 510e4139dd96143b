"""Pictures of decisions: a page of HTML, or a flowchart of mermaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.rendering.picture import Picture


def drawn(pictures: Sequence[Picture], format_: str) -> str:
    """Return decisions in the format that was asked for."""
    if format_ == "html":
        from simulator.rendering.page.document import page  # noqa: PLC0415 - one of several formats

        return page(pictures)
    from simulator.rendering.mermaid import flowchart  # noqa: PLC0415 - see above

    return flowchart(pictures)

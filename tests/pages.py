"""Pages of decisions as a parser of HTML sees them: elements, attributes, text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

#: What a page is made of. Nothing here loads, runs or sends anything.
ELEMENTS = frozenset(
    {
        "a",
        "article",
        "blockquote",
        "body",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "html",
        "li",
        "main",
        "mark",
        "meta",
        "ol",
        "p",
        "path",
        "pre",
        "section",
        "span",
        "strong",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    }
)
ATTRIBUTES = frozenset(
    {
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "charset",
        "class",
        "content",
        "d",
        "data-applies",
        "data-code",
        "data-decision",
        "data-layer",
        "data-line",
        "data-state",
        "href",
        "http-equiv",
        "id",
        "lang",
        "name",
        "open",
        "role",
        "scope",
        "tabindex",
        "viewbox",
    }
)


class Tag(NamedTuple):
    """A start tag."""

    name: str
    attributes: tuple[tuple[str, str | None], ...]


class Parsed(HTMLParser):
    """The start tags of a page in order, and its text without that of its style sheet."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self.texts: list[str] = []
        self.others: list[str] = []
        self._in_style = False
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        """All of the text."""
        return "".join(self.texts)

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements and the names of their attributes, in order."""
        return [(tag.name, tuple(name for name, _ in tag.attributes)) for tag in self.tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self._in_style = tag == "style"
        self.tags.append(Tag(tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the style sheet."""
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._in_style:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        """Keep what must not be there."""
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        """Keep what must not be there."""
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        """Keep what must not be there."""
        self.others.append(data)


def parsed(page: str) -> Parsed:
    """Return a page that was found to be made of nothing but our elements and attributes."""
    found = Parsed(page)
    assert {tag.name for tag in found.tags} <= ELEMENTS
    assert {name for tag in found.tags for name, _ in tag.attributes} <= ATTRIBUTES
    assert found.others == []
    hrefs = [value for tag in found.tags for name, value in tag.attributes if name == "href"]
    assert all(href is not None and href.startswith("#decision-") for href in hrefs)
    return found

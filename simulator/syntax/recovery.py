"""Reading on after an error: lark parses, and what it does not accept is mended token by token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lark import Tree, UnexpectedToken

from simulator.source import Range, Span
from simulator.syntax import complaints as complain
from simulator.syntax.grammar import parser
from simulator.syntax.mistakes import mistakes
from simulator.syntax.problem import Change, Problem, range_of
from simulator.syntax.repairs import (
    WAYS,
    balancings,
    close_before,
    closings,
    completion,
    keep,
    unclosed,
)
from simulator.syntax.tokens import (
    CLOSER_OF,
    CLOSERS,
    END,
    OPENERS,
    STRING_LIKE,
    VALUES,
    before,
    end_of,
    made,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lark import Token

    from simulator.source import Source
    from simulator.syntax.tokens import Splice

ERROR_LIMIT: Final = 50
_TRIAL_BUDGET: Final = 60_000  # tokens that may be read again to choose among repairs


class Outcome(NamedTuple):
    """The tree of a text, as far as one could be made of it, and what is wrong with it."""

    tree: Tree[Token] | None
    problems: list[Problem]


def recover(source: Source, tokens: Sequence[Token]) -> Outcome:
    """Return the tree of the tokens, whatever they are, and all that is wrong with them."""
    return _Recovery(source, tokens, _TRIAL_BUDGET, frozenset()).run()


class _Recovery:
    """One reading of the tokens; among several repairs it chooses by reading on with each."""

    def __init__(
        self, source: Source, tokens: Sequence[Token], budget: int, settled: frozenset[int]
    ) -> None:
        self.source = source
        self.settled = settled  # where strings start that have been found to be closed well
        self.tokens = [*tokens, end_of(source)]
        self.budget = budget
        self.parser = parser().parse_interactive(start="document")
        self.tree: Tree[Token] | None = None
        self.index = 0
        self.previous = before("", made("", "", 0, 0))
        self.opened: list[Token] = []
        self.problems: list[Problem] = []
        self.dropped = 0

    def run(self) -> Outcome:
        while self.index < len(self.tokens) and len(self.problems) <= ERROR_LIMIT:
            self._step()
        return Outcome(self.tree, self.problems)

    def _step(self) -> None:
        token = self.tokens[self.index]
        past = unclosed(self.source.text, self.tokens, self.index)
        if past is not None and token.start_pos not in self.settled:
            self._close_string(past)
        elif self._leaves(token) and token.start_pos not in self.settled:
            self._leave(token)
        elif self._is_superfluous(token):
            self._drop(complain.needless_comma(token, self.tokens[self.index + 1]))
        elif self._feed(self._merged(token)):
            self.index += 1
        else:
            self._mend(self.tokens[self.index])

    def _feed(self, token: Token) -> bool:
        """Whether lark accepts the token; if so, it has been read."""
        fed = token.update(type="STRING") if token.type in STRING_LIKE else token
        try:
            tree = self.parser.feed_token(fed)
        except UnexpectedToken:
            return False
        if isinstance(tree, Tree):
            self.tree = tree
        self.problems += mistakes(
            token, is_key=self._in_object() and self.previous.type != "_COLON"
        )
        if token.type in OPENERS:
            self.opened.append(token)
        elif token.type in CLOSERS:
            self.opened.pop()
        self.previous = token
        return True

    def _in_object(self) -> bool:
        return bool(self.opened) and self.opened[-1].type == "LBRACE"

    def _expected(self) -> str:
        """Return what kind of token is to come."""
        choices = self.parser.choices()  # type: ignore[no-untyped-call]
        if "_COLON" in choices:
            return "colon"
        if "LBRACE" in choices:
            return "value"
        if "STRING" in choices:
            return "key"
        return "comma" if self.opened else "end"

    def _is_superfluous(self, token: Token) -> bool:
        """Whether this is a comma that nothing but another comma, a bracket or the end follows."""
        if token.type != "_COMMA" or self._expected() != "comma":
            return False
        return self.tokens[self.index + 1].type in CLOSERS | {END, "_COMMA"}

    def _leaves(self, token: Token) -> bool:
        """Whether what follows a comma belongs not to the open bracket but to one around it."""
        if token.type != "_COMMA" or len(self.opened) < 2 or self._expected() != "comma":
            return False
        follows = self.tokens[self.index + 1 : self.index + 3]
        if self._in_object():
            return follows[0].type in OPENERS
        return follows[0].type in STRING_LIKE | {"STRING"} and follows[1].type == "_COLON"

    def _leave(self, token: Token) -> None:
        """Close the open bracket before a comma, if that makes sense of what follows."""
        start = range_of(token).start
        way = self._best(
            [close_before(self.opened[-1], token, range_of(self.previous).end), keep(token)]
        )
        self.settled |= {start}
        if way.change.text:
            self._tell(complain.bracket(way, self.opened, token))
            self._apply(way)

    def _merged(self, token: Token) -> Token:
        """Return the token with all that touches it, if it is the start of text without quotes."""
        is_value = self.previous.type == "_COLON" or not self._in_object()
        if token.type not in _WORDLIKE or not is_value:
            return token
        past = self.index + 1
        while self._touches(past):
            past += 1
        if past == self.index + 1:
            return token
        start, end = range_of(token).start, range_of(self.tokens[past - 1]).end
        kinds = {each.type for each in self.tokens[self.index : past]}
        kind = "TEMPLATE" if "TEMPLATE" in kinds else "WORD"
        merged = made(kind, self.source.text[start:end], start, end)
        self.tokens[self.index : past] = [merged]
        return merged

    def _touches(self, index: int) -> bool:
        token = self.tokens[index]
        joined = token.type in _WORDLIKE or (token.type in {"OTHER", "NUMBER", "LITERAL", "_COLON"})
        return joined and range_of(token).start == range_of(self.tokens[index - 1]).end

    # What is wrong is told, and the parser gets what it waits for or the token is passed over.

    def _mend(self, token: Token) -> None:
        if token.type == END:
            self._finish()
        elif token.type == "TEMPLATE":
            self.problems += mistakes(token, is_key=False)
            del self.tokens[self.index]
        elif token.type == "OTHER":
            self._drop_text(token)
        else:
            _MENDS[self._expected()](self, token)

    def _tell(self, problem: Problem) -> None:
        """Report a problem, unless it only follows from a template that was not rendered."""
        if "TEMPLATE" not in (self.previous.type, self.tokens[self.index].type):
            self.problems.append(problem)

    def _drop(self, problem: Problem) -> None:
        self._tell(problem)
        self._pass_over(self.index + 1)

    def _pass_over(self, past: int) -> None:
        self.dropped += past - self.index
        del self.tokens[self.index : past]

    def _supply(self, *kinds: str) -> None:
        """Read tokens that are missing before the next one."""
        for kind in kinds:
            text = _SUPPLIED.get(kind, "")
            place = before(kind, self.tokens[self.index])
            self._feed(place.update(value=text) if text else place)

    def _close_string(self, past: int) -> None:
        way = self._best(closings(self.source.text, self.tokens, self.index, past))
        start = range_of(self.tokens[self.index]).start
        if way.change.text:
            column = Span(self.source, Range(start, start)).place.column
            self._tell(complain.unclosed_string(self.source.text, way.change, start, column))
        elif way.change.range.end > way.change.range.start:
            self._tell(complain.superfluous_quote(way.change))
        self.settled |= {start}
        self._apply(way)

    def _apply(self, way: Splice) -> None:
        self.tokens[self.index : self.index + way.length] = way.tokens

    def _best(self, ways: Iterable[Splice]) -> Splice:
        """Return the repair that leaves the fewest errors; the likelier one if several do."""
        if self.budget < len(self.tokens) * WAYS:
            return next(iter(ways))
        tried = list(ways)
        self.budget -= len(self.tokens) * len(tried)
        return min(tried, key=self._errors_with)

    def _errors_with(self, way: Splice) -> int:
        """Return how many errors there are after a repair; passing over much text is no remedy."""
        rest = self.tokens[self.index + way.length : -1]
        tokens = [*self.tokens[: self.index], *way.tokens, *rest]
        settled = self.settled | {self.tokens[self.index].start_pos or 0}
        trial = _Recovery(self.source, tokens, 0, settled)
        errors = len(trial.run().problems)
        return errors + trial.dropped + (way.change != _no_change(way))

    def _drop_text(self, token: Token) -> None:
        """Pass over characters that mean nothing, all that stand together at once."""
        past = self.index + 1
        while self.tokens[past].type in {"OTHER", *_WORDLIKE} and self._touches(past):
            past += 1
        place = Range(range_of(token).start, range_of(self.tokens[past - 1]).end)
        expected = self._expected()
        wanted = _MEANT.get((expected, token))
        if wanted is not None and past == self.index + 1:
            self.tokens[self.index] = made(wanted, token, *place)
            self._tell(complain.wrong_sign(token, wanted))
            return
        self._tell(complain.unexpected(self.source.text, place, expected))
        self._pass_over(past)

    def _mend_colon(self, token: Token) -> None:
        if token.type in VALUES:
            self._tell(complain.missing_colon(self.previous))
            self._supply("_COLON")
        else:
            self._tell(complain.no_value(self.previous, token))
            self._supply("_COLON", "LITERAL")

    def _mend_value(self, token: Token) -> None:
        if token.type == "_COMMA" and self.previous.type != "_COLON":
            self._drop(complain.superfluous_comma(token))
        elif token.type == "_COLON":
            self._drop(complain.unexpected(self.source.text, range_of(token), "value"))
        elif self.previous.type == "_COLON":
            self._tell(complain.no_value(self.previous, token))
            self._supply("LITERAL")
        else:
            self._mend_bracket(token)

    def _mend_key(self, token: Token) -> None:
        if token.type == "_COMMA":
            self._drop(complain.superfluous_comma(token))
        elif token.type in {"NUMBER", "LITERAL"}:
            self.tokens[self.index] = token.update(type="WORD")
        elif token.type in CLOSERS:
            self._mend_bracket(token)
        else:
            self._tell(complain.unexpected(self.source.text, range_of(token), "key"))
            self._supply("STRING", *([] if token.type == "_COLON" else ["_COLON"]))

    def _mend_comma(self, token: Token) -> None:
        if token.type in CLOSERS:
            self._mend_bracket(token)
        elif self._starts_member(token):
            self._tell(complain.missing_comma(self.previous))
            self._supply("_COMMA")
        else:
            self._drop_value(token)

    def _starts_member(self, token: Token) -> bool:
        """Whether a comma is all that is missing before the token."""
        if not self._in_object():
            return token.type in VALUES
        follows = self.tokens[self.index + 1]
        return token.type in STRING_LIKE | {"STRING"} and (
            follows.type == "_COLON" or (follows.type == "OTHER" and follows == "=")
        )

    def _drop_value(self, token: Token) -> None:
        """Pass over a whole value, or a sign, that has no business after a value."""
        past, depth = self.index, 0
        while self.tokens[past].type != END:
            kind = self.tokens[past].type
            if depth == 0 and past > self.index and kind in CLOSERS | {"_COMMA"}:
                break
            depth += (kind in OPENERS) - (kind in CLOSERS)
            past += 1
        place = Range(range_of(token).start, range_of(self.tokens[past - 1]).end)
        touches = range_of(self.previous).end == place.start and token.type not in OPENERS
        if self.previous.type == "STRING" and touches and token.type != "_COLON":
            self._tell(complain.quotes_within(self.source.text, range_of(self.previous), place))
        else:
            self._tell(complain.unexpected(self.source.text, place, "comma"))
        self._pass_over(past)

    def _mend_bracket(self, token: Token) -> None:
        if not self.opened:
            self._drop(complain.nothing_open(token))
            return
        if token.type == CLOSER_OF[self.opened[-1].type]:
            # What stood between the last comma and this bracket has been passed over.
            self._supply(
                *(["LITERAL"] if token.type == "RBRACKET" else ["STRING", "_COLON", "LITERAL"])
            )
            return
        ways = balancings(self.opened, token, range_of(self.previous).end)
        way = self._best(ways)
        self._tell(complain.bracket(way, self.opened, token))
        self._apply(way)

    def _mend_end(self, token: Token) -> None:
        """Pass over all that follows the document, or over one bracket that closes nothing."""
        if token.type in CLOSERS:
            self._drop(complain.nothing_open(token))
            return
        place = Range(range_of(token).start, range_of(self.tokens[-2]).end)
        self._tell(complain.extra_text(token, place, self.previous))
        self._pass_over(len(self.tokens) - 1)

    def _finish(self) -> None:
        """Say what is missing at the end, and read it."""
        expected = self._expected()
        if self.opened:
            missing = completion(self.opened)
            whole = expected == "comma" or self.previous.type in OPENERS
            self._tell(complain.unfinished(self.opened, self.previous, missing, whole=whole))
        elif expected == "value":
            self._tell(complain.no_document(self.tokens[self.index]))
        if expected != "key" or self.previous.type == "_COMMA":
            self._supply(*_COMPLETE[expected])
        for _ in range(len(self.opened)):
            self._supply("RBRACE" if self._in_object() else "RBRACKET")
        self._feed(self.tokens.pop())


def _no_change(way: Splice) -> Change:
    """Return the change of a repair that leaves the text as it is."""
    return Change(Range(way.change.range.start, way.change.range.start), "")


_WORDLIKE: Final = frozenset({"WORD", "BAD_NUMBER", "TEMPLATE"})
_SUPPLIED: Final = {"LITERAL": "null", "STRING": '""'}
_COMPLETE: Final[dict[str, tuple[str, ...]]] = {
    "colon": ("_COLON", "LITERAL"),
    "value": ("LITERAL",),
    "key": ("STRING", "_COLON", "LITERAL"),
    "comma": (),
    "end": (),
}
_MEANT: Final = {("colon", "="): "_COLON", ("comma", ";"): "_COMMA"}
_MENDS: Final[dict[str, Callable[[_Recovery, Token], None]]] = {
    "colon": _Recovery._mend_colon,  # noqa: SLF001 - the table belongs to the class
    "value": _Recovery._mend_value,  # noqa: SLF001
    "key": _Recovery._mend_key,  # noqa: SLF001
    "comma": _Recovery._mend_comma,  # noqa: SLF001
    "end": _Recovery._mend_end,  # noqa: SLF001
}

"""AWS's answer to a document that it does not store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from simulator.syntax import Path

MALFORMED: Final = "MalformedPolicyDocument"
_BAD_REQUEST: Final = 400
_CONFLICT: Final = 409


class Refusal(NamedTuple):
    """The error code and text with which AWS refuses a document, and the element it is about.

    `recorded` is whether the text was seen in an answer of AWS; others were reported by people, or
    written down by those who built something like AWS.
    """

    code: str
    message: str
    path: Path
    recorded: bool = True

    @property
    def status(self) -> int:
        """The HTTP status of the answer.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html#API_CreatePolicy_Errors
        """
        return _CONFLICT if self.code == "LimitExceeded" else _BAD_REQUEST


class Text(NamedTuple):
    """A text of AWS's with `{}` for each thing that it quotes, the code before it, and `recorded`.

    What is missing in a table of these, nobody has told of.
    """

    words: str
    recorded: bool = True
    code: str = MALFORMED

    def about(self, path: Path, *quoted: str) -> Refusal:
        """Return the refusal of what stands at a path."""
        return Refusal(self.code, self.words.format(*quoted), path, self.recorded)

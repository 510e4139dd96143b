"""JSON text: its values, the places of everything in it, and all that can be wrong with it.

The only package that imports lark, and only once something is wrong.
"""

from simulator.syntax.codes import TITLES, Code
from simulator.syntax.decode import decode
from simulator.syntax.edits import append_element, apply_edits, by_text, remove_element
from simulator.syntax.embedded import Change, changed, part, percent_decode, unescape
from simulator.syntax.nodes import Container, Path
from simulator.syntax.positions import Positions, locate, within_quotes
from simulator.syntax.text import SIZE_LIMIT, decode_text
from simulator.syntax.values import UNKNOWN, JsonValue, NullWord, Number, encode, value_at

__all__ = [
    "SIZE_LIMIT",
    "TITLES",
    "UNKNOWN",
    "Change",
    "Code",
    "Container",
    "JsonValue",
    "NullWord",
    "Number",
    "Path",
    "Positions",
    "append_element",
    "apply_edits",
    "by_text",
    "changed",
    "decode",
    "decode_text",
    "encode",
    "locate",
    "part",
    "percent_decode",
    "remove_element",
    "unescape",
    "value_at",
    "within_quotes",
]

"""How much may be looked up for one document, so that no document takes long."""

from __future__ import annotations

from typing import Final

_STEPS: Final = 2_000


class Budget:
    """The look-ups that are left; policies that people write need few of them."""

    def __init__(self, steps: int = _STEPS) -> None:
        self.left = steps

    def spend(self) -> bool:
        """Whether one more look-up may be made."""
        self.left -= 1
        return self.left >= 0

"""Files that are read because they are there, and not because somebody named them."""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(name: str, most: int) -> bytes:
    """Return the first bytes of a regular file.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, which may never end.
    """
    with open(name, "rb", opener=_opened_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", name)
        return file.read(most)


def _opened_at_once(name: str, flags: int) -> int:
    # Opening a pipe would wait for somebody to write to it.
    return os.open(name, flags | _AT_ONCE)

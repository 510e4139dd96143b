"""What is checked, and what each finding is called.

`python -m tests.checks` writes `docs/reference/checks.md` anew, and the titles of the findings in
`simulator/check/titles.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DIAGNOSES: Final = ROOT / "docs" / "diagnoses"
TITLES: Final = ROOT / "simulator" / "check" / "titles.py"
_WRITTEN: Final = re.compile(r"(?ms)^_WRITTEN: Final\[Mapping\[str, str\]\] = \{.*?\}\n")


def read_titles() -> dict[str, str]:
    """Return the titles of the findings of `iamsim check`, as their pages have them."""
    structure = (DIAGNOSES / "structure.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"(?m)^## (IAM1\d\d): (.*)$", structure))
    for page in sorted(DIAGNOSES.glob("IAM6*.md")):
        code, _, title = page.read_text(encoding="utf-8").partition("\n")[0].partition(": ")
        found[code.removeprefix("# ")] = title
    return found


def with_titles(text: str) -> str:
    """Return the module of titles with those of the pages."""
    rows = "".join(_entry(code, title) for code, title in read_titles().items())
    return _WRITTEN.sub(lambda _: f"_WRITTEN: Final[Mapping[str, str]] = {{\n{rows}}}\n", text)


def _entry(code: str, title: str) -> str:
    quote = "'" if '"' in title else '"'
    line = f'    "{code}": {quote}{title}{quote},\n'
    return line if len(line) <= 101 else line.replace("\n", "  # noqa: E501\n")


def write() -> None:
    """Write what is made from code and pages."""
    TITLES.write_text(with_titles(TITLES.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()

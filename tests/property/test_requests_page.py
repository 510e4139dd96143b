"""What the page about property tests shows runs, and what it says of them is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "property-tests.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"(?ms)^`([^`\n]+)`\n```json\n(.*?)^```$", TEXT))
TESTS = re.findall(r"(?ms)^```python\n(.*?)^```$", TEXT)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def only_test(source: str) -> Callable[[], None]:
    """Return the test that a module has."""
    names: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    (found,) = (value for name, value in names.items() if name.startswith("test_"))
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("source", TESTS)
def test_an_example_passes(source: str) -> None:
    only_test(source)()


def test_no_scp_limits_a_caller_without_an_account() -> None:
    wider = only_test(TESTS[1].replace("st.just(ALICE)", "strategies.callers()"))
    with pytest.raises(AssertionError):
        settings(phases=[Phase.generate], print_blob=False)(wider)()


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!https:)([^)#]+)\)", TEXT):
        assert (PAGE.parent / link).exists(), link

"""The reference page says what the table says."""

from __future__ import annotations

from pathlib import Path

from penstock.settings.reference import page
from penstock.settings.table import SETTINGS

PAGE = Path(__file__).parents[3] / "docs/reference/settings.md"


def test_the_page_is_the_one_made_from_the_table() -> None:
    """The committed page is made from the table. If not: `python -m penstock.settings.reference > …/settings.md`."""
    assert PAGE.read_text() == page()


def test_every_setting_is_on_the_page() -> None:
    """Path and environment variable of every setting stand on the page."""
    for setting in SETTINGS.values():
        assert f"### `{setting.path}`" in page()
        assert f"environment: `{setting.name}`" in page()

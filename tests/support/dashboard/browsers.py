"""Debian's Chromium and Node, for tests in a real browser; in CI they must be there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

UI = Path(__file__).parents[3] / "ui"


def require_browser() -> dict[str, str]:
    """Return where the browser is, for the tests' environment; skip the test where there is none, but in CI.

    What installs it all is `scripts/ui-browser`.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [
        name
        for name, is_there in (
            ("chromium", chromium is not None),
            ("node", shutil.which("node") is not None),
            ("ui/node_modules", (UI / "node_modules/playwright-core").is_dir()),
        )
        if not is_there
    ]
    if missing or chromium is None:
        assert not os.environ.get("CI"), f"CI has no {', '.join(missing)}: see scripts/ui-browser"
        pytest.skip(f"no {', '.join(missing)}; scripts/ui-browser says how to get them")
    return {"PENSTOCK_UI_CHROMIUM": chromium}

"""Where Penstock keeps its files when nothing says otherwise."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def default_home(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the folder a platform means for a user's application data.

    On Linux and other Unixes that is `$XDG_DATA_HOME/penstock` (XDG Base Directory Specification; a relative
    XDG_DATA_HOME is to be ignored), else `~/.local/share/penstock`.
    """
    from pathlib import Path

    if platform == "darwin":
        return _user_folder() / "Library" / "Application Support" / "penstock"
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else _user_folder() / "AppData" / "Local") / "penstock"
    shared = Path(environment.get("XDG_DATA_HOME", ""))
    if not shared.is_absolute():
        shared = _user_folder() / ".local" / "share"
    return shared / "penstock"


def _user_folder() -> Path:
    """Return the user's own folder; where the system knows none, as in some containers, the one for temporary files."""
    from pathlib import Path

    try:
        return Path.home()
    except RuntimeError:
        import tempfile

        return Path(tempfile.gettempdir())

"""How Sphinx builds the documentation."""

from __future__ import annotations

from penstock.core.version import __version__

project = "Penstock"
author = "The Penstock authors"
project_copyright = "The Penstock authors"
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Penstock {release}"

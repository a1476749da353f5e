"""How Sphinx builds the documentation."""

from __future__ import annotations

import sys
from pathlib import Path

from penstock.core.version import __version__

project = "Penstock"
author = "The Penstock authors"
project_copyright = "The Penstock authors"
version = release = __version__

sys.path.insert(0, str(Path(__file__).parent))  # for public_names
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "public_names"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["reference.css"]
html_title = f"Penstock {release}"

# The reference of the Python API: names in `backticks` are code, and links where they name what is described.
default_role = "py:obj"
add_module_names = False
toc_object_entries_show_parents = "hide"
maximum_signature_line_length = 88
python_use_unqualified_type_names = True
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "special-members": "__call__",
    "show-inheritance": True,
    "member-order": "bysource",
}
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True

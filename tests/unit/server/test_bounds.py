"""Texts, as they can be stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from penstock.server.bounds import cut, storable

_any_text = st.text(st.characters() | st.sampled_from("\0\ud800\udfff🦦é"))


@given(_any_text, st.integers(1, 20))
def test_a_cut_text_can_be_stored(text: str, limit: int) -> None:
    """Whatever the text, what is left of it fits, is UTF-8 and holds no NUL; a good text that fits stays as it is."""
    result = cut(text, limit)
    assert len(result) <= limit
    assert "\0" not in result
    assert result.encode().decode() == result
    if len(text) <= limit and storable(text) == text:
        assert result == text

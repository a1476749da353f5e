"""Names are checked where they are given, and runs are named by templates, functions or chance."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.errors import InvalidNameError
from penstock.core.names.words import ADJECTIVES, NOUNS
from penstock.engine.names import MAX_NAME_LENGTH, check_name, run_name, slug


@pytest.mark.parametrize("name", ["etl", "daily load", "naïve", "👩‍🌾 harvest", "a.b:c", "x" * MAX_NAME_LENGTH])
def test_a_name_that_can_be_read_is_taken_as_it_is(name: str) -> None:
    """Spaces, accents, emoji (also joined ones) and the greatest length are allowed."""
    assert check_name("flow", name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "'' can't be the name of a flow: it is empty"),
        (" \t ", "it is empty"),
        ("a\x00b", r"it holds '\x00', which can't be shown on a line"),
        ("a\nb", r"it holds '\n'"),
        ("a\u2028b", r"it holds '\u2028'"),
        ("half \ud83d", r"it holds '\ud83d'"),
        ("x" * 10_240, "it has 10240 characters and may have 500"),
        (None, "A NoneType can't be the name of a flow: it is a NoneType. Give a string."),
        (b"bytes", "it is a bytes"),
        ("in/out", "it holds /, which addresses made of a flow's name can't hold"),
        ("<a>&b%", "it holds % & < >"),
    ],
)
def test_a_name_that_can_not_be_kept_says_why(name: Any, words: str) -> None:
    """Empty, too long, unprintable: one message of a bounded length, with the name and what to do."""
    with pytest.raises(InvalidNameError) as caught:
        check_name("flow", name)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300
    assert isinstance(caught.value, ValueError)


def test_only_names_of_flows_are_parts_of_addresses() -> None:
    """What a flow's name can't hold, a task's can."""
    assert check_name("task", "50% & <more>/less") == "50% & <more>/less"


def test_a_template_is_filled_with_the_parameters() -> None:
    """Parameters by name, with formats, items and attributes, as `str.format` does it."""
    parameters = {"city": "Ulm", "day": date(2026, 11, 20), "options": {"size": 3}}
    assert run_name("{city}-on-{day:%A}", parameters, "x") == "Ulm-on-Friday"
    assert run_name("{day.year} {options[size]}", parameters, "x") == "2026 3"
    assert run_name("no fields", parameters, "x") == "no fields"
    assert run_name(None, parameters, "calm-heron") == "calm-heron"


def test_a_function_names_runs() -> None:
    """It takes nothing, or the parameters; its own defaults are its own."""
    parameters = {"city": "Ulm"}
    assert run_name(lambda: "mine", parameters, "x") == "mine"
    assert run_name(lambda parameters: parameters["city"].lower(), parameters, "x") == "ulm"
    assert run_name(lambda prefix="p": f"{prefix}1", parameters, "x") == "p1"


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def fail() -> str:
    raise Silent


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "{town}",
            "The run name template '{town}' asks for 'town', which is not a parameter. The parameters are: city.",
        ),
        ("{}", "which is not a parameter"),
        ("{city", "could not be filled: ValueError"),
        ("{city:%d}", "could not be filled: ValueError"),
        ("{city.mayor}", "could not be filled: AttributeError"),
        (lambda: 3, "which names runs, returned a int"),
        (lambda a, b: "x", "which names runs, failed: TypeError"),
        (fail, "The function 'fail', which names runs, failed: Silent."),
    ],
)
def test_a_broken_template_or_function_says_what_is_wrong(template: Any, words: str) -> None:
    """One error, of one kind, with the template or the function's name in it."""
    with pytest.raises(InvalidNameError, match=re.escape(words)):
        run_name(template, {"city": "Ulm"}, "x")


@given(st.text(st.characters(codec=None), max_size=1_000))
def test_whatever_the_parameters_hold_a_run_name_can_be_kept(text: str) -> None:
    """A run name made of any text is one that `check_name` takes: one line, bounded, not empty."""
    name = run_name("{text}", {"text": text}, "calm-heron")
    assert check_name("task run", name) == name


def test_slugs_are_two_words_and_not_the_program_s_chance() -> None:
    """Names are drawn from ten thousand pairs; seeding `random` does not repeat them."""
    random.seed(1)
    first = [slug() for _ in range(20)]
    random.seed(1)
    assert first != [slug() for _ in range(20)]
    assert all(re.fullmatch("[a-z]+-[a-z]+", name) for name in first)
    assert (len(set(ADJECTIVES)), len(set(NOUNS))) >= (100, 100)

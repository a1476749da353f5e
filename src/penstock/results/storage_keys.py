"""Keys of results that no cache policy makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from penstock.core.errors import ConfigurationError


def random_storage_key() -> str:
    """Return a key that no other result has."""
    return uuid4().hex


class StorageKeyTemplate:
    """Makes keys from a template such as `"totals-{parameters[day]}"`.

    Parameters:
        template: the template, in the notation of `str.format`.
        variables: returns what it may name.
    """

    def __init__(self, template: str, variables: Callable[[], Mapping[str, Any]]) -> None:
        self.template = template
        self.variables = variables

    def __call__(self) -> str:
        """Return the key.

        Raises:
            ConfigurationError: the template names what is not there.
        """
        variables = self.variables()
        try:
            return self.template.format(**variables)
        except (KeyError, IndexError, AttributeError, ValueError) as error:
            known = ", ".join(sorted(variables)) or "nothing"
            raise ConfigurationError(
                f"The result_storage_key {self.template!r} can't be filled in: {type(error).__name__}: {error}. "
                f"It may name {known}."
            ) from error

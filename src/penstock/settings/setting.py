"""One setting, and the groups that settings stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from penstock.settings.kinds import Kind

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from penstock.settings.table import Settings

T = TypeVar("T")

MASK = "********"
"""What is shown in the place of a secret."""


class Setting(Generic[T]):
    """One setting: everything that is known about it stands here, once.

    Read from a group's instance it is the setting's value; read from the class, or imported as
    `penstock.settings.PENSTOCK_…`, it is this object.

    Parameters:
        kind: what values it takes.
        default: its value unless something sets it; a function makes it from the home folder.
        description: one or two sentences for the reference page.
        secret: whether its value is masked wherever settings are shown.
        shown_default: the default in words, where it is a function.
        anywhere: whether files may set it; the few that say where files are can only come from the environment.

    Attributes:
        path: its name in TOML and in Python, such as `results.persist_by_default`.
        name: its environment variable.
    """

    path: str
    name: str

    def __init__(
        self,
        kind: Kind[Any],
        default: T | Callable[[Path], T],
        description: str,
        *,
        secret: bool = False,
        shown_default: str | None = None,
        anywhere: bool = True,
    ) -> None:
        self.kind = kind
        self.given_default = default
        self.description = description
        self.is_secret = secret
        self.shown_default = shown_default
        self.anywhere = anywhere

    def named(self, path: str) -> None:
        """Give the setting its place in the table."""
        self.path = path
        self.name = environment_name(path)

    @overload
    def __get__(self, group: None, owner: type[Group]) -> Setting[T]: ...
    @overload
    def __get__(self, group: Group, owner: type[Group]) -> T: ...
    def __get__(self, group: Group | None, owner: type[Group]) -> Setting[T] | T:
        if group is None:
            return self
        raise AttributeError(self.path)  # a group holds all its values itself: see Group

    def default(self, home: Path) -> T:
        """Return the value it has when nothing sets it and everything is kept under `home`."""
        return self.given_default(home) if callable(self.given_default) else self.given_default

    def read(self, raw: Any) -> T | None:
        """Return the value `raw` stands for; None where nothing is a value of this setting.

        Raises:
            ValueError, TypeError: `raw` is not a value of this setting.
        """
        if raw is None and self.given_default is None:
            return None
        value: T = self.kind.read(raw)
        return value

    def write(self, value: T | None) -> str:
        """Return `value` as text that `read` understands; nothing for None."""
        return "" if value is None else self.kind.write(value)

    def show(self, value: T | None, *, secrets: bool = False) -> str:
        """Return `value` as text for people, masked if it is secret and `secrets` are not to be seen."""
        if self.is_secret and value and not secrets:
            return MASK
        text = self.write(value)
        return text if secrets else without_password(text)

    def value(self) -> T:
        """Return its value in the current settings."""
        from penstock.settings.active import current

        return self.value_from(current())

    def value_from(self, settings: Settings) -> T:
        """Return its value in `settings`."""
        value: T = settings.value_of(self)
        return value

    def __bool__(self) -> bool:
        return bool(self.value())

    def __repr__(self) -> str:
        return f"<{self.name}: {self.kind.expected}>"


class Group:
    """Settings of one subject, as plain attributes that can't be set.

    Parameters:
        values: a value for every setting of the group, by its name in the group.
    """

    settings_in_group: tuple[Setting[Any], ...] = ()

    def __init_subclass__(cls, prefix: str) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Setting)}
        for name, setting in own.items():
            setting.named(f"{prefix}.{name}" if prefix else name)
        cls.settings_in_group = tuple(own.values())

    def __init__(self, values: dict[str, Any]) -> None:
        # Setting is a non-data descriptor, so what stands in __dict__ is found first: reading costs what any
        # attribute costs.
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"Settings can't be set ({name}): use temporary_settings, the environment or a profile.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Settings can't be deleted ({name}).")

    def __copy__(self) -> Self:
        return self

    def __repr__(self) -> str:
        shown = (f"{setting.path.rpartition('.')[2]}={self._shown(setting)}" for setting in self.settings_in_group)
        return f"{type(self).__name__}({', '.join(shown)})"

    def _shown(self, setting: Setting[Any]) -> str:
        value = self.__dict__[setting.path.rpartition(".")[2]]
        if setting.is_secret and value:
            return MASK
        return repr(without_password(value) if isinstance(value, str) else value)


def environment_name(path: str) -> str:
    """Return the environment variable of the setting at `path`."""
    return "PENSTOCK_" + path.upper().replace(".", "_")


def without_password(text: str) -> str:
    """Return an address with the passwords in it masked, and any other text as it is."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    if "password=" in rest:
        import re

        rest = re.sub(r"(?<=password=)[^&]+", MASK, rest)
    authority, slash, path = rest.partition("/")
    if scheme.startswith("postgres") and "@" not in authority and ":" in authority and "@" in path:
        # A slash that the password holds as it is: nobody can say where it ends but before the last @.
        return f"{scheme}://{authority.partition(':')[0]}:{MASK}@{path.rpartition('@')[2]}"
    user, at, host = authority.rpartition("@")
    if not at or ":" not in user:
        return f"{scheme}://{rest}"
    return f"{scheme}://{user.partition(':')[0]}:{MASK}@{host}{slash}{path}"

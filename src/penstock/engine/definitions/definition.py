"""What flows and tasks have in common as definitions: a function, its signature and options that make sense."""

from __future__ import annotations

from collections.abc import Callable
from functools import WRAPPER_UPDATES, update_wrapper
from typing import TYPE_CHECKING, Any, cast

from penstock import settings
from penstock.core.annotations import NotSet
from penstock.core.errors import ReservedArgumentError
from penstock.core.retries import MAX_EXPLICIT_DELAYS, RetryDelay

if TYPE_CHECKING:
    from penstock.engine.signature import CallSignature

_COROUTINE, _GENERATOR, _ASYNC_GENERATOR = 0x80, 0x20, 0x200
_RESERVED = ("return_state", "wait_for")


class Definition:
    """A user's function with a name.

    Attributes:
        fn: the function; bound to its instance where it was taken from one.
        name: what people see.
        isasync: whether the function is a coroutine function or an async generator function.
        isgenerator: whether the function yields.
        ismethod: whether the function was defined in a class and is bound when it is taken from it.
    """

    kind = "function"
    hook_options: tuple[str, ...] = ()

    def __init__(self, fn: Any, name: str | None, description: str | None) -> None:
        from penstock.engine.names import check_name

        self.isclassmethod = isinstance(fn, classmethod)
        self.isstaticmethod = isinstance(fn, staticmethod)
        if isinstance(fn, (classmethod, staticmethod)):
            fn = fn.__func__
        if not callable(fn):
            raise TypeError(
                f"@{self.kind} was put on {fn!r}, which can't be called. Put it right above a function, and name its "
                f"options: @{self.kind}(retries=3)."
            )
        if not isinstance(fn, type):
            more = () if isinstance(fn, Definition) else WRAPPER_UPDATES
            update_wrapper(cast("Callable[..., Any]", self), fn, updated=more)
        self.fn: Callable[..., Any] = fn
        self.name = check_name(self.kind, self._name_of(fn) if name is None else name)
        self._description = description
        self._signature: CallSignature | None = None
        self.isasync, self.isgenerator = _flavour(fn)
        self._refuse_reserved_arguments()

    def _name_of(self, fn: Any) -> str:
        return cast("str", getattr(fn, "__name__", None) or type(fn).__name__)

    def _refuse_reserved_arguments(self) -> None:
        code = getattr(self.fn, "__code__", None)
        arguments = () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name in _RESERVED:
            if name in arguments:
                raise ReservedArgumentError(
                    f"The function {self.fn.__qualname__!r} has a parameter {name!r}, a name that every {self.kind} "
                    "keeps for itself. Rename the parameter."
                )

    @property
    def description(self) -> str | None:
        """What it is for; by default the function's docstring."""
        if self._description is None:
            import inspect

            self._description = inspect.getdoc(self.fn)
        return self._description

    @property
    def signature(self) -> CallSignature:
        """The signature of the function, read when it is first needed."""
        if self._signature is None:
            from penstock.engine.signature import CallSignature

            self._signature = CallSignature.of(self.fn)
        return self._signature

    def arguments(self, parameters: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return how to call the function with `parameters`."""
        return self.signature.call_arguments(parameters)

    @property
    def ismethod(self) -> bool:
        """Whether the function is bound to an instance or a class."""
        return hasattr(self.fn, "__self__")

    def bound_to(self, instance: Any, owner: Any) -> Any:
        """Return the definition as it is taken from an instance or a class: a copy, so that threads do not meet in it."""
        target = owner if self.isclassmethod else instance
        bind = getattr(type(self.fn), "__get__", None)
        if self.isstaticmethod or target is None or bind is None:
            return self
        import copy

        twin = copy.copy(self)
        twin.fn = bind(self.fn, target, owner)
        twin._signature = None
        return twin

    def as_decorated(self) -> Any:
        """Return the function as the decorator was given it: a class method or static method where it was one."""
        if self.isclassmethod and not self.ismethod:
            return classmethod(self.fn)
        return staticmethod(self.fn) if self.isstaticmethod else self.fn

    def hooks(self) -> dict[str, list[Callable[..., Any]]]:
        """The hooks, by the option that takes them: those given as options, and those added since."""
        return {option: getattr(self, f"{option}_hooks") for option in self.hook_options}

    def __stands_for__(self) -> tuple[Any, ...]:
        """Return what the definition counts by in cache keys. See `penstock.hashing`."""
        return self.name, self.fn

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


def _flavour(fn: Any) -> tuple[bool, bool]:
    """Return whether `fn` is async, and whether it yields."""
    if isinstance(fn, Definition):
        return fn.isasync, fn.isgenerator
    while hasattr(fn, "func"):
        fn = fn.func
    code = getattr(fn, "__code__", None)
    if code is None:
        code = getattr(_call_method(fn), "__code__", None)
    if code is None:
        return False, False
    flags = code.co_flags
    is_coroutine = bool(flags & _COROUTINE) or _is_marked_coroutine(fn)
    return is_coroutine or bool(flags & _ASYNC_GENERATOR), bool(flags & (_GENERATOR | _ASYNC_GENERATOR))


def _call_method(fn: Any) -> Any:
    return getattr(type(fn), "__call__", None)  # noqa: B004 - its code is wanted, not whether it can be called


def _is_marked_coroutine(fn: Any) -> bool:
    if not hasattr(fn, "_is_coroutine_marker") and not hasattr(fn, "_is_coroutine_mark"):
        return False
    import inspect

    return inspect.iscoroutinefunction(fn)


def checked_hooks(hooks: Any, option: str, kind: str) -> list[Callable[..., Any]]:
    """Return `hooks` as a list, or raise where one can't be called."""
    if hooks is None:
        return []
    if isinstance(hooks, (str, bytes)) or not hasattr(hooks, "__iter__"):
        shown = type(hooks).__name__
        raise TypeError(f"{option} of a {kind} was given a {shown}. Give it a list of functions: {option}=[hook].")
    checked = list(hooks)
    for hook in checked:
        if not callable(hook):
            shown = type(hook).__name__
            raise TypeError(f"{option} of a {kind} holds a {shown}, which can't be called. Give it functions only.")
    return checked


def checked_tags(tags: Any) -> frozenset[str]:
    """Return `tags` as a set, or raise where they are not words."""
    if isinstance(tags, (str, bytes)):
        raise TypeError(f"tags of a task was given {tags!r}. Give it a list of words: tags=[{tags!r}].")
    if not tags:
        return frozenset()
    from penstock.engine.names import check_name

    return frozenset(check_name("tag", tag) for tag in tags)


def checked_retries(retries: Any, default: int) -> int:
    """Return the number of retries, or raise where it makes no sense."""
    if retries is None:
        return default
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise ValueError(f"retries was given {retries!r}; it takes a whole number from 0.")
    return retries


def checked_delay(delay: Any, retries: int, default: Any) -> RetryDelay:
    """Return retry delays as a number or a list of numbers, or raise where they make no sense."""
    if delay is None or delay is NotSet:
        delay = default
    if callable(delay):
        delay = delay(retries)
    if delay is None:
        return None
    if isinstance(delay, (int, float)) and not isinstance(delay, bool):
        delays: list[Any] = [delay]
    elif isinstance(delay, (list, tuple)):
        delays = list(delay)
    else:
        raise TypeError(
            f"retry_delay_seconds was given a {type(delay).__name__}; it takes a number of seconds, a list of them, "
            "or a function from the number of retries to such a list."
        )
    if len(delays) > MAX_EXPLICIT_DELAYS:
        raise ValueError(f"retry_delay_seconds holds {len(delays)} delays; {MAX_EXPLICIT_DELAYS} are the most.")
    for one in delays:
        if not isinstance(one, (int, float)) or isinstance(one, bool) or not 0 <= one < float("inf"):
            raise ValueError(f"retry_delay_seconds holds {one!r}; each delay is a number of seconds from 0.")
    return delay if isinstance(delay, (int, float)) else delays


def checked_timeout(timeout_seconds: Any) -> float | None:
    """Return a timeout as a float, or raise where it makes no sense; None and 0 mean none."""
    if not timeout_seconds:
        return None
    if not isinstance(timeout_seconds, (int, float)) or isinstance(timeout_seconds, bool) or timeout_seconds < 0:
        raise ValueError(f"timeout_seconds was given {timeout_seconds!r}; it takes a number of seconds above 0.")
    return float(timeout_seconds)


def checked_run_name(name: Any, option: str) -> Any:
    """Return the name of runs as `option` was given it, or raise where it is neither a template nor a function."""
    if name is not None and not isinstance(name, str) and not callable(name):
        raise TypeError(
            f"{option} was given a {type(name).__name__}; it takes a template such as 'load-{{day}}', or a function."
        )
    return name


def default_persistence() -> bool:
    """Whether results are persisted where neither a task nor its flow says so."""
    return settings.current().results.persist_by_default


def own_arguments(kwargs: dict[str, Any]) -> tuple[bool, Any]:
    """Take `return_state` and `wait_for` out of the arguments of a call and return them."""
    if not kwargs:
        return False, None
    return kwargs.pop("return_state", False), kwargs.pop("wait_for", None)

"""What a run is given: a pydantic model, which is asked for by its JSON Schema and told from others by its name."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PrivateAttr, create_model
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from penstock.core.errors import PauseError
from penstock.wire.pausing.inputs import FlowRunInput
from penstock.wire.pausing.pauses import Pause

if TYPE_CHECKING:
    from penstock.input.receiving import GetAutomaticInputHandler, GetInputHandler

R = TypeVar("R", bound="RunInput")
T = TypeVar("T")


class RunInputMetadata(BaseModel):
    """Where an input came from.

    Attributes:
        key: tells it from all else that the run was told.
        sender: who sent it, such as `penstock.flow-run.<id>`; None where that is not known.
        receiver: the flow run that was told.
    """

    key: str
    sender: str | None = None
    receiver: UUID


class RunInput(BaseModel):
    """What a flow run is given while it goes on. Derive from it, with a field for each thing.

    Fields that it does not have are refused.
    """

    model_config = ConfigDict(extra="forbid")

    _description: ClassVar[str | None] = None
    _metadata: RunInputMetadata | None = PrivateAttr(default=None)

    @property
    def metadata(self) -> RunInputMetadata:
        """Where it came from.

        Raises:
            PauseError: it was made here, and not received.
        """
        if self._metadata is None:
            raise PauseError(f"This {type(self).__name__} was not received, so it has no metadata.")
        return self._metadata

    @classmethod
    def with_initial_data(cls, description: str | None = None, **kwargs: Any) -> type[Self]:
        """Return the same model with defaults, which a form shows to whoever resumes the run.

        Parameters:
            description: what that person is to know, as Markdown.
            kwargs: the defaults, by field.
        """
        fields: dict[str, Any] = {}
        for name, value in kwargs.items():
            known = cls.model_fields.get(name)
            annotation = type(value) if known is None or known.annotation is None else known.annotation
            fields[name] = (annotation, value)
        model: type[Self] = create_model(cls.__name__, __base__=cls, **fields)
        if description is not None:
            model._description = description
        return model

    @classmethod
    def wanted_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema that an input has to fit.

        Raises:
            PauseError: a type of it has none.
        """
        try:
            return cls.model_json_schema()
        except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError) as error:
            raise PauseError(f"{cls.__name__} can't be asked for, as JSON can't hold it: {error}") from error

    @classmethod
    def wanted_description(cls) -> str | None:
        """Return what whoever gives the input is to know."""
        description: str | None = cls._description
        return description

    @classmethod
    def from_pause(cls, pause: Pause, flow_run_id: UUID) -> Any:
        """Return what a run was resumed with.

        Raises:
            pydantic.ValidationError: it fits the schema, and not the model.
        """
        made = cls.model_validate(pause.input or {})
        made._metadata = RunInputMetadata(key=pause.key, sender=pause.resumed_by, receiver=flow_run_id)
        return made

    @classmethod
    def load_from_flow_run_input(cls, flow_run_input: FlowRunInput) -> Self:
        """Return what a run was told.

        Raises:
            pydantic.ValidationError: it does not fit the model.
        """
        made = cls.model_validate(flow_run_input.value)
        made._metadata = RunInputMetadata(
            key=flow_run_input.key, sender=flow_run_input.sender, receiver=flow_run_input.flow_run_id
        )
        return made

    def send_to(self, flow_run_id: UUID, sender: str | None = None, key_prefix: str | None = None) -> Any:
        """Tell this to a flow run. In async code await what this returns.

        Parameters:
            flow_run_id: the flow run.
            sender: who tells it; by default the flow run that this is called in.
            key_prefix: how its key begins; by default as receivers of this type look for it.
        """
        from penstock.input.sending import send_input

        return send_input(self, flow_run_id, sender, key_prefix)

    def asend_to(
        self, flow_run_id: UUID, sender: str | None = None, key_prefix: str | None = None
    ) -> Coroutine[Any, Any, None]:
        """Do as `send_to` does, as a coroutine wherever it is called."""
        from penstock.input.sending import asend_input

        return asend_input(self, flow_run_id, sender, key_prefix)

    def respond(self, run_input: Any, sender: str | None = None, key_prefix: str | None = None) -> Any:
        """Tell something to the flow run that has sent this. In async code await what this returns.

        Parameters:
            run_input: what it is told.
            sender: who tells it; by default the flow run that this is called in.
            key_prefix: how its key begins; by default as receivers of its type look for it.

        Raises:
            PauseError: this was not sent by a flow run.
        """
        from penstock.input.sending import send_input

        return send_input(run_input, self._sending_flow_run(), sender, key_prefix)

    def arespond(
        self, run_input: Any, sender: str | None = None, key_prefix: str | None = None
    ) -> Coroutine[Any, Any, None]:
        """Do as `respond` does, as a coroutine wherever it is called."""
        from penstock.input.sending import asend_input

        return asend_input(run_input, self._sending_flow_run(), sender, key_prefix)

    def _sending_flow_run(self) -> UUID:
        sender = self.metadata.sender or ""
        try:
            if ".flow-run." in sender:
                return UUID(sender.rpartition(".")[2])
        except ValueError:
            pass
        raise PauseError(f"This {type(self).__name__} was not sent by a flow run, so nobody takes an answer.")

    @classmethod
    def receive(
        cls,
        timeout: float | None = 3600,
        poll_interval: float = 10,
        raise_timeout_error: bool = False,
        exclude_keys: set[str] | None = None,
        key_prefix: str | None = None,
        flow_run_id: UUID | None = None,
    ) -> GetInputHandler[Self]:
        """Return what a flow run is told of this type, one after another: iterate over it, or call `next`.

        The parameters are those of `receive_input`.
        """
        from penstock.input.receiving import GetInputHandler

        prefix = key_prefix or key_prefix_of(cls)
        return GetInputHandler(cls, prefix, timeout, poll_interval, raise_timeout_error, exclude_keys, flow_run_id)

    @classmethod
    def subclass_from_base_model_type(cls, model_cls: type[BaseModel]) -> type[RunInput]:
        """Return a model of inputs that has the fields of another pydantic model, and is one."""
        return type(f"{model_cls.__name__}RunInput", (RunInput, model_cls), {})


class AutomaticRunInput(RunInput, Generic[T]):
    """An input of one value, of any type that pydantic knows.

    Attributes:
        value: the value.
    """

    value: T

    @classmethod
    def from_pause(cls, pause: Pause, flow_run_id: UUID) -> Any:
        """Return the value that a run was resumed with."""
        return super().from_pause(pause, flow_run_id).value

    @classmethod
    def subclass_from_type(cls, _type: type[T]) -> type[AutomaticRunInput[T]]:
        """Return a model for values of a type; those of `list[int]` are sent, and received, as lists."""
        prefix = getattr(_type, "__name__", "").lower()
        try:
            made: type[AutomaticRunInput[T]] = create_model(
                f"{prefix}AutomaticRunInput", __base__=AutomaticRunInput, value=(_type, ...)
            )
        except PydanticSchemaGenerationError as error:
            raise PauseError(f"{_type!r} can't be asked for, as pydantic does not know it: {error}") from error
        return made

    @classmethod
    def receive(cls, *args: Any, with_metadata: bool = False, **kwargs: Any) -> GetAutomaticInputHandler[T]:
        """Return the values that a flow run is told, one after another.

        Parameters:
            args: as in `receive_input`.
            with_metadata: give the whole input, with where it came from, and not its value alone.
            kwargs: as in `receive_input`.
        """
        from penstock.input.receiving import GetAutomaticInputHandler

        kwargs["key_prefix"] = kwargs.get("key_prefix") or key_prefix_of(cls)
        return GetAutomaticInputHandler(cls, *args, with_metadata=with_metadata, **kwargs)


def run_input_subclass_from_type(_type: Any) -> type[RunInput]:
    """Return the model of inputs for a type: a `RunInput` itself, a pydantic model, or whatever pydantic knows.

    Raises:
        PauseError: pydantic does not know it.
    """
    if isinstance(_type, type) and not hasattr(_type, "__origin__"):
        if issubclass(_type, RunInput):
            return _type
        if issubclass(_type, BaseModel):
            return RunInput.subclass_from_base_model_type(_type)
    return AutomaticRunInput.subclass_from_type(_type)


def key_prefix_of(model: type[RunInput]) -> str:
    """Return how the keys begin of what is sent, and received, as a model."""
    return f"{model.__name__.lower()}-auto"

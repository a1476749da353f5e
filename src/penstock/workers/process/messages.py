"""What a worker and a warm parent say to each other, over a socket of this machine: lengths, and MessagePack."""

from __future__ import annotations

import struct

import msgspec

LENGTH = struct.Struct("!I")
MOST_BYTES = 8 * 1024 * 1024


class Warm(msgspec.Struct, frozen=True, tag=True):
    """Import a deployment's flow, so that it is there in every process that is forked from now on.

    Attributes:
        path: the folder to go into first; None for none.
        entrypoint: where the flow is.
    """

    path: str | None
    entrypoint: str


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Fork a process for a run. Its standard output and error come along as descriptors.

    Attributes:
        number: names this request in the answers.
        environment: all that it finds in its environment.
        folder: its working directory; None for the parent's.
    """

    number: int
    environment: dict[str, str]
    folder: str | None = None


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The parent can fork.

    Attributes:
        files: the user's modules that it has imported, with what tells that one has changed since.
        problem: why the flow is not there: each process will have to import it, and say so itself.
    """

    files: dict[str, tuple[int, int]]
    problem: str | None = None


class Forked(msgspec.Struct, frozen=True, tag=True):
    """A process is there.

    Attributes:
        number: of the request.
        pid: its number; 0 where it could not be made.
        problem: why it could not.
    """

    number: int
    pid: int
    problem: str | None = None


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A process has ended.

    Attributes:
        pid: its number.
        status: its exit code, or the number of the signal that ended it, negative.
    """

    pid: int
    status: int


ToParent = Warm | Fork
FromParent = Ready | Forked | Ended

_encoder = msgspec.msgpack.Encoder()
to_parent = msgspec.msgpack.Decoder(ToParent)
from_parent = msgspec.msgpack.Decoder(FromParent)


def packed(message: ToParent | FromParent) -> bytes:
    """Return a message as it goes over the socket."""
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body

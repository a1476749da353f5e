"""Logs written to files."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from penstock.cli.screen.output import Format, say
from penstock.client.transport import current_transport
from penstock.wire.logs import LogFilter, LogFormat, LogsDownloaded
from penstock.wire.streams import LOGS_DOWNLOAD


def download_logs(conditions: LogFilter, file: Path, *, output: Format) -> None:
    """Write the log lines that meet `conditions` to a new file: all of them, or none where that breaks off.

    Parameters:
        conditions: which lines.
        file: where to.
        output: `text` for lines to read, `json` for lines of JSON.

    Raises:
        ClickException: the file is there already, or can't be written.
    """
    asked = LogsDownloaded(
        flow_run_ids=conditions.flow_run_ids,
        level_at_least=conditions.level_at_least,
        text=conditions.text,
        after=conditions.after,
        format=LogFormat.JSONL if output == "json" else LogFormat.TEXT,
    )
    try:
        size = _write(asked, file)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already. Remove it, or give another name.") from None
    except OSError as error:
        raise click.ClickException(f"{file} can't be written: {error.strerror or error}.") from error
    say(f"Wrote {size:,} bytes to {file}." if size else f"Nothing was logged; {file} is empty.")


def _write(asked: LogsDownloaded, file: Path) -> int:
    if os.path.lexists(file):
        raise FileExistsError(file)
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.") as part:
        for piece in current_transport().download(LOGS_DOWNLOAD, asked):
            part.write(piece)
        part.flush()
        os.link(part.name, file)  # unless it has come to be meanwhile
        return part.tell()

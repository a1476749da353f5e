"""The program `penstock`: its groups of commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys

import click

from penstock.cli import exit_codes
from penstock.cli.lazy_group import LazyCommand, LazyGroup
from penstock.cli.screen.output import OutputError, drop_output, flush_output, say, say_error, say_lines
from penstock.core.errors import PenstockException
from penstock.core.version import __version__

COMPLETION_VARIABLE = "_PENSTOCK_COMPLETE"
FIRST_FREE_DESCRIPTOR = 3
"""The first that is none of standard input, output and error."""

_COMMANDS = {
    "flow": "List flows, run one, and serve one.",
    "flow-run": "List, inspect, cancel, retry, suspend, resume and delete flow runs; read their logs.",
    "task-run": "List and inspect task runs.",
    "event": "List events, and follow them as they happen.",
    "server": "Start and stop the server, and see which run.",
    "init": "Write a penstock.yaml, the file of a project.",
    "deploy": "Make the deployments of a project known to the server.",
    "deployment": "List, inspect, run, pause and delete deployments.",
    "work-pool": "Make, list, inspect, pause and delete work pools.",
    "work-queue": "Make, list, inspect, pause and delete queues of work pools.",
    "worker": "Start a worker, and see which there are.",
    "api": "Send any request to the server.",
    "config": "View, set and check settings.",
    "profile": "Keep several sets of settings, and switch between them.",
    "completion": "Print the script that completes commands in a shell.",
    "version": "Say which Penstock this is, and where it keeps its record.",
}

_ABOUT_DEPLOYING = {"init", "deploy", "deployment", "work-pool", "work-queue"}


def _lazy(name: str, words: str) -> LazyCommand:
    module = name.replace("-", "_")
    folder = "deploying." if name in _ABOUT_DEPLOYING else ""
    return LazyCommand(f"penstock.cli.commands.{folder}{module}:{module}", words)


@click.group(
    "penstock",
    cls=LazyGroup,
    lazy_commands={name: _lazy(name, words) for name, words in _COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Every command that prints data takes `--output json`.",
)
@click.option("-p", "--profile", metavar="NAME", help="Use this profile for this command.")
@click.version_option(__version__, prog_name="penstock", message="%(version)s")
def penstock(profile: str | None) -> None:
    """Run flows, and see what became of them."""
    if profile is not None:
        from penstock import settings

        # In the environment, so that it holds for every thread and process of this command.
        os.environ["PENSTOCK_PROFILE"] = profile
        settings.reload()


def run(arguments: list[str]) -> int:
    """Carry out one command and return its exit code. Whatever goes wrong is said in one line on standard error."""
    _make_streams_safe()
    try:
        code = _complete() if COMPLETION_VARIABLE in os.environ else _carry_out(arguments)
        flush_output()
    except OutputError as error:
        drop_output()
        say_error(error.message)
        return exit_codes.FAILED
    except (click.ClickException, PenstockException) as error:
        return _say_what_is_wrong(error)
    except (KeyboardInterrupt, click.Abort):
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return exit_codes.BROKEN_PIPE
    return code


def _carry_out(arguments: list[str]) -> int:
    # Not by `penstock.main`: it would answer a broken pipe and an interrupt in its own way.
    try:
        with penstock.make_context("penstock", list(arguments)) as context:
            code = penstock.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    return code if isinstance(code, int) else exit_codes.COMPLETED


def _complete() -> int:
    """Answer the script of a shell that asks how a command could go on."""
    from click.shell_completion import shell_complete

    return shell_complete(penstock, {}, "penstock", COMPLETION_VARIABLE, os.environ[COMPLETION_VARIABLE])


def _make_streams_safe() -> None:
    """Have characters that a terminal's encoding lacks printed as escapes, and nothing opened as a standard stream."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if None in (sys.stdin, sys.stdout, sys.stderr):
        # A stream that was closed: its number would go to the next file that is opened, such as the database.
        while os.open(os.devnull, os.O_RDWR) < FIRST_FREE_DESCRIPTOR:
            pass


def _say_what_is_wrong(error: click.ClickException | PenstockException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say_lines(error.format_message())
        return exit_codes.USAGE
    say_error(error.format_message() if isinstance(error, click.ClickException) else str(error))
    if not isinstance(error, click.UsageError):
        return exit_codes.FAILED
    if error.ctx is not None:
        say(f"See `{error.ctx.command_path} --help`.")
    return exit_codes.USAGE

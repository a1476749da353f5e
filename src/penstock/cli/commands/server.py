"""`penstock server`: the server that programs report to when `PENSTOCK_API_URL` is set."""

from __future__ import annotations

import click

from penstock.cli.lazy_group import LazyCommand, LazyGroup
from penstock.cli.screen.output import Format, flush_output, output_option, print_json, print_line, say


@click.group(
    "server",
    cls=LazyGroup,
    lazy_commands={
        "database": LazyCommand(
            "penstock.cli.commands.server_database:database", "Upgrade, measure, back up and reset the database."
        ),
    },
    short_help="Start and stop the server, and see which run.",
)
def server() -> None:
    """Start and stop the server, and see which run.

    Programs report to it, and commands ask it, where PENSTOCK_API_URL is set to its address.
    """


@server.command("start")
@click.option("--host", help="The address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port; 0 for any that is free. [default: 4270]")
@click.option("--background", is_flag=True, help="Leave it running, and return once it is ready.")
def start(host: str | None, port: int | None, background: bool) -> None:
    """Serve the API until the command is interrupted, or with --background until `penstock server stop`."""
    from penstock import settings
    from penstock.server.http.options import ServerOptions

    current = settings.current()
    options = ServerOptions.of(current, host, port)
    if background:
        from penstock.cli.server_process.background import start_in_background

        running = start_in_background(current, options)
        print_line(f"The server runs at {running.url}, process {running.process}.")
        say(f"Have programs report to it: export PENSTOCK_API_URL={running.url}")
        return
    from penstock.cli.server_process.background import tell_starter
    from penstock.cli.server_process.registry import RunningServer
    from penstock.cli.server_process.serving import notes_on, serve_here

    def on_ready(running: RunningServer) -> None:
        tell_starter(running)
        print_line(f"The server is ready at {running.url}")
        for note in notes_on(current):
            print_line(f"Note: {note}")
        flush_output()

    serve_here(current, options, on_ready)


@server.command("stop")
@click.option("--port", type=click.IntRange(1, 65_535), help="Only the one at this port.")
def stop(port: int | None) -> None:
    """Stop the servers of this home; requests under way end first."""
    from penstock import settings
    from penstock.cli.server_process.background import stopped
    from penstock.cli.server_process.registry import Registry

    registry = Registry(settings.current().home)
    servers = [one for one in registry.running() if port is None or one.url.endswith(f":{port}/api")]
    if not servers:
        say("No server of this home runs.")
        return
    for one in servers:
        stopped(registry, one, settings.current().server.drain_seconds)
        say(f"Stopped the server at {one.url}.")


@server.command("status")
@output_option
@click.pass_context
def status(context: click.Context, output: Format) -> None:
    """Show the servers of this home; the exit code is 1 where none runs."""
    import msgspec

    from penstock import settings
    from penstock.cli.server_process.background import answers
    from penstock.cli.server_process.registry import Registry

    servers = Registry(settings.current().home).running()
    if output == "json":
        print_json([msgspec.to_builtins(one) | {"answers": answers(one)} for one in servers])
    for one in servers if output == "text" else ():
        words = "answers" if answers(one) else "does not answer"
        print_line(
            f"{one.url} {words}; process {one.process}, since {one.started:%Y-%m-%d %H:%M:%S} UTC, {one.database}"
        )
    if not servers:
        say("No server of this home runs. `penstock server start --background` starts one.")
        context.exit(1)


@server.command("services")
@output_option
def services(output: Format) -> None:
    """Show what servers do by themselves, such as looking for dead processes, and which server does it.

    Of several servers on one database one leads. When it dies, another one takes over within seconds.
    """
    from penstock.client import transport
    from penstock.wire.operations import LOOPS_LIST
    from penstock.wire.servers.loops import ListLoops

    answer = transport.call(LOOPS_LIST, ListLoops())
    if output == "json":
        from penstock.cli.views import loop_table

        print_json(loop_table.as_json(answer))
        return
    if answer.items:
        from penstock.cli.views import loop_table

        loop_table.print_table_of(answer)
    if answer.leader is None:
        say("No server is at work on this database. `penstock server start --background` starts one.")

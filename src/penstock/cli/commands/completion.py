"""`penstock completion`: the script that completes commands in a shell."""

from __future__ import annotations

import click

from penstock.cli.screen.output import print_line

HOW = """Print the script that completes commands, options, settings and profiles in a shell.

\b
  bash:  penstock completion bash > ~/.local/share/bash-completion/completions/penstock
  zsh:   penstock completion zsh > ~/.zfunc/_penstock    (with ~/.zfunc in $fpath)
  fish:  penstock completion fish > ~/.config/fish/completions/penstock.fish
"""


@click.command("completion", help=HOW, short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from penstock.cli.program import COMPLETION_VARIABLE, penstock

    script = get_completion_class(shell)
    assert script is not None
    # Not `source()`: for bash that starts a bash to ask for its version, which need not be the one that reads this.
    complete = script(penstock, {}, "penstock", COMPLETION_VARIABLE)
    print_line(complete.source_template % complete.source_vars())

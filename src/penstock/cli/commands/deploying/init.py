"""`penstock init`: a new project."""

from __future__ import annotations

from pathlib import Path

import click

from penstock.cli.screen.output import Format, output_option, print_json, say

_RECIPES = ("local", "git", "docker")


@click.command("init")
@click.option("--name", help="The name of the project. [default: the folder's]")
@click.option(
    "-r", "--recipe", type=click.Choice(_RECIPES), help="How the code comes to where it runs. [default: local]"
)
@click.option(
    "-f", "--field", "pairs", multiple=True, metavar="KEY=VALUE", help="A value that the recipe takes. Repeatable."
)
@click.option("--prompt/--no-prompt", "prompt", default=None, help="Whether to ask. [default: on a terminal]")
@click.option("--overwrite", is_flag=True, help="Write over the file that is there.")
@output_option
def init(
    name: str | None, recipe: str | None, pairs: tuple[str, ...], prompt: bool | None, overwrite: bool, output: Format
) -> None:
    """Write a penstock.yaml into this folder: what `penstock deploy` reads.

    The recipe local leaves the code in this folder; git has each run pull it, and takes repository, branch and
    credentials_variable; docker builds it into an image, and takes image_name, tag and dockerfile.
    """
    from penstock.cli.project.file import FILE_NAMES
    from penstock.cli.project.questions import ask_choice, may_ask
    from penstock.cli.project.recipes import project_text, recipe_of

    folder = Path.cwd()
    path = folder / FILE_NAMES[0]
    if path.exists() and not overwrite:
        raise click.ClickException(f"There is a {path.name} here. Give --overwrite to write over it.")
    asks = may_ask(prompt)
    if recipe is None:
        recipe = ask_choice("How does the code come to where it runs?", list(_RECIPES), "local") if asks else "local"
    values = _values(recipe, pairs, folder, asks=asks)
    recipe_of(recipe)
    try:
        path.write_text(project_text(name or folder.name, recipe, values, folder))
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror or error}.") from error
    if output == "json":
        print_json({"file": str(path), "name": name or folder.name, "recipe": recipe})
    else:
        say(f"Wrote {path.name}. Next: penstock deploy FILE.py:FLOW --name NAME --pool POOL --save")


def _values(recipe: str, pairs: tuple[str, ...], folder: Path, *, asks: bool) -> dict[str, str]:
    from penstock.cli.project.questions import ask_text
    from penstock.cli.project.recipes import defaults, recipe_of

    found = recipe_of(recipe)
    given: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        takes = [*found.required, *found.optional]
        if not separator or key not in takes:
            offer = f"it takes {', '.join(takes)}" if takes else "it takes none"
            raise click.UsageError(f"--field {pair!r} is nothing that the recipe {recipe} takes: {offer}.")
        given[key] = value
    known = defaults(recipe, folder) | given
    for key, question in found.required.items():
        if asks and key not in given:
            known[key] = ask_text(question, known.get(key))
        elif not known.get(key):
            raise click.UsageError(f"The recipe {recipe} needs --field {key}=VALUE.")
    return known

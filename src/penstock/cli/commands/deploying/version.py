"""`penstock deployment version` and `rollback`: what a deployment said, since when, and by whom."""

from __future__ import annotations

import click

from penstock.cli.deploying.completing import complete_deployments
from penstock.cli.filters import limit_option
from penstock.cli.screen.output import Format, output_option, print_json, say

_name = click.argument("name", shell_complete=complete_deployments)
_number = click.IntRange(1)


@click.group("version", short_help="List, compare and promote versions.")
def version() -> None:
    """List, compare and promote the versions of a deployment. Every change makes one.

    NAME is `<flow>/<deployment>`; NUMBER counts its versions, from 1.
    """


@version.command("ls")
@_name
@limit_option
@output_option
def list_versions(name: str, limit: int, output: Format) -> None:
    """List the versions of a deployment, newest first."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.deployment_tables import plain, print_versions
    from penstock.cli.deploying.finding import find_deployment
    from penstock.wire.deploying.deployments import DeploymentVersionQuery
    from penstock.wire.operations import DEPLOYMENTS_VERSIONS

    versions, more = fetch(DEPLOYMENTS_VERSIONS, DeploymentVersionQuery(find_deployment(name).id), limit)
    if output == "json":
        print_json([plain(one) for one in versions])
    else:
        print_versions(versions)
    if more:
        say(f"There are more; these are the newest {limit}. See --limit.")


@version.command("diff")
@_name
@click.argument("before", metavar="[NUMBER]", type=_number, required=False)
@click.argument("after", metavar="[NUMBER]", type=_number, required=False)
@output_option
def diff_versions(name: str, before: int | None, after: int | None, output: Format) -> None:
    """Show what differs between two versions.

    With one number, between that one and the one that runs go by; with none, between the one that runs go by and the newest,
    or where that is the same, the one before.
    """
    from penstock.cli.deploying.differences import differences, print_differences
    from penstock.cli.deploying.finding import find_deployment
    from penstock.client.transport import call
    from penstock.wire.deploying.deployments import ReadVersion
    from penstock.wire.operations import DEPLOYMENTS_READ_VERSION

    found = find_deployment(name)
    current, newest = found.version_number, found.newest_version
    if before is None:
        before, after = (current, newest) if newest != current else (current - 1, current)
        if before < 1:
            say("There is only one version.")
            return
    after = after or current
    one, other = (call(DEPLOYMENTS_READ_VERSION, ReadVersion(found.id, number)) for number in (before, after))
    different = differences(one.spec, other.spec)
    if output == "json":
        print_json({"before": before, "after": after, "differences": [each._asdict() for each in different]})
    elif different:
        say(f"From version {before} to {after}:")
        print_differences(different)
    else:
        say(f"Versions {before} and {after} say the same.")


@version.command("promote")
@_name
@click.argument("number", type=_number)
@output_option
def promote_version(name: str, number: int, output: Format) -> None:
    """Have runs go by a version from now on: one that was held back, or an earlier one again."""
    _promote(name, number, output)


@click.command("rollback")
@_name
@click.argument("number", type=_number, required=False)
@output_option
def rollback(name: str, number: int | None, output: Format) -> None:
    """Have runs go by an earlier version again: NUMBER, or the one before the present one.

    No version is lost: `penstock deployment version promote` goes forward again.
    """
    _promote(name, number, output, back=True)


def _promote(name: str, number: int | None, output: Format, *, back: bool = False) -> None:
    from penstock.cli.deploying.deployment_tables import plain
    from penstock.cli.deploying.finding import find_deployment, full_name
    from penstock.client.transport import call
    from penstock.deployments.runner import author
    from penstock.wire.deploying.deployments import PromoteVersion
    from penstock.wire.operations import DEPLOYMENTS_PROMOTE

    found = find_deployment(name)
    current = found.version_number
    number = current - 1 if number is None else number
    if back and not 1 <= number < current:
        offer = f"give a number from 1 to {current - 1}" if current > 1 else "there is none"
        raise click.UsageError(f"Runs of {full_name(found)} go by version {current}: for an earlier one, {offer}.")
    changed = call(DEPLOYMENTS_PROMOTE, PromoteVersion(found.id, number, author=author()))
    if output == "json":
        print_json(plain(changed))
    else:
        say(f"Runs of {full_name(changed)} go by version {changed.version_number}.")

"""Steps that run programs, on the machine that carries them out."""

from __future__ import annotations

from penstock.deployment_steps.requirements_file import PipInstallRequirements
from penstock.deployment_steps.shell_script import RunShellScript

__all__ = ["pip_install_requirements", "run_shell_script"]


async def run_shell_script(
    script: str,
    directory: str | None = None,
    env: dict[str, str] | None = None,
    stream_output: bool = True,
    expand_env_vars: bool = False,
    shell: bool = False,
) -> dict[str, str]:
    """Run commands, one a line, until one fails.

    They run on the machine that carries the step out, as the user who does so: whoever can change a deployment's steps can
    run anything there. A reference in the script becomes part of its text, before lines and words are told apart. So values
    that others make, and secrets, belong into `env`, and from there with `shell` into commands as `"$NAME"`.

    Parameters:
        script: the commands. A line that ends with a backslash goes on in the next; one that begins with `#` is skipped.
        directory: their working directory; by default that of this process.
        env: variables beside those of this process.
        stream_output: whether what they write is printed, or logged, as it comes.
        expand_env_vars: whether `$NAME` and `${NAME}` in a command stand for environment variables.
        shell: whether a shell reads each line, so that pipes and the like work.

    Returns:
        `stdout` and `stderr`: what they wrote, without white space at the ends. Of more than 4 MiB the beginning.

    Raises:
        StepExecutionError: a command failed.
    """
    import asyncio

    step = RunShellScript(
        script=script,
        directory=directory,
        env=env,
        stream_output=stream_output,
        expand_env_vars=expand_env_vars,
        shell=shell,
    )
    return await asyncio.to_thread(step.run, print)


async def pip_install_requirements(
    directory: str | None = None, requirements_file: str = "requirements.txt", stream_output: bool = True
) -> dict[str, str]:
    """Install what a file lists into the Python that carries the step out.

    Parameters:
        directory: the folder of the file; by default the working directory.
        requirements_file: its name.
        stream_output: whether what pip writes is printed, or logged, as it comes.

    Returns:
        `stdout` and `stderr`: what pip wrote.

    Raises:
        StepExecutionError: there is no such file, or pip failed.
    """
    import asyncio

    step = PipInstallRequirements(directory=directory, requirements_file=requirements_file, stream_output=stream_output)
    return await asyncio.to_thread(step.run, print)

"""Private repositories: the token is shown to the repository's host, and to nobody else."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.git_hosting import GitHost, WorkingRepository, git_host

from penstock.core.errors import ConfigurationError, InvalidSource, SourceError
from penstock.settings import current
from penstock.sources.git.addresses import parse
from penstock.sources.git.login import login_for
from penstock.sources.git.repository import GitSource

TOKEN = "s3cr3t-tok3n/+"
CREDENTIALS = {"username": "reader", "access_token": TOKEN}


def test_a_token_opens_a_private_repository(repository: WorkingRepository, closed_host: GitHost) -> None:
    """With credentials the code is had; without, or with wrong ones, the error says what to do and shows nothing."""
    url = f"{closed_host.url}/team/flows.git"
    with GitSource(url, credentials=CREDENTIALS).fetch() as pulled:
        assert (pulled.path / "flows.py").read_text() == "one"
    with pytest.raises(SourceError, match="Give credentials"):
        GitSource(url).fetch()
    with pytest.raises(SourceError, match="Check the token") as refused:
        GitSource(url, credentials={"username": "reader", "access_token": "wr0ng-tok3n"}).fetch()
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize("form", ["reference", "hidden", "in the address"])
def test_ways_to_give_a_token(
    repository: WorkingRepository, closed_host: GitHost, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference to the environment, an object that hides it, and the address itself all work."""
    monkeypatch.setenv("FLOWS_TOKEN", TOKEN)
    url = f"{closed_host.url}/team/flows.git"
    source = {
        "reference": GitSource(url, credentials={"username": "reader", "access_token": "{{ $FLOWS_TOKEN }}"}),
        "hidden": GitSource(url, credentials={"username": "reader", "password": SecretStr(TOKEN)}),
        "in the address": GitSource(url.replace("://", "://reader:s3cr3t-tok3n%2F%2B@")),
    }[form]
    source.fetch().release()
    assert TOKEN not in f"{source!r}{source.address}"


def test_a_reference_to_nothing_is_named(closed_host: GitHost) -> None:
    """A token that stands in a variable which is not set is an error that names the variable."""
    source = GitSource(f"{closed_host.url}/team/flows.git", credentials={"access_token": "{{ $NOT_SET }}"})
    with pytest.raises(ConfigurationError, match="NOT_SET"):
        source.fetch()


def test_private_submodules_of_the_same_host(
    repository: WorkingRepository, closed_host: GitHost, tmp_path: Path
) -> None:
    """The token opens submodules of the same host, too."""
    WorkingRepository.made(tmp_path / "hosted" / "team" / "library.git", {"library.py": "library"})
    repository.git("submodule", "--quiet", "add", f"{tmp_path}/hosted/team/library.git", "library")
    repository.git("config", "--file", ".gitmodules", "submodule.library.url", "../library.git")
    repository.commit({})
    source = GitSource(f"{closed_host.url}/team/flows.git", credentials=CREDENTIALS, submodules=True)
    with source.fetch() as pulled:
        assert (pulled.path / "library/library.py").read_text() == "library"


def test_another_host_never_sees_the_token(repository: WorkingRepository, closed_host: GitHost, tmp_path: Path) -> None:
    """Neither a submodule elsewhere nor a redirection elsewhere is shown the token, though it asks for one."""
    WorkingRepository.made(tmp_path / "elsewhere" / "library.git", {"library.py": "library"})
    with git_host(tmp_path / "elsewhere", ("reader", TOKEN)) as thief:
        repository.git("submodule", "--quiet", "add", f"{tmp_path}/elsewhere/library.git", "library")
        repository.git("config", "--file", ".gitmodules", "submodule.library.url", f"{thief.url}/library.git")
        repository.commit({})
        source = GitSource(f"{closed_host.url}/team/flows.git", credentials=CREDENTIALS, submodules=True)
        with pytest.raises(SourceError, match="Give credentials"):
            source.fetch()
        closed_host.redirects["/moved"] = thief.url
        with pytest.raises(SourceError, match="Give credentials"):
            GitSource(f"{closed_host.url}/moved/library.git", credentials=CREDENTIALS).fetch()
        assert thief.asked
        assert {authorization for _, _, authorization in thief.asked} == {None}


def test_the_token_is_kept_nowhere(
    repository: WorkingRepository,
    closed_host: GitHost,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No file under the home or in a copy, no log line and no output holds the token."""
    caplog.set_level(logging.DEBUG)
    source = GitSource(f"{closed_host.url}/team/flows.git", credentials=CREDENTIALS)
    copy = source.pull(tmp_path / "copy")
    for folder in (current().home, copy):
        held = [path for path in folder.rglob("*") if path.is_file() and b"s3cr3t" in path.read_bytes()]
        assert held == []
    assert "s3cr3t" not in caplog.text
    assert "s3cr3t" not in "".join(capfd.readouterr())


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_the_token_stands_in_no_command_line(
    repository: WorkingRepository, closed_host: GitHost, tmp_path: Path
) -> None:
    """Of all processes that run while a private repository is pulled, none has the token in its command line."""
    lines = tmp_path / "lines"
    watcher = tmp_path / "bin" / "git"
    watcher.parent.mkdir()
    git = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    # A git that notes every command line of the machine, at each step of the real one's login.
    watcher.write_text(f'#!/bin/sh\ncat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " >> {lines}\nexec {git} "$@"\n')
    watcher.chmod(0o755)
    program = (
        "from penstock.sources.git.repository import GitSource\n"
        "import sys\n"
        "GitSource(sys.argv[1], credentials={'username': 'reader', 'access_token': '{{ $THE }}'}).fetch().release()\n"
    )
    environment = {**os.environ, "PATH": f"{watcher.parent}:{os.environ['PATH']}", "THE": TOKEN}
    url = f"{closed_host.url}/team/flows.git"
    subprocess.run([sys.executable, "-c", program, url], env=environment, check=True)
    seen = lines.read_text(errors="replace")
    assert "ls-remote" in seen
    assert "s3cr3t" not in seen


def test_only_gits_environment_is_passed_on(
    repository: WorkingRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git starts sees none of the process's own variables, and no token of another host."""
    seen = tmp_path / "seen"
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\nenv >> {seen}\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    monkeypatch.setenv("PENSTOCK_API_KEY", "k3y-of-the-api")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "k3y-of-aws")
    GitSource(f"git@example.test:{repository.path}", credentials=CREDENTIALS).fetch().release()
    assert "k3y" not in seen.read_text()
    assert "s3cr3t" not in seen.read_text()


@pytest.mark.parametrize(
    ("host", "credentials", "username", "password"),
    [
        ("github.com", {"access_token": "tok3n"}, "x-access-token", "tok3n"),
        ("gitlab.example.com", {"access_token": "tok3n"}, "oauth2", "tok3n"),
        ("gitlab.com", {"token": "deploy:tok3n"}, "deploy", "tok3n"),
        ("bitbucket.org", {"access_token": "tok3n"}, "x-token-auth", "tok3n"),
        ("bitbucketserver.example.com", {"password": "me:tok3n"}, "me", "tok3n"),
        ("git.example.com", {"username": "me", "password": "a:b"}, "me", "a:b"),
    ],
)
def test_the_name_beside_a_token(host: str, credentials: dict[str, str], username: str, password: str) -> None:
    """Each kind of host gets the name that it expects beside a token."""
    login = login_for(parse(f"https://{host}/a.git"), credentials)
    assert login is not None
    assert (login.username, login.password) == (username, password)
    assert password not in repr(login)


def test_a_token_is_not_sent_readable() -> None:
    """Over http:// to another machine, or git://, a token is refused; over ssh it is not needed."""
    for url in ("http://example.test/a.git", "git://example.test/a.git"):
        with pytest.raises(InvalidSource, match="https://"):
            login_for(parse(url), CREDENTIALS)
    assert login_for(parse("git@example.test:a.git"), CREDENTIALS) is None


@pytest.mark.parametrize("token", ["a\nhost=evil.test", "a\0b", 7])
def test_a_token_of_several_lines_is_refused(token: object) -> None:
    """A token can't say more to git than the token."""
    with pytest.raises(InvalidSource, match="one line"):
        login_for(parse("https://example.test/a.git"), {"access_token": token})


def test_a_name_needs_a_token() -> None:
    """A username alone is no credentials."""
    with pytest.raises(ValueError, match="access_token"):
        GitSource("https://example.test/a.git", credentials={"username": "me"})


def test_a_server_that_is_unwell_is_asked_again(
    repository: WorkingRepository, host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that answers 503 is asked again, and the code is had."""
    monkeypatch.setattr("penstock.sources.source.PAUSES_SECONDS", (0.0, 0.0))
    host.unwell = 2
    GitSource(f"{host.url}/team/flows.git").fetch().release()
    host.unwell = 3
    with pytest.raises(SourceError, match="does not answer.*503"):
        GitSource(f"{host.url}/team/flows.git").fetch()

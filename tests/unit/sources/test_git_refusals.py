"""What could make git run something, or reach where it should not, is refused: each known way of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.git_hosting import GitHost, WorkingRepository

from penstock.core.errors import InvalidSource, SourceError
from penstock.settings import temporary_settings
from penstock.sources.git.repository import GitSource
from penstock.sources.resolving import source_from


@pytest.mark.parametrize(
    "url",
    [
        "--upload-pack=touch /tmp/owned",
        "-uhttps://example.test/a.git",
        "ext::sh -c touch% /tmp/owned",
        "ext::sh",
        "fd::17",
        "transport::address",
        "::https://example.test/a.git",
        "ssh://-oProxyCommand=touch/a.git",
        "ssh://%2DoProxyCommand=touch/a.git",
        "ssh://-oProxyCommand=touch@example.test/a.git",
        "-oProxyCommand=touch:a.git",
        "git@-oProxyCommand=touch:a.git",
        "git@example.test:-u/a.git",
        "https://example.test/-u",
        "https://exa mple.test/a.git",
        "https://example.test/a.git\n[core]",
        "https://example.test/a.git\0",
        "https:///a.git",
        "file://elsewhere/a.git",
        "ftp://example.test/a.git",
        "javascript://example.test/a.git",
        "https://example.test:port/a.git",
        "https://example.test/a.git?service=x",
        "https://example.test/a.git#x",
        "https://[::1/a.git",
        "",
        "https://example.test/" + "a" * 3_000,
    ],
)
def test_addresses(url: str) -> None:
    """An address that is an option, another transport, a strange host, or none at all."""
    with pytest.raises(InvalidSource):
        GitSource(url)


@pytest.mark.parametrize(
    "name",
    [
        "--upload-pack=touch /tmp/owned",
        "-c",
        "a..b",
        "a b",
        "a~1",
        "a^{commit}",
        "a:b",
        "refs/heads/*",
        "a[b",
        "a\\b",
        "@{-1}",
        "a.lock",
        "a/.b",
        "a/",
        "/a",
        "a//b",
        "a\nb",
        "a\x00b",
        "@",
        "a" * 300,
    ],
)
def test_branches(name: str) -> None:
    """A name that is an option or an expression, and no branch."""
    with pytest.raises(InvalidSource):
        GitSource("https://example.test/a.git", branch=name)


@pytest.mark.parametrize(
    "sha", ["HEAD", "abc", "--all", "g" * 40, "a" * 65, "deadbeef\n", "dead beef", "main^{commit}"]
)
def test_commits(sha: str) -> None:
    """What is no id of a commit."""
    with pytest.raises(InvalidSource):
        GitSource("https://example.test/a.git", commit=sha)


@pytest.mark.parametrize(
    "folder",
    ["../secrets", "a/../../b", "/etc", "", ".", ".git", "a/.GIT/hooks", "!a", '"a"', "a\nb", "a\0", "a\\b", "a" * 300],
)
def test_folders(folder: str) -> None:
    """A folder outside of the repository, or git's own."""
    with pytest.raises(InvalidSource):
        GitSource("https://example.test/a.git", folders=[folder])


def test_folders_that_look_like_options_are_folders(repository: WorkingRepository) -> None:
    """A folder called like an option is a folder."""
    repository.commit({"--stdin/a.py": "a", "*/b.py": "b", "-c/c.py": "c"})
    source = GitSource(str(repository.path), folders=["--stdin", "*"])
    with source.fetch() as pulled:
        assert {path.name for path in pulled.path.rglob("*.py")} == {"flows.py", "a.py", "b.py"}


def test_a_branch_and_a_commit() -> None:
    """Only one of them can be meant."""
    with pytest.raises(InvalidSource, match="Give one"):
        GitSource("https://example.test/a.git", branch="main", commit="deadbeef")


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c 'touch {marker}'",
        "file://{path}",
        "{path}",
        "-u{marker}",
        "fd::3",
        "ssh://-oProxyCommand=touch%20{marker}/x",
    ],
)
def test_submodules_that_run_or_reach(repository: WorkingRepository, host: GitHost, tmp_path: Path, url: str) -> None:
    """A submodule may come from another host, but neither from a folder of this machine nor from a command."""
    marker = tmp_path / "owned"
    secret = WorkingRepository.made(tmp_path / "secret", {"secret.py": "secret"})
    repository.git("submodule", "--quiet", "add", str(secret.path), "library")
    address = url.format(marker=marker, path=secret.path)
    repository.git("config", "--file", ".gitmodules", "submodule.library.url", address)
    repository.commit({})
    source = GitSource(f"{host.url}/team/flows.git", submodules=True)
    with pytest.raises(SourceError):
        source.fetch()
    assert not marker.exists()


def test_submodules_that_are_commands(repository: WorkingRepository, host: GitHost, tmp_path: Path) -> None:
    """A repository can't say by what command a submodule is brought up to date, nor put one outside of itself."""
    marker = tmp_path / "owned"
    WorkingRepository.made(tmp_path / "hosted" / "team" / "library.git", {"library.py": "library"})
    repository.git("submodule", "--quiet", "add", f"{tmp_path}/hosted/team/library.git", "library")
    repository.git("config", "--file", ".gitmodules", "submodule.library.url", "../library.git")
    repository.git("config", "--file", ".gitmodules", "submodule.library.update", f"!touch {marker}")
    repository.commit({})
    with pytest.raises(SourceError):
        GitSource(f"{host.url}/team/flows.git", submodules=True).fetch()
    assert not marker.exists()


def test_hooks_and_configuration_of_the_user_are_not_heeded(
    repository: WorkingRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither hooks nor what the user's configuration says of them runs; it is heeded when a setting says so."""
    marker, home = tmp_path / "ran", tmp_path / "users-home"
    hook = home / "hooks" / "post-checkout"
    hook.parent.mkdir(parents=True)
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {hook.parent}\n[url "{repository.path}"]\n\tinsteadOf = https://short.test/\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(hook.parent))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    GitSource(str(repository.path)).fetch().release()
    assert not marker.exists()
    with temporary_settings({"code.git_reads_configuration": True}):
        GitSource(str(repository.path), folders=["daily"]).fetch().release()
        with pytest.raises(SourceError, match="transport 'file' not allowed"):
            GitSource("https://short.test/").fetch()
    assert not marker.exists()


def test_links_are_kept_as_links(repository: WorkingRepository, tmp_path: Path) -> None:
    """A link that leads out of the repository is copied as a link: what it leads to is not."""
    (tmp_path / "outside").write_text("outside")
    (repository.path / "link").symlink_to(tmp_path / "outside")
    (repository.path / "folder").symlink_to(tmp_path)
    repository.commit({})
    copy = GitSource(str(repository.path)).pull(tmp_path / "copy")
    assert (copy / "link").is_symlink()
    assert (copy / "folder").is_symlink()
    assert (tmp_path / "outside").stat().st_mode & 0o200


@pytest.mark.parametrize("text", ["https://[::1/a.git", "ext::sh.git", "git://-x/a.git"])
def test_texts_that_are_no_source(text: str) -> None:
    """A text that is no address is refused before anything is asked."""
    with pytest.raises(InvalidSource):
        source_from(text)

"""Code from git repositories: which commit, which files, and what the second time costs."""

from __future__ import annotations

import os
import secrets
import stat
import subprocess
from pathlib import Path

import pytest
from support.git_hosting import GitHost, WorkingRepository

from penstock.core.errors import InvalidSource, SourceError
from penstock.settings import current, temporary_settings
from penstock.sources.git.repository import GitSource
from penstock.sources.source import Source


def text_of(source: Source, name: str = "flows.py") -> str:
    """Return the text of one file of a source."""
    with source.fetch() as pulled:
        return (pulled.path / name).read_text()


def files_of(source: Source) -> set[str]:
    """Return the files of a source, without git's own."""
    with source.fetch() as pulled:
        paths = (path.relative_to(pulled.path) for path in pulled.path.rglob("*") if path.is_file())
        return {str(path) for path in paths if path.parts[0] != ".git"}


def test_the_repositorys_own_branch_is_the_default(repository: WorkingRepository, host: GitHost) -> None:
    """Without a branch, the code is what HEAD is at; the version is the commit."""
    repository.git("checkout", "--quiet", "-b", "trunk")
    second = repository.commit({"flows.py": "trunk"})
    with GitSource(f"{host.url}/team/flows.git").fetch() as pulled:
        assert (pulled.path / "flows.py").read_text() == "trunk"
        assert pulled.version == second


def test_branches_tags_and_commits(repository: WorkingRepository, host: GitHost) -> None:
    """A branch, an annotated and a plain tag, and a commit by its whole and its short id are all found."""
    url = f"{host.url}/team/flows.git"
    first = repository.git("rev-parse", "HEAD")
    repository.git("tag", "--annotate", "--message=t", "v1")
    repository.git("tag", "plain")
    repository.git("checkout", "--quiet", "-b", "feature/two")
    second = repository.commit({"flows.py": "two"})
    assert text_of(GitSource(url, branch="feature/two")) == "two"
    assert [text_of(GitSource(url, branch=tag)) for tag in ("v1", "plain", "main")] == ["one"] * 3
    assert text_of(GitSource(url, commit=first)) == "one"
    assert text_of(GitSource(url, commit=first[:7])) == "one"
    assert text_of(GitSource(url, commit=second[:9].upper())) == "two"
    with GitSource(url, branch="v1").fetch() as pulled:
        assert pulled.version == first


def test_a_commit_that_no_branch_leads_to(repository: WorkingRepository, host: GitHost) -> None:
    """A commit in the middle of the history is found by its whole id, after a newer one was pulled."""
    url = f"{host.url}/team/flows.git"
    middle = repository.commit({"flows.py": "middle"})
    repository.commit({"flows.py": "last"})
    assert text_of(GitSource(url)) == "last"
    assert text_of(GitSource(url, commit=middle)) == "middle"


def test_a_server_that_gives_only_tips(repository: WorkingRepository, host: GitHost) -> None:
    """Where a server refuses a commit by its id, as old ones do, the branches are fetched and searched."""
    middle = repository.commit({"flows.py": "middle"})
    repository.commit({"flows.py": "last"})
    host.is_old = True
    assert text_of(GitSource(f"{host.url}/team/flows.git", commit=middle)) == "middle"
    (mirror,) = (current().home / "code").glob("*/mirror")
    assert not (mirror / "shallow").exists()


def test_a_new_commit_is_seen(repository: WorkingRepository, host: GitHost) -> None:
    """Each fetch of a branch asks where it is now; code that is in use stays as it was."""
    source = GitSource(f"{host.url}/team/flows.git", branch="main")
    with source.fetch() as before:
        repository.commit({"flows.py": "two"})
        assert text_of(source) == "two"
        assert (before.path / "flows.py").read_text() == "one"


def test_the_second_time_nothing_is_fetched(repository: WorkingRepository, host: GitHost) -> None:
    """A branch that did not move costs one question; a commit by its whole id, none."""
    url = f"{host.url}/team/flows.git"
    with GitSource(url).fetch() as pulled:
        commit, path = pulled.version, pulled.path
    host.asked.clear()
    with GitSource(url).fetch() as again:
        assert again.path == path
    assert all("git-upload-pack" in asked for _, asked, _ in host.asked)
    assert len(host.asked) == 2  # what the server can do, and where the branch is
    host.asked.clear()
    with GitSource(url, commit=commit).fetch() as again:
        assert again.path == path
    assert host.asked == []


def test_only_some_folders(repository: WorkingRepository, host: GitHost) -> None:
    """With folders named, only they and the files at the root are there."""
    source = GitSource(f"{host.url}/team/flows.git", folders=["daily"])
    assert files_of(source) == {"flows.py", "readme.txt", "daily/load.py"}
    assert files_of(GitSource(f"{host.url}/team/flows.git")) >= {"weekly/report.py"}


def test_submodules(tmp_path: Path, repository: WorkingRepository, host: GitHost) -> None:
    """Submodules come along where they are asked for, and only there."""
    WorkingRepository.made(tmp_path / "hosted" / "team" / "library.git", {"library.py": "library"})
    repository.git("submodule", "--quiet", "add", f"{host.url}/team/library.git", "library")
    repository.git("config", "--file", ".gitmodules", "submodule.library.url", "../library.git")
    repository.commit({})
    url = f"{host.url}/team/flows.git"
    assert text_of(GitSource(url, submodules=True), "library/library.py") == "library"
    assert "library/library.py" not in files_of(GitSource(url))


def test_sha256_repositories(tmp_path: Path, host: GitHost) -> None:
    """A repository that hashes with SHA-256 works like any other."""
    repository = WorkingRepository.made(tmp_path / "hosted" / "modern.git", {"flows.py": "256"}, digest="sha256")
    source = GitSource(f"{host.url}/modern.git", commit=repository.git("rev-parse", "HEAD"))
    assert text_of(source) == "256"
    assert text_of(GitSource(f"{host.url}/modern.git")) == "256"


@pytest.mark.parametrize("form", ["{path}", "file://{path}"])
def test_a_folder_of_this_machine(repository: WorkingRepository, form: str) -> None:
    """A path, and a file:// address, are repositories too."""
    assert text_of(GitSource(form.format(path=repository.path))) == "one"


def test_a_relative_path(repository: WorkingRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is meant from the working directory of when it was given."""
    monkeypatch.chdir(repository.path.parent)
    source = GitSource("./flows.git")
    monkeypatch.chdir("/")
    assert text_of(source) == "one"


def test_over_ssh(repository: WorkingRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`user@host:path` and ssh:// go through the user's ssh, which is told what to run on the host."""
    told = tmp_path / "told"
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {told}\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
    assert text_of(GitSource(f"git@example.test:{repository.path}")) == "one"
    assert text_of(GitSource(f"ssh://git@example.test:2222{repository.path}")) == "one"
    lines = told.read_text().splitlines()
    assert "git@example.test" in lines
    assert lines[lines.index("-p") + 1] == "2222"


def test_a_copy_is_whole_and_may_be_changed(repository: WorkingRepository, host: GitHost, tmp_path: Path) -> None:
    """What is pulled into a folder is a repository of its own, writable; the shared code stays as it is."""
    source = GitSource(f"{host.url}/team/flows.git")
    path = source.pull(tmp_path / "work" / "flows")
    (path / "flows.py").write_text("changed")
    assert text_of(source) == "one"
    head = subprocess.run(["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert head.strip() == repository.git("rev-parse", "HEAD")
    origin = subprocess.run(
        ["git", "-C", path, "remote", "get-url", "origin"], capture_output=True, text=True, check=True
    )
    assert origin.stdout.strip() == source.address


def test_shared_files_can_not_be_written(repository: WorkingRepository) -> None:
    """Nobody has the permission to write a file of shared code; byte code may be put beside it."""
    with GitSource(str(repository.path)).fetch() as pulled:
        mode = (pulled.path / "flows.py").stat().st_mode
        assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
        assert os.access(pulled.path, os.W_OK)


def test_a_damaged_mirror_is_fetched_anew(repository: WorkingRepository, host: GitHost) -> None:
    """A mirror that lost its objects, or was left locked by a process that was killed, does not matter."""
    source = GitSource(f"{host.url}/team/flows.git")
    source.fetch().release()
    (mirror,) = (current().home / "code").glob("*/mirror")
    (mirror / "shallow.lock").touch()
    for path in (mirror / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    repository.commit({"flows.py": "two"})
    assert text_of(source) == "two"


def test_a_mirror_that_lost_a_file_is_fetched_anew(repository: WorkingRepository, host: GitHost) -> None:
    """A mirror that has a commit and not all of its files is not asked for ever."""
    commit = repository.git("rev-parse", "HEAD")
    GitSource(f"{host.url}/team/flows.git", commit=commit).fetch().release()
    lost = repository.git("rev-parse", "HEAD:flows.py")
    (mirror,) = (current().home / "code").glob("*/mirror")
    (mirror / "objects" / lost[:2] / lost[2:]).unlink()
    assert text_of(GitSource(f"{host.url}/team/flows.git", commit=commit, folders=["daily"])) == "one"


def test_a_branch_made_over_and_over(repository: WorkingRepository, host: GitHost) -> None:
    """A branch whose history was replaced, and one named like a folder of another, are no obstacle."""
    url = f"{host.url}/team/flows.git"
    repository.git("branch", "release")
    assert text_of(GitSource(url, branch="release")) == "one"
    repository.git("branch", "--delete", "--force", "release")
    repository.git("checkout", "--quiet", "--orphan", "release/2")
    repository.commit({"flows.py": "another"})
    assert text_of(GitSource(url, branch="release/2")) == "another"


def test_what_is_not_there(repository: WorkingRepository, host: GitHost, tmp_path: Path) -> None:
    """A branch, commit or repository that is not there is named, with what to do."""
    url = f"{host.url}/team/flows.git"
    with pytest.raises(SourceError, match="no branch or tag 'nope'"):
        GitSource(url, branch="nope").fetch()
    with pytest.raises(SourceError, match="0123456789"):
        GitSource(url, commit="0123456789" * 4).fetch()
    with pytest.raises(SourceError, match="no commit '0123456'"):
        GitSource(url, commit="0123456").fetch()
    with pytest.raises(SourceError, match="not found.*Check the address"):
        GitSource(f"{host.url}/team/other.git").fetch()
    with pytest.raises(SourceError, match="Check the address"):
        GitSource(str(tmp_path / "nothing.git")).fetch()


def test_an_empty_repository(tmp_path: Path) -> None:
    """A repository without a commit is said to be one."""
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "empty.git"], check=True)
    with pytest.raises(SourceError, match="no commit yet"):
        GitSource(str(tmp_path / "empty.git")).fetch()


def test_too_much_code_is_refused(repository: WorkingRepository) -> None:
    """Code beyond the bounds on files or bytes is not kept, and the bound is named."""
    with temporary_settings({"code.max_files": 3}), pytest.raises(SourceError, match="PENSTOCK_CODE_MAX_FILES"):
        GitSource(str(repository.path)).fetch()
    with temporary_settings({"code.max_bytes": 100}), pytest.raises(SourceError, match="PENSTOCK_CODE_MAX_BYTES"):
        GitSource(str(repository.path)).fetch()
    assert list((current().home / "code").glob("*/code")) == []


def test_a_mirror_that_has_grown_too_large_begins_anew(repository: WorkingRepository) -> None:
    """What a mirror holds of earlier commits does not count against the code of a later one."""
    with temporary_settings({"code.max_bytes": 400_000}):
        for number in range(5):
            # Text that can't be packed much smaller.
            repository.commit({"data.txt": secrets.token_hex(100_000), "flows.py": str(number)})
            assert text_of(GitSource(str(repository.path))) == str(number)
        repository.commit({"data.txt": secrets.token_hex(600_000)})
        with pytest.raises(SourceError, match="PENSTOCK_CODE_MAX_BYTES"):
            GitSource(str(repository.path)).fetch()


def test_the_pull_step_says_all_and_no_secret(repository: WorkingRepository) -> None:
    """The step that travels has the address, what is wanted of it, and references in the place of tokens."""
    source = GitSource(
        "https://example.test/team/flows.git",
        branch="main",
        folders=["daily"],
        submodules=True,
        credentials={"username": "me", "access_token": "{{ $TOKEN }}"},
    )
    assert source.to_pull_step() == {
        "penstock.deployments.steps.git_clone": {
            "repository": "https://example.test/team/flows.git",
            "branch": "main",
            "directories": ["daily"],
            "include_submodules": True,
            "credentials": {"username": "me", "access_token": "{{ $TOKEN }}"},
        }
    }


@pytest.mark.parametrize(
    "source",
    [
        GitSource("https://example.test/a.git", credentials={"access_token": "hunter2-hunter2"}),
        GitSource("https://me:hunter2-hunter2@example.test/a.git"),
        GitSource("https://hunter2-hunter2@example.test/a.git"),
        GitSource("https://example.test/a.git", credentials="hunter2-hunter2"),
    ],
    ids=["credentials", "address", "bare token", "text"],
)
def test_a_token_as_it_is_does_not_travel(source: GitSource) -> None:
    """A token that is no reference is refused for a pull step, and the refusal does not show it."""
    with pytest.raises(InvalidSource) as refused:
        source.to_pull_step()
    assert "hunter2" not in f"{refused.value} {source!r} {source.address}"

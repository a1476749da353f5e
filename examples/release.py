"""Release a folder: all of its files, compressed and with their checksums, or none of them.

    python examples/release.py FOLDER RELEASE [--limit-bytes N]

Every file is staged in the release's folder under a passing name, inside one transaction. When a later check fails, the
transaction is rolled back and what was staged is removed again; when all is well it is committed and the files get
their final names. Whoever looks into the folder sees the whole new release or the whole old one.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from pathlib import Path

from penstock import flow, task
from penstock.transactions import Transaction, get_transaction, transaction

STAGED = ".staged"


@task
def find_files(folder: Path) -> list[Path]:
    """Name the files to release, by name."""
    return sorted(path for path in folder.iterdir() if path.is_file())


@task(task_run_name="stage {source.name}")
def stage(source: Path, release: Path) -> Path:
    """Compress one file into the release's folder, under its passing name."""
    target = release / f"{source.name}.gz{STAGED}"
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
    get_transaction().set("target", target)
    return target


@task
def write_checksums(staged: list[Path], release: Path) -> Path:
    """Write the SHA-256 of each staged file, as `sha256sum --check` reads it."""
    target = release / f"SHA256SUMS{STAGED}"
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name.removesuffix(STAGED)}\n" for path in staged]
    target.write_text("".join(lines))
    get_transaction().set("target", target)
    return target


@stage.on_commit
@write_checksums.on_commit
def publish(txn: Transaction) -> None:
    """Give a staged file its final name, in place of the one of the last release."""
    target = txn.get("target")
    target.replace(target.with_name(target.name.removesuffix(STAGED)))


@stage.on_rollback
@write_checksums.on_rollback
def unstage(txn: Transaction) -> None:
    """Remove a staged file."""
    txn.get("target").unlink()


@task
def check_size(staged: list[Path], limit_bytes: int) -> int:
    """Return the size of the release; refuse one over the limit."""
    size = sum(path.stat().st_size for path in staged)
    if size > limit_bytes:
        raise ValueError(f"the release has {size} bytes, more than the {limit_bytes} that it may have")
    return size


@flow
def release_folder(folder: Path, release: Path, limit_bytes: int) -> int:
    """Release the files of `folder` into `release`, all or none; return their size in bytes."""
    release.mkdir(parents=True, exist_ok=True)
    with transaction():
        staged = [stage(source, release) for source in find_files(folder)]
        staged.append(write_checksums(staged, release))
        return check_size(staged, limit_bytes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Release a folder, all of its files or none.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("release", type=Path)
    parser.add_argument("--limit-bytes", type=int, default=1_000_000)
    asked = parser.parse_args()
    try:
        print("released", release_folder(asked.folder, asked.release, asked.limit_bytes), "bytes")
    except ValueError as error:
        sys.exit(f"nothing released: {error}")

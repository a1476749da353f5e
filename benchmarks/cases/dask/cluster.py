"""A Dask cluster of threads in this process: the cheapest one that Dask has."""

from __future__ import annotations

from dask.distributed import Client, LocalCluster


def client() -> Client:
    """Return a client of a cluster of one worker with four threads and no dashboard."""
    cluster = LocalCluster(n_workers=1, threads_per_worker=4, processes=False, dashboard_address=None)
    return Client(cluster)


def nothing(number: int) -> None:
    """Do nothing."""

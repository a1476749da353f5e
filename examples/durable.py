"""A flow that survives the death of its process: what was done is not done again.

    penstock flow run examples/durable.py:count_primes -p limit=2000000 -p crash_in_block=6
    penstock flow-run ls                                                  the run is there, and Crashed
    penstock flow run examples/durable.py:count_primes --recover RUN_ID   only the blocks that are missing

`recoveries=1` makes the flow durable: its tasks persist their results as they finish. `crash_in_block` pulls the plug
in the middle of the first attempt, with no goodbye: no exception, no clean-up, as if the machine had lost its power.
"""

from __future__ import annotations

import math
import os

from penstock import flow, task
from penstock.runtime import flow_run

BLOCK = 250_000


@task
def small_primes(limit: int) -> list[int]:
    """Return the primes up to the root of `limit`, by the sieve of Eratosthenes."""
    root = math.isqrt(limit)
    prime = bytearray([1]) * (root + 1)
    for number in range(2, math.isqrt(root) + 1):
        if prime[number]:
            prime[number * number :: number] = bytes(len(range(number * number, root + 1, number)))
    return [number for number in range(2, root + 1) if prime[number]]


@task(task_run_name="block {block}", log_prints=True)
def count_block(block: int, limit: int, primes: list[int], crash: bool) -> int:
    """Count the primes of one block of numbers, by striking out the multiples of the small ones."""
    start, stop = max(2, block * BLOCK), min(limit, (block + 1) * BLOCK)
    left = bytearray([1]) * (stop - start)
    for prime in primes:
        first = max(prime * prime, -(-start // prime) * prime)
        left[first - start :: prime] = bytes(len(range(first, stop, prime)))
    if crash:
        os._exit(9)
    print(f"block {block} holds {sum(left)} primes")
    return sum(left)


@flow(recoveries=1, log_prints=True)
def count_primes(limit: int, crash_in_block: int | None = None) -> int:
    """Count the primes below `limit`, block by block."""
    attempt = flow_run.run_count
    print(f"attempt {attempt} in process {os.getpid()}")
    primes = small_primes(limit)
    blocks = range(math.ceil(limit / BLOCK))
    found = sum(count_block(block, limit, primes, attempt == 1 and block == crash_in_block) for block in blocks)
    print(f"{found} primes below {limit}")
    return found


if __name__ == "__main__":
    count_primes(2_000_000)

"""Time limits that hold: in the main thread, in other threads and in async code.

interruption   what is raised inside, and when it must not be
alarm          interrupts the main thread by SIGALRM, also out of a blocking system call
watchdog       one thread that calls functions later, and so interrupts other threads between two steps of Python
deadline       a limit around synchronous code, by either of them
async_deadline a limit around a coroutine, by its event loop
"""

from __future__ import annotations

from penstock.engine.timeouts.async_deadline import async_deadline as async_deadline
from penstock.engine.timeouts.deadline import Allowance as Allowance
from penstock.engine.timeouts.deadline import Deadline as Deadline
from penstock.engine.timeouts.deadline import call_within as call_within
from penstock.engine.timeouts.deadline import deadline as deadline
from penstock.engine.timeouts.interruption import Interrupted as Interrupted
from penstock.engine.timeouts.watchdog import Watchdog as Watchdog

"""A control group of our own with a limit of memory, so that a program has no more than a small machine's."""
import contextlib
import os
import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")
V1, V2 = ROOT / "memory", ROOT  # where each version has its groups; the first has a file of its own for the limit


@contextlib.contextmanager
def memory(pid, size):
    """The process `pid`, all of its threads and what it starts have `size` bytes. Gives a function that says how many times the limit was
    met; None where no group can be made here (no root, a container)."""
    first = (V1 / "memory.limit_in_bytes").exists()
    group = (V1 if first else V2) / f"roamdesk-bench-{os.getpid()}"
    try:
        group.mkdir()
        (group / ("memory.limit_in_bytes" if first else "memory.max")).write_text(str(size))
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        with contextlib.suppress(OSError):
            group.rmdir()
        yield None
        return
    try:
        yield lambda: met(group, first)
    finally:
        (group.parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()


def met(group, first):
    if first:
        return int((group / "memory.failcnt").read_text())
    return sum(int(line.split()[1]) for line in (group / "memory.events").read_text().splitlines() if line.split()[0] in ("max", "oom"))

"""Control groups of our own, so that programs have no more memory or processor than a small machine."""
import contextlib
import os
import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")
FIRST = (ROOT / "memory" / "memory.limit_in_bytes").exists()  # the version of control groups: in the first each kind of limit has its own
PERIOD = 10_000                                               # µs: how often a share of a core is given out


@contextlib.contextmanager
def limited(pids, memory=None, core=None):
    """The processes `pids`, all of their threads and what they start have together `memory` bytes and `core` of a core (0 to 1). Gives a
    function that says how many times the limit of memory was met. OSError where no group can be made (no root, a container)."""
    made = []
    try:
        for directory, files in groups(memory, core):
            directory.mkdir()
            made.append(directory)
            for name, value in files.items():
                (directory / name).write_text(value)
            move(pids, directory)
        yield lambda: met(made)
    finally:
        for directory in made:
            move(pids, directory.parent)
            directory.rmdir()


def groups(memory, core):
    """Each group's directory, and what is written into its files."""
    name, quota = f"roamdesk-bench-{os.getpid()}", None if core is None else int(core * PERIOD)
    if not FIRST:
        files = {} if memory is None else {"memory.max": str(memory)}
        return [(ROOT / name, files | ({} if quota is None else {"cpu.max": f"{quota} {PERIOD}"}))]
    found = []
    if memory is not None:
        found.append((ROOT / "memory" / name, {"memory.limit_in_bytes": str(memory)}))
    if quota is not None:
        found.append((ROOT / "cpu" / name, {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(quota)}))
    return found


def move(pids, group):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # it has ended
            (group / "cgroup.procs").write_text(str(pid))


def met(made):
    if FIRST:
        return sum(int((group / "memory.failcnt").read_text()) for group in made if group.parent.name == "memory")
    return sum(int(line.split()[1]) for group in made for line in (group / "memory.events").read_text().splitlines()
               if line.split()[0] in ("max", "oom"))

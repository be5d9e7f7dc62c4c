"""What a server's processes take: CPU seconds of all of them and their threads, and resident memory."""
import os
import pathlib

TICK = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """The process and all below it."""
    found, todo = [], [pid]
    while todo:
        at = todo.pop()
        found.append(at)
        try:
            for task in pathlib.Path(f"/proc/{at}/task").iterdir():
                todo += [int(p) for p in (task / "children").read_text().split()]
        except OSError:
            pass
    return found


def cpu(*pids):
    """Seconds of user and system time so far; threads that have ended count, children that have ended and were waited
    for count as well."""
    total = 0
    for pid in pids:
        for at in tree(pid):
            fields = pathlib.Path(f"/proc/{at}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(f) for f in fields[11:15])
    return total / TICK


def resident(*pids):
    """Bytes: the proportional set size (private, and each one's share of what is shared), summed."""
    total = 0
    for pid in pids:
        for at in tree(pid):
            for line in pathlib.Path(f"/proc/{at}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total

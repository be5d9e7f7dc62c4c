"""How many system calls a server makes, by kind: perf trace where it is there and allowed, else strace, which slows the server
down, so that more share a turn than do without it."""
import collections
import re
import shutil
import signal
import subprocess
import tempfile
import time


def count(pid, work):
    """Runs `work` while all threads of the process `pid` are watched. Gives kind → calls; None where neither tool is there."""
    for tool, watch, read in (("perf", perf, of_perf), ("strace", strace, of_strace)):
        if not shutil.which(tool):
            continue
        with tempfile.NamedTemporaryFile(mode="r") as out:
            watcher = subprocess.Popen(watch(pid, out.name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(1)
            if watcher.poll() is not None:  # not allowed
                continue
            work()
            watcher.send_signal(signal.SIGINT)
            watcher.wait()
            return read(open(out.name).read())
    return None


def perf(pid, out):
    return ["perf", "trace", "-s", "-o", out, "-p", str(pid)]


def of_perf(text):
    # A line of each thread: name, calls, errors, milliseconds …
    found = collections.Counter()
    for line in text.splitlines():
        if at := re.match(r"\s+(\w+)\s+(\d+)\s+\d+\s+[\d.]+\s+[\d.]+", line):
            found[at.group(1)] += int(at.group(2))
    return found


def strace(pid, out):
    return ["strace", "-f", "-c", "-o", out, "-p", str(pid)]


def of_strace(text):
    found = collections.Counter()
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 5 and re.match(r"[\d.]+$", fields[0]) and fields[3].isdigit() and fields[-1] != "total":
            found[fields[-1]] += int(fields[3])
    return found


def say(found, calls, what):
    """`found` of count() for `calls` of `what`. Gives how many each makes; None: they weren't counted."""
    if found is None:
        print("system calls: not counted, neither perf nor strace may watch the server")
        return None
    kinds = ", ".join(f"{name} {n / calls:.1f}" for name, n in found.most_common() if n / calls >= 0.05)
    print(f"system calls {what}: {sum(found.values()) / calls:.1f} ({kinds})", flush=True)
    return sum(found.values()) / calls

"""The most calls that pass without loss: a search over how many talk."""
import dataclasses
import os

import processes

FULL = 0.93  # of a core: from there on whoever shares it says nothing about others


def pin(core, *pids):
    """All threads of these processes, and those that they will make, to this core."""
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(task), {core})


@dataclasses.dataclass
class Found:
    calls: int = 0             # the most that passed
    busy: float = 0.0          # of a core, what was measured had there
    stopped_by: str = ""       # why no more passed

    def __str__(self):
        return f"{self.calls} calls ({self.busy:.2f} of a core; more: {self.stopped_by})"


def talked(talkers, measured, beside, seconds, streams):
    """What was heard of so many streams that talked, and how busy (of a core) `measured` and `beside` were; pids."""
    then = processes.cpu(*measured), processes.cpu(*beside)
    heard = talkers.talk(seconds, streams)
    wall = seconds + (1.0 if heard["sent"] != heard["received"] else 0.0)
    return heard, *((processes.cpu(*pids) - before) / wall for pids, before in zip((measured, beside), then))


def most_calls(step, most):
    """`step(calls)` lets so many of `most` calls talk and gives what `talked` gives. It passes where no packet is lost and not one in
    1,000 is later than 20 ms."""
    low, high, found, calls = 0, most + 1, Found(), max(1, most // 4)
    while True:
        heard, busy, others = step(calls)
        lost, late = heard["sent"] - heard["received"], heard["late"]
        passed = lost == 0 and late * 1000 <= heard["sent"]
        print(f"  {calls:5} calls: {lost} of {heard['sent']} lost, {late} later than 20 ms, worst {heard['worst'] / 1000:.1f} ms; {busy:.2f} of a core, "
              f"beside it {others:.2f}", flush=True)
        if passed:
            low, found.calls, found.busy = calls, calls, busy
        else:
            high = calls
            found.stopped_by = f"{lost} lost, {late} late at {calls}" + (", the other core was full: it may carry more" if others > FULL else "")
        if low == most:
            found.stopped_by = "not tried"
        if high - low <= max(1, low // 20):
            return found
        calls = (low + high) // 2 if high <= most else min(most, calls * 2)

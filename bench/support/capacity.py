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


def most_calls(talkers, measured, beside, most, seconds, streams=2):
    """`measured`: the pids that have a core to themselves; `beside`: those on the other one, the phones among them. `most` calls are up,
    of `streams` talkers each. A step passes where no packet is lost and not one in 1,000 is later than 20 ms."""
    low, high, found, calls = 0, most + 1, Found(), max(1, most // 4)
    while True:
        then = processes.cpu(*measured), processes.cpu(*beside)
        heard = talkers.talk(seconds, calls * streams)
        wall = seconds + (1.0 if heard["sent"] != heard["received"] else 0.0)
        busy, others = (processes.cpu(*measured) - then[0]) / wall, (processes.cpu(*beside) - then[1]) / wall
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

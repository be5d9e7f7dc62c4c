#!/usr/bin/python3
"""./run bench rtp: CPU of an RTP packet through sbc and pbx-core, beside two rtpengines back to back (RTP to SRTP to RTP).
Calls between phones at a branch and phones beside the core, both talking; all processes of each side are counted."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import both_ends  # noqa: E402
import results  # noqa: E402
import processes  # noqa: E402
import rounds  # noqa: E402
import rtpengine  # noqa: E402
from roamdesk import VERSION  # noqa: E402

CALLS, SECONDS, ROUNDS = int(os.environ.get("CALLS", "100")), int(os.environ.get("SECONDS_", "12")), int(os.environ.get("ROUNDS", "3"))
OURS, PEER, GOAL = "sbc + pbx-core", "two rtpengines", 0.2


def main():
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        with both_ends.ours(CALLS, here) as ours, both_ends.peers(CALLS, here) as (peers, cipher):
            print(f"{CALLS} calls, {CALLS * 100} packets/s of 172 bytes, phases spread evenly, {ROUNDS} rounds by turns of {SECONDS} s; pbx-core and "
                  f"sbc {VERSION}, {rtpengine.version()} in user space, {cipher}", flush=True)
            spent, lost, counted = run({OURS: ours, PEER: peers})
    median = rounds.say(spent, "µs a packet, both ends")
    if lost:
        print("VOID: packets were lost:", *lost, sep="\n  ")
        sys.exit(1)
    print(f"packets lost: none of {counted}")
    print(f"RTP through both ends, CPU: {median[OURS] / median[PEER]:.2f} times two rtpengines (goal: at most {GOAL})")
    results.keep(f"RTP through SBC and core, {CALLS * 100} packets/s, CPU", median[OURS] / median[PEER], "times two rtpengines", GOAL)


def run(sides):
    spent, lost, counted = {name: [] for name in sides}, [], 0
    for number in range(ROUNDS + 1):
        for name, side in sides.items():
            before = processes.cpu(*side.pids)
            heard = side.talkers.talk(SECONDS if number else 2)
            used = processes.cpu(*side.pids) - before
            if number:
                spent[name].append(used / heard["sent"] * 1e6)
                counted += heard["sent"]
                if heard["received"] != heard["sent"]:
                    lost.append(f"{name}: {heard}")
    return spent, lost, counted


if __name__ == "__main__":
    main()

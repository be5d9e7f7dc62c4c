#!/usr/bin/python3
"""./run bench delay: what sbc and pbx-core add to the delay of a packet of voice, beside two rtpengines back to back, an
OpenVPN, and the bare route between two phones. At 1,000 and at 10,000 packets/s."""
import contextlib
import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import both_ends  # noqa: E402
import results  # noqa: E402
import rtpengine  # noqa: E402
import vpn  # noqa: E402
from roamdesk import VERSION  # noqa: E402
from talkers import Talkers, address  # noqa: E402

LOADS = [int(calls) for calls in os.environ.get("CALLS", "10,100").split(",")]
SECONDS, ROUNDS = int(os.environ.get("SECONDS_", "12")), int(os.environ.get("ROUNDS", "3"))
OURS, PEERS, VPN, BARE = "sbc + pbx-core", "two rtpengines", "OpenVPN", "bare route"
GOALS = {10: {"p50": 0.2, "p99": 1}, 100: {"p50": 1, "p99": 3}}  # calls → ms, of ours
BARE_CALLERS, BARE_CALLEES, BARE_PORT = "127.34.0.1", "127.35.0.1", 11784


@contextlib.contextmanager
def bare(calls, here):
    file = here / "bare"
    pairs = [(address(BARE_CALLERS, i), address(BARE_CALLEES, i)) for i in range(calls)]
    file.write_text("".join(f"{a} {b} {BARE_PORT}\n{b} {a} {BARE_PORT}\n" for a, b in pairs))
    talkers = Talkers("rtp", streams=file, port=BARE_PORT)
    yield talkers
    talkers.end()


def main():
    print(f"172 bytes a packet, phases spread evenly, {ROUNDS} rounds by turns of {SECONDS} s; pbx-core and sbc {VERSION}, "
          f"{rtpengine.version()} in user space, {vpn.version()}", flush=True)
    lost = []
    for calls in LOADS:
        with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name, contextlib.ExitStack() as stack:
            here = pathlib.Path(name)
            measure(calls, {OURS: stack.enter_context(both_ends.ours(calls, here)).talkers,
                            PEERS: stack.enter_context(both_ends.peers(calls, here))[0].talkers,
                            VPN: stack.enter_context(vpn.talkers(calls, here)),
                            BARE: stack.enter_context(bare(calls, here))}, lost)
    if lost:
        print("VOID: packets were lost:", *lost, sep="\n  ")
        sys.exit(1)


def measure(calls, sides, lost):
    seen = {side: [] for side in sides}
    for number in range(ROUNDS + 1):
        for side, talkers in sides.items():
            heard = talkers.talk(SECONDS if number else 2)
            if not number:
                continue
            seen[side].append(heard)
            if heard["received"] != heard["sent"] and side != VPN:
                lost.append(f"{calls} calls, {side}: {heard}")
    middle = {side: {key: statistics.median(r[key] for r in heard) for key in ("p50", "p99")} for side, heard in seen.items()}
    print(f"{calls} calls, {calls * 100} packets/s; delay less the bare route's, ms: p50, p99 (medians of the rounds), worst of all")
    width = max(map(len, sides))
    for side, heard in seen.items():
        missing = sum(r["sent"] - r["received"] for r in heard)
        if missing and side == VPN:  # not what ours is measured against: it is there to be looked at
            print(f"{side:{width}}  no figure: {missing} of {sum(r['sent'] for r in heard)} packets were lost", flush=True)
            continue
        less = middle[BARE] if side != BARE else {"p50": 0, "p99": 0}
        added = {key: (middle[side][key] - less[key]) / 1000 for key in less}
        worst = max(r["worst"] for r in heard)
        print(f"{side:{width}}  {added['p50']:7.3f} {added['p99']:7.3f} "
              f"{worst / 1000:7.3f}", flush=True)
        for key, value in added.items() if side != BARE else ():
            results.keep(f"added to a packet's delay at {calls * 100} packets/s by {side}, {key}", value, "ms", GOALS.get(calls, {}).get(key) if side == OURS else None)


if __name__ == "__main__":
    main()

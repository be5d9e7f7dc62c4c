#!/usr/bin/python3
"""./run bench calls: CPU of a call set up and torn down, pbx-core beside Kamailio with dialog and rtpengine. No RTP."""
import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import kamailio  # noqa: E402
import load  # noqa: E402
import rounds  # noqa: E402
import rtpengine  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

PHONES, RATE, HOLD = 400, int(os.environ.get("RATE", "50")), 300
OURS, PEER = "pbx-core", "kamailio + rtpengine"


class Both:
    """Kamailio and its rtpengine as one side."""

    def __init__(self, sip, media):
        self.sip, self.media = sip, media

    def cpu(self):
        return self.sip.cpu() + self.media.cpu()


def main():
    people = load.accounts(PHONES)
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        load.write_accounts(here / "accounts", people)
        with Roamdesk(people) as ours, \
                rtpengine.Rtpengine("calls.conf", "127.33.0.1", here / "media") as media, \
                kamailio.Kamailio("calls.cfg", "127.32.0.1", here / "sip", people,
                                  more=[("RTPENGINE", media.control)]) as sip:
            sides = {OURS: ours, PEER: Both(sip, media)}
            fleets = {OURS: load.Fleet(ours.address, here / "accounts", "127.16.0.1"),
                      PEER: load.Fleet(sip.address, here / "accounts", "127.18.0.1")}
            print(f"{PHONES // 2} pairs of phones, {RATE} calls/s of {HOLD} ms over UDP, {rounds.ROUNDS} rounds by turns of "
                  f"{rounds.turn_of(sides):.0f} s; pbx-core {VERSION}, {kamailio.version()}, {rtpengine.version()}")
            for fleet in fleets.values():
                fleet.run("register", 100, PHONES, warm_up=True)
            count = int(RATE * (rounds.turn_of(sides) - 1))
            parts = []

            def turn(which):
                before = sip.cpu()
                fleets[which].run("call", RATE, count, hold=HOLD)
                if which == PEER:
                    parts.append((sip.cpu() - before) / count * 1e6)
            spent = rounds.by_turns(sides, turn)
    median = rounds.say({n: [s / count * 1e6 for s in v] for n, v in spent.items()}, "µs a call")
    alone = statistics.median(parts[1:])
    print(f"of which Kamailio alone {alone:.0f} µs: pbx-core takes {median[OURS] / alone:.2f} times that")
    load.void(*fleets.values())
    print(f"call set up and torn down, CPU: {median[OURS] / median[PEER]:.2f} times Kamailio with rtpengine (goal: at most 1.5)")


if __name__ == "__main__":
    main()

"""CPU of calls that are set up and torn down: pbx-core beside Kamailio with rtpengine, by turns."""
import os
import pathlib
import statistics
import tempfile

import kamailio
import load
import results
import rounds
import rtpengine
from roamdesk import Roamdesk, VERSION

PHONES, RATE, HOLD = 400, int(os.environ.get("RATE", "50")), 300
OURS, PEER = "pbx-core", "kamailio + rtpengine"


class Both:
    """Kamailio and its rtpengine as one side."""

    def __init__(self, sip, media):
        self.sip, self.media = sip, media

    def cpu(self):
        return self.sip.cpu() + self.media.cpu()


def measure(config, title, what, goal, more=(), ports=(), prepare=None, call=None):
    """`config`: Kamailio's. `title`: what is about to be done, `what` has been measured, `goal` at most. `more`: for the configuration,
    beside rtpengine's address. `ports`: of the phones. `prepare(api)`: our side, before it. `call(side)`: what each call is told."""
    people = load.accounts(PHONES)
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        load.write_accounts(here / "accounts", people)
        with Roamdesk(people) as ours, \
                rtpengine.Rtpengine("calls.conf", "127.33.0.1", here / "media") as media, \
                kamailio.Kamailio(config, "127.32.0.1", here / "sip", people, more=[("RTPENGINE", media.control), *more]) as sip:
            if prepare:
                prepare(ours.world.api)
            sides = {OURS: ours, PEER: Both(sip, media)}
            fleets = {OURS: load.Fleet(ours.address, here / "accounts", "127.16.0.1", *ports),
                      PEER: load.Fleet(sip.address, here / "accounts", "127.18.0.1", *ports)}
            print(f"{title}, {rounds.ROUNDS} rounds by turns of {rounds.turn_of(sides):.0f} s; pbx-core {VERSION}, {kamailio.version()}, "
                  f"{rtpengine.version()}", flush=True)
            for fleet in fleets.values():
                fleet.run("register", 100, PHONES, warm_up=True)
            count = int(RATE * (rounds.turn_of(sides) - 1))
            parts = []

            def turn(which):
                before = sip.cpu()
                fleets[which].run("call", RATE, count, hold=HOLD, **(call(which) if call else {}))
                if which == PEER:
                    parts.append((sip.cpu() - before) / count * 1e6)
            spent = rounds.by_turns(sides, turn)
    median = rounds.say({n: [s / count * 1e6 for s in v] for n, v in spent.items()}, "µs a call")
    alone = statistics.median(parts[1:])
    print(f"of which Kamailio alone {alone:.0f} µs: pbx-core takes {median[OURS] / alone:.2f} times that")
    load.void(*fleets.values())
    print(f"{what}, CPU: {median[OURS] / median[PEER]:.2f} times Kamailio with rtpengine (goal: at most {goal})")
    results.keep(f"{what}, {RATE}/s, CPU", median[OURS] / median[PEER], "times Kamailio with rtpengine", goal)

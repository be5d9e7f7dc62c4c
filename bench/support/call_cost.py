"""CPU of calls that are set up and torn down: pbx-core beside Kamailio with rtpengine, by turns."""
import os
import pathlib
import statistics
import tempfile
import time

import kamailio
import load
import results
import rounds
import rtpengine
import system_calls
from roamdesk import Roamdesk, VERSION

RATE, HOLD = int(os.environ.get("RATE", "50")), 300
# In pairs, enough for calls of a second: no call waits for phones that are free.
PHONES = max(400, 2 * RATE)
# Calls before the first round: ports and memory are then as on any later day.
BEFORE = 600
# Seconds of calls whose system calls are counted.
WATCHED = 5
OURS, PEER = "pbx-core", "kamailio + rtpengine"


class Both:
    """Kamailio and its rtpengine as one side."""

    def __init__(self, sip, media):
        self.sip, self.media = sip, media

    def cpu(self):
        return self.sip.cpu() + self.media.cpu()


def idle(sides):
    """Prints what each takes while nobody calls."""
    before, seconds = {name: side.cpu() for name, side in sides.items()}, rounds.turn_of(sides)
    time.sleep(seconds)
    each = ", ".join(f"{name} {(side.cpu() - before[name]) / seconds * 1e3:.1f}" for name, side in sides.items())
    print(f"idle, CPU in ms a second: {each}; at {RATE} calls/s a {RATE}th of that is in each call", flush=True)


def measure(config, title, what, goal, more=(), ports=(), prepare=None, call=None, most=None):
    """`config`: Kamailio's. `title`: what is about to be done, `what` has been measured, `goal` at most. `more`: for the configuration,
    beside rtpengine's address. `ports`: of the phones. `prepare(api)`: our side, before it. `call(side)`: what each call is told.
    `most`: system calls that each of ours may make."""
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
            told = call or (lambda which: {})
            for name, fleet in fleets.items():
                fleet.run("call", 100, BEFORE, warm_up=True, hold=HOLD, **told(name))
            time.sleep(rounds.ROUND)
            idle(sides)
            count = int(RATE * (rounds.turn_of(sides) - 1))
            parts = []

            def turn(which):
                before = sip.cpu()
                fleets[which].run("call", RATE, count, hold=HOLD, **told(which))
                if which == PEER:
                    parts.append((sip.cpu() - before) / count * 1e6)
            spent = rounds.by_turns(sides, turn)
            # By itself: who is watched is slower.
            watched = int(RATE * WATCHED)
            calls = system_calls.count(ours.world.core.process.pid, lambda: fleets[OURS].run(
                "call", RATE, watched, warm_up=True, hold=HOLD, **told(OURS)))
    median = rounds.say({n: [s / count * 1e6 for s in v] for n, v in spent.items()}, "µs a call")
    alone = statistics.median(parts[1:])
    print(f"of which Kamailio alone {alone:.0f} µs: pbx-core takes {median[OURS] / alone:.2f} times that")
    load.void(*fleets.values())
    print(f"{what}, CPU: {median[OURS] / median[PEER]:.2f} times Kamailio with rtpengine (goal: at most {goal})")
    results.keep(f"{what}, {RATE}/s, CPU", median[OURS] / median[PEER], "times Kamailio with rtpengine", goal)
    a_call = system_calls.say(calls, watched, f"of {OURS}, a call")
    if a_call is not None:
        results.keep(f"{what}, {RATE}/s, system calls", a_call, "a call", most)

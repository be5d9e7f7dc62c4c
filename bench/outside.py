#!/usr/bin/python3
"""./run bench outside: CPU of a call to the outside set up and torn down: a phone, pbx-core, a provider that challenges; beside
Kamailio with dialog and uac, and rtpengine. No RTP."""
import os
import pathlib
import secrets
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import kamailio  # noqa: E402
import load  # noqa: E402
import rounds  # noqa: E402
import rtpengine  # noqa: E402
from calls import Both  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

PHONES, RATE, HOLD = 400, int(os.environ.get("RATE", "50")), 300
OURS, PEER = "pbx-core", "kamailio + rtpengine"
PORT, DIALLED = 5062, "0030987654"                    # of the phones and of the provider; 0 for an outside line, and a number of Berlin
PROVIDERS = {OURS: "127.17.0.1", PEER: "127.19.0.1"}  # one program, at an address for each side
USER, SECRET = "4930123450", secrets.token_hex(8)
NO_LIMIT = {"calls": 0, "calls_per_hour": 0, "minutes_per_hour": 0}


def lead_outside(api):
    """A trunk to the provider, which challenges it, and the way to it; nobody is limited in how often he calls."""
    api.patch("/settings", {"outside": NO_LIMIT})
    # No OPTIONS: between two turns there is no provider.
    api.post("/trunks", {"name": "provider", "kind": "address", "domain": load.DOMAIN, "server": f"{PROVIDERS[OURS]}:{PORT}", "transport": "udp",
                         "user": USER, "password": SECRET, "country": "DE", "area_code": "30", "main_number": f"+{USER}", "ping_s": 0})
    api.post("/outbound-rules", {"name": "outside", "position": 1, "pattern": "0.", "strip": 1, "trunks": ["provider"]})


def main():
    people = load.accounts(PHONES)
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        load.write_accounts(here / "accounts", people)
        with Roamdesk(people) as ours, \
                rtpengine.Rtpengine("calls.conf", "127.33.0.1", here / "media") as media, \
                kamailio.Kamailio("outside.cfg", "127.32.0.1", here / "sip", people, more=[
                    ("RTPENGINE", media.control), ("PROVIDER", f"{PROVIDERS[PEER]}:{PORT}"), ("TRUNK_USER", USER), ("TRUNK_REALM", load.DOMAIN),
                    ("TRUNK_SECRET", SECRET)]) as sip:
            lead_outside(ours.world.api)
            sides = {OURS: ours, PEER: Both(sip, media)}
            fleets = {OURS: load.Fleet(ours.address, here / "accounts", "127.16.0.1", PORT),
                      PEER: load.Fleet(sip.address, here / "accounts", "127.18.0.1", PORT)}
            print(f"{PHONES} phones, {RATE} calls/s of {HOLD} ms to a provider that challenges each, UDP, {rounds.ROUNDS} rounds by turns of "
                  f"{rounds.turn_of(sides):.0f} s; pbx-core {VERSION}, {kamailio.version()}, {rtpengine.version()}", flush=True)
            for fleet in fleets.values():
                fleet.run("register", 100, PHONES, warm_up=True)
            count = int(RATE * (rounds.turn_of(sides) - 1))
            parts = []

            def turn(which):
                before = sip.cpu()
                fleets[which].run("call", RATE, count, hold=HOLD, provider=PROVIDERS[which], user=USER, password=SECRET, number=DIALLED)
                if which == PEER:
                    parts.append((sip.cpu() - before) / count * 1e6)
            spent = rounds.by_turns(sides, turn)
    median = rounds.say({n: [s / count * 1e6 for s in v] for n, v in spent.items()}, "µs a call")
    alone = statistics.median(parts[1:])
    print(f"of which Kamailio alone {alone:.0f} µs: pbx-core takes {median[OURS] / alone:.2f} times that")
    load.void(*fleets.values())
    print(f"outside call set up and torn down, CPU: {median[OURS] / median[PEER]:.2f} times Kamailio with rtpengine (goal: at most 0.8)")


if __name__ == "__main__":
    main()

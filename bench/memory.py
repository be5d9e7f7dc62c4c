#!/usr/bin/python3
"""./run bench memory: resident memory of registered phones and of calls that are up, pbx-core beside Kamailio, and beside it with rtpengine."""
import os
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import kamailio  # noqa: E402
import load  # noqa: E402
import results  # noqa: E402
import rtpengine  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

SIZES = [int(phones) for phones in os.environ.get("PHONES", "10000,100000").split(",")]
CALLS = int(os.environ.get("CALLS", "1000"))
RATE, CALL_RATE, GOAL = 700, 100, 0.6
OURS, PEER = "pbx-core", "kamailio"
# After RFC 3261's timer J (32 s), so that no transaction is held any more, and until what is behind is on disk and the core has
# given back what the burst has left (it looks every 20 s).
REST = 60
# The two Kamailios of a measurement run side by side.
SIDES = {OURS: lambda people, directory: Roamdesk(people),
         PEER: lambda people, directory: kamailio.Kamailio("register.cfg", f"127.32.0.{len(people) % 2 + 1}", directory, people)}


def registered(name, people, here):
    """(bytes with no phone known, bytes with all registered and at rest)."""
    with SIDES[name]([people[0]], here / "none") as none, SIDES[name](people, here / "all") as server:
        fleet = load.Fleet(server.address, here / "accounts", "127.16.0.1")
        # The phones stay and answer: a core asks them for a sign of life, and what they don't answer it keeps and repeats.
        fleet.run("register", RATE, len(people), warm_up=True, linger=REST * 1000)
        empty, full, kept = none.resident(), server.resident(), server.stored()
    load.void(fleet)
    if kept != len(people):
        sys.exit(f"VOID: {name} has {kept} registrations on disk")
    return empty, full


def phones(count):
    people, found = load.accounts(count), {}
    for name in SIDES:
        with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as directory:
            here = pathlib.Path(directory)
            load.write_accounts(here / "accounts", people)
            empty, found[name] = registered(name, people, here)
        print(f"{count} phones: {name:9} {empty / 1e6:6.1f} MB with one phone defined and none registered, {found[name] / 1e6:6.1f} MB with all: "
              f"{(found[name] - empty) / count:.0f} bytes a phone", flush=True)
    ratio = found[OURS] / found[PEER]
    print(f"memory for {count} registered phones: {ratio:.2f} times Kamailio (goal: at most {GOAL})", flush=True)
    results.keep(f"memory of {count} registered phones", ratio, "times Kamailio", GOAL)


def up(server, resident, here):
    """Bytes before the calls, and with all of them up."""
    fleet = load.Fleet(server.address, here / "accounts", "127.16.0.1")
    fleet.run("register", RATE, 2 * CALLS, warm_up=True)
    before, ramp = resident(), CALLS / CALL_RATE
    calling = threading.Thread(target=lambda: fleet.run("call", CALL_RATE, CALLS, hold=int(1000 * (ramp + 6))))
    calling.start()
    time.sleep(ramp + 3)
    during = resident()
    calling.join()
    load.void(fleet)
    return before, during


def calls():
    people, found = load.accounts(2 * CALLS), {}
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as directory:
        here = pathlib.Path(directory)
        load.write_accounts(here / "accounts", people)
        with Roamdesk(people) as core:
            found[OURS] = up(core, core.resident, here)
        with rtpengine.Rtpengine("calls.conf", "127.33.0.1", here / "media") as media, \
                kamailio.Kamailio("calls.cfg", "127.32.0.1", here / "sip", people, more=[("RTPENGINE", media.control)]) as sip:
            found[f"{PEER} + rtpengine"] = up(sip, lambda: sip.resident() + media.resident(), here)
    for name, (before, during) in found.items():
        print(f"{CALLS} calls up: {name:20} {before / 1e6:6.1f} MB before, {during / 1e6:6.1f} MB with them: {(during - before) / CALLS / 1000:.1f} kB a call", flush=True)
    ours, theirs = (during for _, during in found.values())
    print(f"memory with {CALLS} calls up: {ours / theirs:.2f} times Kamailio with rtpengine", flush=True)
    results.keep(f"memory with {CALLS} calls up", ours / theirs, "times Kamailio with rtpengine")


def main():
    print(f"pbx-core {VERSION}, {kamailio.version()}, {rtpengine.version()}; PSS, of phones {REST} s after the last registration", flush=True)
    for count in SIZES:
        phones(count)
    if CALLS:
        calls()


if __name__ == "__main__":
    main()

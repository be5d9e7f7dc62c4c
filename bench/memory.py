#!/usr/bin/python3
"""./run bench memory: resident memory of 10,000 registered phones, pbx-core beside Kamailio."""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import kamailio  # noqa: E402
import load  # noqa: E402
import rounds  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

PHONES, RATE, ROUNDS = 10_000, 700, 1  # a memory figure differs by less than 1 % from run to run
OURS, PEER = "pbx-core", "kamailio"
# After RFC 3261's timer J (32 s), so that no transaction is held any more, and until what is behind is on disk and the core has
# given back what the burst has left (it looks every 20 s).
REST = 60
# The two Kamailios of a measurement run side by side.
SIDES = {OURS: lambda people, directory: Roamdesk(people),
         PEER: lambda people, directory: kamailio.Kamailio("register.cfg", f"127.32.0.{len(people) % 2 + 1}", directory,
                                                           people)}


def measure(name, people, here):
    """(bytes with no phone known, bytes with all registered and at rest)."""
    with SIDES[name]([people[0]], here / "none") as none, SIDES[name](people, here / "all") as server:
        fleet = load.Fleet(server.address, here / "accounts", "127.16.0.1")
        fleet.run("register", RATE, len(people), warm_up=True)
        time.sleep(REST)
        empty, full, kept = none.resident(), server.resident(), server.stored()
    load.void(fleet)
    if kept != len(people):
        sys.exit(f"VOID: {name} has {kept} registrations on disk")
    return empty, full


def main():
    people = load.accounts(PHONES)
    found = {name: [] for name in SIDES}
    print(f"{PHONES} phones; pbx-core {VERSION}, {kamailio.version()}; PSS, {REST} s after the last registration")
    for number in range(ROUNDS):
        for name in SIDES:
            with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as directory:
                here = pathlib.Path(directory)
                load.write_accounts(here / "accounts", people)
                empty, full = measure(name, people, here)
            print(f"round {number + 1}: {name:9} {empty / 1e6:6.1f} MB with one phone defined and none registered, "
                  f"{full / 1e6:6.1f} MB with all: {(full - empty) / PHONES:.0f} bytes a phone", flush=True)
            found[name].append(full / 1e6)
    median = rounds.say(found, "MB")
    print(f"memory for {PHONES} registered phones: {median[OURS] / median[PEER]:.2f} times Kamailio (goal: below 1)")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""./run bench register: CPU of a REGISTER with digest (401, then 200), pbx-core beside Kamailio."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import results  # noqa: E402
import kamailio  # noqa: E402
import load  # noqa: E402
import rounds  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

PHONES, RATE, GOAL = 2000, 500, 0.35
OURS, PEER, MEMORY = "pbx-core", "kamailio", "kamailio, no database"


def main():
    people = load.accounts(PHONES)
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        load.write_accounts(here / "accounts", people)
        with Roamdesk(people) as ours, \
                kamailio.Kamailio("register.cfg", "127.32.0.1", here / "with", people) as peer, \
                kamailio.Kamailio("register.cfg", "127.32.0.2", here / "without", people, db_mode=0) as bare:
            sides = {OURS: ours, PEER: peer, MEMORY: bare}
            fleets = {n: load.Fleet(s.address, here / "accounts", f"127.{16 + i * 2}.0.1") for i, (n, s) in
                      enumerate(sides.items())}
            print(f"{PHONES} phones, {RATE} registrations/s over UDP, {rounds.ROUNDS} rounds by turns of "
                  f"{rounds.turn_of(sides):.0f} s; pbx-core {VERSION}, {kamailio.version()}")
            for fleet in fleets.values():
                fleet.run("register", RATE, PHONES, warm_up=True)
            count = int(RATE * (rounds.turn_of(sides) - 1))
            spent = rounds.by_turns(sides, lambda n: fleets[n].run("register", RATE, count))
            kept = {n: s.stored() for n, s in sides.items()}
            print("registrations on disk:", ", ".join(f"{n} {k}" for n, k in kept.items()))
    median = rounds.say({n: [s / count * 1e6 for s in v] for n, v in spent.items()}, "µs a registration")
    load.void(*fleets.values())
    if kept[OURS] != PHONES or kept[PEER] != PHONES:
        sys.exit("VOID: not every registration is on disk")
    print(f"REGISTER with digest, CPU: {median[OURS] / median[PEER]:.2f} times Kamailio (goal: at most {GOAL})")
    results.keep("REGISTER with digest, CPU", median[OURS] / median[PEER], "times Kamailio", GOAL)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""./run bench growth: what a core with few and with many phones and SBCs costs: start, memory, REGISTER, call, login, lamp. README.md says how."""
import asyncio
import os
import pathlib
import re
import sqlite3
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import load  # noqa: E402
import processes  # noqa: E402
import results  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402
import story  # noqa: E402

# Phones and SBCs in the store. A phone in ten stands beside the core, the others in turn at the SBCs.
SIZES = [tuple(map(int, size.split("x"))) for size in os.environ.get("SIZES", "10x1 1000x20 100000x2000").split()]
LIVE = 10                        # phones that say something; the first ones
RATE, REGISTRATIONS, CALLS = 200, 2000, 200
LOGINS, LAMPS = int(os.environ.get("LOGINS", 10)), 20
START = 3.0                      # seconds; the goal
NEXT_YEAR = int(time.time() + 365 * 86400) * 1000


class Grown:
    """A core whose store holds it all already, as if every phone had registered before the core ended."""

    def __init__(self, phones, sbcs, here):
        self.people = load.accounts(phones)
        self.names = [f"branch-{i + 1}" for i in range(sbcs)]
        sites = {a.mac: self.names[i % sbcs] for i, a in enumerate(self.people) if i >= LIVE and i % 10}
        self.core = Roamdesk(self.people, sites, pnp=True)
        self.accounts = here / "live"
        load.write_accounts(self.accounts, self.people[:LIVE])
        with sqlite3.connect(self.core.file) as db:
            db.executemany("INSERT INTO sbcs (name, time_zone, certificate_serial, enrolment_secret_hash) VALUES (?, 'Europe/Berlin', ?, '')",
                           [(name, f"{i:032x}") for i, name in enumerate(self.names)])
            db.execute("UPDATE phones SET web_password = hex(randomblob(8))")
            db.executemany("INSERT INTO bindings (mac, aor_user, digest_user, contact, site, transport, face, peer, call_id, cseq, user_agent, expires) "
                           "VALUES (?, ?, ?, ?, ?, 'udp', ?, ?, ?, 1, 'Yealink SIP-T46S 66.85.0.5', ?)",
                           [self.binding(i, a, sites.get(a.mac, "local")) for i, a in enumerate(self.people)])
        db.close()

    def binding(self, i, a, site):
        if site == "local":
            face, peer = self.core.address, f"127.{100 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}:5062"
        else:
            face, peer = "192.168.1.5:5060", f"192.168.1.{i % 200 + 20}:5062"
        return a.mac, a.number, a.user, f"sip:{a.number}@{peer}", site, face, peer, f"{a.mac}@{peer}", NEXT_YEAR

    def fleet(self):
        return load.Fleet(self.core.address, self.accounts, "127.100.0.1")


def first_call(grown):
    """Seconds from the start of the program until it is ready, and to the end of the first call, between phones that didn't register again."""
    world, began = grown.core.world, time.monotonic()
    world.core.start()
    world.wait_core(timeout=120)
    ready = time.monotonic() - began
    fleet = grown.fleet()
    fleet.run("call", 50, 1, hold=0)
    load_began = time.monotonic() - began
    if fleet.faults:
        sys.exit(f"the first call: {fleet.faults}")
    world.api.log_in()
    return ready, load_began


def signalling(grown):
    """CPU of a REGISTER and of a call, in µs."""
    fleet, spent = grown.fleet(), {}
    fleet.run("register", RATE, LIVE, warm_up=True)
    for what, rate, count, more in (("register", RATE, REGISTRATIONS, {}), ("call", 20, CALLS, {"hold": 50})):
        time.sleep(1)
        before = grown.core.cpu()
        fleet.run(what, rate, count, **more)
        time.sleep(1)
        spent[what] = (grown.core.cpu() - before) / count * 1e6
    load.void(fleet)
    return spent["register"], spent["call"]


async def people_at_desks(grown):
    """Median seconds of a login in the core, and from a call's INVITE to the lamp that shows it."""
    world = grown.core.world
    world.macs = 0x800000  # beyond those of the accounts
    await story.in_thread(lambda: world.extension("299", "Watched", hot_desking=False))
    await story.in_thread(lambda: world.extension("298", "Traveller", keys=[{"type": "blf", "value": "299", "label": "Watched"}]))
    watched, desk = world.phone("yealink"), world.phone("yealink")
    await story.own_phone(world, watched, "299")
    await story.new_hot_desk(world, desk)
    for _ in range(LOGINS):
        await story.log_in(world, desk, "298")
        await asyncio.sleep(3.1)
        await story.in_thread(world.api.delete, f"/hot-desks/{desk.mac}/session")
        await story.idle_again(world, desk)
        await asyncio.sleep(3.1)
    logins = [float(ms) / 1e3 for ms in re.findall(r"login\.answered .*?ok=true.*? ms=([\d.]+)", world.core.text())]
    await story.log_in(world, desk, "298")
    await story.lamp(desk, "299", "idle")
    lamps = []
    for _ in range(LAMPS):
        await asyncio.sleep(1)  # a watcher is told twice a second at most
        began = time.monotonic()
        call = await watched.dial("298")
        await story.lamp(desk, "299", "busy")
        lamps.append(time.monotonic() - began)
        await call.hang_up()
        await story.lamp(desk, "299", "idle")
    await story.off(watched, desk)
    return statistics.median(logins), statistics.median(lamps)


def measure(phones, sbcs):
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        grown = Grown(phones, sbcs, pathlib.Path(name))
        try:
            starts = []
            for _ in range(3):
                starts.append(first_call(grown))
                memory = grown.core.resident()
                if len(starts) < 3:
                    grown.core.world.core.stop()
            used = processes.cpu(grown.core.world.core.process.pid)
            register, call = signalling(grown)
            login, lamp = asyncio.run(people_at_desks(grown))
        finally:
            grown.core.world.close()
    ready, first = (statistics.median(s[i] for s in starts) for i in (0, 1))
    print(f"{phones:7} phones, {sbcs:5} SBCs: ready {ready:.2f} s, first call ended {first:.2f} s ({used:.1f} s of CPU), {memory / 1e6:.0f} MB; REGISTER {register:.0f} µs, "
          f"call {call:.0f} µs, login {login * 1e3:.0f} ms, lamp {lamp * 1e3:.1f} ms", flush=True)
    results.keep(f"growth: {phones} phones, {sbcs} SBCs", first, "s to the first call", None,
                 **{"phones": phones, "start": first, "memory": memory / 1e6, "REGISTER": register, "call": call, "login": login * 1e3, "lamp": lamp * 1e3})
    return first


def main():
    print(f"pbx-core {VERSION}; {os.cpu_count()} cores; a store with everything in it, every phone registered before the start", flush=True)
    firsts = [measure(*size) for size in SIZES]
    print(f"start with {SIZES[-1][0]} phones and {SIZES[-1][1]} SBCs to the end of the first call: {firsts[-1]:.2f} s (goal: below {START:.0f})")
    results.keep(f"start with {SIZES[-1][0]} phones and {SIZES[-1][1]} SBCs, to the end of the first call", firsts[-1], "s", START)


if __name__ == "__main__":
    main()

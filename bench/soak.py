#!/usr/bin/python3
"""./run bench soak: a company's day in minutes, with the real programs: whether anything grows, and whether anything is left when everybody
has gone home. Each round people log in at desks, mistype, call each other, call nobody, and log out; phones lose their power and come back,
and from time to time an SBC does."""
import asyncio
import collections
import contextlib
import os
import pathlib
import random
import re
import signal
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
for part in ("support", "../tests/support"):
    sys.path.insert(0, str(HERE / part))
import results  # noqa: E402
from roamdesk import VERSION  # noqa: E402
import story  # noqa: E402
from harness import World, eventually, in_thread  # noqa: E402

ROUNDS, SEED = int(os.environ.get("ROUNDS", "48")), int(os.environ.get("SEED", "1"))
MOST_MISTYPED = 15  # of one person; with the 20th of an hour all that he types is refused everywhere, as it should be
SOME = 4            # rounds of which a figure is the median
MOST_MEMORY, MOST_FILES = 1.03, 2
BEGIN = ROUNDS * 2 // 3    # of what the end is compared with
KILLED, STAYS = "branch-1", "branch-2"    # their SBCs: one loses its power from time to time
PLACES = (("yealink", "local"), ("snom", "local"), ("fanvil", KILLED), ("grandstream", STAYS))


def memory(program):
    """Resident, in kB, of which nothing is shared with others (PSS)."""
    return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{program.process.pid}/smaps_rollup").read_text(), re.M)[1])


def files(program):
    """But for UDP sockets: those of RTP stay open for the next call at their ports, up to a bound, and `left` sees that none is in use."""
    of = pathlib.Path(f"/proc/{program.process.pid}")
    udp = {f"socket:[{line.split()[9]}]" for name in ("udp", "udp6") for line in (of / "net" / name).read_text().splitlines()[1:]}
    open_ = []
    for file in (of / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            open_.append(os.readlink(file))
    return sum(file not in udp for file in open_)


def figures(world):
    text = world.metrics_of_core().request("GET", "/metrics")[2].decode()
    return {name: float(value) for name, value in re.findall(r"^(roamdesk_\w+)(?:\{\})? ([\d.e+-]+)$", text, re.M)}


class Company:
    def __init__(self, world):
        self.world, self.random = world, random.Random(SEED)
        self.calls = self.log_ins = self.failures = 0
        self.mistyped = collections.Counter()    # by number, since it was unlocked

    async def opens(self):
        self.people = [str(301 + at) for at in range(len(PLACES))]
        for number in self.people:
            await in_thread(self.world.extension, number, f"Person {number}")
        self.desks = []
        for vendor, site in PLACES:
            phone = self.world.phone(vendor, site)
            await story.new_hot_desk(self.world, phone)
            self.desks.append(phone)

    async def hour(self):
        order = self.random.sample(self.people, len(self.people))
        # One a round: a desk at which more are mistyped in so short a day is locked, as it should be.
        mistypes = self.random.choice(self.desks)
        await asyncio.gather(*(self.arrive(desk, number, desk is mistypes) for desk, number in zip(self.desks, order)))
        pairs = self.random.sample(range(len(order)), len(order))
        for _ in range(2):
            await asyncio.gather(*(self.talk(self.desks[a], self.desks[b], order[b]) for a, b in zip(pairs[::2], pairs[1::2])))
            pairs.reverse()
        assert await story.refused(self.desks[0], "399") == 404    # nobody's number
        self.failures += 1
        await asyncio.gather(*(story.log_out(self.world, desk) for desk in self.desks))
        off = self.random.choice(self.desks)
        await off.power_off()
        assert await story.refused(self.desks[self.desks.index(off) - 1], order[0]) >= 400
        await off.power_on()
        await off.fetch(boot=True)
        await off.until(lambda: (off.registered_as or "").startswith("HD"), 30, "registration after its power came back")
        self.failures += 2

    async def arrive(self, desk, number, mistypes):
        if mistypes:
            wrong = await story.dial_code(desk, f"{story.CODE}{number}*")
            await story.hears_something(desk, wrong)
            await wrong.press("0000#")
            await wrong.hang_up()
            self.failures += 1
            self.mistyped[number] += 1
        await story.log_in(self.world, desk, number)
        self.log_ins += 1
        # Of a day that lasts minutes the wrong PINs all fall into one hour: an operator unlocks who has many.
        if self.mistyped[number] >= MOST_MISTYPED:
            await in_thread(self.world.api.post, f"/extensions/{number}/unlock")
            del self.mistyped[number]

    async def talk(self, caller, callee, number):
        await story.talk(caller, callee, number)
        self.calls += 1


async def left(world):
    """What is still there when all have gone home; empty once nothing is."""
    now = {}

    def nothing():
        now.clear()
        now.update({k: v for k, v in figures(world).items() if k in ("roamdesk_calls", "roamdesk_sessions", "roamdesk_rtp_ports") and v})
        return not now
    try:
        await eventually(lambda: nothing(), 60, "nothing left", every=0.5)
    except AssertionError:
        pass
    return dict(now)


async def day(world):
    company, bad = Company(world), []
    programs = {"pbx-core": world.core, "sbc": world.sbcs[STAYS]}
    await company.opens()
    seen = {name: [] for name in programs}
    opened = {name: [] for name in programs}
    for number in range(1, ROUNDS + 1):
        await company.hour()
        if number % 8 == 5:
            sbc = world.sbcs[KILLED]
            await in_thread(sbc.stop, signal.SIGKILL)
            sbc.start()
            await in_thread(world.wait_sbc, KILLED)
            company.failures += 1
        for name, program in programs.items():
            seen[name].append(memory(program))
            opened[name].append(files(program))
        print(f"  hour {number}: " + "; ".join(f"{n} {seen[n][-1]:,} kB, {opened[n][-1]} files" for n in programs), flush=True)
    still, ratios = await left(world), []
    if still:
        bad.append(f"left at the end: {still}")
    for name in programs:
        # Until then caches, the last calls' messages and the heap become what they will be.
        first, early, late = (statistics.median(seen[name][at:at + SOME]) for at in (SOME, BEGIN, ROUNDS - SOME))
        ratios.append(late / early)
        print(f"{name}: {first:,.0f} kB in the morning, {early:,.0f} kB in the afternoon, {late:,.0f} kB at the end ({ratios[-1]:.3f} times the "
              f"afternoon's); files {opened[name][BEGIN]}, {opened[name][-1]}")
        if ratios[-1] > MOST_MEMORY:
            bad.append(f"{name} grew {ratios[-1]:.3f} times")
        if opened[name][-1] > opened[name][BEGIN] + MOST_FILES:
            bad.append(f"{name} has {opened[name][-1] - opened[name][BEGIN]} more files open")
    await story.off(*world.phones)
    story.no_faults(*world.phones)
    return company, bad, max(ratios)


def main():
    if BEGIN < 2 * SOME or ROUNDS < BEGIN + 2 * SOME:
        sys.exit("ROUNDS is at least 24: the last rounds are compared with those after two thirds")
    print(f"a day of {ROUNDS} rounds, seed {SEED}; pbx-core and sbc {VERSION}", flush=True)
    began, world, failed = time.monotonic(), World("soak", level="info"), True
    try:
        world.start_core()
        for branch in (KILLED, STAYS):
            world.start_sbc(branch)
        company, bad, ratio = asyncio.run(day(world))
        failed = bool(bad)
    finally:
        world.close(failed)
    print(f"{company.log_ins} log-ins, {company.calls} calls, {company.failures} failures in {time.monotonic() - began:.0f} s")
    for what in bad:
        print(f"VOID: {what}")
    print(f"soak: memory {ratio:.3f} times that of the afternoon (at most {MOST_MEMORY}), {'void' if bad else 'nothing left'}")
    results.keep(f"a company's day of {ROUNDS} rounds: memory at its end", ratio, "times the afternoon's", MOST_MEMORY)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()

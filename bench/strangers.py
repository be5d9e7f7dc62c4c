#!/usr/bin/python3
"""./run bench strangers: what a flood by strangers costs phones beside the core and at a branch: 20,000 forged datagrams a
second from 100,000 sources, of each kind, and 1,000 TCP connections a second at the tunnel's port and at SIP over TLS."""
import asyncio
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "support"))
import story  # noqa: E402
from harness import World  # noqa: E402
from strangers import DATAGRAMS, LOCAL, Site, flooded, in_thread, percentile, resident, shown  # noqa: E402

SECONDS, RATE = int(os.environ.get("SECONDS_", "10")), int(os.environ.get("RATE", "20000"))
BRANCH, OTHER = "branch-1", "branch-2"
CALLS_FOR_HELP = 20
FORGOTTEN = 150              # seconds: a stranger's flow is kept for two minutes


def faults(figures, quiet):
    """What isn't as it should be, in words."""
    if figures["lost"]:
        yield f"{figures['lost']} RTP packets lost"
    if None in figures["help"]:
        yield f"{figures['help'].count(None)} calls to 112 unanswered"
    if figures["new"] is None or figures["new"] > 5:
        yield "a new phone wasn't registered within 5 s"
    if any(took is None or took > 0.7 for took in figures["known"]):
        yield "a known phone needed more than two tries"
    if None in figures["set_ups"] or percentile(figures["set_ups"], 0.95) > percentile(quiet, 0.95) + 0.1:
        yield "call set-up: over the quiet p95 and 100 ms"
    if figures["lines"] * 60 > 100 * max(60, SECONDS):
        yield f"{figures['lines']} log lines"


async def one_site(world, where, numbers, bad):
    site = await Site(world, where, numbers).build()
    quiet = await site.quiet(40)
    memory, before = {}, resident(world.core)

    async def run(name, *arguments, **more):
        figures = await flooded(site, *arguments, helps=CALLS_FOR_HELP, **more)
        found = list(faults(figures, quiet))
        bad.extend(f"{where}, {name}: {fault}" for fault in found)
        took = "" if figures["extra"] is None else f", a restarted SBC back after {figures['extra']:.2f} s"
        print(f"{where}, {name}, {figures['sent'] / SECONDS:.0f}/s: {shown(figures, quiet)}{took}", flush=True)
        memory[name] = resident(world.core)

    for kind in DATAGRAMS:
        await run(kind, kind, SECONDS, RATE)
    await run("connections at 5061", "connect", SECONDS, 1000, f"{site.face}:5061")

    async def comes_back():
        sbc = world.sbcs[OTHER]
        await in_thread(sbc.kill)
        await in_thread(world.wait_sbc, OTHER, False, 30)
        began = time.monotonic()
        await in_thread(sbc.start)
        await in_thread(world.wait_sbc, OTHER, True, 30)
        took = time.monotonic() - began
        if took > 5:
            bad.append(f"{where}, connections at 5090: the SBC was back after {took:.1f} s")
        return took
    await run("connections at 5090", "connect", SECONDS, 1000, f"{world.core_ip}:5090", meanwhile=comes_back)
    most = max(memory.values())
    await asyncio.sleep(FORGOTTEN)
    after = resident(world.core)
    print(f"{where}: the core's memory {before / 2**20:.0f} MB before, {most / 2**20:.0f} MB at most, {after / 2**20:.0f} MB when strangers' "
          f"flows are forgotten", flush=True)
    if after - before > 20 << 20:
        bad.append(f"{where}: memory isn't flat")
    await story.off(*site.phones)


async def main():
    bad = []
    with World("strangers", level="info", sips=True) as world:
        await in_thread(world.start_core)
        for name in (BRANCH, OTHER):
            await in_thread(world.start_sbc, name)
        for n, where in enumerate((LOCAL, BRANCH)):
            numbers = [str(200 + 10 * n + i) for i in range(7)]
            for number in numbers:
                await in_thread(world.extension, number, f"Person {number}")
            await one_site(world, where, numbers, bad)
        texts = [p.text() for p in [world.core] + list(world.sbcs.values())]
        print(f"log: {max(len(t.splitlines()) for t in texts)} lines in the whole run, of the program that wrote most")
    if bad:
        print("NOT AS IT SHOULD BE:", *bad, sep="\n  ")
        sys.exit(1)
    print("all figures are within their bounds")


if __name__ == "__main__":
    asyncio.run(main())

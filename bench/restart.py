#!/usr/bin/python3
"""./run bench restart: the core restarted (SIGTERM, as an upgrade does) while calls are up: at the core, between core and branch, and
within the branch. How long the audio of any of them was away, and whether all are up afterwards."""
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import results  # noqa: E402
import load  # noqa: E402
from roamdesk import VERSION, Roamdesk  # noqa: E402
from talkers import Talkers  # noqa: E402

CALLS, ROUNDS, SECONDS = int(os.environ.get("CALLS", "100")), int(os.environ.get("ROUNDS", "3")), int(os.environ.get("SECONDS_", "14"))
BEFORE = 3        # seconds of talk before the restart; what follows is long enough for the core to ask each phone for its dialog
LONGEST = {"at the core": 1.0, "to the branch": 2.0, "at home": 0.1}
BRANCH = "branch-1"


class Group:
    """Calls of one kind. `sites`: where callers and callees are."""

    def __init__(self, what, count, sites, number):
        self.what, self.count, self.sites, self.number = what, count, sites, number
        self.port, self.rtp = 5062 + 2 * number, 11780 + 2 * number
        self.gaps = []

    def stand(self, core, people, faces, here):
        """Registers them, and calls."""
        self.people = people
        callers, callees = people[::2], people[1::2]
        at = {site: f"{face.rpartition('.')[0]}.{40 + 60 * self.number}" if site == BRANCH else f"127.{20 + self.number}.0.1" for site, face in faces.items()}
        base = at[self.sites[0]]
        beside = at[self.sites[1]] if self.sites[0] != self.sites[1] else f"{base.rpartition('.')[0]}.{int(base.rpartition('.')[2]) + self.count}"
        files = [here / f"{self.number}-{who}" for who in ("all", "callers", "callees")]
        for file, some in zip(files, (people, callers, callees)):
            load.write_accounts(file, some)
        for site, file, place in zip(self.sites, files[1:], (base, beside)):
            load.Fleet(f"{faces[site]}:5060", file, place, self.port).run("register", 50, self.count)
        self.talkers = Talkers("talk", server=f"{faces[self.sites[0]]}:5060", domain=load.DOMAIN, accounts=files[0], base=base, callees=beside,
                               port=self.port, rtp=self.rtp, rate=20, count=self.count)


def main():
    core, branch, home = CALLS * 3 // 5, CALLS // 5, CALLS // 5
    groups = [Group("at the core", core, ("local", "local"), 0), Group("to the branch", branch, (BRANCH, "local"), 1),
              Group("at home", home, (BRANCH, BRANCH), 2)]
    people = load.accounts(2 * sum(g.count for g in groups))
    bad, sites, first = [], {}, 0
    for group in groups:
        group.people = people[first:first + 2 * group.count]
        first += 2 * group.count
        for index, account in enumerate(group.people):
            sites[account.mac] = group.sites[index % 2]
    print(f"{sum(g.count for g in groups)} calls ({', '.join(f'{g.count} {g.what}' for g in groups)}), {ROUNDS} restarts; pbx-core and sbc {VERSION}", flush=True)
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name, Roamdesk(people, sites) as core:
        sbc = core.world.start_sbc(BRANCH, pnp=False)
        faces = {"local": core.world.core_ip, BRANCH: sbc.lan}
        for group in groups:
            group.stand(core, group.people, faces, pathlib.Path(name))
        for number in range(1, ROUNDS + 1):
            bad += restarted(core.world, groups, number)
        for group in groups:
            group.talkers.end()
            ended = json.loads(group.talkers.process.stdout.read())
            if ended["done"] != group.count:
                bad.append(f"{ended['done']} of {group.count} calls {group.what} could be hung up")
    for group in groups:
        print(f"audio away {group.what}: {statistics.median(group.gaps) * 1000:.0f} ms, at most {max(group.gaps) * 1000:.0f} ms")
        results.keep(f"core restarted during {CALLS} calls: longest silence {group.what}", max(group.gaps) * 1000, "ms", LONGEST[group.what] * 1000)
    if bad:
        print("NOT AS IT SHOULD BE:", *bad, sep="\n  ")
        sys.exit(1)
    print(f"calls up after {ROUNDS} restarts: all {sum(g.count for g in groups)}")


def restarted(world, groups, number):
    """One restart; what isn't as it should be."""
    before = {call["id"] for call in world.api.get("/calls")}
    for group in groups:
        group.talkers.begin(SECONDS)
    time.sleep(BEFORE)
    took = world.restart_core()
    heard = [group.talkers.heard() for group in groups]
    world.wait_sbc(BRANCH)
    said = []
    for group, figures in zip(groups, heard):
        gap = figures["gap"] / 1e6
        group.gaps.append(gap)
        said.append(f"{group.what} {gap * 1000:.0f} ms")
        if gap > LONGEST[group.what]:
            yield f"restart {number}: audio {group.what} was away for {gap:.2f} s"
    after = {call["id"] for call in world.api.get("/calls")}
    print(f"restart {number}: ready again after {took * 1000:.0f} ms; longest silence of any call {', '.join(said)}; {len(after & before)} of {len(before)} calls up", flush=True)
    expected = sum(group.count for group in groups)
    if len(before) != expected or after != before:
        yield f"restart {number}: {len(after & before)} of {len(before)} calls are up, {expected} expected"
    # Nobody is silent for good.
    for group in groups:
        group.talkers.begin(2)
    for group in groups:
        figures = group.talkers.heard()
        if figures["received"] < figures["sent"] * 0.999:
            yield f"restart {number}: of {figures['sent']} packets {group.what} {figures['received']} arrive"


if __name__ == "__main__":
    main()

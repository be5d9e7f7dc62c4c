#!/usr/bin/python3
"""How long a person waits: from the last PIN digit to the first call that rings at the desk, and to `settled`. The real
core and SBC, simulated phones beside the core and behind the SBC. README.md says what is measured and why so."""
import asyncio
import math
import os
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
for part in ("support", "../tests/support"):
    sys.path.insert(0, str(HERE / part))
import results  # noqa: E402
import story  # noqa: E402
from harness import LOCAL, World, in_thread  # noqa: E402
from simphone.message import Message, authorization  # noqa: E402

LOGINS = int(os.environ.get("LOGINS", 200))     # at each site
DESKS = int(os.environ.get("DESKS", 8))         # at each site
GAP = 3.2                                       # the core tells a phone at most every 3 s to fetch
PAUSE = 0.004                                   # of the caller, between a refusal and its next call
SITES = (LOCAL, "branch-1")


def at(values, share):
    """The smallest value that `share` of all don't exceed."""
    values = sorted(values)
    return values[max(0, math.ceil(len(values) * share) - 1)]


def line(name, seconds, goal=None):
    text = f"{name:58} p50 {at(seconds, .5) * 1e3:6.1f} ms   p99 {at(seconds, .99) * 1e3:6.1f} ms   worst {max(seconds) * 1e3:6.1f} ms"
    if goal is not None:
        text += f"   goal p99 < {goal * 1e3:.0f} ms: {'reached' if at(seconds, .99) < goal else 'NOT REACHED'}"
        results.keep(f"{name}, p99", at(seconds, .99) * 1e3, "ms", goal * 1e3)
    print(text, flush=True)


class Caller:
    """Calls an extension again and again until it rings, so that what is measured waits for no caller by more than PAUSE
    and a round trip; without any pause it would take the core's CPU from the login."""

    def __init__(self, phone):
        self.phone, self.challenge, self.count, self.rounds = phone, None, 0, []

    async def call_until_it_rings(self, number, timeout=10):
        phone, end = self.phone, time.monotonic() + timeout
        uri = f"sip:{number}@{phone.setup.registrar}"
        body = (f"v=0\r\no=- 1 1 IN IP4 {phone.ip}\r\ns=-\r\nc=IN IP4 {phone.ip}\r\nt=0 0\r\n"
                "m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n").encode()
        while True:
            began = time.monotonic()
            call_id = f"{phone.token()}@{phone.ip}"
            headers = [("From", f"<sip:{phone.setup.user}@{phone.setup.registrar}>;tag={phone.token(4)}"), ("To", f"<{uri}>"),
                       ("Call-ID", call_id), ("CSeq", "1 INVITE"), ("Contact", phone.contact), ("Max-Forwards", "70"),
                       ("Content-Type", "application/sdp")]
            if self.challenge:
                self.count += 1
                headers.append(("Authorization", authorization(self.challenge, "INVITE", uri, phone.setup.auth_user,
                                                               phone.setup.password, self.count)))
            invite = Message(f"INVITE {uri} SIP/2.0", headers, body)
            ringing = asyncio.Event()
            task = phone.spawn(phone.transact(invite, provisional=lambda m: m.status == 180 and ringing.set(), timeout=20))
            waiting = asyncio.create_task(ringing.wait())
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if ringing.is_set():
                await self.cancel(invite, uri)
                await task
                return
            waiting.cancel()
            answer = task.result()
            if answer.status == 401:
                self.challenge, self.count = answer["www-authenticate"], 0
                continue
            assert answer.status == 480, f"the call was answered {answer.status}"
            assert time.monotonic() < end, f"{number} never rang"
            await asyncio.sleep(PAUSE)
            self.rounds.append(time.monotonic() - began)

    async def cancel(self, invite, uri):
        headers = [(n, v) for n, v in invite.headers if n.lower() in ("via", "from", "to", "call-id", "max-forwards")]
        await self.phone.transact(Message(f"CANCEL {uri} SIP/2.0", headers + [("CSeq", "1 CANCEL")]), add_via=False)


class Watched:
    """What a phone waits for while it changes its identity: the core's answers. The rest of the time is its own."""

    def __init__(self, phone):
        self.phone, self.waited, self.told, self.registered = phone, 0.0, None, None
        self.fetch, self.register, self.sync = phone.http_get, phone.register, phone._sync
        phone.http_get, phone.register, phone._sync = self._http_get, self._register, self._sync

    def begin(self):
        self.waited, self.told, self.registered = 0.0, None, None

    async def _timed(self, what):
        began = time.monotonic()
        try:
            return await what
        finally:
            self.waited += time.monotonic() - began

    async def _http_get(self, url):
        return await self._timed(self.fetch(url))

    async def _register(self, expires=None):
        granted = await self._timed(self.register(expires))
        if granted:
            self.registered = time.monotonic()
        return granted

    async def _sync(self, reboot):
        self.told = self.told or time.monotonic()
        await self.sync(reboot)


class Desk:
    def __init__(self, bench, phone, number):
        self.bench, self.phone, self.number, self.watched = bench, phone, number, Watched(phone)
        self.told = 0.0

    async def log_in(self):
        phone, bench = self.phone, self.bench
        await asyncio.sleep(max(0.0, self.told + GAP - time.monotonic()))
        call = await story.dial_code(phone, f"{story.CODE}{self.number}*")
        assert call.state == "up", f"the login's call was answered {call.status}"
        await call.press(story.PIN, frames=2, pause=2)          # barge-in: nobody who logs in daily listens
        async with bench.stage:                                 # one login at a time is measured
            self.watched.begin()
            rang = asyncio.get_running_loop().create_future()
            ring = phone.on_invite

            def on_invite(message, peer):
                if not rang.done():
                    rang.set_result(time.monotonic())
                return ring(message, peer)
            phone.on_invite = on_invite
            calling = asyncio.create_task(bench.caller.call_until_it_rings(self.number))
            await asyncio.sleep(0.02)
            await call.press("#", frames=2, pause=0)
            digit = call.audio.pressed[-1][1]
            try:
                rung = await asyncio.wait_for(rang, 10)
                await calling
            finally:
                phone.on_invite = ring
                calling.cancel()
        # The person puts the receiver down as soon as the desk has shown that it is theirs.
        await phone.until(lambda: not any(c.state == "ringing" for c in phone.calls), 5, "the call that rang ends")
        await call.hang_up()
        free = time.monotonic()
        settled = await in_thread(self.settled)
        await phone.until(lambda: self.watched.registered, 5, "the answer to its REGISTER")
        self.told = self.watched.told
        own = free - digit + self.watched.registered - self.watched.told - self.watched.waited
        bench.took(phone.site, rung - digit, settled - digit, own)

    def settled(self):
        """When the core first said so, asked as fast as it answers."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            desk = self.bench.world.api.get(f"/hot-desks/{self.phone.mac}")
            if desk["settled"] and desk["extension"] == self.number:
                return time.monotonic()
        raise AssertionError(f"{self.number} isn't settled: {desk}")

    async def log_out(self):
        await asyncio.sleep(max(0.0, self.told + GAP - time.monotonic()))
        await in_thread(self.bench.world.api.delete, f"/hot-desks/{self.phone.mac}/session")
        await story.idle_again(self.bench.world, self.phone)
        self.told = time.monotonic()
        self.phone.calls.clear()
        self.phone.trace.clear()
        self.phone.seen.clear()


class Bench:
    def __init__(self, world):
        self.world, self.stage = world, asyncio.Lock()
        self.rang, self.settled, self.beyond = ({s: [] for s in SITES} for _ in range(3))
        self.left = {s: LOGINS for s in SITES}

    def took(self, site, rang, settled, own):
        self.rang[site].append(rang)
        self.settled[site].append(settled)
        self.beyond[site].append(settled - own)
        done = sum(map(len, self.rang.values()))
        if done % 50 == 0:
            print(f"  {done} of {LOGINS * len(SITES)} logins", flush=True)

    async def a_desk(self, site, number):
        phone = self.world.phone("yealink", site)
        await story.new_hot_desk(self.world, phone)
        await in_thread(lambda: self.world.extension(number, f"Person {number}"))
        return Desk(self, phone, number)

    async def work(self, desk):
        while self.left[desk.phone.site] > 0:
            self.left[desk.phone.site] -= 1
            await desk.log_in()
            await desk.log_out()

    async def run(self):
        await in_thread(lambda: self.world.extension("199", "Caller", hot_desking=False))
        phone = self.world.phone("yealink")
        await story.own_phone(self.world, phone, "199")
        self.caller = Caller(phone)
        desks = [await self.a_desk(site, str(200 + n + 100 * i)) for i, site in enumerate(SITES) for n in range(DESKS)]
        print(f"{LOGINS} logins at {DESKS} desks beside the core, and as many behind the SBC", flush=True)
        await asyncio.gather(*(self.work(desk) for desk in desks))
        story.no_faults(*self.world.phones)
        await story.off(*self.world.phones)


def in_the_core(world):
    """Of the core's log: from the digit's arrival to the desk being the person's. And its histogram agrees."""
    times = [float(ms) / 1e3 for ms in re.findall(r"login\.answered .*?ok=true.*? ms=([\d.]+)", world.core.text())]
    _, _, text = world.metrics_of_core().request("GET", "/metrics")
    counted = int(re.search(r'roamdesk_login_seconds_count\{result="ok"\} (\d+)', text.decode()).group(1))
    assert len(times) == counted == LOGINS * len(SITES), f"{len(times)} in the log, {counted} in the metrics"
    return times


async def measure(world):
    bench = Bench(world)
    await bench.run()
    return bench


def main():
    with World("bench-login", level="info") as world:
        world.start_core()
        world.start_sbc("branch-1")
        bench = asyncio.run(measure(world))
        core = in_the_core(world)
    print(f"\nload average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; the caller tries again every "
          f"{at(bench.caller.rounds, .5) * 1e3:.1f} ms (median), which is in the figures")
    for site in SITES:
        line(f"last PIN digit to the first ring, {site}", bench.rang[site])
        line(f"last PIN digit to settled, {site}", bench.settled[site])
    line("last PIN digit to settled, less the phone's own time", sum(bench.beyond.values(), []), 0.5)
    line("of it in the core: the digit's arrival to the binding", core, 0.05)
    line("last PIN digit to the first ring", sum(bench.rang.values(), []), 0.3)


if __name__ == "__main__":
    main()

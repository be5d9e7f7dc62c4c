"""What a flood by strangers costs everybody else, counted: tests/e2e/strangers_test.py for two seconds each,
bench/strangers.py for ten. Phones at one site have calls up, call each other, call 112, register anew and for the first time
while `flood` (bench/strangers) runs against their site."""
import asyncio
import pathlib
import random
import re
import socket
import time

from harness import BUILD
from simphone.message import token
from story import connect, own_phone

FLOOD = BUILD / "bench" / "strangers" / "flood"
WARM_UP = 1                # seconds of each flood in which what is kept for a quiet day is used up
DATAGRAMS = ("options", "register", "invite", "junk")
OURS = re.compile(r" (call\.(started|ended|refused)|session\.|login\.) ?.*from=\d+ ")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def resident(program):
    """Of a running program of ours, bytes."""
    text = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024


class Site:
    """Phones at one site: two pairs in calls, two that call each other, one that comes and goes."""

    def __init__(self, world, site, numbers):
        self.world, self.site, self.numbers = world, site, numbers
        self.face, self.strangers = world.faces[site], 0

    async def build(self):
        self.phones = [self.world.phone("yealink", self.site) for _ in self.numbers]
        for phone, number in zip(self.phones, self.numbers):
            await own_phone(self.world, phone, number)
        *talkers, self.caller, self.callee, self.comer = self.phones
        self.calls = []
        for a, b in zip(talkers[::2], talkers[1::2]):
            self.calls.append(await connect(a, b, self.numbers[self.phones.index(b)]))
        return self

    # ---- calls that are up
    def sent_and_heard(self):
        """(sequence, heard) for each direction of each call."""
        return [(x.audio.sequence, y.audio.packets) for a, b in self.calls for x, y in ((a, b), (b, a))]

    async def settle(self):
        """What is under way has arrived: nobody speaks for a moment."""
        for call in (c for pair in self.calls for c in pair):
            call.audio.sending = False
        await asyncio.sleep(0.7)
        counted = self.sent_and_heard()
        for call in (c for pair in self.calls for c in pair):
            call.audio.sending = True
        return counted

    # ---- what goes on meanwhile; each gives seconds, or None where it failed
    async def set_up(self):
        began = time.monotonic()
        call = await self.caller.dial(self.numbers[self.phones.index(self.callee)])
        try:
            await call.until("ringing", "over", timeout=8)
            took = time.monotonic() - began
            return took if call.state == "ringing" else None
        except TimeoutError:
            return None
        finally:
            await call.hang_up()

    async def help_by_phone(self):
        began = time.monotonic()
        call = await self.caller.dial("112")
        try:
            await call.until("ringing", "over", timeout=8)
            return time.monotonic() - began if call.state == "ringing" or call.status == 503 else None
        except TimeoutError:
            return None
        finally:
            await call.hang_up()

    async def help_by_stranger(self):
        """A phone that nobody knows calls 112, and repeats itself as RFC 3261 §17.1.1.2 says."""
        self.strangers += 1
        ip = self.face.rpartition(".")[0] + f".{random.randrange(100, 250)}"
        loop = asyncio.get_running_loop()
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.bind((ip, 0))
        port = sock.getsockname()[1]
        sdp = f"v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
        domain = self.world.domain
        invite = (f"INVITE sip:112@{domain} SIP/2.0\r\nVia: SIP/2.0/UDP {ip}:{port};rport;branch=z9hG4bK{token()}\r\n"
                  f"From: <sip:nobody@{domain}>;tag={token(4)}\r\nTo: <sip:112@{domain}>\r\nCall-ID: {token()}@{ip}\r\n"
                  f"CSeq: 1 INVITE\r\nContact: <sip:nobody@{ip}:{port}>\r\nMax-Forwards: 70\r\n"
                  f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}").encode()
        began, wait = time.monotonic(), 0.5
        try:
            while time.monotonic() - began < 8:
                sock.sendto(invite, (self.face, 5060))
                end = time.monotonic() + wait
                while (left := end - time.monotonic()) > 0:
                    try:
                        data = await asyncio.wait_for(loop.sock_recv(sock, 4096), left)
                    except (TimeoutError, asyncio.TimeoutError):
                        break
                    if data.startswith(b"SIP/2.0 18") or data.startswith(b"SIP/2.0 503"):
                        return time.monotonic() - began
                wait *= 2
            return None
        finally:
            sock.close()

    async def registers_anew(self, phone):
        began = time.monotonic()
        try:
            async with asyncio.timeout(8):
                return time.monotonic() - began if await phone.register() else None
        except TimeoutError:
            return None

    async def comes_for_the_first_time(self):
        """From an address that nobody has heard of: it was unregistered, and the edge knows its flows no more."""
        phone = self.comer
        if phone.registered_as:
            await phone.register(expires=0)
        await phone.power_off()
        used = self.world.used[self.site] = self.world.used[self.site] + 1
        phone.ip = phone.interface = self.face.rpartition(".")[0] + f".{used}"
        await phone.power_on()
        began = time.monotonic()
        await phone.apply(phone.setup)
        try:
            await phone.until(lambda: phone.registered_as, 15)
            return time.monotonic() - began
        except AssertionError:
            return None

    async def quiet(self, count=20):
        return [await self.set_up() for _ in range(count)]


async def flooded(site, kind, seconds, rate=20_000, to=None, meanwhile=None, helps=10):
    """The figures of one flood. `to`: "A:P", the site's SIP port where it isn't said. `meanwhile`: one more thing to wait for."""
    world = site.world
    programs = [world.core] + list(world.sbcs.values())
    before, lines = await site.settle(), {p: len(p.text().splitlines()) for p in programs}
    process = await asyncio.create_subprocess_exec(
        str(FLOOD), kind, f"to={to or site.face + ':5060'}", f"rate={rate}", f"seconds={seconds + WARM_UP}", f"domain={world.domain}",
        f"call={site.numbers[0]}", stdout=asyncio.subprocess.PIPE)
    await asyncio.sleep(WARM_UP)
    extra = asyncio.create_task(meanwhile()) if meanwhile else None
    comes = asyncio.create_task(site.comes_for_the_first_time())
    helped = [asyncio.create_task(later(i * seconds / (helps + 2), site.help_by_phone if i % 2 else site.help_by_stranger))
              for i in range(helps)]
    known = [await site.registers_anew(site.callee)]
    others = asyncio.create_task(one_by_one(site.registers_anew, *site.phones[:2]))
    set_ups = [await site.set_up()]
    while process.returncode is None:
        await asyncio.sleep(0.05)
        set_ups.append(await site.set_up())
    sent = (await process.communicate())[0]
    figures = {"sent": int(re.search(rb'"sent": (\d+)', sent).group(1)), "set_ups": set_ups, "known": known + await others, "new": await comes,
               "help": list(await asyncio.gather(*helped)), "extra": await extra if extra else None}
    after = await site.settle()
    figures["lost"] = sum(((s1 - s0) & 0xFFFF) - (h1 - h0) for (s0, h0), (s1, h1) in zip(before, after))
    figures["lines"] = max(sum(not OURS.search(line) for line in p.text().splitlines()[lines[p]:]) for p in programs)
    return figures


async def one_by_one(what, *phones):
    return [await what(phone) for phone in phones]


async def later(delay, what):
    await asyncio.sleep(delay)
    return await what()


def shown(figures, quiet):
    """One line of the bench's table."""
    good = [s for s in figures["set_ups"] if s is not None]
    ms = [f"{1000 * v:.0f}" if v is not None else "never" for v in figures["known"]]
    return (f"RTP lost {figures['lost']}, 112 answered {sum(h is not None for h in figures['help'])} of {len(figures['help'])}, "
            f"new phone {figures['new'] if figures['new'] is None else round(figures['new'], 2)} s, known {'/'.join(ms)} ms, "
            f"set-up p95 {1000 * percentile(good, 0.95):.0f} ms (quiet {1000 * percentile(quiet, 0.95):.0f}), "
            f"{len(figures['set_ups']) - len(good)} of {len(figures['set_ups'])} failed, log lines {figures['lines']}")


__all__ = ["DATAGRAMS", "LOCAL", "Site", "flooded", "hears_something", "in_thread", "percentile", "resident", "shown"]

#!/usr/bin/python3
"""RFC 4475's messages, and what makes parsers hang or grow, sent to a running core and to an SBC. What each is answered was
written down from the RFC's text before it was sent; afterwards both programs live, are no bigger, and calls work."""
import asyncio
import pathlib
import re
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import ROOT, in_thread  # noqa: E402
from story import talk  # noqa: E402

DATA = ROOT / "tests" / "data" / "rfc4475"
SILENCE = ()
# Nobody of these messages has credentials: where the RFC says that a request is good, it is challenged or refused, since
# nothing here is for our domain. `4xx` where the RFC gives the choice to the element.
CHALLENGED = (401, 403, 404, 407)
ANSWERS = {
    # 3.1.1 valid
    "wsinv": (481, *CHALLENGED),             # its To has a tag: of a dialog that isn't
    "intmeth": (400,),                       # control characters in it, which are passed on to nobody
    "esc01": CHALLENGED,
    "escnull": CHALLENGED,                   # a REGISTER
    "esc02": (405, 501),                     # the method is not RE%47IST%45R's decoding
    "lwsdisp": (200, 401, 404),              # OPTIONS
    "longreq": CHALLENGED,
    "dblreq": CHALLENGED,                    # a REGISTER; what follows it is no second request
    "semiuri": (200, 401, 404),              # OPTIONS
    "transports": (200, 401, 404),           # OPTIONS, unknown transports in Via
    "mpart01": (401, 404, 405, 415, 501),    # MESSAGE
    "unreason": SILENCE, "noreason": SILENCE,  # responses that belong to nothing
    # 3.1.2 invalid
    "badinv01": (400,), "clerr": (400,), "ncl": (400,), "scalar02": (400,), "scalarlg": SILENCE,
    "quotbal": CHALLENGED,                   # recovered: the URI in <> is there
    "ltgtruri": (400,), "lwsruri": (400,), "lwsstart": (400,), "trws": (400,), "escruri": (400,),
    "baddate": (400, *CHALLENGED), "regbadct": (400, *CHALLENGED), "badaspec": (400, 200, 401, 404), "baddn": (200,),
    "badvers": (505,), "mismatch01": (400,), "mismatch02": (400,), "bigcode": SILENCE,
    # 3.2
    "badbranch": (200, 400, 401, 404),
    # 3.3
    "insuf": SILENCE,                       # no Call-ID, From, To: nothing to answer with
    "unkscm": (416, 404, 401), "novelsc": (416, 404, 401), "unksm2": (400, 416, *CHALLENGED),
    "bext01": (420, 401, 404), "invut": (415, *CHALLENGED), "regaut01": (401, 403), "multi01": (400,), "mcl01": (400,),
    "bcast": SILENCE, "zeromf": (200, 401, 404, 483), "cparam01": CHALLENGED, "cparam02": CHALLENGED, "regescrt": CHALLENGED,
    "sdp01": (406, 415, *CHALLENGED),
    # 3.4
    "inv2543": CHALLENGED,
}


def resident(program):
    """Kilobytes."""
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{program.process.pid}/status").read_text()).group(1))


def request(method, uri, ip, port, extra="", body=b"", number=[0]):
    number[0] += 1
    return (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {ip}:{port};branch=z9hG4bKt{number[0]};rport\r\n"
            f"From: <sip:t@x.example>;tag=t\r\nTo: <{uri}>\r\nCall-ID: torture{number[0]}@{ip}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:t@{ip}:{port}>\r\nMax-Forwards: 70\r\n{extra}Content-Length: {len(body)}\r\n\r\n").encode() + body


class Torture(case.LoopbackCase):
    branches = ("branch-1",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.number = await self.person("Alice")
        self.inside = await self.a_phone(self.number, site="branch-1")
        self.caller = await self.a_phone(await self.person("Bob"))
        await talk(self.caller, self.inside, self.number)
        self.programs = [self.world.core, self.world.sbcs["branch-1"]]
        self.before = [resident(p) for p in self.programs]

    async def still_well(self, more=40_000):
        for program, before in zip(self.programs, self.before):
            self.assertTrue(program.alive, program.name)
            self.assertLess(resident(program) - before, more, f"{program.name} grew from {before} kB")
        await talk(self.caller, self.inside, self.number)

    def stranger(self, site, port=5060):
        used = self.world.phone("yealink", site)
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((used.ip, port))
        sock.setblocking(False)
        self.addCleanup(sock.close)
        return sock, (self.world.faces[site], 5060)

    async def answer(self, sock, face, data, patience=1.0):
        """The first final status to come, None for silence."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendto(sock, data, face)
        end = loop.time() + patience
        while loop.time() < end:
            try:
                got = await asyncio.wait_for(loop.sock_recv(sock, 65536), end - loop.time())
            except (asyncio.TimeoutError, ConnectionRefusedError):
                return None
            status = int(got.split(b" ")[1]) if got.startswith(b"SIP/2.0") else 0
            if status >= 200:
                return status
        return None

    async def test_rfc_4475(self):
        self.assertEqual(sorted(ANSWERS), sorted(f.stem for f in DATA.glob("*.dat")))
        for site in ("local", "branch-1"):
            for n, (name, expected) in enumerate(ANSWERS.items()):
                # One asks for its answer at another port (§18.2.2).
                sock, face = self.stranger(site, 5050 if name == "quotbal" else 5060)
                # Several share sent-by, method and branch: one after the other they would be repetitions (§17.2.3).
                data = (DATA / f"{name}.dat").read_bytes().replace(b"branch=z9hG4bKkdjuw", b"branch=z9hG4bKkdjuw%d" % n)
                status = await self.answer(sock, face, data,
                                           patience=0.4 if expected == SILENCE else 1.0)
                sock.close()
                with self.subTest(site=site, message=name):
                    if expected == SILENCE:
                        self.assertIsNone(status)
                    else:
                        self.assertIn(status, expected)
        await self.still_well()

    async def test_what_hangs_or_grows_a_parser(self):
        def bomb(sdp):
            return lambda ip: request("INVITE", f"sip:{self.number}@pbx.example.com", ip, 5060,
                                      "Content-Type: application/sdp\r\n", sdp)
        head = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        attacks = {
            "m= with a byte that is no token": bomb(head + b"m=audio 5000 TCP/\xc4/MSRP 3 97\r\n"),
            "thousands of media": bomb(head + b"m=audio 5000 RTP/AVP 0\r\n" * 2000),
            "thousands of header lines": lambda ip: request("OPTIONS", "sip:pbx.example.com", ip, 5060, "a:b\r\n" * 12000),
            "thousands of Via": lambda ip: request("OPTIONS", "sip:pbx.example.com", ip, 5060,
                                                   "Via: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bK1\r\n" * 1400),
            "thousands of Route": lambda ip: request("OPTIONS", "sip:pbx.example.com", ip, 5060, "Route: <sip:a;lr>\r\n" * 3000),
            "a header of 60 kB": lambda ip: request("OPTIONS", "sip:pbx.example.com", ip, 5060, "Subject: " + "x" * 60000 + "\r\n"),
            "a NUL": lambda ip: request("OPTIONS", "sip:pbx.example.com", ip, 5060, "Subject: a\0b\r\n"),
            "nothing but NUL": lambda ip: b"\0" * 60000,
            "nothing but CRLF": lambda ip: b"\r\n" * 30000,
            "a multipart that doesn't end": lambda ip: request(
                "INVITE", "sip:x@pbx.example.com", ip, 5060, "Content-Type: multipart/mixed;boundary=b\r\n", b"--b\r\n" * 5000),
        }
        for site in ("local", "branch-1"):
            sock, face = self.stranger(site)
            ip = sock.getsockname()[0]
            for what, make in attacks.items():
                for _ in range(20):
                    try:
                        sock.sendto(make(ip), face)
                    except (ConnectionRefusedError, BlockingIOError):
                        pass
                began = time.monotonic()
                status = None
                while status is None and time.monotonic() - began < 3:
                    status = await self.answer(sock, face, request("OPTIONS", "sip:pbx.example.com", ip, 5060), 0.5)
                with self.subTest(site=site, attack=what):
                    self.assertIsNotNone(status, "it doesn't answer any more")
                    self.assertLess(time.monotonic() - began, 2.0)
        await self.still_well()

    async def test_strangers_take_no_ones_place_however_much_they_ask(self):
        """More requests than the core keeps transactions, within their 32 s, from somebody without credentials: what is over his
        rate isn't answered, what is answered isn't refused for want of room."""
        sock, face = self.stranger("local")
        ip = sock.getsockname()[0]
        methods = ("REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "BYE", "CANCEL")

        def flood():
            sock.setblocking(False)
            answers = {}
            for n in range(60_000):
                sock.sendto(request(methods[n % len(methods)], "sip:101@pbx.example.com", ip, 5060), face)
                if n % 60 == 59:
                    time.sleep(0.005)
                    try:
                        while True:
                            status = sock.recv(65536)[8:11].decode()
                            answers[status] = answers.get(status, 0) + 1
                    except BlockingIOError:
                        pass
            return answers

        began = time.monotonic()
        answers = await in_thread(flood)
        self.assertLess(time.monotonic() - began, 30, "too slow to say anything")
        self.assertEqual(set(answers), {"401", "200", "489", "481"})
        self.assertGreater(sum(answers.values()), 1_000)
        self.assertLess(sum(answers.values()), 20_000)
        await self.still_well(20_000)

    async def test_streams_that_never_end_or_never_begin(self):
        for site in ("local", "branch-1"):
            phone = self.world.phone("yealink", site)
            face = self.world.faces[site]
            held = []
            for n in range(40):
                try:
                    sock = await phone.connected(face, 5060)
                except (OSError, asyncio.TimeoutError):
                    continue
                held.append(sock)
                try:
                    sock.send([b"", b"INVITE sip:x SIP/2.0\r\nVia: ", b"a:b\r\n" * 20000,
                               request("OPTIONS", "sip:pbx.example.com", phone.ip, 5060).replace(b"Content-Length: 0",
                                                                                                  b"Content-Length: 999999999")][n % 4])
                except OSError:
                    pass
            status, began = None, time.monotonic()
            sock, to = self.stranger(site)
            while status is None and time.monotonic() - began < 3:
                status = await self.answer(sock, to, request("OPTIONS", "sip:pbx.example.com", sock.getsockname()[0], 5060), 0.5)
            self.assertIsNotNone(status, site)
            await talk(self.caller, self.inside, self.number)
            for sock in held:
                sock.close()
        await self.still_well()


if __name__ == "__main__":
    case.main()

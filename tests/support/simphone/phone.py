"""The phone itself: boots, finds its configuration, registers, calls, shows lamps. One asyncio task set a phone."""
import asyncio
import contextlib
import dataclasses
import hashlib
import re
import socket
import ssl
import urllib.parse

from . import files, srtp
from .audio import Audio
from .message import Message, authorization, host_port, tag_of, token, uri_of, user_of

MULTICAST = ("224.0.1.75", 5060)


class HostNetwork:
    """Where the phone's sockets come from; netns.Namespace is another."""

    @staticmethod
    def socket(kind):
        return socket.socket(socket.AF_INET, kind)


class Stream(asyncio.Protocol):
    """SIP over TCP or TLS: one connection to the proxy, framed by Content-Length (RFC 3261 §18.3)."""

    def __init__(self, phone, peer):
        self.phone, self.peer, self.buffer, self.transport = phone, peer, b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer = (self.buffer + data).lstrip(b"\r\n")
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = re.search(rb"^(?:content-length|l)\s*:\s*(\d+)", head, re.I | re.M)
            end = len(head) + 4 + (int(length.group(1)) if length else 0)
            if len(self.buffer) < end:
                return
            message, self.buffer = self.buffer[:end], self.buffer[end:].lstrip(b"\r\n")
            self.phone.datagram_received(message, self.peer)

    def connection_lost(self, error):
        if self.phone.stream is self:
            self.phone.stream = None
            self.phone.note("network", "connection lost")


@dataclasses.dataclass(frozen=True)
class Vendor:
    name: str
    model: str
    firmware: str
    pnp: object           # (mac) -> user part of the PnP URIs
    event: object         # (vendor) -> Event header
    http_agent: object    # (mac) -> User-Agent
    sip_agent: str
    files: object         # (mac) -> file names asked for behind a directory URL, in order
    branch: bool = True   # snom's PnP has none, nor Max-Forwards
    challenges_notify: bool = False
    un_registers_first: bool = True


def _colons(mac):
    return ":".join(mac[i:i + 2] for i in range(0, 12, 2))


VENDORS = {
    "yealink": Vendor("yealink", "T46S", "66.86.0.15", lambda m: f"MAC{m}",
                      lambda v: f'ua-profile;profile-type="device";vendor="Yealink";model="{v.model}";version="{v.firmware}"',
                      lambda m: f"Yealink SIP-T46S 66.86.0.15 {_colons(m)}", "Yealink SIP-T46S 66.86.0.15",
                      lambda m: ["y000000000066.cfg", f"{m}.cfg"]),
    "snom": Vendor("snom", "snomD785", "10.1.184.16", lambda m: f"MAC%3a{m.upper()}",
                   lambda v: f'ua-profile;profile-type="device";vendor="snom";model="{v.model}";version="{v.firmware}"',
                   lambda m: f"Mozilla/4.0 (compatible; snomD785-SIP 10.1.184.16 2010.12 {m.upper()} SXM:0 UXM:0)",
                   "snomD785/10.1.184.16", lambda m: ["snomD785.htm", f"snomD785-{m.upper()}.htm"], branch=False,
                   challenges_notify=True),
    "fanvil": Vendor("fanvil", "X6U", "2.4.10", lambda m: f"MAC={m}",
                     lambda v: 'ua-profile;profile-type="device";vendor="Fanvil";model="VOIP PHONE";version="2.4.10"',
                     lambda m: f"Fanvil X6U 2.4.10 {m}", "Fanvil X6U 2.4.10", lambda m: [f"{m}.cfg"]),
    "grandstream": Vendor("grandstream", "GRP2614", "1.0.5.67", lambda m: f"MAC%3A{m.upper()}",
                          lambda v: f'ua-profile;profile-type="device";vendor="Grandstream";model="{v.model}";version="{v.firmware}"',
                          lambda m: f"Grandstream Model HW GRP2614 SW 1.0.5.67 DevId {m}", "Grandstream GRP2614 1.0.5.67",
                          lambda m: [f"cfg{m}", f"cfg{m}.xml"], challenges_notify=True),
}


class Call(srtp.Side):
    """One dialog with its audio."""

    def __init__(self, phone, outgoing):
        self.phone, self.outgoing = phone, outgoing
        self.state = "new"            # ringing, up, over
        self.status = None            # of an outgoing call's final answer
        self.dialled = None           # the loop's time at which an outgoing call's first INVITE left
        self.local_cseq, self.local_version = 1, 1
        self.audio = None
        self.changed = asyncio.Event()
        self.held = False
        self.no_keys_yet()
        self.peer_direction = "sendrecv"

    def enter(self, state):
        self.state = state
        if state == "over" and self.audio:
            self.audio.close()
        self.phone.note("call", state)
        self.changed.set()

    async def until(self, *states, timeout=10):
        async with asyncio.timeout(timeout):
            while self.state not in states:
                self.changed.clear()
                await self.changed.wait()
        return self

    def sdp(self, direction="sendrecv", offer=b""):
        ip = self.phone.ip
        kinds = self.phone.payload_types
        names = {0: "PCMU", 8: "PCMA"}
        lines = ["v=0", f"o=- {id(self) & 0xFFFFFF} {self.local_version} IN IP4 {ip}", "s=-", f"c=IN IP4 {ip}", "t=0 0",
                 f"m=audio {self.audio.port} {self.protocol(offer)} {' '.join(map(str, kinds))} 101"]
        lines += [f"a=rtpmap:{k} {names[k]}/8000" for k in kinds]
        lines += ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", f"a={direction}"]
        lines += self.crypto_lines(offer)
        self.local_version += 1
        return ("\r\n".join(lines) + "\r\n").encode()

    def srtp(self):
        return self.phone.setup.srtp if self.phone.srtp_suites and self.phone.setup else "off"

    def suites(self):
        return self.phone.srtp_suites

    def take_sdp(self, body):
        if not body:
            return
        text = body.decode()
        address = re.search(r"^c=IN IP4 (\S+)", text, re.M).group(1)
        lines = re.findall(r"^m=audio (\d+) RTP/S?AVP ([\d ]+)", text, re.M)
        port, formats = next((line for line in lines if line[0] != "0"), lines[0])
        direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", text, re.M)
        self.peer_direction = direction.group(1) if direction else "sendrecv"
        self.peer_sdp = text
        self.take_keys(text)
        self.audio.remote = (address, int(port)) if int(port) else None
        self.audio.sending = self.peer_direction in ("sendrecv", "recvonly")
        known = [int(f) for f in formats.split() if int(f) in (0, 8)]
        if known:
            self.audio.payload_type = known[0]
        event = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.M)
        self.audio.event_type = int(event.group(1)) if event else None

    async def press(self, keys, how="rfc4733", **timing):
        for key in keys:
            if how == "info":
                await self.request("INFO", [("Content-Type", "application/dtmf-relay")],
                                   f"Signal={key}\r\nDuration=160\r\n".encode())
            else:
                self.audio.press(key, how=how, **timing)
        while self.audio.queue and self.state != "over":
            await asyncio.sleep(0.02)

    async def request(self, method, headers=(), body=b""):
        """An in-dialog request, answered; challenged ones are repeated with credentials."""
        self.local_cseq += 1
        return await self.phone.send_in_dialog(self, method, headers, body)

    async def hang_up(self):
        if self.outgoing and self.state == "new":
            with contextlib.suppress(TimeoutError):      # RFC 3261 §9.1: no CANCEL before a provisional response
                await self.until("ringing", "up", "over")
        if self.state == "up":
            await self.request("BYE")
        elif self.state == "ringing" and self.outgoing:
            await self.phone.cancel(self)
        elif self.state == "ringing":
            self.phone.reply(self.invite.answer(486, "Busy Here", to_tag=self.local_tag))
        self.enter("over")

    async def hold(self, on=True, method="INVITE"):
        self.held = on
        answer = await self.request(method, [("Content-Type", "application/sdp"), ("Contact", self.phone.contact)],
                                    self.sdp("sendonly" if on else "sendrecv"))
        if answer.status == 200:
            self.take_sdp(answer.body)
        return answer.status

    async def refer(self, target, replaces=None):
        to = f"<sip:{target}@{self.phone.setup.registrar}"
        if replaces:
            to += "?Replaces=" + urllib.parse.quote(
                f"{replaces.call_id};to-tag={replaces.remote_tag};from-tag={replaces.local_tag}", safe="")
        return (await self.request("REFER", [("Refer-To", to + ">"), ("Contact", self.phone.contact)])).status

    def answer(self):
        self.take_sdp(self.invite.body)
        kind, body = self.phone.worded(self.sdp(offer=self.invite.body))
        self.phone.reply(self.invite.answer(200, "OK", [("Contact", self.phone.contact), ("Content-Type", kind)], body,
                                            to_tag=self.local_tag), until_ack=self)
        self.enter("up")


class Phone(asyncio.DatagramProtocol):
    """`ip` is the phone's own address. `answers`: "manual", or "auto" (at once)."""

    def __init__(self, vendor, mac, ip, port=0, interface=None, answers="manual", payload_types=(8, 0), pnp_target=MULTICAST,
                 network=HostNetwork, token_source=token, trust=None, refreshes=True):
        self.vendor, self.mac, self.ip, self.port = VENDORS[vendor], mac, ip, port
        self.interface = interface or ip
        self.answers, self.payload_types, self.pnp_target = answers, list(payload_types), pnp_target
        self.network, self.token = network, token_source
        self.stream = None             # the connection to the proxy where the configuration says TCP or TLS
        self.trust = trust             # (file of a CA, name): what the proxy's certificate must be; none: any, as phones do
        self.authority = None          # PEM that its configuration told it to trust
        self.trusts = True             # else its clock is wrong, say, and no certificate is good to it
        self.refreshes = refreshes     # by its own clock; else only when refresh() says so
        self.refreshing = asyncio.Event()
        self.words = None              # how it writes a session description: (Content-Type, body) of a sound one
        self.srtp_suites = ["AES_CM_128_HMAC_SHA1_80"]  # that it speaks where its configuration says so
        self.audio_habits = {}         # attributes of its Audio
        self.setup = None
        self.memory = files.memory_of(self.vendor.name)
        self.url = None
        self.file_digest = None
        self.registered_as = None
        self.reboots = self.fetches = 0
        self.calls, self.lamps, self.mailbox = [], {}, None
        self.strangers = 0             # NOTIFYs dropped since they came from nobody that we trust
        self.seen = []                 # (what, detail): everything that happened, for comparisons
        self.files = []                # (path, head of the answer, body) of each file asked for
        self.trace = []                # ("in"|"out", bytes, peer)
        self.wakeups = asyncio.Event()
        self.pending, self.acks, self.answered, self.subscriptions = {}, {}, {}, {}
        self.tasks = set()
        self.register_task = self.poll_task = None
        self.nonce = None
        self.on = False

    # ---- power
    async def power_on(self):
        loop = asyncio.get_running_loop()
        sock = self.network.socket(socket.SOCK_DGRAM)
        sock.bind((self.ip, self.port))
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)
        self.port = self.transport.get_extra_info("sockname")[1]
        self.on = True
        return self

    async def power_off(self):
        """The plug is pulled: nothing is said to anybody."""
        self.on = False
        # Once more where one was getting what it waited for at that very moment: wait_for of Python 3.11 then forgets the end.
        while running := [task for task in self.tasks if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=0.2)
        for call in self.calls:
            if call.audio:
                call.audio.close()
        self.calls.clear()
        self.registered_as = None
        self.pending.clear()
        self.subscriptions.clear()
        self.lamps.clear()
        if self.stream is not None:
            stream, self.stream = self.stream, None
            stream.transport.close()
        self.transport.close()
        await asyncio.sleep(0)

    def spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.note("fault", repr(task.exception()))

    def note(self, what, detail):
        self.seen.append((what, detail))
        self.wakeups.set()

    async def until(self, condition, timeout=10, what=""):
        """Waits until condition() holds; whatever happens to the phone wakes it up."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    self.wakeups.clear()
                    try:
                        await asyncio.wait_for(self.wakeups.wait(), 0.05)
                    except asyncio.TimeoutError:
                        pass
        except asyncio.TimeoutError:
            what = what() if callable(what) else what
            raise AssertionError(f"{self.vendor.name} {self.mac}: not within {timeout} s: {what or 'the condition'}; "
                                 f"last seen: {self.seen[-8:]}") from None

    # ---- boot
    async def boot(self, timeout=30, wait_for_url=True):
        """Unconfigured: SIP PnP until a URL comes, then the configuration. Configured: fetches and registers."""
        if not self.on:
            await self.power_on()
        if self.url is None:
            await self.plug_and_play()
            if not wait_for_url:
                return self
            await self.until(lambda: self.url, timeout, "a provisioning URL")
        await self.fetch(boot=True)
        return self

    async def plug_and_play(self, tries=3):
        user = self.vendor.pnp(self.mac)
        address = f"<sip:{user}@{MULTICAST[0]}>"
        branch = f";branch=z9hG4bK{self.token()}" if self.vendor.branch else ""
        headers = [("Via", f"SIP/2.0/UDP {self.ip}:{self.port}{branch};rport"), ("From", f"{address};tag={self.token(4)}"),
                   ("To", address), ("Call-ID", f"{self.token()}@{self.ip}"), ("CSeq", "1 SUBSCRIBE"),
                   ("Contact", f"<sip:{self.ip}:{self.port}>"), ("User-Agent", self.vendor.sip_agent), ("Expires", "0"),
                   ("Event", self.vendor.event(self.vendor)), ("Accept", "application/url")]
        if self.vendor.branch:
            headers.insert(5, ("Max-Forwards", "70"))
        message = Message(f"SUBSCRIBE sip:{user}@{MULTICAST[0]} SIP/2.0", headers)
        key = (message["call-id"], 1, "SUBSCRIBE")
        self.pnp_call_id = message["call-id"]
        future = asyncio.get_running_loop().create_future()
        self.pending[key] = future
        sock = self.transport.get_extra_info("socket")
        if self.pnp_target == MULTICAST:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.interface))
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        for _ in range(tries):
            self.send(message, self.pnp_target)
            try:
                answer = await asyncio.wait_for(asyncio.shield(future), 1)
                self.note("pnp", answer.status)
                return
            except asyncio.TimeoutError:
                continue
        self.note("pnp", "silence")

    # ---- provisioning
    async def connected(self, host, port, timeout=5):
        sock = self.network.socket(socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.bind((self.ip, 0))
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, (host, port)), timeout)
        except BaseException:
            sock.close()
            raise
        return sock

    async def http_get(self, url):
        parts = urllib.parse.urlsplit(url)
        sock = await self.connected(parts.hostname, parts.port or 80)
        tls = {"ssl": self._checked(), "server_hostname": parts.hostname} if parts.scheme == "https" else {}
        try:
            reader, writer = await asyncio.open_connection(sock=sock, **tls)
        except ssl.SSLError as error:
            self.note("http", (parts.path.rsplit("/", 1)[-1], error.reason))
            return 0, b""
        writer.write((f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: {self.vendor.http_agent(self.mac)}\r\n"
                      "Connection: close\r\n\r\n").encode())
        data = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        head, _, body = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if b"chunked" in head.lower():
            plain, rest = b"", body
            while rest:
                size, _, rest = rest.partition(b"\r\n")
                if not int(size, 16):
                    break
                plain, rest = plain + rest[:int(size, 16)], rest[int(size, 16) + 2:]
            body = plain
        self.files.append((parts.path, head, body))
        self.note("http", (parts.path.rsplit("/", 1)[-1], status))
        return status, body

    async def fetch(self, boot=False):
        """Asks for the vendor's files; applies the last one that came, unless it is the one it has."""
        base = self.url
        names = self.vendor.files(self.mac) if base.endswith("/") else [""]
        found = None
        for name in names:
            status, body = await self.http_get(base + name)
            if status == 200 and (name == "" or self.mac in name.lower()):
                found = body
        if found is None:
            self.note("fetch", "nothing")
            if boot and self.setup and (self.register_task is None or self.register_task.done()):
                await self.apply(self.setup)      # it registers with what it has
            return
        self.fetches += 1
        digest = hashlib.md5(found).hexdigest()
        if digest == self.file_digest and not boot:
            self.note("fetch", "unchanged")
            return
        setup = files.read(self.vendor.name, found, self.memory)
        self.file_digest = digest
        if setup.provisioning_url:
            self.url = setup.provisioning_url
            if self.vendor.name == "grandstream" and not self.url.endswith("/"):
                self.url += "/"
        if not setup.user:             # a redirection: nothing but the address
            self.note("fetch", "redirected")
            self.file_digest = None
            return await self.fetch(boot)
        self.note("fetch", "applied")
        if self.vendor.name == "snom" and setup.reach_url:
            await self.http_get(setup.reach_url)       # a file of settings like any other
        if setup.authority_url:
            status, body = await self.http_get(setup.authority_url)
            self.authority = body.decode() if status == 200 else self.authority
        await self.apply(setup)

    async def apply(self, setup):
        if self.register_task:
            self.register_task.cancel()
            if self.vendor.un_registers_first and self.registered_as:
                await self.register(expires=0)
        for subscription in self.subscriptions.values():
            subscription["task"].cancel()
        self.subscriptions.clear()
        self.lamps.clear()
        self.mailbox = None
        self.setup = setup
        if self.stream is not None:
            stream, self.stream = self.stream, None
            stream.transport.close()
        self.contact = f"<sip:{setup.user}@{self.ip}:{self.port}>"
        self.register_call_id, self.register_cseq = f"{self.token()}@{self.ip}", 0
        self.register_task = self.spawn(self.stay_registered())

    async def stay_registered(self):
        subscribed = False
        while True:
            try:
                await self.connect()
                granted = await self.register()
            except (asyncio.TimeoutError, OSError):
                granted = None
            if granted and not subscribed:
                subscribed = True
                self.subscribe_all()
                if self.vendor.name == "yealink" and self.setup.reach_url:
                    self.spawn(self.http_get(self.setup.reach_url))
            if granted:
                await self.rest(granted * 0.5)
            else:
                await asyncio.sleep(2)

    async def rest(self, seconds):
        """Until what was granted has to be asked for again."""
        refreshing = self.refreshing
        if self.refreshes:
            await asyncio.sleep(seconds)
        else:
            await refreshing.wait()

    async def refresh(self):
        """What the phone's clock would do: REGISTER and SUBSCRIBE anew."""
        def done():
            return sum(w in ("register", "subscribe") for w, _ in self.seen)
        before, due = done(), 1 + len(self.subscriptions)
        was, self.refreshing = self.refreshing, asyncio.Event()
        was.set()
        await self.until(lambda: done() == before + due, 15, f"{due} refreshes")

    async def register(self, expires=None):
        setup = self.setup
        expires = setup.expires if expires is None else expires
        uri = f"sip:{setup.registrar}"
        address = f'"{setup.display}" <sip:{setup.user}@{setup.registrar}>'
        authorization_value = None
        for _ in range(3):
            self.register_cseq += 1
            headers = [("From", f"{address};tag={self.token(4)}"), ("To", address), ("Call-ID", self.register_call_id),
                       ("CSeq", f"{self.register_cseq} REGISTER"), ("Contact", f"{self.contact};expires={expires}"),
                       ("Expires", str(expires)), ("User-Agent", self.vendor.sip_agent), ("Max-Forwards", "70")]
            if authorization_value:
                headers.append(("Authorization", authorization_value))
            answer = await self.transact(Message(f"REGISTER {uri} SIP/2.0", headers))
            if answer.status != 401:
                break
            authorization_value = authorization(answer["www-authenticate"], "REGISTER", uri, setup.auth_user, setup.password)
        self.note("register", (setup.user, expires and "on" or "off", answer.status))
        if answer.status != 200:
            return None
        if expires == 0:
            self.registered_as = None
            return 0
        self.registered_as = setup.user
        self.wakeups.set()
        granted = re.search(r"expires=(\d+)", answer["contact"] or "")
        return int(granted.group(1)) if granted else int(answer["expires"] or expires)

    # ---- lamps and mailbox
    def subscribe_all(self):
        for key in self.setup.keys:
            if key.kind == "blf" and key.value:
                self.subscribe(key.value, "dialog", "application/dialog-info+xml")
        if self.setup.mwi:
            self.subscribe(self.setup.user, "message-summary", "application/simple-message-summary")

    def subscribe(self, target, event, accept):
        s = {"target": target, "event": event, "accept": accept, "call_id": f"{self.token()}@{self.ip}", "tag": self.token(4),
             "cseq": 0, "remote_tag": None, "version": -1}
        self.subscriptions[(s["call_id"], s["tag"])] = s
        s["task"] = self.spawn(self._stay_subscribed(s))

    async def _stay_subscribed(self, s):
        setup, value = self.setup, None
        uri = f"sip:{s['target']}@{setup.registrar}"
        while True:
            s["cseq"] += 1
            to = f"<{uri}>" + (f";tag={s['remote_tag']}" if s["remote_tag"] else "")
            headers = [("From", f"<sip:{setup.user}@{setup.registrar}>;tag={s['tag']}"), ("To", to),
                       ("Call-ID", s["call_id"]), ("CSeq", f"{s['cseq']} SUBSCRIBE"), ("Contact", self.contact),
                       ("Event", s["event"]), ("Accept", s["accept"]), ("Expires", "1800"), ("Max-Forwards", "70"),
                       ("User-Agent", self.vendor.sip_agent)]
            if value:
                headers.append(("Authorization", value))
                value = None
            answer = await self.transact(Message(f"SUBSCRIBE {uri} SIP/2.0", headers))
            if answer.status == 401:
                value = authorization(answer["www-authenticate"], "SUBSCRIBE", uri, setup.auth_user, setup.password)
                continue
            self.note("subscribe", (s["target"], s["event"], answer.status))
            if answer.status // 100 != 2:
                return
            s["remote_tag"] = tag_of(answer["to"])
            await self.rest(int(answer["expires"] or 1800) * 0.9)

    def on_notify_in_subscription(self, s, message):
        state = message["subscription-state"] or ""
        body = message.body.decode("utf-8", "replace")
        if s["event"] == "message-summary":
            waiting = re.search(r"Messages-Waiting:\s*(\w+)", body)
            self.mailbox = waiting and waiting.group(1)
            self.note("mailbox", self.mailbox)
        elif body:
            version = int(re.search(r'version="(\d+)"', body).group(1))
            if version <= s["version"]:
                self.note("fault", f"version {version} after {s['version']}")
                return
            s["version"] = version
            self.lamps[s["target"]] = self.lamp_of(body)
            self.note("lamp", (s["target"], self.lamps[s["target"]]))
        if state.startswith("terminated"):
            self.note("subscription-end", s["target"])
            self.subscriptions.pop((s["call_id"], s["tag"]), None)

    @staticmethod
    def lamp_of(body):
        best = "idle"
        for dialog in re.findall(r"<dialog\b.*?</dialog>", body, re.S):
            state = re.search(r"<state[^>]*>\s*(\w+)", dialog).group(1)
            direction = re.search(r'direction="(\w+)"', dialog)
            direction = direction.group(1) if direction else ""
            if state in ("early", "proceeding", "trying"):
                best = "ringing" if direction == "recipient" else "busy"
            elif state == "confirmed":
                best = "held" if re.search(r'pname="\+sip.rendering"\s+pval="no"', dialog) else "busy"
        return best

    # ---- calls
    async def _open_audio(self):
        audio = await Audio(self.payload_types[0]).open(self.ip, network=self.network)
        vars(audio).update(self.audio_habits)
        return audio

    def worded(self, description):
        return self.words(description) if self.words else ("application/sdp", description)

    @property
    def idle(self):
        return not any(c.state in ("new", "ringing", "up") for c in self.calls)

    async def dial(self, number, body=True, headers=()):
        """Calls; returns as soon as the INVITE is out. Watch call.state and call.status."""
        call = Call(self, outgoing=True)
        call.headers = list(headers)
        self.calls.append(call)
        call.audio = await self._open_audio()
        setup = self.setup
        call.target = f"sip:{urllib.parse.quote(number, safe='*%')}@{setup.registrar}"
        call.call_id, call.local_tag, call.remote_tag = f"{self.token()}@{self.ip}", self.token(4), None
        call.local = f'"{setup.display}" <sip:{setup.user}@{setup.registrar}>;tag={call.local_tag}'
        call.remote = f"<{call.target}>"
        call.offer_type, call.offer = self.worded(call.sdp()) if body else ("", b"")
        call.remote_target = call.target
        call.proxy = setup.proxy
        call.routes = []
        self.spawn(self._dial(call))
        return call

    def key(self, number):
        """What pressing the n-th key (1 upwards) dials."""
        return self.setup.keys[number - 1].value

    async def _dial(self, call):
        value = None
        while True:
            headers = [("From", call.local), ("To", call.remote), ("Call-ID", call.call_id),
                       ("CSeq", f"{call.local_cseq} INVITE"), ("Contact", self.contact), ("Max-Forwards", "70"),
                       ("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, NOTIFY, REFER, OPTIONS"),
                       ("Supported", "replaces, timer"), ("User-Agent", self.vendor.sip_agent)]
            own = {name.lower() for name, _ in call.headers}
            headers = [(n, v) for n, v in headers if n.lower() not in own] + call.headers
            if call.offer:
                headers.append(("Content-Type", call.offer_type))
            if value:
                headers.append(("Authorization", value))
            call.request_out = Message(f"INVITE {call.target} SIP/2.0", headers, call.offer)
            call.dialled = call.dialled or asyncio.get_running_loop().time()
            answer = await self.transact(call.request_out, provisional=lambda m: self._progress(call, m), timeout=200)
            if answer.status in (401, 407) and value is None:
                challenge = answer["www-authenticate"] or answer["proxy-authenticate"]
                value = authorization(challenge, "INVITE", call.target, self.setup.auth_user, self.setup.password)
                call.local_cseq += 1
                continue
            break
        call.status = answer.status
        if answer.status // 100 != 2:
            call.enter("over")
            return
        call.remote_tag, call.remote = tag_of(answer["to"]), answer["to"]
        call.remote_target = uri_of(answer["contact"])
        call.routes = list(reversed(answer.all("record-route")))
        call.take_sdp(answer.body)
        body = b"" if call.offer else call.sdp(offer=answer.body)     # without an offer of ours, the 2xx had theirs
        ack = self._in_dialog(call, "ACK", call.local_cseq, [("Content-Type", "application/sdp")] if body else [], body)
        self.acks[(call.call_id, call.local_cseq)] = ack
        self.send(ack, call.proxy)
        call.enter("up")

    def _progress(self, call, message):
        if message.status == 100:
            return
        call.provisional = message.status
        call.remote_tag = tag_of(message["to"])
        if message.body:
            call.take_sdp(message.body)
        if call.state == "new":
            call.enter("ringing")

    async def cancel(self, call):
        invite = call.request_out
        headers = [(n, v) for n, v in invite.headers if n.lower() in ("via", "from", "to", "call-id", "max-forwards")]
        headers.append(("CSeq", f"{call.local_cseq} CANCEL"))
        await self.transact(Message(f"CANCEL {call.target} SIP/2.0", headers), add_via=False)

    def _in_dialog(self, call, method, cseq, headers, body):
        return Message(f"{method} {call.remote_target} SIP/2.0",
                       [("Via", self._via()), ("From", call.local), ("To", call.remote), ("Call-ID", call.call_id),
                        ("CSeq", f"{cseq} {method}"), ("Max-Forwards", "70")] + [("Route", r) for r in call.routes]
                       + list(headers), body)

    async def send_in_dialog(self, call, method, headers, body):
        answer = await self.transact(self._in_dialog(call, method, call.local_cseq, headers, body), call.proxy, add_via=False)
        if answer.status in (401, 407):
            call.local_cseq += 1
            challenge = answer["www-authenticate"] or answer["proxy-authenticate"]
            value = authorization(challenge, method, call.remote_target, self.setup.auth_user, self.setup.password)
            answer = await self.transact(self._in_dialog(call, method, call.local_cseq, list(headers) + [("Authorization", value)],
                                                         body), call.proxy, add_via=False)
        if method == "INVITE" and answer.status // 100 == 2:
            ack = self._in_dialog(call, "ACK", call.local_cseq, [], b"")
            self.acks[(call.call_id, call.local_cseq)] = ack
            self.send(ack, call.proxy)
        return answer

    # ---- wire
    def _via(self):
        transport, port = (self.setup.transport.upper(), self.stream_port) if self.stream else ("UDP", self.port)
        return f"SIP/2.0/{transport} {self.ip}:{port};branch=z9hG4bK{self.token()};rport"

    def send(self, message, peer):
        data = message.bytes()
        self.trace.append(("out", data, peer))
        if self.stream is not None and peer == self.stream.peer:
            self.stream.transport.write(data)
        else:
            self.transport.sendto(data, peer)

    async def connect(self):
        """TCP or TLS to the proxy, where the configuration asks for it; once more where it was lost."""
        transport = self.setup.transport
        if transport == "udp" or self.stream is not None:
            return
        sock = await self.connected(*self.setup.proxy)
        self.stream_port = sock.getsockname()[1]
        stream = Stream(self, self.setup.proxy)
        tls = {"ssl": self._tls(), "server_hostname": self.trust[1] if self.trust else ""} if transport == "tls" else {}
        await asyncio.get_running_loop().create_connection(lambda: stream, sock=sock, **tls)
        self.stream = stream
        self.contact = f"<sip:{self.setup.user}@{self.ip}:{self.stream_port};transport={transport}>"

    def _tls(self):
        if self.trust:
            return ssl.create_default_context(cafile=self.trust[0])
        return self._checked(names=False)

    def _checked(self, names=True):
        """Certificates as the configuration says: checked by the authority that it named, or not at all. Of HTTPS the address
        has to be the certificate's, too."""
        if self.setup and self.setup.checks_certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = names
            if self.authority and self.trusts:
                context.load_verify_locations(cadata=self.authority)
            return context
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    async def transact(self, message, peer=None, provisional=None, timeout=32, add_via=True):
        """A client transaction over UDP: repeats (T1 500 ms, T2 4 s), ACKs refusals of an INVITE."""
        if add_via:
            message.headers.insert(0, ("Via", self._via()))
        peer = peer or self.setup.proxy
        key = (message["call-id"], int(message["cseq"].split()[0]), message.method)
        queue = asyncio.Queue()
        self.pending[key] = queue
        interval, quiet = 0.5, False
        self.send(message, peer)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        answer = await asyncio.wait_for(queue.get(), None if quiet else interval)
                    except asyncio.TimeoutError:
                        if self.stream is None:
                            self.send(message, peer)
                        interval = min(interval * 2, 4)
                        continue
                    if answer.status < 200:
                        quiet = quiet or message.method == "INVITE"
                        if provisional:
                            provisional(answer)
                        continue
                    if message.method == "INVITE" and answer.status >= 300:
                        ack = Message(f"ACK {message.uri} SIP/2.0",
                                      [("Via", message["via"]), ("From", message["from"]), ("To", answer["to"]),
                                       ("Call-ID", message["call-id"]), ("CSeq", f"{key[1]} ACK"), ("Max-Forwards", "70")])
                        self.acks[key[:2]] = ack
                        self.send(ack, peer)
                    return answer
        finally:
            self.pending.pop(key, None)

    def reply(self, message, until_ack=None):
        """Answers the request whose copy `message` carries; a 2xx to an INVITE is repeated until its ACK."""
        peer = self.reply_to.get(message["call-id"], None)
        self.answered[(message["call-id"], message["cseq"], message["via"])] = message
        self.send(message, peer)
        if until_ack is not None:
            until_ack.acked = asyncio.Event()
            self.spawn(self._repeat(message, peer, until_ack))

    async def _repeat(self, message, peer, call):
        interval = 0.5
        for _ in range(10):
            try:
                await asyncio.wait_for(call.acked.wait(), interval)
                return
            except asyncio.TimeoutError:
                self.send(message, peer)
                interval = min(interval * 2, 4)

    reply_to = None

    def connection_made(self, transport):
        self.transport = transport
        self.reply_to = {}

    def error_received(self, error):
        self.note("network", type(error).__name__)

    def datagram_received(self, data, peer):
        self.trace.append(("in", data, peer))
        if not data.strip():
            return
        message = Message.parse(data)
        if message.is_request:
            self.on_request(message, peer)
            return
        number, method = message["cseq"].split()
        pending = self.pending.get((message["call-id"], int(number), method))
        if isinstance(pending, asyncio.Queue):
            pending.put_nowait(message)
        elif pending is not None and not pending.done():
            pending.set_result(message)
        elif method == "INVITE" and message.status >= 200:
            ack = self.acks.get((message["call-id"], int(number)))
            if ack:
                self.send(ack, peer)

    def on_request(self, message, peer):
        self.reply_to[message["call-id"]] = peer
        if message.method == "ACK":
            for call in self.calls:
                if call.call_id == message["call-id"]:
                    if hasattr(call, "acked"):
                        call.acked.set()
                    if message.body:
                        call.take_sdp(message.body)
            return
        before = self.answered.get((message["call-id"], message["cseq"], message["via"]))
        if before is not None:
            self.send(before, peer)
            return
        handler = getattr(self, f"on_{message.method.lower()}", None)
        if handler is None:
            self.reply(message.answer(405, "Method Not Allowed", to_tag=self.token(4)))
        else:
            handler(message, peer)

    def on_options(self, message, _):
        self.reply(message.answer(200, "OK", to_tag=self.token(4)))

    def find(self, message):
        return next((c for c in self.calls if c.call_id == message["call-id"] and c.state != "over"), None)

    def on_invite(self, message, peer):
        call = self.find(message)
        if call and not call.outgoing and message["cseq"] == call.invite["cseq"]:
            return None                           # its copy; what we answered is repeated elsewhere
        if call:                                  # re-INVITE: hold, resume
            return self.on_offer_in_call(call, message)
        # A phone answers only for the account that it has (user part of the Request-URI).
        if self.setup is None or user_of(message.uri) != self.setup.user:
            self.note("stray-invite", message.uri)
            return self.reply(message.answer(404, "Not Found", to_tag=self.token(4)))
        if peer[0] != self.setup.proxy[0]:
            self.strangers += 1
            return
        call = Call(self, outgoing=False)
        call.invite, call.call_id, call.local_tag = message, message["call-id"], self.token(4)
        call.remote_tag, call.remote = tag_of(message["from"]), message["from"]
        call.local = message["to"] + f";tag={call.local_tag}"
        call.remote_target, call.proxy = uri_of(message["contact"]), peer
        call.routes = message.all("record-route")
        call.caller = (message["from"].split("<")[0].strip().strip('"'), user_of(message["from"]))
        self.calls.append(call)
        self.spawn(self._ring(call))

    async def _ring(self, call):
        call.audio = await self._open_audio()
        self.reply_to[call.call_id] = call.proxy
        self.send(call.invite.answer(180, "Ringing", [("Contact", self.contact)], to_tag=call.local_tag), call.proxy)
        if call.state == "new":
            call.enter("ringing")
            if self.answers == "auto":
                call.answer()

    def on_offer_in_call(self, call, message):
        call.take_sdp(message.body)
        direction = {"sendonly": "recvonly", "inactive": "inactive", "recvonly": "sendonly"}.get(call.peer_direction, "sendrecv")
        body = call.sdp(direction, message.body) if message.body or message.method == "INVITE" else b""
        headers = [("Contact", self.contact)] + ([("Content-Type", "application/sdp")] if body else [])
        answer = message.answer(200, "OK", headers, body)
        self.reply(answer, until_ack=call if message.method == "INVITE" else None)
        self.note("offer", call.peer_direction)

    def on_update(self, message, _):
        call = self.find(message)
        if call is None:
            return self.reply(message.answer(481, "Call/Transaction Does Not Exist", to_tag=self.token(4)))
        self.on_offer_in_call(call, message)

    def on_cancel(self, message, _):
        call = self.find(message)
        self.reply(message.answer(200 if call else 481, "OK", to_tag=self.token(4)))
        if call and call.state == "ringing":
            self.reply(call.invite.answer(487, "Request Terminated", to_tag=call.local_tag))
            call.enter("over")

    def on_bye(self, message, _):
        call = self.find(message)
        self.reply(message.answer(200 if call else 481, "OK", to_tag=self.token(4)))
        if call:
            call.enter("over")

    def on_info(self, message, _):
        self.note("info", message.body.decode())
        self.reply(message.answer(200, "OK"))

    def on_refer(self, message, _):
        self.reply(message.answer(603, "Decline"))

    def on_notify(self, message, peer):
        event = (message["event"] or "").split(";")
        if event[0].strip() == "ua-profile":
            return self.on_profile(message)
        subscription = self.subscriptions.get((message["call-id"], tag_of(message["to"])))
        if subscription:
            self.reply(message.answer(200, "OK"))
            return self.on_notify_in_subscription(subscription, message)
        if event[0].strip() in ("check-sync", "resync"):
            return self.on_check_sync(message, peer, "reboot=true" in [p.strip() for p in event[1:]])
        if event[0].strip() == "refer":
            self.note("refer", message.body.decode().strip())
            return self.reply(message.answer(200, "OK"))
        self.reply(message.answer(481, "Subscription does not exist", to_tag=self.token(4)))

    def on_profile(self, message):
        self.reply(message.answer(200, "OK"))
        if self.url is None and message["call-id"] == self.pnp_call_id:
            url = message.body.decode().strip()
            self.url = url.replace("{mac}", self.mac.upper())
            self.note("url", re.sub(r"/provision/[^/]+/", "/provision/TOKEN/", url))

    def on_check_sync(self, message, peer, reboot):
        if self.setup and peer[0] != self.setup.proxy[0]:
            self.strangers += 1                   # dropped, without a word
            return
        if self.setup and user_of(message.uri) != self.setup.user:
            self.note("stray-notify", message.uri)
            return self.reply(message.answer(404, "Not Found", to_tag=self.token(4)))
        if self.vendor.challenges_notify and self.setup:
            value = message["authorization"]
            if value is None:
                self.nonce = self.token()
                return self.reply(message.answer(401, "Unauthorized", [
                    ("WWW-Authenticate", f'Digest realm="phone", nonce="{self.nonce}", algorithm=MD5, qop="auth"')], to_tag=self.token(4)))
            if not self._proven(value):
                self.note("fault", "check-sync with wrong credentials")
                return self.reply(message.answer(403, "Forbidden", to_tag=self.token(4)))
        self.reply(message.answer(200, "OK", to_tag=self.token(4)))
        reboot = reboot or (self.setup is not None and self.setup.reboots_on_notify)
        self.note("check-sync", "reboot" if reboot else "resync")
        self.spawn(self._sync(reboot))

    def _proven(self, value):
        p = dict((k.lower(), v.strip('"')) for k, v in re.findall(r'(\w+)\s*=\s*("[^"]*"|[^\s,]+)', value))
        h = lambda text: hashlib.md5(text.encode()).hexdigest()
        ha1 = h(f"{self.setup.auth_user}:phone:{self.setup.password}")
        expected = h(f"{ha1}:{self.nonce}:{p.get('nc')}:{p.get('cnonce')}:auth:" + h(f"NOTIFY:{p.get('uri')}"))
        return p.get("username") == self.setup.auth_user and p.get("response") == expected

    async def _sync(self, reboot):
        # Never in the middle of a call.
        while not self.idle:
            await asyncio.sleep(0.05)
        if reboot:
            self.reboots += 1
            self.note("reboot", self.reboots)
        await self.fetch(boot=reboot)

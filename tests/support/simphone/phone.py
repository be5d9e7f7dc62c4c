"""The phone itself: boots, finds its configuration, registers, calls, shows lamps. One asyncio task set a phone."""
import asyncio
import hashlib
import re
import socket
import ssl
import urllib.parse

from . import files
from .calling import Calling
from .message import Message, authorization, token, user_of
from .vendor import VENDORS
from .watching import Watching
from .wire import HostNetwork, Wire

MULTICAST = ("224.0.1.75", 5060)


class Phone(Wire, Calling, Watching):
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
        self.memory = files.memory_of(self.vendor.name, self.vendor.model)
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
            if status == 200 and (name == "" or self.mac in name.lower() or self.vendor.own_by_model):
                found = body
            if status == 200 and self.vendor.stops_at_first:
                break
            if status == 200 and self.vendor.index and name == f"{self.mac}.cfg":
                names += self.vendor.index(body.decode())
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
        setup = files.read(self.vendor.name, found, self.memory, self.vendor.model)
        self.file_digest = digest
        if setup.provisioning_url:
            self.url = setup.provisioning_url.replace("$MA", self.mac)
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

    def switch_on(self):
        """Its person doesn't want to be disturbed, and has their calls forwarded."""
        files.switch_on(self.vendor.name, self.vendor.model, self.memory)

    def switched_on(self):
        return files.switched_on(self.vendor.name, self.vendor.model, self.memory)

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

    # ---- what it is told of its configuration
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

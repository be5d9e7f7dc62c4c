"""The provider itself: registrar, digest, calls out of and into its network. A test speaks for the people behind it."""
import asyncio
import contextlib
import dataclasses
import hashlib
import re
import time

from simphone.message import Message, tag_of, token, uri_of, user_of

from .call import Call
from .habits import Habits
from .wire import Wire, bracketed


@dataclasses.dataclass
class Received:
    message: Message
    flow: object
    at: float                        # time.monotonic()


@dataclasses.dataclass
class Binding:
    contact: str
    flow: object
    until: float


def credentials(value):
    return {k.lower(): v.strip('"') for k, v in re.findall(r'(\w+)\s*=\s*("[^"]*"|[^\s,]+)', value.partition(" ")[2])}


class Provider:
    """`accounts`: {user: password}, or {user: (auth user, password)}."""

    def __init__(self, address, accounts=None, port=5060, tls_port=5061, transports=("udp", "tcp"), tls=None, **habits):
        self.ip, self.port, self.habits = address, port, Habits(**habits)
        self.accounts = {user: secret if isinstance(secret, tuple) else (user, secret) for user, secret in (accounts or {}).items()}
        self.wire = Wire(address, port, tls_port, transports, tls, self._received)
        self.requests = []             # Received, each once: what was repeated isn't in it …
        self.repeated = 0              # … but counted
        self.bindings = {}             # user: Binding
        self.calls = []
        self.seen = []                 # (what, detail), for the messages of tests that fail
        self.nonces = {}               # nonce: [requests that it is good for, highest nc]
        self.tried = []                # (user, whether the password was right) of each request with credentials
        self.pending, self.answered, self.tasks = {}, {}, set()
        self.wakeups = asyncio.Event()

    # ---- life
    async def open(self):
        await self.wire.open()
        return self

    async def close(self):
        """Away without a word, as by a power cut."""
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*list(self.tasks), return_exceptions=True)
        for call in self.calls:
            call.audio.close()
        self.calls.clear()
        await self.wire.close()

    async def __aenter__(self):
        return await self.open()

    async def __aexit__(self, *_):
        await self.close()

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

    # ---- what a test waits for
    async def until(self, condition, timeout=10, what="the condition"):
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    self.wakeups.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.wakeups.wait(), 0.05)
        except TimeoutError:
            raise AssertionError(f"provider {self.ip}: not within {timeout} s: {what}; last seen: {self.seen[-8:]}") from None

    def received(self, method):
        return [r for r in self.requests if r.message.method == method]

    async def receives(self, method, count=1, timeout=10):
        """The newest request of the method, as soon as there are `count`."""
        await self.until(lambda: len(self.received(method)) >= count, timeout, f"{count} {method}")
        return self.received(method)[-1]

    async def registered(self, user, timeout=10):
        await self.until(lambda: user in self.bindings, timeout, f"a registration of {user}")
        return self.bindings[user]

    async def rings(self, timeout=10):
        """The call that came from the PBX and isn't answered yet."""
        def waiting():
            return next((c for c in self.calls if not c.outgoing and c.state == "new"), None)
        await self.until(waiting, timeout, "a call from the PBX")
        return waiting()

    # ---- calls into the PBX
    async def call(self, number, account=None, address=None, by="udp", caller="+49309876543", name=None, **options):
        """To the Contact that `account` registered, on its flow, or to an address, over `by`. `number`: the Request-URI's user
        (None: the Contact's own). `options` are Call.invite's."""
        if account:
            binding = self.bindings[account]
            flow, target = binding.flow, binding.contact
            if number is not None:
                target = f"sip:{number}@" + target.partition("@")[2]
        else:
            flow = self.wire.datagrams.flow(address) if by == "udp" else await self.wire.connect(address)
            target = f"sip:{number}@{bracketed(address[0])}:{address[1]}"
        call = await Call(self, flow, outgoing=True).open()
        call.invite_out(target, caller, name, **options)
        return call

    # ---- messages
    def send(self, message, flow):
        flow.send(message)

    def reply(self, request, flow, status, reason="", headers=(), body=b"", to_tag=None):
        answer = request.answer(status, reason or "OK", list(headers), body, to_tag=to_tag or token(4))
        self.answered[self._key(request)] = answer
        self.note("answered", f"{request.method} {status}")
        self.send(answer, flow)
        return answer

    @staticmethod
    def _key(request):
        return request["call-id"], request["cseq"], request["via"]

    def _received(self, flow, data):
        message = Message.parse(data)
        if not message.is_request:
            queue = self.pending.get((message["call-id"], message["cseq"]))
            if queue:
                queue.put_nowait(message)
            return
        if message.method != "ACK" and self._key(message) in self.answered:
            self.repeated += 1
            if self.answered[self._key(message)]:
                self.send(self.answered[self._key(message)], flow)
            return
        self.answered[self._key(message)] = None
        self.requests.append(Received(message, flow, time.monotonic()))
        self.note("received", f"{message.method} {message.uri} from {flow.peer[0]}:{flow.peer[1]}/{flow.transport}")
        rule = None if message.method == "ACK" else self.habits.rule_for(message)
        if rule is None:
            self._serve(message, flow)
        elif rule.status is not None:
            self.reply(message, flow, rule.status, rule.reason, rule.headers)

    def _serve(self, message, flow):
        call = next((c for c in self.calls if c.is_of(message)), None)
        if call:
            return call.on_request(message, flow)
        if message.method == "REGISTER":
            return self._on_register(message, flow)
        if message.method == "INVITE" and tag_of(message["to"]) is None:
            return self._on_invite(message, flow)
        if message.method == "OPTIONS":
            return self.reply(message, flow, 200)
        if message.method != "ACK":
            self.reply(message, flow, 481, "Call/Transaction Does Not Exist")

    async def transact(self, message, flow, provisional=None, timeout=32):
        """A client transaction; repeats over UDP. An INVITE's refusal is acknowledged."""
        queue = self.pending[(message["call-id"], message["cseq"])] = asyncio.Queue()
        interval, quiet = 0.5, flow.transport != "udp"
        self.send(message, flow)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        answer = await asyncio.wait_for(queue.get(), None if quiet else interval)
                    except TimeoutError:
                        self.send(message, flow)
                        interval = min(2 * interval, 4)
                        continue
                    if answer.status < 200:
                        quiet = quiet or message.method == "INVITE"
                        if provisional and answer.status > 100:
                            provisional(answer)
                        continue
                    if message.method == "INVITE" and answer.status >= 300:
                        kept = [(n, v) for n, v in message.headers if n in ("Via", "From", "Call-ID", "Max-Forwards")]
                        self.send(Message(f"ACK {message.uri} SIP/2.0", kept + [
                            ("To", answer["to"]), ("CSeq", message["cseq"].split()[0] + " ACK")]), flow)
                    return answer
        finally:
            self.pending.pop((message["call-id"], message["cseq"]), None)

    # ---- who is who
    def _account(self, message, flow, status):
        """The account whose password the request shows; otherwise it has been answered."""
        header = message["authorization"] if status == 401 else message["proxy-authorization"]
        if header is None:
            return self._challenge(message, flow, status)
        p = credentials(header)
        user, secret = next(((u, s) for u, (name, s) in self.accounts.items() if name == p.get("username")), (None, ""))
        right = user is not None and p.get("response") == self._response(p, message, secret)
        known = self.nonces.get(p.get("nonce"))
        if not right:
            self.tried.append((p.get("username"), False))
            return self._challenge(message, flow, status)
        fresh = known is not None and known[0] > 0 and int(p.get("nc", "0"), 16) > known[1] - (self.habits.qop is None)
        if not fresh:
            return self._challenge(message, flow, status, stale=True)
        known[0] -= 1
        known[1] = int(p.get("nc", "0"), 16)
        self.tried.append((p["username"], True))
        return user

    def _challenge(self, message, flow, status, stale=False):
        value, nonce = self.habits.challenge(stale)
        self.nonces[nonce] = [self.habits.nonce_lasts, 0]
        name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
        self.reply(message, flow, status, "Unauthorized", [(name, value)])

    def _response(self, p, message, secret):
        digest = hashlib.sha256 if self.habits.algorithm == "SHA-256" else hashlib.md5
        h = lambda text: digest(text.encode()).hexdigest()
        if p.get("realm") != self.habits.realm or p.get("uri") != message.uri:
            return None
        ha1, ha2 = h(f"{p['username']}:{p['realm']}:{secret}"), h(f"{message.method}:{message.uri}")
        if self.habits.qop:
            return h(f"{ha1}:{p.get('nonce')}:{p.get('nc')}:{p.get('cnonce')}:{p.get('qop')}:{ha2}")
        return h(f"{ha1}:{p.get('nonce')}:{ha2}")

    # ---- the registrar
    def _on_register(self, message, flow):
        habits, user = self.habits, user_of(message["to"])
        if "@" in message.uri:                     # RFC 3261 §10.2: no user part
            return self.reply(message, flow, 400, "Bad Request-URI")
        if habits.register_challenge:
            user = self._account(message, flow, habits.register_challenge)
            if user is None:
                return None
        contact = message["contact"]
        asked = re.search(r";\s*expires=(\d+)", contact or "")
        wanted = int(asked.group(1) if asked else message["expires"] or 3600)
        if contact and 0 < wanted < habits.least_expires:
            return self.reply(message, flow, 423, "Interval Too Brief", [("Min-Expires", str(habits.least_expires))])
        granted = min(wanted, habits.most_expires)
        listed = [("Contact", c) for c in habits.other_contacts]
        if granted:
            self.bindings[user] = Binding(uri_of(contact), flow, time.monotonic() + granted)
            listed.append(("Contact", f"<{uri_of(contact)}>;expires={granted}"))
        else:
            self.bindings.pop(user, None)
        self.note("registered" if granted else "un-registered", user)
        return self.reply(message, flow, 200, "OK", listed)

    # ---- calls out of the PBX
    def _on_invite(self, message, flow):
        user = None
        if self.habits.call_challenge:
            user = self._account(message, flow, self.habits.call_challenge)
            if user is None:
                return None
        binding = self.bindings.get(user or user_of(message["from"]))
        if self.habits.only_registered_flow and (binding is None or binding.flow.key != flow.key):
            return self.reply(message, flow, 403, "Not Where You Registered")
        asked = re.match(r"\d+", message["session-expires"] or "")
        if asked and int(asked.group()) < self.habits.least_session:
            return self.reply(message, flow, 422, "Session Interval Too Small", [("Min-SE", str(self.habits.least_session))])
        call = Call(self, flow, outgoing=False)
        call.take_invite(message)
        self.calls.append(call)
        self.send(message.answer(100, "Trying"), flow)
        self.spawn(call.open())
        return None

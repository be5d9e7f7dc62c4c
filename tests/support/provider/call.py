"""One call between the provider's network and the PBX: what a test says and hears in it."""
import re

from simphone import srtp
from simphone.audio import Audio
from simphone.message import Message, tag_of, token, uri_of, user_of

from .wire import bracketed

NAMES = {0: "PCMU", 8: "PCMA"}
REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}


class Call(srtp.Side):
    """`phone` is the provider, so that what is written for phones' calls (story.both_hear) is good for these."""

    def __init__(self, provider, flow, outgoing):
        self.provider = self.phone = provider
        self.flow, self.outgoing = flow, outgoing
        self.state, self.status = "new", None      # ringing, up, over; the final answer of ours to the PBX or of the PBX to us
        self.local_tag, self.remote_tag = token(4), None
        self.cseq, self.version, self.rseq = 1, 1, 0
        self.routes, self.extra_tags = [], []
        self.invite = self.peer_sdp = None         # the INVITE; the newest session description of the PBX
        self.provisional = []                      # of the PBX: status of each, for a call into it
        self.acks, self.pracks, self.offers = 0, 0, []
        self.session_expires = None
        self.no_keys_yet()
        habits = provider.habits
        self.audio = Audio(habits.payload_types[0], habits.event_type)

    @property
    def media_ip(self):
        return self.provider.habits.media_ip or self.provider.ip

    async def open(self):
        await self.audio.open(self.media_ip)
        self.provider.note("call", "open")
        return self

    def is_of(self, message):
        tags = {tag_of(message["to"]), None if message.method == "CANCEL" else tag_of(message["from"])}
        if self.state == "over" and message.method not in ("ACK", "BYE"):
            return False
        mine = {self.local_tag, *self.extra_tags}
        return message["call-id"] == self.call_id and (bool(tags & mine) or message.method == "CANCEL")

    def enter(self, state):
        self.state = state
        if state == "over":
            self.audio.close()
        self.provider.note("call", state)

    async def until(self, *states, timeout=10):
        await self.provider.until(lambda: self.state in states, timeout, f"call {' or '.join(states)}; it is {self.state} {self.status}")
        return self

    async def opened(self):
        await self.provider.until(lambda: self.audio.sock is not None, 5, "the call's socket")

    # ---- session descriptions
    def srtp(self):
        return "required" if self.provider.habits.srtp == "both" else self.provider.habits.srtp

    def suites(self):
        return self.provider.habits.srtp_suites

    def sdp(self, direction="sendrecv", offer=b""):
        """`offer`: the body that it answers."""
        kinds, event, ip = self.provider.habits.payload_types, self.provider.habits.event_type, self.media_ip

        def audio(protocol, keys):
            lines = [f"m=audio {self.audio.port} {protocol} {' '.join(map(str, kinds))} {event}"]
            lines += [f"a=rtpmap:{k} {NAMES[k]}/8000" for k in kinds]
            return lines + [f"a=rtpmap:{event} telephone-event/8000", f"a=fmtp:{event} 0-15", "a=ptime:20", f"a={direction}", *keys]
        family = "IP6" if ":" in ip else "IP4"
        lines = ["v=0", f"o=- {id(self) & 0xFFFFFF} {self.version} IN {family} {ip}", "s=-", f"c=IN {family} {ip}", "t=0 0"]
        if self.provider.habits.srtp == "both" and not offer:
            lines += audio("RTP/AVP", [])
        lines += audio(self.protocol(offer), self.crypto_lines(offer))
        self.version += 1
        return ("\r\n".join(lines) + "\r\n").encode()

    def take_sdp(self, body):
        if not body:
            return "sendrecv"
        text = body.decode()
        self.peer_sdp = text
        address = re.search(r"^c=IN IP[46] (\S+)", text, re.M).group(1)
        lines = re.findall(r"^m=audio (\d+) RTP/S?AVP ([\d ]+)", text, re.M)
        port, formats = next((line for line in lines if line[0] != "0"), lines[0])
        self.take_keys(text)
        direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", text, re.M)
        direction = direction.group(1) if direction else "sendrecv"
        self.audio.remote = (address, int(port)) if int(port) else None
        self.audio.sending = direction in ("sendrecv", "recvonly")
        known = [int(f) for f in formats.split() if int(f) in NAMES]
        self.audio.payload_type = known[0] if known else self.audio.payload_type
        event = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.M)
        self.audio.event_type = int(event.group(1)) if event else None
        self.offers.append(direction)
        return direction

    @property
    def caller(self):
        """(display name, user of From) of a call that came from the PBX."""
        return self.invite["from"].split("<")[0].strip().strip('"'), user_of(self.invite["from"])

    @property
    def called(self):
        return user_of(self.invite.uri)

    # ---- a call from the PBX
    def take_invite(self, message):
        self.invite, self.call_id = message, message["call-id"]
        self.remote_tag, self.remote, self.local = tag_of(message["from"]), message["from"], message["to"]
        self.target, self.routes = uri_of(message["contact"]), message.all("record-route")
        self.take_sdp(message.body)

    @property
    def contact(self):
        port = "" if self.flow.transport == "udp" else f";transport={self.flow.transport}"
        return f"<sip:provider@{bracketed(self.provider.ip)}:{self.flow.local[1]}{port}>"

    def _answer(self, status, reason, headers=(), body=b"", tag=None):
        if tag and tag not in self.extra_tags:
            self.extra_tags.append(tag)
        headers = [("Contact", self.contact), ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK" + (
            ", UPDATE" if self.provider.habits.takes_update else "")), ("Supported", self.provider.habits.supported), *headers]
        if body:
            headers.append(("Content-Type", "application/sdp"))
        answer = self.invite.answer(status, reason, headers, body, to_tag=tag or self.local_tag)
        self.provider.answered[self.provider._key(self.invite)] = answer
        self.provider.send(answer, self.flow)
        return answer

    async def progress(self, status=180, media=False, tag=None, reliable=False, headers=()):
        """180 or 183; with `media` a session description and what the audio says as early media; `tag`: of another branch of a
        fork; `reliable`: with 100rel, repeated until its PRACK (RFC 3262)."""
        await self.opened()
        headers = list(headers)
        if reliable:
            self.rseq += 1
            headers += [("Require", "100rel"), ("RSeq", str(self.rseq))]
        answer = self._answer(status, "Ringing" if status == 180 else "Session Progress", headers, self.sdp(offer=self.invite.body) if media else b"", tag)
        if not reliable:
            return
        before, interval = self.pracks, 0.5
        while self.pracks == before:
            try:
                await self.provider.until(lambda: self.pracks > before, interval)
            except AssertionError:
                assert interval < 8, "no PRACK"
                self.provider.send(answer, self.flow)
                interval *= 2

    async def answer(self, tag=None, headers=()):
        await self.opened()
        headers, habits = list(headers), self.provider.habits
        if habits.session_expires and self.invite["session-expires"] or habits.session_expires and habits.refresher == "uas":
            headers += [("Session-Expires", f"{habits.session_expires};refresher={habits.refresher}"), ("Require", "timer")]
        if tag:
            self.local_tag = tag
        answer = self._answer(200, "OK", headers, self.sdp(offer=self.invite.body), self.local_tag)
        self.status = 200
        self.enter("up")
        self.provider.spawn(self._repeat(answer))

    async def _repeat(self, answer):
        """A 2xx until its ACK (RFC 3261 §13.3.1.4)."""
        before, interval = self.acks, 0.5
        for _ in range(10):
            try:
                return await self.provider.until(lambda: self.acks > before or self.state == "over", interval)
            except AssertionError:
                self.provider.send(answer, self.flow)
                interval = min(2 * interval, 4)

    def refuse(self, status=486, reason="Busy Here", headers=()):
        self.status = status
        self._answer(status, reason, headers)
        self.enter("over")

    # ---- a call into the PBX
    def invite_out(self, target, caller, name, to=None, headers=(), offer=True, require=()):
        """`to`: user of To, the target's otherwise; `offer` False: an INVITE without a session description."""
        domain = self.provider.habits.realm
        self.call_id, self.target = f"{token()}@{self.provider.ip}", target
        display = f'"{name}" ' if name else ""
        self.local = f"{display}<sip:{caller}@{domain}>;tag={self.local_tag}"
        self.remote = f"<sip:{to or user_of(target)}@{domain}>"
        extra = [("Supported", self.provider.habits.supported), *[("Require", r) for r in require], *headers]
        self.invite = self.request_of("INVITE", extra, self.sdp() if offer else b"")
        self.provider.calls.append(self)
        self.task = self.provider.spawn(self._place())

    async def _place(self):
        answer = await self.provider.transact(self.invite, self.flow, self._on_progress, timeout=60)
        self.status = answer.status
        if answer.status >= 300:
            return self.enter("over")
        self._follow(answer)
        offered = bool(self.invite.body)
        self.take_sdp(answer.body)
        self.provider.send(self.request_of("ACK", [], b"" if offered else self.sdp(offer=answer.body), cseq=1), self.flow)
        return self.enter("up")

    def _follow(self, answer):
        self.remote_tag, self.remote = tag_of(answer["to"]), answer["to"]
        self.target = uri_of(answer["contact"])
        self.routes = list(reversed(answer.all("record-route")))

    def _on_progress(self, answer):
        self.provisional.append(answer.status)
        if answer["contact"]:
            self._follow(answer)
        if answer.body:
            self.take_sdp(answer.body)
        if answer["rseq"]:
            number = f"{answer['rseq']} {answer['cseq']}"
            self.provider.spawn(self.request("PRACK", [("RAck", number)]))
        if self.state == "new":
            self.enter("ringing")

    async def cancel(self):
        kept = [(n, v) for n, v in self.invite.headers if n in ("Via", "From", "To", "Call-ID", "Max-Forwards")]
        message = Message(f"CANCEL {self.invite.uri} SIP/2.0", kept + [("CSeq", "1 CANCEL")])
        return (await self.provider.transact(message, self.flow)).status

    # ---- within the dialog
    def request_of(self, method, headers=(), body=b"", cseq=None):
        transport = self.flow.transport.upper()
        via = f"SIP/2.0/{transport} {bracketed(self.provider.ip)}:{self.flow.local[1]};branch=z9hG4bK{token()};rport"
        local = self.local if tag_of(self.local) else f"{self.local};tag={self.local_tag}"
        lines = [("Via", via), ("From", local), ("To", self.remote), ("Call-ID", self.call_id), ("CSeq", f"{cseq or self.cseq} {method}"),
                 ("Max-Forwards", "70"), ("Contact", self.contact)] + [("Route", r) for r in self.routes] + list(headers)
        if body:
            lines.append(("Content-Type", "application/sdp"))
        return Message(f"{method} {self.target} SIP/2.0", lines, body)

    async def request(self, method, headers=(), body=b""):
        self.cseq += 1
        number = self.cseq
        answer = await self.provider.transact(self.request_of(method, headers, body), self.flow)
        if method == "INVITE" and answer.status < 300:
            offered = bool(body)
            self.take_sdp(answer.body)
            self.provider.send(self.request_of("ACK", [], b"" if offered else self.sdp(offer=answer.body), cseq=number), self.flow)
        elif method == "UPDATE" and answer.status < 300:
            self.take_sdp(answer.body)
        return answer

    async def re_invite(self, direction="sendrecv", offer=True):
        return (await self.request("INVITE", body=self.sdp(direction) if offer else b"")).status

    async def update(self, direction="sendrecv"):
        return (await self.request("UPDATE", body=self.sdp(direction))).status

    async def hang_up(self):
        if self.state == "up":
            await self.request("BYE")
        elif self.outgoing and self.state != "over":
            await self.cancel()
            return
        elif self.state != "over":
            self.refuse()
            return
        self.enter("over")

    def on_request(self, message, flow):
        handler = getattr(self, f"_on_{message.method.lower()}", None)
        if handler is None:
            return self.provider.reply(message, flow, 405, "Method Not Allowed")
        return handler(message, flow)

    def _on_ack(self, message, flow):
        self.acks += 1
        self.take_sdp(message.body)
        self.provider.note("acknowledged", self.state)

    def _on_prack(self, message, flow):
        self.pracks += 1
        self.provider.reply(message, flow, 200, "OK")

    def _on_cancel(self, message, flow):
        self.provider.reply(message, flow, 200, "OK", to_tag=self.local_tag)
        if self.state in ("new", "ringing"):
            self.refuse(487, "Request Terminated")

    def _on_bye(self, message, flow):
        self.provider.reply(message, flow, 200, "OK")
        if self.state != "over":
            self.enter("over")

    def _on_info(self, message, flow):
        self.provider.note("info", message.body.decode())
        self.provider.reply(message, flow, 200, "OK")

    def _on_invite(self, message, flow):
        self._on_offer(message, flow)

    def _on_update(self, message, flow):
        if not self.provider.habits.takes_update:
            return self.provider.reply(message, flow, 405, "Method Not Allowed")
        return self._on_offer(message, flow)

    def _on_offer(self, message, flow):
        habits = self.provider.habits
        if message.method == "INVITE" and not message.body and not habits.takes_late_offers:
            return self.provider.reply(message, flow, 488, "Not Acceptable Here")
        if message["contact"]:
            self.target = uri_of(message["contact"])
        direction = REVERSED[self.take_sdp(message.body)]
        headers = [("Contact", self.contact), ("Supported", habits.supported)]
        if message["session-expires"]:
            headers.append(("Session-Expires", message["session-expires"]))
        body = self.sdp(direction, message.body) if message.body or message.method == "INVITE" else b""
        if body:
            headers.append(("Content-Type", "application/sdp"))
        answer = self.provider.reply(message, flow, 200, "OK", headers, body)
        if message.method == "INVITE":
            self.provider.spawn(self._repeat(answer))

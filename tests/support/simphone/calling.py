"""A phone's calls: those that it makes, and those that come to it."""
import asyncio
import urllib.parse

from .audio import Audio
from .call import Call
from .message import Message, authorization, tag_of, uri_of, user_of


class Calling:
    """The part of a phone that calls and is called."""

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

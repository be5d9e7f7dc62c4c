"""A call as a phone has it: one dialog with its audio."""
import asyncio
import contextlib
import re
import urllib.parse

from . import srtp


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

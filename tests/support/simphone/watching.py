"""A phone's lamps and mailbox: what it subscribes to, and what it is told."""
import re

from .message import Message, authorization, tag_of


class Watching:
    """The part of a phone that watches others."""

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

    def on_notify(self, message, peer):
        event = (message["event"] or "").split(";")
        if event[0].strip() == "ua-profile":
            return self.on_profile(message)
        subscription = self.subscriptions.get((message["call-id"], tag_of(message["to"])))
        if subscription:
            self.reply(message.answer(200, "OK"))
            return self.on_notify_in_subscription(subscription, message)
        restarts = event[0].strip() == "reboot" and self.vendor.name == "cisco"
        if event[0].strip() in ("check-sync", "resync") or restarts:
            return self.on_check_sync(message, peer, restarts or "reboot=true" in [p.strip() for p in event[1:]])
        if event[0].strip() == "refer":
            self.note("refer", message.body.decode().strip())
            return self.reply(message.answer(200, "OK"))
        self.reply(message.answer(481, "Subscription does not exist", to_tag=self.token(4)))

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

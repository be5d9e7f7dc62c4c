#!/usr/bin/python3
"""SIP as phones in the field write it, beside the core and at a branch: none of it goes unanswered that is owed an answer,
none of it is answered that isn't, and nothing that one phone writes reaches another's parser."""
import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import story  # noqa: E402
from harness import wait_for  # noqa: E402
from raw_phone import DOMAIN, Raw  # noqa: E402
from simphone.message import token  # noqa: E402

SITES = ("local", "branch-1")


class FieldSip(case.LoopbackCase):
    branches = ("branch-1",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        cls = type(self)
        if not hasattr(cls, "accounts"):
            cls.accounts = {}
            for site in SITES:
                for name in ("caller", "callee"):
                    number = await self.person(name)
                    phone = await self.a_phone(number, site=site)
                    cls.accounts[site, name] = (phone.ip, phone.setup.auth_user, phone.setup.password, number)
                    await story.off(phone)

    def raw(self, site, name="caller", port=0):
        ip, user, password, number = self.accounts[site, name]
        phone = Raw(self.world.faces[site], ip, user, password, number, port)
        self.addCleanup(phone.close)
        return phone

    def malformed(self):
        return self.world.core.text().count("sip.malformed")

    async def test_requests_are_answered_however_they_are_written(self):
        plain = "<sip:{aor}@" + DOMAIN + ">"
        forms = {  # what is replaced, by what, and the answer
            "Kühl Büro": ("From: <", "From: Kühl Büro <", 200), "Room (2)": ("From: <", "From: Room (2) <", 200),
            "Desk 1/2": ("From: <", "From: Desk 1/2 <", 200), "Ext: 101": ("From: <", "From: Ext: 101 <", 200),
            "quote not closed": ("From: <", 'From: "Ann <', 200), "comma": ("From: <", "From: Bell, Alexander <", 200),
            "From <>": ("From: " + plain, "From: <>", 200), "From sip:@host": ("From: " + plain, "From: sip:@host", 200),
            "To name": ("To: <", "To: Büro 1/2 <", 200),
            "Contact name": ("Contact: <", "Contact: Kühl (2) <", 200), "Contact <>": ("Contact: <", "Contact: <>;x=<", 200),
            "garbage line": ("Max-F", "garbage\nMax-F", 200), "odd name": ("Max-F", "X(y): z\nMax-F", 200),
            "Max-Forwards 256": ("Max-Forwards: 70", "Max-Forwards: 256", 200), "no Max-Forwards": ("Max-Forwards: 70\n", "", 200),
            "Expires abc": ("Max-F", "Expires: abc\nMax-F", 200), "Route": ("Max-F", "Route: sip:h;lr\nMax-F", 200),
            "sip/2.0": (" SIP/2.0\n", " sip/2.0\n", 200), "folded start line": (" SIP/2.0\n", "\n SIP/2.0\n", 400),
            "Via port": ("Via: SIP/2.0/UDP", "Via: SIP/2.0/UDP h:99999, SIP/2.0/UDP", 400),
            "CSeq": ("CSeq: ", "CSeq: 9999999999", 400), "Content-Length": ("Content-Length: 0", "Content-Length: -1", 400),
        }
        for site in SITES:
            with self.subTest(site=site):
                for what, (old, new, expected) in forms.items():
                    phone = self.raw(site)
                    text = phone.text("OPTIONS", f"sip:{DOMAIN}")
                    old = old.format(aor=phone.aor)
                    self.assertIn(old, text)
                    phone.send(text.replace(old, new, 1))
                    answer = phone.insist(lambda patience: phone.receive(lambda m: m.status >= 200, patience))
                    phone.close()
                    self.assertEqual(answer and answer.status, expected, what)
                # A registration needs its To and its Contact.
                for what, old, new in (("To", f"To: <sip:{phone.aor}@{DOMAIN}>", "To: <>"), ("Contact", "Contact: <", "Contact: <>, <")):
                    phone = self.raw(site)
                    answer = phone.ask("REGISTER", f"sip:{DOMAIN}", change=lambda t: t.replace(old, new, 1))
                    self.assertEqual(answer and answer.status, 400, what)
                    self.assertTrue(new.partition(": ")[2].partition(",")[0] in answer.get("to") or what == "Contact", answer.get("to"))

    async def test_a_call_for_help_is_heard_whoever_it_says_it_is_from(self):
        for site in SITES:
            with self.subTest(site=site):
                for name in ("Kühl <sip:101@h>", "<>", "sip:@host", '"Ann <sip:101@h>', "nobody"):
                    phone = self.raw(site)
                    body = phone.sdp()
                    text = phone.text("INVITE", f"sip:112@{DOMAIN}", body=body)
                    phone.send(re.sub(r"From: .*?>", f"From: {name}", text), body)
                    answer = phone.insist(lambda patience: phone.receive(lambda m: m.status > 100, patience))
                    self.assertEqual(answer and answer.status, 183, name)
                    phone.send(f"CANCEL sip:112@{DOMAIN} SIP/2.0\nVia: SIP/2.0/UDP {phone.ip}:{phone.port};branch={phone.branch};rport\n"
                               f"From: {name};tag={phone.tag}\nTo: <sip:112@{DOMAIN}>\nCall-ID: {phone.call_id}\nCSeq: {phone.cseq} CANCEL\n"
                               "Content-Length: 0\n\n")
                    final = phone.final("INVITE")
                    self.assertEqual(final and final.status, 487, name)
                    phone.acknowledge(f"sip:112@{DOMAIN}", final)
                    phone.close()

    async def test_control_characters_reach_nobody(self):
        for site in SITES:
            with self.subTest(site=site):
                callee, caller = self.raw(site, "callee"), self.raw(site)
                self.assertEqual(callee.register().status, 200)
                uri = f"sip:{callee.aor}@{DOMAIN}"
                for bad in ("\r", "\x0b", "\x01", "\x7f", "\0"):
                    for header in ("Subject: hi{}Alert-Info: <x>;info=alert-autoanswer", "Priority: a{}Call-Info: b", "X-Any: {}",
                                   "Organization: a\r\n\tb{}c"):
                        data = caller.text("INVITE", uri, extra=["MARK"]).replace("\n", "\r\n").replace("MARK", header.format(bad))
                        caller.send(data.encode())
                        answer = caller.insist(lambda patience: caller.final("INVITE", patience))
                        self.assertEqual(answer and answer.status, 400, (bad, header))
                        self.assertNotRegex(answer.raw.decode(), "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
                self.assertIsNone(callee.receive(lambda m: m.method == "INVITE", 0.3))
                callee.register(expires=0)

    def invite(self, caller, callee):
        """The callee's INVITE."""
        uri = f"sip:{callee.aor}@{DOMAIN}"
        caller.ask("INVITE", uri, body=caller.sdp())
        ringing = caller.insist(lambda patience: callee.receive(lambda m: m.method == "INVITE", patience))
        self.assertIsNotNone(ringing, "doesn't ring")
        return ringing

    async def test_a_response_counts_whatever_else_it_says(self):
        def me(phone):
            return f"<sip:{phone.aor}@{phone.ip}:{phone.port}>"
        odd = ("Contact: Kühl {}", "Contact: Desk (2) {}", "Contact: <>", "Contact: {}\nRecord-Route: 1.2.3.4;lr", "Contact: {}\ngarbage",
               "Contact: {}\nMax-Forwards: 300", "Contact: {}\nX(y): z", "Contact: {}\nDate: x\nExpires: y\nRequire: ,", "Contact: 999")
        for site in SITES:
            with self.subTest(site=site):
                callee, caller = self.raw(site, "callee"), self.raw(site)
                callee.register()
                caller.register()
                for header in odd:
                    for status in ("486 Busy Here", "302 Moved Temporarily", "200 OK"):
                        ringing = self.invite(caller, callee)
                        callee.answer(ringing, status, [header.format(me(callee))], body=callee.sdp() if status.startswith("200") else b"")
                        final = caller.final("INVITE")
                        self.assertIsNotNone(final, (header, status))
                        if status.startswith("302"):
                            self.assertGreaterEqual(final.status, 400)
                        else:
                            self.assertEqual(final.status, int(status[:3]), header)
                        target = re.search("<(.*)>", final.get("contact")) if final.status == 200 else None
                        caller.acknowledge(target.group(1) if target else ringing.first.split()[1], final,
                                           branch="z9hG4bK" + token() if target else None)
                        self.assertIsNotNone(callee.receive(lambda m: m.method == "ACK"), (header, status))
                        if target:
                            caller.cseq += 1
                            caller.send(f"BYE {target.group(1)} SIP/2.0\nVia: SIP/2.0/UDP {caller.ip}:{caller.port};branch=z9hG4bK{token()};rport\n"
                                        f"From: {final.get('from')}\nTo: {final.get('to')}\nCall-ID: {final.get('call-id')}\nCSeq: {caller.cseq} BYE\n"
                                        "Max-Forwards: 70\nContent-Length: 0\n\n")
                            bye = callee.receive(lambda m: m.method == "BYE")
                            self.assertIsNotNone(bye, header)
                            callee.answer(bye, "200 OK", to=bye.get("to"))
                        caller.call_id, caller.waiting, callee.waiting = token(), [], []
                for to in ("Kühl <sip:x@h>;tag=t1", "<>;tag=t1", '"Desk <sip:x@h>;tag=t1', "nobody;tag=t1"):
                    ringing = self.invite(caller, callee)
                    callee.answer(ringing, "486 Busy\rX: y", to=to)
                    final = caller.final("INVITE")
                    self.assertEqual(final and final.status, 486, to)
                    self.assertNotIn(b"\rX", final.raw)
                    caller.acknowledge(ringing.first.split()[1], final)
                    caller.call_id = token()
                callee.register(expires=0)

    async def test_each_contact_of_a_registration_is_one_by_itself(self):
        for site in SITES:
            with self.subTest(site=site):
                phone = self.raw(site)
                old, new = (f"<sip:{phone.aor}@{phone.ip}:{port}>" for port in (5070, 5072))
                for contact, left in ((old, old), (f"{old};expires=0\nContact: {new}", new), (f"{old}, {new};expires=0", old),
                                      (f"{old};expires=0, {new}", new), (f"{new};expires=60\nm: {old};expires=0", new),
                                      (new.replace(">", ";ob>"), new.replace(">", ";ob>")),
                                      (f"{new};expires=60, {new.replace('>', ';ob>')};expires=0", new),
                                      (f"{old};q=0.9, {new};q=0.1", old)):
                    answer = phone.register(contact=contact)
                    self.assertEqual(answer.status, 200)
                    self.assertEqual([c.partition(";expires")[0] for c in answer.all("contact")], [left], contact)
                escaped = old.replace("sip:" + phone.aor, "SIP:" + "".join(f"%{ord(c):02x}" for c in phone.aor))
                self.assertEqual(phone.register(contact=escaped, expires=0).all("contact"), [])
                to = f'"Ann" <sip:{"".join(f"%{ord(c):X}" for c in phone.aor)}@{DOMAIN.upper()}:5060;user=phone>'
                self.assertEqual(len(phone.register(contact=new, to=to).all("contact")), 1)
                gone = phone.register(contact="*", expires=0)
                self.assertEqual((gone.status, gone.all("contact")), (200, []))
                self.assertRegex(gone.get("date"), r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")

    async def test_answers_without_rport_go_to_the_port_of_the_via(self):
        for site in SITES:
            with self.subTest(site=site):
                phone = self.raw(site, "callee")      # it sends from here, and listens there
                listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                self.addCleanup(listener.close)
                listener.bind((phone.ip, 0))
                both, port = [listener, phone.socket], listener.getsockname()[1]
                at = f"<sip:{phone.aor}@{phone.ip}:{port}>"

                def asks(method, uri, extra=(), via="{ip}:{port}"):
                    text = phone.text(method, uri, extra, contact=at)
                    text = re.sub(r"UDP \S+?;branch=(\S+?);rport", "UDP " + via.format(ip=phone.ip, port=port) + r";branch=\1", text)
                    phone.send(text)
                    return phone.final(method, 2, socks=both)
                answer = asks("REGISTER", f"sip:{DOMAIN}")
                self.assertEqual((answer.status, answer.at), (401, listener))
                answer = asks("REGISTER", f"sip:{DOMAIN}", [phone.authorization(answer.get("www-authenticate"), "REGISTER", f"sip:{DOMAIN}")])
                self.assertEqual((answer.status, answer.at), (200, listener))
                # Refusals, too; and whatever the Via says, nobody else gets them.
                for via in ("{ip}:{port}", "192.0.2.1:{port};received=192.0.2.2;maddr=192.0.2.3"):
                    for method, status in (("OPTIONS", 200), ("BYE", 481), ("SUBSCRIBE", 489)):
                        answer = asks(method, f"sip:{DOMAIN}", via=via)
                        self.assertEqual((answer.status, answer.at), (status, listener), (method, via))
                phone.send(re.sub(r"UDP \S+?;branch=(\S+?);rport", f"UDP {phone.ip}:{port};branch=\\1",
                                  phone.text("OPTIONS", f"sip:{DOMAIN}").replace("OPTIONS\nContact", "INFO\nContact")))
                answer = phone.receive(lambda m: m.status == 400, 2, socks=both)
                self.assertEqual(answer and answer.at, listener)
                # A call rings where it listens.
                caller = self.raw(site)
                caller.ask("INVITE", f"sip:{phone.aor}@{DOMAIN}", body=caller.sdp())
                ringing = phone.receive(lambda m: m.method == "INVITE", socks=both)
                self.assertEqual(ringing and ringing.at, listener)
                phone.answer(ringing, "486 Busy Here")
                final = caller.final("INVITE")
                self.assertEqual(final.status, 486)
                caller.acknowledge(f"sip:{phone.aor}@{DOMAIN}", final)
                # What else speaks from its address may name the port as well, and is answered there.
                neighbour = self.raw(site, "callee")
                neighbour.send(re.sub(r"UDP \S+?;branch=(\S+?);rport", f"UDP {phone.ip}:{port};branch=\\1",
                                      neighbour.text("OPTIONS", f"sip:{DOMAIN}")))
                answer = neighbour.receive(lambda m: m.status == 200, 2, socks=[listener, neighbour.socket])
                self.assertEqual(answer and answer.at, listener)
                # With rport it is asked where it sends from.
                self.assertEqual(phone.register(expires=0).at, phone.socket)

    async def test_credentials_are_for_the_uri_that_they_name(self):
        for site in SITES:
            with self.subTest(site=site):
                callee, caller = self.raw(site, "callee"), self.raw(site)
                callee.register()
                uri = f"sip:{callee.aor}@{DOMAIN}"
                for other in (f"sip:199@{DOMAIN}", f"sip:{callee.aor}@evil.example", "sip:evil.example", "tel:199", "/"):
                    caller.ask("INVITE", uri, digest_uri=other, body=caller.sdp())
                    final = caller.final("INVITE")
                    self.assertEqual(final and final.status, 400, other)
                    caller.acknowledge(uri, final)
                    caller.call_id = token()
                self.assertIsNone(callee.receive(lambda m: m.method == "INVITE", 0.3))
                wait_for(lambda: "sip.credentials_for_another_uri" in self.world.core.text(), what="that it is told")
                for same in (f"sip:{callee.aor}@{DOMAIN.upper()}", f"sip:{callee.aor}@{DOMAIN}:5060", f"sip:{callee.aor}@{DOMAIN};user=phone",
                             f"sips:{callee.aor}@{DOMAIN}", "sip:" + "".join(f"%{ord(c):x}" for c in callee.aor) + f"@{DOMAIN}",
                             f"sip:{DOMAIN}", f"sip:{self.world.faces[site]}:5060"):  # signed for the server, as sipp does
                    caller.ask("INVITE", uri, digest_uri=same, body=caller.sdp())
                    ringing = callee.receive(lambda m: m.method == "INVITE")
                    self.assertIsNotNone(ringing, same)
                    callee.answer(ringing, "486 Busy Here")
                    caller.acknowledge(uri, caller.final("INVITE"))
                    caller.call_id = token()
                for same in (f"sip:{DOMAIN}", f"sip:{DOMAIN}:5060", f"sip:{caller.aor}@{DOMAIN}", f"sip:{self.world.faces[site]}"):
                    self.assertEqual(caller.register(digest_uri=same).status, 200, same)
                for nc in ("1", "00000002", "0000000A", "ff", "00000000", '"00000001"'):
                    hashed = nc.strip('"')
                    answer = caller.ask("REGISTER", f"sip:{DOMAIN}", nc=hashed, change=lambda t: t.replace(f"nc={hashed},", f"nc={nc},"))
                    self.assertEqual(answer.status, 200, nc)
                # What is never taken is at least told.
                answer = caller.ask("REGISTER", f"sip:{DOMAIN}", change=lambda t: t.replace("qop=auth,", "qop=auth-int,"))
                self.assertEqual(answer.status, 401)
                wait_for(lambda: "sip.unusable_credentials" in self.world.core.text(), what="that it is told")
                caller.register(expires=0)
                callee.register(expires=0)

    async def test_keepalives_are_neither_answered_nor_reported(self):
        stun = bytes.fromhex("000100002112a442") + b"twelve bytes"
        for site in SITES:
            with self.subTest(site=site):
                phone, before = self.raw(site), self.malformed()
                for data in (b"\r\n\r\n", b"\r\n", b" ", b"\t\r\n", b"\0", b"\0\0\0\0", b"jaK", b"", stun):
                    for _ in range(5):
                        phone.socket.sendto(data, (phone.face, 5060))
                self.assertIsNone(phone.receive(lambda m: True, 0.3))
                self.assertEqual(phone.ask("OPTIONS", f"sip:{DOMAIN}").status, 200)
                self.assertEqual(self.malformed(), before)

    async def test_what_is_said_to_the_group_and_not_for_us_is_met_with_silence(self):
        mac = "00156500f0%02x"
        discovery, other = 'ua-profile;profile-type="device";vendor="OEM"', 'ua-profile;profile-type="application"'
        served = [("MAC:" + mac % 1, discovery), ("MAC%3a" + mac % 2, discovery), (mac % 3, discovery), ("mac_" + mac % 4, discovery),
                  ("MAC" + "%3a".join(re.findall("..", mac % 5)), discovery), ("phone", discovery + f';MAC="{mac % 6}"')]
        for site in SITES:
            with self.subTest(site=site):
                for n, (user, event, method, expected) in enumerate(
                        [(u, e, "SUBSCRIBE", 200) for u, e in served] + [("x", other, "SUBSCRIBE", None), ("MAC" + mac % 7, "presence", "SUBSCRIBE", None),
                                                                         ("x", other, "OPTIONS", None), ("x", "reg", "REGISTER", None)]):
                    phone = self.raw(site)
                    phone.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(phone.ip))
                    user = user.replace("f0", "f" + str(SITES.index(site)))
                    text = phone.text(method, f"sip:{user}@224.0.1.75", [f"Event: {event.replace('f0', 'f' + str(SITES.index(site)))}", "Expires: 0"])
                    phone.socket.sendto(text.replace("\n", "\r\n").encode(), ("224.0.1.75", 5060))
                    answer = phone.receive(lambda m: m.status >= 200, 2 if expected else 0.5)
                    self.assertEqual(answer and answer.status, expected, (n, user, event, method))
                    phone.close()

    async def test_streams_are_told_why_they_are_closed_and_may_be_filled(self):
        for site in SITES:
            with self.subTest(site=site):
                phone = self.raw(site)

                def connect():
                    sock = socket.create_connection((phone.face, 5060), 5, source_address=(phone.ip, 0))
                    self.addCleanup(sock.close)
                    return sock
                for length, status in (("", 400), ("Content-Length: abc\n", 400), ("Content-Length: 0\nl: 1\n", 400), ("Content-Length: 999999\n", 513)):
                    sock = connect()
                    sock.sendall(phone.text("OPTIONS", f"sip:{DOMAIN}").replace("Content-Length: 0\n", length).replace("\n", "\r\n").encode() + b"more")
                    answer = b""
                    while part := sock.recv(4096):      # until it is closed
                        answer += part
                    self.assertTrue(answer.startswith(b"SIP/2.0 %d" % status), (length, answer))
                    self.assertIn(phone.branch.encode(), answer)
                sock = connect()
                for filler in (b"\r\n", b"\n", b" ", b"\0\0\0\0", b"\r\n\0\t ", b"\r\n\r\n"):
                    sock.sendall(filler + phone.text("OPTIONS", f"sip:{DOMAIN}").replace("\n", "\r\n").encode() + filler)
                    answer = b""
                    while b"\r\n\r\n" not in answer.lstrip():
                        answer += sock.recv(4096)
                    self.assertIn(b"SIP/2.0 200", answer, filler)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
"""What is left of a call: its record, its messages without secrets, a capture that tshark reads, and the statistics."""
import csv
import io
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from story import PIN, connect, log_in, refused, rings  # noqa: E402


def datagrams(pcap):
    """The UDP payloads of a pcap of bare IPv4."""
    magic, _, _, _, _, _, link = struct.unpack("<IHHiIII", pcap[:24])
    assert (magic, link) == (0xA1B2C3D4, 101), (hex(magic), link)
    at, found = 24, []
    while at < len(pcap):
        size = struct.unpack("<I", pcap[at + 8:at + 12])[0]
        ip = pcap[at + 16:at + 16 + size]
        assert ip[0] == 0x45 and ip[9] == 17 and struct.unpack(">H", ip[2:4])[0] == size, ip[:20]
        found.append(ip[28:])
        at += 16 + size
    return found


def hep_of(datagram):
    """The chunks of a HEP3 packet, by their type."""
    magic, size = struct.unpack(">4sH", datagram[:6])
    assert (magic, size) == (b"HEP3", len(datagram)), datagram[:6]
    at, chunks = 6, {}
    while at < size:
        vendor, kind, length = struct.unpack(">HHH", datagram[at:at + 6])
        assert vendor == 0 and kind not in chunks and length >= 6, (vendor, kind, length)
        chunks[kind] = datagram[at + 6:at + length]
        at += length
    assert at == size
    return chunks


class Traces(case.LoopbackCase):
    branches = ("branch-1",)

    @staticmethod
    def core_extra(world):
        return f'hep: {{ collector: "{world.core_ip}:9060", node: e2e }}\n'

    async def test_a_collector_gets_all_sip_without_its_secrets(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector:
            collector.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            collector.bind((self.world.core_ip, 9060))
            collector.setblocking(False)
            alice, bob = await self.person("Alice"), await self.person("Bob")
            a, b = await self.a_phone(alice, "yealink"), await self.a_phone(bob, "snom", "branch-1")
            ours, theirs = await connect(a, b, bob)
            await ours.hang_up()
            await theirs.until("over")
            packets = []
            while True:
                try:
                    packets.append(hep_of(collector.recv(65535)))
                except BlockingIOError:
                    break
        self.assertTrue(packets)
        texts = [p[15].decode() for p in packets]
        for packet, text in zip(packets, texts):
            self.assertEqual((packet[11], packet[19]), (b"\1", b"e2e"))
            self.assertEqual(len(packet[3]) + len(packet[4]), 8)
            call_id = next(line.split(":", 1)[1].strip() for line in text.split("\r\n") if line.lower().startswith("call-id:") or line.startswith("i:"))
            self.assertEqual(packet[17].decode(), call_id)
            self.assertLess(abs(struct.unpack(">I", packet[9])[0] - time.time()), 120)
        everything = "".join(texts)
        self.assertIn("Authorization: (taken out)", everything)
        for secret in ("response=", "inline:", "/provision/"):
            self.assertNotIn(secret, everything)
        seen = {(t.split(" ")[0], socket.inet_ntoa(p[4]) == self.world.core_ip) for p, t in zip(packets, texts)}
        self.assertTrue({("REGISTER", True), ("INVITE", True), ("BYE", True)} <= seen, seen)
        invites = {p[17] for p, t in zip(packets, texts) if t.startswith("INVITE ")}
        self.assertEqual(len(invites), 2, "the caller's, and the one of the phone behind the SBC")

    async def raw(self, path):
        api = self.world.api
        status, fields, body = await in_thread(
            api.request, "GET", "/api/v1" + path, None, {"Authorization": f"Bearer {api.token}"})
        self.assertEqual(status, 200, body)
        return body, fields

    async def record(self, **wanted):
        def found():
            page = self.world.api.get("/call-records")
            return next((r for r in page["records"] if all(r[k] == v for k, v in wanted.items())), None)
        return await eventually(found, 15, f"a call record with {wanted}")

    async def test_a_call_leaves_its_record_its_messages_and_its_numbers(self):
        alice, bob = await self.person("Alice"), await self.person("Bob")
        a, b = await self.a_phone(alice, "yealink"), await self.a_phone(bob, "snom", "branch-1")
        ours, theirs = await connect(a, b, bob)
        call = (await self.api("GET", "/calls"))[0]
        live = await self.api("GET", f"/calls/{call['id']}/ladder")
        self.assertEqual(live["state"], "up")
        self.assertEqual((await self.api("GET", "/stats"))["now"]["calls"], 1)
        await ours.hang_up()
        await theirs.until("over")

        record = await self.record(call=call["id"])
        self.assertEqual((record["from"], record["to"], record["outcome"]), (alice, bob, "answered"))
        self.assertEqual((record["from_name"], record["to_name"]), ("Alice", "Bob"))
        self.assertEqual((record["from_site"], record["to_site"], record["media"]), ("local", "branch-1", "core"))
        self.assertIsNotNone(record["answered"])
        self.assertLessEqual(record["started"], record["answered"])

        ladder = await self.api("GET", f"/calls/{call['id']}/ladder")
        self.assertEqual(ladder["state"], "ended")
        self.assertEqual([p["label"] for p in ladder["parties"]], [alice, "Roamdesk", bob])
        self.assertEqual(ladder["parties"][2]["site"], "branch-1")
        what = [(m["from"], m["to"], m["status"] or m["method"]) for m in ladder["messages"]]
        for wanted in (("d1", "core", "INVITE"), ("core", "d2", "INVITE"), ("d2", "core", 200), ("core", "d1", 200),
                       ("d1", "core", "BYE"), ("core", "d2", "BYE")):
            self.assertIn(wanted, what)
        everything = "".join(m["text"] for m in ladder["messages"])
        self.assertIn("m=audio", everything)
        self.assertIn("Authorization: (taken out)", everything)
        self.assertNotIn("response=", everything)

        pcap, fields = await self.raw(f"/calls/{call['id']}/pcap")
        self.assertEqual(fields["Content-Type"], "application/vnd.tcpdump.pcap")
        self.assertEqual([d.decode() for d in datagrams(pcap)], [m["text"] for m in ladder["messages"]])
        if not shutil.which("tshark"):
            self.assertNotIn("CI", os.environ, "no tshark here, and in CI nothing is skipped")
            print("SKIPPED: no tshark here, so that nobody else has read the capture", file=sys.stderr)
        else:
            with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
                file.write(pcap)
                file.flush()
                seen = await in_thread(lambda: subprocess.run(
                    ["tshark", "-r", file.name, "-d", "udp.port==1-65535,sip", "-T", "fields", "-e", "sip.CSeq.method"],
                    capture_output=True, text=True, timeout=60, check=True).stdout.split("\n"))
            self.assertEqual([m for m in seen if m], [m["method"] for m in ladder["messages"]])

        await self.refuses(404, "GET", "/calls/none/ladder")
        table, fields = await self.raw(f"/call-records.csv?extension={bob}")
        self.assertTrue(fields["Content-Type"].startswith("text/csv"))
        rows = list(csv.DictReader(io.StringIO(table.decode())))
        self.assertEqual([r["call"] for r in rows], [call["id"]])

    async def test_how_calls_end_that_nobody_answers(self):
        alice, bob = await self.person("Alice"), await self.person("Bob")
        a, b = await self.a_phone(alice, "yealink"), await self.a_phone(bob, "snom")
        ours = await a.dial(bob)
        theirs = await rings(b)
        await theirs.hang_up()
        await ours.until("over")
        await self.record(outcome="busy", to=bob, answered=None, duration_s=0)
        ours = await a.dial(bob)
        await rings(b)
        await ours.hang_up()
        await ours.until("over")
        await self.record(outcome="cancelled", to=bob)

    async def test_a_call_that_leads_nowhere_leaves_its_record_and_its_messages_too(self):
        alice, bob = await self.person("Alice"), await self.person("Bob")
        a, desk = await self.a_phone(alice, "yealink"), await self.a_desk()
        events = self.world.api.events()
        self.addCleanup(events.close)
        self.assertEqual(await refused(a, "999999"), 404)
        record = await self.record(outcome="failed", to="999999", answered=None, to_site=None)
        self.assertEqual((record["from"], record["from_name"]), (alice, "Alice"))
        # Who shows records hears of it; it never was among the calls.
        await eventually(lambda: [e["id"] for e in events.named("call.ended")] == [record["call"]], 15, "call.ended")
        self.assertEqual(events.named("call.started"), [])
        ladder = await self.api("GET", f"/calls/{record['call']}/ladder")
        self.assertEqual(ladder["state"], "ended")
        self.assertEqual([m["status"] or m["method"] for m in ladder["messages"]][-3:], ["INVITE", 404, "ACK"])
        self.assertEqual(await refused(a, bob), 480)    # registered nowhere
        await self.record(outcome="unavailable", to=bob)
        self.assertEqual(await refused(a, alice), 486)
        await self.record(outcome="busy", to=alice)
        self.assertEqual(await refused(desk, bob), 403)
        record = await self.record(outcome="refused", to=bob)
        self.assertEqual(record["from_desk"], desk.desk_id)
        self.assertEqual(await refused(a, f"*78*{alice}*{PIN}"), 404)
        await self.record(outcome="failed", to=f"*78*{alice}*")
        self.assertEqual(await self.api("GET", "/calls"), [])

    async def test_a_login_shows_its_code_and_never_its_pin(self):
        alice = await self.person("Alice")
        desk = await self.a_desk()
        await log_in(self.world, desk, alice, how="info")
        record = await self.record(to=f"*77*{alice}*", outcome="answered")
        self.assertEqual(record["from_desk"], record["from"])
        ladder = await self.api("GET", f"/calls/{record['call']}/ladder")
        infos = [m for m in ladder["messages"] if m["method"] == "INFO" and m["kind"] == "request"]
        self.assertGreaterEqual(len(infos), len(PIN))
        for message in infos:
            self.assertIn("(digits taken out)", message["text"])
            self.assertNotIn("Signal", message["text"])


if __name__ == "__main__":
    case.main()

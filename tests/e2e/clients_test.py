#!/usr/bin/python3
"""Other people's SIP: sipp and baresip (Debian's) with a dedicated phone's credentials call, and are called by, simulated phones."""
import asyncio
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import netns  # noqa: E402
import wan_test  # noqa: E402
from harness import in_thread  # noqa: E402
from simphone.audio import power, tone  # noqa: E402
from story import appears, eventually  # noqa: E402

# A call with digest, 200 ms long. Written by hand; [..] are sipp's keywords.
CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
 <send retrans="500"><![CDATA[
INVITE sip:{to}@{domain} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:{user}@{domain}>;tag=[call_number]
To: <sip:{to}@{domain}>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{user}@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
]]></send>
 <recv response="100" optional="true"/>
 <recv response="401" auth="true"/>
 <send><![CDATA[
ACK sip:{to}@{domain} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-2];rport
From: <sip:{user}@{domain}>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
 <send retrans="500"><![CDATA[
INVITE sip:{to}@{domain} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:{user}@{domain}>;tag=[call_number]
To: <sip:{to}@{domain}>
Call-ID: [call_id]
CSeq: 2 INVITE
Contact: <sip:{user}@[local_ip]:[local_port]>
[authentication username={auth_user} password={password}]
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
]]></send>
 <recv response="100" optional="true"/>
 <recv response="180" optional="true"/>
 <recv response="200" rrs="true"/>
 <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:{user}@{domain}>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 ACK
[routes]
Max-Forwards: 70
Content-Length: 0

]]></send>
 <pause milliseconds="200"/>
 <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:{user}@{domain}>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 3 BYE
[routes]
Max-Forwards: 70
Content-Length: 0

]]></send>
 <recv response="200"/>
</scenario>
"""


def tool(name):
    if shutil.which(name):
        return
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        raise RuntimeError(f"{name} isn't installed, in CI")
    raise unittest.SkipTest(f"{name} isn't installed")


class OtherClients(case.LoopbackCase):
    branches = ("branch-1",)

    async def credentials(self, number, site):
        """A configuration fetched for a phone that never comes up: what somebody's softphone would be given."""
        phone = self.world.phone("yealink", site)
        phone.url = f"http://{self.world.faces[site]}:5000/provision/"
        phone.applied = None

        async def keep(setup):
            phone.applied = setup
        phone.apply = keep
        await phone.power_on()
        await phone.fetch(boot=True)
        await appears(self.world, phone)
        await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign", {"extension": number})
        await phone.fetch(boot=True)
        self.assertIsNotNone(phone.applied, phone.seen)
        await phone.power_off()
        return phone.ip, phone.applied

    async def sipp(self, site, extra=()):
        tool("sipp")
        alice, bob = await self.person("Alice"), await self.person("Bob")
        ip, setup = await self.credentials(alice, site)
        callee = await self.a_phone(bob, answers="auto")
        scenario = self.world.dir / f"caller-{alice}.xml"
        scenario.write_text(CALLER.format(to=bob, user=setup.user, domain=setup.registrar, auth_user=setup.auth_user,
                                          password=setup.password))
        command = ["sipp", f"{self.world.faces[site]}:5060", "-sf", str(scenario), "-i", ip, "-p", "5066", "-mi", ip, "-m", "20",
                   "-r", "10", "-nostdin", "-timeout", "40", "-trace_err", "-error_file", str(self.world.dir / "sipp.err"), *extra]
        done = await in_thread(lambda: subprocess.run(command, capture_output=True, text=True, timeout=60))
        errors = self.world.dir / "sipp.err"
        self.assertEqual(done.returncode, 0, (errors.read_text()[-2000:] if errors.exists() else "") + done.stdout[-1500:])
        self.assertEqual(len(callee.calls), 20)
        for call in callee.calls:
            await call.until("over", timeout=5)

    async def test_sipp_beside_the_core_over_udp(self):
        await self.sipp("local")

    async def test_sipp_at_a_branch_over_tcp(self):
        await self.sipp("branch-1", ("-t", "t1"))


class Baresip(OtherClients):
    """In a branch's network namespace: on loopback it sends from 127.0.0.1, whatever address it was given."""
    branches = wan_test.BRANCHES
    test_sipp_beside_the_core_over_udp = test_sipp_at_a_branch_over_tcp = None

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls):
        return wan_test.Wan.build_world()

    async def test_baresip_registers_is_called_and_is_heard(self):
        tool("baresip")
        alice, bob = await self.person("Alice"), await self.person("Bob")
        ip, setup = await self.credentials(alice, "branch-1")
        caller = await self.a_phone(bob)
        home = self.world.dir / "baresip"
        home.mkdir()
        (home / "accounts").write_text(
            f'<sip:{setup.user}@{setup.registrar};transport=udp>;auth_user={setup.auth_user};auth_pass={setup.password};'
            f'outbound="sip:{setup.proxy[0]}:{setup.proxy[1]}";regint=600;answermode=auto;audio_codecs=PCMA/8000/1\n')
        (home / "contacts").write_text("")
        (home / "config").write_text(f"""\
sip_listen {ip}:5068
audio_source aufile,{home}/says.wav
snd_path {home}
net_interface {ip}
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module sndfile.so
module_app account.so
module_app menu.so
""")
        with wave.open(str(home / "says.wav"), "wb") as says:
            says.setparams((1, 2, 8000, 0, "NONE", ""))
            says.writeframes(tone(440, samples=8000 * 20))
        log = open(home / "log", "wb")
        process = subprocess.Popen(self.world.sites.phone["branch-1"][0].prefix + ["baresip", "-f", str(home), "-v"], stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            def registered():
                self.assertIsNone(process.poll(), "baresip ended")
                return re.search(r"200 OK|registered successfully", (home / "log").read_text("utf-8", "replace"))
            await eventually(registered, 10, "baresip's registration")
            call = await caller.dial(alice)
            await call.until("up", timeout=10)
            call.audio.frequency = 660
            await caller.until(lambda: call.audio.hears(440), 10, lambda: f"baresip's tone; {call.audio.packets} packets from {call.audio.sources}, level {call.audio.level()}")
            await asyncio.sleep(1.5)
            await call.hang_up()
            await asyncio.sleep(0.5)
            (heard,) = home.glob("dump-*-dec.wav")
            with wave.open(str(heard), "rb") as dump:
                pcm = dump.readframes(dump.getnframes())
            self.assertGreater(power(pcm[-8000:], 660), 0.5, "baresip didn't hear us")
        except BaseException:
            print((home / "log").read_text("utf-8", "replace")[-3000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(5)
            log.close()


if __name__ == "__main__":
    case.main()

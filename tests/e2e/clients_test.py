#!/usr/bin/python3
"""Other people's SIP: sipp, baresip and linphone (Debian's) with a dedicated phone's credentials call, and are called by,
simulated phones; of the latter two what is said and heard is checked, and hold."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import netns  # noqa: E402
import wan  # noqa: E402
from harness import in_thread  # noqa: E402
from softphones import Baresip, Linphone, Talking, tool  # noqa: E402
from story import appears, eventually, rings  # noqa: E402

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
            await call.until("over", timeout=15)

    async def test_sipp_beside_the_core_over_udp(self):
        await self.sipp("local")

    async def test_sipp_at_a_branch_over_tcp(self):
        await self.sipp("branch-1", ("-t", "t1"))


class SoftPhones(Talking, OtherClients):
    """baresip and linphone, in network namespaces: on loopback they send from 127.0.0.1, whatever address they were given."""
    branches = wan.BRANCHES
    test_sipp_beside_the_core_over_udp = test_sipp_at_a_branch_over_tcp = None

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls):
        return wan.WanCase.build_world()

    async def program_of(self, kind, site):
        """(number, the program, registered there, another person's phone beside the core)."""
        tool(kind.package)
        alice, bob = await self.person("Alice"), await self.person("Bob")
        ip, setup = await self.credentials(alice, site)
        network = self.world.sites.core if site == "local" else self.world.sites.phone[site][0]
        if site == "local" and kind is Baresip:
            ip = self.world.sites.CORE            # its audio comes from there, whatever it was told
        program = kind(self.world.dir / f"{kind.package}-{alice}", setup, ip, network)
        self.addCleanup(program.stop)
        program.start()
        await eventually(lambda: program.said(*kind.registered), 20, f"{kind.package}'s registration")
        return alice, program, await self.a_phone(bob)

    async def calls(self, kind, site):
        alice, program, other = await self.program_of(kind, site)
        try:
            await self.called(alice, program, other)
            await self.calling(program, other)
        except BaseException:
            print(program.text()[-4000:], file=sys.stderr)
            raise

    async def called(self, number, program, other):
        """It is called and heard, and is held by the other; who called hangs up."""
        call = await other.dial(number)
        await call.until("up", timeout=10)
        await self.both_hear(call, program, "called")
        self.assertEqual(await call.hold(), 200)
        await self.silent(call)
        self.assertEqual(await call.hold(False), 200)
        await self.both_hear(call, program, "resumed by us", after_hold=True)
        await call.hang_up()
        await eventually(lambda: program.said(*program.over), 10, f"{program.package} knows that it is over")

    async def calling(self, program, other):
        """It calls, holds, resumes and hangs up."""
        program.dial(other.setup.user)
        call = await rings(other, 10)
        call.answer()
        await self.both_hear(call, program, "calling")
        held = program.said(*program.held)
        program.hold()
        await other.until(lambda: call.peer_direction in ("sendonly", "inactive"), 10, "to be held")
        await eventually(lambda: program.said(*program.held) > held, 10, f"{program.package} knows that it holds")
        program.resume()
        await other.until(lambda: call.peer_direction == "sendrecv", 10, "to be resumed")
        await self.both_hear(call, program, "resumed by it", after_hold=True)
        program.hang_up()
        await call.until("over", timeout=10)

    async def test_baresip_beside_the_core(self):
        await self.calls(Baresip, "local")

    async def test_baresip_at_a_branch(self):
        await self.calls(Baresip, "branch-1")

    async def test_linphone_beside_the_core(self):
        await self.calls(Linphone, "local")

    async def test_linphone_at_a_branch(self):
        await self.calls(Linphone, "branch-1")


if __name__ == "__main__":
    case.main()

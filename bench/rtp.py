#!/usr/bin/python3
"""./run bench rtp: CPU of an RTP packet through sbc and pbx-core, beside two rtpengines back to back (RTP to SRTP to RTP).
Calls between phones at a branch and phones beside the core, both talking; all processes of each side are counted."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import load  # noqa: E402
import processes  # noqa: E402
import rounds  # noqa: E402
import rtpengine  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

CALLS, SECONDS, ROUNDS = int(os.environ.get("CALLS", "100")), int(os.environ.get("SECONDS_", "12")), int(os.environ.get("ROUNDS", "3"))
OURS, PEER = "sbc + pbx-core", "two rtpengines"
BRANCH = "branch-1"
# The phones' addresses: callees of ours, then the peer's. Our callers are in the SBC's own network.
CALLEES, PEER_CALLERS, PEER_CALLEES = "127.17.0.1", "127.18.0.1", "127.19.0.1"
RTP_PORT = 11782  # of the peer's phones; ours have 11780 (bench/load/talk.hpp)
SDP = ("v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
       "a=ptime:20\r\na=sendrecv\r\n")


class Talkers:
    """A sip_load whose phones are in a call and wait for orders."""

    def __init__(self, what, **given):
        self.process = subprocess.Popen([str(load.LOAD), what] + [f"{k}={v}" for k, v in given.items()],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "up":
            self.process.kill()
            sys.exit(f"sip_load {what}: the calls didn't come up")

    def talk(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.write("end\n")
        self.process.stdin.flush()
        self.process.wait(60)


def address(base, index):
    head, _, last = base.rpartition(".")
    return f"{head}.{int(last) + index}"


def of(sdp):
    """(address, port) of a description."""
    return re.search(r"c=IN IP4 (\S+)", sdp).group(1), int(re.search(r"m=audio (\d+)", sdp).group(1))


def connect(near, far, file):
    """Puts calls through both rtpengines; writes who talks to where. Gives the cipher that they agreed on."""
    plain, sealed = {"transport_protocol": "RTP/AVP"}, {"transport_protocol": "RTP/SAVP", "DTLS": "off"}
    common = {"ICE": "remove", "replace": ["origin", "session-connection"]}
    lines, cipher = [], ""
    for i in range(CALLS):
        caller, callee = address(PEER_CALLERS, i), address(PEER_CALLEES, i)
        tags = {"call_id": f"call-{i}", "from_tag": "a"}
        between = near.ask("offer", sdp=SDP.format(caller, RTP_PORT), **tags, **sealed, **common)
        to_callee = far.ask("offer", sdp=between, **tags, **plain, **common)
        back = far.ask("answer", sdp=SDP.format(callee, RTP_PORT), to_tag="b", **tags, **common)
        to_caller = near.ask("answer", sdp=back, to_tag="b", **tags, **common)
        cipher = re.search(r"a=crypto:\d+ (\S+)", back).group(1)
        lines += [f"{caller} {' '.join(map(str, of(to_caller)))}\n", f"{callee} {' '.join(map(str, of(to_callee)))}\n"]
    file.write_text("".join(lines))
    return cipher


def main():
    people = load.accounts(2 * CALLS)
    callers, callees = people[::2], people[1::2]
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        for file, some in (("accounts", people), ("callers", callers), ("callees", callees)):
            load.write_accounts(here / file, some)
        with Roamdesk(people, {a.mac: BRANCH for a in callers}) as ours, \
                rtpengine.Rtpengine("rtp.conf", "127.33.1.1", here / "near") as near, \
                rtpengine.Rtpengine("rtp.conf", "127.33.2.1", here / "far") as far:
            sbc = ours.world.start_sbc(BRANCH, pnp=False)
            lan = sbc.lan.rpartition(".")[0] + ".20"
            branch = load.Fleet(f"{sbc.lan}:5060", here / "callers", lan)
            core = load.Fleet(ours.address, here / "callees", CALLEES)
            for fleet in (branch, core):
                fleet.run("register", 50, CALLS)
            orders = rtpengine.Orders(near.control), rtpengine.Orders(far.control)
            cipher = connect(*orders, here / "streams")
            talkers = {OURS: Talkers("talk", server=branch.server, domain=load.DOMAIN, accounts=here / "accounts",
                                     base=lan, callees=CALLEES, port=branch.port, rate=20, count=CALLS)}
            print(f"{CALLS} calls, {CALLS * 100} packets/s of 172 bytes, phases spread evenly, {ROUNDS} rounds by turns of {SECONDS} s; pbx-core and "
                  f"sbc {VERSION}, {rtpengine.version()} in user space, {cipher}", flush=True)
            pids = {OURS: (sbc.process.pid, ours.world.core.process.pid), PEER: (near.process.pid, far.process.pid)}
            spent, lost = {OURS: [], PEER: []}, []
            counted = run(talkers, here, pids, spent, lost)
            for talker in talkers.values():
                talker.end()
            for one in orders:
                one.close()
    median = rounds.say(spent, "µs a packet, both ends")
    if lost:
        print("VOID: packets were lost:", *lost, sep="\n  ")
        sys.exit(1)
    print(f"packets lost: none of {counted}")
    print(f"RTP through both ends, CPU: {median[OURS] / median[PEER]:.2f} times two rtpengines")


def run(talkers, here, pids, spent, lost):
    counted = 0
    for number in range(ROUNDS + 1):
        for side in spent:
            if side not in talkers:
                talkers[side] = Talkers("rtp", streams=here / "streams", port=RTP_PORT)
            before = processes.cpu(*pids[side])
            heard = talkers[side].talk(SECONDS if number else 2)
            used = processes.cpu(*pids[side]) - before
            if number:
                spent[side].append(used / heard["sent"] * 1e6)
                counted += heard["sent"]
                if heard["received"] != heard["sent"]:
                    lost.append(f"{side}: {heard}")
    return counted


if __name__ == "__main__":
    main()

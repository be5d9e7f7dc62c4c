#!/usr/bin/python3
"""./run bench srtp: CPU of a packet that comes as RTP and leaves as SRTP, through an SBC's media plane and through rtpengine."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import results  # noqa: E402
import load  # noqa: E402
import processes  # noqa: E402
import rounds  # noqa: E402
import rtpengine  # noqa: E402
from talkers import SDP, Talkers, address, of  # noqa: E402

CALLS, SECONDS, ROUNDS = int(os.environ.get("CALLS", "100")), int(os.environ.get("SECONDS_", "12")), int(os.environ.get("ROUNDS", "5"))
LOOP = os.environ.get("LOOP", "auto")
OURS, PEER, GOAL = "sbc's media plane", "rtpengine", 0.5
FACE, CALLERS, CALLEES, RTP_PORT = "127.41.0.1", "127.42.0.1", "127.43.0.1", 11780
PEER_CALLERS, PEER_CALLEES, PEER_PORT = "127.44.0.1", "127.45.0.1", 11782
SUITE = "AES_CM_128_HMAC_SHA1_80"
KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"


def connect(orders, file):
    """Puts calls through rtpengine: the caller talks RTP, the callee listens by SRTP. Writes who talks to where."""
    common = {"ICE": "remove", "replace": ["origin", "session-connection"]}
    lines = []
    for i in range(CALLS):
        caller, callee = address(PEER_CALLERS, i), address(PEER_CALLEES, i)
        tags = {"call_id": f"call-{i}", "from_tag": "a"}
        offer = orders.ask("offer", sdp=SDP.format(caller, PEER_PORT), transport_protocol="RTP/SAVP", DTLS="off", **tags, **common)
        tag = re.search(rf"a=crypto:(\d+) {SUITE} ", offer).group(1)
        answer = SDP.format(callee, PEER_PORT).replace("RTP/AVP", "RTP/SAVP") + f"a=crypto:{tag} {SUITE} inline:{KEY}\r\n"
        to_caller = orders.ask("answer", sdp=answer, to_tag="b", **tags, **common)
        lines.append(f"{caller} {' '.join(map(str, of(to_caller)))}\n")
    file.write_text("".join(lines))


def main():
    relay = load.LOAD.parent.parent / "media" / "srtp_relay"
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        ours = subprocess.Popen([relay, FACE, CALLERS, CALLEES, str(RTP_PORT), str(CALLS), LOOP], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        lines = []
        while (line := ours.stdout.readline()) not in ("up\n", ""):
            lines.append(line)
        if len(lines) != CALLS + 1:
            sys.exit("srtp_relay didn't come up")
        loop = lines.pop().strip()
        (here / "ours").write_text("".join(lines))
        with rtpengine.Rtpengine("rtp.conf", "127.46.0.1", here / "peer") as peer:
            orders = rtpengine.Orders(peer.control)
            connect(orders, here / "peer-streams")
            talkers = {OURS: Talkers("rtp", streams=here / "ours", port=RTP_PORT),
                       PEER: Talkers("rtp", streams=here / "peer-streams", port=PEER_PORT)}
            print(f"{CALLS} calls, {CALLS * 50} packets/s of 172 bytes, phases spread evenly, {ROUNDS} rounds by turns of {SECONDS} s, {SUITE}; {loop}; "
                  f"{rtpengine.version()} in user space", flush=True)
            spent, lost = run(talkers, {OURS: ours.pid, PEER: peer.process.pid})
            for talker in talkers.values():
                talker.end()
            orders.close()
        ours.communicate()
    median = rounds.say(spent, "µs a packet")
    if lost:
        print("VOID: packets were lost:", *lost, sep="\n  ")
        sys.exit(1)
    print(f"RTP to SRTP, CPU: {median[OURS] / median[PEER]:.2f} times rtpengine (goal: at most {GOAL})")
    results.keep(f"RTP to SRTP by an SBC's media plane, {CALLS * 50} packets/s, CPU", median[OURS] / median[PEER], "times rtpengine", GOAL)


def run(talkers, pids):
    spent, lost = {side: [] for side in talkers}, []
    for number in range(ROUNDS + 1):
        for side in spent:
            before = processes.cpu(pids[side])
            heard = talkers[side].talk(SECONDS if number else 2)
            used = processes.cpu(pids[side]) - before
            if not number:
                continue
            spent[side].append(used / heard["sent"] * 1e6)
            if heard["received"] != heard["sent"]:
                lost.append(f"{side}: {heard}")
    return spent, lost


if __name__ == "__main__":
    main()

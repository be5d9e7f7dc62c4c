#!/usr/bin/python3
"""./run bench capacity: the most calls at once without loss on a share of a core, of pbx-core, sbc and rtpengine, each found the same way."""
import contextlib
import ipaddress
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import both_ends  # noqa: E402
import limits  # noqa: E402
import load  # noqa: E402
import processes  # noqa: E402
import results  # noqa: E402
import rtpengine  # noqa: E402
from capacity import most_calls, pin, talked  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402
from talkers import SDP, Talkers, of  # noqa: E402

SECONDS, MOST = int(os.environ.get("SECONDS_", "10")), int(os.environ.get("MOST", "400"))
ONLY = os.environ.get("ONLY", "")
OWN, OTHER = 0, 1                        # cores: of what is measured, and of everything else
# Of its core what is measured may use this much: phones that fill the other core can't fill a whole one.
SHARE = float(os.environ.get("SHARE", "0.2"))
TO_OWN, TO_OTHER = ("taskset", "-c", str(OWN)), ("taskset", "-c", str(OTHER))
SUITE, KEY = "AES_CM_128_HMAC_SHA1_80", "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
FACE, CALLERS, CALLEES = "127.41.0.1", "127.42.0.1", "127.43.0.1"
PORT = 11780
SMALL = 512 << 20                        # bytes: a small box at a branch
ALONE, PEER = "pbx-core, RTP to RTP, phones beside it", "rtpengine, RTP to RTP"
SRTP, PEER_SRTP = "sbc's media plane, RTP to SRTP", "rtpengine, RTP to SRTP"
AT_TUNNEL, SMALL_SBC = "pbx-core, tunnel to RTP", "sbc with 512 MB, RTP to tunnel"
WHAT = f"most calls on {SHARE:g} of a core"
GOALS = {ALONE: (PEER, 3), SRTP: (PEER_SRTP, None), AT_TUNNEL: (PEER_SRTP, 1), SMALL_SBC: (PEER_SRTP, 1)}  # beside whom; at least so many times as many calls


def seek(name, talkers, measured, beside, streams=2, memory=None):
    print(f"{name}:", flush=True)
    with limits.limited(measured, memory=memory, core=SHARE) as met:
        found = most_calls(lambda calls: talked(talkers, measured, [*beside, talkers.process.pid], SECONDS, calls * streams), MOST)
        if memory:
            print(f"  {sum(map(processes.resident, measured)) / 1e6:.0f} MB resident; it met the limit {met()} times", flush=True)
    return name, found


@contextlib.contextmanager
def pinned(talkers):
    pin(OTHER, talkers.process.pid)
    yield talkers
    talkers.end()


def core_alone(here):
    """Phones beside the core call each other."""
    people = load.accounts(2 * MOST)
    load.write_accounts(here / "accounts", people)
    load.write_accounts(here / "callers", people[::2])
    load.write_accounts(here / "callees", people[1::2])
    with Roamdesk(people, prefix=TO_OWN) as core:
        for which, base in (("callers", "127.16.0.1"), ("callees", "127.17.0.1")):
            load.Fleet(core.address, here / which, base).run("register", 100, MOST)
        with pinned(Talkers("talk", server=core.address, domain=load.DOMAIN, accounts=here / "accounts", base="127.16.0.1", callees="127.17.0.1",
                            port=5062, rate=50, count=MOST)) as talkers:
            return seek(ALONE, talkers, [core.world.core.process.pid], [])


def core_at_the_tunnel(here):
    with both_ends.ours(MOST, here, TO_OWN, TO_OTHER) as side:
        pin(OTHER, side.phones)
        return seek(AT_TUNNEL, side.talkers, [side.pids[1]], [side.pids[0]])


def sbc_at_the_tunnel(here):
    with both_ends.ours(MOST, here, TO_OTHER, TO_OWN) as side:
        pin(OTHER, side.phones)
        return seek(SMALL_SBC, side.talkers, [side.pids[0]], [side.pids[1]], memory=SMALL)


def sbc_srtp(here):
    """An SBC's media plane with calls that it bridges at home; the callers' way, which is sealed. A call is a packet every 20 ms."""
    relay = load.LOAD.parent.parent / "media" / "srtp_relay"
    program = subprocess.Popen([*TO_OWN, relay, FACE, CALLERS, CALLEES, str(PORT), str(2 * MOST), "auto"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    lines = []
    while (line := program.stdout.readline()) not in ("up\n", ""):
        lines.append(line)
    if len(lines) != 2 * MOST + 1:
        sys.exit("srtp_relay didn't come up")
    (here / "ours").write_text("".join(lines[:-1]))
    with pinned(Talkers("rtp", streams=here / "ours", port=PORT)) as talkers:
        found = seek(SRTP, talkers, [program.pid], [])
    program.communicate()
    return found


def peer(here, name, sealed):
    """Each step has an rtpengine of its own: of a socket whose queue was full once it reads no more ("UDP receive queue exceeded")."""
    def step(calls):
        with rtpengine.Rtpengine("rtp.conf", "127.46.0.1", here / "peer", prefix=TO_OWN) as server:
            orders = rtpengine.Orders(server.control)
            (here / "streams").write_text("".join(peer_streams(orders, sealed)))
            orders.close()
            with pinned(Talkers("rtp", streams=here / "streams", port=PORT)) as talkers, limits.limited([server.process.pid], core=SHARE):
                return talked(talkers, [server.process.pid], [talkers.process.pid], SECONDS, 2 * calls)
    print(f"{name}:", flush=True)
    return name, most_calls(step, MOST)


def peer_streams(orders, sealed):
    """Of each call both ways by RTP, or, sealed, the caller's way to a callee with SRTP, twice as many of those."""
    common = {"ICE": "remove", "replace": ["origin", "session-connection"]}
    for i in range(2 * MOST if sealed else MOST):
        caller, callee = (ipaddress.ip_address(base) + i for base in (CALLERS, CALLEES))
        tags = {"call_id": f"call-{i}", "from_tag": "a"}
        if sealed:
            offer = orders.ask("offer", sdp=SDP.format(caller, PORT), transport_protocol="RTP/SAVP", DTLS="off", **tags, **common)
            tag = re.search(rf"a=crypto:(\d+) {SUITE} ", offer).group(1)
            said = SDP.format(callee, PORT).replace("RTP/AVP", "RTP/SAVP") + f"a=crypto:{tag} {SUITE} inline:{KEY}\r\n"
        else:
            offer, said = orders.ask("offer", sdp=SDP.format(caller, PORT), **tags, **common), SDP.format(callee, PORT)
        back = orders.ask("answer", sdp=said, to_tag="b", **tags, **common)
        yield f"{caller} {' '.join(map(str, of(back)))}\n"
        if not sealed:
            yield f"{callee} {' '.join(map(str, of(offer)))}\n"


def main():
    print(f"a step is {SECONDS} s, a call two times 50 packets/s of 172 bytes, phases spread evenly; {SHARE:g} of core {OWN} is the measured program's, "
          f"core {OTHER} that of the phones and of what else is there; pbx-core and sbc {VERSION}, {rtpengine.version()} in user space", flush=True)
    kinds = [core_alone, lambda here: peer(here, PEER, False), sbc_srtp, lambda here: peer(here, PEER_SRTP, True), core_at_the_tunnel,
             sbc_at_the_tunnel]
    found = {}
    for i, kind in enumerate(kinds):
        if ONLY and str(i) not in ONLY.split(","):
            continue
        with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
            what, most = kind(pathlib.Path(name))
            found[what] = most
    for what, most in found.items():
        print(f"{what}: {most}")
        results.keep(f"{WHAT}: {what}", most.calls, "calls", more_is_better=True)
    for ours, (theirs, goal) in GOALS.items():
        if found.get(ours) and found.get(theirs) and found[theirs].calls:
            times = found[ours].calls / found[theirs].calls
            print(f"{ours}: {times:.2f} times {theirs}" + (f" (goal: at least {goal})" if goal else ""))
            results.keep(f"{WHAT}: {ours}", times, f"times {theirs}", goal, more_is_better=True)


if __name__ == "__main__":
    main()

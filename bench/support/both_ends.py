"""Calls between phones at a branch and phones beside the core, through sbc and pbx-core; and the same through two
rtpengines back to back (RTP to SRTP to RTP)."""
import contextlib
import re

import load
import rtpengine
from roamdesk import Roamdesk
from talkers import SDP, Talkers, address, of

BRANCH = "branch-1"
# The phones' addresses: callees of ours, then the peer's. Our callers are in the SBC's own network.
CALLEES, PEER_CALLERS, PEER_CALLEES = "127.17.0.1", "127.18.0.1", "127.19.0.1"
RTP_PORT = 11782  # of the peer's phones; ours have 11780 (bench/load/load.hpp)


class Side:
    """`pids`: of the servers, from the phones' end to the other. `phones`: that of whoever talks."""

    def __init__(self, talkers, *pids):
        self.talkers, self.pids = talkers, pids

    @property
    def phones(self):
        return self.talkers.process.pid


@contextlib.contextmanager
def ours(calls, here, core_prefix=(), sbc_prefix=()):
    """A Side: sbc and pbx-core. The prefixes are words in front of their commands."""
    people = load.accounts(2 * calls)
    callers, callees = people[::2], people[1::2]
    for file, some in (("accounts", people), ("callers", callers), ("callees", callees)):
        load.write_accounts(here / file, some)
    with Roamdesk(people, {a.mac: BRANCH for a in callers}, prefix=core_prefix) as core:
        sbc = core.world.start_sbc(BRANCH, pnp=False, prefix=sbc_prefix)
        lan = sbc.lan.rpartition(".")[0] + ".20"
        branch = load.Fleet(f"{sbc.lan}:5060", here / "callers", lan)
        for fleet in (branch, load.Fleet(core.address, here / "callees", CALLEES)):
            fleet.run("register", 50, calls)
        talkers = Talkers("talk", server=branch.server, domain=load.DOMAIN, accounts=here / "accounts",
                          base=lan, callees=CALLEES, port=branch.port, rate=20, count=calls)
        yield Side(talkers, sbc.process.pid, core.world.core.process.pid)
        talkers.end()


@contextlib.contextmanager
def peers(calls, here):
    """A Side, and the cipher that both have agreed on."""
    with rtpengine.Rtpengine("rtp.conf", "127.33.1.1", here / "near") as near, \
            rtpengine.Rtpengine("rtp.conf", "127.33.2.1", here / "far") as far:
        orders = rtpengine.Orders(near.control), rtpengine.Orders(far.control)
        cipher = connect(*orders, calls, here / "streams")
        talkers = Talkers("rtp", streams=here / "streams", port=RTP_PORT)
        yield Side(talkers, near.process.pid, far.process.pid), cipher
        talkers.end()
        for one in orders:
            one.close()


def connect(near, far, calls, file):
    """Puts calls through both rtpengines; writes who talks to where. Gives the cipher that they agreed on."""
    plain, sealed = {"transport_protocol": "RTP/AVP"}, {"transport_protocol": "RTP/SAVP", "DTLS": "off"}
    common = {"ICE": "remove", "replace": ["origin", "session-connection"]}
    lines, cipher = [], ""
    for i in range(calls):
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

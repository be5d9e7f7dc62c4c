#!/usr/bin/python3
"""./run bench outside: CPU of a call to the outside set up and torn down: a phone, pbx-core, a provider that challenges; beside
Kamailio with dialog and uac, and rtpengine. No RTP."""
import pathlib
import secrets
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import load  # noqa: E402
from call_cost import HOLD, OURS, PEER, PHONES, RATE, measure  # noqa: E402

PORT, DIALLED = 5062, "0030987654"                    # of the phones and of the provider; 0 for an outside line, and a number of Berlin
PROVIDERS = {OURS: "127.17.0.1", PEER: "127.19.0.1"}  # one program, at an address for each side
USER, SECRET = "4930123450", secrets.token_hex(8)
NO_LIMIT = {"calls": 0, "calls_per_hour": 0, "minutes_per_hour": 0}


def lead_outside(api):
    """A trunk to the provider, which challenges it, and the way to it; nobody is limited in how often he calls."""
    api.patch("/settings", {"outside": NO_LIMIT})
    # No OPTIONS: between two turns there is no provider.
    api.post("/trunks", {"name": "provider", "kind": "address", "domain": load.DOMAIN, "server": f"{PROVIDERS[OURS]}:{PORT}", "transport": "udp",
                         "user": USER, "password": SECRET, "country": "DE", "area_code": "30", "main_number": f"+{USER}", "ping_s": 0})
    api.post("/outbound-rules", {"name": "outside", "position": 1, "pattern": "0.", "strip": 1, "trunks": ["provider"]})


if __name__ == "__main__":
    measure("outside.cfg", f"{PHONES} phones, {RATE} calls/s of {HOLD} ms to a provider that challenges each, UDP", "outside call set up and torn down",
            0.8, ports=(PORT,), prepare=lead_outside,
            more=[("PROVIDER", f"{PROVIDERS[PEER]}:{PORT}"), ("TRUNK_USER", USER), ("TRUNK_REALM", load.DOMAIN), ("TRUNK_SECRET", SECRET)],
            call=lambda side: {"provider": PROVIDERS[side], "user": USER, "password": SECRET, "number": DIALLED})

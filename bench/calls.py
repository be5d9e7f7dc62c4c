#!/usr/bin/python3
"""./run bench calls: CPU of a call set up and torn down, pbx-core beside Kamailio with dialog and rtpengine, and our system calls. No RTP."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
from call_cost import HOLD, PHONES, RATE, measure  # noqa: E402

if __name__ == "__main__":
    measure("calls.cfg", f"{PHONES // 2} pairs of phones, {RATE} calls/s of {HOLD} ms over UDP", "call set up and torn down", 0.35, most=40)

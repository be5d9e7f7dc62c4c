"""sip_load's phones that are in calls and talk when they are told to."""
import json
import re
import subprocess
import sys

import load

SDP = ("v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
       "a=ptime:20\r\na=sendrecv\r\n")


class Talkers:
    """`before`: words in front of the command, such as those that lead into a network namespace."""

    def __init__(self, what, before=(), **given):
        self.process = subprocess.Popen([*before, str(load.LOAD), what] + [f"{k}={v}" for k, v in given.items()],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "up":
            self.process.kill()
            sys.exit(f"sip_load {what}: the calls didn't come up")

    def begin(self, seconds, phones=None):
        self.process.stdin.write(f"{seconds}\n" if phones is None else f"{seconds} {phones}\n")
        self.process.stdin.flush()

    def heard(self):
        """sent, received, the delay (p50, p99, worst, in µs), and how many packets were later than 20 ms."""
        return json.loads(self.process.stdout.readline())

    def talk(self, seconds, phones=None):
        """`phones`: how many of them, the first ones; all by default."""
        self.begin(seconds, phones)
        return self.heard()

    def end(self):
        self.begin("end")
        self.process.wait(60)


def address(base, index):
    head, _, last = base.rpartition(".")
    return f"{head}.{int(last) + index}"


def of(sdp):
    """(address, port) of a description."""
    return re.search(r"c=IN IP4 (\S+)", sdp).group(1), int(re.search(r"m=audio (\d+)", sdp).group(1))

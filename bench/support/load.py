"""sip_load (bench/load): the same phones for both servers."""
import json
import os
import pathlib
import secrets
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ROAMDESK_BUILD", ROOT / "build" / "release"))
LOAD = pathlib.Path(os.environ.get("SIP_LOAD", BUILD / "bench/load/sip_load"))
DOMAIN = "pbx.example.com"


class Account:
    """A phone's own identity: names of the kind that the core itself gives."""

    def __init__(self, index):
        self.number = str(100000 + index)
        self.user, self.password = secrets.token_hex(16), secrets.token_hex(16)
        self.mac = f"001565{index:06x}"


def accounts(count):
    return [Account(i) for i in range(count)]


def write_accounts(file, some):
    file.write_text("".join(f"{a.user} {a.password} {a.number}\n" for a in some))


class Fleet:
    """Phones with addresses from `base` on, that know one server."""

    def __init__(self, server, file, base, port=5062):
        self.server, self.file, self.base, self.port = server, file, base, port
        self.faults = []

    def run(self, what, rate, count, warm_up=False, **more):
        """What sip_load reports. Anything lost, repeated or refused is kept in `faults`; in a warm-up only what was
        lost or refused."""
        given = {"server": self.server, "domain": DOMAIN, "accounts": self.file, "base": self.base, "port": self.port,
                 "rate": rate, "count": count, **more}
        done = subprocess.run([str(LOAD), what] + [f"{k}={v}" for k, v in given.items()], timeout=count / rate + 60 + more.get("linger", 0) / 1000,
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"sip_load ended with {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        if report["done"] != count or (report["retransmitted"] and not warm_up):
            self.faults.append(f"{what} at {self.server}: {report}")
        return report


def void(*fleets):
    """Ends the program where anything was lost: such a run says nothing."""
    faults = [fault for fleet in fleets for fault in fleet.faults]
    if faults:
        print("VOID: requests were lost, repeated or refused:", *faults, sep="\n  ")
        sys.exit(1)
    print("lost, repeated, refused or late: none")

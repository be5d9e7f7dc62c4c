"""An OpenVPN between two hosts (network namespaces on this machine), with phones at both that talk to each other."""
import contextlib
import pathlib
import re
import subprocess
import sys
import time

from talkers import Talkers, address

OPENVPN = "/usr/sbin/openvpn"
PORT = 11786  # RTP
HOSTS = ("bench-vpn-a", "bench-vpn-b")
WAN = ("192.0.2.1", "192.0.2.2")
INSIDE = ("198.51.100.1", "198.51.100.2")
PHONES = ("10.201.0.1", "10.202.0.1")


def version():
    done = subprocess.run([OPENVPN, "--version"], capture_output=True, text=True)
    return done.stdout.partition(" [")[0].split(" x86")[0]


def ip(*words):
    subprocess.run(["ip", *words], check=True)


@contextlib.contextmanager
def hosts():
    made = []
    try:
        for host in HOSTS:
            if pathlib.Path("/run/netns", host).exists():  # of a run that was cut off
                ip("netns", "delete", host)
            ip("netns", "add", host)
            made.append(host)
            ip("-n", host, "link", "set", "lo", "up")
        ip("-n", HOSTS[0], "link", "add", "wan", "type", "veth", "peer", "name", "wan", "netns", HOSTS[1])
        for host, own, phones in zip(HOSTS, WAN, PHONES):
            ip("-n", host, "address", "add", f"{own}/24", "dev", "wan")
            ip("-n", host, "link", "set", "wan", "up")
            ip("-n", host, "route", "add", "local", f"{network_of(phones)}", "dev", "lo")
        yield
    finally:
        for host in made:
            subprocess.run(["ip", "netns", "delete", host], check=False)


def network_of(phones):
    return phones.rpartition(".")[0] + ".0/24"


def certificate(here, name):
    """A key and a certificate signed by itself; its fingerprint."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", here / f"{name}.key", "-out", here / f"{name}.crt", "-days", "2", "-subj", f"/CN={name}"],
                   check=True, capture_output=True)
    said = subprocess.run(["openssl", "x509", "-fingerprint", "-sha256", "-noout", "-in", here / f"{name}.crt"],
                          check=True, capture_output=True, text=True).stdout
    return re.search(r"=(\S+)", said).group(1)


@contextlib.contextmanager
def tunnel(here):
    prints = [certificate(here, host) for host in HOSTS]
    ends = []
    try:
        for i, host in enumerate(HOSTS):
            other = 1 - i
            roles = ["--tls-server", "--dh", "none"] if i == 0 else ["--tls-client", "--remote", WAN[0]]
            command = ["ip", "netns", "exec", host, OPENVPN, "--dev", "tun0", "--proto", "udp", *roles, "--ifconfig", INSIDE[i], INSIDE[other],
                       "--cert", here / f"{host}.crt", "--key", here / f"{host}.key", "--peer-fingerprint", prints[other],
                       "--data-ciphers", "CHACHA20-POLY1305", "--disable-dco",
                       "--route", phones_route(other)[0], phones_route(other)[1]]
            with open(here / f"{host}.log", "wb") as log:
                ends.append(subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, stdin=subprocess.DEVNULL))
        for _ in range(100):
            if all("Initialization Sequence Completed" in (here / f"{host}.log").read_text() for host in HOSTS):
                break
            time.sleep(0.1)
        else:
            sys.exit("OpenVPN didn't come up:\n" + (here / f"{HOSTS[1]}.log").read_text()[-2000:])
        yield
    finally:
        for end in ends:
            end.terminate()
            end.wait(10)


def phones_route(i):
    return PHONES[i].rpartition(".")[0] + ".0", "255.255.255.0"


class Both:
    """The phones of both hosts as one."""

    def __init__(self, sides):
        self.sides = sides

    def talk(self, seconds):
        for side in self.sides:
            side.begin(seconds)
        heard = [side.heard() for side in self.sides]
        return {"sent": sum(h["sent"] for h in heard), "received": sum(h["received"] for h in heard),
                **{key: max(h[key] for h in heard) for key in ("p50", "p99", "worst")}}


@contextlib.contextmanager
def talkers(calls, here: pathlib.Path):
    with hosts(), tunnel(here):
        sides = []
        for i, host in enumerate(HOSTS):
            file = here / f"{host}.streams"
            file.write_text("".join(f"{address(PHONES[i], n)} {address(PHONES[1 - i], n)} {PORT}\n" for n in range(calls)))
            sides.append(Talkers("rtp", before=("ip", "netns", "exec", host), streams=file, port=PORT))
        yield Both(sides)
        for side in sides:
            side.end()

"""Sites in network namespaces of their own, on one machine, as root. A LAN is a switch between TAP devices, the WAN a
router between TUN devices; both run in user space (router.py, a process of its own), so that delay, loss, an outage and
NAT need nothing from the kernel but /dev/net/tun."""
import ctypes
import fcntl
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 1, 2, 0x1000
libc = ctypes.CDLL(None, use_errno=True)


def available():
    """None where namespaces can be made, else why not."""
    if os.geteuid() != 0:
        return "not root"
    if not os.path.exists("/dev/net/tun"):
        return "no /dev/net/tun"
    name = f"rd{os.getpid()}try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode != 0:
        return f"ip netns: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=False)
    return None


def needed():
    """For the top of a test file: in CI (CI=true) no namespaces are a failure, elsewhere a loud skip."""
    import unittest
    why = available()
    if why is None:
        return
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        raise RuntimeError(f"no network namespaces in CI: {why}")
    print(f"\n*** SKIPPED, these tests need network namespaces: {why} ***\n", file=sys.stderr, flush=True)
    raise unittest.SkipTest(f"no network namespaces: {why}")


class Namespace:
    """A network namespace; as a phone's or an API's `network` it gives sockets that live there."""

    made = 0

    def __init__(self, name):
        Namespace.made += 1
        self.name = f"rd{os.getpid()}n{Namespace.made}{name}"
        run("ip", "netns", "add", self.name)
        self.fd = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        self.ip("link", "set", "lo", "up")

    @property
    def prefix(self):
        """Before a command: runs it there."""
        return ["ip", "netns", "exec", self.name]

    def ip(self, *arguments):
        run("ip", "-n", self.name, *arguments)

    def inside(self, function):
        """function() by this thread, in this namespace."""
        home = os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY)
        try:
            setns(self.fd)
            try:
                return function()
            finally:
                setns(home)
        finally:
            os.close(home)

    def enter(self):
        """This process is there from now on, with all that it starts: threads and programs."""
        setns(self.fd)

    def socket(self, kind):
        return self.inside(lambda: socket.socket(socket.AF_INET, kind))

    def device(self, name, kind):
        """The file descriptor of a new TUN or TAP device there."""
        def make():
            fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), kind | IFF_NO_PI))
            return fd
        fd = self.inside(make)
        self.ip("link", "set", name, "up")
        return fd

    def close(self):
        os.close(self.fd)
        subprocess.run(["ip", "netns", "del", self.name], check=False)


def setns(fd):
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Router:
    """The process that carries the frames; see router.py for what it understands."""

    def __init__(self, lans, wan):
        fds = [fd for lan in lans for fd in lan] + [port["fd"] for port in wan]
        self.process = subprocess.Popen([sys.executable, str(pathlib.Path(__file__).with_name("router.py")),
                                         json.dumps({"lans": lans, "wan": wan})], pass_fds=fds,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for fd in fds:
            os.close(fd)

    def tell(self, **order):
        """Gives the router's counters."""
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(5)
        self.process.stdout.close()


class Sites:
    """The namespaces core, and for each branch its SBC's and one for each phone.

    WAN: core 203.0.113.1; branch n behind a NAT, inside 10.0.n.2, outside 198.51.100.n until `move` changes it.
    LAN of each branch: 192.168.1.0/24, the SBC is 192.168.1.5. `outsiders`: addresses of others on the WAN, each a namespace of its own
    in `outside`."""

    CORE, SBC_LAN = "203.0.113.1", "192.168.1.5"

    def __init__(self, branches, phones_each=2, delay=0.0, loss=0.0, outsiders=()):
        self.all = []
        self.branches = branches
        lans, wan = [], []
        self.core = self.namespace("core")
        wan.append(self.on_the_wan(self.core, self.CORE))
        self.sbc, self.phone = {}, {}
        for n, name in enumerate(branches, 1):
            sbc = self.sbc[name] = self.namespace(f"b{n}")
            wan.append(self.on_the_wan(sbc, f"10.0.{n}.2", f"198.51.100.{n}"))
            lan = [sbc.device("lan", IFF_TAP)]
            sbc.ip("addr", "add", f"{self.SBC_LAN}/24", "dev", "lan")
            self.phone[name] = []
            for p in range(phones_each):
                phone = self.namespace(f"b{n}p{p}")
                lan.append(phone.device("lan", IFF_TAP))
                phone.ip("addr", "add", f"192.168.1.{20 + p}/24", "dev", "lan")
                phone.ip("route", "add", "default", "via", self.SBC_LAN)
                self.phone[name].append(phone)
            lans.append(lan)
        self.outside = {}
        for n, address in enumerate(outsiders):
            self.outside[address] = self.namespace(f"o{n}")
            wan.append(self.on_the_wan(self.outside[address], address))
        self.router = Router(lans, wan)
        self.router.tell(delay=delay, loss=loss)

    def namespace(self, name):
        namespace = Namespace(name)
        self.all.append(namespace)
        return namespace

    @staticmethod
    def on_the_wan(namespace, inside, outside=None):
        """The namespace's port of the router; `outside`: behind a NAT with this address."""
        fd = namespace.device("wan", IFF_TUN)
        namespace.ip("addr", "add", f"{inside}/32", "dev", "wan")
        namespace.ip("route", "add", "default", "dev", "wan", "src", inside)
        return {"fd": fd, "inside": inside, "outside": outside or inside}

    def move(self, branch, outside):
        """The branch's provider gives it another public address."""
        return self.router.tell(move=self.branches.index(branch) + 1, outside=outside)

    def reset(self, branch):
        """Both ends of the branch's TCP connection get a RST. Gives how many were sent."""
        before = self.router.tell()["reset"]
        return self.router.tell(reset=self.branches.index(branch) + 1)["reset"] - before

    def close(self):
        try:
            self.router.close()
        finally:
            for namespace in self.all:
                namespace.close()

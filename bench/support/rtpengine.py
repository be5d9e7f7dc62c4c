"""rtpengine as the peer: its start and its end. The configurations are in bench/rtpengine."""
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import processes

CONFIGS = pathlib.Path(__file__).resolve().parents[1] / "rtpengine"
PROGRAM = shutil.which("rtpengine", path="/usr/sbin:/usr/bin:/sbin:/bin") or "/usr/bin/rtpengine"


def version():
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True)
    return "rtpengine " + (done.stdout + done.stderr).strip().rpartition(" ")[2]


class Rtpengine:
    """Takes orders (the ng protocol) at `address`:2223, media at the same address."""

    def __init__(self, config, address, directory, prefix=()):
        directory.mkdir(parents=True, exist_ok=True)
        self.log = directory / "rtpengine.log"
        self.control = f"{address}:2223"
        self.command = [*prefix, "setpriv", "--pdeathsig", "TERM", PROGRAM, f"--config-file={CONFIGS / config}", f"--interface={address}",
                        f"--listen-ng={self.control}", f"--pidfile={directory / 'rtpengine.pid'}"]
        self.process = None

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        time.sleep(1)
        if self.process.poll() is not None:
            sys.exit("rtpengine ended:\n" + "\n".join(self.log.read_text().splitlines()[-20:]))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu(self):
        return processes.cpu(self.process.pid)

    def resident(self):
        return processes.resident(self.process.pid)


def encode(value):
    """bencode, as far as the ng protocol needs it."""
    if isinstance(value, dict):
        return b"d" + b"".join(encode(k) + encode(v) for k, v in value.items()) + b"e"
    if isinstance(value, list):
        return b"l" + b"".join(map(encode, value)) + b"e"
    text = value.encode()
    return str(len(text)).encode() + b":" + text


def decode(data, at=0):
    """(value, where the next one begins)."""
    if data[at:at + 1] == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if data[at:at + 1] in (b"d", b"l"):
        items, is_dict, at = [], data[at:at + 1] == b"d", at + 1
        while data[at:at + 1] != b"e":
            item, at = decode(data, at)
            items.append(item)
        return (dict(zip(items[::2], items[1::2])) if is_dict else items), at + 1
    colon = data.index(b":", at)
    size = int(data[at:colon])
    return data[colon + 1:colon + 1 + size].decode("utf-8", "replace"), colon + 1 + size


class Orders:
    """The ng protocol: a cookie and a dictionary each way."""

    def __init__(self, control):
        host, _, port = control.partition(":")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(2)
        self.socket.connect((host, int(port)))
        self.count = 0

    def ask(self, command, **more):
        """The description that comes back."""
        self.count += 1
        cookie = f"c{self.count} ".encode()
        self.socket.send(cookie + encode({"command": command, **{k.replace("_", "-"): v for k, v in more.items()}}))
        answer = self.socket.recv(65536)
        assert answer.startswith(cookie), answer[:40]
        said = decode(answer, len(cookie))[0]
        if said.get("result") != "ok":
            sys.exit(f"rtpengine refuses {command}: {said}")
        return said.get("sdp", "")

    def close(self):
        self.socket.close()

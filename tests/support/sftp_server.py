"""An SFTP server that isn't ours: dropbear with OpenSSH's sftp-server, in a mount namespace with users of its own. Wants root."""
import base64
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

UID = 4711
USER, PASSWORD = "keeper", "Open-sesame-9"


class SftpServer:
    """`room`: bytes that the user's folder `full` has (a file system of its own)."""

    def __init__(self, address, port=2222, room=256 * 1024):
        self.address, self.port = address, port
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="sftp-", dir="/var/tmp"))
        self.top.chmod(0o755)
        self.home = self.top / "home"
        for folder in (self.home, self.home / ".ssh", self.home / "backups", self.home / "full"):
            folder.mkdir()
        (self.home / "locked").mkdir(0o555)    # root's
        self.key = self.new_key("client")
        (self.home / ".ssh" / "authorized_keys").write_text(self.public(self.key) + "\n")
        for path in [self.home, *self.home.rglob("*")]:
            if path.name != "locked":
                os.chown(path, UID, UID)
        (self.top / "passwd").write_text(f"root:x:0:0::/root:/bin/sh\n{USER}:x:{UID}:{UID}::{self.home}:/bin/sh\n")
        password = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, text=True, check=True).stdout.strip()
        (self.top / "shadow").write_text(f"root:*:1::::::\n{USER}:{password}:1::::::\n")
        self.room = room
        self.host_key = self.new_key("host")
        self.process = None

    def new_key(self, name):
        """An OpenSSH private key; its path."""
        path = self.top / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", str(path)], check=True)
        return path

    @staticmethod
    def public(key):
        return pathlib.Path(f"{key}.pub").read_text().strip()

    @classmethod
    def fingerprint(cls, key):
        digest = hashlib.sha256(base64.b64decode(cls.public(key).split()[1])).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    @property
    def backups(self):
        return self.home / "backups"

    def names(self):
        return sorted(p.name for p in self.backups.iterdir())

    def start(self, host_key=None):
        converted = self.top / "host.dropbear"
        converted.unlink(missing_ok=True)
        subprocess.run(["dropbearconvert", "openssh", "dropbear", str(host_key or self.host_key), str(converted)],
                       check=True, capture_output=True)
        script = (f"mount --bind {self.top}/passwd /etc/passwd && mount --bind {self.top}/shadow /etc/shadow && "
                  f"mount -t tmpfs -o size={self.room},uid={UID},gid={UID} none {self.home}/full && "
                  f"exec dropbear -F -E -m -r {converted} -P {self.top}/pid -p {self.address}:{self.port}")
        with open(self.top / "log", "ab") as log:
            self.process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", script], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 10
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, (self.top / "log").read_text()
            try:
                socket.create_connection((self.address, self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.02)

    def stop(self):
        """It and what it has forked for each log-in."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.end_log_ins()

    def end_log_ins(self, how=signal.SIGKILL):
        """As if the plug had been pulled, or as silent as `how` makes them: dropbear gives each log-in a session of its own."""
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                ours = str(self.top).encode() in words
            except OSError:
                continue
            if ours and self.process and int(entry.name) != self.process.pid:
                try:
                    os.kill(int(entry.name), how)
                except OSError:
                    pass

    def close(self):
        self.stop()
        shutil.rmtree(self.top, ignore_errors=True)

"""Kamailio as a provider (provider.cfg), or as the exchange that a company has already (pbx.cfg). The people behind it are at one address of loopback: sipp, or a provider.Provider."""
import pathlib
import shutil
import socket
import subprocess
import time

CONFIG = pathlib.Path(__file__).resolve().parent / "provider.cfg"
PBX = CONFIG.with_name("pbx.cfg")
PROGRAM = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/sbin:/bin")


class Kamailio:
    """Blocking: start and stop belong into a thread."""

    def __init__(self, folder, address, outside, account, secret, realm, by_407=False, config=CONFIG, network=None):
        """`network`: a namespace to run in."""
        self.dir, self.ip, self.port = pathlib.Path(folder), address, 5060
        self.dir.mkdir()
        words = {"ACCOUNT": account, "SECRET": secret, "REALM": realm, "OUTSIDE": outside, "LISTEN": address}
        # It ends with us, also where we are killed.
        self.network = network
        self.command = [*(network.prefix if network else ()), "setpriv", "--pdeathsig", "TERM", PROGRAM, "-DD", "-E", "-f", str(config), "-l", f"udp:{address}:5060", "-l", f"tcp:{address}:5060",
                        "-Y", str(self.dir), "-P", str(self.dir / "pid"), "-m", "64", *(("-A", "REGISTER_BY_407") if by_407 else ()),
                        *(f"--subst=!{name}!{value}!g" for name, value in words.items())]
        self.process = None

    def start(self):
        with open(self.dir / "log", "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while True:
            assert self.process.poll() is None, f"Kamailio ended:\n{self.text()[-3000:]}"
            try:
                with (self.network.socket(socket.SOCK_STREAM) if self.network else socket.socket()) as trial:
                    trial.settimeout(1)
                    trial.connect((self.ip, self.port))
                return self
            except OSError:
                assert time.monotonic() < end, f"Kamailio doesn't listen:\n{self.text()[-3000:]}"
                time.sleep(0.1)

    def text(self):
        return (self.dir / "log").read_text("utf-8", "replace")

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

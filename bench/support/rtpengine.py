"""rtpengine as the peer: its start and its end. The configurations are in bench/rtpengine."""
import pathlib
import shutil
import signal
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

    def __init__(self, config, address, directory):
        directory.mkdir(parents=True, exist_ok=True)
        self.log = directory / "rtpengine.log"
        self.control = f"{address}:2223"
        self.command = [PROGRAM, f"--config-file={CONFIGS / config}", f"--interface={address}",
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

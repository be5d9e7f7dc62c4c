"""Starts the real programs for a test or the demo, talks to the API as an administrator would, and ends everything that
it started. On loopback each harness has a /24 of its own, so that several run side by side; see netns.py for two sites
with a WAN between them."""
import asyncio
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ROAMDESK_BUILD", ROOT / "build" / "dev"))
PASSWORD = "Correct-horse-7"


class ApiError(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status}: {problem}")
        self.status, self.problem = status, problem


class Api:
    """The HTTP API, blocking; `prefix` runs curl in a network namespace where there is one."""

    def __init__(self, base, prefix=()):
        self.base, self.prefix, self.token = base, list(prefix), None

    def call(self, method, path, body=None):
        url = f"{self.base}/api/v1{path}"
        data = None if body is None else json.dumps(body).encode()
        if self.prefix:
            return self._curl(method, url, data)
        request = urllib.request.Request(url, data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            raise ApiError(error.code, text.decode("utf-8", "replace")) from None

    def _curl(self, method, url, data):
        command = self.prefix + ["curl", "-s", "-m", "15", "-X", method, "-w", "\n%{http_code}", url]
        if data is not None:
            command += ["-H", "Content-Type: application/json", "-d", data.decode()]
        if self.token:
            command += ["-H", f"Authorization: Bearer {self.token}"]
        text, _, code = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("\n")
        if int(code) >= 400:
            raise ApiError(int(code), text)
        return json.loads(text) if text else None

    def log_in(self, name="admin", password=PASSWORD):
        self.token = self.call("POST", "/login", {"username": name, "password": password})["token"]
        return self

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, {} if body is None else body)

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)


class Program:
    """One of ours, running; its log goes to a file beside its state."""

    def __init__(self, binary, config, log, prefix=(), env=None):
        self.command = list(prefix) + [str(BUILD / binary), "serve", "--config", str(config)]
        self.log, self.env = pathlib.Path(log), {**os.environ, **(env or {})}
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, env=self.env, stdin=subprocess.DEVNULL)
        return self

    def stop(self, how=signal.SIGTERM, timeout=10):
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(how)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.command[-4]} didn't end within {timeout} s of signal {how}") from None

    def kill(self):
        self.stop(signal.SIGKILL)

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def text(self):
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


def wait_for(condition, timeout=10, what="the condition", every=0.05):
    """For what happens in another process; blocking."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(every)


CORE_CONFIG = """\
state_dir: {state}
time_zone: Europe/Nicosia
sip:
  domain: {domain}
  udp: {core}:5060
  tcp: {core}:5060
  tls: null
rtp:
  ports: {core_rtp}
tunnel: ["{tunnel}:5090"]
http:
  listen: {core}:5000
  tls: null
pnp:
  listen: {pnp}
  interfaces: [{core}]
log: {{ level: debug, format: text }}
metrics: {core}:9090
"""

SBC_CONFIG = """\
state_dir: {state}
core: ["{tunnel}:5090"]
lan:
  address: {lan}
  sip: 5060
  sips: null
  provisioning: 5000
  ntp: null
  rtp: {rtp}
  pnp: {pnp}
log: {{ level: debug, format: text }}
metrics: {lan}:9091
"""


class World:
    """A core and any number of SBCs on loopback."""

    def __init__(self, name="test"):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"roamdesk-{name}-"))
        # A /16 for this process: 127.A.B.*, one /24 for each site.
        self.net = f"127.{64 + os.getpid() // 250 % 64}.{os.getpid() % 250}"
        self.core_ip, self.domain = f"{self.net}.1", "pbx.example.com"
        self.core, self.sbcs, self.programs = None, {}, []
        self.api = Api(f"http://{self.core_ip}:5000")
        self.phones = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        for program in reversed(self.programs):
            try:
                program.kill()
            except Exception as e:  # noqa: every other program must end, too
                print(e, file=sys.stderr)
        if kind is not None or os.environ.get("KEEP"):
            print(f"logs and state are kept in {self.dir}", file=sys.stderr)
            for program in self.programs:
                print(f"--- {program.log.name}\n" + "\n".join(program.text().splitlines()[-40:]), file=sys.stderr)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def start_core(self, pnp="null", **changes):
        state = self.dir / "core"
        state.mkdir(exist_ok=True)
        config = self.dir / "pbx-core.yaml"
        config.write_text(CORE_CONFIG.format(state=state, core=self.core_ip, tunnel=self.core_ip, domain=self.domain, pnp=pnp,
                                             core_rtp=changes.pop("core_rtp", "10000-19999")) + changes.pop("extra", ""))
        self.core = Program("pbx-core/pbx-core", config, self.dir / "pbx-core.log",
                            env={"PBX_CORE_ADMIN_PASSWORD": PASSWORD}).start()
        self.programs.append(self.core)
        self.wait_core()
        self.api.log_in()
        return self.core

    def wait_core(self, timeout=20):
        def ready():
            assert self.core.alive, f"pbx-core ended:\n{self.core.text()[-3000:]}"
            try:
                return urllib.request.urlopen(f"http://{self.core_ip}:9090/readyz", timeout=2).status == 200
            except OSError:
                return False
        wait_for(ready, timeout, "pbx-core ready")

    def start_sbc(self, name, lan_octet=None, pnp=True):
        lan = f"{self.net}.{lan_octet or 100 + len(self.sbcs)}"
        state = self.dir / name
        state.mkdir(exist_ok=True)
        config = self.dir / f"{name}.yaml"
        config.write_text(SBC_CONFIG.format(state=state, tunnel=self.core_ip, lan=lan, rtp="20000-29999",
                                            pnp="true" if pnp else "false"))
        key = self.api.post("/sbcs", {"name": name, "time_zone": "Europe/Berlin"})["enrolment_key"]
        subprocess.run([str(BUILD / "sbc/sbc"), "enrol", "--config", str(config), "--key", key], check=True, timeout=30,
                       capture_output=True)
        sbc = Program("sbc/sbc", config, self.dir / f"{name}.log").start()
        sbc.lan, sbc.name = lan, name
        self.programs.append(sbc)
        self.sbcs[name] = sbc
        self.wait_sbc(name)
        return sbc

    def wait_sbc(self, name, connected=True, timeout=20):
        wait_for(lambda: self.api.get(f"/sbcs/{name}")["connected"] == connected, timeout, f"{name} connected={connected}")

    def extension(self, number, name, pin="7391", hot_desking=True, keys=()):
        return self.api.post("/extensions", {"number": number, "name": name, "voicemail_pin": pin,
                                             "hot_desking": hot_desking, "keys": list(keys)})


async def in_thread(function, *arguments):
    """A blocking call beside running phones."""
    return await asyncio.get_running_loop().run_in_executor(None, lambda: function(*arguments))

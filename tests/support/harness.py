"""Starts the real programs for a test or the demo, talks to the API as an administrator would, and ends everything that
it started. On loopback each site has a /24 of its own, so that several worlds run side by side; netns.py has two sites
with a WAN between them."""
import asyncio
import datetime
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from http_api import PASSWORD, Api, ApiError, Events  # noqa: E402,F401
from simphone.phone import Phone  # noqa: E402
from simphone.vendor import VENDORS  # noqa: E402
from simphone.message import token  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ROAMDESK_BUILD", ROOT / "build" / "dev"))
LOCAL = "local"
# The first half of each vendor's MACs.
MAKERS = {"yealink": "001565", "snom": "000413", "fanvil": "0c383e", "fanvil-x4": "0c383e", "grandstream": "c074ad", "grandstream-gxp": "000b82", "htek": "001fc1", "cisco": "00562b", "poly": "64167f"}


class Program:
    """One of ours, running; its log goes to a file beside its state."""

    def __init__(self, binary, config, log, prefix=(), env=None, build=None):
        self.command = list(prefix) + [str((build or BUILD) / binary), "serve", "--config", str(config)]
        self.name, self.config = binary.rpartition("/")[2], pathlib.Path(config)
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
            raise AssertionError(f"{self.name} didn't end within {timeout} s of signal {how}") from None

    def kill(self):
        return self.stop(signal.SIGKILL)

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def text(self):
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def when(self, pattern):
        """The time that the program itself gave to the last line of its log in which `pattern` is found: what a test is slow at
        isn't in it. Blocking: lines are written a moment after what they tell of."""
        lines = wait_for(lambda: [line for line in self.text().splitlines() if re.search(pattern, line)], 15, f"a line with {pattern}")
        return datetime.datetime.fromisoformat(lines[-1].split()[0])


def wait_for(condition, timeout=10, what="the condition", every=0.05):
    """For what happens in another process; blocking. Gives what the condition gave."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(every)


async def eventually(condition, timeout=10, what="the condition", every=0.05):
    """Likewise beside running phones. `condition` may block: it runs in a thread."""
    end = time.monotonic() + timeout
    while True:
        value = await in_thread(condition)
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what}")
        await asyncio.sleep(every)


async def in_thread(function, *arguments):
    """A blocking call beside running phones."""
    return await asyncio.get_running_loop().run_in_executor(None, lambda: function(*arguments))


def free_share(seconds=0.5):
    """How much of a core a process gets that wants one (0..1): less than all of it where others keep the machine busy."""
    began, used = time.monotonic(), time.process_time()
    while (wall := time.monotonic() - began) < seconds:
        pass
    return min(1.0, (time.process_time() - used) / wall)


CORE_CONFIG = """\
state_dir: {state}
time_zone: Europe/Nicosia
sip:
  domain: {domain}
  udp: "{listen}:5060"
  tcp: "{listen}:5060"
  tls: {sips}
rtp:
  ports: 10000-19999
tunnel: ["{tunnel}:5090"]
http:
  listen: "{listen}:5000"
  tls: {https}
{certificate}  trusted_proxies: {proxies}
ntp: "{listen}:1123"
pnp:
  listen: {pnp}
  interfaces: [{interface}]
log: {{ level: {level}, format: text }}
metrics: {metrics}:9090
"""

SBC_CONFIG = """\
state_dir: {state}
core: ["{core}:5090"]
lan:
  address: {lan}
  sip: 5060
  sips: {sips}
  provisioning: 5000
  https: {https}
  ntp: 1123
  rtp: 20000-29999
  pnp: {pnp}
log: {{ level: {level}, format: text }}
metrics: {lan}:9091
"""


class World:
    """A core and any number of SBCs, on loopback: the core's own network is 127.A.B.0/24, the branches' are those after."""

    PNP = "224.0.1.75:5060"
    made = 0

    def __init__(self, name="test", level="debug", sips=False):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"roamdesk-{name}-"))
        self.level, self.sips = level, sips       # SIP over TLS on 5061, at the core and at the SBCs
        World.made += 1
        slot = (os.getpid() * 7 + World.made) % (120 * 32)
        self.nets = [f"127.{64 + slot // 32}.{slot % 32 * 8 + n}" for n in range(8)]
        self.domain = "pbx.example.com"
        self.core_ip = f"{self.nets[0]}.1"
        self.listen = self.tunnel = None   # "[::]": the core listens on every address, for all or for the tunnel
        self.faces = {LOCAL: self.core_ip}
        self.core, self.sbcs, self.programs, self.phones = None, {}, [], []
        self.https = False             # whether it listens on port 5001, too
        self.certificate = None        # (certificate, key): files for it in place of the core's own
        self.proxies = "[]"            # reverse proxies that it believes
        self.api = Api(self.core_ip)
        self.used = {}                 # site: the last octet given to a phone there
        self.macs = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        self.close(failed=kind is not None)

    def close(self, failed=False):
        crashed = []
        for program in reversed(self.programs):
            try:
                if program.process.poll() not in (None, 0, -9):
                    crashed.append(f"{program.name} ended by itself: {program.process.returncode}")
                program.kill()
            except Exception as e:  # noqa: every other program must end, too
                print(e, file=sys.stderr)
        if failed or crashed or os.environ.get("KEEP"):
            print(f"logs and state are kept in {self.dir}", file=sys.stderr)
            if not os.environ.get("QUIET"):
                for program in self.programs:
                    print(f"--- {program.log.name}\n" + "\n".join(program.text().splitlines()[-40:]), file=sys.stderr)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)
        assert not crashed, crashed

    # ---- the core
    def core_settings(self):
        return {"listen": self.listen or self.core_ip, "tunnel": self.tunnel or self.listen or self.core_ip, "interface": self.core_ip,
                "metrics": self.core_ip}

    def start_core(self, pnp=True, extra="", prefix=(), env=None):
        """`extra`: further top-level keys of pbx-core.yaml, as text."""
        state = self.dir / "core"
        state.mkdir(exist_ok=True)
        config = self.dir / "pbx-core.yaml"
        settings = self.core_settings()
        certificate = "  certificate: {}\n  key: {}\n".format(*self.certificate) if self.certificate else ""
        config.write_text(CORE_CONFIG.format(state=state, domain=self.domain, level=self.level,
                                             sips=f"\"{settings['listen']}:5061\"" if self.sips else "null",
                                             https=f"\"{settings['listen']}:5001\"" if self.https else "null",
                                             certificate=certificate, proxies=self.proxies,
                                             pnp=self.PNP if pnp else "null", **settings) + extra)
        self.core = Program("pbx-core/pbx-core", config, self.dir / "pbx-core.log", prefix,
                            env={"PBX_CORE_ADMIN_PASSWORD": PASSWORD, **(env or {})}).start()
        self.programs.append(self.core)
        self.wait_core()
        self.api.log_in()
        return self.core

    def wait_core(self, timeout=20):
        def ready():
            assert self.core.alive, f"pbx-core ended:\n{self.core.text()[-3000:]}"
            try:
                return self.metrics_of_core().request("GET", "/readyz")[0] == 200
            except (OSError, http.client.HTTPException):
                return False
        wait_for(ready, timeout, "pbx-core ready", every=0.02)

    def metrics_of_core(self):
        return Api(self.core_ip, 9090, self.api.network)

    def restart_core(self, how=signal.SIGTERM):
        """Gives the time from the signal until it is ready again, in seconds."""
        began = time.monotonic()
        self.core.stop(how)
        self.core.start()
        self.wait_core()
        took = time.monotonic() - began
        self.api.log_in()
        return took

    def back_from_restore(self):
        """Once the core that took a restore has started again: it knows no log-in of before."""
        def ended():
            try:
                self.api.get("/me")
            except ApiError as error:
                return error.status == 401
            except OSError:
                return False
        wait_for(ended, 20, "the core with what was restored")
        self.wait_core()
        self.api.log_in()

    # ---- branches
    def make_sbc(self, name, pnp=True, prefix=(), core=None, lan=None, key=None):
        """Its configuration and enrolment, with a one-time key that somebody else has made or with one of its own; not started yet."""
        lan = lan or f"{self.nets[1 + len(self.sbcs)]}.5"
        state = self.dir / name
        state.mkdir(exist_ok=True)
        config = self.dir / f"{name}.yaml"
        config.write_text(SBC_CONFIG.format(state=state, core=core or self.core_ip, lan=lan, level=self.level, sips=5061 if self.sips else "null",
                                            https=5001 if self.https else "null",
                                            pnp="true" if pnp else "false"))
        key = key or self.api.post("/sbcs", {"name": name, "time_zone": "Europe/Berlin"})["enrolment_key"]
        enrol = subprocess.run(list(prefix) + [str(BUILD / "sbc/sbc"), "enrol", "--config", str(config), "--key", key],
                               timeout=60, capture_output=True, text=True)
        assert enrol.returncode == 0, enrol.stderr
        sbc = Program("sbc/sbc", config, self.dir / f"{name}.log", prefix)
        sbc.lan, sbc.site = lan, name
        self.faces[name] = lan
        self.programs.append(sbc)
        self.sbcs[name] = sbc
        return sbc

    def start_sbc(self, name="branch-1", **options):
        sbc = self.make_sbc(name, **options)
        sbc.start()
        self.wait_sbc(name)
        return sbc

    def wait_sbc(self, name, connected=True, timeout=20):
        def so():
            assert not connected or self.sbcs[name].alive, f"sbc ended:\n{self.sbcs[name].text()[-3000:]}"
            return self.api.get(f"/sbcs/{name}")["connected"] == connected
        wait_for(so, timeout, f"{name} connected={connected}")

    # ---- people and phones
    def extension(self, number, name, pin="7391", hot_desking=True, keys=(), **more):
        return self.api.post("/extensions", {"number": number, "name": name, "voicemail_pin": pin,
                                             "hot_desking": hot_desking, "keys": list(keys), **more})

    def mac(self, vendor):
        self.macs += 1
        return f"{MAKERS[vendor]}{self.macs:06x}"

    def phone(self, vendor="yealink", site=LOCAL, **options):
        """A phone with an address of its own in the site's network; not switched on."""
        last = self.used[site] = self.used.get(site, 19) + 1
        ip = options.pop("ip", None) or self.faces[site].rpartition(".")[0] + f".{last}"
        phone = Phone(vendor, options.pop("mac", None) or self.mac(vendor), ip, port=options.pop("port", 5060), **options)
        phone.site = site
        self.phones.append(phone)
        return phone

    def desk_body(self, phone, **more):
        way = {"method": "local"} if phone.site == LOCAL else {"method": "sbc", "sbc": phone.site}
        return {"mac": phone.mac, "vendor": phone.vendor.name, "model": MODELS[phone.vendor.model], "provisioning": way, **more}


# As GET /models calls what the simulated phones are.
MODELS = {"T46S": "T46S", "snomD785": "D785", "X6U": "X6U", "X4": "X4", "GRP2614": "GRP2614", "GXP2170": "GXP2170", "UC926": "UC926", "8851": "8851", "VVX450": "VVX450"}


class Seeded:
    """Tokens that two phones can have in common: the same seed, the same Call-IDs, tags and branches."""

    def __init__(self, seed):
        import random
        self.random = random.Random(seed)

    def __call__(self, size=8):
        return self.random.randbytes(size).hex()


assert set(MODELS) == {vendor.model for vendor in VENDORS.values()} and token

#!/usr/bin/python3
"""./run bench upstream: CPU of 2,000 registrations at another exchange in the steady state, pbx-core beside sipp, which registers as many
as often. Both at once, each at a Kamailio of its own: with digest, each in its own way (we answer the last challenge beforehand, sipp is
challenged each time), and without any challenge, so that both say the same."""
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import results  # noqa: E402
import kamailio  # noqa: E402
import load  # noqa: E402
import processes  # noqa: E402
import rounds  # noqa: E402
from roamdesk import Roamdesk, VERSION  # noqa: E402

ACCOUNTS, EXPIRES = 2000, 120
RATE = ACCOUNTS / (EXPIRES / 2)         # we refresh at 45 to 55 of 100
WINDOW = EXPIRES // 2     # in which each account refreshes once
DOMAIN = "upstream.example.com"
SCENARIO = pathlib.Path(__file__).resolve().parent / "sipp" / "register.xml"
OURS, PEER = "pbx-core", "sipp"


class Sipp:
    """Registers one account after the other, for ever."""

    def __init__(self, server, users, here):
        scenario = here / "register.xml"
        scenario.write_text(SCENARIO.read_text().replace("DOMAIN", DOMAIN).replace("EXPIRES", str(EXPIRES)))
        accounts = here / "accounts.csv"
        accounts.write_text("SEQUENTIAL\n" + "".join(f"{u};[authentication username={u} password=secret-{u}]\n" for u in users))
        with open(here / "sipp.log", "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "sipp", server, "-sf", str(scenario), "-inf", str(accounts), "-i", "127.35.0.1", "-p", "5066",
                 "-r", str(round(RATE * 10)), "-rp", "10000", "-nostdin", "-f", "600", "-trace_err", "-error_file", str(here / "sipp.errors")],
                stdout=subprocess.DEVNULL, stderr=log, stdin=subprocess.DEVNULL, cwd=here)
        self.errors = here / "sipp.errors"

    def cpu(self):
        return processes.cpu(self.process.pid)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Registrar(kamailio.Kamailio):
    def __init__(self, address, here, challenge):
        self.control = here / "control"
        super().__init__("upstream.cfg", address, here, [], more=[("CONTROL", self.control), ("CHALLENGE", challenge)])

    def figure(self, name):
        for _ in range(5):      # it is asked while it is busy
            said = subprocess.run(["kamcmd", "-s", f"unix:{self.control}", "stats.fetchn", name], capture_output=True, text=True, timeout=10)
            if said.returncode == 0:
                return int(said.stdout.split(":")[-1].strip(" \n}"))
            time.sleep(1)
        sys.exit(f"Kamailio doesn't say {name}: {said.stderr or said.stdout}")

    @property
    def requests(self):
        return self.figure("rcv_requests_register")

    @property
    def users(self):
        return self.figure("location_users")


def both_registered(registrars, timeout=180):
    end = time.monotonic() + timeout
    while any(r.users < ACCOUNTS for r in registrars.values()):
        if time.monotonic() > end:
            sys.exit(f"VOID: registered are {({n: r.users for n, r in registrars.items()})}")
        time.sleep(2)


def measure(sides, registrars):
    """Of each window: CPU seconds, and REGISTERs that arrived."""
    spent, said = {n: [] for n in sides}, {n: [] for n in sides}
    for _ in range(rounds.ROUNDS):
        before = {n: (s.cpu(), registrars[n].requests) for n, s in sides.items()}
        time.sleep(WINDOW)
        for n, s in sides.items():
            spent[n].append(s.cpu() - before[n][0])
            said[n].append(registrars[n].requests - before[n][1])
    if any(r.users != ACCOUNTS for r in registrars.values()):
        sys.exit("VOID: some weren't registered any more")
    if any(count < 0.9 * RATE * WINDOW for counts in said.values() for count in counts):
        sys.exit(f"VOID: somebody registers more slowly than {RATE:.0f} a second: {said}")
    return spent, said


def compare(ours, users, here, challenge):
    here.mkdir()
    with Registrar("127.34.0.1", here / "ours", challenge) as at_ours, Registrar("127.34.0.2", here / "peers", challenge) as at_peers:
        ours.world.api.post("/trunks", {"name": "upstream", "kind": "accounts", "domain": DOMAIN, "server": "127.34.0.1:5060", "transport": "udp",
                                        "expires_s": EXPIRES})
        sheet = "extension,trunk,user,password,registers\n" + "".join(f"{u},upstream,{u},secret-{u},always\n" for u in users)
        api = ours.world.api
        status, _, text = api.request("POST", "/api/v1/upstream-accounts/import", sheet.encode(),
                                      {"Content-Type": "text/csv", "Authorization": f"Bearer {api.token}"})
        if status != 200:
            sys.exit(f"the accounts aren't taken: {status} {text.decode()[:500]}")
        sipp = Sipp("127.34.0.2:5060", users, here)
        registrars, sides = {OURS: at_ours, PEER: at_peers}, {OURS: ours, PEER: sipp}
        try:
            both_registered(registrars)
            time.sleep(EXPIRES / 2)
            spent, said = measure(sides, registrars)
        finally:
            sipp.close()
        for user in users:
            ours.world.api.delete(f"/upstream-accounts/{user}")
        ours.world.api.delete("/trunks/upstream")
    wrong = sipp.errors.read_text() if sipp.errors.exists() else ""
    if wrong:
        sys.exit(f"VOID: sipp says\n{wrong[:1000]}")
    print(f"{'with digest' if challenge == 'yes' else 'without a challenge'}: REGISTERs in {WINDOW} s: "
          + "; ".join(f"{n} {', '.join(map(str, counts))}" for n, counts in said.items()))
    median = rounds.say({n: [s / (ACCOUNTS * WINDOW / (EXPIRES / 2)) * 1e6 for s in v] for n, v in spent.items()}, "µs of CPU a registration")
    return median[OURS] / median[PEER]


def main():
    people = load.accounts(ACCOUNTS)
    users = [a.number for a in people]
    with tempfile.TemporaryDirectory(prefix="roamdesk-bench-") as name:
        here = pathlib.Path(name)
        version = subprocess.run(["sipp", "-v"], capture_output=True, text=True).stdout.strip().splitlines()[0].strip()
        with Roamdesk(people) as ours:
            print(f"{ACCOUNTS} accounts, Expires {EXPIRES}, {RATE:.0f} registrations/s over UDP, both at once, {rounds.ROUNDS} windows of {WINDOW} s; "
                  f"pbx-core {VERSION}, {version}, {kamailio.version()}")
            ratios = {challenge: compare(ours, users, here / challenge, challenge) for challenge in ("yes", "no")}
    print(f"2,000 registrations upstream, CPU: {ratios['yes']:.2f} times sipp with digest, {ratios['no']:.2f} times without (goal: at most 1)")
    results.keep("2,000 accounts registered at another exchange, with digest, CPU", ratios["yes"], "times sipp", 1)
    results.keep("2,000 accounts registered at another exchange, without a challenge, CPU", ratios["no"], "times sipp", 1)


if __name__ == "__main__":
    main()

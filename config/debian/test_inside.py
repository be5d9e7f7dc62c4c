#!/usr/bin/python3
"""On a clean Debian with systemd: the packages installed from their repository, used, upgraded, removed and purged. One story, in this
order; `./run package test` makes the machine for it."""
import asyncio
import glob
import json
import os
import pathlib
import pwd
import re
import sys
import time
import unittest
import urllib.request

os.environ["ROAMDESK_BUILD"] = "/nowhere"      # nothing of a build: what is installed runs
sys.path.insert(0, "/srv/tests/support")

from test_machine import CORE_FILE, CORE_STATE, KEPT, NAMES, SBC_FILE, SBC_STATE, active, apt, owner, put_in, ready, run, shown_line, wait  # noqa: E402


class Updates:
    """The branch, to a version that works and then to one that doesn't; at the end it is as it was."""
    served = pathlib.Path("/var/lib/roamdesk/packages")

    def __init__(self, case):
        self.case, self.api = case, case.api
        self.before = self.installed()

    def installed(self):
        return run("dpkg-query", "-W", "-f", "${Version}", "roamdesk-sbc").stdout

    def serve(self, folder):
        run("sh", "-c", f"rm -rf {self.served}/* && cp {folder}/* {self.served}/")

    def branch(self):
        rollout = self.api.get("/rollout")["rollout"]
        return rollout["branches"][0], rollout

    def ends(self, step, seconds):
        wait(lambda: self.branch()[0]["step"] == step or self.case.assertNotIn(self.branch()[0]["step"], {"failed", "left_out"} - {step}, self.branch()),
             seconds)
        return self.branch()

    def away(self, since):
        """How long the SBC was away from the core, by the core's log."""
        log = run("journalctl", "-o", "short-unix", "--no-pager", "-u", "pbx-core", "--since", f"@{since}").stdout.splitlines()
        gone = [float(line.split()[0]) for line in log if "sbc.disconnected" in line]
        back = [float(line.split()[0]) for line in log if "sbc.connected" in line]
        return back[-1] - gone[-1]

    def run(self):
        self.case.assertEqual(active("sbc-update.path"), "active")
        self.junk()
        self.serve("/srv/works")
        began = time.time()
        self.api.post("/rollout", {})
        self.ends("done", 400)
        self.case.assertEqual(self.installed(), self.before + "+works")
        self.case.step(f"updated from the console; the SBC was away from its core for {self.away(began):.2f} s")
        self.serve("/srv/served")
        self.api.post("/rollout", {"sbcs": ["branch-1"]})
        branch, rollout = self.ends("failed", 500)
        self.case.assertEqual((rollout["state"], rollout["failed"]), ("stopped", True))
        self.case.assertIn("was put back", branch["why"])
        self.case.assertEqual(self.installed(), self.before + "+works")
        wait(lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)
        wait(lambda: any(a["kind"] == "update_failed" for a in self.api.get("/alarms")), 30)
        self.api.delete("/rollout")
        self.case.step("a version that doesn't work was put back, and stopped")
        self.serve("/srv/apt")
        apt("update")
        apt("install", "--allow-downgrades", f"roamdesk-sbc={self.before}")
        wait(lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)

    def junk(self):
        """What the SBC's user may write there brings about nothing."""
        request, secret = SBC_STATE / "update-request", pathlib.Path("/root/secret")
        secret.write_text(f"order {'a' * 32}\nversion 9~deb\n")
        secret.chmod(0o600)
        for attack in (f"ln -s {secret} {request}", f"mkfifo {request}", f"printf 'order {'a' * 32}\nversion -oX=y\n' >{request}"):
            run("sh", "-c", attack, user="_roamdesk-sbc", group="_roamdesk-sbc", extra_groups=[])
            wait(lambda: not os.path.lexists(request) or request.is_symlink() and not os.access(request, os.F_OK))
            request.unlink(missing_ok=True)
        self.case.assertFalse(pathlib.Path("/var/lib/sbc-update/result").exists())


class Packages(unittest.TestCase):
    """In the order of the names: each goes on where the one before it ended."""

    def step(self, text):
        print(f"  {text}", flush=True)

    def test_1_a_core_in_one_command(self):
        began = time.monotonic()
        said = run("sh", "/srv/apt/install-core", "pbx.example.com").stdout
        self.step(f"installed and running after {time.monotonic() - began:.1f} s")
        self.assertEqual(active("pbx-core"), "active")
        self.assertTrue(ready())
        for words in ("Roamdesk runs as pbx.example.com", "https://pbx.example.com:5001", "initial-admin-password", "tcp  5090", "udp  5090",
                      "udp  10000-19999"):
            self.assertIn(words, said)
        page = run("curl", "-fsS", "--cacert", str(CORE_STATE / "authority.pem"), "--resolve", "pbx.example.com:5001:127.0.0.1",
                   "https://pbx.example.com:5001/").stdout
        self.assertIn("<!doctype html>", page.lower())
        self.step(f"the console's first page after {time.monotonic() - began:.1f} s")
        self.assertLess(time.monotonic() - began, 60)
        run("pbx-core", "check", "--config", str(CORE_FILE))
        wait(lambda: list(pathlib.Path("/var/lib/pbx-core-backups").glob("roamdesk-*.backup")))
        for path in ("/usr/share/man/man1/pbx-core.1.gz", "/usr/share/doc/roamdesk-common/docs/core.md.gz", "/usr/share/doc/roamdesk-core/copyright"):
            self.assertTrue(glob.glob(path.removesuffix(".gz") + "*"), path)

    def test_2_it_runs_as_nobody_else_and_its_secrets_are_its_own(self):
        pid = run("systemctl", "show", "-P", "MainPID", "pbx-core").stdout.strip()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        user = pwd.getpwnam("_roamdesk-core")
        self.assertIn(f"Uid:\t{user.pw_uid}\t{user.pw_uid}", status)
        self.assertRegex(status, r"NoNewPrivs:\s1")
        self.assertRegex(status, r"Seccomp:\s2")
        self.assertRegex(status, r"CapBnd:\s0000000000000400")    # CAP_NET_BIND_SERVICE
        self.assertEqual(owner(CORE_STATE), ("_roamdesk-core", 0o700))
        self.assertEqual(owner(CORE_STATE / "initial-admin-password"), ("_roamdesk-core", 0o600))
        self.assertEqual(owner(CORE_FILE), ("root", 0o640))
        password = (CORE_STATE / "initial-admin-password").read_text().strip()
        self.assertNotIn(password, run("journalctl", "--no-pager").stdout)
        for path in (CORE_FILE, CORE_STATE / "initial-admin-password", CORE_STATE / "pepper.key"):
            self.assertNotEqual(run("cat", str(path), check=False, user=65534, group=65534, extra_groups=[]).returncode, 0, path)
        self.assertEqual(self.media_loop("http://127.0.0.1:9090/metrics", "roamdesk_media_io_uring"), self.allowed_loop())
        rated = run("systemd-analyze", "security", "--no-pager", "pbx-core", check=False).stdout
        self.assertLessEqual(float(re.search(r"Overall exposure level for pbx-core.service: ([\d.]+)", rated)[1]), 2.0, rated)

    def test_3_a_branch_beside_it(self):
        # The core on one network of loopback, the branch on another, as in the example files.
        CORE_FILE.write_text("""sip: { domain: pbx.example.com, udp: "127.0.0.1:5060", tcp: "127.0.0.1:5060", tls: "127.0.0.1:5061" }
tunnel: ["127.0.0.1:5090"]
http: { listen: "127.0.0.1:5000", tls: "127.0.0.1:5001" }
pnp: { interfaces: [127.0.0.1] }
ntp: 127.0.0.1:1123
""")
        run("systemctl", "restart", "pbx-core")
        wait(ready)
        self.log_in_as_admin()
        installer = self.api.get("/installer")
        self.assertTrue(installer["available"])
        key = run("pbx-core", "sbc", "add", "branch-1", "--config", str(CORE_FILE)).stdout.strip()

        # Another core's authority: nothing is fetched, run or installed.
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/tmp/other.key",
            "-out", "/tmp/other.pem", "-subj", "/CN=another core", "-days", "1")
        other = self.line(key, pathlib.Path("/tmp/other.pem").read_text())
        self.assertNotEqual(other.returncode, 0, other.stdout)
        self.assertIn("certificate", other.stderr)
        self.assertNotEqual(run("dpkg", "-s", "roamdesk-sbc", check=False).returncode, 0)
        wrong = self.line(key, installer["authority"], address="192.0.2.77")
        self.assertIn("isn't an address of this machine", wrong.stderr)

        # A key that is none: installed, not enrolled, said in words. The same line with the right one goes on from there.
        wrong = self.line("rd1_wrong", installer["authority"])
        self.assertNotEqual(wrong.returncode, 0)
        self.assertRegex(wrong.stderr, "the key can't be used.*\n.*a new key, from the console, is expected")
        began = time.monotonic()
        done = self.line(key, installer["authority"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.step(f"the pasted line: live in the console after {time.monotonic() - began:.1f} s")
        self.assertIn("is connected to 127.0.0.1:5090", done.stdout)
        self.assertTrue(self.api.get("/sbcs/branch-1")["connected"])
        self.assertIn(f"media_loop: {self.allowed_loop()}\n", run("sbc", "status", "--config", str(SBC_FILE)).stdout)
        self.assertEqual(owner(SBC_STATE / "identity.pem"), ("_roamdesk-sbc", 0o600))
        self.assertEqual(owner(SBC_FILE), ("root", 0o640))
        # Used: on this machine the line is a repair; on another it would be refused.
        again = self.line(key, installer["authority"])
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        used = run("sbc", "enrol", "--key-file", "-", "--config", str(SBC_FILE), input=key, check=False)
        self.assertEqual(used.returncode, 1, used.stdout)
        self.assertIn("not enrolled", used.stderr)

    def media_loop(self, url, metric):
        said = urllib.request.urlopen(url, timeout=2).read().decode()
        return {"1": "io_uring", "0": "epoll"}[re.search(rf"^{metric} (\d)$", said, re.M)[1]]

    def allowed_loop(self):
        """The units' filters of system calls let io_uring pass; the kernel has the last word."""
        switch = pathlib.Path("/proc/sys/kernel/io_uring_disabled")
        return "io_uring" if not switch.exists() or switch.read_text().strip() == "0" else "epoll"

    def log_in_as_admin(self):
        import harness
        type(self).api = harness.Api("127.0.0.1")
        self.api.log_in("admin", (CORE_STATE / "initial-admin-password").read_text().strip())

    def line(self, key, authority, address="127.0.1.5"):
        return run("bash", "-c", shown_line(key, "127.0.0.1", address, "https://localhost:5001", authority), check=False)

    def test_3b_the_branch_is_updated_from_the_console(self):  # before a phone is registered there that nobody switches on again
        Updates(self).run()

    def test_4_a_call_across_the_tunnel(self):
        asyncio.run(asyncio.wait_for(self.call(), 120))

    def world(self, password):
        import harness
        world = harness.World("installed")
        world.core_ip, world.nets = "127.0.0.1", ["127.0.0", "127.0.1"]
        world.faces = {harness.LOCAL: "127.0.0.1", "branch-1": "127.0.1.5"}
        world.api = harness.Api("127.0.0.1")
        world.api.log_in("admin", password)
        return world

    async def call(self):
        import story
        world = self.world((CORE_STATE / "initial-admin-password").read_text().strip())
        try:
            for number, name in (("101", "Alice"), ("102", "Bob")):
                world.extension(number, name)
            away = world.phone("yealink", "branch-1")
            await story.new_hot_desk(world, away)
            await story.log_in(world, away, "101")
            beside = world.phone("snom")
            await story.own_phone(world, beside, "102")
            await story.talk(beside, away, "101")
        finally:
            await story.off(*world.phones)

    def test_5_backup_password_restore(self):
        run("pbx-core", "backup", "/root/roamdesk.backup", "--config", str(CORE_FILE))
        running = run("pbx-core", "user", "reset-password", "admin", "--config", str(CORE_FILE)).stdout.strip()
        self.assertFalse((CORE_STATE / "initial-admin-password").exists())
        self.assertTrue(self.log_in(running))
        run("systemctl", "stop", "pbx-core")
        stopped = run("pbx-core", "user", "reset-password", "admin", "--config", str(CORE_FILE)).stdout.strip()
        run("systemctl", "start", "pbx-core")
        wait(ready)
        self.assertFalse(self.log_in(running))
        self.assertTrue(self.log_in(stopped))
        run("systemctl", "stop", "pbx-core")
        run("pbx-core", "restore", "/root/roamdesk.backup", "--config", str(CORE_FILE))
        run("systemctl", "start", "pbx-core")
        wait(ready)
        for path in CORE_STATE.rglob("*"):
            self.assertEqual(path.lstat().st_uid, pwd.getpwnam("_roamdesk-core").pw_uid, path)
        self.assertFalse(self.log_in(stopped))
        wait(lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)

    def test_5b_restore_in_the_console(self):
        """By the unit's own means: what it may call and write is little."""
        password = (CORE_STATE / "initial-admin-password").read_text().strip()
        world = self.world(password)
        api, pid = world.api, run("systemctl", "show", "-P", "MainPID", "pbx-core").stdout
        status, _, backup = api.request("POST", "/api/v1/backup", b"{}", {"Authorization": f"Bearer {api.token}"})
        self.assertEqual(status, 200)
        world.extension("103", "Carol")
        seen = api.post("/restore/look", {"place": "upload", "name": put_in(api, backup)})
        began = time.monotonic()
        api.post("/restore", {"id": seen["id"], "password": password})
        wait(lambda: not self.knows("103", password))
        self.step(f"restored in the console; it answers again after {time.monotonic() - began:.1f} s")
        self.assertEqual(run("systemctl", "show", "-P", "MainPID", "pbx-core").stdout, pid)
        self.assertEqual(active("pbx-core"), "active")
        for path in CORE_STATE.rglob("*"):
            self.assertEqual(path.lstat().st_uid, pwd.getpwnam("_roamdesk-core").pw_uid, path)
        wait(lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)

    def knows(self, number, password):
        """OSError while it is away."""
        return number in [e["number"] for e in self.world(password).api.get("/extensions")]

    def log_in(self, password):
        body = json.dumps({"username": "admin", "password": password}).encode()
        asked = urllib.request.Request("http://127.0.0.1:5000/api/v1/login", body, {"Content-Type": "application/json"})
        try:
            return "token" in json.load(urllib.request.urlopen(asked, timeout=10))
        except urllib.error.HTTPError as refused:
            self.assertEqual(refused.code, 401)
            return False

    def test_6_a_call_goes_on_while_both_are_upgraded(self):
        asyncio.run(asyncio.wait_for(self.call_in_upgrades(), 400))

    async def call_in_upgrades(self):
        """A phone at the branch and one beside the core talk; what is installed under them changes, and changes again."""
        import story
        version = run("dpkg-query", "-W", "-f", "${Version}", "roamdesk-core").stdout

        def install(folder, *packages):
            apt("install", "--allow-downgrades", *(glob.glob(f"/srv/{folder}/roamdesk-{p}_*.deb")[0] for p in packages))

        def back(*packages):
            apt("install", "--allow-downgrades", *(f"roamdesk-{p}={version}" for p in packages))

        def program():
            return os.readlink(f"/proc/{run('systemctl', 'show', '-P', 'MainPID', 'pbx-core').stdout.strip()}/exe")

        password = run("pbx-core", "user", "reset-password", "admin", "--config", str(CORE_FILE)).stdout.strip()
        world = self.world(password)
        world.macs, world.used = 10, {"local": 39, "branch-1": 39}     # others than those of the first call
        numbers = iter(range(440, 2000, 110))
        try:
            for number, name in (("103", "Carol"), ("104", "Dave")):
                world.extension(number, name)
            away = world.phone("yealink", "branch-1")
            await story.new_hot_desk(world, away)
            await story.log_in(world, away, "103")
            beside = world.phone("snom")
            await story.own_phone(world, beside, "104")
            ours, theirs = await story.connect(beside, away, "103")
            await story.both_hear(ours, theirs)
            calls = {call["id"] for call in world.api.get("/calls")}
            self.assertEqual(len(calls), 1)

            async def meanwhile(what, change, *arguments, longest):
                began = time.monotonic() - 0.2
                await story.in_thread(change, *arguments)
                for unit in ("pbx-core", "sbc"):
                    self.assertEqual(active(unit), "active")
                await story.in_thread(wait, lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)
                await story.both_hear(ours, theirs, next(numbers), next(numbers))
                gaps = []
                for call in (ours, theirs):
                    times = [t for t in call.audio.arrivals if t > began] + [time.monotonic()]
                    gaps.append(max(b - a for a, b in zip(times, times[1:])))
                self.step(f"{what} in a call: audio away for {gaps[0] * 1000:.0f} ms from the branch, {gaps[1] * 1000:.0f} ms to it")
                self.assertLess(max(gaps), longest)
                self.assertEqual({call["id"] for call in self.calls_now(world, password)}, calls)

            await meanwhile("the core upgraded", install, "next", "common", "core", longest=3)
            self.assertEqual(program(), "/usr/bin/pbx-core")
            await meanwhile("the SBC upgraded", install, "next", "sbc", longest=3)
            await meanwhile("both taken back", back, "core", "common", "sbc", longest=5)

            # One that changes the store and then ends each time, until the version before is put back with the store of before.
            world.extension("105", "Erin")
            await meanwhile("an upgrade that isn't healthy", install, "sick", "common", "core", longest=20)
            self.assertEqual(program(), str(KEPT / version / "bin" / "pbx-core"))
            self.assertEqual(world.api.get("/extensions/105")["name"], "Erin")
            self.assertIn("it ends again and again", (KEPT / "failed").read_text())

            def told():
                return [a for a in world.api.get("/alarms") if a["kind"] == "update_failed" and not a["cleared"]]
            await story.eventually(told, 15, "an alarm that the update failed")
            self.assertIn("+sick: it ends again and again", told()[0]["detail"])
            # The SBC, whose core goes again and again, tries less often now.
            await meanwhile("the next upgrade, which is", install, "next", "common", "core", longest=10)
            self.assertEqual(program(), "/usr/bin/pbx-core")
            await meanwhile("taken back", back, "core", "common", longest=10)
            self.assertFalse((KEPT / "failed").exists())
            await story.eventually(lambda: not told(), 90, "the alarm's end")

            await ours.hang_up()
            await theirs.until("over", timeout=15)
            self.assertEqual(world.api.get("/calls"), [])
            records = [r for r in world.api.get("/call-records?outcome=answered")["records"] if (r["from"], r["to"]) == ("104", "103")]
            self.assertEqual(len(records), 1)
            story.no_faults(*world.phones)
        finally:
            await story.off(*world.phones)

    def calls_now(self, world, password):
        world.api.log_in("admin", password)
        return world.api.get("/calls")

    def test_6_upgrade_and_back(self):
        before = {path: path.read_text() for path in (CORE_FILE, SBC_FILE)}
        pids = {unit: run("systemctl", "show", "-P", "MainPID", unit).stdout for unit in ("pbx-core", "sbc")}
        version = run("dpkg-query", "-W", "-f", "${Version}", "roamdesk-core").stdout
        for step in ("next", "back"):
            if step == "next":
                apt("install", *glob.glob("/srv/next/*.deb"))
            else:
                apt("install", "--allow-downgrades", *(f"roamdesk-{p}={version}" for p in ("core", "sbc", "common")))
            wait(ready)
            for unit, pid in pids.items():
                self.assertEqual(active(unit), "active")
                self.assertNotEqual(run("systemctl", "show", "-P", "MainPID", unit).stdout, pid)    # restarted
            self.assertEqual({path: path.read_text() for path in before}, before)
            wait(lambda: run("sbc", "status", "--config", str(SBC_FILE), check=False).returncode == 0)

    def test_7_remove_leaves_what_is_the_machines(self):
        apt("remove", "roamdesk-core", "roamdesk-sbc", "roamdesk-common")
        for unit in ("pbx-core", "sbc"):
            self.assertEqual(active(unit), "inactive")
        self.assertFalse(pathlib.Path("/usr/bin/pbx-core").exists())
        for path in (CORE_FILE, SBC_FILE, CORE_STATE / "store.sqlite", SBC_STATE / "identity.pem"):
            self.assertTrue(path.exists(), path)

    def test_8_purge_leaves_nothing(self):
        apt("purge", "roamdesk-core", "roamdesk-sbc", "roamdesk-common")
        left = [line for line in run("find", "/", "-xdev", "-not", "-path", "/srv/*", "-not", "-path", "/proc/*").stdout.splitlines()
                if NAMES.search(line)]
        # What install-core brought (docs/core.md says so), and what systemd, dpkg and apt write down of every package.
        known = re.compile(r"^/var/lib/roamdesk|^/etc/apt/|^/var/(log|lib/apt|cache/apt)/|^/root/|^/tmp/roamdesk-installed")
        self.assertEqual([path for path in left if not known.search(path)], [])
        for user in ("_roamdesk-core", "_roamdesk-sbc"):    # stay, as Debian's do: the number must not become somebody else's
            self.assertEqual(pwd.getpwnam(user).pw_shell, "/usr/sbin/nologin")


if __name__ == "__main__":
    succeeded = unittest.main(failfast=True, exit=False).result.wasSuccessful()
    if not succeeded:
        print(run("journalctl", "-n", "60", "--no-pager", "-o", "cat", "-u", "pbx-core", "-u", "sbc", "-u", "sbc-update", check=False).stdout)
    sys.exit(not succeeded)

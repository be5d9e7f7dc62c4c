#!/usr/bin/python3
"""config/debian/sbc-update, the part of an SBC's update that runs as root, over an apt, dpkg and systemd that are scripts here."""
import getpass
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "config/debian/sbc-update"
ORDER = "0123456789abcdef" * 2

# $W is the machine: `installed`, `pid`, `streams`, `repository/VERSION.deb`; a version in `bad` doesn't reach the core, one in `whole`
# can't be installed.
FAKES = {
    "dpkg": """case $1 in
  --print-architecture) echo amd64 ;;
  --compare-versions) exec /usr/bin/dpkg "$@" ;;
  --configure) echo configure >>$W/log ;;
  -i) for f; do :; done; echo "dpkg -i $f" >>$W/log; put "$f" ;;
esac""",
    "dpkg-deb": 'cat "$2"',
    "dpkg-query": "cat $W/installed",
    "apt-get": """echo "apt-get $*" >>$W/log
for word; do :; done
case $* in
  *" update") [ ! -e $W/unsigned ] || { echo "E: The repository isn't signed."; exit 100; }
    case $* in *core.list*) grep . "$R/var/lib/sbc-update/core.list" >>$W/log ;; esac ;;
  *" download "*) [ -e "$W/repository/${word#*=}.deb" ] || { echo "E: Version '${word#*=}' was not found"; exit 100; }
    cp "$W/repository/${word#*=}.deb" "./roamdesk-sbc_${word#*=}_amd64.deb" ;;
  *" install "*) grep -qxF "$(version "$word")" $W/whole && { echo "E: no space left on device"; exit 100; }
    put "$word" ;;
esac""",
    "systemctl": """case $1 in
  show) cat $W/pid ;;
  is-active) [ -e $W/dead ] && { echo failed; exit 3; }; [ "$2" = -q ] || echo active ;;
  is-failed) [ -e $W/dead ] ;;
  restart) echo restart >>$W/log; rm -f $W/dead; echo $(($(cat $W/pid) + 1)) >$W/pid ;;
esac""",
    "sbc": """streams=$(cat $W/streams)
if grep -qxF "$(cat $W/installed)" $W/bad; then echo "connected: no"; echo "trouble: wrong core"; echo "streams: $streams"; exit 3; fi
echo "connected: yes"; echo "streams: $streams" """,
    "setpriv": 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
}
COMMON = """version() { sed -n 's/^Version: //p' "$1"; }
put() { version "$1" >$W/installed; echo $(($(cat $W/pid) + 1)) >$W/pid; }
"""


def deb(version, package="roamdesk-sbc", architecture="amd64"):
    return f"Package: {package}\nVersion: {version}\nArchitecture: {architecture}\n"


class SbcUpdate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="roamdesk-update-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.world, self.state = self.root / "world", self.root / "var/lib/sbc-update"
        self.request, self.trust = self.root / "var/lib/sbc/update-request", self.root / "etc/roamdesk/updates"
        for path in (self.world / "repository", self.request.parent, self.trust, self.root / "fakes"):
            path.mkdir(parents=True)
        for name, text in FAKES.items():
            fake = self.root / "fakes" / name
            fake.write_text(f"#!/bin/sh\nW={self.world} R={self.root}\n{COMMON}{text}\n")
            fake.chmod(0o755)
        for name, text in {"installed": "1.0~deb12", "pid": "7", "streams": "0", "bad": "", "whole": "", "log": ""}.items():
            (self.world / name).write_text(text + "\n" * bool(text))
        for version in ("1.0~deb12", "1.1~deb12"):
            (self.world / "repository" / f"{version}.deb").write_text(deb(version))
        (self.trust / "origin").write_text("https://pbx.example.com:5001\n")
        (self.trust / "authority.pem").write_text("authority")
        (self.trust / "archive-keyring.gpg").write_text("key")

    def run_it(self, user=None):
        environment = {"SBC_UPDATE_ROOT": str(self.root), "SBC_UPDATE_USER": user or getpass.getuser(), "SBC_UPDATE_STEP": "60",
                       "SBC_UPDATE_PATH": f"{self.root}/fakes:/usr/bin:/bin"}
        done = subprocess.run(["/bin/sh", SCRIPT], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def ask(self, version="1.1~deb12"):
        self.request.write_text(f"order {ORDER}\nversion {version}\n")
        self.run_it()
        return self.result()

    def result(self):
        order, stage, why = (self.state / "result").read_text().splitlines()
        self.assertEqual(order, f"order {ORDER}")
        return stage.removeprefix("stage "), why.removeprefix("why").strip()

    def log(self):
        return (self.world / "log").read_text()

    def installed(self):
        return (self.world / "installed").read_text().strip()

    def kept(self):
        return sorted(path.name for path in (self.state / "kept").glob("*"))

    def nothing_is_left(self):
        self.assertFalse(os.path.lexists(self.request))
        self.assertFalse((self.state / "under-way").exists())
        self.assertFalse((self.state / "new").exists())

    def test_a_newer_version_is_installed_and_becomes_the_way_back(self):
        self.assertEqual(self.ask(), ("done", ""))
        self.assertEqual(self.installed(), "1.1~deb12")
        self.assertEqual(self.kept(), ["roamdesk-sbc_1.1~deb12_amd64.deb"])
        self.nothing_is_left()

    def test_it_comes_from_the_core_alone_by_its_key_and_authority(self):
        self.ask()
        log = self.log().splitlines()
        self.assertIn(f"deb [signed-by={self.trust}/archive-keyring.gpg] https://pbx.example.com:5001/packages/ ./", log)
        for line in [line for line in log if " update" in line or " download " in line]:
            for word in (f"sourcelist={self.state}/core.list", "sourceparts=-", f"CaInfo={self.trust}/authority.pem", "AllowInsecureRepositories=false",
                         "AllowUnauthenticated=false", "AllowRedirect=false", "AllowDowngradeToInsecureRepositories=false"):
                self.assertIn(word, line)

    def test_a_core_with_a_public_certificate_is_believed_by_the_machines_authorities(self):
        (self.trust / "authority.pem").unlink()
        self.assertEqual(self.ask()[0], "done")
        self.assertNotIn("CaInfo", self.log())

    def test_one_that_does_not_reach_the_core_is_put_back(self):
        (self.world / "bad").write_text("1.1~deb12\n")
        stage, why = self.ask()
        self.assertEqual((stage, self.installed()), ("put_back", "1.0~deb12"))
        self.assertIn("it doesn't reach the core (wrong core); 1.0~deb12 was put back", why)
        self.assertEqual(self.kept(), ["roamdesk-sbc_1.0~deb12_amd64.deb"])
        self.nothing_is_left()
        # The next one is not hindered by it.
        (self.world / "repository/1.2~deb12.deb").write_text(deb("1.2~deb12"))
        self.assertEqual(self.ask("1.2~deb12")[0], "done")

    def test_one_that_cannot_even_start_is_put_back_at_once(self):
        put = self.root / "fakes/apt-get"
        put.write_text(put.read_text().replace('put "$word" ;;', 'put "$word"; touch $W/dead ;;'))
        (self.world / "bad").write_text("1.1~deb12\n")
        stage, why = self.ask()
        self.assertEqual((stage, self.installed()), ("put_back", "1.0~deb12"))
        self.assertIn("(wrong core)", why)
        self.assertFalse((self.world / "dead").exists(), "the old one was started")

    def test_where_both_do_not_reach_it_that_is_said(self):
        (self.world / "bad").write_text("1.0~deb12\n1.1~deb12\n")
        self.assertEqual(self.ask()[0], "broken")

    def test_what_is_not_there_or_not_signed_changes_nothing(self):
        stage, why = self.ask("1.3~deb12")
        self.assertEqual(stage, "failed")
        self.assertIn("E: Version '1.3~deb12' was not found", why)
        (self.world / "unsigned").touch()
        stage, why = self.ask()
        self.assertEqual(stage, "failed")
        self.assertIn("isn't signed", why)
        self.assertEqual((self.installed(), " install " in self.log()), ("1.0~deb12", False))

    def test_another_package_under_its_name_is_not_installed(self):
        for text in (deb("1.1~deb12", package="backdoor"), deb("1.0~deb12"), deb("1.1~deb12", architecture="arm64"), "junk"):
            (self.world / "repository/1.1~deb12.deb").write_text(text)
            self.assertEqual(self.ask()[0], "failed", text)
        self.assertNotIn(" install ", self.log())

    def test_without_a_way_back_it_is_not_begun(self):
        (self.world / "repository/1.0~deb12.deb").unlink()
        stage, why = self.ask()
        self.assertEqual(stage, "failed")
        self.assertIn("no package of 1.0~deb12 to go back to", why)
        # Kept at the installation, it needs no core.
        (self.state / "kept").mkdir(exist_ok=True)
        (self.state / "kept/old.deb").write_text(deb("1.0~deb12"))
        self.assertEqual(self.ask()[0], "done")

    def test_nothing_older_is_installed(self):
        (self.world / "repository/0.9~deb12.deb").write_text(deb("0.9~deb12"))
        self.assertEqual(self.ask("0.9~deb12"), ("refused", "it is older than 1.0~deb12, which runs there"))
        self.assertEqual(self.ask("1.0~deb12"), ("done", "it was there already"))
        self.assertEqual(self.log(), "")

    def test_without_the_key_of_the_installation_nothing_is_believed(self):
        for spoil in (lambda: (self.trust / "archive-keyring.gpg").write_text(""), lambda: (self.trust / "origin").write_text("http://pbx.example.com\n"),
                      lambda: (self.trust / "origin").write_text('https://x" -o evil\n'), lambda: shutil.rmtree(self.trust)):
            spoil()
            self.assertEqual(self.ask()[0], "refused")
        self.assertEqual(self.log(), "")

    def test_calls_are_waited_for_and_not_for_ever(self):
        (self.world / "streams").write_text("2\n")
        self.assertEqual(self.ask(), ("refused", "there were calls for ten minutes"))
        self.assertEqual(self.installed(), "1.0~deb12")

    def test_a_full_disk_is_said_and_the_old_one_runs_on(self):
        (self.world / "whole").write_text("1.1~deb12\n")
        stage, why = self.ask()
        self.assertEqual((stage, self.installed(), (self.world / "pid").read_text().strip()), ("failed", "1.0~deb12", "7"))
        self.assertIn("no space left on device", why)

    def test_junk_that_a_user_of_the_machine_writes_does_nothing(self):
        secret = self.root / "secret"
        secret.write_text(f"order {ORDER}\nversion 1.1~deb12\n")

        def with_text(text):
            return lambda: self.request.write_bytes(text)

        good = f"order {ORDER}\nversion 1.1~deb12\n".encode()
        attacks = {
            "a link": lambda: self.request.symlink_to(secret),
            "a link to nothing": lambda: self.request.symlink_to("/nowhere"),
            "a hard link": lambda: os.link(secret, self.request),
            "a pipe": lambda: os.mkfifo(self.request),
            "a folder": lambda: (self.request / "x").mkdir(parents=True),
            "empty": with_text(b""), "long": with_text(b"x" * 100_000), "three lines": with_text(good + b"version 1.2\n"),
            "an option": with_text(f"order {ORDER}\nversion -oDebug=1\n".encode()),
            "a command": with_text(f"order {ORDER}\nversion 1.1;touch${{IFS}}{self.root}/owned\n".encode()),
            "another package": with_text(f"order {ORDER}\nversion 1.1 bash\n".encode()),
            "a path": with_text(f"order {ORDER}\nversion 1/../../x\n".encode()),
            "a long version": with_text(f"order {ORDER}\nversion 1{'0' * 50}\n".encode()),
            "no order": with_text(b"order ../../etc/passwd\nversion 1.1~deb12\n"), "NULs": with_text(good.replace(b"1.1", b"1\x001")),
        }
        for name, attack in attacks.items():
            with self.subTest(name):
                attack()
                self.run_it()
                self.assertFalse(os.path.lexists(self.request), "it would be looked at for ever")
                self.assertFalse((self.state / "result").exists())
        self.request.write_bytes(good)
        self.run_it(user="nobody")    # whose it isn't
        self.assertFalse((self.state / "result").exists())
        self.assertEqual(self.log(), "")
        self.assertTrue(secret.exists())
        self.assertFalse((self.root / "owned").exists())

    def test_after_a_power_cut_it_goes_on_from_where_it_was(self):
        def cut(stage, installed):
            self.ask("1.0~deb12")    # makes the folders
            (self.state / "kept").mkdir(exist_ok=True)
            (self.state / "kept/old.deb").write_text(deb("1.0~deb12"))
            (self.world / "installed").write_text(installed + "\n")
            (self.state / "under-way").write_text(f"{ORDER}\n1.1~deb12\n1.0~deb12\n{stage}\n")
            self.run_it()
            self.nothing_is_left()
            return self.result()[0], self.installed()

        self.assertEqual(cut("fetching", "1.0~deb12"), ("failed", "1.0~deb12"))
        self.assertEqual(cut("installing", "1.0~deb12"), ("failed", "1.0~deb12"))
        self.assertIn("configure", self.log())
        (self.world / "bad").write_text("1.1~deb12\n")
        self.assertEqual(cut("installing", "1.1~deb12"), ("put_back", "1.0~deb12"))
        (self.world / "bad").write_text("")
        self.assertEqual(cut("installing", "1.1~deb12"), ("done", "1.1~deb12"))


class SbcReboot(unittest.TestCase):
    """config/debian/sbc-reboot, as root where an SBC has asked for its machine's restart."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="roamdesk-reboot-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.request = self.root / "var/lib/sbc/reboot-request"
        for path in (self.request.parent, self.root / "proc", self.root / "fakes"):
            path.mkdir(parents=True)
        (self.root / "proc/uptime").write_text("86400.00 1.00\n")
        fake = self.root / "fakes/systemctl"
        fake.write_text(f'#!/bin/sh\n[ ! -e {self.request} ] || echo "still there" >>{self.root}/log\necho "$*" >>{self.root}/log\n')
        fake.chmod(0o755)

    def reboots(self, user=None):
        environment = {"SBC_REBOOT_ROOT": str(self.root), "SBC_REBOOT_USER": user or getpass.getuser(), "SBC_REBOOT_PATH": f"{self.root}/fakes:/usr/bin:/bin"}
        done = subprocess.run(["/bin/sh", SCRIPT.parent / "sbc-reboot"], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertFalse(os.path.lexists(self.request), "the next start must find nothing")
        log = self.root / "log"
        return log.read_text() if log.exists() else ""

    def test_a_request_restarts_the_machine_and_is_gone_before(self):
        self.request.touch()
        self.assertEqual(self.reboots(), "--no-block reboot\n")

    def test_nothing_is_done_without_one(self):
        self.assertEqual(self.reboots(), "")

    def test_what_stands_in_it_is_read_by_nobody(self):
        self.request.write_text("; touch /tmp/owned\n" * 1000)
        self.assertEqual(self.reboots(), "--no-block reboot\n")

    def test_links_folders_pipes_and_others_files_are_no_requests(self):
        (self.root / "precious").write_text("precious")
        for make in (lambda: self.request.symlink_to(self.root / "precious"), lambda: os.link(self.root / "precious", self.request),
                     self.request.mkdir, lambda: os.mkfifo(self.request)):
            make()
            self.assertEqual(self.reboots(), "")
        self.assertEqual((self.root / "precious").read_text(), "precious")
        self.request.touch()
        self.assertEqual(self.reboots(user="nobody"), "", "another's file")

    def test_a_machine_that_has_just_started_stays_up(self):
        (self.root / "proc/uptime").write_text("599.99 1.00\n")
        self.request.touch()
        self.assertEqual(self.reboots(), "")


if __name__ == "__main__":
    unittest.main()

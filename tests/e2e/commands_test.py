#!/usr/bin/python3
"""What an operator types on the machines: a password reset, running or not, by nobody else; a new core's file; an SBC's key by
file, standard input and prompt."""
import contextlib
import os
import pathlib
import pty
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import BUILD, ApiError, PASSWORD, in_thread  # noqa: E402

CORE, SBC = str(BUILD / "pbx-core/pbx-core"), str(BUILD / "sbc/sbc")
STRANGER = 65534


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=30, **options)


class Commands(case.LoopbackCase):
    own_world = True

    def reset(self, name, **options):
        return run(CORE, "user", "reset-password", name, "--config", str(self.world.core.config), **options)

    def may_log_in(self, name, password):
        try:
            return self.world.api.call("POST", "/login", {"username": name, "password": password})["token"]
        except ApiError as refused:
            self.assertEqual(refused.status, 401)
            return None

    async def test_a_lost_password_is_reset_running_or_not(self):
        api = self.world.api
        yesterday = api.token
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    await in_thread(self.world.core.stop)
                done = await in_thread(self.reset, "admin")
                self.assertEqual(done.returncode, 0, done.stderr)
                password = done.stdout.strip()
                self.assertRegex(password, r"^[\w-]{20,}$")
                unknown = await in_thread(self.reset, "nobody")
                self.assertEqual((unknown.returncode, unknown.stdout), (1, ""))
                self.assertIn("There is no user nobody", unknown.stderr)
                if not running:
                    await in_thread(self.world.core.start)
                    await in_thread(self.world.wait_core)
                self.assertIsNone(await in_thread(self.may_log_in, "admin", PASSWORD))
                api.token = yesterday
                with self.assertRaises(ApiError) as refused:
                    await in_thread(api.get, "/me")
                self.assertEqual(refused.exception.status, 401)
                api.token = yesterday = await in_thread(self.may_log_in, "admin", password)
                self.assertTrue(api.token)
                newest = (await in_thread(api.get, "/audit?action=user.changed"))["records"][0]
                self.assertEqual((newest["actor"], newest["subject"], newest["detail"]), ("pbx-core", "admin", "password (reset)"))
                self.assertNotIn(password, self.world.core.text())

    async def test_another_user_of_the_machine_resets_nothing(self):
        """Though the stranger may read the configuration, and whatever the umask of who made state_dir was."""
        if os.geteuid() != 0:
            self.fail("needs root, to be somebody else")
        # Copies of program and file where a stranger gets at them: it isn't a folder above that keeps them out.
        theirs = pathlib.Path(tempfile.mkdtemp(prefix="roamdesk-stranger-"))
        theirs.chmod(0o755)
        config, program = theirs / "pbx-core.yaml", theirs / "pbx-core"
        config.write_text(self.world.core.config.read_text())
        config.chmod(0o644)
        shutil.copy(CORE, program)
        self.world.dir.chmod(0o755)
        try:
            for running in (True, False):
                with self.subTest(running=running):
                    if not running:
                        await in_thread(self.world.core.stop)
                    refused = await in_thread(lambda: run(str(program), "user", "reset-password", "admin", "--config", str(config),
                                                          user=STRANGER, group=STRANGER, extra_groups=[], cwd="/"))
                    self.assertEqual((refused.returncode, refused.stdout), (1, ""), refused.stderr)
            await in_thread(self.world.core.start)
            await in_thread(self.world.wait_core)
            self.assertTrue(await in_thread(self.may_log_in, "admin", PASSWORD))
        finally:
            shutil.rmtree(theirs)

    async def test_a_new_core_has_a_file_that_it_takes(self):
        new = self.world.dir / "new" / "pbx-core.yaml"
        made = await in_thread(lambda: run(CORE, "setup", "--write-only", "--domain", "pbx.example.org", "--config", str(new)))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(new.stat().st_mode & 0o777, 0o640)
        self.assertIn("domain: pbx.example.org", new.read_text())
        self.assertEqual((await in_thread(lambda: run(CORE, "check", "--config", str(new)))).returncode, 0)
        new.write_text(new.read_text() + "# mine\n")
        again = await in_thread(lambda: run(CORE, "setup", "--write-only", "--domain", "other.example.org", "--config", str(new)))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertTrue(new.read_text().endswith("# mine\n"))
        self.assertNotIn("other", new.read_text())
        for bad in ("a b", "-", "x\nsip: {}", "https://x"):
            refused = await in_thread(lambda: run(CORE, "setup", "--write-only", "--domain", bad, "--config", str(self.world.dir / "bad.yaml")))
            self.assertEqual(refused.returncode, 1, bad)
            self.assertFalse((self.world.dir / "bad.yaml").exists())

    async def test_a_second_run_says_that_there_is_a_first(self):
        import start
        with self.assertRaises(SystemExit) as ended:
            await in_thread(start.refuse_taken, [(self.world.core_ip, 9), (self.world.core_ip, 9090)])
        self.assertIn(f"{self.world.core_ip}:9090 already", str(ended.exception))
        await in_thread(start.refuse_taken, [(self.world.core_ip, 9)])

    async def test_setup_says_how_it_is(self):
        said = await in_thread(lambda: run(CORE, "setup", "--config", str(self.world.core.config)))
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("Roamdesk runs as", said.stdout)
        self.assertNotIn(PASSWORD, said.stdout)

    async def test_an_upgrade_asks_how_the_core_is_and_keeps_its_store(self):
        def core(*words):
            return run(CORE, *words, "--config", str(self.world.core.config))
        state = self.world.dir / "core"
        if os.geteuid() == 0:
            for path in (state, *state.rglob("*")):
                os.chown(path, STRANGER, STRANGER)
            self.world.dir.chmod(0o755)
        well = await in_thread(core, "health")
        self.assertEqual(well.returncode, 0, well.stderr)
        self.assertRegex(well.stdout, r"^pbx-core [\d.]+ runs$")
        schema = await in_thread(core, "store", "schema")
        self.assertRegex(schema.stdout, rf"^(\d+) \1 {state}$")
        self.assertIn("stop it first", (await in_thread(core, "store", "keep")).stderr)
        await in_thread(self.world.core.stop)
        self.assertEqual((await in_thread(core, "health")).returncode, 1)
        kept = await in_thread(core, "store", "keep")
        self.assertEqual(kept.returncode, 0, kept.stderr)
        about = (state / "store.before").stat()
        self.assertEqual((about.st_uid, about.st_mode & 0o777), (state.stat().st_uid, 0o600))
        # Beside a newer one's schema a command changes nothing, and an older program says why it doesn't start.
        with contextlib.closing(sqlite3.connect(state / "store.sqlite", isolation_level=None)) as store:
            store.execute("DELETE FROM schema_version WHERE version = (SELECT max(version) FROM schema_version)")
        refused = await in_thread(self.reset, "admin")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("start the core with this program first", refused.stderr)
        (state / "store.before").rename(state / "store.sqlite")
        await in_thread(self.world.core.start)
        await in_thread(self.world.wait_core)

    async def test_the_key_of_an_sbc_needs_no_argument(self):
        world = self.world
        added = [run(CORE, "sbc", "add", f"branch-{i}", "--config", str(world.core.config)) for i in range(3)]
        keys = [answer.stdout.strip() for answer in added]
        # What root's command leaves there is the service's own.
        world.dir.chmod(0o755)
        (world.dir / "sbc-0").mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(world.dir / "sbc-0", STRANGER, STRANGER)
        by_file = world.dir / "key"
        by_file.write_text(keys[0] + "\n")
        for i, options in enumerate(({"args": ("--key-file", str(by_file))}, {"args": ("--key-file", "-"), "input": keys[1] + "\n"},
                                     {"args": (), "terminal": keys[2] + "\n"})):
            with self.subTest(by=options):
                config = world.dir / f"sbc-{i}.yaml"
                config.write_text(f"state_dir: {world.dir}/sbc-{i}\ncore: [\"{world.core_ip}:5090\"]\nlan: {{ address: 127.0.1.5 }}\n")
                command = [SBC, "enrol", *options["args"], "--config", str(config)]
                if "terminal" in options:
                    done = await in_thread(self.typed, command, options["terminal"])
                else:
                    done = await in_thread(lambda: run(*command, input=options.get("input")))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue((world.dir / f"sbc-{i}" / "identity.pem").exists())
        self.assertEqual((world.dir / "sbc-0" / "identity.pem").stat().st_uid, (world.dir / "sbc-0").stat().st_uid)
        config = str(world.dir / "sbc-0.yaml")
        for text, words in ((keys[0], "not enrolled"), ("nonsense", "can't be used"), ("", "no enrolment key")):
            refused = await in_thread(lambda: run(SBC, "enrol", "--key-file", "-", "--config", config, input=text + "\n"))
            self.assertEqual(refused.returncode, 1)
            self.assertIn(words, refused.stderr)
        gone = await in_thread(lambda: run(SBC, "enrol", "--key-file", "/nowhere", "--config", config))
        self.assertIn("/nowhere can't be read", gone.stderr)

    def typed(self, command, text):
        """At a terminal, which doesn't show what is typed."""
        keyboard, terminal = pty.openpty()
        program = subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.close(terminal)
        self.assertIn("Enrolment key", program.stderr.read(13))
        os.write(keyboard, text.encode())
        out, err = program.communicate(timeout=30)
        os.set_blocking(keyboard, False)
        try:
            shown = os.read(keyboard, 4096)
        except OSError:
            shown = b""
        os.close(keyboard)
        self.assertNotIn(text.strip().encode(), shown)
        return subprocess.CompletedProcess(command, program.returncode, out, err)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
"""`./run` as a newcomer meets it: a second one says that there is a first, a password that was changed is printed no more, `./run demo --stay` stays."""
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from harness import Api  # noqa: E402

OWN = "a password of my own"


class Started:
    def __init__(self, state, script, *arguments):
        self.out = open(state / f"{time.monotonic_ns()}.txt", "w+")
        self.process = subprocess.Popen([sys.executable, str(ROOT / script), *arguments], stdout=self.out, stderr=subprocess.STDOUT,
                                        env={**os.environ, "ROAMDESK_RUN_STATE": str(state / "state")})

    def text(self):
        self.out.seek(0)
        return self.out.read()

    def says(self, what, within=60):
        until = time.monotonic() + within
        while what not in self.text():
            assert self.process.poll() is None and time.monotonic() < until, f"{what!r} isn't said in:\n{self.text()}"
            time.sleep(0.1)

    def end(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        code = self.process.wait(30)
        self.out.close()
        return code


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="roamdesk-run-")
        self.addCleanup(folder.cleanup)
        self.state = pathlib.Path(folder.name)

    def run_it(self):
        started = Started(self.state, "tests/support/start.py")
        self.addCleanup(lambda: started.process.poll() is None and started.end())
        return started

    def test_a_second_one_ends_with_a_word_of_the_first_and_a_changed_password_is_forgotten(self):
        first = self.run_it()
        first.says("Ctrl-C ends both programs")
        second = self.run_it()
        self.assertEqual(second.process.wait(20), 1)
        self.assertIn("listens at 127.0.0.1:5000 already", second.text())
        self.assertNotIn("Roamdesk runs on this machine", second.text())
        self.assertIsNone(first.process.poll())

        file = self.state / "state/pbx-core/initial-admin-password"
        password = file.read_text().strip()
        self.assertIn(password, first.text())
        api = Api("127.0.0.1", 5000).log_in("admin", password)
        api.call("PATCH", "/users/admin", {"password": OWN})
        self.assertFalse(file.exists())
        first.end()
        again = self.run_it()
        again.says("Ctrl-C ends both programs")
        self.assertNotIn(password, again.text())
        Api("127.0.0.1", 5000).log_in("admin", OWN)

    def test_a_demo_that_stays_is_there_until_it_is_ended(self):
        demo = Started(self.state, "tests/e2e/demo.py", "--stay")
        self.addCleanup(lambda: demo.process.poll() is None and demo.end())
        demo.says("Ctrl-C ends it all", within=120)
        host = demo.text().split("The console: http://")[1].split(":5000")[0]
        connection = http.client.HTTPConnection(host, 5000, timeout=10)
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 200)
        self.assertIsNone(demo.process.poll())
        self.assertEqual(demo.end(signal.SIGINT), 0)


if __name__ == "__main__":
    unittest.main()

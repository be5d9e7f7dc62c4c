#!/usr/bin/python3
"""What `cmake --install` puts down runs from there: a desk behind an installed SBC is provisioned by an installed core and hears its prompt."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
PREFIX = tempfile.TemporaryDirectory(prefix="roamdesk-installed-")
ROOT = pathlib.Path(PREFIX.name)
BUILT = os.environ["ROAMDESK_BUILD"]
subprocess.run(["cmake", "--install", BUILT, "--prefix", str(ROOT)], check=True, stdout=subprocess.DEVNULL)
# The harness looks for its programs where a build has them.
for name in ("pbx-core", "sbc"):
    (ROOT / "build" / name).mkdir(parents=True)
    (ROOT / "build" / name / name).symlink_to(ROOT / "bin" / name)
os.environ["ROAMDESK_BUILD"] = str(ROOT / "build")
import case  # noqa: E402
from harness import eventually  # noqa: E402
from story import log_in, log_out  # noqa: E402


class Installed(case.LoopbackCase):
    branches = ("branch-1",)

    async def test_a_desk_is_provisioned_and_logged_in_to(self):
        for vendor in ("yealink", "snom", "fanvil", "grandstream"):
            phone = await self.a_desk(vendor, "branch-1")
            await log_in(self.world, phone, await self.person())
            await log_out(self.world, phone)

    async def test_what_it_reads_is_what_was_installed(self):
        """Without its templates it doesn't take others, those of the source tree say: a reload fails, and says of which file."""
        templates, elsewhere = ROOT / "share" / "roamdesk" / "templates", ROOT / "elsewhere"
        templates.rename(elsewhere)
        try:
            self.world.core.process.send_signal(signal.SIGHUP)
            await eventually(lambda: f"{templates}" in self.world.core.text(), 15, "a complaint")
            self.assertNotIn("config.reloaded", self.world.core.text())
        finally:
            elsewhere.rename(templates)

    def test_the_examples_are_good(self):
        for name in ("pbx-core", "sbc"):
            example = next(ROOT.glob(f"share/doc/*/examples/{name}.yaml"))
            subprocess.run([ROOT / "bin" / name, "check", "--config", example], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def test_the_units_start_what_is_installed(self):
        for name in ("pbx-core", "sbc"):
            unit = (ROOT / "lib" / "systemd" / "system" / f"{name}.service").read_text()
            self.assertIn(f"\nExecStart={name} serve", unit)
        for name in ("sbc-update", "sbc-reboot"):
            unit = (ROOT / "lib" / "systemd" / "system" / f"{name}.service").read_text()
            self.assertIn(f"\nExecStart=/usr/lib/roamdesk/{name}\n", unit)
            self.assertTrue(os.access(ROOT / "lib" / "roamdesk" / name, os.X_OK))


if __name__ == "__main__":
    case.main()

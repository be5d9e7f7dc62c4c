#!/usr/bin/python3
"""A backup of a running core, restored: desks, people and their sessions are those of the backup, phones and SBCs come back by
themselves, and what is wrong with a file is said before anything is changed."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import story  # noqa: E402
from harness import BUILD, in_thread  # noqa: E402


class Backup(case.LoopbackCase):
    branches = ("branch-1",)
    own_world = True

    def command(self, name, file):
        return subprocess.run([str(BUILD / "pbx-core/pbx-core"), name, str(file), "--config", str(self.world.core.config)],
                              capture_output=True, text=True, timeout=30)

    async def test_what_was_backed_up_comes_back_and_phones_with_it(self):
        world, api = self.world, self.world.api
        for number, name in (("101", "Alice"), ("102", "Bob")):
            world.extension(number, name)
        away = world.phone("yealink", "branch-1")
        await story.new_hot_desk(world, away)
        await story.log_in(world, away, "101")
        beside = world.phone("snom")
        await story.new_hot_desk(world, beside)

        # By the API and by the command, beside the running core.
        status, headers, by_api = await in_thread(
            lambda: api.request("POST", "/api/v1/backup", b"{}", {"Authorization": f"Bearer {api.token}"}))
        self.assertEqual(status, 200)
        self.assertIn(".backup", headers["Content-Disposition"])
        (world.dir / "api.backup").write_bytes(by_api)
        made = await in_thread(self.command, "backup", world.dir / "command.backup")
        self.assertEqual(made.returncode, 0, made.stderr)
        listed = [subprocess.run(["tar", "-tzf", world.dir / f], capture_output=True, text=True).stdout.split()
                  for f in ("api.backup", "command.backup")]
        self.assertEqual(*listed)
        for name in ("store.sqlite", "authority.key", "pepper.key", "MANIFEST.json"):
            self.assertIn(name, listed[0])

        # The world goes on after the backup, wrongly.
        await story.log_out(world, away)
        await in_thread(api.delete, "/extensions/102")
        world.extension("103", "Carol")

        running = await in_thread(self.command, "restore", world.dir / "api.backup")
        self.assertEqual(running.returncode, 1)
        self.assertIn("stop it first", running.stderr)

        await in_thread(world.core.stop)
        broken = world.dir / "broken.backup"
        broken.write_bytes(by_api[:len(by_api) // 2])
        refused = await in_thread(self.command, "restore", broken)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        restored = await in_thread(self.command, "restore", world.dir / "api.backup")
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn(".before-restore-", restored.stdout)
        await in_thread(world.core.start)
        await in_thread(world.wait_core)
        await in_thread(api.log_in)
        await in_thread(world.wait_sbc, "branch-1")

        numbers = [e["number"] for e in await in_thread(api.get, "/extensions")]
        self.assertEqual(numbers, ["101", "102"])
        # Alice's session is back, her phone is told and becomes hers again, and she is called there.
        await story.desk_is(world, away, timeout=90, state="logged_in", extension="101", settled=True)
        caller = world.phone("fanvil")
        await story.own_phone(world, caller, "102")
        await story.talk(caller, away, "101")


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
"""Backups by SFTP at a server that isn't ours (dropbear, OpenSSH's sftp-server): they arrive whole or not at all, what is wrong
is said in words, and the secrets are said to nobody."""
import asyncio
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import eventually, in_thread, wait_for  # noqa: E402
from http_api import PASSWORD as ADMINISTRATORS, ApiError  # noqa: E402
from sftp_server import PASSWORD, USER, SftpServer  # noqa: E402


class SftpBackup(case.LoopbackCase):
    core_pnp = False
    own_world = True

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.server = await in_thread(SftpServer, self.world.core_ip)
        self.addAsyncCleanup(in_thread, self.server.close)
        await in_thread(self.server.start)

    def target(self, **more):
        return {"host": self.world.core_ip, "port": self.server.port, "user": USER, "directory": "backups",
                "password": PASSWORD, "host_key": self.server.fingerprint(self.server.host_key), **more}

    async def tried(self, **more):
        return await self.api("POST", "/sftp-backup/try", self.target(**more))

    async def state(self, member):
        """`last` or `fault`, once there is one."""
        def asked():
            said = self.world.api.get("/sftp-backup")
            return not said["under_way"] and said[member]
        return await in_thread(wait_for, asked, 30, member)

    async def test_a_try_says_what_is_wrong(self):
        self.assertEqual(await self.tried(), {"ok": True})
        self.assertEqual(self.server.names(), [], "a try leaves nothing")
        self.assertEqual(await self.tried(directory=str(self.server.backups)), {"ok": True})
        key = self.server.key.read_text()
        self.assertEqual(await self.tried(password=None, private_key=key), {"ok": True})
        another = (await in_thread(self.server.new_key, "another")).read_text()
        new = self.server.fingerprint(self.server.host_key)
        old = "SHA256:" + "A" * 43
        for kind, words, wrong in (
                ("login", "password", {"password": "Open-sesame-8"}),
                ("login", "password", {"user": "nobody-here"}),
                ("login", "private key", {"password": None, "private_key": another}),
                ("host_key", new, {"host_key": old}),
                ("host_key", new, {"host_key": None}),
                ("directory", "nowhere", {"directory": "nowhere"}),
                ("not_allowed", "locked", {"directory": "locked"}),
                ("refused", "2223", {"port": 2223}),
                ("name_unknown", "no-such-host.invalid", {"host": "no-such-host.invalid"})):
            with self.subTest(kind=kind, wrong=list(wrong)):
                said = await self.tried(**wrong)
                self.assertEqual((said["ok"], said["kind"]), (False, kind), said)
                self.assertIn(words, said["why"])
                self.assertEqual(said.get("offered"), new if kind == "host_key" else None)
                self.assertNotIn(PASSWORD, str(said))

    async def test_one_arrives_whole_and_the_oldest_go(self):
        ours = [f"roamdesk-2020-01-0{day}T013000Z.backup" for day in (1, 2, 3)]
        left = [".roamdesk-2020-01-03T013000Z.backup.part", "notes.txt", "roamdesk.backup"]
        for name in ours + left:
            (self.server.backups / name).write_text("old")
        (self.server.backups / "roamdesk-2019-01-01T013000Z.backup").mkdir()    # not a file: not ours
        await self.api("PUT", "/sftp-backup", self.target(keep=2))
        last = await self.state("last")
        self.assertEqual(self.server.names(), sorted([ours[2], last["name"], "notes.txt", "roamdesk.backup",
                                                      "roamdesk-2019-01-01T013000Z.backup"]))
        arrived = self.server.backups / last["name"]
        self.assertEqual(arrived.stat().st_size, last["bytes"])
        self.assertEqual(arrived.stat().st_mode & 0o777, 0o600)
        members = await in_thread(lambda: subprocess.run(["tar", "-tzf", arrived], capture_output=True, text=True).stdout.split())
        self.assertIn("MANIFEST.json", members)
        files = await self.api("GET", "/sftp-backup/files")
        self.assertEqual([f["name"] for f in files["files"]], [last["name"], ours[2]])
        audit = await self.api("GET", "/audit?action=backup.delivered")
        self.assertEqual(audit["records"][0]["subject"], last["name"])
        # Nothing that this core tells has the password; a restart brings it no second time.
        restarted = await in_thread(self.world.restart_core)
        self.assertLess(restarted, 10)
        self.assertEqual((await self.api("GET", "/sftp-backup"))["last"], last)
        for path in ("/sftp-backup", "/audit", "/settings", "/system", "/log"):
            try:
                text = str(await self.api("GET", path))
            except ApiError as error:
                text = str(error)
            self.assertNotIn(PASSWORD, text, path)
        self.assertNotIn(PASSWORD, self.world.core.text())
        metrics = (await in_thread(lambda: self.world.metrics_of_core().request("GET", "/metrics")))[2].decode()
        self.assertIn("roamdesk_backup_sftp_failing 0", metrics)

    async def test_none_comes_of_a_server_with_another_key_or_without_room(self):
        await self.api("PUT", "/sftp-backup", self.target(directory="full"))
        # What doesn't compress, more than there is room for: in every backup, as all of state_dir.
        (self.world.dir / "core" / "prompts").mkdir(exist_ok=True)
        last = await self.state("last")
        self.assertTrue(last["name"])
        with open("/dev/urandom", "rb") as random:
            (self.world.dir / "core" / "prompts" / "large.bin").write_bytes(random.read(1_000_000))
        await self.api("POST", "/sftp-backup/now")
        fault = await self.state("fault")
        self.assertEqual(fault["kind"], "full", fault)
        await in_thread(self.server.stop)
        heard = len((self.server.top / "log").read_text())
        impostor = await in_thread(self.server.new_key, "impostor")
        await in_thread(self.server.start, impostor)
        await self.api("PUT", "/sftp-backup", self.target(password="***"))
        fault = await self.state("fault")
        self.assertEqual((fault["kind"], fault["offered"]), ("host_key", self.server.fingerprint(impostor)))
        self.assertEqual(self.server.names(), [])
        self.assertNotIn("attempt", (self.server.top / "log").read_text()[heard:], "no log-in was tried there")
        self.assertNotIn("succeeded", (self.server.top / "log").read_text()[heard:])
        metrics = (await in_thread(lambda: self.world.metrics_of_core().request("GET", "/metrics")))[2].decode()
        self.assertIn("roamdesk_backup_sftp_failing 1", metrics)

    async def test_the_plug_is_pulled_while_one_is_sent(self):
        (self.world.dir / "core" / "prompts").mkdir(exist_ok=True)
        with open("/dev/urandom", "rb") as random:
            (self.world.dir / "core" / "prompts" / "large.bin").write_bytes(random.read(60_000_000))
        await self.api("PUT", "/sftp-backup", self.target())
        part = lambda: [p for p in self.server.backups.iterdir() if p.name.endswith(".part") and p.stat().st_size > 1_000_000]  # noqa: E731
        await eventually(part, 30, "a part of it", every=0.005)
        await in_thread(self.server.stop)
        fault = await self.state("fault")
        self.assertIn(fault["kind"], ("lost", "refused", "silent"), fault)
        self.assertTrue(all(n.startswith(".") for n in self.server.names()), self.server.names())
        await in_thread(self.server.start)
        self.assertEqual((await self.api("GET", "/sftp-backup/files"))["files"], [], "a half one is none")
        # It falls silent in the middle of the next one: that is a fault within a bound, the core goes on meanwhile, and nothing is left of it.
        for left in part():
            left.unlink()
        await self.api("POST", "/sftp-backup/now")
        await eventually(part, 30, "a part of the silent one", every=0.005)
        await in_thread(self.server.end_log_ins, signal.SIGSTOP)
        began, longest = time.monotonic(), 0
        while (await self.api("GET", "/sftp-backup"))["under_way"]:
            asked = time.monotonic()
            await self.api("GET", "/extensions")
            longest = max(longest, time.monotonic() - asked)
            self.assertLess(asked - began, 30, "it is waited for without a bound")
            await asyncio.sleep(0.2)
        fault = await self.state("fault")
        self.assertEqual(fault["kind"], "silent", fault)
        self.assertIn("doesn't answer", fault["why"])
        self.assertLess(longest, 2)
        await in_thread(self.server.end_log_ins)
        self.assertEqual((self.server.names(), list((self.world.dir / "core").glob("store.sftp-draft*"))), ([], []))
        # And the core is killed in the middle of the next one.
        before = self.server.names()
        await self.api("POST", "/sftp-backup/now")
        await eventually(lambda: len(part()) > len(before), 30, "a part of the next", every=0.005)
        await in_thread(self.world.core.kill)
        self.assertTrue(all(n.startswith(".") for n in self.server.names()), self.server.names())


    async def test_one_is_restored_from_there(self):
        await in_thread(self.world.extension, "101", "Alice")
        await self.api("PUT", "/sftp-backup", self.target())
        last = await self.state("last")
        await in_thread(self.world.extension, "102", "Bob")
        # What the server has made of it meanwhile isn't taken.
        arrived = self.server.backups / last["name"]
        whole = arrived.read_bytes()
        arrived.write_bytes(whole[:300] + bytes(50) + whole[350:])
        with self.assertRaises(ApiError) as refused:
            await self.api("POST", "/restore/look", {"place": "sftp", "name": last["name"]})
        self.assertEqual(refused.exception.status, 422)
        for name in ("roamdesk-2020-01-01T013000Z.backup", "../.ssh/authorized_keys"):
            with self.assertRaises(ApiError) as refused:
                await self.api("POST", "/restore/look", {"place": "sftp", "name": name})
            self.assertEqual(refused.exception.status, 422, name)
        arrived.write_bytes(whole)
        seen = await self.api("POST", "/restore/look", {"place": "sftp", "name": last["name"]})
        self.assertEqual((seen["now"]["extensions"], seen["then"]["extensions"]), (2, 1))
        await self.api("POST", "/restore", {"id": seen["id"], "password": ADMINISTRATORS})
        await in_thread(self.world.back_from_restore)
        self.assertEqual([e["number"] for e in await self.api("GET", "/extensions")], ["101"])
        # Where backups go is a file of this machine's state, and is as it was when the backup was made.
        self.assertEqual((await self.api("GET", "/sftp-backup"))["target"]["host"], self.world.core_ip)


class SftpBackupOfAFolder(SftpBackup):
    """Where backups go into a folder every night."""
    @staticmethod
    def core_extra(world):
        (world.dir / "nights").mkdir()
        return f"backup: {{ directory: {world.dir}/nights }}\n"

    test_a_try_says_what_is_wrong = test_one_arrives_whole_and_the_oldest_go = None
    test_none_comes_of_a_server_with_another_key_or_without_room = test_the_plug_is_pulled_while_one_is_sent = None
    test_one_is_restored_from_there = None

    async def test_the_folders_newest_goes_and_once(self):
        await self.api("PUT", "/sftp-backup", self.target())
        last = await self.state("last")
        self.assertEqual([f["name"] for f in (await self.api("GET", "/backups"))["files"]], [last["name"]])
        arrived = self.server.backups / last["name"]
        whole = arrived.read_bytes()
        self.assertEqual(whole, (self.world.dir / "nights" / last["name"]).read_bytes())
        # Once more: it is there. And where somebody has cut it, it is mended.
        for damage in (whole, whole[:100]):
            arrived.write_bytes(damage)
            await self.api("POST", "/sftp-backup/now")

            def done():
                said = self.world.api.get("/sftp-backup")
                return not said["under_way"] and said["last"]["at"] != last["at"] and said
            said = await in_thread(wait_for, done, 30, "another one")
            self.assertEqual((said["fault"], said["last"]["name"]), (None, last["name"]))
            self.assertEqual(arrived.read_bytes(), whole)
            self.assertEqual(self.server.names(), [last["name"]])
            last = said["last"]


if __name__ == "__main__":
    case.main()

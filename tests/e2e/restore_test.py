#!/usr/bin/python3
"""A restore as a person does it in the console: a file is put in and looked at, what would change is said, the own password is the
last word, and the core comes back with the other state; wherever it is killed, the state is the old one or the new one, whole."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import in_thread, wait_for  # noqa: E402
from http_api import PASSWORD, Api, ApiError  # noqa: E402


class Restore(case.LoopbackCase):
    core_pnp = False
    own_world = True

    def put(self, data):
        """The name of what was put in."""
        api = self.world.api
        begun = api.post("/restore/uploads", {"bytes": len(data)})
        for offset in range(0, len(data), begun["piece"]):
            status, _, text = api.request("PUT", f"/api/v1/restore/uploads/{begun['id']}?offset={offset}", data[offset:offset + begun["piece"]],
                                          {"Authorization": f"Bearer {api.token}", "Content-Type": "application/octet-stream"})
            assert status in (200, 201), text
        assert status == 201, text
        return json.loads(text)["name"]

    def backup(self):
        api = self.world.api
        status, _, data = api.request("POST", "/api/v1/backup", b"{}", {"Authorization": f"Bearer {api.token}"})
        assert status == 200, data
        return data

    def look(self, place, name):
        return self.world.api.post("/restore/look", {"place": place, "name": name})

    def numbers(self):
        return [e["number"] for e in self.world.api.get("/extensions")]

    def status(self, token):
        api = Api(self.world.core_ip)
        api.token = token
        try:
            api.get("/extensions")
            return 200
        except ApiError as error:
            return error.status

    def session(self, name):
        api = Api(self.world.core_ip)
        api.log_in(name, "A-good-password-1")
        return api.token

    def until_the_restart(self, token):
        """Somebody who goes on making extensions, one after the other; gives what waits for the end and says which were acknowledged."""
        api, made = Api(self.world.core_ip), []
        api.token = token

        def make():
            for number in range(3000, 4000):
                try:
                    api.post("/extensions", {"number": str(number), "name": "Late"})
                except (ApiError, OSError, http.client.HTTPException):
                    return
                made.append(str(number))
        thread = threading.Thread(target=make)
        thread.start()
        wait_for(lambda: made, 10, "the first of them")

        def ended():
            thread.join(30)
            self.assertFalse(thread.is_alive())
            return made
        return ended

    async def test_a_person_restores_and_goes_back(self):
        await in_thread(self.story)

    def story(self):
        world, api = self.world, self.world.api
        world.extension("101", "Alice")
        api.post("/users", {"name": "early", "password": "A-good-password-1", "role": "administrator"})
        ended, stays = (api.post("/tokens", {"name": n, "scope": "reader"}) for n in ("ended", "stays"))
        data = self.backup()
        world.extension("103", "Carol")
        api.delete("/extensions/101")
        api.delete("/users/early")
        api.delete(f"/tokens/{ended['id']}")
        api.post("/users", {"name": "late", "password": "A-good-password-1", "role": "administrator"})
        late = self.session("late")
        since = api.post("/tokens", {"name": "since", "scope": "reader"})

        # What is wrong with a file is said, and changes nothing.
        for bad in (data[:len(data) // 2], b"not a backup", data[:200] + b"\0" * 50 + data[250:]):
            with self.assertRaises(ApiError) as refused:
                self.look("upload", self.put(bad))
            self.assertEqual(refused.exception.status, 422, refused.exception)
        with self.assertRaises(ApiError):
            self.look("kept", "../../pepper.key")
        self.assertEqual(api.get("/backups")["kept"], [])

        seen = self.look("upload", self.put(data))
        self.assertEqual((seen["now"]["extensions"], seen["then"]["extensions"]), (1, 1))
        self.assertEqual((seen["users_back"], seen["users_gone"], seen["asker_known"]), (["early"], ["late"], True))
        self.assertEqual(seen["schema"], seen["known_schema"])
        self.assertEqual(self.numbers(), ["103"], "a look changes nothing")
        for body in ({"id": seen["id"], "password": "wrong"}, {"id": "0" * 16, "password": PASSWORD}):
            with self.assertRaises(ApiError) as refused:
                api.post("/restore", body)
            self.assertIn(refused.exception.status, (409, 422))
        process = world.core.process.pid
        changes = self.until_the_restart(late)
        self.assertEqual(api.post("/restore", {"id": seen["id"], "password": PASSWORD}), {"restarts": True})
        self.world.back_from_restore()
        self.assertEqual(world.core.process.pid, process, "whoever looks after it sees no end")
        self.assertEqual(self.numbers(), ["101"])
        changed = changes()
        audit = api.get("/audit?action=backup.restored")["records"]
        self.assertEqual([(r["actor"], r["action"]) for r in audit], [("admin", "backup.restored")])
        # Who speaks now: those whom the restored store knows; of tokens those that weren't ended since.
        self.assertEqual(self.status(late), 401)
        with self.assertRaises(ApiError):
            self.session("late")
        self.assertTrue(self.session("early"))
        self.assertEqual([self.status(t["token"]) for t in (stays, ended, since)], [200, 401, 401])

        # And back to what was there.
        kept = api.get("/backups")["kept"]
        self.assertEqual(len(kept), 1)
        seen = self.look("kept", kept[0]["name"])
        self.assertEqual((seen["users_back"], seen["users_gone"]), (["late"], ["early"]))
        api.post("/restore", {"id": seen["id"], "password": PASSWORD})
        self.world.back_from_restore()
        self.assertEqual([n for n in changed if n not in self.numbers()], [], "acknowledged, and not kept")
        self.assertIn("103", self.numbers())
        left = sorted(p.name for p in (world.dir / "core").iterdir() if p.name.startswith("store.") and "sqlite" not in p.name)
        self.assertEqual([n for n in left if n not in ("store.kept", "store.last-backup", "store.uploads")], [])

    async def test_the_power_is_cut(self):
        await in_thread(self.cuts)

    def cuts(self):
        world, api = self.world, self.world.api
        state = world.dir / "core"
        world.extension("101", "Alice")
        data = self.backup()
        world.extension("102", "Bob")

        def start():
            world.core.start()
            world.wait_core()
            api.log_in()
            self.assertFalse((state / "store.restore").exists())
            return self.numbers()
        # Looked at, not settled: the old one.
        seen = self.look("upload", self.put(data))
        world.core.stop(signal.SIGKILL)
        self.assertEqual(start(), ["101", "102"])
        # What was looked at ahead of that is nobody's any more.
        with self.assertRaises(ApiError):
            api.post("/restore", {"id": seen["id"], "password": PASSWORD})
        # As soon as it is settled: the new one, once, with what came after it kept at the next start.
        seen = self.look("upload", self.put(data))
        api.post("/restore", {"id": seen["id"], "password": PASSWORD})
        world.core.stop(signal.SIGKILL)
        self.assertEqual(start(), ["101"])
        world.extension("104", "Dan")
        world.core.stop(signal.SIGKILL)
        self.assertEqual(start(), ["101", "104"])


class RestoreWithoutRoom(Restore):
    """On a disk of its own, which gets small: refused in words, nothing is left behind, and the core goes on."""
    test_a_person_restores_and_goes_back = test_the_power_is_cut = None

    @staticmethod
    def core_extra(world):
        state = world.dir / "core"
        state.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", state], check=True)
        (state / "prompts").mkdir()
        (state / "prompts" / "large.bin").write_bytes(os.urandom(3_000_000))    # it doesn't compress
        return ""

    async def asyncTearDown(self):
        await super().asyncTearDown()
        subprocess.run(["umount", self.world.dir / "core"], check=False)
        if self._outcome.success:
            shutil.rmtree(self.world.dir, ignore_errors=True)

    def leave(self, free):
        """Megabytes."""
        there = os.statvfs(self.state)
        size = (there.f_blocks - there.f_bfree) * there.f_frsize + (free << 20)
        subprocess.run(["mount", "-o", f"remount,size={size}", self.state], check=True)

    def left(self):
        """What was made beside the state, but the folders where it was."""
        names = [str(p.relative_to(self.state)) for top in self.state.glob("store.*") if "sqlite" not in top.name for p in [top, *top.glob("*")]]
        return sorted(n for n in names if n not in ("store.last-backup", "store.uploads", "store.kept"))

    async def test_it_is_refused_in_words(self):
        await in_thread(self.refusals)

    def refusals(self):
        world, api = self.world, self.world.api
        self.state = world.dir / "core"
        world.extension("101", "Alice")
        data = self.backup()

        def refused(status, work):
            with self.assertRaises(ApiError) as caught:
                work()
            self.assertEqual(caught.exception.status, status, caught.exception)
            self.assertRegex(str(caught.exception), "room")
            self.leave(900)
        name = self.put(data)
        self.leave(66)    # of which a core keeps 64
        refused(422, lambda: self.look("upload", name))
        self.assertEqual(self.left(), [])
        self.leave(200)
        refused(409, lambda: self.put(data))
        self.assertEqual(self.left(), [])
        seen = self.look("upload", self.put(data))
        self.leave(68)    # it is ready, but what is there can't be kept
        world.extension("102", "Bob")
        refused(503, lambda: api.post("/restore", {"id": seen["id"], "password": PASSWORD}))
        world.extension("103", "Carol")
        self.assertEqual((self.numbers(), api.get("/backups")["kept"]), (["101", "102", "103"], []))
        seen = self.look("upload", self.put(data))
        api.post("/restore", {"id": seen["id"], "password": PASSWORD})
        world.back_from_restore()
        self.assertEqual(self.numbers(), ["101"], "with room it takes place")
        self.assertEqual(len(self.left()), 1, "what was there is kept, and nothing else")


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
"""A restore as a person does it in the console: a file is put in and looked at, what would change is said, the own password is the
last word, and the core comes back with the other state; wherever it is killed, the state is the old one or the new one, whole."""
import http.client
import json
import pathlib
import signal
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


if __name__ == "__main__":
    case.main()

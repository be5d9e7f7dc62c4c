#!/usr/bin/python3
"""The page Backup: a server is named for backups by SFTP, as its key is compared and taken; and the PBX is brought back to what it was, by a file of
one's own disk and one's password."""
import base64

import frame
from harness import in_thread
from http_api import PASSWORD
from sftp_server import PASSWORD as KEEPERS, USER, SftpServer


class TheBackup(frame.ConsoleCase):
    own_world = True
    core_pnp = False

    async def test_goes_to_a_server_whose_key_was_compared(self):
        server = await in_thread(SftpServer, self.world.core_ip)
        self.addAsyncCleanup(in_thread, server.close)
        await in_thread(server.start)
        b = self.browser
        await b.log_in()
        await b.page("Backup")
        await b.click("button", "Name a server")
        await b.type("Server", self.world.core_ip)
        await b.retype("Port", str(server.port))
        await b.type("User", USER)
        await b.type("Folder", "nowhere")
        await b.retype("Password", KEEPERS)
        await b.click("button", "Try it now")
        await b.see(server.fingerprint(server.host_key))
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Take this key")
        await b.click("button", "Try it now")
        await b.see("The folder isn't there")
        await b.retype("Folder", "backups")
        await b.click("button", "Try it now")
        await b.see("It works")
        await b.shot("backup-sftp")
        await b.click("button", "Save")
        await b.see(f"Every night a backup goes to {USER}@{self.world.core_ip}, folder backups")
        await b.do("gone_role", role="dialog")
        await self.no_faults()

    async def test_brings_back_what_was(self):
        api = self.world.api
        await in_thread(self.world.extension, "101", "Alice")
        status, _, data = await in_thread(lambda: api.request("POST", "/api/v1/backup", b"{}", {"Authorization": f"Bearer {api.token}"}))
        self.assertEqual(status, 200)
        await in_thread(self.world.extension, "102", "Bob")
        b = self.browser
        await b.log_in()
        await b.page("Backup")
        await b.do("file", label="A backup from this computer", name="a.backup", content="not a backup")
        await b.see("It can't be restored: the file isn't a backup of pbx-core")
        await b.do("faults")    # the refusal, which the browser writes down
        await b.do("file", label="A backup from this computer", name="a.backup", content=base64.b64encode(data).decode(), encoding="base64")
        await b.see("2 now, 1 then")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("backup-restore")
        await b.type("Your password", PASSWORD)
        await b.click("button", "Restore", exact=True)
        await b.do("see_role", role="button", name="Log in")
        self.world.wait_core()
        await in_thread(api.log_in)
        self.assertEqual([e["number"] for e in await in_thread(api.get, "/extensions")], ["101"])
        await b.log_in()
        await b.page("Backup")
        await b.see("From before a restore")


if __name__ == "__main__":
    frame.main()

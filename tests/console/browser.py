"""The tests' browser: `await browser.click("button", "Save")`. Each call is one line to browser.mjs and one back."""
import asyncio
import json
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from harness import BUILD, PASSWORD  # noqa: E402

SHOTS = pathlib.Path(os.environ.get("ROAMDESK_SHOTS", BUILD / "screenshots"))


class BrowserError(AssertionError):
    pass


class Browser:
    def __init__(self, base):
        self.base, self.process, self.log = base, None, None

    async def start(self):
        self.log = tempfile.TemporaryFile()
        self.process = await asyncio.create_subprocess_exec(
            "node", str(HERE / "browser.mjs"), str(BUILD / "pbx-core/console/work"), self.base,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=self.log, limit=1 << 24)
        await self.answer("start")
        return self

    async def answer(self, what):
        line = await asyncio.wait_for(self.process.stdout.readline(), 90)
        if not line:
            self.log.seek(0)
            raise BrowserError(f"{what}: the browser has gone: {self.log.read()[-2000:].decode(errors='replace')}")
        answer = json.loads(line)
        if "error" in answer:
            SHOTS.mkdir(parents=True, exist_ok=True)
            if what != "shot":
                try:
                    await self.do("shot", path=str(SHOTS / "failed.png"))
                except BrowserError:
                    pass
            raise BrowserError(f"{answer['error']}\n(what the page showed: {SHOTS / 'failed.png'})")
        return answer["value"]

    async def do(self, what, **order):
        self.process.stdin.write(json.dumps({"do": what, **order}).encode() + b"\n")
        await self.process.stdin.drain()
        return await self.answer(what)

    async def close(self):
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 10)
        except asyncio.TimeoutError:
            self.process.kill()
            await self.process.wait()
        self.log.close()

    # ---- shorthands
    async def click(self, role, name=None, **more):
        await self.do("click", role=role, name=name, **more)

    async def type(self, label, value, **more):
        """Key by key."""
        await self.do("type", label=label, value=value, **more)

    async def retype(self, label, value, **more):
        """Key by key, over what stands there."""
        await self.do("retype", label=label, value=value, **more)

    async def path(self):
        return await self.do("path")

    async def see(self, text, **more):
        await self.do("see", text=text, **more)

    async def page(self, name):
        """By the navigation, as people do."""
        await self.click("link", name, exact=True, within="#navigation")
        await self.do("see_role", role="heading", name=name)

    async def log_in(self, name="admin", password=PASSWORD, **window):
        await self.do("fresh", **window)
        await self.do("open", path="/")
        await self.type("User name" if window.get("language") != "de" else "Benutzername", name)
        await self.type("Password" if window.get("language") != "de" else "Passwort", password)
        await self.do("press", key="Enter")
        await self.do("see_role", role="navigation")
        await self.do("faults")    # that nobody is logged in yet is answered with 401, which the browser writes down

    async def shot(self, name, **more):
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.do("shot", path=str(SHOTS / f"{name}.png"), **more)

"""The frame of the console's tests: the real programs as in tests/e2e, and a browser beside them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from browser import Browser  # noqa: E402


class ConsoleCase(case.LoopbackCase):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.browser = Browser(f"http://{self.world.core_ip}:5000")
        try:
            await self.browser.start()
        except BaseException:    # nobody tears down what wasn't set up: the programs would stay
            await self.asyncTearDown()
            raise

    async def asyncTearDown(self):
        await self.browser.close()
        await super().asyncTearDown()

    async def no_faults(self, allowed=()):
        """No error on the browser's console, no failed script, nothing that the CSP refused."""
        faults = [f for f in await self.browser.do("faults") if not any(a in f for a in allowed)]
        self.assertEqual(faults, [])


main = case.main

"""The frame of the end-to-end tests: one core, and SBCs where they are needed, for all tests of a class; phones that a
test made are switched off after it; a phone's faults and a program that ends by itself fail the test."""
import asyncio
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import LOCAL, ApiError, World, in_thread  # noqa: E402
import story  # noqa: E402


class LoopbackCase(unittest.IsolatedAsyncioTestCase):
    branches = ()
    core_extra = ""        # further keys of pbx-core.yaml; or what makes them, of a world
    core_pnp = True
    core_env = None        # of pbx-core's environment
    sips = False           # SIP over TLS too
    https = False          # whether the core listens on port 5001, too
    own_world = False      # a world for each test, for those that stop programs or need the first desk
    failed = False

    @classmethod
    def build_world(cls):
        world = World(cls.__name__.lower(), sips=cls.sips)
        world.https = cls.https
        try:
            extra = cls.core_extra(world) if callable(cls.core_extra) else cls.core_extra
            world.start_core(pnp=cls.core_pnp, extra=extra, env=cls.core_env)
            for name in cls.branches:
                world.start_sbc(name)
        except BaseException:
            world.close(failed=True)
            raise
        return world

    @classmethod
    def setUpClass(cls):
        cls.next_number = 200
        if not cls.own_world:
            cls.world = cls.build_world()

    @classmethod
    def tearDownClass(cls):
        if not cls.own_world:
            cls.world.close(cls.failed)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        result = super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            type(self).failed = True
        return result

    async def asyncSetUp(self):
        if self.own_world:
            type(self).failed = False
            self.world = await in_thread(self.build_world)
        self.first_phone = len(self.world.phones)
        asyncio.get_running_loop().set_debug(False)    # as unittest sets it, half of the time goes into tracebacks

    async def asyncTearDown(self):
        mine = self.world.phones[self.first_phone:]
        try:
            await story.off(*mine)
        finally:
            if self.own_world:
                await in_thread(self.world.close, not self._outcome.success)
        story.no_faults(*mine)

    # ---- shorthands
    async def api(self, method, path, body=None):
        return await in_thread(self.world.api.call, method, path, body)

    async def refuses(self, status, method, path, body=None):
        """The problem of an API call that has to fail with `status`."""
        try:
            answer = await self.api(method, path, body)
        except ApiError as error:
            self.assertEqual(error.status, status, f"{method} {path}: {error}")
            return error.problem
        raise AssertionError(f"{method} {path} was answered {answer}, not {status}")

    async def person(self, name="Alice", **options):
        """A new extension; gives its number."""
        type(self).next_number += 1
        number = str(self.next_number)
        await in_thread(lambda: self.world.extension(number, name, **options))
        return number

    async def a_desk(self, vendor="yealink", site=LOCAL, phone=None, **body):
        """A registered idle desk: its phone, which knows the desk's `id`."""
        phone = phone or self.world.phone(vendor, site)
        made = await story.new_hot_desk(self.world, phone, **body)
        phone.desk_id = made["id"]
        return phone

    async def a_phone(self, number, vendor="yealink", site=LOCAL, **options):
        phone = self.world.phone(vendor, site, **options)
        await story.own_phone(self.world, phone, number)
        return phone

    async def a_person_at_a_desk(self, name="Alice", vendor="yealink", site=LOCAL, **options):
        number = await self.person(name, **options)
        phone = await self.a_desk(vendor, site)
        await story.log_in(self.world, phone, number)
        phone.number = number
        return phone

    def say(self, text):
        print(f"    {text}", flush=True)


def main():
    unittest.main(verbosity=2)

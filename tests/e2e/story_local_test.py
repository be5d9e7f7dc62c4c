#!/usr/bin/python3
"""The story of a hot desk with the phone beside the core."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from story import the_story  # noqa: E402


class LocalStory(case.LoopbackCase):
    own_world = True

    async def test_a_phone_beside_the_core_becomes_anybodys_desk(self):
        await the_story(self.world, "local")


if __name__ == "__main__":
    case.main()

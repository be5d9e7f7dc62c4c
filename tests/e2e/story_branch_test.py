#!/usr/bin/python3
"""The story of a hot desk with the phone at a branch; what behind an SBC is more than that."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import Api, in_thread  # noqa: E402
from story import both_hear, connect, the_story  # noqa: E402


class BranchStory(case.LoopbackCase):
    own_world = True
    branches = ("branch-1",)

    async def test_a_phone_at_a_branch_becomes_anybodys_desk(self):
        phone, _ = await the_story(self.world, "branch-1")
        face = self.world.faces["branch-1"]
        peers = {peer[0] for way, _, peer in phone.trace if peer[0] != "224.0.1.75"}
        self.assertEqual(peers, {face}, "the phone spoke SIP with somebody else than its SBC")
        sources = {s[0] for c in phone.calls for s in c.audio.sources}
        self.assertEqual(sources, {face}, "the phone heard somebody else than its SBC")
        self.assertTrue(phone.url.startswith(f"http://{face}:"), phone.url)

    async def test_the_sbc_relays_provisioning_and_nothing_else(self):
        lan = Api(self.world.faces["branch-1"])
        for path in ("/api/v1/openapi.json", "/", "/healthz", "/metrics", "/provision/../api/v1/phones"):
            status, _, _ = await in_thread(lan.request, "GET", path)
            self.assertEqual(status, 404, path)

    async def test_media_between_two_phones_of_a_site_stays_there(self):
        first = await self.a_person_at_a_desk("Alice", site="branch-1")
        second = await self.a_person_at_a_desk("Bob", site="branch-1")
        ours, theirs = await connect(first, second, second.number)
        await both_hear(ours, theirs)
        calls = await self.api("GET", "/calls")
        self.assertEqual([c["media"] for c in calls], ["site"], calls)
        voice = await self.api("GET", f"/calls/{calls[0]['id']}/media")
        self.assertEqual((voice["media"], [p["heard"] for p in voice["parties"]]), ("site", [None, None]), "the core hears none of it")
        await theirs.hang_up()
        await ours.until("over")


if __name__ == "__main__":
    case.main()

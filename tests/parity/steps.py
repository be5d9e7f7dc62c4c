"""Steps of which the day's chapters are made."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from story import both_hear, lamp, rings  # noqa: E402


async def quiet(*phones):
    """Until nothing was said for a while (a lamp's pace lets two a second through)."""
    def count():
        return sum(len(p.trace) for p in phones)
    before = -1
    while before != count():
        before = count()
        await asyncio.sleep(0.6)


async def connect(caller, callee, number, *watchers):
    """As story.connect, but each step only after the lamps have said the one before: they tell the last of several."""
    ours = await caller.dial(number)
    theirs = await rings(callee)
    await quiet(caller, callee, *watchers)
    theirs.answer()
    await ours.until("up")
    await quiet(caller, callee, *watchers)
    return ours, theirs


async def end(phone, by, other):
    """`by` hangs up."""
    await by.hang_up()
    await other.until("over")
    await lamp(phone, "102", "idle")
    await quiet(phone)


async def still_both_hear(a, b):
    a.audio.heard.clear()
    b.audio.heard.clear()
    await both_hear(a, b)


async def transferred(phone):
    """The phone that said REFER learns how it went."""
    await phone.until(lambda: any(w == "refer" and " 200" in d for w, d in phone.seen), 15, "the transfer's result")
    phone.seen[:] = [(w, d) for w, d in phone.seen if w != "refer"]

"""Steps of which the day's chapters are made."""
import asyncio
import dataclasses
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from story import both_hear, lamp, rings  # noqa: E402


@dataclasses.dataclass(frozen=True)
class Cast:
    """Who takes part in a phone's day, by their numbers. Several casts play in one world without hearing of each other."""
    vendor: str
    number: int = 1

    def of_house(self, last):
        return f"{self.number}0{last}"

    alice = property(lambda self: self.of_house(1))
    bob = property(lambda self: self.of_house(2))
    cleo = property(lambda self: self.of_house(3))
    nobody = property(lambda self: f"{self.number}99")
    # Outside: the trunk, what it is known by there, the digit for its line, and what is dialled behind that.
    trunk = property(lambda self: f"provider-{self.number}")
    account = property(lambda self: f"493012345{self.number}0")
    line = property(lambda self: str((0, 7, 8)[self.number - 1]))
    alice_outside = property(lambda self: f"+493012345{self.number}1")
    callback = property(lambda self: f"+493055500{self.number}")
    house = property(lambda self: f"house-{self.number}")
    somebody = property(lambda self: self.line + "030987654")
    expensive = property(lambda self: self.line + "0900123456")     # that nobody may call unless he is allowed to


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


async def end(cast, phone, by, other):
    """`by` hangs up."""
    await by.hang_up()
    await other.until("over")
    await lamp(phone, cast.bob, "idle")
    await quiet(phone)


async def still_both_hear(a, b):
    a.audio.heard.clear()
    b.audio.heard.clear()
    await both_hear(a, b)


async def transferred(phone):
    """The phone that said REFER learns how it went."""
    await phone.until(lambda: any(w == "refer" and " 200" in d for w, d in phone.seen), 15, "the transfer's result")
    phone.seen[:] = [(w, d) for w, d in phone.seen if w != "refer"]

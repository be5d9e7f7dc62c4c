"""A phone's day: out of the box, assigned, lent to a person, calls, lamps, lost to another desk, taken away by an administrator."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import in_thread  # noqa: E402
from story import (both_hear, dial_code, hears_something, idle_again, lamp, log_in, log_out, new_hot_desk,  # noqa: E402
                   off, own_phone, refused, rings)

MAC = {"yealink": "0015655a0001", "snom": "0004135a0001", "fanvil": "0c383e5a0001", "grandstream": "c074ad5a0001"}


async def quiet(*phones):
    """Until nothing was said for half a second: the next thing then begins at the same point of both days."""
    def count():
        return sum(len(p.trace) for p in phones)
    before = -1
    while before != count():
        before = count()
        await asyncio.sleep(0.5)


async def connect(caller, callee, number, *watchers):
    """As story.connect, but each step only after the lamps have said the one before: they tell the last of several."""
    ours = await caller.dial(number)
    theirs = await rings(callee)
    await quiet(caller, callee, *watchers)
    theirs.answer()
    await ours.until("up")
    await quiet(caller, callee, *watchers)
    return ours, theirs


async def talk(caller, callee, number):
    ours, theirs = await connect(caller, callee, number)
    await both_hear(ours, theirs)
    await ours.hang_up()
    await theirs.until("over")


async def day(world, vendor, site):
    """Plays it with the phone at `site`; everybody else is beside the core. Gives the phone."""
    await in_thread(lambda: world.extension("101", "Alice", keys=[{"type": "blf", "value": "102", "label": "Bob"}]))
    await in_thread(lambda: world.extension("102", "Bob", hot_desking=False))
    await in_thread(lambda: world.extension("103", "Cleo", hot_desking=False))
    bob, cleo = world.phone("yealink"), world.phone("snom")
    await own_phone(world, bob, "102")
    await own_phone(world, cleo, "103")
    phone = world.phone(vendor, site, mac=MAC[vendor])
    await new_hot_desk(world, phone)
    await quiet(phone)

    # Nobody's.
    assert await refused(phone, "102") == 403
    call = await phone.dial("112")
    await hears_something(phone, call)
    await call.until("over", timeout=30)
    assert call.status == 503
    await quiet(phone)

    # Alice's, after a slip.
    call = await dial_code(phone, "*77*101*")
    await hears_something(phone, call)
    await call.press("0001#")
    await asyncio.sleep(0.5)
    await call.hang_up()
    await quiet(phone)
    await log_in(world, phone, "101")
    await lamp(phone, "102", "idle")
    await quiet(phone)

    # Calls out and in, held, refused, given up.
    await talk(phone, bob, "102")
    await lamp(phone, "102", "idle")
    await quiet(phone)
    ours, theirs = await connect(bob, phone, "101")
    await both_hear(ours, theirs)
    for call, on, method in ((theirs, True, "INVITE"), (theirs, False, "INVITE"), (ours, True, "INVITE"), (ours, False, "UPDATE")):
        status = await call.hold(on, method)
        assert status == 200, (on, method, status)
        await quiet(phone, bob)           # else the two may cross, and 491 would be right
    await ours.hang_up()
    await theirs.until("over")
    await lamp(phone, "102", "idle")
    await quiet(phone)
    call = await cleo.dial("101")
    theirs = await rings(phone)
    await quiet(phone)
    await theirs.hang_up()
    await call.until("over")
    await quiet(phone)
    call = await cleo.dial("101")
    theirs = await rings(phone)
    await call.until("ringing")
    await quiet(phone)
    await call.hang_up()
    await theirs.until("over")
    await quiet(phone)

    # Other people's calls light the lamp.
    ours, theirs = await connect(cleo, bob, "102", phone)
    await lamp(phone, "102", "busy")
    await quiet(phone)
    await ours.hang_up()
    await theirs.until("over")
    await lamp(phone, "102", "idle")
    await quiet(phone)

    # A transfer.
    ours, theirs = await connect(bob, phone, "101")
    assert await theirs.refer("103") == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await phone.until(lambda: any(w == "refer" and " 200" in d for w, d in phone.seen), 5, "the transfer's result")
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone)
    await both_hear(ours, third)
    await ours.hang_up()
    await third.until("over")
    await lamp(phone, "102", "idle")
    await quiet(phone)

    # Alice goes to another desk, comes back, and is logged out by an administrator in the middle of a call.
    other = world.phone("yealink")
    await new_hot_desk(world, other)
    await log_in(world, other, "101")
    await idle_again(world, phone)
    await quiet(phone)
    await log_in(world, phone, "101")
    await quiet(phone)
    ours, theirs = await connect(bob, phone, "101")
    await in_thread(world.api.delete, f"/hot-desks/{phone.mac}/session")
    await both_hear(ours, theirs)
    await ours.hang_up()
    await theirs.until("over")
    await idle_again(world, phone)
    await quiet(phone)

    # The evening.
    await log_in(world, phone, "101")
    await log_out(world, phone, code=phone.key(1))
    await quiet(phone)
    await off(phone, bob, cleo, other)
    return phone

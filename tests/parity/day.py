"""A phone's day: out of the box, assigned, lent to a person, calls, lamps, lost to another desk, taken away by an administrator.
Every step begins where the one before has been told to everybody, so that the order of messages is the script's."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import in_thread  # noqa: E402
from steps import connect, end, quiet, still_both_hear, transferred  # noqa: E402
from story import (both_hear, dial_code, hears_something, idle_again, lamp, log_in, log_out, new_hot_desk,  # noqa: E402
                   off, own_phone, refused, rings)
import beyond  # noqa: E402

MAC = {"yealink": "0015655a0001", "snom": "0004135a0001", "fanvil": "0c383e5a0001", "grandstream": "c074ad5a0001"}


async def nobodys(phone):
    """An idle desk's rights."""
    assert await refused(phone, "102") == 403
    call = await phone.dial("112")
    await hears_something(phone, call)
    await call.until("over", timeout=30)
    assert call.status == 503
    await quiet(phone)
    await phone.refresh()
    await quiet(phone)


async def login(world, phone):
    """Alice's, after a slip. Her lamp for Bob and her mailbox are told."""
    call = await dial_code(phone, "*77*101*")
    await hears_something(phone, call)
    await call.press("0001#")
    await asyncio.sleep(0.5)
    await call.hang_up()
    await quiet(phone)
    await log_in(world, phone, "101")
    await lamp(phone, "102", "idle")
    await quiet(phone)
    # As a phone does whose owner switched it on: her own mailbox, and somebody else's.
    for number in ("101", "103"):
        phone.subscribe(number, "message-summary", "application/simple-message-summary")
        await quiet(phone)
    answers = [d for w, d in phone.seen if w == "subscribe" and d[1] == "message-summary"]
    assert [a[2] // 100 for a in answers] == [2, 4] and phone.mailbox == "no", (answers, phone.mailbox)
    phone.subscriptions = {k: s for k, s in phone.subscriptions.items() if s["target"] != "103"}
    await phone.refresh()
    await quiet(phone)


async def calls(phone, bob, cleo):
    """Out and in, ended by either, held by either, refused, given up, to nobody."""
    ours, theirs = await connect(phone, bob, "102")
    await both_hear(ours, theirs)
    await end(phone, ours, theirs)
    ours, theirs = await connect(phone, bob, "102")
    await end(phone, theirs, ours)
    ours, theirs = await connect(bob, phone, "101")
    await both_hear(ours, theirs)
    for call, on, method in ((theirs, True, "INVITE"), (theirs, False, "INVITE"), (ours, True, "INVITE"), (ours, False, "UPDATE"),
                             (theirs, True, "UPDATE"), (theirs, False, "UPDATE")):
        status = await call.hold(on, method)
        assert status == 200, (on, method, status)
        await quiet(phone, bob)           # else the two may cross, and 491 would be right
    await still_both_hear(ours, theirs)
    await end(phone, ours, theirs)
    ours, theirs = await connect(bob, phone, "101")
    await end(phone, theirs, ours)
    await phone.refresh()
    # In: refused, given up.
    for caller_gives_up in (False, True):
        call = await cleo.dial("101")
        theirs = await rings(phone)
        await call.until("ringing")
        await quiet(phone)
        await (call if caller_gives_up else theirs).hang_up()
        await (theirs if caller_gives_up else call).until("over")
        await quiet(phone)
    # Out: refused, given up, nobody.
    for caller_gives_up in (False, True):
        call = await phone.dial("103")
        theirs = await rings(cleo)
        await call.until("ringing")
        await quiet(phone)
        await (call if caller_gives_up else theirs).hang_up()
        await (theirs if caller_gives_up else call).until("over")
        await quiet(phone)
    assert await refused(phone, "199") == 404
    await phone.refresh()
    await quiet(phone)


async def lamps(phone, bob, cleo):
    """Other people's calls light the lamp: it flashes, is on, and is held."""
    call = await cleo.dial("102")
    theirs = await rings(bob)
    await lamp(phone, "102", "ringing")
    await quiet(phone)
    theirs.answer()
    await call.until("up")
    await lamp(phone, "102", "busy")
    await quiet(phone)
    assert await theirs.hold() == 200
    await lamp(phone, "102", "held")
    await quiet(phone)
    assert await theirs.hold(False) == 200
    await lamp(phone, "102", "busy")
    await quiet(phone)
    await end(phone, call, theirs)


async def transfers(phone, bob, cleo):
    """The phone transfers blind and after asking; is transferred; is transferred to."""
    ours, theirs = await connect(bob, phone, "101")
    assert await theirs.refer("103") == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await transferred(phone)
    await quiet(phone)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone)
    await still_both_hear(ours, third)
    await end(phone, ours, third)

    ours, theirs = await connect(bob, phone, "101")
    assert await theirs.hold() == 200
    await quiet(phone)
    asking, third = await connect(phone, cleo, "103")
    assert await theirs.refer("103", replaces=asking) == 202
    await transferred(phone)
    await quiet(phone, cleo)
    for call in (theirs, asking):
        if call.state == "up":
            await call.hang_up()
            await quiet(phone)
    await still_both_hear(ours, third)
    await end(phone, ours, third)
    await phone.refresh()

    ours, theirs = await connect(phone, bob, "102")
    assert await theirs.refer("103") == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await transferred(bob)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone, cleo)
    await still_both_hear(ours, third)
    await end(phone, ours, third)

    ours, theirs = await connect(cleo, bob, "102")
    assert await theirs.refer("101") == 202
    third = await rings(phone)
    await quiet(phone, cleo)
    third.answer()
    await transferred(bob)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone, cleo)
    await still_both_hear(ours, third)
    await end(phone, ours, third)
    await phone.refresh()
    await quiet(phone)


async def roaming(world, phone, bob):
    """Alice goes to another desk, comes back, and is logged out by an administrator in the middle of a call. Gives the other desk."""
    other = world.phone("yealink")
    await new_hot_desk(world, other)
    await log_in(world, other, "101")
    await idle_again(world, phone)
    await quiet(phone)
    await log_in(world, phone, "101")
    await quiet(phone)
    ours, theirs = await connect(bob, phone, "101")
    await in_thread(world.api.delete, f"/hot-desks/{phone.mac}/session")
    await still_both_hear(ours, theirs)
    await ours.hang_up()
    await theirs.until("over")
    await idle_again(world, phone)
    await quiet(phone)
    return other


async def day(world, vendor, site):
    """Plays it with the phone at `site`; everybody else is beside the core. Gives the phone."""
    await in_thread(lambda: world.extension("101", "Alice", keys=[{"type": "blf", "value": "102", "label": "Bob"}], outside_number=beyond.ALICE))
    await in_thread(lambda: world.extension("102", "Bob", hot_desking=False))
    await in_thread(lambda: world.extension("103", "Cleo", hot_desking=False))
    await beyond.place(world)
    bob, cleo = world.phone("yealink"), world.phone("snom")
    await own_phone(world, bob, "102")
    await own_phone(world, cleo, "103")
    # Its clock is the script's: how often a phone registers anew must not depend on how fast the machine is.
    phone = world.phone(vendor, site, mac=MAC[vendor], refreshes=False)
    await new_hot_desk(world, phone)
    await quiet(phone)
    await nobodys(phone)
    provider = await beyond.line(world)
    try:
        await beyond.help_from_an_idle_desk(provider, phone)
        await login(world, phone)
        await calls(phone, bob, cleo)
        await beyond.calls(provider, phone)
        await beyond.transfers(provider, phone, bob, cleo)
        await lamps(phone, bob, cleo)
        await transfers(phone, bob, cleo)
        other = await roaming(world, phone, bob)
        # The evening.
        await log_in(world, phone, "101")
        await log_out(world, phone, code=phone.key(1))
        await quiet(phone)
        await off(phone, bob, cleo, other)
    finally:
        await provider.close()
    assert not (faults := [seen for seen in provider.seen if seen[0] == "fault"]), faults
    return phone

"""A phone's day: out of the box, assigned, lent to a person, calls, lamps, lost to another desk, taken away by an administrator.
Every step begins where the one before has been told to everybody, so that the order of messages is the script's."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import in_thread  # noqa: E402
from steps import connect, end, quiet, still_both_hear, transferred  # noqa: E402
from story import (both_hear, dial_code, hears_something, idle_again, lamp, log_in, log_out, new_hot_desk,  # noqa: E402
                   no_faults, off, own_phone, refused, rings)
import beyond  # noqa: E402

MAC = {"yealink": "0015655a0001", "snom": "0004135a0001", "fanvil": "0c383e5a0001", "grandstream": "c074ad5a0001",
       "htek": "001fc15a0001", "cisco": "00562b5a0001", "poly": "64167f5a0001"}


async def nobodys(cast, phone):
    """An idle desk's rights."""
    assert await refused(phone, cast.bob) == 403
    call = await phone.dial("112")
    await hears_something(phone, call)
    await call.until("over", timeout=30)
    assert call.status == 503
    await quiet(phone)
    await phone.refresh()
    await quiet(phone)


async def login(world, cast, phone):
    """Alice's, after a slip. Her lamp for Bob and her mailbox are told."""
    call = await dial_code(phone, f"*77*{cast.alice}*")
    await hears_something(phone, call)
    await call.press("0001#")
    await asyncio.sleep(0.5)
    await call.hang_up()
    await quiet(phone)
    await log_in(world, phone, cast.alice)
    await lamp(phone, cast.bob, "idle")
    await quiet(phone)
    # As a phone does whose owner switched it on: her own mailbox, and somebody else's.
    for number in (cast.alice, cast.cleo):
        phone.subscribe(number, "message-summary", "application/simple-message-summary")
        await quiet(phone)
    answers = [d for w, d in phone.seen if w == "subscribe" and d[1] == "message-summary"]
    assert [a[2] // 100 for a in answers] == [2, 4] and phone.mailbox == "no", (answers, phone.mailbox)
    phone.subscriptions = {k: s for k, s in phone.subscriptions.items() if s["target"] != cast.cleo}
    await phone.refresh()
    await quiet(phone)


async def calls(cast, phone, bob, cleo):
    """Out and in, ended by either, held by either, refused, given up, to nobody."""
    ours, theirs = await connect(phone, bob, cast.bob)
    await both_hear(ours, theirs)
    await end(cast, phone, ours, theirs)
    ours, theirs = await connect(phone, bob, cast.bob)
    await end(cast, phone, theirs, ours)
    ours, theirs = await connect(bob, phone, cast.alice)
    await both_hear(ours, theirs)
    for call, on, method in ((theirs, True, "INVITE"), (theirs, False, "INVITE"), (ours, True, "INVITE"), (ours, False, "UPDATE"),
                             (theirs, True, "UPDATE"), (theirs, False, "UPDATE")):
        status = await call.hold(on, method)
        assert status == 200, (on, method, status)
        await quiet(phone, bob)           # else the two may cross, and 491 would be right
    await still_both_hear(ours, theirs)
    await end(cast, phone, ours, theirs)
    ours, theirs = await connect(bob, phone, cast.alice)
    await end(cast, phone, theirs, ours)
    await phone.refresh()
    # In: refused, given up.
    for caller_gives_up in (False, True):
        call = await cleo.dial(cast.alice)
        theirs = await rings(phone)
        await call.until("ringing")
        await quiet(phone)
        await (call if caller_gives_up else theirs).hang_up()
        await (theirs if caller_gives_up else call).until("over")
        await quiet(phone)
    # Out: refused, given up, nobody.
    for caller_gives_up in (False, True):
        call = await phone.dial(cast.cleo)
        theirs = await rings(cleo)
        await call.until("ringing")
        await quiet(phone)
        await (call if caller_gives_up else theirs).hang_up()
        await (theirs if caller_gives_up else call).until("over")
        await quiet(phone)
    assert await refused(phone, cast.nobody) == 404
    await phone.refresh()
    await quiet(phone)


async def lamps(cast, phone, bob, cleo):
    """Other people's calls light the lamp: it flashes, is on, and is held."""
    call = await cleo.dial(cast.bob)
    theirs = await rings(bob)
    await lamp(phone, cast.bob, "ringing")
    await quiet(phone)
    theirs.answer()
    await call.until("up")
    await lamp(phone, cast.bob, "busy")
    await quiet(phone)
    assert await theirs.hold() == 200
    await lamp(phone, cast.bob, "held")
    await quiet(phone)
    assert await theirs.hold(False) == 200
    await lamp(phone, cast.bob, "busy")
    await quiet(phone)
    await end(cast, phone, call, theirs)


async def transfers(cast, phone, bob, cleo):
    """The phone transfers blind and after asking; is transferred; is transferred to."""
    ours, theirs = await connect(bob, phone, cast.alice)
    assert await theirs.refer(cast.cleo) == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await transferred(phone)
    await quiet(phone)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone)
    await still_both_hear(ours, third)
    await end(cast, phone, ours, third)

    ours, theirs = await connect(bob, phone, cast.alice)
    assert await theirs.hold() == 200
    await quiet(phone)
    asking, third = await connect(phone, cleo, cast.cleo)
    assert await theirs.refer(cast.cleo, replaces=asking) == 202
    await transferred(phone)
    await quiet(phone, cleo)
    for call in (theirs, asking):
        if call.state == "up":
            await call.hang_up()
            await quiet(phone)
    await still_both_hear(ours, third)
    await end(cast, phone, ours, third)
    await phone.refresh()

    ours, theirs = await connect(phone, bob, cast.bob)
    assert await theirs.refer(cast.cleo) == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await transferred(bob)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone, cleo)
    await still_both_hear(ours, third)
    await end(cast, phone, ours, third)

    ours, theirs = await connect(cleo, bob, cast.bob)
    assert await theirs.refer(cast.alice) == 202
    third = await rings(phone)
    await quiet(phone, cleo)
    third.answer()
    await transferred(bob)
    if theirs.state == "up":
        await theirs.hang_up()
    await quiet(phone, cleo)
    await still_both_hear(ours, third)
    await end(cast, phone, ours, third)
    await phone.refresh()
    await quiet(phone)


async def roaming(world, cast, phone, bob):
    """Alice goes to another desk, comes back, and is logged out by an administrator in the middle of a call. Gives the other desk."""
    other = world.phone("yealink")
    await new_hot_desk(world, other)
    await log_in(world, other, cast.alice)
    await idle_again(world, phone)
    await quiet(phone)
    await log_in(world, phone, cast.alice)
    await quiet(phone)
    ours, theirs = await connect(bob, phone, cast.alice)
    await in_thread(world.api.delete, f"/hot-desks/{phone.mac}/session")
    await still_both_hear(ours, theirs)
    await ours.hang_up()
    await theirs.until("over")
    await idle_again(world, phone)
    await quiet(phone)
    return other


async def begin(world, cast, site):
    """Everybody is there, the phone has its desk. Gives the phone, which is at `site`, and the others, who are all beside the core."""
    await in_thread(lambda: world.extension(cast.alice, "Alice", keys=[{"type": "blf", "value": cast.bob, "label": "Bob"}],
                                            outside_number=cast.alice_outside))
    await in_thread(lambda: world.extension(cast.bob, "Bob", hot_desking=False))
    await in_thread(lambda: world.extension(cast.cleo, "Cleo", hot_desking=False))
    await beyond.place(world, cast)
    bob, cleo = world.phone("yealink"), world.phone("snom")
    await own_phone(world, bob, cast.bob)
    await own_phone(world, cleo, cast.cleo)
    # Its clock is the script's: how often a phone registers anew must not depend on how fast the machine is.
    phone = world.phone(cast.vendor, site, mac=MAC[cast.vendor], refreshes=False)
    await new_hot_desk(world, phone, emergency_location=cast.house)
    return phone, bob, cleo


async def day(world, cast, phone, bob, cleo):
    """Plays it from where begin() has left them."""
    await quiet(phone)
    await nobodys(cast, phone)
    provider = await beyond.line(world, cast)
    try:
        await beyond.help_from_an_idle_desk(cast, provider, phone)
        await login(world, cast, phone)
        await calls(cast, phone, bob, cleo)
        await beyond.calls(cast, provider, phone)
        await beyond.transfers(cast, provider, phone, bob, cleo)
        await lamps(cast, phone, bob, cleo)
        await transfers(cast, phone, bob, cleo)
        other = await roaming(world, cast, phone, bob)
        # The evening.
        await log_in(world, phone, cast.alice)
        await log_out(world, phone, code=phone.key(1))
        await quiet(phone)
        await off(phone, bob, cleo, other)
    finally:
        await provider.close()
    assert not (faults := [seen for seen in provider.seen if seen[0] == "fault"]), faults
    no_faults(phone)

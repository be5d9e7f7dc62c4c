"""The chapters of the day in which somebody outside takes part: a provider beside the core, reached by a trunk there."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import in_thread  # noqa: E402
from outside import SECRET, a_provider, a_trunk, numbers, trunk_is  # noqa: E402
from steps import end, quiet, still_both_hear, transferred  # noqa: E402
from story import both_hear, hears_something, rings  # noqa: E402

STRANGER = "+49401234567"


async def place(world, cast):
    """Where the phone is. Help can't be called from there yet."""
    await in_thread(world.api.post, "/locations", {"name": cast.house, "address": {"country": "DE", "a3": "Berlin"}, "callbacks": [cast.callback]})


async def line(world, cast):
    """The provider; from now on calls go out and come in, and help can be called."""
    provider = await a_provider(world, last=9 + cast.number, accounts={cast.account: SECRET})
    await a_trunk(world, provider, name=cast.trunk, user=cast.account, main_number=f"+{cast.account}", geolocation=True)
    await provider.registered(cast.account)
    await trunk_is(world, "registered", cast.trunk)
    await numbers(world, cast.alice, cast.alice_outside, [cast.trunk], f"{cast.line}.", f"outside-{cast.number}")
    await in_thread(world.api.patch, f"/locations/{cast.house}", {"trunks": [cast.trunk]})
    return provider


async def out(provider, phone, number):
    """(the phone's call, the provider's), both up."""
    ours = await phone.dial(number)
    theirs = await provider.rings()
    await theirs.progress(180)
    await ours.until("ringing")
    await quiet(phone)
    await theirs.answer()
    await ours.until("up")
    await quiet(phone)
    return ours, theirs


async def comes_in(cast, provider, phone, number=None):
    """(the phone's call, which rings, the provider's)"""
    theirs = await provider.call(number or cast.alice_outside, account=cast.account, caller=STRANGER, name="Hamburg")
    ours = await rings(phone)
    await theirs.until("ringing")
    await quiet(phone)
    return ours, theirs


async def taken(cast, provider, phone, number=None):
    ours, theirs = await comes_in(cast, provider, phone, number)
    ours.answer()
    await theirs.until("up")
    await quiet(phone)
    return ours, theirs


async def over(phone, by, other):
    """`by` hangs up; no lamp tells of it."""
    await by.hang_up()
    await other.until("over")
    await quiet(phone)


async def help_from_an_idle_desk(cast, provider, phone):
    """112, and help that calls back."""
    ours, theirs = await out(provider, phone, "112")
    assert theirs.invite["geolocation"] and cast.callback in theirs.invite["from"], theirs.invite
    await both_hear(ours, theirs)
    await over(phone, ours, theirs)
    ours, theirs = await taken(cast, provider, phone, cast.callback)
    await still_both_hear(ours, theirs)
    await over(phone, theirs, ours)


async def calls(cast, provider, phone):
    """Out and in: early media, digits, held by either, given up, busy, and a number that Alice may not call."""
    ours = await phone.dial(cast.somebody)
    theirs = await provider.rings()
    theirs.audio.frequency = 425
    await theirs.progress(183, media=True)
    await phone.until(lambda: ours.audio.hears(425), 10, "the ringing tone that the provider plays")
    await quiet(phone)
    await theirs.answer()
    await ours.until("up")
    await quiet(phone)
    await both_hear(ours, theirs)
    await ours.press("5")
    await provider.until(lambda: theirs.audio.digits == ["5"], 10, lambda: f"the digit 5; {theirs.audio.digits}")
    theirs.audio.press("8")
    await phone.until(lambda: ours.audio.digits == ["8"], 10, lambda: f"the digit 8; {ours.audio.digits}")
    for side, method, on in (("ours", "INVITE", True), ("ours", "INVITE", False), ("theirs", "INVITE", True), ("theirs", "UPDATE", False),
                             ("ours", "UPDATE", True), ("ours", "UPDATE", False)):
        if side == "ours":
            status = await ours.hold(on, method)
        else:
            status = await (theirs.re_invite if method == "INVITE" else theirs.update)("sendonly" if on else "sendrecv")
        assert status == 200, (side, method, on, status)
        await quiet(phone)
    await still_both_hear(ours, theirs)
    await over(phone, ours, theirs)

    ours, theirs = await taken(cast, provider, phone)
    assert ours.caller[0] == "Hamburg" and "401234567" in ours.caller[1], ours.caller
    await both_hear(ours, theirs)
    await over(phone, theirs, ours)
    # In: given up while it rings, refused.
    ours, theirs = await comes_in(cast, provider, phone)
    await theirs.cancel()
    await ours.until("over")
    await quiet(phone)
    ours, theirs = await comes_in(cast, provider, phone)
    await over(phone, ours, theirs)
    # Out: given up while it rings, busy there, and refused here.
    ours = await phone.dial(cast.somebody)
    theirs = await provider.rings()
    await theirs.progress(180)
    await ours.until("ringing")
    await over(phone, ours, theirs)
    ours = await phone.dial(cast.somebody)
    (await provider.rings()).refuse(486, "Busy Here")
    await ours.until("over")
    await quiet(phone)
    before = len(provider.received("INVITE"))
    ours = await phone.dial(cast.expensive)
    await hears_something(phone, ours)
    await ours.until("over", timeout=30)
    assert ours.status == 403 and len(provider.received("INVITE")) == before, ours.status
    await quiet(phone)
    await phone.refresh()
    await quiet(phone)


async def transfers(cast, provider, phone, bob, cleo):
    """A call from outside sent to another desk by the phone; Bob's call to the outside sent to the phone."""
    ours, theirs = await taken(cast, provider, phone)
    assert await ours.refer(cast.cleo) == 202
    third = await rings(cleo)
    await quiet(phone, cleo)
    third.answer()
    await transferred(phone)
    await quiet(phone)
    if ours.state == "up":
        await ours.hang_up()
    await quiet(phone)
    await still_both_hear(theirs, third)
    await over(phone, theirs, third)

    bobs, theirs = await out(provider, bob, cast.somebody)
    assert await bobs.refer(cast.alice) == 202
    third = await rings(phone)
    await quiet(phone, bob)
    third.answer()
    await transferred(bob)
    if bobs.state == "up":
        await bobs.hang_up()
    await quiet(phone, bob)
    await still_both_hear(theirs, third)
    await end(cast, phone, third, theirs)

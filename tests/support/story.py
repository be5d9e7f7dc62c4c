"""What people do in every test: set a desk up, log in, call each other. Each step fails with what the phone saw."""
import re
import time

from harness import eventually, in_thread

PIN = "7391"
CODE = "*77*"
LOGOUT = "*77*5*"


async def appears(world, phone, state=None, timeout=10):
    """The phone's entry of GET /phones, as soon as it is there (in `state`)."""
    def entry():
        return next((p for p in world.api.get("/phones") if p["mac"] == phone.mac and state in (None, p["state"])), None)
    return await eventually(entry, timeout, f"{phone.mac} in GET /phones, state {state}")


async def desk(world, phone):
    return await in_thread(world.api.get, f"/hot-desks/{phone.mac}")


async def desk_is(world, phone, timeout=15, **wanted):
    """Waits until GET /hot-desks/{mac} has these values."""
    last = {}

    def so():
        last.update(world.api.get(f"/hot-desks/{phone.mac}"))
        return all(last.get(k) == v for k, v in wanted.items())
    try:
        await eventually(so, timeout)
    except AssertionError:
        raise AssertionError(f"not within {timeout} s: desk {wanted}; it is {last}; phone saw {phone.seen[-8:]}") from None
    return dict(last)


async def led_by_dhcp(world, phone):
    """The phone starts, and is led to its face; there is nothing for it yet, but now it is known."""
    await phone.power_on()
    phone.url = f"http://{world.faces[phone.site]}:5000/provision/"
    await phone.fetch(boot=True)


async def new_hot_desk(world, phone, timeout=30, **body):
    """From an unconfigured phone in its box to a registered idle desk. Gives the desk."""
    await (phone.boot(wait_for_url=False) if phone.vendor.pnp else led_by_dhcp(world, phone))
    await appears(world, phone, "new")
    made = await in_thread(world.api.post, "/hot-desks", world.desk_body(phone, **body))
    await in_thread(world.api.post, f"/phones/{phone.mac}/assign")
    await phone.until(lambda: phone.url, timeout, "the URL by NOTIFY")
    await phone.fetch(boot=True)
    await phone.until(lambda: phone.registered_as == made["id"], timeout, f"registration as {made['id']}")
    return made


async def own_phone(world, phone, number, timeout=30):
    """A person's own phone, told by DHCP option 66 where its configuration is."""
    await led_by_dhcp(world, phone)
    await appears(world, phone)
    await in_thread(world.api.post, f"/phones/{phone.mac}/assign", {"extension": number})
    await phone.fetch(boot=True)
    await phone.until(lambda: phone.registered_as == number, timeout, f"registration as {number}")


async def hears_something(phone, call, timeout=15, level=150):
    """A prompt: any sound at all (silence is below 20). Gives its level."""
    await phone.until(lambda: call.audio.level() > level, timeout, "a prompt")
    return call.audio.level()


async def dial_code(phone, code, timeout=10):
    call = await phone.dial(code)
    await call.until("up", "over", timeout=timeout)
    return call


async def log_in(world, phone, number="101", pin=PIN, how="rfc4733", code=None, terminator="#", settled=True):
    """Gives the seconds from the last digit to the end of the call."""
    call = await dial_code(phone, code or f"{CODE}{number}*")
    assert call.state == "up", f"the login's call was answered {call.status}"
    await hears_something(phone, call)
    await call.press(pin + terminator, how=how)
    began = time.monotonic()
    await call.until("over", timeout=15)
    took = time.monotonic() - began
    if settled:
        await phone.until(lambda: phone.registered_as == number, 20, f"registration as {number}")
        await desk_is(world, phone, state="logged_in", extension=number, settled=True)
    return took


async def log_out(world, phone, code=LOGOUT, settled=True):
    call = await dial_code(phone, code)
    await call.until("over", timeout=15)
    if settled:
        await idle_again(world, phone)


async def idle_again(world, phone, timeout=20):
    await phone.until(lambda: (phone.registered_as or "").startswith("HD"), timeout, "registration as the desk")
    await desk_is(world, phone, state="logged_out", extension=None, settled=True)


async def rings(phone, timeout=15):
    """The call that rings here now."""
    await phone.until(lambda: any(c.state == "ringing" and not c.outgoing for c in phone.calls), timeout, "a ringing call")
    return next(c for c in phone.calls if c.state == "ringing" and not c.outgoing)


async def connect(caller, callee, number, timeout=15):
    """(the caller's call, the callee's), both up."""
    ours = await caller.dial(number)
    try:
        theirs = await rings(callee, timeout)
    except AssertionError as error:
        raise AssertionError(f"{error}; the caller has {ours.state} {ours.status}") from None
    theirs.answer()
    await ours.until("up", timeout=timeout)
    return ours, theirs


async def both_hear(a, b, one=440, other=660, timeout=15):
    """Tones both ways, each heard by the other and not by oneself."""
    a.audio.frequency, b.audio.frequency = one, other
    try:
        await a.phone.until(lambda: a.audio.hears(other) and b.audio.hears(one), timeout, "both tones")
    except AssertionError:
        raise AssertionError(f"no audio: {a.phone.ip} heard {a.audio.packets} packets, {other} Hz: {a.audio.hears(other)}; "
                             f"{b.phone.ip} heard {b.audio.packets} packets, {one} Hz: {b.audio.hears(one)}") from None
    assert not a.audio.hears(one, share=0.1) and not b.audio.hears(other, share=0.1), "somebody hears himself"


async def talk(caller, callee, number, timeout=15):
    """A whole call with audio both ways, ended by the caller."""
    ours, theirs = await connect(caller, callee, number, timeout)
    await both_hear(ours, theirs)
    await ours.hang_up()
    await theirs.until("over", timeout=15)


async def refused(phone, number, timeout=10):
    """The status with which a call is refused."""
    call = await phone.dial(number)
    await call.until("over", timeout=timeout)
    return call.status


async def lamp(phone, number, state, timeout=15):
    await phone.until(lambda: phone.lamps.get(number) == state, timeout, f"lamp {number} {state}; lamps are {phone.lamps}")


async def lamp_names(phone, number, state, timeout=15):
    """The names by which the lamp of `number` calls its dialog, once it is in that state."""
    def found():
        for way, data, _ in reversed(phone.trace):
            text = data.decode("utf-8", "replace")
            if way == "in" and text.startswith("NOTIFY") and f"entity=\"sip:{number}@" in text:
                if f"<state>{state}</state>" not in text:
                    return None
                return {n: re.search(rf'{n}="([^"]*)"', text).group(1) for n in ("call-id", "local-tag", "remote-tag")}
        return None
    return await eventually(found, timeout, f"the lamp of {number}: {state}")


async def off(*phones):
    for phone in phones:
        if phone.on:
            await phone.power_off()


def no_faults(*phones):
    """A phone notes as a fault what a real one would choke on."""
    faults = [(p.mac, d) for p in phones for w, d in p.seen if w in ("fault", "stray-invite", "stray-notify")]
    assert not faults, faults


async def the_story(world, site):
    """Issue 2's own words, for a phone at `site` and one beside the core. Gives both phones, still on."""
    await in_thread(lambda: world.extension("101", "Alice", keys=[{"type": "blf", "value": "102", "label": "Bob"},
                                                                  {"type": "speed_dial", "value": "103", "label": "Cleo"}]))
    await in_thread(lambda: world.extension("102", "Bob", pin="8264", hot_desking=False))
    bob = world.phone("yealink")
    await own_phone(world, bob, "102")
    phone = world.phone("yealink", site)
    made = await new_hot_desk(world, phone)
    assert made["id"] == "HD0001", made
    assert phone.key(1) == CODE, phone.setup.keys[:3]
    assert await refused(bob, "101") == 480
    await log_in(world, phone)
    assert phone.reboots == 0, phone.seen
    assert "101" in phone.setup.label and "Alice" in phone.setup.label + phone.setup.display, phone.setup
    assert [(k.kind, k.value) for k in phone.setup.keys[:4] if k.kind != "line"] == [
        ("speed", LOGOUT), ("blf", "102"), ("speed", "103")], phone.setup.keys[:5]
    await lamp(phone, "102", "idle")
    await talk(bob, phone, "101")
    ours, theirs = await connect(phone, bob, "102")
    assert theirs.caller == ("Alice", "101"), theirs.caller
    await both_hear(ours, theirs)
    await lamp(phone, "102", "busy")
    await theirs.hang_up()
    await ours.until("over")
    await lamp(phone, "102", "idle")
    await log_out(world, phone)
    assert phone.registered_as == "HD0001" and phone.reboots == 0
    assert phone.key(1) == CODE and not any(k.kind == "blf" for k in phone.setup.keys)
    assert await refused(bob, "101") == 480
    return phone, bob


__all__ = [n for n in dir() if not n.startswith("_")] + ["asyncio", "LOCAL", "user_of"]

#!/usr/bin/python3
"""`./run demo outside`: a provider on this machine, a trunk to it, a call out and a call in, step by step. Takes some seconds."""
import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import outside  # noqa: E402
from demo import BOLD, PLAIN, Teller  # noqa: E402
from harness import World, in_thread  # noqa: E402
from outside import ACCOUNT, DOMAIN, NUMBER  # noqa: E402
from story import both_hear, no_faults, off, own_phone, refused, rings  # noqa: E402


async def story(world, tell):
    tell.chapter("1. A core, and two people with a phone each")
    await in_thread(lambda: world.start_core(pnp=False, extra=outside.dns_setting(world)))
    await in_thread(lambda: world.extension("101", "Alice"))
    await in_thread(lambda: world.extension("102", "Bob"))
    alice, bob = world.phone("yealink"), world.phone("snom")
    await own_phone(world, alice, "101")
    await own_phone(world, bob, "102")
    tell.saw(f"pbx-core serves at {world.core_ip}; 101 Alice and 102 Bob are registered")
    status = await refused(alice, "0030987654")
    tell.saw(f"there is no way out yet: Alice's call to 0030987654 is refused ({status})")

    tell.chapter("2. A provider, far away in a made-up Berlin")
    dns = await outside.a_zone(world)
    provider = await outside.a_provider(world)
    dns.naptr(DOMAIN, (10, 0, "SIP+D2U", f"_sip._udp.{DOMAIN}"))
    dns.srv(f"_sip._udp.{DOMAIN}", (10, 0, provider.port, f"sip1.{DOMAIN}")).a(f"sip1.{DOMAIN}", provider.ip)
    tell.saw(f"it serves {DOMAIN} at {provider.ip}:{provider.port}, which only DNS (NAPTR, SRV) tells; our account there is {ACCOUNT}")
    await outside.a_trunk(world)
    tell.saw("POST /trunks: a trunk of that domain, with account and password")
    await provider.registered(ACCOUNT)
    await outside.trunk_is(world, "registered")
    first = provider.received("REGISTER")[-1].message
    tell.saw(f"it found the server, was challenged, answered ({first['authorization'].split(',')[0]}) and is registered")
    await outside.numbers(world, "101")
    tell.saw(f"POST /inbound-numbers: {NUMBER} is Alice's. POST /outbound-rules: 0 and a number goes out by this trunk")

    tell.chapter("3. Alice calls a number in Berlin")
    ours = await alice.dial("0030987654")
    theirs = await provider.rings()
    tell.saw(f"she dials 0030987654; the provider is asked for {theirs.called} by {theirs.caller[1]}")
    theirs.audio.frequency = 425
    await theirs.progress(183, media=True)
    await alice.until(lambda: ours.audio.hears(425), 10, "the provider's ringing tone")
    tell.saw("she hears the ringing tone that the provider plays (425 Hz, early media)")
    await theirs.answer()
    await ours.until("up")
    await both_hear(ours, theirs)
    tell.saw("somebody answers, both hear each other: 440 Hz outside, 660 Hz at Alice's")
    await ours.hang_up()
    await theirs.until("over")
    tell.saw("she hangs up; so does the provider")

    tell.chapter("4. Somebody outside calls Alice, who passes the call on to Bob")
    tell.mark()
    theirs = await provider.call(NUMBER, account=ACCOUNT, caller="+49401234567", name="Hamburg")
    ours = await rings(alice)
    tell.saw(f"{NUMBER} rings at Alice's; her phone shows {ours.caller[0]} {ours.caller[1]}")
    ours.answer()
    await theirs.until("up")
    await both_hear(ours, theirs)
    tell.saw("they talk")
    await ours.refer("102")
    passed = await rings(bob)
    passed.answer()
    await passed.until("up")
    await both_hear(passed, theirs)
    tell.saw("Alice transfers the call; Bob and the caller hear each other, and Alice is free")
    await theirs.hang_up()
    await passed.until("over")
    tell.saw("the caller hangs up")

    tell.chapter("5. Nobody else gets in")
    tell.mark()
    stranger = await outside.a_provider(world, 11)
    call = await stranger.call(NUMBER, address=(world.core_ip, 5060), caller="+49401234567")
    await asyncio.sleep(1)
    assert not [c for c in alice.calls + bob.calls if c.state == "ringing"] and call.state != "up"
    tell.saw(f"a stranger at {stranger.ip} calls the same number: no phone rings" + (f" ({call.status})" if call.status else ""))
    no_faults(alice, bob)
    await off(alice, bob)
    for each in (provider, stranger, dns):
        await each.close()


def main():
    tell = Teller()
    try:
        with World("demo-outside", level="info") as world:
            asyncio.run(asyncio.wait_for(story(world, tell), 110))
    except (AssertionError, asyncio.TimeoutError) as error:
        print(f"\nThe story broke off: {error or type(error).__name__}", file=sys.stderr)
        sys.exit(1)
    print(f"\n{BOLD}Out and in, in {time.monotonic() - tell.began:.0f} s.{PLAIN} docs/trunks.md is the same with your own provider.")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""`./run demo`: a phone at a branch becomes anybody's desk, through real sockets, step by step. Takes about half a minute."""
import asyncio
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PASSWORD, World, in_thread  # noqa: E402
from story import (PIN, appears, both_hear, desk_is, hears_something, idle_again, lamp, log_in, no_faults, off, own_phone, refused,  # noqa: E402
                   rings)

BOLD, GREEN, DIM, PLAIN = ("\033[1m", "\033[32m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "", "")


class Teller:
    """Prints each step with the time that it took."""

    def __init__(self):
        self.began = self.last = time.monotonic()

    def chapter(self, text):
        print(f"\n{BOLD}{text}{PLAIN}", flush=True)

    def saw(self, text):
        now = time.monotonic()
        print(f"  {GREEN}✓{PLAIN} {text} {DIM}({(now - self.last) * 1000:.0f} ms){PLAIN}", flush=True)
        self.last = now

    def mark(self):
        self.last = time.monotonic()


def keys_of(phone):
    return ", ".join(f"[{k.label or k.value or k.kind}]" for k in phone.setup.keys if k.kind != "none")


# Until Ctrl-C, with its phones and who sits there: something to look at in the console.
async def stay(world, phone, bob):
    await log_in(world, phone, "101")
    print(f"\n{BOLD}The console: http://{world.core_ip}:5000/{PLAIN}  admin  {PASSWORD}\n"
          f"In a browser on another machine: ssh -L 5000:{world.core_ip}:5000 USER@THIS_MACHINE there, then http://127.0.0.1:5000/\n"
          "Alice sits at the branch, Bob has a phone beside the core. Ctrl-C ends it all.", flush=True)
    ended = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    await ended.wait()
    no_faults(phone, bob)


async def story(world, tell, stays=False):
    tell.chapter("1. A core and, behind a tunnel, a branch")
    await in_thread(lambda: world.start_core(pnp=False))
    tell.saw(f"pbx-core serves at {world.core_ip}")
    sbc = await in_thread(world.start_sbc, "branch-1")
    tell.saw(f"branch-1 is enrolled and connected; the SBC's address on the branch's network is {sbc.lan}")
    await in_thread(lambda: world.extension("101", "Alice", keys=[{"type": "blf", "value": "102", "label": "Bob"},
                                                                  {"type": "speed_dial", "value": "112", "label": "Help"}]))
    await in_thread(lambda: world.extension("102", "Bob", pin="8264", hot_desking=False,
                                            keys=[{"type": "blf", "value": "101", "label": "Alice"}]))
    tell.saw("two people: 101 Alice, who may log in at hot desks, and 102 Bob")

    tell.chapter("2. Bob has a phone of his own, beside the core")
    bob = world.phone("snom", answers="manual")
    await own_phone(world, bob, "102")
    tell.saw(f"a snom {bob.mac} got its configuration (DHCP option 66) and registered as 102")

    tell.chapter("3. A phone at the branch comes out of its box")
    phone = world.phone("yealink", "branch-1")
    await phone.boot(wait_for_url=False)
    found = await appears(world, phone, "new")
    tell.saw(f"the SBC heard its plug-and-play call; the core lists it: {found['vendor']} {found['model']} {found['mac']}, new")
    made = await in_thread(world.api.post, "/hot-desks", world.desk_body(phone))
    await in_thread(world.api.post, f"/phones/{phone.mac}/assign")
    await phone.until(lambda: phone.url, 20, "the URL")
    tell.saw(f"the administrator assigned it to {made['id']}; it was told where its configuration is")
    await phone.fetch(boot=True)
    await phone.until(lambda: phone.registered_as == made["id"], 20, "registration")
    tell.saw(f"it fetched its configuration through the SBC and registered as {made['id']}; keys: {keys_of(phone)}")
    status = await refused(phone, "102")
    assert status == 403, status
    tell.saw(f"nobody is logged in there: a call to 102 is refused ({status})")

    tell.chapter("4. Alice sits down and logs in")
    call = await phone.dial("*77*101*")
    await call.until("up")
    level = await hears_something(phone, call)
    tell.saw(f"she dials *77*101* and hears the prompt (level {level})")
    await call.press(PIN + "#")
    tell.mark()
    await asyncio.sleep(0.1)
    call.audio.heard.clear()
    await hears_something(phone, call)
    tell.saw("she types her PIN and hears that it worked")
    # From that moment on calls to 101 ring here, before the phone has heard anything of it.
    ringing = await bob.dial("101")
    await phone.until(lambda: any(c.state == "ringing" and not c.outgoing for c in phone.calls), 15, "a call to 101 rings")
    tell.saw("from that moment on a call to 101 rings at this desk, while the phone still is HD0001")
    await ringing.until("ringing")
    await ringing.hang_up()
    await call.until("over", timeout=15)
    await phone.until(lambda: phone.registered_as == "101", 20, "registration as 101")
    tell.saw(f"the phone fetched anew, without a reboot ({phone.reboots} reboots), and shows “{phone.setup.label}”; keys: {keys_of(phone)}")
    await phone.until(lambda: phone.idle and bob.idle, 10)
    await desk_is(world, phone, state="logged_in", extension="101", settled=True)
    await lamp(phone, "102", "idle")
    tell.saw("the desk has settled, the lamp of Bob is alive and dark")

    tell.chapter("5. Bob calls 101")
    tell.mark()
    ours = await bob.dial("101")
    theirs = await rings(phone)
    tell.saw(f"it rings at the branch and shows {theirs.caller[0]} {theirs.caller[1]}")
    theirs.answer()
    await ours.until("up")
    await both_hear(ours, theirs)
    tell.saw("both hear each other: 440 Hz arrives at the branch, 660 Hz at the core's side")
    await lamp(phone, "102", "busy")
    await lamp(bob, "101", "busy")
    tell.saw("the lamps of both are lit")
    await ours.hang_up()
    await theirs.until("over")
    await lamp(phone, "102", "idle")
    tell.saw("they hung up, the lamps are dark")

    tell.chapter("6. Alice leaves")
    tell.mark()
    call = await phone.dial(phone.key(1))
    await call.until("over", timeout=15)
    await idle_again(world, phone)
    tell.saw(f"the first key dials {call.target.partition(':')[2].partition('@')[0]}; the desk is nobody's again: {phone.registered_as}, "
             f"keys: {keys_of(phone)}")
    status = await refused(bob, "101")
    assert status == 480, status
    tell.saw(f"a call to 101 finds nobody ({status})")
    no_faults(phone, bob)
    if stays:
        await stay(world, phone, bob)
    await off(phone, bob)


def main():
    tell = Teller()
    stays = "--stay" in sys.argv[1:]
    try:
        with World("demo", level="info") as world:
            asyncio.run(asyncio.wait_for(story(world, tell, stays), None if stays else 110))
    except (AssertionError, asyncio.TimeoutError) as error:
        print(f"\nThe story broke off: {error or type(error).__name__}", file=sys.stderr)
        sys.exit(1)
    print(f"\n{BOLD}That was the whole story, in {time.monotonic() - tell.began:.0f} s.{PLAIN} ./run starts the programs for you to play with; ./run demo --stay leaves this one up, to be looked at in the console.")


if __name__ == "__main__":
    main()

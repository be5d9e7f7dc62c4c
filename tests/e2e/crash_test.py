#!/usr/bin/python3
"""The core is killed (-9) at random points a hundred times while an administrator changes things: nothing that was acknowledged
is missing afterwards, nothing that wasn't is there by halves, no desk is in an impossible state. CRASHES=n for another number,
SEED=n to repeat a run."""
import http.client
import os
import pathlib
import random
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import Api, ApiError, World  # noqa: E402

CRASHES = int(os.environ.get("CRASHES", "100"))
SEED = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
GONE = (OSError, http.client.HTTPException)


class People:
    """Extensions made, renamed and deleted; `known` is what was acknowledged, `open` what the kill left open."""

    def __init__(self, rng):
        self.rng, self.known, self.open, self.next = rng, {}, None, 1000

    def step(self, api):
        what = self.rng.random()
        if what < 0.5 or len(self.known) < 5:
            number, name = str(self.next), f"made {self.next}"
            self.next += 1
            self.open = (number, None, name)
            api.post("/extensions", {"number": number, "name": name, "voicemail_pin": "739182"})
            self.known[number] = name
        else:
            number = self.rng.choice(sorted(self.known))
            if what < 0.85:
                name = f"renamed {self.rng.random():.9f}"
                self.open = (number, self.known[number], name)
                api.patch(f"/extensions/{number}", {"name": name})
                self.known[number] = name
            else:
                self.open = (number, self.known[number], None)
                api.delete(f"/extensions/{number}")
                del self.known[number]
        self.open = None

    def check(self, api, test):
        there = {e["number"]: e["name"] for e in api.get("/extensions") if e["number"] not in Sessions.PEOPLE}
        if self.open:
            number, before, after = self.open
            test.assertIn(there.get(number), (before, after), f"{number} is there by halves")
            if there.get(number) is None:
                self.known.pop(number, None)
            else:
                self.known[number] = there[number]
            self.open = None
        test.assertEqual(there, self.known)


class Sessions:
    """People logged in at desks and out again, one desk each (`move`)."""

    DESKS, PEOPLE = [f"0015650000{n:02x}" for n in range(1, 5)], ["201", "202", "203"]

    def __init__(self, rng):
        self.rng, self.known, self.open = rng, {}, None

    def prepare(self, api):
        for mac in self.DESKS:
            api.post("/hot-desks", {"mac": mac, "vendor": "yealink", "model": "T46S", "provisioning": {"method": "local"}})
        for number in self.PEOPLE:
            api.post("/extensions", {"number": number, "name": number, "voicemail_pin": "739182", "hot_desking": True})

    def step(self, api):
        mac = self.rng.choice(self.DESKS)
        if self.rng.random() < 0.7:
            number = self.rng.choice(self.PEOPLE)
            after = {m: n for m, n in self.known.items() if n != number}
            after[mac] = number
            self.open = after
            api.post(f"/hot-desks/{mac}/session", {"extension": number})
        else:
            self.open = {m: n for m, n in self.known.items() if m != mac}
            if mac not in self.known:
                return self.forget()
            api.delete(f"/hot-desks/{mac}/session")
        self.known = self.open
        self.forget()

    def forget(self):
        self.open = None

    def check(self, api, test):
        desks = api.get("/hot-desks")
        there = {d["mac"]: d["extension"] for d in desks if d["extension"]}
        test.assertEqual(len(set(there.values())), len(there), f"one person at two desks: {there}")
        for desk in desks:
            test.assertEqual(desk["state"] == "logged_in", desk["extension"] is not None, desk)
        if self.open is not None:
            test.assertIn(there, (self.known, self.open), "a login or logout is there by halves")
            self.known = there
            self.forget()
        test.assertEqual(there, self.known)
        for number in self.PEOPLE:
            at = api.get(f"/extensions/{number}")["logged_in_at"]
            test.assertEqual(len(at), sum(n == number for n in there.values()), (number, at, there))


class Crash(unittest.TestCase):
    def test_nothing_acknowledged_is_lost(self):
        print(f"    SEED={SEED} CRASHES={CRASHES}", flush=True)
        rng = random.Random(SEED)
        steps = [0, 0]
        with World("crash", level="info") as world:
            world.start_core(pnp=False)
            workers = [People(random.Random(rng.random())), Sessions(random.Random(rng.random()))]
            workers[1].prepare(world.api)
            for _ in range(CRASHES):
                threads = []
                for n, worker in enumerate(workers):
                    api = Api(world.core_ip)
                    api.token = world.api.token

                    def work(n=n, worker=worker, api=api):
                        try:
                            while True:
                                worker.step(api)
                                steps[n] += 1
                        except GONE:
                            pass
                    threads.append(threading.Thread(target=self.watched, args=(work,)))
                self.errors = []
                for thread in threads:
                    thread.start()
                time.sleep(rng.uniform(0.02, 0.35))
                world.core.stop(signal.SIGKILL)
                for thread in threads:
                    thread.join(30)
                self.assertFalse(self.errors, self.errors)
                world.core.start()
                world.wait_core()
                world.api.log_in()
                for worker in workers:
                    worker.check(world.api, self)
        print(f"    {CRASHES} kills, {steps[0]} changes of people and {steps[1]} of sessions acknowledged, none lost", flush=True)
        self.assertGreater(min(steps), CRASHES, "too little happened between the kills")

    def watched(self, work):
        try:
            work()
        except (ApiError, AssertionError) as error:
            self.errors.append(repr(error))


if __name__ == "__main__":
    unittest.main(verbosity=2)

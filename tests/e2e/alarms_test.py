#!/usr/bin/python3
"""What the core says is wrong, from its source to whom it is told: a signed web hook, /metrics, the API; and over a kill of the core."""
import hashlib
import hmac
import json
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from receivers import WebHook  # noqa: E402

KEY = "0123456789abcdef"


def taken(headers, body, key, had):
    """As docs/alarms.md has it."""
    seconds = headers["roamdesk-timestamp"]
    right = hmac.new(key, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(headers["roamdesk-signature"], "v1=" + right):
        return False
    if abs(time.time() - int(seconds)) > 300:
        return False
    return json.loads(body)["id"] not in had


class Alarms(case.LoopbackCase):
    def metric(self, name):
        text = self.world.metrics_of_core().request("GET", "/metrics")[2].decode()
        return {line.split("{")[1].split("}")[0]: float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + "{")}

    def open(self):
        return [a for a in self.world.api.call("GET", "/alarms") if a["cleared"] is None]

    async def test_are_told_signed_and_outlive_the_core(self):
        hook = WebHook(500, 200)         # what fails is tried again, signed anew
        await self.api("POST", "/alarm-receivers", {"name": "hook", "way": "web_hook", "to": hook.url(), "least": "critical", "signing_key": KEY})
        phone = await self.a_desk()
        call = await phone.dial("112")
        await call.until("ringing", "up", "over", timeout=10)
        alarms = await eventually(self.open, 8)
        self.assertEqual([(a["kind"], a["severity"]) for a in alarms], [("emergency_call", "critical")])
        await eventually(lambda: len(hook.requests) == 2, 8)
        (first, body), (again, same) = hook.requests
        for headers, said in hook.requests:
            self.assertTrue(taken(headers, said, KEY.encode(), set()))
        self.assertEqual((body, first["roamdesk-delivery"]), (same, again["roamdesk-delivery"]))
        self.assertNotEqual(first["roamdesk-timestamp"], again["roamdesk-timestamp"])
        self.assertFalse(taken(first, body + b" ", KEY.encode(), set()), "it was changed on its way")
        self.assertFalse(taken(first, body, b"another key that is long", set()))
        self.assertFalse(taken(again, same, KEY.encode(), {json.loads(body)["id"]}), "it was played again")
        told = json.loads(body)["alarms"][0]
        self.assertEqual((told["turn"], told["kind"], told["id"]), ("raised", "emergency_call", alarms[0]["id"]))
        self.assertIn(phone.desk_id, told["text"])
        await self.api("POST", f"/alarms/{alarms[0]['id']}/acknowledge")
        await in_thread(self.world.restart_core, signal.SIGKILL)
        [alarm] = await in_thread(self.open)
        self.assertEqual((alarm["id"], alarm["acknowledged_by"]), (alarms[0]["id"], "admin"))
        figures = await in_thread(self.metric, "roamdesk_alarms")
        self.assertEqual((len(figures), figures['kind="emergency_call",severity="critical"']), (39, 1), "thirteen kinds of three severities")
        self.assertNotIn(KEY, await in_thread(self.world.core.text))
        hook.close()


if __name__ == "__main__":
    unittest.main()

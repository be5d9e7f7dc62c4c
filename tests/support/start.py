#!/usr/bin/python3
"""`./run`: pbx-core and one SBC on this machine with the example configuration of config/. Their state is kept in
./run-state, so that the next start goes on where this one ended. Ctrl-C ends both."""
import http.client
import os
import pathlib
import re
import signal
import socket
import sys
import time

from harness import Api, ApiError, BUILD, Program, ROOT, wait_for

import subprocess

STATE = pathlib.Path(os.environ.get("ROAMDESK_RUN_STATE", ROOT / "run-state"))
ADMIN_FILE = STATE / "pbx-core" / "initial-admin-password"
NAME = "branch-1"


def example(name, state):
    """The example of config/, with its state here. Nothing else differs."""
    text, count = re.subn(r"^state_dir:.*$", f"state_dir: {state}", (ROOT / "config" / name).read_text(), flags=re.M)
    assert count == 1, f"config/{name} has no state_dir"
    state.mkdir(parents=True, exist_ok=True)
    path = STATE / name
    path.write_text(text)
    return path


def value(path, pattern):
    return re.search(pattern, path.read_text(), re.M).group(1)


def fail(program, what):
    print(f"\n{what}. The end of {program.log}:\n" + "\n".join(program.text().splitlines()[-15:]), file=sys.stderr)
    sys.exit(1)


def refuse_taken(addresses):
    """Another instance's answers would be taken for those of the one that can't start beside it."""
    for host, port in addresses:
        try:
            socket.create_connection((host, int(port)), timeout=2).close()
        except OSError:
            continue
        sys.exit(f"Something listens at {host}:{port} already, perhaps another ./run. End it first.")


def ready(program, host, port, what):
    def so():
        if not program.alive:
            fail(program, f"{what} ended")
        try:
            return Api(host, int(port)).request("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False
    try:
        wait_for(so, 20)
    except AssertionError:
        fail(program, f"{what} isn't ready after 20 s")


def enrol(api, config):
    """Makes this SBC known to the core, where it isn't."""
    try:
        key = api.post("/sbcs", {"name": NAME, "time_zone": "Europe/Berlin"})["enrolment_key"]
    except ApiError as error:
        if error.status != 409:
            raise
        key = api.post(f"/sbcs/{NAME}/enrolment-key")["enrolment_key"]
    done = subprocess.run([str(BUILD / "sbc/sbc"), "enrol", "--config", str(config), "--key-file", "-"], input=key, timeout=60,
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The SBC isn't enrolled: {done.stderr.strip()}")


def main():
    core_config, sbc_config = example("pbx-core.yaml", STATE / "pbx-core"), example("sbc.yaml", STATE / "sbc")
    core = Program("pbx-core/pbx-core", core_config, STATE / "pbx-core.log")
    sbc = Program("sbc/sbc", sbc_config, STATE / "sbc.log")
    for program in (core, sbc):
        program.log.unlink(missing_ok=True)
    host, port = value(core_config, r"^  listen: ([\d.]+):\d+"), value(core_config, r"^  listen: [\d.]+:(\d+)")
    core_metrics, sbc_metrics = (re.search(r"^metrics: ([\d.]+):(\d+)", config.read_text(), re.M).groups() for config in (core_config, sbc_config))
    refuse_taken([(host, port), core_metrics, sbc_metrics])
    lan = value(sbc_config, r"^  address: ([\d.]+)")

    def leave(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, leave)
    try:
        core.start()
        ready(core, *core_metrics, "pbx-core")
        password = os.environ.get("PBX_CORE_ADMIN_PASSWORD") or (ADMIN_FILE.read_text().strip() if ADMIN_FILE.exists() else None)
        if not (STATE / "sbc" / "identity.pem").exists():
            if password is None:
                fail(core, "The SBC isn't enrolled, and the administrator's password isn't known: set PBX_CORE_ADMIN_PASSWORD")
            try:
                enrol(Api(host, int(port)).log_in("admin", password), sbc_config)
            except ApiError as error:
                fail(core, f"The SBC isn't enrolled, and that isn't the administrator's password (set PBX_CORE_ADMIN_PASSWORD): {error}")
        sbc.start()
        ready(sbc, *sbc_metrics, "sbc")
        print(GUIDE.format(console=f"http://{host}:{port}/", api=f"http://{host}:{port}/api/v1", lan=lan, state=STATE, name=NAME, host=host, port=port,
                           password=password or "(the one that you set)"), flush=True)
        while core.alive and sbc.alive:
            time.sleep(0.3)
        fail(sbc if core.alive else core, "sbc ended" if core.alive else "pbx-core ended")
    except KeyboardInterrupt:
        print("\nEnding …", flush=True)
    finally:
        for program in (sbc, core):
            program.stop()


GUIDE = """
Roamdesk runs on this machine.
  console         {console}  (in a browser)
  HTTP API        {api}  (described by /openapi.json there)
  administrator   admin  {password}
  core            phones of its own network find it at 127.0.0.1:5060
  SBC {name}    plays a branch office; its phones find it at {lan}:5060
  state, logs     {state}

In a browser on another machine: ssh -L {port}:{host}:{port} USER@THIS_MACHINE there, then http://127.0.0.1:{port}/
Begin with the console: it leads from the first branch to the first log-in at a desk. By the API, in another terminal:
  API={api}
  TOKEN=$(curl -s $API/login -d '{{"username":"admin","password":"{password}"}}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  AUTH="Authorization: Bearer $TOKEN"
  # a person who may log in at hot desks; the answer has the PIN, once
  curl -s -H "$AUTH" $API/extensions -d '{{"number":"101","name":"Alice","hot_desking":true}}'
  # a hot desk for a phone at the branch, by its MAC
  curl -s -H "$AUTH" $API/hot-desks -d '{{"mac":"001565aabbcc","vendor":"yealink","model":"T46S","provisioning":{{"method":"sbc","sbc":"{name}"}}}}'
  curl -s -H "$AUTH" $API/sbcs            # is the branch connected?
  curl -s -H "$AUTH" $API/phones          # which phones were seen?
  curl -sN -H "$AUTH" $API/events         # what happens, as it happens

./run demo plays the whole story with simulated phones. docs/branch.md: how to put an SBC at a real branch.
Ctrl-C ends both programs.
"""

if __name__ == "__main__":
    main()

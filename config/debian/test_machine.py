"""What the packages' test does with the machine that it runs on: commands, units, files, the console's line."""
import base64
import json
import os
import pathlib
import pwd
import re
import subprocess
import time
import urllib.request

CORE_FILE, SBC_FILE = pathlib.Path("/etc/roamdesk/pbx-core.yaml"), pathlib.Path("/etc/roamdesk/sbc.yaml")
CORE_STATE, SBC_STATE = pathlib.Path("/var/lib/pbx-core"), pathlib.Path("/var/lib/sbc")
KEPT = pathlib.Path("/var/lib/roamdesk/core")     # by an upgrade
NAMES = re.compile(r"roamdesk|pbx-core|/sbc($|[./])")


def run(*command, check=True, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    assert not check or done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def apt(*arguments):
    return run("apt-get", "-y", "-qq", "--no-install-recommends", *arguments, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def active(unit):
    return run("systemctl", "is-active", unit, check=False).stdout.strip()


def wait(condition, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


def ready():
    return urllib.request.urlopen("http://127.0.0.1:9090/readyz", timeout=2).status == 200


def put_in(api, backup):
    """A backup's bytes, piece by piece. By which name they are looked at."""
    begun = api.post("/restore/uploads", {"bytes": len(backup)})
    for offset in range(0, len(backup), begun["piece"]):
        status, _, text = api.request("PUT", f"/api/v1/restore/uploads/{begun['id']}?offset={offset}", backup[offset:offset + begun["piece"]],
                                      {"Authorization": f"Bearer {api.token}", "Content-Type": "application/octet-stream"})
        assert status in (200, 201), text
    return json.loads(text)["name"]


def shown_line(key, core, address, origin, authority):
    """What the console shows, by its own source, but for sudo."""
    source = pathlib.Path("/srv/console/commands.ts").read_text()
    body = re.search(r"function lineFor\(.*?\n}\n", source, re.S).group(0)
    places = {"authority ? \"$d/ca\" : \"\"": "$d/ca", "btoa(authority)": base64.b64encode(authority.encode()).decode(), "host(core)": core,
              "origin": origin, "address": address, "key": key}
    for name in ("trusted", "by"):
        places[name] = filled(re.search(rf"const {name} = authority \? [`\"](.*?)[`\"] :", body).group(1), places)
    text = filled("".join(re.findall(r"`([^`]*)`", body[body.index("return ("):])), places)
    assert text.startswith("sudo ") and "${" not in text, text
    return text.removeprefix("sudo ")


def filled(template, places):
    return re.sub(r"\$\{([^}]*)\}", lambda place: places[place.group(1)], template)


def owner(path):
    about = path.stat()
    return pwd.getpwuid(about.st_uid).pw_name, about.st_mode & 0o777

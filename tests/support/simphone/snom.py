"""A Snom D785: 12 identities, 24 function keys and 54 of three expansion modules. What a file doesn't name stays; a word
that isn't in its lists is passed over. Either is a fault here."""
import re

IDENTITIES, KEYS, WITH_MODULES = 12, 24, 78
ON = {"on", "off"}
ANY = re.compile(r".{0,128}")
NUMBER = re.compile(r"[0-9*#+]*")
PLACE = re.compile(r"[A-Za-z0-9.-]*")
URL = re.compile(r"https?://\S+")
LETTERS = re.compile(r"[0-9A-Za-z]{4,32}")
LANGUAGE = set("English Deutsch Français Espanol Italiano Portugues Nederlands Polski Russian Turkce Svenska Dansk Cestina".split())
DEVICE = {"setting_server": URL, "settings_refresh_timer": re.compile(r"\d+"), "update_policy": {"auto_update", "ask_for_update", "settings_only", "never_update"},
          "firmware_status": re.compile(r"(https?://\S+\.xml)?"), "pnp_config": ON, "challenge_checksync": ON, "checksync_action": {""}, "http_user": ANY, "http_pass": LETTERS, "admin_mode": ON, "admin_mode_password": LETTERS,
          "admin_mode_password_confirm": LETTERS, "webserver_admin_name": ANY, "webserver_admin_password": LETTERS, "webserver_user_name": ANY,
          "webserver_user_password": LETTERS, "dnd_mode": ON, "dnd_on_code": NUMBER, "dnd_off_code": NUMBER,
          "redirect_event": {"none", "all", "busy", "time"}, "redirect_number": NUMBER, "redirect_always_on_code": NUMBER,
          "redirect_always_off_code": NUMBER, "redirect_busy_on_code": NUMBER, "redirect_busy_off_code": NUMBER, "redirect_time_on_code": NUMBER,
          "redirect_time_off_code": NUMBER, "auto_dial": {"off", "2", "5", "10", "15"}, "overlap_dialing": ON,
          "keyboard_lock": ON, "keyboard_lock_pw": ANY, "keyboard_lock_emergency": re.compile(r"[0-9*# ]*"), "language": LANGUAGE, "web_language": LANGUAGE, "ntp_server": PLACE,
          "timezone": re.compile(r"([A-Z]{3}2?[+-]\d+(\.\d+)?)?"), "utc_offset": re.compile(r"-?\d+"),
          "dst": re.compile(r"(3600 \d\d\.0[1-5]\.0[1-7] \d\d:00:00 \d\d\.0[1-5]\.0[1-7] \d\d:00:00)?"), "dim_timer": re.compile(r"\d+")}
IDENTITY = {"user_active": ON, "user_idle_text": ANY, "user_idle_number": ANY, "user_realname": ANY, "user_name": ANY, "user_pname": ANY, "user_pass": ANY,
            "user_host": PLACE, "user_outbound": re.compile(r"([A-Za-z0-9.-]+:\d+;transport=(udp|tcp|tls))?"), "user_expiry": re.compile(r"\d+"),
            "user_failover_identity": {"none"}, "user_mailbox": NUMBER, "user_srtp": ON, "user_savp": {"off", "optional", "mandatory"}, "user_auth_tag": ON,
            "user_dtmf_info": {"on", "off", "sip_info_only"}, "user_dp_str": ANY, "user_ringer": ANY,
            "codec_priority_list": re.compile(r"((pcma|pcmu|g722|g729|opus),)+telephone-event"), "tr369_enable": {"true", "false"}}
# What a person switches on at it: a setting that is locked can't be.
OPEN = {"dnd_mode", "redirect_event", "redirect_number"}
EVENTS = {"F_DND": "dnd", "F_HOLD": "hold", "F_TRANSFER": "transfer", "F_REDIRECT": "forward"}
KEY = re.compile(rf"none|line|speed [0-9*#+]+|blf [0-9*#+]+(\|[0-9*#+]+)?|redirect [0-9*#+]+|keyevent ({'|'.join(EVENTS)})")


def left_behind():
    """What the phone has of the people before, by name and index."""
    settings = {(name, str(index)): "theirs" for index in range(2, IDENTITIES + 1) for name in ("user_name", "user_pass", "user_realname")}
    settings.update({("user_active", str(index)): "on" for index in range(2, IDENTITIES + 1)})
    settings.update({("admin_mode", ""): "on", ("keyboard_lock", ""): "on", ("keyboard_lock_pw", ""): "0815"})
    settings.update({("fkey", str(index)): ("blf 666", "theirs") for index in range(WITH_MODULES)})
    settings.update({("dnd_mode", ""): "on", ("redirect_event", ""): "all", ("redirect_number", ""): "0815"})
    return settings


def take(root, memory):
    """Adds a file's settings to those that the phone has: (name, index), index "" for those of the device."""
    seen = set()

    def put(at, value):
        assert at not in seen, f"twice: {at}"
        seen.add(at)
        memory[at] = value
    for e in root.find("phone-settings"):
        index, value = e.get("idx") or "", e.text or ""
        words = IDENTITY if index else DEVICE
        assert e.tag in words, f"the phone passes over {e.tag}"
        takes = words[e.tag]
        assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{e.tag} doesn't take {value!r}"
        assert not index or 1 <= int(index) <= IDENTITIES
        assert e.get("perm") == ("RW" if e.tag in OPEN else "R"), f"a person can change {e.tag}, or can't switch it"
        put((e.tag, index), value)
    for e in root.find("functionKeys"):
        value = (e.text or "none").strip()
        assert KEY.fullmatch(value), f"no key does {value!r}"
        assert e.get("context") in ("active", "1") and e.get("short_label") == e.get("label")
        put(("fkey", e.get("idx")), (value, e.get("label") or ""))
    for at, value in memory.items():
        assert value not in ("theirs", ("blf 666", "theirs")), f"{at} is still that of the person before"
    assert ("admin_mode_password", "") not in seen or memory["admin_mode", ""] == "off", "its administrator's settings are open"
    if root.find("tbook") is not None:           # a hot desk
        assert memory["keyboard_lock", ""] == "off" and not memory["keyboard_lock_pw", ""], "locked by the person before"
    for index in range(2, IDENTITIES + 1):
        assert memory["user_active", str(index)] == "off", f"identity {index} registers on"
    for index in range(KEYS, WITH_MODULES):
        kind = memory["fkey", str(index)][0].partition(" ")[0]
        assert kind != "line" and (kind != "none" or not memory["fkey", str(index)][1]), f"key {index} of a module"
        assert kind not in ("speed", "blf") or memory["fkey", str(index)][1], f"key {index} of a module has no name"
    return memory


def key(what):
    """(kind, value) of what a key's text says."""
    word, _, value = what.partition(" ")
    if word == "keyevent":
        return EVENTS[value], ""
    return {"redirect": "forward"}.get(word, word), value.partition("|")[0]

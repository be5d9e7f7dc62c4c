"""A Yealink T46S, by the vendor's own comments in public templates: 16 accounts, 27 line keys, 14 programmable ones, six
expansion modules of 40. It passes over names that it doesn't know, keeps what a file doesn't name, and takes %NULL% for
its own default: a name or a value that isn't in its lists, or anything of the person before, is a fault here."""
import re

ACCOUNTS, KEYS, PROGRAMMABLE, MODULES, MODULE_KEYS = 16, 27, 14, 6, 40
ONE = {"0", "1"}
ANY = re.compile(r".{1,128}")
NUMBER = re.compile(r"[0-9*#+]+")
PLACE = re.compile(r"[A-Za-z0-9.-]+")
COUNT = re.compile(r"\d{1,10}")
URL = re.compile(r"https?://\S+")
WHEN = re.compile(r"([1-9]|1[0-2])/[1-5]/[1-7]/\d{1,2}")
LANGUAGES = set("English German French Spanish Italian Portuguese Dutch Polish Russian Turkish Swedish Danish Czech".split())
ACCOUNT = {"enable": ONE, "label": ANY, "display_name": ANY, "user_name": ANY, "auth_name": ANY, "password": ANY,
           "sip_server.1.address": PLACE, "sip_server.1.port": COUNT, "sip_server.1.transport_type": {"0", "1", "2", "3"}, "sip_server.1.expires": COUNT,
           "sip_server.1.retry_counts": COUNT, "sip_server.2.address": PLACE, "sip_server.2.port": COUNT, "outbound_proxy_enable": ONE,
           "outbound_proxy.1.address": PLACE, "outbound_proxy.1.port": COUNT, "outbound_proxy.2.address": PLACE, "sip_trust_ctrl": ONE,
           "unregister_on_reboot": ONE, "srtp_encryption": {"0", "1", "2"}, "dtmf.type": {"0", "1", "2", "3"}, "subscribe_mwi": ONE,
           "subscribe_mwi_expires": COUNT, "blf.subscribe_period": COUNT, "auto_dial_enable": ONE, "auto_dial_num": NUMBER, "auto_answer": ONE,
           "anonymous_call": ONE, "reject_anonymous_call": ONE, "dnd.enable": ONE, "dnd.on_code": NUMBER, "dnd.off_code": NUMBER,
           **{f"{kind}_fwd.{name}": takes for kind in ("always", "busy", "timeout")
              for name, takes in (("enable", ONE), ("target", NUMBER), ("on_code", NUMBER), ("off_code", NUMBER))},
           **{f"codec.{codec}.{name}": takes for codec in ("pcma", "pcmu", "g722", "g729", "opus") for name, takes in (("enable", ONE), ("priority", COUNT))}}
DEVICE = {"static.auto_provision.server.url": URL, "static.auto_provision.server.username": ANY, "static.auto_provision.server.password": ANY,
          "static.auto_provision.power_on": ONE, "static.auto_provision.repeat.enable": ONE, "static.auto_provision.repeat.minutes": COUNT,
          "static.auto_provision.pnp_enable": ONE, "static.auto_provision.dhcp_option.enable": ONE, "static.auto_provision.custom.protect": ONE,
          "static.zero_touch.enable": ONE, "static.dm.enable": ONE, "sip.notify_reboot_enable": {"0", "1", "2"}, "sip.trust_ctrl": ONE,
          "features.action_uri.enable": ONE, "features.show_action_uri_option": ONE, "static.trusted_certificates.url": URL,
          "static.firmware.url": re.compile(r"https?://\S+\.rom"),
          "static.security.trust_certificates": ONE, "static.security.ca_cert": {"0", "1", "2"}, "static.security.cn_validation": ONE,
          "action_url.registered": URL, "static.security.user_password": re.compile(r"admin:(?!admin$)[0-9A-Za-z]{8,32}"),
          "features.fwd_mode": ONE, "features.dnd_mode": ONE, "features.dnd.enable": ONE, "features.dnd.on_code": NUMBER, "features.dnd.off_code": NUMBER,
          **{f"forward.{kind}.{name}": takes for kind in ("always", "busy", "no_answer")
             for name, takes in (("enable", ONE), ("target", NUMBER), ("on_code", NUMBER), ("off_code", NUMBER))},
          "features.pickup.direct_pickup_enable": ONE, "features.pickup.direct_pickup_code": NUMBER, "features.pickup.group_pickup_enable": ONE,
          "features.pickup.group_pickup_code": NUMBER, "features.blf_pickup_only_send_code": ONE, "features.hotline_number": NUMBER,
          "dialplan.digitmap.enable": ONE, "dialplan.area_code.code": NUMBER, "dialplan.block_out.number.1": NUMBER, "dialplan.replace.prefix.1": NUMBER,
          "dialplan.replace.replace.1": NUMBER, "dialplan.dialnow.rule.1": NUMBER, "phone_setting.emergency.number": re.compile(r"[0-9*#,]+"),
          "features.key_as_send": {"0", "1", "2"}, "features.save_call_history": ONE, "phone_setting.lock": ONE, "phone_setting.phone_lock.enable": ONE,
          "local_contact.data.delete": {"http://localhost/all"}, "lang.gui": LANGUAGES, "lang.wui": LANGUAGES, "local_time.ntp_server1": PLACE,
          "local_time.ntp_server2": PLACE, "local_time.manual_ntp_srv_prior": ONE, "local_time.time_zone": re.compile(r"[+-]?\d{1,2}(:\d\d)?"),
          "local_time.summer_time": {"0", "1", "2"}, "local_time.dst_time_type": ONE, "local_time.start_time": WHEN, "local_time.end_time": WHEN,
          "local_time.offset_time": re.compile(r"-?\d{1,3}"), "phone_setting.ring_type": ANY, "phone_setting.backlight_time": COUNT}
TYPES = {"0": "none", "2": "forward", "3": "transfer", "4": "hold", "5": "dnd", "12": "voicemail", "13": "speed", "15": "line", "16": "blf"}
# Of the phone's own functions those that have no value; a forward may have one.
WITHOUT_VALUE = {"none", "line", "transfer", "hold", "dnd"}
KEY = {"type": set(TYPES), "line": COUNT, "value": NUMBER, "label": ANY, "extension": NUMBER, "pickup_value": NUMBER}
PROGRAM = {"type": COUNT, "line": COUNT, "value": ANY, "label": ANY, "extension": ANY}


def _known():
    words = dict(DEVICE)
    for account in range(1, ACCOUNTS + 1):
        words.update({f"account.{account}.{name}": takes for name, takes in ACCOUNT.items()})
        words[f"voice_mail.number.{account}"] = NUMBER
    for at, takes in [(f"linekey.{k}", KEY) for k in range(1, KEYS + 1)] + [(f"programablekey.{k}", PROGRAM) for k in range(1, PROGRAMMABLE + 1)] + [
            (f"expansion_module.{m}.key.{k}", KEY) for m in range(1, MODULES + 1) for k in range(1, MODULE_KEYS + 1)]:
        words.update({f"{at}.{name}": values for name, values in takes.items()})
    return words


KNOWN = _known()


def left_behind():
    """What the phone has of the people before."""
    settings = {f"account.{n}.{name}": value for n in range(2, ACCOUNTS + 1) for name, value in (("enable", "1"), ("user_name", "666"), ("password", "theirs"))}
    settings.update({f"voice_mail.number.{n}": "666" for n in range(2, ACCOUNTS + 1)})
    for at in [f"linekey.{k}" for k in range(1, KEYS + 1)] + [f"expansion_module.{m}.key.{k}" for m in range(1, MODULES + 1) for k in range(1, MODULE_KEYS + 1)]:
        settings.update({f"{at}.type": "16", f"{at}.value": "666", f"{at}.label": "theirs", f"{at}.extension": "666", f"{at}.pickup_value": "666"})
    settings.update({f"programablekey.{k}.value": "666" for k in range(1, PROGRAMMABLE + 1)})
    settings.update({f"account.1.{kind}_fwd.target": "666" for kind in ("always", "busy", "timeout")})
    settings.update({f"forward.{kind}.target": "666" for kind in ("always", "busy", "no_answer")})
    settings.update({"contacts": "theirs", "phone_setting.phone_lock.enable": "1", "features.dnd_mode": "1", "account.1.dnd.enable": "1"})
    settings.update({"features.dnd.enable": "1", "forward.always.enable": "1", "account.1.always_fwd.enable": "1"})
    return settings


def take(text, memory):
    """Adds a file's settings to those that the phone has, and returns the file's."""
    lines = text.split("\n")
    assert lines[0] == "#!version:1.0.0.1", "a Yealink phone skips a file without its first line"
    file = {}
    for line in lines[1:]:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        assert equals and name not in file, f"twice, or no setting: {line}"
        assert name in KNOWN, f"the phone passes over {name}"
        takes = KNOWN[name]
        assert value == "%NULL%" or (value in takes if isinstance(takes, set) else takes.fullmatch(value)), f"{name} doesn't take {value!r}"
        file[name] = "" if value == "%NULL%" else value
    memory.update(file)
    if memory.get("local_contact.data.delete"):
        memory.pop("contacts", None)
        memory.pop("local_contact.data.delete")
    if "account.1.enable" not in file:
        return file                    # a redirection
    hot_desk = memory["features.save_call_history"] == "0"
    for name, value in memory.items():
        # A person's own phone keeps their contacts.
        assert value not in ("666", "theirs") or name == "contacts" and not hot_desk, f"{name} is still that of the person before"
    for account in range(2, ACCOUNTS + 1):
        assert memory[f"account.{account}.enable"] == "0", f"account {account} registers on"
    for module in range(1, MODULES + 1):
        for key in range(1, MODULE_KEYS + 1):
            at = f"expansion_module.{module}.key.{key}."
            kind, value, code = TYPES[memory[at + "type"]], memory[at + "value"], memory[at + "pickup_value"]
            assert kind != "line" and fits(kind, value), f"key {key} of module {module} has a value of before, or none"
            assert memory[at + "extension"] == (code + value if code else "") and (kind == "blf" or not code), f"two ways to pick up at key {key} of module {module}"
    assert not hot_desk or memory["phone_setting.phone_lock.enable"] == memory["phone_setting.lock"] == "0", "it is locked"
    assert memory["features.dnd_mode"] == memory["features.fwd_mode"] == memory["account.1.dnd.enable"] == "0"
    return file


def fits(kind, value):
    return kind == "forward" or (kind in WITHOUT_VALUE) == (not value)


def keys(memory):
    """(kind, value, label) of each line key."""
    shown = []
    for key in range(1, KEYS + 1):
        at = f"linekey.{key}."
        kind, code = TYPES[memory[at + "type"]], memory[at + "pickup_value"]
        # What it dials while the lamp rings: the code with the number behind it, by both of its names.
        assert memory[at + "extension"] == (code + memory[at + "value"] if code else ""), f"two ways to pick up at key {key}"
        assert kind == "blf" or not code, f"key {key} would pick up"
        assert fits(kind, memory[at + "value"]), f"key {key} is a {kind} of {memory[at + 'value']!r}"
        shown.append((kind, memory[at + "value"], memory[at + "label"]))
    return shown

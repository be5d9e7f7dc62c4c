"""A Grandstream GRP2614, by the vendor's own templates: 12 accounts, 16 virtual keys, 24 physical ones. It passes over
names that it doesn't know and keeps what a file doesn't name, so that either is a fault here, as a word is that isn't
in its lists."""
import re
import xml.etree.ElementTree as ElementTree

ACCOUNTS, VIRTUAL, PHYSICAL = 12, 16, 24
YES = {"Yes", "No"}
CODECS = {"PCMU", "PCMA", "G.726-32", "G.723.1", "G.722", "G.729A/B", "iLBC", "OPUS"}
ZONES = re.compile(r"auto|customize|(HAW|MST|EST)\d+|(AKST|PST|MST|CST|EST|AST)\d(AKDT|PDT|MDT|CDT|EDT|ADT)|CST\+6|TZ[A-Za-z][+-]\d+(:\d\d)?|"
                   r"GMT\+0BST-1,M3\.5\.0/01:00:00,M10\.5\.0/02:00:00|CET-1CEST-2,M3\.5\.0/02:00:00,M10\.5\.0/03:00:00|CST-9:30")
RULE = re.compile(r"[A-Z]{3}[+-]\d+(:\d\d)?([A-Z]{3}[+-]\d+(:\d\d)?,M\d+\.[1-5]\.[0-6](/\d\d:00:00)?,M\d+\.[1-5]\.[0-6](/\d\d:00:00)?)?")
NUMBER = re.compile(r"[0-9*#+]*")
ANY = re.compile(r".{0,128}")
LETTERS = re.compile(r"[0-9A-Za-z]{4,25}")
PLACE = re.compile(r"([A-Za-z0-9.-]+(:\d+)?)?")
# Of every account.
ACCOUNT = {"enable": YES, "name": ANY, "sip.subscriber.name": ANY, "sip.userid": ANY, "sip.subscriber.userid": ANY, "sip.subscriber.password": ANY,
           "sip.server.1.address": PLACE, "sip.server.2.address": PLACE, "sip.outboundProxy.1.address": PLACE, "sip.transport": {"UDP", "TCP", "TlsOrTcp"},
           "sip.registration": YES, "sip.registerExpiration": re.compile(r"[1-9]\d{0,4}"), "sip.unregisterOnReboot": YES | {"Instance"},
           "audio.srtpMode": {"Disabled", "EnabledButNotForced", "EnabledAndForced", "Optional"}, "dtmf.sendInAudio": YES, "dtmf.sendInRtp": YES,
           "dtmf.sendInSip": YES, "sip.voicemail.number": NUMBER, "sip.subscribe.forMwi": YES, "sip.blf.callPickup.prefix": NUMBER,
           "sip.blf.callPickup.forcePrefix": {"Auto", "Force", "Disabled"}, "call.dialplan": re.compile(r"\{ .* \}"), "featureCodes.callFeatures": YES,
           **{f"featureCodes.callForward{when}Target": NUMBER for when in ("Unconditionally", "Busy", "Delayed")}, "call.callLog": {"All", "IncomingAndOutgoing", "Disable"}, **{f"codec.choice.{n}": CODECS for n in range(1, 9)}}
DEVICE = {"provisioning.config.protocol": {"TFTP", "HTTP", "HTTPS"}, "provisioning.config.serverPath": re.compile(r"(?!http).+[^/]"),
          "provisioning.auto.mode": {"No", "YesUpgradeMin", "YesUpgradeHourOfDay"}, "provisioning.auto.minute": re.compile(r"[6-9]\d|\d{3,7}"),
          "provisioning.3cxAutoProvision": YES, "provisioning.firmware.checkCondition": {"AlwaysCheck", "CheckWhenChange", "SkipCheck"},
          "provisioning.firmware.protocol": {"TFTP", "HTTP", "HTTPS"}, "provisioning.firmware.serverPath": re.compile(r"(?!http).+[^/]"),
          "provisioning.firmware.filePrefix": {""}, "provisioning.firmware.filePostfix": {""}, "provisioning.firmware.confirm.enable": YES,
          "provisioning.override.dhcp.allowCommonOptions": YES, "tr069.enable": YES, "dateTime.ntp.server.1": PLACE,
          "dateTime.override.dhcp.allowOption2": YES, "dateTime.timezone": ZONES, "dateTime.timezone.custom": RULE, "keys.lock.enable": YES, "call.dnd.enable": YES,
          "keys.custom.mute.idle": {"DND", "IdleMute", "Disabled"},
          "keys.lock.emergency": re.compile(r"[0-9,*#]*"), "security.webAccess.user.enable": YES,
          "language.gui": set("ar cz de en es fr he hr hu it ja ko lv nl pl pt ru sl se tr zh-tw zh auto".split()),
          "users.admin.password": LETTERS, "users.user.password": LETTERS}
KINDS = {"None": "none", "SpeedDial": "speed", "BLF": "blf"}
KEYS = {"vpk": {"keyMode": {*KINDS, "Line"}, "account": re.compile(r"\d|1[0-5]"), "description": ANY, "value": NUMBER},
        "mpk": {"keyMode": set(KINDS), "account": re.compile(r"Account([1-9]|1[0-6])"), "description": ANY, "value": NUMBER}}


def known():
    words = dict(DEVICE)
    for account in range(1, ACCOUNTS + 1):
        words.update({f"account.{account}.{name}": takes for name, takes in ACCOUNT.items()})
    for kind, count in (("vpk", VIRTUAL), ("mpk", PHYSICAL)):
        for key in range(1, count + 1):
            words.update({f"pks.{kind}.{key}.{name}": takes for name, takes in KEYS[kind].items()})
    return words


def left_behind():
    """What the phone has of the people before: everywhere something."""
    settings = {}
    for account in range(2, ACCOUNTS + 1):
        settings.update({f"account.{account}.enable": "Yes", f"account.{account}.sip.subscriber.password": "theirs", f"account.{account}.sip.userid": "666"})
    for kind, count in (("vpk", VIRTUAL), ("mpk", PHYSICAL)):
        for key in range(1, count + 1):
            settings.update({f"pks.{kind}.{key}.keyMode": "MonitoredCallPark", f"pks.{kind}.{key}.value": "666"})
    settings.update({f"account.1.featureCodes.callForward{when}Target": "666" for when in ("Unconditionally", "Busy", "Delayed")})
    settings.update({f"account.1.codec.choice.{place}": "iLBC" for place in range(1, 9)})
    return settings


def take(text, memory):
    """Adds a file's settings to those that the phone has, and returns the file's."""
    root = ElementTree.fromstring(text)
    assert root.tag == "gs_provision" and root.get("version") == "1"
    assert (root.findtext("mac") or "c074ad000000").startswith(("c074ad", "000b82", "144cff", "ec74d7"))
    words, file = known(), {}
    for config in root.findall("config"):
        for e in config:
            name, value = e.get("name") if e.tag == "item" else e.tag, e.text or ""
            assert name not in file, f"twice: {name}"
            file[name] = value
            if config.get("version") == "1":
                assert name in ("P212", "P237"), f"{name} isn't a number of a redirection"
                continue
            assert e.tag == "item", f"{name} has no name in this dialect"
            assert name in words, f"the phone passes over {name}"
            takes = words[name]
            assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{name} doesn't take {value!r}"
    memory.update(file)
    if "P237" in file:
        memory["provisioning.config.serverPath"] = file["P237"]
        return file
    for name, value in memory.items():
        assert value not in ("666", "theirs", "iLBC", "MonitoredCallPark"), f"{name} is still that of the person before"
    for account in range(2, ACCOUNTS + 1):
        assert memory[f"account.{account}.enable"] == "No", f"account {account} registers on"
    assert memory["call.dnd.enable"] == "No", "do-not-disturb stays"
    assert memory["keys.lock.enable"] == "No" and memory["provisioning.firmware.checkCondition"] == "SkipCheck"
    return file


def keys(memory):
    """(kind, value, label) of each, the virtual ones first."""
    shown = []
    for kind, count in (("vpk", VIRTUAL), ("mpk", PHYSICAL)):
        for key in range(1, count + 1):
            at = f"pks.{kind}.{key}."
            shown.append(({**KINDS, "Line": "line"}[memory[at + "keyMode"]], memory.get(at + "value", ""), memory.get(at + "description", "")))
            assert memory[at + "account"] == ("0" if kind == "vpk" else "Account1"), f"key {at} is another account's"
    return shown

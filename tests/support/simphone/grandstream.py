"""A Grandstream GRP2614 (12 accounts, 16 virtual keys, 24 physical ones) and a GXP2170 (6 accounts, 48 virtual keys, four
extension boards of 40), by the vendor's own templates. They pass over names that they don't know and keep what a file
doesn't name, so that either is a fault here, as a word is that isn't in their lists."""
import dataclasses
import re
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass(frozen=True)
class Phone:
    accounts: int
    kinds: tuple       # (kind of key, how many), in the order in which a person sees them

    def places(self):
        return [(kind, key) for kind, count in self.kinds for key in range(1, count + 1)]


PHONES = {"GRP2614": Phone(12, (("vpk", 16), ("mpk", 24))), "GXP2170": Phone(6, (("vpk", 48), ("ext", 160)))}
SOFT_KEYS = 3
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
KEYS["ext"] = KEYS["mpk"]
SOFT_KEY = {"keyMode": {"Default", "SpeedDial", "SpeedDialViaActiveAccount", "VoiceMail", "CallReturn", "Intercom", "LDAPSearch", "CallLog", "Menu",
                        "Information", "Message"}, "account": re.compile(r"[0-5]"), "description": ANY, "value": NUMBER}


def known(phone):
    words = dict(DEVICE)
    for account in range(1, phone.accounts + 1):
        words.update({f"account.{account}.{name}": takes for name, takes in ACCOUNT.items()})
    for kind, key in phone.places():
        words.update({f"pks.{kind}.{key}.{name}": takes for name, takes in KEYS[kind].items()})
    for key in range(1, SOFT_KEYS + 1):
        words.update({f"pks.softkey.{key}.{name}": takes for name, takes in SOFT_KEY.items()})
    return words


def left_behind(model):
    """What the phone has of the people before: everywhere something."""
    phone, settings = PHONES[model], {}
    for account in range(2, phone.accounts + 1):
        settings.update({f"account.{account}.enable": "Yes", f"account.{account}.sip.subscriber.password": "theirs", f"account.{account}.sip.userid": "666"})
    for kind, key in phone.places():
        settings.update({f"pks.{kind}.{key}.keyMode": "MonitoredCallPark", f"pks.{kind}.{key}.value": "666", f"pks.{kind}.{key}.description": "theirs"})
    for key in range(1, SOFT_KEYS + 1):
        settings.update({f"pks.softkey.{key}.keyMode": "SpeedDial", f"pks.softkey.{key}.value": "666", f"pks.softkey.{key}.description": "theirs"})
    settings.update({f"account.1.featureCodes.callForward{when}Target": "666" for when in ("Unconditionally", "Busy", "Delayed")})
    settings.update({f"account.1.codec.choice.{place}": "iLBC" for place in range(1, 9)})
    return settings


def take(text, memory, model):
    """Adds a file's settings to those that the phone has, and returns the file's."""
    phone = PHONES[model]
    root = ElementTree.fromstring(text)
    assert root.tag == "gs_provision" and root.get("version") == "1"
    assert (root.findtext("mac") or "c074ad000000").startswith(("c074ad", "000b82", "144cff", "ec74d7"))
    words, file = known(phone), {}
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
    for account in range(2, phone.accounts + 1):
        assert memory[f"account.{account}.enable"] == "No", f"account {account} registers on"
    assert memory["call.dnd.enable"] == "No", "do-not-disturb stays"
    board(memory, model)
    assert memory["keys.lock.enable"] == "No" and memory["provisioning.firmware.checkCondition"] == "SkipCheck"
    return file


def keys(memory, model):
    """(kind, value, label) of each, the virtual ones first; those of boards are `board`'s."""
    return [key(memory, kind, number) for kind, number in PHONES[model].places() if kind != "ext"]


def board(memory, model):
    return [key(memory, kind, number) for kind, number in PHONES[model].places() if kind == "ext"]


def key(memory, kind, number):
    at = f"pks.{kind}.{number}."
    assert memory[at + "account"] == ("0" if kind == "vpk" else "Account1"), f"key {at} is another account's"
    shown = {**KINDS, "Line": "line"}[memory[at + "keyMode"]], memory.get(at + "value", ""), memory.get(at + "description", "")
    assert shown[0] in ("none", "line") or shown[1], f"key {at} dials nothing"
    assert shown[0] != "none" or not shown[1] and not shown[2], f"key {at} is empty, and says {shown[2]!r}"
    return shown

"""An Htek UC926, by the export of its configuration in public templates: 16 accounts, 36 line keys, six expansion modules
of two pages of 20. It passes over numbers that it doesn't know and keeps what a file doesn't name, so that either is a
fault here, as a value is that isn't in its lists."""
import re
import xml.etree.ElementTree as ElementTree

ONE = {"0", "1"}
ANY = re.compile(r".{0,128}")
NUMBER = re.compile(r"[0-9*#+]*")
NOTHING = {""}
PLACE = re.compile(r"([A-Za-z0-9.-]+(:\d+)?)?")
URL = re.compile(r"http://\S+")
LETTERS = re.compile(r"[0-9A-Za-z]{4,25}")
CODEC = {"0", "2", "4", "8", "9", "18", "20", "120"}
ZONES = set("105 2 3 6 10 14 18 19 20 26 30 31 32 33 49 57 73 74 77 83 84 85 88 89 93 94 96 100 101 102 103 104".split())
KINDS = {"0": "none", "1": "line", "2": "speed", "3": "blf", "18": "forward", "19": "transfer", "20": "hold"}
# Active, label, user, log-in, password, name, mailbox of the accounts behind the first.
ACCOUNTS = [(401, 20001, 735, 736, 734, 703, 426), (501, 20002, 504, 505, 506, 507, 526), (601, 20003, 604, 605, 606, 607, 626),
            (20360, 20378, 1704, 1705, 1706, 1707, 1726), (20361, 20379, 1804, 1805, 1806, 1807, 1826)]
ACCOUNTS += [tuple(first + n for first in (24090, 24100, 24110, 24120, 24130, 24140, 24170)) for n in range(10)]
# Type, value, label, account, pickup of each key.
KEYS = [(41200 + n, 41300 + n, 41400 + n, 41500 + n, 41600 + n) for n in range(4)] + [tuple(20200 + 5 * n + i for i in range(5)) for n in range(32)]
MODULE_KEYS = [tuple(60000 + 1000 * module + 5 * key + i for i in range(5)) for module in range(6) for key in range(40)]
KEY = (set(KINDS) | {"4", "5", "8", "13", "21", "32"}, NUMBER, ANY, {"0", "1", "2", "3", "255"}, NUMBER)


def _known():
    words = {}
    for names, takes in (("271 24082 31 81 109 99 191 72 90 65 129 8630 240 194 145 20165 24012 20983 143 53100 53110 53120 23117", ONE),
                         ("20000 3 35 36 34", ANY), ("47 48 967 8851 20047", PLACE), ("130", {"0", "1", "2", "3"}), ("103 183 20166 75", {"0", "1", "2"}),
                         ("33 4705 4706 4210 53101 53102 53103 53111 53112 53113 53121 53122 53123 53200 53201 5730", NUMBER),
                         ("5732", re.compile(r"[0-9*#,]*")), ("4200", re.compile(r"\{.+\}")), ("32", re.compile(r"[1-9]\d{0,4}")),
                         ("57 58 59 60 61 62", CODEC), ("43200 43201 43202 43203", {"0", "16", "21", "36", "37", "38"}), ("43400 43401 43402 43403", ANY),
                         ("212", {"0", "1", "2", "3"}), ("237 192", URL), ("232 233 1360 1361 8631", ANY), ("193", re.compile(r"[1-9]\d{0,4}")),
                         ("30", PLACE), ("64", ZONES), ("23118 23122", {str(n) for n in range(1, 13)}), ("23119 23123", {str(n) for n in range(1, 6)}),
                         ("23120 23124", {str(n) for n in range(7)}), ("23121 23125", {str(n) for n in range(24)}), ("8681", {"admin"}), ("2 196", LETTERS)):
        words.update({"P" + name: takes for name in names.split()})
    words.update({name: ONE for name in ("DND_Enable", "FirmwareUpGrade_ZeroTouchEnable", "TR069_Enable", "HDMS_Enable",
                                         "Preference_CheckSyncRebootControl", "RemoteControl_ActionUriEnable")})
    words["VarPassword"] = LETTERS
    for active, *others in ACCOUNTS:
        words[f"P{active}"] = ONE
        words.update({f"P{other}": ANY for other in others})
    for key in KEYS + MODULE_KEYS:
        words.update({f"P{number}": takes for number, takes in zip(key, KEY)})
    return words


KNOWN = _known()


def left_behind():
    """What the phone has of the people before."""
    settings = {}
    for active, *others in ACCOUNTS:
        settings.update({f"P{active}": "1", **{f"P{other}": "theirs" for other in others}})
    for kind, value, label, account, pickup in KEYS + MODULE_KEYS:
        settings.update({f"P{kind}": "8", f"P{value}": "666", f"P{label}": "theirs", f"P{account}": "3", f"P{pickup}": "666"})
    settings.update({f"P{n}": "666" for n in (53101, 53111, 53121, 4210, 5730)})
    settings.update({f"P{n}": "1" for n in (53100, 8630, 90, 65)})
    settings.update({f"P{n}": "2" for n in range(57, 63)})
    settings.update({"DND_Enable": "1", "P43202": "21", "P43402": "666"})
    return settings


def take(text, memory):
    """Adds a file's settings to those that the phone has, and returns the file's."""
    root = ElementTree.fromstring(text)
    assert root.tag == "hl_provision" and root.get("version") == "1"
    config = root.find("config")
    assert config.get("version") == "1" and len(root) == 1
    file = {}
    for e in config:
        value = e.text or ""
        assert e.tag not in file, f"twice: {e.tag}"
        assert e.tag in KNOWN, f"the phone passes over {e.tag}"
        takes = KNOWN[e.tag]
        assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{e.tag} doesn't take {value!r}"
        file[e.tag] = value
    memory.update(file)
    if "P271" not in file:
        return file                    # a redirection
    for name, value in memory.items():
        assert value not in ("666", "theirs"), f"{name} is still that of the person before"
    for active, *_ in ACCOUNTS:
        assert memory[f"P{active}"] == "0", f"the account of P{active} registers on"
    for kind, value, _, account, _ in MODULE_KEYS:
        assert memory[f"P{account}"] == "0" and memory[f"P{kind}"] in KINDS and memory[f"P{kind}"] != "1", f"the module's key of P{kind} is another account's, or no key"
        assert fits(KINDS[memory[f"P{kind}"]], memory[f"P{value}"]), f"the module's key of P{kind} has a value of before, or none"
    for switch in ("P53110", "P53120", "P8630", "P90", "P65", "P191"):
        assert memory[switch] == "0", f"{switch} is on"
    assert all(memory[f"P{n}"] in ("0", "8", "9", "18", "120") for n in range(57, 63)), "a codec of before"
    assert memory["P23117" if memory["P75"] == "1" else "P75"] == ("1" if memory["P75"] == "1" else "0")
    if "P2" in file:
        assert memory["P2"] == memory["P196"] == memory["VarPassword"], "a log-in keeps its first password"
    return file


def fits(kind, value):
    return kind == "forward" or (kind in ("none", "line", "transfer", "hold")) == (not value)


def keys(memory):
    """(kind, value, label) of each line key."""
    shown = []
    for kind, value, label, account, pickup in KEYS:
        kind = KINDS[memory[f"P{kind}"]]
        assert memory[f"P{account}"] == "0", f"a key of P{account} is another account's"
        assert kind == "blf" or not memory[f"P{pickup}"], "a key would pick up that has no lamp"
        assert fits(kind, memory[f"P{value}"]), f"the key of P{value} is a {kind}, and has a value, or none"
        shown.append((kind, memory[f"P{value}"], memory[f"P{label}"]))
    return shown

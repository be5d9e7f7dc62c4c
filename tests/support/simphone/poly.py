"""A Poly VVX450 by the administration guide of UC Software: 34 registrations, 12 line keys, a list of lamps, one of macros.
For what no file names it has its defaults, but for device.*, which it keeps and takes only beside its .set, and for what a
person has changed at the phone. It passes over parameters that it doesn't know; that is a fault here, as a value is that
isn't in its lists."""
import re
import xml.etree.ElementTree as ElementTree

REGISTRATIONS, KEYS = 34, 12
ONE = {"0", "1"}
ANY = re.compile(r".{0,128}")
NUMBER = re.compile(r"[0-9*#+]*")
COUNT = re.compile(r"\d{1,5}")
PLACE = re.compile(r"[A-Za-z0-9.-]*")
TRANSPORT = {"DNSnaptr", "TCPpreferred", "UDPOnly", "TLS", "TCPOnly"}
PASSWORD = re.compile(r"(?!456$)[ -;=?-~]{1,32}")
# RFC 3435's digit maps, as the guide has them.
DIGITMAP = re.compile(r"([0-9x*#.TRS+]|\[[0-9*#-]+\])+(\|([0-9x*#.TRS+]|\[[0-9*#-]+\])+)*")
MACRO = re.compile(r"([0-9*#+]+)\$Tinvite\$")
LANGUAGES = set("""English_United_States English_United_Kingdom German_Germany French_France Spanish_Spain Italian_Italy Dutch_Netherlands Portuguese_Portugal
Polish_Poland Russian_Russia Swedish_Sweden Danish_Denmark Norwegian_Norway Slovenian_Slovenia""".split())
REGISTRATION = {"address": ANY, "label": ANY, "displayName": ANY, "auth.userId": ANY, "auth.password": ANY, "type": {"private", "shared"}, "lineKeys": COUNT,
                "server.1.address": PLACE, "server.1.port": COUNT, "server.1.transport": TRANSPORT, "server.1.expires": COUNT, "server.1.register": ONE,
                "server.2.address": PLACE, "outboundProxy.address": PLACE, "outboundProxy.port": COUNT, "outboundProxy.transport": TRANSPORT,
                "serverFeatureControl.cf": ONE, "serverFeatureControl.dnd": ONE}
DEVICE = {"baseProfile": {"Generic", "Lync"}, "dhcp.bootSrvUseOpt": {"Option66", "Custom", "Static", "CustomAndOption66"},
          "prov.serverType": {"FTP", "TFTP", "HTTP", "HTTPS", "FTPS"}, "prov.serverName": re.compile(r"https?://\S+"), "prov.tagSerialNo": ONE,
          "prov.ztpEnabled": ONE, "auth.localAdminPassword": PASSWORD, "auth.localUserPassword": PASSWORD}
SNTP = "tcpIpApp.sntp."
KNOWN = {**{f"reg.{n}.{name}": takes for n in range(1, REGISTRATIONS + 1) for name, takes in REGISTRATION.items()},
         **{f"device.{name}": takes for name, takes in DEVICE.items()}, **{f"device.{name}.set": {"1"} for name in DEVICE}, "device.set": {"1"},
         **{f"lineKey.{k}.category": {"Unassigned", "Line", "BLF", "EFK", "SpeedDial"} for k in range(1, KEYS + 1)},
         **{f"lineKey.{k}.index": COUNT for k in range(1, KEYS + 1)},
         **{f"attendant.resourceList.{n}.{name}": takes for n in range(1, 51)
            for name, takes in (("address", re.compile(r"[0-9*#+]+")), ("label", ANY), ("type", {"normal", "automata"}))},
         **{f"efk.efklist.{n}.{name}": takes for n in range(1, 51)
            for name, takes in (("mname", re.compile(r"[A-Za-z0-9]+")), ("label", ANY), ("status", ONE), ("action.string", MACRO))},
         **{f"voice.codecPref.{codec}": re.compile(r"\d|1\d|2[0-7]") for codec in ("G711_A", "G711_Mu", "G722", "G729_AB", "Opus")},
         **{name: ONE for name in """sec.TLS.SIP.strictCertCommonNameValidation sec.srtp.enable sec.srtp.offer sec.srtp.require tone.dtmf.viaRtp
tone.dtmf.rfc2833Control voIpProt.SIP.dtmfViaSignaling.rfc2976 up.oneTouchVoiceMail dialplan.removeEndOfDial feature.callList.enabled
feature.directory.enabled feature.forward.enable feature.doNotDisturb.enable lineKey.reassignment.enabled feature.enhancedFeatureKeys.enabled
feature.EFKLineKey.enabled attendant.behaviors.display.spontaneousCallAppearances.normal attendant.behaviors.display.remoteCallerID.normal
voIpProt.SIP.specialEvent.checkSync.alwaysReboot prov.polling.enabled feature.lens.enabled feature.pcc.enabled feature.da.enabled feature.obitalk.enabled
httpd.enabled httpd.cfg.enabled""".split()},
         "msg.mwi.1.subscribe": ANY, "msg.mwi.1.callBackMode": {"", "contact", "registration", "disabled"}, "msg.mwi.1.callBack": NUMBER,
         "dialplan.digitmap": DIGITMAP, "dialplan.digitmap.timeOut": COUNT, "dialplan.impossibleMatchHandling": {"0", "1", "2", "3"},
         "call.directedCallPickupString": NUMBER, "attendant.uri": ANY, "attendant.reg": COUNT, "prov.polling.mode": {"abs", "rel", "random"},
         "prov.polling.period": re.compile(r"3[6-9]\d\d|[4-9]\d{3}|\d{5,6}"), "lcl.ml.lang": LANGUAGES, SNTP + "address": PLACE, SNTP + "address.overrideDHCP": ONE,
         SNTP + "gmtOffset": re.compile(r"-?\d{1,5}"), SNTP + "gmtOffset.overrideDHCP": ONE, SNTP + "daylightSavings.enable": ONE,
         SNTP + "daylightSavings.fixedDayEnable": ONE,
         **{f"{SNTP}daylightSavings.{when}.{name}": takes for when in ("start", "stop") for name, takes in (
             ("month", {str(n) for n in range(1, 13)}), ("date", {str(n) for n in range(1, 32)}), ("dayOfWeek", {str(n) for n in range(1, 8)}),
             ("dayOfWeek.lastInMonth", ONE), ("time", {str(n) for n in range(24)}))}}


def left_behind():
    """What the phone keeps: its device parameters, and what the person before has changed at the phone itself."""
    return {"device.auth.localAdminPassword": "456", "device.auth.localUserPassword": "123", "device.dhcp.bootSrvUseOpt": "CustomAndOption66",
            "device.prov.serverName": "http://192.0.2.1/", "device.baseProfile": "Lync", "device.prov.ztpEnabled": "1", "a person's forward": "666",
            "a person's do-not-disturb": "1", "a person's calls": "666", "a person's contacts": "666"}


def index(text):
    """The files that the phone's own index names."""
    root = ElementTree.fromstring(text)
    assert root.tag == "APPLICATION", "no index"
    assert not root.get("APP_FILE_PATH").startswith("http"), "it would load firmware"
    return [name.strip() for name in root.get("CONFIG_FILES").split(",")]


def take(text, memory):
    """What the phone goes by from now on, put in `memory`'s place; and the file's settings."""
    root = ElementTree.fromstring(text)
    assert root.tag != "APPLICATION", "a phone reads no parameters in its index"
    file = {}
    for e in root.iter():
        assert not (e.text or "").strip(), "a parameter is an attribute"
        for name, value in e.attrib.items():
            assert name not in file, f"twice: {name}"
            assert name in KNOWN, f"the phone passes over {name}"
            takes = KNOWN[name]
            assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{name} doesn't take {value!r}"
            file[name] = value
    for name in file:
        if name.startswith("device.") and not name.endswith("set"):
            assert file.get("device.set") == file.get(name + ".set") == "1", f"{name} isn't taken without its .set"
    kept = {name: value for name, value in memory.items() if name.startswith(("device.", "a person's"))}
    memory.clear()
    memory.update({**kept, **file})
    assert memory["device.dhcp.bootSrvUseOpt"] == "Static", "at its next start it goes where DHCP says"
    if "reg.1.address" not in file:
        return file                    # a redirection
    hot_desk = memory["feature.callList.enabled"] == "0"
    for name, switch in (("forward", "feature.forward.enable"), ("do-not-disturb", "feature.doNotDisturb.enable"), ("contacts", "feature.directory.enabled")):
        assert not hot_desk or memory[switch] == "0", f"the {name} of the person before acts"
    for n in range(2, REGISTRATIONS + 1):
        assert memory[f"reg.{n}.address"] == "", f"registration {n} is somebody's"
    for switch in ("httpd.enabled", "httpd.cfg.enabled", "feature.lens.enabled", "feature.pcc.enabled", "feature.obitalk.enabled"):
        assert memory[switch] == "0", f"{switch} is on"
    assert memory["device.baseProfile"] == "Generic" and memory["device.prov.serverType"] == "HTTP" and memory["device.prov.ztpEnabled"] == "0"
    assert memory["dialplan.impossibleMatchHandling"] == "2", "what fits no plan isn't dialled"
    return file


def keys(memory):
    """(kind, value, label) of each line key."""
    assert memory["lineKey.reassignment.enabled"] == memory["feature.enhancedFeatureKeys.enabled"] == memory["feature.EFKLineKey.enabled"] == "1"
    shown, used = [], set()
    for k in range(1, KEYS + 1):
        category, n = memory[f"lineKey.{k}.category"], memory[f"lineKey.{k}.index"]
        assert category == "Unassigned" or (category, n) not in used, f"two keys are {category} {n}"
        used.add((category, n))
        if category == "Line":
            assert 1 <= int(n) <= int(memory["reg.1.lineKeys"]), f"key {k} is no line of the registration's"
            shown.append(("line", "", memory["reg.1.label"]))
        elif category == "BLF":
            at = f"attendant.resourceList.{n}."
            shown.append(("blf", memory[at + "address"], memory[at + "label"]))
        elif category == "EFK":
            at = f"efk.efklist.{n}."
            assert memory[at + "status"] == "1" and memory[at + "mname"], f"key {k} does nothing"
            shown.append(("speed", MACRO.fullmatch(memory[at + "action.string"]).group(1), memory[at + "label"]))
        else:
            assert category == "Unassigned" and n == "0", f"no key is {category}"
            shown.append(("none", "", ""))
    assert any(kind == "line" for kind, _, _ in shown), "no line is left for calls"
    return shown

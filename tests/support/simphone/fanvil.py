"""A Fanvil X6U (sysConf: 20 lines, 5 keys beside the screen, 60 on five pages, 10 soft keys) and an X4 (the older
VOIP_CONFIG_FILE: 4 lines, 30 keys, 12 soft keys), by names and values in public templates and the vendor's firmware. A
phone passes over what it doesn't know and keeps what a file doesn't name: either is a fault here. Each takes nothing
but its own kind of file, and none whose number is lower than the last one's."""
import re
import xml.etree.ElementTree as ElementTree

ONE, THREE = {"0", "1"}, {"0", "1", "2"}
ANY = re.compile(r".{0,128}")
NUMBER = re.compile(r"[0-9*#+]*")
NUMBERS = re.compile(r"[0-9*#,]*")
PLACE = re.compile(r"[A-Za-z0-9.-]*")
COUNT = re.compile(r"\d{1,5}")
URL = re.compile(r"https?://\S+/")
URL_OR_NONE = re.compile(r"(https?://\S+)?")
PASSWORD = re.compile(r"[0-9A-Za-z]{1,39}")
ZONE = re.compile(r"UCT|UTC[+-]\d{1,2}(:\d\d)?")
FUNCTIONS = {"F_DND": "dnd", "F_HOLD": "hold", "F_TRANSFER": "transfer"}
MEMORY = r"[0-9*#+]+@1/(f|m|b[abcf][0-9*#+]*)|SIP\d+"
OLD_KEY = {"Type": THREE, "Value": re.compile(f"({MEMORY})?"), "Title": ANY}
NEW_KEY = {"Type": THREE | {"3"}, "Value": re.compile(f"({MEMORY}|{'|'.join(FUNCTIONS)})?"), "Title": ANY}
NEW_LINE = {"EnableReg": ONE, "PhoneNumber": ANY, "DisplayName": ANY, "RegisterAddr": PLACE, "RegisterPort": COUNT, "RegisterUser": ANY, "RegisterPswd": ANY,
            "RegisterTTL": COUNT, "BackupAddr": PLACE, "ProxyAddr": PLACE, "ProxyPort": COUNT, "ProxyUser": ANY, "ProxyPswd": ANY, "BakProxyAddr": PLACE,
            "Transport": {"0", "1", "3"}, "MediaCrypto": THREE, "DTMFMode": {"0", "1", "2", "3"},
            "VoiceCodecMap": re.compile(r"(PCMA|PCMU|G722|G729|OPUS)(,(PCMA|PCMU|G722|G729|OPUS))*"), "MWINum": NUMBER, "Subscribe": ONE, "SubExpire": COUNT,
            "PickupNum": NUMBER, "UnregisterOnBoot": ONE, "StrictProxy": ONE, "EnableRport": ONE, "PRACK": ONE, "BLFDialogMatch": ONE, "EnableBLFList": ONE,
            "BLFListUri": ANY, "AlwaysFWD": ONE, "AlwaysFWDNum": NUMBER, "BusyFWD": ONE, "BusyFWDNum": NUMBER, "NoAnswerFWD": ONE, "NoAnswerFWDNum": NUMBER,
            "EnableHotline": ONE, "HotlineNum": NUMBER, "EnableDND": ONE, "MissedCallLog": ONE,
            **{name: NUMBER for name in ("DNDOnSvcCode DNDOffSvcCode CFUOnSvcCode CFUOffSvcCode CFBOnSvcCode CFBOffSvcCode CFNOnSvcCode CFNOffSvcCode "
                                         "ANCOnSvcCode ANCOffSvcCode CWOnCode CWOffCode").split()}}
NEW = {"mm/DtmfPayloadType": COUNT, "sip/NotifyReboot": ONE, "call/basic/DialbyPound": ONE, "call/basic/DialFixedLength": ONE, "call/basic/DialbyTimeout": ONE,
       "call/basic/DialTimeoutvalue": COUNT, "call/port#1/DNDMode": THREE, "phone/EmergencyCall": NUMBERS, "phone/EnableKeyLock": ONE, "phone/KeyLockStatus": ONE, "phone/KeyLockTimeout": COUNT,
       "phone/EnableCallHistory": ONE, "phone/MenuPassword": PASSWORD, "phone/display/LCDTitle": ANY,
       "phone/display/DefaultLanguage": set("en cn tc ru it fr de he es cat eus tr hr slo cz nl ko ua pt pl ar".split()), "phone/display/BacklightOffTime": COUNT,
       "phone/volume/RingType": ANY, "phone/date/EnableSNTP": ONE, "phone/date/SNTPServer": PLACE, "phone/date/SecondSNTPServer": PLACE,
       "phone/date/TimeZone": re.compile(r"-?\d{1,2}"), "phone/date/TimeZoneName": ZONE, "phone/date/DSTType": THREE, "phone/date/DSTRuleMode": THREE,
       "phone/date/EnableDST": THREE, "phone/date/DSTFixedType": THREE, "phone/date/DSTMinOffset": re.compile(r"-?\d{1,3}"),
       **{f"phone/date/DST{when}{what}": COUNT for when in ("Start", "End") for what in ("Mon", "Week", "Wday", "Hour")},
       "dsskey/FuncKeyPageNum": {"5"}, "dsskey/SideKeyPageNum": {"1"}, "web/account#1/Name": {"admin"}, "web/account#1/Password": PASSWORD,
       "web/account#1/Level": {"10"}, "ap/DownloadCommonConf": ONE, "ap/DownloadDeviceConf": ONE, "ap/SaveProvisionInfo": ONE, "ap/FlashServerIP": URL,
       "ap/FlashFileName": {"$mac.cfg"}, "ap/FlashProtocol": {"1", "2", "4", "5"}, "ap/FlashMode": THREE, "ap/FlashInterval": COUNT, "ap/pnp/PNPEnable": ONE,
       "ap/opt/DHCPOption": COUNT, "ota/FDPSEnable": ONE,
       "fwCheck/EnableAutoUpgrade": ONE, "fwCheck/UpgradeServer1": URL_OR_NONE, "fwCheck/UpgradeServer2": {""}, "fwCheck/AutoUpgradeInterval": COUNT,
       "AUTOUPDATE_CONFIG_MODULE/Auto_Image_URL": URL_OR_NONE,
       **{f"sip/line#{line}/{name}": takes for line in range(1, 21) for name, takes in NEW_LINE.items()}}
OLD_LINE = {"Phone_Number": ANY, "Display_Name": ANY, "Register_Addr": PLACE, "Register_Port": COUNT, "Register_User": ANY, "Register_Pswd": ANY,
            "Register_TTL": COUNT, "Enable_Reg": ONE, "Proxy_Addr": PLACE, "Proxy_Port": COUNT, "Proxy_User": ANY, "Proxy_Pswd": ANY, "BakProxy_Addr": PLACE,
            "Media_Crypto": THREE, "Always_FWD": ONE, "Busy_FWD": ONE, "No_Answer_FWD": ONE, "Always_FWD_Num": NUMBER, "Busy_FWD_Num": NUMBER,
            "NoAnswer_FWD_N": NUMBER, "Hotline_Num": NUMBER, "Enable_Hotline": ONE, "Pickup_Num": NUMBER, "PRACK": ONE, "DTMF_Mode": {"0", "1", "2", "3"},
            "Enable_Rport": ONE, "Subscribe": ONE, "Sub_Expire": COUNT, "Strict_Proxy": ONE, "Transport": THREE, "MWI_Num": NUMBER, "Auto_Answer": ONE,
            "MissedCallLog": ONE, "VoiceCodecMap": re.compile(r"(G711A|G711U|G722|G729|G726-32|G723)(,(G711A|G711U|G722|G729|G726-32|G723))*"),
            "BLFList_Uri": ANY, "Enable_BLFList": ONE, "Enable_DND": ONE,
            **{name: NUMBER for name in ("DNDOn_SvcCode DNDOff_SvcCode CFUOn_SvcCode CFUOff_SvcCode CFBOn_SvcCode CFBOff_SvcCode CFNOn_SvcCode CFNOff_SvcCode "
                                         "ANCOn_SvcCode ANCOff_SvcCode Send_ANOn_Code Send_ANOffCode CW_On_Code CW_Off_Code").split()}}
GLOBAL, TELE, AUTO, MENU = "GLOBAL_CONFIG_MODULE/", "TELE_CONFIG_MODULE/", "AUTOUPDATE_CONFIG_MODULE/", "PHONE_CONFIG_MODULE/"
PORT, WEB = TELE + "Port_Config/Port_Config_Entry#P1/", "MMI_CONFIG_MODULE/MMI_Account/MMI_Account_Entry#Account1/"
LINES = "SIP_CONFIG_MODULE/SIP_Line_List/SIP_Line_List_Entry#SIP"
OLD = {GLOBAL + "SNTP_Server": PLACE, GLOBAL + "Second_SNTP_Server": PLACE, GLOBAL + "Enable_SNTP": ONE, GLOBAL + "Time_Zone": re.compile(r"-?\d{1,2}"),
       GLOBAL + "Time_Zone_Name": ZONE, GLOBAL + "Enable_DST": THREE, GLOBAL + "DST_Fixed_Type": THREE, GLOBAL + "DST_Min_Offset": re.compile(r"-?\d{1,3}"),
       **{f"{GLOBAL}DST_{when}_{what}": COUNT for when in ("Start", "End") for what in ("Mon", "Week", "Wday", "Hour")},
       GLOBAL + "Language": {"0", "3", "4", "7", "10", "16"}, GLOBAL + "Enable_Call_History": ONE, TELE + "Dial_by_Pound": ONE, TELE + "Dial_Fixed_Length": ONE,
       TELE + "Dial_by_Timeout": ONE, TELE + "Dial_Timeout_value": COUNT, PORT + "Enable_DND": ONE, PORT + "Ban_Dial_Out": ONE, PORT + "AutoAnswer": ONE,
       PORT + "Hotline_Num": NUMBER, "DSP_CONFIG_MODULE/Ring_Type": ANY, "DSP_CONFIG_MODULE/Dtmf_Payload_Type": COUNT, "SIP_CONFIG_MODULE/Notify_Reboot": ONE,
       WEB + "Name": {"admin"}, WEB + "Password": PASSWORD, WEB + "Level": {"10"}, MENU + "Menu_Password": PASSWORD, MENU + "Enable_KeyLock": ONE,
       MENU + "KeyLock_Status": ONE, MENU + "Emergency_Call": NUMBERS, MENU + "LCD_Title": ANY, MENU + "Backlight_Off_Time": COUNT,
       AUTO + "Download_Username": ANY, AUTO + "Download_Password": ANY, AUTO + "FDPS_Enable": ONE, AUTO + "Download_Server_IP": URL,
       AUTO + "Config_File_Name": {"$mac.cfg"}, AUTO + "Download_Protocol": {"1", "2", "4", "5"}, AUTO + "Download_Mode": THREE,
       AUTO + "Download_Interval": COUNT, AUTO + "DHCP_Option": COUNT, AUTO + "PNP_Enable": ONE, AUTO + "Save_Provision_Info": ONE,
       AUTO + "Download_CommonConf": ONE, AUTO + "Download_DeviceConf": ONE, AUTO + "Enable_Auto_Upgrade": ONE, AUTO + "Upgrade_Server_1": URL_OR_NONE,
       AUTO + "Upgrade_Server_2": {""}, AUTO + "Auto_Upgrade_intval": COUNT,
       **{f"{LINES}{line}/{name}": takes for line in range(1, 5) for name, takes in OLD_LINE.items()}}
# Where the keys are, the ones that a person sees first in front, and the ones below the screen.
NEW_KEYS = [f"dsskey/dssSide#1/Fkey#{k}" for k in range(1, 6)] + [f"dsskey/internal#{p}/Fkey#{k}" for p in range(1, 6) for k in range(1, 13)]
NEW_SOFT = [f"dsskey/dssSoft#{k}" for k in range(1, 11)]
OLD_KEYS = [f"{MENU}Function_Key/Function_Key_Entry#Fkey{k}" for k in range(1, 31)]
OLD_SOFT = [f"{MENU}Soft_Dss_Key/Soft_Dss_Key_Entry#SoftFkey{k}" for k in range(1, 13)]


class Phone:
    """What is the same of both: names, keys, lines."""

    def __init__(self, words, key, keys, soft, lines, enable, user, password, number, url):
        self.words = {**words, **{f"{at}/{name}": takes for at in keys + soft for name, takes in key.items()}}
        self.keys, self.soft, self.lines = keys, soft, lines
        self.enable, self.user, self.password, self.number, self.url = enable, user, password, number, url


X6U = Phone(NEW, NEW_KEY, NEW_KEYS, NEW_SOFT, [f"sip/line#{line}/" for line in range(1, 21)], "EnableReg", "RegisterUser", "RegisterPswd", "Version", "ap/FlashServerIP")
X4 = Phone(OLD, OLD_KEY, OLD_KEYS, OLD_SOFT, [f"{LINES}{line}/" for line in range(1, 5)], "Enable_Reg", "Register_User", "Register_Pswd", "version", AUTO + "Download_Server_IP")
KINDS = {"sysConf": X6U, "VOIP_CONFIG_FILE": X4}


def left_behind():
    """What the phones have of the people before."""
    settings = {}
    for phone in KINDS.values():
        for line in phone.lines[1:]:
            settings.update({line + phone.enable: "1", line + phone.user: "666", line + phone.password: "theirs"})
        for at in phone.keys + phone.soft:
            settings.update({at + "/Type": "1", at + "/Value": "666@1/ba", at + "/Title": "theirs"})
    settings.update({"phone/KeyLockStatus": "1", MENU + "KeyLock_Status": "1", "call/port#1/DNDMode": "1", PORT + "Enable_DND": "1",
                     "sip/line#1/AlwaysFWD": "1", "sip/line#1/AlwaysFWDNum": "666", LINES + "1/Always_FWD": "1", LINES + "1/Always_FWD_Num": "666"})
    return settings


def flat(e, path=""):
    """Elements by path; those of which there are several with their index, or with what their ID says."""
    for child in e:
        index = child.get("index") or child.findtext("ID") or ""
        at = path + child.tag + ("#" + index if index else "")
        if child.tag != "ID" and len(child) == 0:
            yield at, child.text or ""
        yield from flat(child, at + "/")


def take(text, memory, model):
    """Adds a file's settings to those that the phone has. The phone, and the file's settings."""
    root = ElementTree.fromstring(text)
    assert KINDS.get(root.tag) is (X4 if model == "X4" else X6U), f"an {model} passes over a whole {root.tag}"
    phone, file = KINDS[root.tag], {}
    for name, value in flat(root):
        assert name not in file, f"twice: {name}"
        file[name] = value
        if name == phone.number:
            continue
        assert name in phone.words, f"the phone passes over {name}"
        takes = phone.words[name]
        assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{name} doesn't take {value!r}"
    number = file.pop(phone.number)
    assert re.fullmatch(r"2\.\d{10}", number), number
    memory.update(file)
    if phone.lines[0] + phone.enable not in file:
        return phone, file             # a redirection
    assert number >= memory.get("number", ""), f"{number} is lower than what it had"
    memory["number"] = number
    for name, value in memory.items():
        of_other = name not in phone.words
        assert of_other or "666" not in value.split("@") and value != "theirs", f"{name} is still that of the person before"
    for line in phone.lines[1:]:
        assert memory[line + phone.enable] == "0", f"{line} registers on"
    for at in phone.soft:
        assert memory[at + "/Type"] == "0", f"{at} is a person's"
    history, lock = ("phone/EnableCallHistory", "phone/KeyLockStatus") if phone is X6U else (GLOBAL + "Enable_Call_History", MENU + "KeyLock_Status")
    assert memory[history] == "1" or memory[lock] == "0", "it is a hot desk, and locked"
    return phone, file


def keys(phone, memory):
    """(kind, value, label) of each."""
    shown = []
    for at in phone.keys:
        kind, value = memory[at + "/Type"], memory[at + "/Value"]
        number, _, how = value.partition("@1/")
        assert (kind == "3") == (value in FUNCTIONS), f"no key of type {kind} does {value!r}"
        what = FUNCTIONS.get(value) or {"b": "blf", "m": "voicemail"}.get(how[:1], "speed")
        shown.append(("line", value, "") if kind == "2" else ("none", "", "") if kind == "0"
                     else (what, "" if kind == "3" else number, memory[at + "/Title"]))
    return shown

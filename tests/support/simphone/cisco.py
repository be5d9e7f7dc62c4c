"""A Cisco 8851 with multiplatform firmware, by its own /admin/config.xml in public templates and the administration guide:
10 lines, 10 line keys, two expansion modules of 36 keys. It passes over elements that it doesn't know and keeps what a
file doesn't name, so that either is a fault here, as a value is that isn't in its lists."""
import re
import xml.etree.ElementTree as ElementTree

LINES, KEYS, MODULES, MODULE_KEYS = 10, 10, 2, 36
YES = {"Yes", "No"}
ANY = re.compile(r".{0,128}")
NUMBER = re.compile(r"[0-9*#+]*")
COUNT = re.compile(r"\d{1,5}")
PLACE = re.compile(r"([A-Za-z0-9.-]+(:\d+)?)?")
RULE = re.compile(r"(http://\S+\.xml)?")
CODECS = {"G711u", "G711a", "G729a", "G722", "G722.2", "iLBC", "iSAC", "OPUS"}
ZONES = {"GMT", *(f"GMT-{h:02}:00" for h in range(1, 13)), *(f"GMT+{h:02}:00" for h in range(1, 15)), "GMT-03:30", "GMT+03:30", "GMT+04:30", "GMT+05:30",
         "GMT+05:45", "GMT+06:30", "GMT+09:30"}
# Month, day of the month from which on the weekday counts or -1 for its last, weekday (7: Sunday), time.
CHANGE = r"([1-9]|1[0-2])/(-1|[1-9]|[12]\d)/[1-7]/\d{1,2}:\d{1,2}:\d{1,2}"
DAYLIGHT = re.compile(rf"(start={CHANGE};end={CHANGE};save=-?\d+(:\d+){{0,2}})?")
PLAN = re.compile(r"\([0-9x*#.\[\]|,<>:!SLP-]+\)")
# fnc of sd, blf, cp and others, then where it dials, what it watches, whose line, its name.
FUNCTION = re.compile(r"fnc=(?P<what>[a-z]+(\+[a-z]+)*)(;sub=(?P<sub>[0-9*#+]+)@\$PROXY)?(;ext=(?P<ext>[0-9*#+]+)@\$PROXY)?"
                      r"(;sub=(?P<box>[0-9A-Za-z.-]+)@\$PROXY)?(;vid=(?P<vid>\d+))?(;nme=(?P<nme>[^;$]*))?")
CODES = """Call_Return Blind_Transfer Cfwd_All_Act Cfwd_All_Deact Cfwd_Busy_Act Cfwd_Busy_Deact Cfwd_No_Ans_Act Cfwd_No_Ans_Deact CW_Act CW_Deact
CW_Per_Call_Act CW_Per_Call_Deact Block_CID_Act Block_CID_Deact Block_CID_Per_Call_Act Block_CID_Per_Call_Deact Block_ANC_Act Block_ANC_Deact DND_Act DND_Deact
Secure_All_Call_Act Secure_No_Call_Act Secure_One_Call_Act Secure_One_Call_Deact Paging Call_Park Call_Pickup Call_Unpark Group_Call_Pickup
Prefer_G711u Force_G711u Prefer_G711a Force_G711a Prefer_G722 Force_G722 Prefer_G722.2 Force_G722.2 Prefer_G729a Force_G729a Prefer_iLBC Force_iLBC
Prefer_ISAC Force_ISAC Prefer_OPUS Force_OPUS""".split()
LINE = {"Line_Enable": YES, "Display_Name": ANY, "User_ID": ANY, "Auth_ID": ANY, "Password": ANY, "Reversed_Auth_Realm": ANY, "SIP_URI": ANY, "Proxy": PLACE,
        "Outbound_Proxy": PLACE, "Alternate_Proxy": PLACE, "Alternate_Outbound_Proxy": PLACE, "Use_OB_Proxy_In_Dialog": YES, "Use_DNS_SRV": YES, "Register": YES,
        "Register_Expires": COUNT, "Make_Call_Without_Reg": YES, "SIP_Transport": {"UDP", "TCP", "TLS", "AUTO"}, "TLS_Name_Validate": YES,
        "Secure_Call_Option": {"Optional", "Required", "Strict"}, "DTMF_Tx_Method": {"InBand", "AVT", "INFO", "Auto", "InBand+INFO", "AVT+INFO"},
        "Preferred_Codec": CODECS, "Second_Preferred_Codec": CODECS | {"Unspecified"}, "Third_Preferred_Codec": CODECS | {"Unspecified"},
        "Use_Pref_Codec_Only": YES, "G722_Enable": YES, "G729a_Enable": YES, "OPUS_Enable": YES, "G722.2_Enable": YES, "iLBC_Enable": YES, "Mailbox_ID": ANY,
        "Voice_Mail_Server": PLACE, "Dial_Plan": PLAN, "Emergency_Number": re.compile(r"[0-9*#,]*"), "Feature_Key_Sync": YES, "Auth_Resync-Reboot": YES,
        "Log_Missed_Calls": YES}
DEVICE = {"Secure_Call_Serv": YES, "Secure_Call_Setting": YES, "Voice_Mail_Number": NUMBER, "Log_Missed_Calls_for_EXT_1": YES, "Referral_Services_Codes": ANY,
          "Feature_Dial_Services_Codes": ANY, "Cfwd_All_Dest": NUMBER, "Cfwd_Busy_Dest": NUMBER, "Cfwd_No_Ans_Dest": NUMBER, "DND_Setting": YES,
          "Block_CID_Setting": YES, "Block_ANC_Setting": YES, "BLF_List_URI": ANY, "Programmable_Softkey_Enable": YES, "Station_Name": ANY,
          "Station_Display_Name": ANY, "Provision_Enable": YES, "Profile_Rule": RULE, "Profile_Rule_B": RULE, "Profile_Rule_C": RULE, "Profile_Rule_D": RULE,
          "Resync_On_Reset": YES, "Resync_Random_Delay": COUNT, "Resync_Periodic": COUNT, "Resync_Error_Retry_Delay": COUNT, "Forced_Resync_Delay": COUNT,
          "Resync_From_SIP": YES, "Resync_Trigger_1": ANY, "Resync_Trigger_2": ANY, "DHCP_Option_To_Use": re.compile(r"(\d+(,\d+)*)?"),
          "HTTP_User_Agent_Name": ANY, "Upgrade_Enable": YES, "Upgrade_Rule": ANY, "Webex_Onboard_Enable": YES, "Enable_TR-069": YES, "EM_Enable": YES,
          "Number_of_Units": {"0", "1", "2", "3"}, "CISCO_XML_EXE_Enable": YES | {"Trusted"}, "Enable_Direct_Action_Url": YES, "Primary_NTP_Server": PLACE, "Secondary_NTP_Server": PLACE,
          "Time_Zone": ZONES, "Time_Offset__HH_mm_": re.compile(r"(-?\d\d:\d\d)?"), "Ignore_DHCP_Time_Offset": YES, "Daylight_Saving_Time_Rule": DAYLIGHT,
          "Daylight_Saving_Time_Enable": YES, "Admin_Password": re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[!-~]{8,127}"),
          "User_Password": re.compile(r"[!-~]{1,127}"), **{f"{code}_Code": NUMBER for code in CODES},
          **{f"Speed_Dial_{n}_{what}": ANY for n in range(2, 10) for what in ("Name", "Number")}}
KEY = {"Extension": {"Disabled", *map(str, range(1, LINES + 1))}, "Short_Name": ANY, "Share_Call_Appearance": {"private", "shared"}, "Extended_Function": ANY}
KNOWN = {**DEVICE, **{f"{name}_{n}_": takes for name, takes in LINE.items() for n in range(1, LINES + 1)},
         **{f"{name}_{n}_": takes for name, takes in KEY.items() for n in range(1, KEYS + 1)},
         **{f"Unit_{m}_Key_{k}_": re.compile(r"(fnc=sd;ext=[^;]+;vid=1;nme=[^;]*|fnc=sd\+blf(\+cp)?;sub=[^;]+;ext=[^;]+;vid=1;nme=[^;]*|fnc=dnd|fnc=mwi\+sd;ext=[^;]+;sub=[^;]+;vid=1;nme=[^;]*)?") for m in range(1, MODULES + 1) for k in range(1, MODULE_KEYS + 1)}}


def left_behind():
    """What the phone has: its own star codes, and what the people before left."""
    settings = {f"{name}_{n}_": "theirs" for name in ("User_ID", "Auth_ID", "Password", "Display_Name") for n in range(2, LINES + 1)}
    settings.update({f"{name}_{n}_": "Yes" for name in ("Line_Enable", "Register") for n in range(2, LINES + 1)})
    for n in range(1, KEYS + 1):
        settings.update({f"Extension_{n}_": "2", f"Short_Name_{n}_": "theirs", f"Extended_Function_{n}_": "fnc=sd;ext=666@$PROXY;nme=theirs"})
    settings.update({f"Unit_{m}_Key_{k}_": "fnc=sd;ext=666@$PROXY" for m in range(1, MODULES + 1) for k in range(1, MODULE_KEYS + 1)})
    settings.update({f"{code}_Code": f"*{n + 10}" for n, code in enumerate(CODES)})
    settings.update({"Block_ANC_Act_Code": "*77", "Cfwd_All_Dest": "666", "Cfwd_Busy_Dest": "666", "Cfwd_No_Ans_Dest": "666", "DND_Setting": "Yes",
                     "Block_CID_Setting": "Yes", "Speed_Dial_2_Number": "666", "Speed_Dial_9_Name": "theirs", "Programmable_Softkey_Enable": "Yes",
                     "Webex_Onboard_Enable": "Yes", "Upgrade_Enable": "Yes", "Number_of_Units": "0", "OPUS_Enable_1_": "Yes", "iLBC_Enable_1_": "Yes", "Resync_From_SIP": "No"})
    return settings


def take(text, memory):
    """Adds a file's settings to those that the phone has, and returns the file's."""
    root = ElementTree.fromstring(text)
    assert root.tag == "flat-profile"
    file = {}
    for e in root:
        value = (e.text or "").strip()
        assert e.tag not in file, f"twice: {e.tag}"
        assert e.tag in KNOWN, f"the phone passes over {e.tag}"
        takes = KNOWN[e.tag]
        assert value in takes if isinstance(takes, set) else takes.fullmatch(value), f"{e.tag} doesn't take {value!r}"
        file[e.tag] = value
    memory.update(file)
    if "Line_Enable_1_" not in file:
        return file                    # a redirection
    hot_desk = memory["Log_Missed_Calls_1_"] == "No"
    for name, value in memory.items():
        theirs = value in ("666", "theirs") or "ext=666@" in value    # credentials are random, and may have a 666 in them
        assert not theirs or name.startswith("Speed_Dial") and not hot_desk, f"{name} is still that of the person before"
    for n in range(2, LINES + 1):
        assert memory[f"Line_Enable_{n}_"] == memory[f"Register_{n}_"] == "No", f"line {n} registers on"
    for code in CODES:
        assert not memory[f"{code}_Code"] or code == "Call_Pickup", f"the phone swallows {memory[code + '_Code']}: {code}"
    for switch in ("Block_CID_Setting", "Block_ANC_Setting", "Programmable_Softkey_Enable", "Webex_Onboard_Enable", "Upgrade_Enable", "iLBC_Enable_1_"):
        assert memory[switch] == "No", f"{switch} is on"
    assert memory["Resync_From_SIP"] == "Yes" and not memory["Profile_Rule_B"], "it can't be told, or fetches twice"
    assert memory["Number_of_Units"] == str(MODULES), "its expansion modules stay dark"
    assert (memory["Daylight_Saving_Time_Enable"] == "Yes") == bool(memory["Daylight_Saving_Time_Rule"])
    assert "1" in [memory[f"Extension_{n}_"] for n in range(1, KEYS + 1)], "no line is left for calls"
    return file


def keys(memory):
    """(kind, value, label) of each line key."""
    shown = []
    for n in range(1, KEYS + 1):
        line, label, function = (memory[f"{name}_{n}_"] for name in ("Extension", "Short_Name", "Extended_Function"))
        if line != "Disabled":
            assert line == "1" and not function, f"key {n} is a line of another account, or two things"
            shown.append(("line", "", label))
            continue
        if not function:
            shown.append(("none", "", label))
            continue
        match = FUNCTION.fullmatch(function)
        assert match, f"no key does {function!r}"
        what = set(match["what"].split("+"))
        if what == {"dnd"}:
            assert function == "fnc=dnd", f"key {n} says more than it does"
            shown.append(("dnd", "", label))
            continue
        if "mwi" in what:
            assert what == {"mwi", "sd"} and match["ext"] and match["vid"] == "1", f"no key does {function!r}"
            assert match["box"] == memory["User_ID_1_"], "it shows another's mailbox"
            shown.append(("voicemail", match["ext"], match["nme"]))
            continue
        assert not match["box"], f"no key does {function!r}"
        assert what in ({"sd"}, {"sd", "blf"}, {"sd", "blf", "cp"}), f"no key does {what}"
        assert match["ext"] and match["vid"] == "1" and ("blf" in what) == bool(match["sub"]) and match["sub"] in (None, match["ext"])
        assert ("cp" in what) <= bool(memory["Call_Pickup_Code"]), "it would pick up by nothing"
        shown.append(("blf" if "blf" in what else "speed", match["ext"], match["nme"]))
    return shown

"""How each vendor's phones read their configuration: grammar and parameter names from the vendors' documents.
Each reader gives a `Setup`: what the phone then does, whatever the vendor calls it."""
import dataclasses
import re
import xml.etree.ElementTree as ElementTree

from . import cisco, fanvil, grandstream, htek, poly, snom, yealink


@dataclasses.dataclass
class Key:
    kind: str      # "speed", "blf", "line", "none"; "dnd", "hold", "transfer", "forward", "voicemail"
    value: str = ""
    label: str = ""


@dataclasses.dataclass
class Setup:
    user: str = ""
    auth_user: str = ""
    password: str = ""
    label: str = ""
    display: str = ""
    registrar: str = ""
    proxy: tuple = ("", 5060)
    transport: str = "udp"
    srtp: str = "off"
    expires: int = 3600
    voicemail: str = ""
    mwi: bool = False
    keys: list = dataclasses.field(default_factory=list)
    provisioning_url: str = ""
    ntp: str = ""
    trusts_only_proxy: bool = False
    reboots_on_notify: bool = False
    authority_url: str = ""        # of a certificate that it is to trust
    checks_certificates: bool = False
    reach_url: str = ""            # that it asks for, and makes nothing of the answer
    settings: dict = dataclasses.field(default_factory=dict)


def _yealink(text, memory, _model):
    yealink.take(text, memory)
    def get(name, default=""):
        return memory.get(name, default)
    def account(name, default=""):
        return memory.get("account.1." + name, default)
    setup = Setup(user=account("user_name"), auth_user=account("auth_name"), password=account("password"), label=account("label"),
                  display=account("display_name"), registrar=account("sip_server.1.address"),
                  proxy=(account("outbound_proxy.1.address"), int(account("outbound_proxy.1.port") or 5060)),
                  transport={"0": "udp", "1": "tcp", "2": "tls"}[account("sip_server.1.transport_type") or "0"],
                  srtp={"0": "off", "1": "optional", "2": "required"}[account("srtp_encryption") or "0"],
                  expires=int(account("sip_server.1.expires") or 3600), voicemail=get("voice_mail.number.1"), mwi=account("subscribe_mwi") == "1",
                  provisioning_url=get("static.auto_provision.server.url"), ntp=get("local_time.ntp_server1"),
                  trusts_only_proxy=get("sip.trust_ctrl") == "1",
                  # Default of the phone: any NOTIFY reboots it.
                  reboots_on_notify=get("sip.notify_reboot_enable", "1") == "1", authority_url=get("static.trusted_certificates.url"),
                  checks_certificates=get("static.security.trust_certificates", "1") == "1", reach_url=get("action_url.registered"), settings=memory)
    if not account("user_name"):
        return setup                   # a redirection
    assert account("enable") == "1" and account("outbound_proxy_enable") == "1"
    setup.keys = [Key(*key) for key in yealink.keys(memory)]
    return setup


def _snom(text, memory, _model):
    root = ElementTree.fromstring(text)
    if root.tag == "setting-files" or root.find("setting-files") is not None and root.find("phone-settings") is None:
        node = root if root.tag == "setting-files" else root.find("setting-files")
        return Setup(provisioning_url=node.find("file").get("url"))
    s = snom.take(root, memory)
    def account(name, default=""):
        return s.get((name, "1"), default)
    match = re.match(r"([^:;]+)(?::(\d+))?(?:;transport=(\w+))?", account("user_outbound"))
    setup = Setup(user=account("user_name"), auth_user=account("user_pname") or account("user_name"),
                  password=account("user_pass"), label=account("user_idle_text"), display=account("user_realname"),
                  registrar=account("user_host"), proxy=(match.group(1), int(match.group(2) or 5060)),
                  srtp={"off": "off", "optional": "optional", "mandatory": "required"}[account("user_savp", "off")]
                  if account("user_srtp") == "on" else "off",
                  transport=match.group(3) or "udp", expires=int(account("user_expiry", "3600")),
                  voicemail=account("user_mailbox"), mwi=bool(account("user_mailbox")),
                  provisioning_url=s.get(("setting_server", ""), ""), ntp=s.get(("ntp_server", ""), ""),
                  settings={name: value for (name, index), value in s.items() if not index})
    certificate, more = root.find("certificates/certificate"), root.find("setting-files/file")
    setup.authority_url = certificate.get("url") if certificate is not None else ""
    setup.checks_certificates = certificate is not None
    setup.reach_url = more.get("url") if more is not None else ""
    assert account("user_active") == "on"
    for index in range(snom.KEYS):
        what, label = s["fkey", str(index)]
        setup.keys.append(Key(*snom.key(what), label))
    return setup


def _fanvil(text, memory, model):
    phone, file = fanvil.take(text, memory, model)
    url, line = memory[phone.url], phone.lines[0]
    if line + phone.enable not in file:
        return Setup(provisioning_url=url)     # a redirection
    new = phone is fanvil.X6U
    def get(name, other):
        return memory.get(line + (name if new else other), "")
    assert get("EnableReg", "Enable_Reg") == "1"
    tls = "3" if new else "2"
    return Setup(user=get("PhoneNumber", "Phone_Number"), auth_user=get("RegisterUser", "Register_User"), password=get("RegisterPswd", "Register_Pswd"),
                 label=get("DisplayName", "Display_Name"), display=get("DisplayName", "Display_Name"), registrar=get("RegisterAddr", "Register_Addr"),
                 proxy=(get("ProxyAddr", "Proxy_Addr"), int(get("ProxyPort", "Proxy_Port"))),
                 transport={"0": "udp", "1": "tcp", tls: "tls"}[get("Transport", "Transport")],
                 srtp={"0": "off", "1": "optional", "2": "required"}[get("MediaCrypto", "Media_Crypto")],
                 expires=int(get("RegisterTTL", "Register_TTL")), voicemail=get("MWINum", "MWI_Num"), mwi=bool(get("MWINum", "MWI_Num")),
                 provisioning_url=url, ntp=memory.get("phone/date/SNTPServer" if new else fanvil.GLOBAL + "SNTP_Server", ""),
                 keys=[Key(*key) for key in fanvil.keys(phone, memory)], settings=dict(memory))


def _grandstream(text, memory, model):
    file = grandstream.take(text, memory, model)
    s, url = memory, "http://" + memory["provisioning.config.serverPath"]
    if "account.1.enable" not in file:         # a redirection
        return Setup(provisioning_url=url)
    def get(name):
        return s[f"account.1.{name}"]
    assert get("enable") == "Yes"
    proxy = get("sip.outboundProxy.1.address").partition(":")
    return Setup(user=get("sip.userid"), auth_user=get("sip.subscriber.userid"), password=get("sip.subscriber.password"),
                 label=get("name"), display=get("sip.subscriber.name"), registrar=get("sip.server.1.address").partition(":")[0],
                 proxy=(proxy[0], int(proxy[2] or 5060)), transport={"UDP": "udp", "TCP": "tcp", "TlsOrTcp": "tls"}[get("sip.transport")],
                 srtp={"Disabled": "off", "EnabledButNotForced": "optional", "EnabledAndForced": "required"}[get("audio.srtpMode")],
                 # Minutes, as this vendor counts.
                 expires=60 * int(get("sip.registerExpiration")), voicemail=get("sip.voicemail.number"),
                 mwi=get("sip.subscribe.forMwi") == "Yes", provisioning_url=url, ntp=s.get("dateTime.ntp.server.1", ""),
                 keys=[Key(*key) for key in grandstream.keys(s, model)], settings=dict(s))


def _htek(text, memory, _model):
    file = htek.take(text, memory)
    url = memory["P237"]
    if "P271" not in file:                     # a redirection
        return Setup(provisioning_url=url)
    s = memory
    assert s["P271"] == s["P31"] == "1"
    proxy = s["P48"].partition(":")
    return Setup(user=s["P35"], auth_user=s["P36"], password=s["P34"], label=s["P20000"], display=s["P3"], registrar=s["P47"].partition(":")[0],
                 proxy=(proxy[0], int(proxy[2] or 5060)), transport={"0": "udp", "1": "tcp", "2": "tls"}[s["P130"]],
                 srtp={"0": "off", "1": "optional", "2": "required"}[s["P183"]],
                 # Minutes, as this vendor counts.
                 expires=60 * int(s["P32"]), voicemail=s["P33"], mwi=s["P99"] == "1", provisioning_url=url, ntp=s.get("P30", ""),
                 reboots_on_notify=s.get("P24012") != "1", keys=[Key(*key) for key in htek.keys(s)], settings=dict(s))


def _cisco(text, memory, _model):
    file = cisco.take(text, memory)
    # A changed Profile_Rule counts at the next resync, Profile_Rule_B still in this one.
    if "Line_Enable_1_" not in file:           # a redirection
        return Setup(provisioning_url=memory["Profile_Rule_B"])
    s = memory
    assert s["Line_Enable_1_"] == s["Register_1_"] == s["Use_OB_Proxy_In_Dialog_1_"] == s["Provision_Enable"] == "Yes"
    proxy = s["Outbound_Proxy_1_"].partition(":")
    return Setup(user=s["User_ID_1_"], auth_user=s["Auth_ID_1_"], password=s["Password_1_"], label=s["Station_Name"], display=s["Display_Name_1_"],
                 registrar=s["Proxy_1_"].partition(":")[0], proxy=(proxy[0], int(proxy[2] or 5060)), transport=s["SIP_Transport_1_"].lower(),
                 srtp="off" if s["Secure_Call_Serv"] == "No" else s["Secure_Call_Option_1_"].lower(), expires=int(s["Register_Expires_1_"]),
                 voicemail=s["Voice_Mail_Number"], mwi=bool(s["Mailbox_ID_1_"]), provisioning_url=s["Profile_Rule"], ntp=s.get("Primary_NTP_Server", ""),
                 keys=[Key(*key) for key in cisco.keys(s)], settings=dict(s))


def _poly(text, memory, _model):
    file = poly.take(text, memory)
    s, url = memory, memory["device.prov.serverName"]
    if "reg.1.address" not in file:            # a redirection
        return Setup(provisioning_url=url)
    def get(name):
        return s["reg.1." + name]
    transport = {"UDPOnly": "udp", "TCPOnly": "tcp", "TLS": "tls"}[get("server.1.transport")]
    assert get("outboundProxy.transport") == get("server.1.transport") and get("server.1.register") == "1"
    return Setup(user=get("address"), auth_user=get("auth.userId"), password=get("auth.password"), label=get("label"), display=get("displayName"),
                 registrar=get("server.1.address"), proxy=(get("outboundProxy.address"), int(get("outboundProxy.port"))), transport=transport,
                 srtp="required" if s["sec.srtp.require"] == "1" else "optional" if s["sec.srtp.enable"] == "1" else "off",
                 expires=int(get("server.1.expires")), voicemail=s["msg.mwi.1.callBack"], mwi=bool(s["msg.mwi.1.subscribe"]), provisioning_url=url,
                 ntp=s.get("tcpIpApp.sntp.address", ""), reboots_on_notify=s["voIpProt.SIP.specialEvent.checkSync.alwaysReboot"] != "0",
                 keys=[Key(*key) for key in poly.keys(s)], settings=dict(s))


READERS = {"yealink": _yealink, "snom": _snom, "fanvil": _fanvil, "grandstream": _grandstream, "htek": _htek, "cisco": _cisco, "poly": _poly}


# What a phone that was in use before has in its memory.
LEFT_BEHIND = {"yealink": yealink.left_behind, "snom": snom.left_behind, "fanvil": fanvil.left_behind,
               "grandstream": grandstream.left_behind, "htek": htek.left_behind, "cisco": cisco.left_behind, "poly": poly.left_behind}


def memory_of(vendor, model):
    """Of a phone that others had before; it keeps what a file doesn't name."""
    return LEFT_BEHIND[vendor](model) if vendor == "grandstream" else LEFT_BEHIND[vendor]()


# What a key or a menu switches on at the phone: the name in its memory, how it is then, and how it is off.
CISCO_ON = {"DND_Setting": ("Yes", "No"), "Cfwd_All_Dest": ("0049", "")}
HTEK_ON = {"DND_Enable": ("1", "0"), "P53100": ("1", "0"), "P53101": ("0049", "")}
SNOM_ON = {("dnd_mode", ""): ("on", "off"), ("redirect_event", ""): ("all", "none"), ("redirect_number", ""): ("0049", "")}
YEALINK_ON = {"features.dnd.enable": ("1", "0"), "forward.always.enable": ("1", "0"), "forward.always.target": ("0049", "")}
FANVIL_ON = {"call/port#1/DNDMode": ("1", "0"), "sip/line#1/AlwaysFWD": ("1", "0"), "sip/line#1/AlwaysFWDNum": ("0049", "")}
FANVIL_X4_ON = {fanvil.PORT + "Enable_DND": ("1", "0"), fanvil.LINES + "1/Always_FWD": ("1", "0"), fanvil.LINES + "1/Always_FWD_Num": ("0049", "")}
GRANDSTREAM_ON = {"account.1.featureCodes.callForwardUnconditionallyTarget": ("0049", "")}   # its do-not-disturb is off
SWITCHED = {"yealink": YEALINK_ON, "snom": SNOM_ON, "fanvil": FANVIL_ON, "grandstream": GRANDSTREAM_ON, "htek": HTEK_ON, "cisco": CISCO_ON,
            "poly": {}}                # what a Poly's person switches on doesn't act on a hot desk


def switches(vendor, model):
    return FANVIL_X4_ON if (vendor, model) == ("fanvil", "X4") else SWITCHED[vendor]


def switch_on(vendor, model, memory):
    """The person at the phone doesn't want to be disturbed, and has their calls forwarded."""
    memory.update({name: on for name, (on, _) in switches(vendor, model).items()})


def switched_on(vendor, model, memory):
    return [name for name, (_, off) in switches(vendor, model).items() if memory[name] != off]


def read(vendor, data, memory, model):
    setup = READERS[vendor](data.decode("utf-8"), memory, model)
    if not setup.user:
        return setup                   # a redirection
    whose, at = f"{setup.user} by {setup.auth_user}", ("whose", "") if vendor == "snom" else "whose"
    if memory.get(at) != whose:
        left = switched_on(vendor, model, memory)
        assert not left, f"{left} is on as the person before left it"
    memory[at] = whose
    return setup

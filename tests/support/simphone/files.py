"""How four vendors' phones read their configuration: grammar and parameter names from the vendors' documents.
Each reader gives a `Setup`: what the phone then does, whatever the vendor calls it."""
import dataclasses
import re
import xml.etree.ElementTree as ElementTree

from . import grandstream, snom


@dataclasses.dataclass
class Key:
    kind: str      # "speed", "blf", "line", "none"
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


def _yealink(text, _memory):
    lines = text.split("\n")
    assert lines[0].strip() == "#!version:1.0.0.1", "a Yealink phone skips a file without its first line"
    s = {}
    for line in lines[1:]:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, _, value = line.partition("=")
        value = value.strip()
        s[name.strip()] = "" if value == "%NULL%" else value
    def get(name, default=""):
        return s.get(name, default)
    setup = Setup(user=get("account.1.user_name"), auth_user=get("account.1.auth_name"), password=get("account.1.password"),
                  label=get("account.1.label"), display=get("account.1.display_name"),
                  registrar=get("account.1.sip_server.1.address"),
                  proxy=(get("account.1.outbound_proxy.1.address"), int(get("account.1.outbound_proxy.1.port", "5060") or 5060)),
                  transport={"0": "udp", "1": "tcp", "2": "tls"}[get("account.1.sip_server.1.transport_type", "0") or "0"],
                  srtp={"0": "off", "1": "optional", "2": "required"}[get("account.1.srtp_encryption", "0") or "0"],
                  expires=int(get("account.1.sip_server.1.expires", "3600") or 3600),
                  voicemail=get("voice_mail.number.1"), mwi=get("account.1.subscribe_mwi") == "1",
                  provisioning_url=get("static.auto_provision.server.url"), ntp=get("local_time.ntp_server1"),
                  trusts_only_proxy=get("sip.trust_ctrl") == "1",
                  # Default of the phone: any NOTIFY reboots it.
                  reboots_on_notify=get("sip.notify_reboot_enable", "1") == "1",
                  authority_url=get("static.trusted_certificates.url"),
                  checks_certificates=get("static.security.trust_certificates", "1") == "1",
                  reach_url=get("action_url.registered"), settings=s)
    if not any(name.startswith("account.") for name in s):
        return setup                   # a redirection
    assert get("account.1.enable") == "1" and get("account.1.outbound_proxy_enable") == "1"
    kinds = {"13": "speed", "16": "blf", "15": "line", "0": "none", "": "none"}
    number = 1
    while f"linekey.{number}.type" in s:
        setup.keys.append(Key(kinds.get(get(f"linekey.{number}.type"), "other"), get(f"linekey.{number}.value"),
                              get(f"linekey.{number}.label")))
        number += 1
    return setup


def _snom(text, memory):
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
        kind, _, value = what.partition(" ")
        setup.keys.append(Key(kind, value.partition("|")[0], label))
    return setup


def _fanvil(text, _memory):
    root = ElementTree.fromstring(text)
    assert root.tag == "sysConf" and root.find("Version") is not None
    if root.find("sip") is None:       # a redirection
        return Setup(provisioning_url=next(root.iter("FlashServerIP")).text)
    line = next(e for e in root.find("sip").iter("line") if e.get("index") == "1")
    def get(name, default=""):
        e = line.find(name)
        return (e.text or "") if e is not None else default
    def anywhere(name):
        e = next(root.iter(name), None)
        return (e.text or "") if e is not None else ""
    assert get("EnableReg") == "1"
    ap = root.find("ap")
    url = anywhere("FlashServerIP")
    setup = Setup(user=get("PhoneNumber"), auth_user=get("RegisterUser"), password=get("RegisterPswd"),
                  label=get("DisplayName"), display=get("DisplayName"), registrar=get("RegisterAddr"),
                  proxy=(get("ProxyAddr"), int(get("ProxyPort", "5060") or 5060)),
                  transport={"0": "udp", "1": "tcp", "3": "tls"}[get("Transport", "0") or "0"],
                  srtp={"0": "off", "1": "optional", "2": "required"}[get("MediaCrypto", "0") or "0"],
                  expires=int(get("RegisterTTL", "3600") or 3600), voicemail=get("MWINum"), mwi=bool(get("MWINum")),
                  provisioning_url=url, ntp=anywhere("SNTPServer"), settings={"ap": ap})
    number_of = {}
    for e in root.find("dsskey").iter("Fkey"):
        kind, value = e.findtext("Type") or "0", e.findtext("Value") or ""
        number, _, suffix = value.partition("@")
        code = suffix.partition("/")[2]
        if kind == "2":
            key = Key("line", value)
        elif kind == "1" and code.startswith("b"):
            key = Key("blf", number, e.findtext("Title") or "")
        elif kind == "1":
            key = Key("speed", number, e.findtext("Title") or "")
        else:
            key = Key("none")
        number_of.setdefault(int(e.get("index")), key)
    setup.keys = [number_of[i] for i in sorted(number_of)]
    return setup


def _grandstream(text, memory):
    file = grandstream.take(text, memory)
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
                 keys=[Key(*key) for key in grandstream.keys(s)], settings=dict(s))


READERS = {"yealink": _yealink, "snom": _snom, "fanvil": _fanvil, "grandstream": _grandstream}


# What a phone that was in use before has in its memory.
LEFT_BEHIND = {"snom": snom.left_behind, "grandstream": grandstream.left_behind}


def memory_of(vendor):
    """Of a phone that others had before; it keeps what a file doesn't name."""
    return LEFT_BEHIND.get(vendor, dict)()


def read(vendor, data, memory):
    return READERS[vendor](data.decode("utf-8"), memory)

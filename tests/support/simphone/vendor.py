"""What phones of different vendors do differently on their way to a configuration."""
import dataclasses

from . import poly


@dataclasses.dataclass(frozen=True)
class Vendor:
    name: str
    model: str
    firmware: str
    pnp: object           # (mac) -> user part of the PnP URIs; None: DHCP alone leads it
    event: object         # (vendor) -> Event header
    http_agent: object    # (mac) -> User-Agent
    sip_agent: str
    files: object         # (mac) -> file names asked for behind a directory URL, in order
    branch: bool = True   # snom's PnP has none, nor Max-Forwards
    challenges_notify: bool = False
    un_registers_first: bool = True
    stops_at_first: bool = False   # asks for no further file once it has got one
    index: object = None           # (text of the file before) -> names of the files that it asks for then
    own_by_model: bool = False     # what it gets under its model's name may be its own, by its User-Agent


def _colons(mac):
    return ":".join(mac[i:i + 2] for i in range(0, 12, 2))


VENDORS = {
    "yealink": Vendor("yealink", "T46S", "66.86.0.15", lambda m: f"MAC{m}",
                      lambda v: f'ua-profile;profile-type="device";vendor="Yealink";model="{v.model}";version="{v.firmware}"',
                      lambda m: f"Yealink SIP-T46S 66.86.0.15 {_colons(m)}", "Yealink SIP-T46S 66.86.0.15",
                      lambda m: ["y000000000066.cfg", f"{m}.cfg"]),
    "snom": Vendor("snom", "snomD785", "10.1.184.16", lambda m: f"MAC%3a{m.upper()}",
                   lambda v: f'ua-profile;profile-type="device";vendor="snom";model="{v.model}";version="{v.firmware}"',
                   lambda m: f"Mozilla/4.0 (compatible; snomD785-SIP 10.1.184.16 2010.12 {m.upper()} SXM:0 UXM:0)",
                   "snomD785/10.1.184.16", lambda m: ["snomD785.htm", f"snomD785-{m.upper()}.htm"], branch=False,
                   challenges_notify=True),
    "fanvil": Vendor("fanvil", "X6U", "2.4.10", lambda m: f"MAC={m}",
                     lambda v: 'ua-profile;profile-type="device";vendor="Fanvil";model="VOIP PHONE";version="2.4.10"',
                     lambda m: f"Fanvil X6U 2.4.10 {m}", "Fanvil X6U 2.4.10", lambda m: ["F0V00X6U0000.cfg", f"{m}.boot", f"{m}.cfg"]),
    "fanvil-x4": Vendor("fanvil", "X4", "2.14.0", lambda m: f"MAC={m}",
                        lambda v: 'ua-profile;profile-type="device";vendor="Fanvil";model="VOIP PHONE";version="2.14.0"',
                        lambda m: f"Fanvil X4 2.14.0 {m}", "Fanvil X4 2.14.0", lambda m: ["f0X4hw1.100.cfg", f"{m}.cfg"]),
    "grandstream": Vendor("grandstream", "GRP2614", "1.0.5.67", lambda m: f"MAC%3A{m.upper()}",
                          lambda v: f'ua-profile;profile-type="device";vendor="Grandstream";model="{v.model}";version="{v.firmware}"',
                          lambda m: f"Grandstream Model HW GRP2614 SW 1.0.5.67 DevId {m}", "Grandstream GRP2614 1.0.5.67",
                          lambda m: [f"cfg{m}", f"cfg{m}.xml"], challenges_notify=True),
    "grandstream-gxp": Vendor("grandstream", "GXP2170", "1.0.11.57", lambda m: f"MAC%3A{m.upper()}",
                              lambda v: f'ua-profile;profile-type="device";vendor="Grandstream";model="{v.model}";version="{v.firmware}"',
                              lambda m: f"Grandstream Model HW GXP2170 SW 1.0.11.57 DevId {m}", "Grandstream GXP2170 1.0.11.57",
                              lambda m: [f"cfg{m}", f"cfg{m}.xml"], challenges_notify=True),
    "htek": Vendor("htek", "UC926", "2.0.4.6.41", lambda m: f"MAC%3A{m}",
                   lambda v: f'ua-profile;profile-type="device";vendor="Htek";model="{v.model}";version="{v.firmware}"',
                   lambda m: f"Htek UC926 2.0.4.6.41 {_colons(m)}", "Htek UC926 2.0.4.6.41",
                   lambda m: ["cfg0010.xml", f"cfg{m}", f"cfg{m}.xml"], stops_at_first=True),
    "cisco": Vendor("cisco", "8851", "12.0.3", None, None, lambda m: f"Cisco-CP-8851-3PCC/12.0.3 ({m})", "Cisco-CP-8851-3PCC/12.0.3",
                    lambda m: ["8851-3PCC.xml"], challenges_notify=True, own_by_model=True),
    "poly": Vendor("poly", "VVX450", "6.4.0.1234", None, None, lambda m: f"FileTransport PolycomVVX-VVX_450-UA/6.4.0.1234 (SN:{m}) Type/Application",
                   "PolycomVVX-VVX_450-UA/6.4.0.1234", lambda m: [f"{m}.cfg"], index=poly.index),
}

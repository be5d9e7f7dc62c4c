"""What tests do with trunks: a provider beside a world, its trunk, numbers and rules; certificates made by openssl."""
import ssl
import subprocess
import urllib.parse

import case
from dns_zone import Zone
from harness import eventually, in_thread
from provider import Provider
from provider.wire import bracketed

ACCOUNT, SECRET = "4930123450", "s3cret-of-the-trunk"
NUMBER = "+4930123451"                 # at which a person is called
DOMAIN = "tel.example.net"


def address_of(world, last):
    """In a network that belongs to nobody of the world's sites."""
    return f"{world.nets[7]}.{last}"


async def a_zone(world):
    """The DNS server that `dns.servers` of the world's core names (see dns_setting)."""
    return await Zone(address_of(world, 53)).open()


def dns_setting(world):
    return f'dns: {{ servers: ["{address_of(world, 53)}"] }}\n'


async def a_provider(world, last=10, **options):
    return await Provider(address_of(world, last), options.pop("accounts", {ACCOUNT: SECRET}), **options).open()


def trunk_body(provider=None, name="provider", **fields):
    body = {"name": name, "kind": "registration", "domain": DOMAIN, "user": ACCOUNT, "password": SECRET, "country": "DE", "area_code": "30",
            "main_number": f"+{ACCOUNT}"}
    if provider is not None:
        body["server"] = f"{bracketed(provider.ip)}:{provider.port}"
    return {**body, **fields}


async def a_trunk(world, provider=None, **fields):
    body = trunk_body(provider, **fields)
    await in_thread(world.api.post, "/trunks", body)
    return body["name"]


async def trunk(world, name="provider"):
    return await in_thread(world.api.get, f"/trunks/{name}")


async def trunk_is(world, condition, name="provider", timeout=15):
    """As soon as the trunk's condition ("registered", "failed", …) is this one; the trunk as GET /trunks/{name} shows it."""
    last = {}

    def so():
        last.update(world.api.get(f"/trunks/{name}"))
        return (last["state"] or {}).get("condition") == condition
    try:
        await eventually(so, timeout)
    except AssertionError:
        raise AssertionError(f"not within {timeout} s: trunk {name} {condition}; it is {last.get('state')}") from None
    return dict(last)


async def numbers(world, extension, first=NUMBER, trunks=("provider",), pattern="0.", name="outside"):
    """The extension is called from outside, and everybody may call outside: 0 and the number, as in many houses."""
    await in_thread(world.api.post, "/inbound-numbers", {"first": first, "last": first, "extension": extension})
    await in_thread(world.api.post, "/outbound-rules", {"name": name, "position": 1, "pattern": pattern, "strip": 1, "trunks": list(trunks)})


class TrunkCase(case.LoopbackCase):
    """One core for the tests of a class; a test's providers are away after it, and its trunks deleted."""
    core_pnp = False
    core_extra = staticmethod(dns_setting)
    last = 59              # octet of the newest provider's address

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.providers, self.zones = [], []
        TrunkCase.last += 1
        self.domain = f"tel{TrunkCase.last}.example.net"     # of the test's own: the core remembers names for their TTL

    async def asyncTearDown(self):
        try:
            for path, key in (("/outbound-rules", "name"), ("/inbound-numbers", "first"), ("/trunks", "name")):
                for record in await self.api("GET", path):
                    await self.api("DELETE", f"{path}/{urllib.parse.quote(record[key], safe='')}")
            faults = [seen for provider in self.providers for seen in provider.seen if seen[0] == "fault"]
            for each in self.providers + self.zones:
                await each.close()
        finally:
            await super().asyncTearDown()
        self.assertEqual(faults, [])

    async def provider(self, **options):
        TrunkCase.last += 1
        made = await a_provider(self.world, TrunkCase.last, **options)
        self.providers.append(made)
        return made

    async def zone(self):
        self.zones.append(await a_zone(self.world))
        return self.zones[-1]


def make_certificates(folder, *names, kind="DNS"):
    """An authority, and a server's certificate of it for each name: {name: ssl.SSLContext}, the authority's PEM text."""
    def run(*command):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True, timeout=30)
    folder.mkdir(exist_ok=True)
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run("req", "-x509", *key, "-keyout", ca_key, "-out", ca, "-days", 30, "-subj", "/CN=Authority of the test")
    contexts = {}
    for name in names:
        request, secret, certificate, extra = (folder / f"{name}.{end}" for end in ("csr", "key", "pem", "ext"))
        extra.write_text(f"subjectAltName={kind}:{name}\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n")
        run("req", *key, "-keyout", secret, "-out", request, "-subj", f"/CN={name}")
        run("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", certificate, "-days", 30, "-extfile", extra)
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(certificate, secret)
    return contexts, ca.read_text()

"""A DNS server for tests: authoritative for whatever it is told, over UDP and TCP, with the habits of servers that are ill (RFC 1035)."""
import asyncio
import ipaddress
import struct

A, CNAME, AAAA, SRV, NAPTR = 1, 5, 28, 33, 35
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5


def name_bytes(name):
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def text_bytes(text):
    return bytes([len(text)]) + text.encode()


class Zone(asyncio.DatagramProtocol):
    """Names that aren't in it don't exist. Changes hold from the next question on."""

    def __init__(self, address, port=53, ttl=3600):
        self.address, self.port, self.ttl = address, port, ttl
        self.records = {}              # name: [(type, ttl, data)]
        self.codes = {}                # name: SERVFAIL, REFUSED … in place of an answer
        self.silent = False            # as if it were away
        self.by_tcp_only = False       # over UDP every answer is cut (TC)
        self.asked = []                # (name, type) of each question

    # ---- what it knows
    def a(self, name, *addresses, ttl=None):
        return self._add(name, [(A, ttl, ipaddress.IPv4Address(a).packed) for a in addresses])

    def aaaa(self, name, *addresses, ttl=None):
        return self._add(name, [(AAAA, ttl, ipaddress.IPv6Address(a).packed) for a in addresses])

    def cname(self, name, target, ttl=None):
        return self._add(name, [(CNAME, ttl, target)])

    def srv(self, name, *servers, ttl=None):
        """`servers`: (priority, weight, port, target) each; target "." says that there is no such service."""
        return self._add(name, [(SRV, ttl, struct.pack("!HHH", *numbers) + name_bytes(target)) for *numbers, target in servers])

    def naptr(self, name, *pointers, ttl=None):
        """`pointers`: (order, preference, service, replacement) each."""
        return self._add(name, [(NAPTR, ttl, struct.pack("!HH", order, preference) + text_bytes("s") + text_bytes(service) + text_bytes("")
                                 + name_bytes(replacement)) for order, preference, service, replacement in pointers])

    def forget(self, name):
        self.records.pop(name.lower(), None)
        return self

    def _add(self, name, records):
        self.records.setdefault(name.lower(), []).extend(records)
        return self

    # ---- on the network
    @property
    def endpoint(self):
        return f"{self.address}:{self.port}"

    async def open(self):
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.address, self.port))
        self.server = await asyncio.start_server(self._serve, self.address, self.port)
        return self

    async def close(self):
        self.transport.close()
        self.server.close()
        await asyncio.sleep(0)

    def datagram_received(self, data, peer):
        answer = self.answer(data, cut=self.by_tcp_only)
        if answer:
            self.transport.sendto(answer, peer)

    async def _serve(self, reader, writer):
        try:
            while True:
                size, = struct.unpack("!H", await reader.readexactly(2))
                answer = self.answer(await reader.readexactly(size))
                if answer:
                    writer.write(struct.pack("!H", len(answer)) + answer)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    def answer(self, query, cut=False):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        question = query[12:at + 5]
        name, (kind,) = ".".join(labels).lower(), struct.unpack("!H", query[at + 1:at + 3])
        self.asked.append((name, kind))
        if self.silent:
            return None
        code, found = self.codes.get(name), []
        if code is None:
            code, found = self._find(name, kind)
        answers = [] if cut else [name_bytes(owner) + struct.pack("!HHIH", t, 1, self.ttl if ttl is None else ttl, len(data)) + data
                                  for owner, t, ttl, data in found]
        head = query[:2] + struct.pack("!HHHHH", 0x8580 | code | (0x0200 if cut else 0), 1, len(answers), 0, 0)
        return head + question + b"".join(answers)

    def _find(self, name, kind):
        found = []
        for _ in range(8):
            if name not in self.records:
                below = any(other.endswith("." + name) for other in self.records)      # an empty non-terminal exists (RFC 8020)
                return (0 if below or found else NXDOMAIN), found
            alias = next(((ttl, data) for t, ttl, data in self.records[name] if t == CNAME), None)
            if alias is None or kind == CNAME:
                return 0, found + [(name, t, ttl, data) for t, ttl, data in self.records[name] if t == kind]
            found.append((name, CNAME, alias[0], name_bytes(alias[1])))
            name = alias[1].lower()
        return 0, found

"""A provider's sockets: UDP, TCP and TLS, each message with the flow on which it came."""
import asyncio
import re


def bracketed(ip):
    """As the host of a URI, a Via, an authority (RFC 3986 §3.2.2)."""
    return f"[{ip}]" if ":" in ip else ip


class Flow:
    """One way to one peer: a UDP address pair, or a connection."""

    def __init__(self, transport, local, peer, send, close=None):
        self.transport, self.local, self.peer = transport, local, peer      # "udp", "tcp", "tls"; (address, port) twice
        self._send, self._close = send, close

    @property
    def key(self):
        return self.transport, self.local, self.peer

    def send(self, message):
        self._send(message.bytes())

    def close(self):
        if self._close:
            self._close()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, received):
        self.received = received

    def connection_made(self, transport):
        self.transport = transport
        self.local = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data, peer):
        if data.strip():
            self.received(self.flow(peer[:2]), data)

    def flow(self, peer):
        return Flow("udp", self.local, peer, lambda data: self.transport.is_closing() or self.transport.sendto(data, peer))


class Stream(asyncio.Protocol):
    """Framed by Content-Length (RFC 3261 §18.3); keepalives are answered (RFC 5626 §3.5.1)."""

    def __init__(self, kind, received, opened, closed):
        self.kind, self.received, self.opened, self.closed, self.buffer = kind, received, opened, closed, b""

    def connection_made(self, transport):
        local, peer = transport.get_extra_info("sockname")[:2], transport.get_extra_info("peername")[:2]
        self.transport = transport
        self.flow = Flow(self.kind, local, peer, transport.write, transport.abort)
        self.opened(self.flow)

    def data_received(self, data):
        self.buffer += data
        while True:
            if self.buffer.startswith(b"\r\n\r\n"):
                self.transport.write(b"\r\n")
            self.buffer = self.buffer.lstrip(b"\r\n")
            head, end_of_head, _ = self.buffer.partition(b"\r\n\r\n")
            if not end_of_head:
                return
            length = re.search(rb"^(?:content-length|l)\s*:\s*(\d+)", head, re.I | re.M)
            end = len(head) + 4 + (int(length.group(1)) if length else 0)
            if len(self.buffer) < end:
                return
            message, self.buffer = self.buffer[:end], self.buffer[end:]
            self.received(self.flow, message)

    def connection_lost(self, error):
        self.closed(self.flow)


class Wire:
    """`transports`: those that it listens on; `tls`: an ssl.SSLContext. A connection to any other port is refused."""

    def __init__(self, address, port, tls_port, transports, tls, received):
        self.address, self.port, self.tls_port, self.transports, self.tls = address, port, tls_port, transports, tls
        self.received, self.flows, self.servers, self.datagrams = received, {}, [], None

    def _stream(self, kind):
        return Stream(kind, self.received, lambda flow: self.flows.update({flow.key: flow}), lambda flow: self.flows.pop(flow.key, None))

    async def open(self):
        loop = asyncio.get_running_loop()
        if "udp" in self.transports:
            _, self.datagrams = await loop.create_datagram_endpoint(lambda: Datagrams(self.received), local_addr=(self.address, self.port))
        if "tcp" in self.transports:
            self.servers.append(await loop.create_server(lambda: self._stream("tcp"), self.address, self.port))
        if "tls" in self.transports:
            self.servers.append(await loop.create_server(lambda: self._stream("tls"), self.address, self.tls_port, ssl=self.tls))

    async def connect(self, peer):
        """A connection that the provider begins."""
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: self._stream("tcp"), *peer, local_addr=(self.address, 0))
        return stream.flow

    async def close(self):
        for server in self.servers:
            server.close()
        for flow in list(self.flows.values()):
            flow.close()
        if self.datagrams:
            self.datagrams.transport.close()
        self.servers, self.datagrams = [], None
        await asyncio.sleep(0)

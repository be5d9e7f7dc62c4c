"""What a phone sends and hears: sockets, connections, transactions."""
import asyncio
import re
import socket
import ssl

from .message import Message


class HostNetwork:
    """Where the phone's sockets come from; netns.Namespace is another."""

    @staticmethod
    def socket(kind):
        return socket.socket(socket.AF_INET, kind)


class Stream(asyncio.Protocol):
    """SIP over TCP or TLS: one connection to the proxy, framed by Content-Length (RFC 3261 §18.3)."""

    def __init__(self, phone, peer):
        self.phone, self.peer, self.buffer, self.transport = phone, peer, b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer = (self.buffer + data).lstrip(b"\r\n")
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = re.search(rb"^(?:content-length|l)\s*:\s*(\d+)", head, re.I | re.M)
            end = len(head) + 4 + (int(length.group(1)) if length else 0)
            if len(self.buffer) < end:
                return
            message, self.buffer = self.buffer[:end], self.buffer[end:].lstrip(b"\r\n")
            self.phone.datagram_received(message, self.peer)

    def connection_lost(self, error):
        if self.phone.stream is self:
            self.phone.stream = None
            self.phone.note("network", "connection lost")


class Wire(asyncio.DatagramProtocol):
    """The part of a phone that speaks SIP; what requests mean is its other parts' (`on_invite`, ...)."""

    def _via(self):
        transport, port = (self.setup.transport.upper(), self.stream_port) if self.stream else ("UDP", self.port)
        return f"SIP/2.0/{transport} {self.ip}:{port};branch=z9hG4bK{self.token()};rport"

    def send(self, message, peer):
        data = message.bytes()
        self.trace.append(("out", data, peer))
        if self.stream is not None and peer == self.stream.peer:
            self.stream.transport.write(data)
        else:
            self.transport.sendto(data, peer)

    async def connected(self, host, port, timeout=5):
        sock = self.network.socket(socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.bind((self.ip, 0))
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, (host, port)), timeout)
        except BaseException:
            sock.close()
            raise
        return sock

    async def connect(self):
        """TCP or TLS to the proxy, where the configuration asks for it; once more where it was lost."""
        transport = self.setup.transport
        if transport == "udp" or self.stream is not None:
            return
        sock = await self.connected(*self.setup.proxy)
        self.stream_port = sock.getsockname()[1]
        stream = Stream(self, self.setup.proxy)
        tls = {"ssl": self._tls(), "server_hostname": self.trust[1] if self.trust else ""} if transport == "tls" else {}
        await asyncio.get_running_loop().create_connection(lambda: stream, sock=sock, **tls)
        self.stream = stream
        self.contact = f"<sip:{self.setup.user}@{self.ip}:{self.stream_port};transport={transport}>"

    def _tls(self):
        if self.trust:
            return ssl.create_default_context(cafile=self.trust[0])
        return self._checked(names=False)

    def _checked(self, names=True):
        """Certificates as the configuration says: checked by the authority that it named, or not at all. Of HTTPS the address
        has to be the certificate's, too."""
        if self.setup and self.setup.checks_certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = names
            if self.authority and self.trusts:
                context.load_verify_locations(cadata=self.authority)
            return context
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    async def transact(self, message, peer=None, provisional=None, timeout=32, add_via=True):
        """A client transaction over UDP: repeats (T1 500 ms, T2 4 s), ACKs refusals of an INVITE."""
        if add_via:
            message.headers.insert(0, ("Via", self._via()))
        peer = peer or self.setup.proxy
        key = (message["call-id"], int(message["cseq"].split()[0]), message.method)
        queue = asyncio.Queue()
        self.pending[key] = queue
        interval, quiet = 0.5, False
        self.send(message, peer)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        answer = await asyncio.wait_for(queue.get(), None if quiet else interval)
                    except asyncio.TimeoutError:
                        if self.stream is None:
                            self.send(message, peer)
                        interval = min(interval * 2, 4)
                        continue
                    if answer.status < 200:
                        quiet = quiet or message.method == "INVITE"
                        if provisional:
                            provisional(answer)
                        continue
                    if message.method == "INVITE" and answer.status >= 300:
                        ack = Message(f"ACK {message.uri} SIP/2.0",
                                      [("Via", message["via"]), ("From", message["from"]), ("To", answer["to"]),
                                       ("Call-ID", message["call-id"]), ("CSeq", f"{key[1]} ACK"), ("Max-Forwards", "70")])
                        self.acks[key[:2]] = ack
                        self.send(ack, peer)
                    return answer
        finally:
            self.pending.pop(key, None)

    def reply(self, message, until_ack=None):
        """Answers the request whose copy `message` carries; a 2xx to an INVITE is repeated until its ACK."""
        peer = self.reply_to.get(message["call-id"], None)
        self.answered[(message["call-id"], message["cseq"], message["via"])] = message
        self.send(message, peer)
        if until_ack is not None:
            until_ack.acked = asyncio.Event()
            self.spawn(self._repeat(message, peer, until_ack))

    async def _repeat(self, message, peer, call):
        interval = 0.5
        for _ in range(10):
            try:
                await asyncio.wait_for(call.acked.wait(), interval)
                return
            except asyncio.TimeoutError:
                self.send(message, peer)
                interval = min(interval * 2, 4)

    reply_to = None

    def connection_made(self, transport):
        self.transport = transport
        self.reply_to = {}

    def error_received(self, error):
        self.note("network", type(error).__name__)

    def datagram_received(self, data, peer):
        self.trace.append(("in", data, peer))
        if not data.strip():
            return
        message = Message.parse(data)
        if message.is_request:
            self.on_request(message, peer)
            return
        number, method = message["cseq"].split()
        pending = self.pending.get((message["call-id"], int(number), method))
        if isinstance(pending, asyncio.Queue):
            pending.put_nowait(message)
        elif pending is not None and not pending.done():
            pending.set_result(message)
        elif method == "INVITE" and message.status >= 200:
            ack = self.acks.get((message["call-id"], int(number)))
            if ack:
                self.send(ack, peer)

    def on_request(self, message, peer):
        self.reply_to[message["call-id"]] = peer
        if message.method == "ACK":
            for call in self.calls:
                if call.call_id == message["call-id"]:
                    if hasattr(call, "acked"):
                        call.acked.set()
                    if message.body:
                        call.take_sdp(message.body)
            return
        before = self.answered.get((message["call-id"], message["cseq"], message["via"]))
        if before is not None:
            self.send(before, peer)
            return
        handler = getattr(self, f"on_{message.method.lower()}", None)
        if handler is None:
            self.reply(message.answer(405, "Method Not Allowed", to_tag=self.token(4)))
        else:
            handler(message, peer)

    def on_options(self, message, _):
        self.reply(message.answer(200, "OK", to_tag=self.token(4)))

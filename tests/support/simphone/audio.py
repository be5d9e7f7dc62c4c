"""What a phone's ear and mouth do: RTP with G.711, tones, RFC 4733 digits, and telling which tone is heard."""
import asyncio
import math
import os
import socket
import struct
import time

from . import g711

RATE, FRAME = 8000, 160
DTMF = {k: (low, high) for low, row in ((697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D"))
        for k, high in zip(row, (1209, 1336, 1477, 1633))}
EVENTS = {k: i for i, k in enumerate("0123456789*#ABCD")}


def tone(*frequencies, samples, start=0, level=0.25):
    """16-bit samples of a sum of sines."""
    return b"".join(struct.pack("<h", int(32767 * level * sum(
        math.sin(2 * math.pi * f * (start + n) / RATE) for f in frequencies) / max(1, len(frequencies))))
        for n in range(samples))


def power(pcm, frequency):
    """Goertzel: the share (0..1) of the signal's energy that is at one frequency."""
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    total = sum(s * s for s in samples)
    if not samples or total < len(samples) * 100:
        return 0.0
    k = 2 * math.cos(2 * math.pi * frequency / RATE)
    a = b = 0.0
    for s in samples:
        a, b = s + k * a - b, a
    return min(1.0, 2 * (a * a + b * b - k * a * b) / (len(samples) * total))


SO_TIMESTAMPNS = 35      # asm-generic/socket.h; Python 3.11 doesn't name it


class Audio:
    """One call's RTP socket: sends a frame each 20 ms, keeps what it hears. Times are the event loop's (CLOCK_MONOTONIC);
    a packet's is the kernel's stamp, so that nothing that this program is slow at is in it."""

    def __init__(self, payload_type, event_type=101):
        self.payload_type, self.event_type = payload_type, event_type
        self.remote = None
        self.sending = True
        self.heard = bytearray()      # 16-bit samples, the last 10 s
        self.packets = 0
        self.sources = set()
        self.arrivals = []            # time of each packet
        self.departures = []          # time of each packet sent
        self.digits = []              # heard as RFC 4733 events
        self.events = set()           # the timestamps of these
        self.pressed = []             # (digit, time at which its first packet left) of each RFC 4733 event
        self.frequency = None         # what the mouth says: a tone, or silence
        self.sequence = struct.unpack("H", os.urandom(2))[0] & 0x7FFF
        self.timestamp = struct.unpack("I", os.urandom(4))[0] & 0x3FFFFFFF
        self.ssrc = struct.unpack("I", os.urandom(4))[0]
        self.clock = 0
        self.queue = []               # digits to send: (payload, marker, timestamp) frames
        self.event_clock = "sound"    # or its timestamps stand, run within a press, or run in its end packets: "ends"
        self.event_sent_as = None     # another payload type than the negotiated one
        self.mouth = None             # a socket to talk from, where it isn't the one to listen at
        self.seal = self.unseal = None    # srtp.Context of what it says and hears, where that is SRTP
        self.refused = 0                  # packets that didn't open
        self.said = None                  # the newest packet, as it left
        self.wire = None                  # a list: what arrives is kept in it as it came
        self.sock = self.task = None

    async def open(self, address, port=0, network=None):
        loop = asyncio.get_running_loop()
        self.sock = network.socket(socket.SOCK_DGRAM) if network else socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.bind((address, port))
        self.port = self.sock.getsockname()[1]
        loop.add_reader(self.sock, self._readable)
        self.task = asyncio.create_task(self._run())
        return self

    def close(self):
        if self.task:
            self.task.cancel()
        if self.sock and self.sock.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self.sock)
            self.sock.close()

    def encode(self, pcm):
        return g711.encode(pcm, alaw=self.payload_type == 8)

    def _readable(self):
        while self.sock.fileno() >= 0:
            try:
                data, extra, _, source = self.sock.recvmsg(2048, 64)
            except OSError:               # nothing more, or what we sent was refused (ICMP)
                return
            age = 0.0
            for level, kind, stamp in extra:
                if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
                    seconds, nanoseconds = struct.unpack("@qq", stamp)
                    age = (time.time_ns() - seconds * 10 ** 9 - nanoseconds) / 1e9
            self._received(data, source, asyncio.get_running_loop().time() - age)

    def _received(self, data, source, now):
        if len(data) < 12 or data[0] >> 6 != 2:
            return
        if self.wire is not None:
            self.wire.append(data)
        if self.unseal:
            data = self.unseal.open(data)
            if data is None:
                self.refused += 1
                return
        self.packets += 1
        self.sources.add(source)
        self.arrivals.append(now)
        payload = data[12 + 4 * (data[0] & 15):]
        kind = data[1] & 127
        if kind in (0, 8):
            self.heard += g711.decode(payload, alaw=kind == 8)
            del self.heard[:-RATE * 2 * 10]
        elif kind == self.event_type and len(payload) >= 4 and data[4:8] not in self.events:
            self.events.add(data[4:8])
            self.digits.append(next((k for k, v in EVENTS.items() if v == payload[0]), payload[0]))

    def hears(self, frequency, seconds=0.4, share=0.5):
        return power(bytes(self.heard[-int(RATE * 2 * seconds):]), frequency) > share

    def level(self, seconds=0.4):
        pcm = bytes(self.heard[-int(RATE * 2 * seconds):])
        return g711.level(pcm)

    def press(self, digit, frames=8, how="rfc4733", pause=4):
        """Queues one key press: RFC 4733 events with three end packets, or tones in the audio. In frames of 20 ms."""
        if how == "inband":
            self.queue += [("tone", DTMF[digit])] * frames + [("tone", ())] * 6
            return
        self.queue += [("event", EVENTS[digit], n + 1, frames, n == frames - 1) for n in range(frames)]
        self.queue += [("pause",)] * pause

    async def _run(self):
        loop = asyncio.get_running_loop()
        start, sent = loop.time(), 0
        event_timestamp = told = 0
        while True:
            sent += 1
            await asyncio.sleep(max(0.0, start + sent * 0.02 - loop.time()))
            self.clock += FRAME
            now = (self.timestamp + self.clock) & 0xFFFFFFFF
            item = self.queue.pop(0) if self.queue else None
            if self.remote is None or not self.sending:
                continue
            if item and item[0] == "event":
                _, code, step, _, last = item
                if step == 1:
                    told = 0
                    if self.event_clock != "stands" or not event_timestamp:
                        event_timestamp = now
                    self.pressed.append((next(k for k, v in EVENTS.items() if v == code), loop.time()))
                payload = struct.pack("!BBH", code, (0x80 if last else 0) | 10, step * FRAME)
                for _ in range(3 if last else 1):
                    moved = {"runs": FRAME * told, "ends": 2 * FRAME * told if last else 0}.get(self.event_clock, 0)
                    self._send(self.event_sent_as or self.event_type, payload, event_timestamp + moved & 0xFFFFFFFF, marker=told == 0)
                    told += 1
                continue
            frequencies = item[1] if item and item[0] == "tone" else ((self.frequency,) if self.frequency else ())
            pcm = tone(*frequencies, samples=FRAME, start=self.clock) if frequencies else b"\0" * (2 * FRAME)
            self._send(self.payload_type, self.encode(pcm), now)

    def _send(self, kind, payload, timestamp, marker=False):
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.departures.append(asyncio.get_running_loop().time())
        header = struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), self.sequence, timestamp, self.ssrc)
        packet = header + payload
        if self.seal:
            packet = self.seal.seal(packet)
        self.said = packet
        try:
            (self.mouth or self.sock).sendto(packet, self.remote)
        except OSError:                   # as lost as any other packet
            pass

#!/usr/bin/python3
"""Carries frames between the namespaces of netns.py: each LAN is a switch of TAP devices, the WAN routes between TUN
devices by public address, with NAT, delay and loss. Orders come as JSON lines on standard input, each answered with
the counters: {"delay": s, "loss": 0..1}, {"down": true}, {"move": port, "outside": address}, {"reset": port}: both ends of
its latest TCP connection get a RST, as from a firewall that forgot it; UDP isn't touched. Ends with its input."""
import asyncio
import json
import os
import random
import socket
import struct
import sys


def rewrite(packet, offset, address):
    """The packet with the address at `offset` (12 source, 16 destination) replaced, checksums put right (RFC 1624)."""
    old, new = packet[offset:offset + 4], address
    out = bytearray(packet)
    out[offset:offset + 4] = new
    def fix(at):
        total = ~struct.unpack_from("!H", out, at)[0] & 0xFFFF
        for o, n in zip(struct.unpack("!2H", old), struct.unpack("!2H", new)):
            total += (~o & 0xFFFF) + n
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        struct.pack_into("!H", out, at, ~total & 0xFFFF)
    fix(10)
    header = (out[0] & 15) * 4
    fragment = struct.unpack_from("!H", out, 6)[0] & 0x1FFF
    if fragment == 0:
        if out[9] == 6:
            fix(header + 16)
        elif out[9] == 17 and out[header + 6:header + 8] != b"\0\0":
            fix(header + 6)
    return bytes(out)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def rst(segment):
    """A RST to whoever sent this segment, from its peer: with the number that it expects next (RFC 9293 §3.10.7.4)."""
    header = (segment[0] & 15) * 4
    source, target = segment[12:16], segment[16:20]
    ports, acknowledged = segment[header:header + 4], segment[header + 8:header + 12]
    tcp = bytearray(ports[2:4] + ports[0:2] + acknowledged + bytes(4) + bytes([0x50, 0x04]) + bytes(6))
    tcp[16:18] = struct.pack("!H", checksum(target + source + struct.pack("!HH", 6, len(tcp)) + tcp))
    ip = bytearray(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + target + source)
    ip[10:12] = struct.pack("!H", checksum(ip))
    return bytes(ip + tcp)


class Wan:
    def __init__(self, loop, ports):
        self.loop, self.ports = loop, ports
        self.delay, self.loss, self.down = 0.0, 0.0, False
        self.counters = {"forwarded": 0, "lost": 0, "unroutable": 0, "reset": 0}
        self.segments = {}             # (source, target): the latest TCP segment with an ACK, addresses as on the WAN
        for port in ports:
            port["in"], port["out"] = socket.inet_aton(port["inside"]), socket.inet_aton(port["outside"])
            loop.add_reader(port["fd"], self.read, port)

    def read(self, port):
        for _ in range(64):
            try:
                packet = os.read(port["fd"], 65536)
            except BlockingIOError:
                return
            if len(packet) < 20 or packet[0] >> 4 != 4:
                continue
            if self.down or random.random() < self.loss:
                self.counters["lost"] += 1
                continue
            if packet[12:16] == port["in"] and port["in"] != port["out"]:
                packet = rewrite(packet, 12, port["out"])
            header = (packet[0] & 15) * 4
            if packet[9] == 6 and packet[header + 13] & 0x16 == 0x10:      # ACK, and neither SYN nor RST
                self.segments[packet[12:16], packet[16:20]] = packet
            if self.delay:
                self.loop.call_later(self.delay, self.deliver, packet)
            else:
                self.deliver(packet)

    def deliver(self, packet):
        to = next((p for p in self.ports if p["out"] == packet[16:20]), None)
        if to is None or self.down:
            self.counters["unroutable"] += 1
            return
        if to["in"] != to["out"]:
            packet = rewrite(packet, 16, to["in"])
        self.counters["forwarded"] += 1
        write(to["fd"], packet)

    def reset(self, address):
        for ends in [e for e in self.segments if address in e]:
            self.deliver(rst(self.segments.pop(ends)))
            self.counters["reset"] += 1

    def order(self, order):
        self.delay, self.loss = order.get("delay", self.delay), order.get("loss", self.loss)
        self.down = order.get("down", self.down)
        if "move" in order:
            self.ports[order["move"]]["out"] = socket.inet_aton(order["outside"])
        if "reset" in order:
            self.reset(self.ports[order["reset"]]["out"])
        return self.counters


def write(fd, packet):
    try:
        os.write(fd, packet)
    except OSError:
        pass  # a full queue or a device that is down loses it, as a wire would


def switch(loop, fds):
    def read(fd):
        for _ in range(64):
            try:
                frame = os.read(fd, 65536)
            except BlockingIOError:
                return
            for other in fds:
                if other != fd:
                    write(other, frame)
    for fd in fds:
        loop.add_reader(fd, read, fd)


async def main():
    setup = json.loads(sys.argv[1])
    loop = asyncio.get_running_loop()
    for lan in setup["lans"]:
        switch(loop, lan)
    wan = Wan(loop, setup["wan"])
    over = asyncio.Event()

    def orders():
        line = sys.stdin.readline()
        if not line:
            return over.set()
        print(json.dumps(wan.order(json.loads(line))), flush=True)
    loop.add_reader(sys.stdin.fileno(), orders)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(main())

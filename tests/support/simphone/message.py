"""SIP messages as a phone reads and writes them (RFC 3261 §7), and digest answers (RFC 2617)."""
import hashlib
import os
import re

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
           "c": "content-type", "o": "event", "k": "supported", "e": "content-encoding", "s": "subject"}


class Message:
    def __init__(self, start, headers=None, body=b""):
        self.start, self.headers, self.body = start, list(headers or []), body

    @staticmethod
    def parse(data):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        headers = []
        for line in lines[1:]:
            if line[:1] in " \t" and headers:
                headers[-1] = (headers[-1][0], headers[-1][1] + " " + line.strip())
                continue
            name, _, value = line.partition(":")
            name = name.strip()
            headers.append((COMPACT.get(name.lower(), name), value.strip()))
        message = Message(lines[0], headers, body)
        length = message["content-length"]
        if length is not None:
            message.body = body[:int(length)]
        return message

    def __getitem__(self, name):
        for n, v in self.headers:
            if n.lower() == name.lower():
                return v
        return None

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    @property
    def is_request(self):
        return not self.start.startswith("SIP/2.0 ")

    @property
    def status(self):
        return int(self.start.split(" ", 2)[1])

    @property
    def method(self):
        return self.start.split(" ", 1)[0] if self.is_request else self["cseq"].split()[1]

    @property
    def uri(self):
        return self.start.split(" ")[1]

    def bytes(self):
        lines = [self.start] + [f"{n}: {v}" for n, v in self.headers if n.lower() != "content-length"]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body

    def answer(self, status, reason, headers=(), body=b"", to_tag=None):
        to = self["to"]
        if to_tag and "tag=" not in to:
            to += f";tag={to_tag}"
        kept = [("Via", v) for v in self.all("via")] + [("From", self["from"]), ("To", to), ("Call-ID", self["call-id"]),
                                                        ("CSeq", self["cseq"])]
        kept += [("Record-Route", v) for v in self.all("record-route")]
        return Message(f"SIP/2.0 {status} {reason}", kept + list(headers), body)


def user_of(uri):
    match = re.search(r"sips?:([^@;>]*)@", uri)
    return match.group(1) if match else ""


def uri_of(address):
    match = re.search(r"<([^>]*)>", address)
    return match.group(1) if match else address.split(";")[0].strip()


def tag_of(address):
    match = re.search(r";\s*tag=([^;,\s]+)", address.split(">")[-1])
    return match.group(1) if match else None


def host_port(uri):
    match = re.search(r"sips?:(?:[^@]*@)?([\d.]+)(?::(\d+))?", uri)
    return match.group(1), int(match.group(2) or 5060)


def token(size=8):
    return os.urandom(size).hex()


def challenge_params(value):
    return {k.lower(): v.strip('"') for k, v in re.findall(r'(\w+)\s*=\s*("[^"]*"|[^\s,]+)', value.partition(" ")[2])}


def authorization(challenge, method, uri, user, password, count=1):
    """The value of (Proxy-)Authorization for a challenge, qop=auth where it is offered."""
    p = challenge_params(challenge)
    algorithm = p.get("algorithm", "MD5").upper()
    digest = hashlib.sha256 if algorithm == "SHA-256" else hashlib.md5
    h = lambda text: digest(text.encode()).hexdigest()
    ha1, ha2 = h(f"{user}:{p['realm']}:{password}"), h(f"{method}:{uri}")
    fields = {"username": user, "realm": p["realm"], "nonce": p["nonce"], "uri": uri}
    tail = f", algorithm={algorithm}" if "algorithm" in p else ""
    if "auth" in [q.strip() for q in p.get("qop", "").split(",")]:
        cnonce, nc = token(), f"{count:08x}"
        fields["response"] = h(f"{ha1}:{p['nonce']}:{nc}:{cnonce}:auth:{ha2}")
        tail += f', cnonce="{cnonce}", nc={nc}, qop=auth'
    else:
        fields["response"] = h(f"{ha1}:{p['nonce']}:{ha2}")
    if "opaque" in p:
        fields["opaque"] = p["opaque"]
    return "Digest " + ", ".join(f'{k}="{v}"' for k, v in fields.items()) + tail

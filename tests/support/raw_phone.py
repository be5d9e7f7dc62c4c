"""A phone of which every byte is the test's: SIP as text, over UDP."""
import hashlib
import re
import select
import socket
import time

from simphone.message import challenge_params, token

DOMAIN = "pbx.example.com"


class Msg:
    def __init__(self, data):
        self.raw = data
        head, _, self.body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        self.first = lines[0]
        self.headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        self.status = int(self.first.split()[1]) if self.first.startswith("SIP/") else 0
        self.method = "" if self.status else self.first.split()[0]

    def get(self, name):
        return next((v for n, v in self.headers if n == name), "")

    def all(self, name):
        return [v for n, v in self.headers if n == name]


class Raw:
    """A phone of which every byte is the test's."""

    def __init__(self, face, ip, user, password, aor, port=0):
        self.face, self.ip, self.user, self.password, self.aor = face, ip, user, password, aor
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((ip, port))
        self.port = self.socket.getsockname()[1]
        self.tag, self.call_id, self.cseq, self.waiting = token(4), token(), 0, []

    def close(self):
        self.socket.close()

    def send(self, text, body=b""):
        data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
        self.last = data + body
        self.socket.sendto(self.last, (self.face, 5060))

    def insist(self, receive, tries=6):
        """What `receive(patience)` gets; what was sent last is repeated meanwhile, as every phone does (RFC 3261 17.1)."""
        for _ in range(tries):
            if answer := receive(0.6):
                return answer
            self.socket.sendto(self.last, (self.face, 5060))
        return None

    def receive(self, want, patience=3.0, socks=None):
        for i, message in enumerate(self.waiting):
            if want(message):
                return self.waiting.pop(i)
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select(socks or [self.socket], [], [], left)
            if not ready:
                break
            data, source = ready[0].recvfrom(65535)
            message = Msg(data)
            message.source, message.at = source, ready[0]
            if want(message):
                return message
            self.waiting.append(message)
        return None

    def final(self, method, patience=3.0, **more):
        return self.receive(lambda m: m.status >= 200 and m.get("cseq") == f"{self.cseq} {method}", patience, **more)

    def text(self, method, uri, extra=(), contact=None, to=None, body=b""):
        self.cseq += 1
        self.branch = "z9hG4bK" + token()
        to = to or f"<sip:{self.aor}@{DOMAIN}>" if method == "REGISTER" else to or f"<{uri}>"
        lines = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/UDP {self.ip}:{self.port};branch={self.branch};rport",
                 f"From: <sip:{self.aor}@{DOMAIN}>;tag={self.tag}", f"To: {to}", f"Call-ID: {self.call_id}", f"CSeq: {self.cseq} {method}",
                 f"Contact: {contact or f'<sip:{self.aor}@{self.ip}:{self.port}>'}", "Max-Forwards: 70", *extra,
                 *(["Content-Type: application/sdp"] if body else []), f"Content-Length: {len(body)}"]
        return "\n".join(lines) + "\n\n"

    def authorization(self, challenge, method, uri, nc="00000001"):
        c = challenge_params(challenge)
        h = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731
        cnonce = token(4)
        answer = h(":".join((h(f"{self.user}:{c['realm']}:{self.password}"), c["nonce"], nc, cnonce, "auth", h(f"{method}:{uri}"))))
        return (f'Authorization: Digest username="{self.user}", realm="{c["realm"]}", nonce="{c["nonce"]}", uri="{uri}", '
                f'response="{answer}", algorithm=MD5, qop=auth, nc={nc}, cnonce="{cnonce}"')

    def ask(self, method, uri, change=lambda text: text, digest_uri=None, nc="00000001", body=b"", **parts):
        """Sends, answers the challenge, gives the final response. `change` has the text on its way."""
        self.send(change(self.text(method, uri, body=body, **parts)), body)
        answer = self.insist(lambda patience: self.final(method, patience))
        if answer is None or answer.status != 401:
            return answer
        if method == "INVITE":
            self.acknowledge(uri, answer)
        extra = [*parts.pop("extra", ()), self.authorization(answer.get("www-authenticate"), method, digest_uri or uri, nc)]
        self.send(change(self.text(method, uri, extra=extra, body=body, **parts)), body)
        return self.insist(lambda patience: self.final(method, patience)) if method != "INVITE" else None

    def acknowledge(self, uri, answer, branch=None):
        self.send(f"ACK {uri} SIP/2.0\nVia: SIP/2.0/UDP {self.ip}:{self.port};branch={branch or self.branch};rport\nFrom: {answer.get('from')}\n"
                  f"To: {answer.get('to')}\nCall-ID: {answer.get('call-id')}\nCSeq: {answer.get('cseq').split()[0]} ACK\nMax-Forwards: 70\n"
                  "Content-Length: 0\n\n")

    def register(self, contact=None, expires=60, **more):
        return self.ask("REGISTER", f"sip:{DOMAIN}", contact=contact, extra=[f"Expires: {expires}"], **more)

    def sdp(self):
        return (f"v=0\r\no=- 1 1 IN IP4 {self.ip}\r\ns=-\r\nc=IN IP4 {self.ip}\r\nt=0 0\r\nm=audio {41000 + self.port % 500} RTP/AVP 0\r\n").encode()

    def answer(self, request, status, extra=(), to=None, body=b""):
        lines = [f"SIP/2.0 {status}", *(f"Via: {v}" for v in request.all("via")), f"From: {request.get('from')}",
                 f"To: {to or request.get('to') + ';tag=' + self.tag}", f"Call-ID: {request.get('call-id')}", f"CSeq: {request.get('cseq')}",
                 *extra, *(["Content-Type: application/sdp"] if body else []), f"Content-Length: {len(body)}"]
        self.send("\n".join(lines) + "\n\n", body)

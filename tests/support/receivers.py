"""Who is told by web hook and e-mail, as they are in the field: a web server and a mail server, each on 127.0.0.1 with a port of its own,
in threads. What they hear is kept; how they behave is said by the test."""
import base64
import email
import email.policy
import json
import socket
import threading


class Server:
    """Accepts, and gives each connection to `talk` on a thread of its own."""

    def __init__(self, ip="127.0.0.1"):
        self.listener = socket.create_server((ip, 0), family=socket.AF_INET6 if ":" in ip else socket.AF_INET)
        self.ip, self.port = ip, self.listener.getsockname()[1]
        self.lock, self.lines, self.connections = threading.Lock(), set(), 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.lines.add(line)
                self.connections += 1
            threading.Thread(target=self._run, args=(line,), daemon=True).start()

    def _run(self, line):
        try:
            with line:
                self.talk(line)
        except (OSError, ValueError):
            pass
        with self.lock:
            self.lines.discard(line)

    def talk(self, line):
        raise NotImplementedError

    def close(self):
        self.listener.close()
        with self.lock:
            lines = list(self.lines)
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class WebHook(Server):
    """`answers`: what it answers, one after the other, the last one for ever: a status, "hang", or a whole answer as text."""

    def __init__(self, *answers, **options):
        self.answers, self.heard = list(answers or (200,)), []
        self.requests = []               # headers, in small letters, and the body as it came
        super().__init__(**options)

    def url(self, path="/alarm"):
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"http://{host}:{self.port}{path}"

    def talk(self, line):
        file = line.makefile("rb")
        first = file.readline().decode()
        headers = {}
        while (header := file.readline().decode().strip()):
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = file.read(int(headers.get("content-length", 0)))
        with self.lock:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.requests.append((headers, body))
            self.heard.append((first.split()[1], json.loads(body)))
        if answer == "hang":
            file.read(1)
        elif isinstance(answer, int):
            line.sendall(f"HTTP/1.1 {answer} so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        else:
            line.sendall(answer.encode())

    def told(self, event="emergency.called"):
        with self.lock:
            return [body for _, body in self.heard if body["event"] == event]


class MailServer(Server):
    """Takes e-mails; with `context` (ssl) it offers STARTTLS, and takes nothing before it. `user`: (name, password) that it wants."""

    def __init__(self, context=None, user=None, refuse=None, **options):
        self.context, self.user, self.refuse = context, user, refuse or {}
        self.mails, self.said = [], []
        super().__init__(**options)

    def talk(self, line):
        file, encrypted, known = line.makefile("rwb", 0), False, self.user is None
        sender, receivers = None, []

        def say(text):
            file.write(f"{text}\r\n".encode())
        say("220 mail.test ESMTP")
        while (command := file.readline().decode("utf-8", "replace").rstrip("\r\n")):
            with self.lock:
                self.said.append(command if not command.startswith("AUTH") else "AUTH")
            verb = command.split()[0].upper()
            if verb in self.refuse:
                say(self.refuse[verb])
            elif verb == "EHLO":
                offers = ["STARTTLS"] if self.context and not encrypted else []
                offers += ["AUTH PLAIN"] if self.user and (encrypted or not self.context) else []
                for offer in ["mail.test", *offers][:-1]:
                    say(f"250-{offer}")
                say(f"250 {['mail.test', *offers][-1]}")
            elif verb == "STARTTLS" and self.context and not encrypted:
                say("220 go on")
                line = self.context.wrap_socket(line, server_side=True)
                file, encrypted = line.makefile("rwb", 0), True
            elif self.context and not encrypted and verb != "QUIT":
                say("530 Must issue a STARTTLS command first")
            elif verb == "AUTH":
                words = command.split()
                if len(words) < 3:
                    say("334 ")
                    words.append(file.readline().decode().strip())
                _, name, password = base64.b64decode(words[2]).decode().split("\0")
                known = (name, password) == self.user
                say("235 welcome" if known else "535 no")
            elif not known and verb in ("MAIL", "RCPT", "DATA"):
                say("530 Authentication required")
            elif verb == "MAIL":
                sender, receivers = command.partition("<")[2].partition(">")[0], []
                say("250 ok")
            elif verb == "RCPT":
                receivers.append(command.partition("<")[2].partition(">")[0])
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                text = b""
                while (part := file.readline()) not in (b".\r\n", b""):
                    text += part[1:] if part.startswith(b"..") else part
                message = email.message_from_bytes(text, policy=email.policy.default)
                with self.lock:
                    self.mails.append((sender, receivers, message))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

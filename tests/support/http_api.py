"""The HTTP API as an administrator's program uses it, and its events."""
import http.client
import json
import socket
import threading

from simphone.wire import HostNetwork

PASSWORD = "Correct-horse-7"


class ApiError(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status}: {problem}")
        self.status, self.problem = status, problem


class Api:
    """The HTTP API, blocking. `network` gives the sockets: this machine's, or a namespace's."""

    def __init__(self, host, port=5000, network=HostNetwork):
        self.host, self.port, self.network, self.token = host, port, network, None

    def connect(self, timeout=20):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        sock = self.network.socket(socket.SOCK_STREAM)
        try:
            sock.settimeout(timeout)
            sock.connect((self.host, self.port))
        except BaseException:
            sock.close()
            raise
        connection.sock = sock
        return connection

    def request(self, method, path, body=None, headers=None):
        """(status, headers, body) of any path on the API's server."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def call(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        status, _, text = self.request(method, f"/api/v1{path}", data, headers)
        if status >= 400:
            raise ApiError(status, text.decode("utf-8", "replace"))
        return json.loads(text) if text else None

    def log_in(self, name="admin", password=PASSWORD):
        self.token = self.call("POST", "/login", {"username": name, "password": password})["token"]
        return self

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, {} if body is None else body)

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    def events(self):
        return Events(self)


class Events:
    """GET /events, read by a thread of its own into `seen`: (name, data)."""

    def __init__(self, api):
        self.seen, self.connection = [], api.connect(timeout=None)
        self.connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {api.token}",
                                                                  "Accept": "text/event-stream"})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.status
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        name, data = "", ""
        try:
            while True:
                line = self.answer.readline().decode().rstrip("\n").rstrip("\r")
                if self.answer.closed:
                    return
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif not line and (name or data):
                    self.seen.append((name, json.loads(data) if data else None))
                    name, data = "", ""
        except (OSError, ValueError, AttributeError):
            pass

    def named(self, name):
        return [d for n, d in list(self.seen) if n == name]

    def close(self):
        try:
            self.connection.sock and self.connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(2)
        self.connection.close()

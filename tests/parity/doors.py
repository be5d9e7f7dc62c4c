"""What a phone's face answers to HTTP requests as devices and strangers write them, and to requests for the time."""
import socket

TOKEN = "a" * 22
LINES = ["{method} /provision/" + TOKEN + "/x.cfg HTTP/1.1", "GET http://{face}:5000/provision/" + TOKEN + "/x.cfg HTTP/1.1",
         "GET http://{face}:5000/provision/ HTTP/1.1", "HEAD /provision/" + TOKEN + "/x.cfg HTTP/1.0", "\r\nGET /provision/x.cfg HTTP/1.1",
         "GET /provision HTTP/1.1", "GET /provision/%zz HTTP/1.1", "GET ftp://{face}/provision/x HTTP/1.1", "GET provision/x HTTP/1.1"]
METHODS = ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"]
FIELDS = ["Host: x", "", "Host: x\r\nHost: x", "Host: a b", "Host: x\r\nX: a\x01b", "Host: x\r\nTransfer-Encoding: xchunked",
          "Host: x\r\nTransfer-Encoding: chunked, identity", "Host: x\r\nTransfer-Encoding: gzip, chunked", "Host: x\r\nContent-Length: 70000",
          "Host: x\r\nContent-Length: 3"]
MODES = [(1, 0), (1, 3), (3, 3), (4, 3), (4, 1), (3, 1)]


def requests(face):
    yield from (line.format(face=face) + "\r\nHost: x" for line in LINES[1:])
    yield from (LINES[0].format(method=method) + "\r\n" + fields for method in METHODS + ["GET"] for fields in FIELDS)


def http_answer(face, request):
    with socket.create_connection((face, 5000), 10) as s:
        s.sendall(f"{request}\r\n\r\nabc".encode("latin-1"))
        s.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while piece := s.recv(65536):
                got += piece
        except ConnectionResetError:
            pass
    return got.decode("latin-1")


def time_answer(face, version, mode):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(10)
        s.sendto(bytes([version << 3 | mode]) + bytes(47), (face, 1123))
        answer = s.recv(1024)
    return f"{len(answer)} bytes, {answer[0]:02x}, stratum {answer[1]}"


def answers(face):
    """Each question with its answer, as (question, head, body) like a phone's fetch."""
    return ([(request, http_answer(face, request).encode(), b"") for request in requests(face)]
            + [(f"SNTP {version} {mode}", time_answer(face, version, mode).encode(), b"") for version, mode in MODES])

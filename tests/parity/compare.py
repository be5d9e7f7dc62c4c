"""Turns what a phone saw in a day into comparable text, and finds every difference between two days."""
import difflib
import re
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from simphone.message import Message  # noqa: E402
import ignored  # noqa: E402


def plain(text, face, phone):
    """Without what differs from run to run; every replacement has its reason in ignored.py."""
    text = text.replace("\r\n", "\n")
    text = re.sub(rf"(?<![\d.]){re.escape(face)}(?![\d.])", "FACE", text)
    text = re.sub(rf"(?<![\d.]){re.escape(phone)}(?![\d.])", "PHONE", text)
    for pattern, replacement, _ in ignored.REPLACED:
        text = re.sub(pattern, replacement, text)
    return text


def one(way, data, face, phone):
    """A message as lines: direction, start line, every header in its order, the body."""
    text = plain(data.decode("utf-8", "replace"), face, phone)
    without = {(w, n.lower()) for w, n, _ in ignored.HEADERS}
    head, _, body = text.partition("\n\n")
    lines = head.split("\n")
    kept = [lines[0]] + [line.partition(":")[0] + ": *" if (way, line.partition(":")[0].lower()) in without else line
                         for line in lines[1:]]
    return tuple([("-> " if way == "out" else "<- ") + kept[0]] + kept[1:] + ([""] + body.split("\n") if body else []))


def conversations(trace, face, phone):
    """The messages of each Call-ID in their order, repetitions taken as one; the conversations by when they began. A request that a
    busy machine lets the phone repeat is challenged again, with another nonce (RFC 3261 §8.2.7): that is a repetition too."""
    found, seen = {}, set()
    for way, data, _ in trace:
        if not data.strip():
            continue
        message, text = Message.parse(data), one(way, data, face, phone)
        branch = re.search(r"branch=([^;,\s]+)", message["via"] or "")
        key = (way, message["call-id"], branch and branch[1], text)
        if key in seen:
            continue
        seen.add(key)
        found.setdefault(message["call-id"], []).append(text)
    return list(found.values())


def files(fetched, face, phone):
    return [tuple(plain(f"{path}\n{head.decode()}\n\n{body.decode('utf-8', 'replace')}", face, phone).split("\n"))
            for path, head, body in fetched]


def trying(message):
    """The CSeq that a 100 answers; None for any other message. See ignored.TRYING."""
    if not message[0].startswith("<- SIP/2.0 100 "):
        return None
    return next(line for line in message if line.lower().startswith("cseq:"))


def shared(one, other):
    """`one` without those 100s to which `other` has no counterpart."""
    if not isinstance(one, list):
        return one
    there = {trying(m) for m in other}
    return [m for m in one if trying(m) in there or trying(m) is None]


def differences(first, second, names=("local", "branch")):
    """Lines of a difference listing, conversation by conversation; empty where there is none."""
    out = []
    if len(first) != len(second):
        out.append(f"{len(first)} conversations {names[0]}, {len(second)} {names[1]}:")
        out += list(difflib.unified_diff([c[0][0] if isinstance(c, list) else c[0] for c in first],
                                         [c[0][0] if isinstance(c, list) else c[0] for c in second], *names, lineterm=""))
    for n, (a, b) in enumerate(zip(first, second)):
        a, b = shared(a, b), shared(b, a)
        a = [line for message in a for line in (message + ("",))] if isinstance(a, list) else list(a)
        b = [line for message in b for line in (message + ("",))] if isinstance(b, list) else list(b)
        if a != b:
            out.append(f"conversation {n}:")
            out += list(difflib.unified_diff(a, b, *names, lineterm="", n=4))
    return out

#!/usr/bin/env python3
"""Keeps the architecture: pure folders compute and nothing else, libraries stay in their folder, dependencies point down.

Usage: arch_test.py SOURCE_ROOT. Prints one line a fault; exit 1 where there is any. Checks itself first: each rule must
find a planted fault, so that it can't rot into one that finds nothing.
"""
import pathlib
import re
import sys
import tempfile

PURE = ["common/base", "common/sip", "common/sdp", "common/phones", "common/csv", "common/crypto", "common/edge", "common/hep", "common/media_orders", "common/names",
        "common/post", "common/rtp", "exchange"]
# Pure, but not what lies below: tunnel/link/ talks to the world.
PURE_FLAT = ["common/tunnel"]
# Within pure folders, the rooms that talk to the world.
SHELLS = ["exchange/provisioning/files"]

# Randomness and the machine's abilities enter the pure folders as arguments; these files are where they come from.
EXEMPT = {"common/crypto/random.hpp", "common/crypto/random.cpp", "common/crypto/cpu.cpp"}

FORBIDDEN_IN_PURE = [
    (r"#include <(boost/asio|boost/beast|sys/|netinet/|arpa/|unistd|fcntl|poll|thread|mutex|condition_variable|atomic|"
     r"future|fstream|filesystem|iostream|random)\b", "includes the world"),
    (r"\b(steady_clock|system_clock|high_resolution_clock)::now\s*\(", "asks the clock"),
    (r"\bstd::(rand|random_device|getenv)\b|\bRAND_bytes\b", "takes randomness or the environment"),
    (r"\bco_(await|return|yield)\b", "is a coroutine"),
]

ONLY_IN = [  # (what, pattern, folders that may)
    ("sofia-sip", r"#include <sofia-sip/", ["common/sip"]),
    ("OpenSSL", r"#include <openssl/", ["common/crypto", "common/srtp", "common/sip", "common/net", "common/sip_transport", "common/http", "common/tunnel/link",
                                        "common/asio"]),
    ("Beast", r"#include <boost/beast", ["common/http"]),
    ("SOCI", r"#include <soci", ["pbx-core/store"]),
    ("yaml-cpp", r"#include <yaml-cpp", ["common/config", "exchange/provisioning"]),
    ("ctemplate", r"#include <ctemplate", ["exchange/provisioning"]),
    ("libarchive", r"#include <archive", ["pbx-core/backup"]),
    ("spandsp", r"#include <spandsp", ["common/rtp"]),
    ("liburing", r"#include <liburing", ["common/media"]),
    ("c-ares", r"#include <ares", ["common/dns"]),
    ("pugixml", r"#include <pugixml", ["exchange/presence"]),
    ("libcurl", r"#include <curl", ["pbx-core/notices", "pbx-core/sftp"]),
]

LAYERS = [  # a folder may not include from these
    ("common", r'#include "(exchange|sbc|pbx-core)/'),
    ("exchange", r'#include "(sbc|pbx-core)/'),
    ("sbc", r'#include "pbx-core/'),
    ("pbx-core", r'#include "sbc/'),
]

MOST_LINES_OF_APP = 200
MOST_LINES = 400  # of any source, script or page: what a reader keeps in mind

# Modules that a Python of our years has and the next one hasn't (PEP 594, PEP 632): Debian 13 has Python 3.13.
GONE_FROM_PYTHON = ("aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp mailcap msilib nis nntplib "
                    "ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib").split()


def python_faults_of(name, text):
    for module in re.findall(r"^\s*(?:import|from)\s+(\w+)", text, flags=re.M):
        if module in GONE_FROM_PYTHON:
            yield f"{name}: imports {module}, which newer Pythons don't have"


def code_of(path):
    """The file without comments, so that a word in one is no fault."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def is_in(name, folders, flat=()):
    parent = str(pathlib.PurePosixPath(name).parent)
    return any(parent == f or parent.startswith(f + "/") for f in folders) or parent in flat


def is_pure(name):
    return is_in(name, PURE, PURE_FLAT) and not is_in(name, SHELLS)


def faults_of(name, code):
    if is_pure(name) and name not in EXEMPT:
        for pattern, what in FORBIDDEN_IN_PURE:
            if re.search(pattern, code):
                yield f"{name}: a pure folder's file {what}"
        for header in re.findall(r'#include "([^"]+)"', code):
            if not is_pure(header):
                yield f"{name}: pure, and includes {header}, which isn't"
    for library, pattern, folders in ONLY_IN:
        if re.search(pattern, code) and not is_in(name, folders):
            yield f"{name}: includes {library}, which only {', '.join(folders)} may"
    if name.endswith("/app.cpp") and code.count("\n") > MOST_LINES_OF_APP:
        yield f"{name}: has more than {MOST_LINES_OF_APP} lines; it wires the parts and does nothing else"
    for folder, pattern in LAYERS:
        if name.startswith(folder + "/") and re.search(pattern, code):
            yield f"{name}: depends upwards or sideways"


def length_faults_of(name, text):
    if text.count("\n") > MOST_LINES:
        yield f"{name}: has more than {MOST_LINES} lines; it is more than one thing"


def read_by_people(root):
    """Sources, scripts and pages, but what others made (node_modules) or a build."""
    for top in ("common", "exchange", "sbc", "pbx-core", "tests", "bench", "config"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".py", ".mjs", ".ts", ".tsx") and "node_modules" not in path.parts:
                yield path


def folders_without_readme(root, tops):
    """Folders with sources whose own README is missing; the console's pages have one for all."""
    for top in tops:
        for folder in sorted({p.parent for p in (root / top).rglob("*.[ch]pp")}):
            if not (folder / "README.md").exists() and "console" not in folder.parts:
                yield f"{folder.relative_to(root)}: has no README"


def check_the_checker():
    planted = [("common/sip/x.cpp", "#include <boost/asio/io_context.hpp>"), ("exchange/calls/x.cpp", "std::chrono::steady_clock::now()"),
               ("common/tunnel/x.cpp", "std::random_device r;"), ("exchange/ivr/x.cpp", "co_await x;"),
               ("sbc/lan/x.cpp", "#include <sofia-sip/sip.h>"), ("sbc/lan/x.cpp", "#include <openssl/evp.h>"),
               ("pbx-core/api/x.cpp", "#include <boost/beast/http.hpp>"), ("common/log/x.cpp", '#include "sbc/config.hpp"'),
               ("sbc/app.cpp", '#include "pbx-core/config.hpp"'),
               ("sbc/app.cpp", "\n" * 201),
               ("exchange/calls/x.cpp", '#include "common/media/engine.hpp"'), ("exchange/model/x.cpp", '#include "pbx-core/config.hpp"')]
    for name, code in planted:
        assert list(faults_of(name, code)), f"the rule against {code!r} in {name} finds nothing"
    assert not list(faults_of("common/tunnel/link/x.cpp", "#include <boost/asio/io_context.hpp>"))
    assert list(python_faults_of("tests/x.py", "with x:\n    import audioop  # why"))
    assert list(length_faults_of("tests/x.py", "\n" * 401)) and not list(length_faults_of("tests/x.py", "\n" * 400))
    with tempfile.TemporaryDirectory() as bare:
        (pathlib.Path(bare) / "sbc").mkdir()
        (pathlib.Path(bare) / "sbc" / "x.cpp").touch()
        assert list(folders_without_readme(pathlib.Path(bare), ["sbc"]))


def main():
    check_the_checker()
    root = pathlib.Path(sys.argv[1])
    tops = ["common", "exchange", "sbc", "pbx-core"]
    files = [p for top in tops for p in sorted((root / top).rglob("*.[ch]pp"))]
    assert len(files) > 50, f"only {len(files)} files under {root}: the wrong folder?"
    faults = [f for p in files for f in faults_of(str(p.relative_to(root)), code_of(p))]
    faults += folders_without_readme(root, tops)
    scripts = [p for top in ("bench", "tests") for p in sorted((root / top).rglob("*.py"))]
    faults += [f for p in scripts for f in python_faults_of(str(p.relative_to(root)), p.read_text(encoding="utf-8"))]
    for path in read_by_people(root):
        faults += length_faults_of(str(path.relative_to(root)), path.read_text(encoding="utf-8"))
    print("\n".join(faults) or f"{len(files)} sources and {len(scripts)} scripts, none out of place")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

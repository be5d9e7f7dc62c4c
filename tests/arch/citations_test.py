#!/usr/bin/env python3
"""What the code and the documents cite is here: files by their path from the root, and sections of the documents.

Usage: citations_test.py SOURCE_ROOT. Prints one line a fault; exit 1 where there is any. Checks itself first.
"""
import pathlib
import re
import sys

TEXT = {".cpp", ".hpp", ".py", ".md", ".yaml", ".tpl", ".ts", ".tsx", ".mjs", ".sh", ".in", ".service", ".txt", ""}
# "contract §4", "`reference/provisioning.md` §6", "reference §2.1" (of provisioning), "architecture, Hot desks".
SECTION = re.compile(r"\b(?P<page>contract|reference/provisioning\.md|reference/sofia\.md|reference)`? §(?P<section>\d+(?:\.\d+)?)")
HEADING = re.compile(r"\b(?:architecture|docs/architecture\.md)`?, \"?(?P<heading>[A-Z][a-z]+(?: [a-z]+)*)")
PAGE = {"contract": "docs/contract.md", "reference": "docs/reference/provisioning.md",
        "reference/provisioning.md": "docs/reference/provisioning.md", "reference/sofia.md": "docs/reference/sofia.md"}
# A path with a folder in it and an ending, as it stands in prose: `tests/e2e/wan_test.py`, docs/api.md.
FILE = re.compile(r"(?<![\w./:{<*-])(?P<path>(?:docs|config|tests|bench|common|pbx-core|sbc)/[\w./-]*\w\.(?:md|py|hpp|cpp|yaml|tpl|sh|json|service))\b")
OUTSIDE = re.compile(r"\.\./shared/|\breview/\w+\.md|\bdesign\.md\b|\bstyle\.md\b")
SKIPPED = ("docs/reference/", "tests/data/", "tests/unit/provisioning/golden/")


def headings(text):
    return re.findall(r"^#+ +(.*?)\s*$", text, flags=re.M)


def faults_of(name, text, root, pages):
    for found in SECTION.finditer(text):
        wanted = found["section"]
        if not any(re.match(rf"{re.escape(wanted)}\b", h) for h in headings(pages[PAGE[found["page"]]])):
            yield f"{name}: {found[0]}: {PAGE[found['page']]} has no section {wanted}"
    for found in HEADING.finditer(text):
        if not any(h.startswith(found["heading"]) for h in headings(pages["docs/architecture.md"])):
            yield f"{name}: {found[0]}: docs/architecture.md has no such section"
    for found in FILE.finditer(text):
        beside = root / pathlib.PurePosixPath(name).parent / found["path"]
        if not (root / found["path"]).exists() and not beside.exists():
            yield f"{name}: cites {found['path']}, which isn't there"
    for found in OUTSIDE.finditer(text):
        yield f"{name}: cites {found[0]}, which isn't in the repository"


def check_the_checker(root, pages):
    for planted in ("contract §9", "reference §77.1", "`reference/sofia.md` §12", "architecture, Nowhere at all",
                    "see docs/nowhere.md", "`tests/e2e/no_test.py`", "../shared/x.md", "design.md says"):
        assert list(faults_of("common/x.hpp", planted, root, pages)), f"{planted!r} isn't found"
    for right in ("contract §4", "reference §2.1", "architecture, Hot desks", "docs/api.md", "bench/README.md"):
        assert not list(faults_of("common/x.hpp", right, root, pages)), f"{right!r} is no fault"


# The tree without git, which a copy of it may not have, and without what is built in it.
def walk(folder):
    for path in folder.iterdir():
        if path.name in (".git", "build", "node_modules", "__pycache__", "run-state"):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


def main():
    root = pathlib.Path(sys.argv[1])
    pages = {page: (root / page).read_text(encoding="utf-8") for page in {*PAGE.values(), "docs/architecture.md"}}
    check_the_checker(root, pages)
    own = ("tests/arch/citations_test.py", "tests/arch/arch_test.py")  # they plant faults
    listed = sorted(str(path.relative_to(root)) for path in walk(root))
    files = [n for n in listed if pathlib.PurePosixPath(n).suffix in TEXT and not n.startswith(SKIPPED) and n not in own]
    assert len(files) > 500, f"only {len(files)} files under {root}"
    faults = [f for n in files if (root / n).is_file()
              for f in faults_of(n, (root / n).read_text(encoding="utf-8", errors="replace"), root, pages)]
    print("\n".join(faults) or f"{len(files)} files, all that they cite is there")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

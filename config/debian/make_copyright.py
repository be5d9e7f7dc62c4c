#!/usr/bin/python3
"""Writes debian/copyright: ours, and each library that is compiled into the console, with the holders that its own licence names.

Usage: make_copyright.py TEMPLATE PACKAGE_LOCK NODE_MODULES. Fails where a library has a licence whose text the template lacks.
"""
import json
import pathlib
import re
import sys


def holders(folder):
    for file in sorted(folder.glob("[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*")):
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        found = [re.sub(r"^Copyright\s*(\([cC]\))?\s*", "", line) for line in lines if re.match(r"Copyright\s+(\([cC]\)|\d{4})", line)]
        if found:
            return found
    author = json.loads((folder / "package.json").read_text(encoding="utf-8")).get("author")
    return [author["name"] if isinstance(author, dict) else author] if author else []


def main():
    template, lock, modules = (pathlib.Path(argument) for argument in sys.argv[1:])
    text = template.read_text(encoding="utf-8")
    known = re.findall(r"^License: (\S+)\n ", text, flags=re.M)
    stanzas = []
    for path, package in sorted(json.loads(lock.read_text(encoding="utf-8"))["packages"].items()):
        if not path or package.get("dev"):
            continue
        licence, who = package.get("license"), holders(modules.parent / path)
        if licence not in known or not who:
            sys.exit(f"{path}: licence {licence}, holders {who}; expected one of {', '.join(known)}, and somebody")
        stanzas.append(f"Files: {path}/*\nCopyright: " + "\n           ".join(who) + f"\nLicense: {licence}\n")
    print(text.replace("@CONSOLE@\n", "\n".join(stanzas) + "\n"), end="")


if __name__ == "__main__":
    main()

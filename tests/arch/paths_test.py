#!/usr/bin/env python3
"""One set of paths: what the units say is what programs, packages, documents, console and README say.

Usage: paths_test.py SOURCE_ROOT. Prints one line a fault; exit 1 where there is any. Checks itself first.
"""
import pathlib
import re
import sys

from citations_test import TEXT, walk

PROGRAMS = ("pbx-core", "sbc")
# Any path of ours under /etc, /var/lib, /var/cache, /run, /usr: its first folder names the product or a program of it.
OURS = re.compile(r"(?<![\w.])(?P<path>/(?:etc|var/lib|var/lib/private|var/cache|usr/lib|usr/share|usr/local/\w+|opt|srv)/(?:roamdesk|pbx-core|sbc|_roamdesk-\w+)(?![\w-])[\w./-]*)")
PROGRAM = re.compile(r"(?<![\w.])(?P<path>/[\w/]*bin/(?:pbx-core|sbc))(?![\w.-])")


def setting(unit, key):
    found = re.findall(rf"^{key}=(.*)$", unit, flags=re.M)
    assert len(found) == 1, f"{key} stands {len(found)} times in a unit"
    return found[0]


# What the units say: where each program's file is, and its state.
def told(root):
    files, states = {}, {}
    for program in PROGRAMS:
        unit = (root / f"config/systemd/{program}.service").read_text()
        started = re.fullmatch(rf"{program} serve --config (\S+)", setting(unit, "ExecStart"))
        assert started, f"{program}.service starts something else"
        assert setting(unit, "ExecStartPre") == f"{program} check --config {started[1]}", f"{program}.service checks another file"
        assert started[1].startswith(f"/etc/{setting(unit, 'ConfigurationDirectory')}/"), f"{program}.service: {started[1]}"
        # The first folder is the state; others stand beside it.
        files[program], states[program] = started[1], f"/var/lib/{setting(unit, 'StateDirectory').split()[0]}"
    return files, states


def faults_of(name, text, files, states):
    folders = {str(pathlib.PurePosixPath(path).parent) for path in files.values()}
    allowed = {*folders, *states.values(), "/usr/share/roamdesk", "/usr/lib/roamdesk", "/var/lib/roamdesk"}
    for found in OURS.finditer(text):
        path = found["path"].rstrip("./")
        if not any(path == good or path.startswith((good + "/", good + ".before-restore-")) for good in allowed):
            yield f"{name}: {path}: the units have {', '.join(sorted(allowed))}"
    for found in PROGRAM.finditer(text):
        if not found["path"].startswith("/usr/bin/"):
            yield f"{name}: {found['path']}: a package's programs are in /usr/bin"
    for program, path in files.items():
        for found in re.finditer(rf"(?<![\w.])/(?:etc|var|usr|srv|opt)[\w./-]*/{program}\.(?:ya?ml|conf)\b", text):
            if found[0] != path and not found[0].startswith("/usr/share/"):
                yield f"{name}: {found[0]}: the unit has {path}"


def check_the_checker(files, states):
    for planted in ("/etc/pbx-core/pbx-core.yaml", "--config /etc/sbc/sbc.yaml", "/etc/sbc.yaml", "`/etc/roamdesk/core/pbx-core.yaml`",
                    "/var/lib/private/sbc", "/usr/local/bin/sbc serve", "/opt/roamdesk", "/etc/roamdesk/sbc.yml", "install -d /etc/sbc\n"):
        assert list(faults_of("x", planted, files, states)), f"{planted!r} isn't found"
    for right in (*files.values(), *states.values(), "/usr/bin/sbc", "/usr/share/roamdesk/models", "/var/lib/pbx-core/store.sqlite",
                  "/etc/roamdesk/mail-password", "/run/sbcx", "examples/sbc.yaml"):
        assert not list(faults_of("x", right, files, states)), f"{right!r} is no fault"


def main():
    root = pathlib.Path(sys.argv[1])
    files, states = told(root)
    check_the_checker(files, states)
    faults = []
    for program, state in states.items():
        default = re.search(r'state_dir = "([^"]+)"', (root / program / "config.hpp").read_text())
        if not default or default[1] != state:
            faults.append(f"{program}/config.hpp: state_dir is {default and default[1]}; the unit has {state}")
    # Those who have to say them: a document that no longer does is as wrong as one that says another.
    for name, paths in {"README.md": files.values(), "docs/branch.md": [files["sbc"]], "docs/api.md": [files["pbx-core"]],
                        "docs/contract.md": [*files.values(), *states.values()], "pbx-core/console/src/pages/sbcs/commands.ts": [files["sbc"]],
                        "pbx-core/console/src/pages/backup/commands.ts": [files["pbx-core"]]}.items():
        text = (root / name).read_text()
        faults += [f"{name}: says nothing of {path}" for path in paths if path not in text]
    names = sorted(str(path.relative_to(root)) for path in walk(root) if path.suffix in {*TEXT, ".json", ".conf"} or "debian" in path.parts)
    for name in names:
        if not name.startswith("tests/arch/"):
            faults += faults_of(name, (root / name).read_text(encoding="utf-8", errors="replace"), files, states)
    print("\n".join(faults) or f"{len(names)} files agree on {', '.join([*files.values(), *states.values()])}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

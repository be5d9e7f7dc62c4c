#!/usr/bin/env python3
"""What the scripts of tests and benchmarks import is there and is used: a name that moved is found here, and not by a test that fails half an hour later.

Usage: imports_test.py SOURCE_ROOT. Prints one line a fault; exit 1 where there is any. Checks itself first with planted faults.
"""
import ast
import pathlib
import sys
import tempfile

TOPS = ("bench", "tests")
# Where a script finds its modules beside its own folder (they put these into sys.path).
ROOMS = ("tests/support", "tests/e2e", "tests/console", "tests/parity", "bench", "bench/support")


def names_of(tree):
    """What a module offers: all that is bound in it outside of functions and classes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (a.asname or a.name.split(".")[0] for a in node.names)


def module_at(root, script, node):
    """The file or package that `from X import …` means, None where it isn't one of ours."""
    path = (node.module or "").replace(".", "/")
    if node.level:
        folders = [script.parents[node.level - 1]]
    else:
        folders = [script.parent, *(root / room for room in ROOMS)]
    for folder in folders:
        for found in (folder / f"{path}.py", folder / path / "__init__.py", folder / path):
            if path and found.exists() or node.level and found.is_dir():
                return found
    return None


def offered(module):
    if module.is_dir():
        return {p.stem for p in module.iterdir()}
    names = set(names_of(ast.parse(module.read_text(encoding="utf-8"))))
    return names | {p.stem for p in module.parent.iterdir()} if module.name == "__init__.py" else names


def faults_of(root, script):
    text = script.read_text(encoding="utf-8")
    tree = ast.parse(text)
    name = script.relative_to(root)
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            if bound not in used and script.name != "__init__.py" and "F401" not in text.splitlines()[node.lineno - 1]:
                yield f"{name}:{node.lineno}: imports {bound} and doesn't use it"
        module = module_at(root, script, node) if isinstance(node, ast.ImportFrom) else None
        for alias in node.names if module else ():
            if alias.name not in offered(module):
                yield f"{name}:{node.lineno}: {node.module or '.'} has no {alias.name}"


def check_the_checker():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tests/support").mkdir(parents=True)
        (root / "tests/support/harness.py").write_text("def eventually(): pass\n", encoding="utf-8")
        script = root / "tests/e2e/x"
        script.parent.mkdir()
        script.write_text("from harness import eventually, gone\nimport os\neventually(gone)\n", encoding="utf-8")
        found = "\n".join(faults_of(root, script))
        assert "no gone" in found and "imports os" in found and "eventually" not in found, found


def main():
    check_the_checker()
    root = pathlib.Path(sys.argv[1]).resolve()
    scripts = [p for top in TOPS for p in sorted((root / top).rglob("*.py"))]
    assert len(scripts) > 50, f"only {len(scripts)} scripts under {root}: the wrong folder?"
    faults = [f for p in scripts for f in faults_of(root, p)]
    print("\n".join(faults) or f"{len(scripts)} scripts, each import there and used")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The programs as files: nothing of where they were built is in them, and they are hardened (cmake/Compiler.cmake).

Usage: programs_test.py SOURCE_ROOT BUILD_ROOT
"""
import os
import pathlib
import platform
import subprocess
import sys
import unittest

SOURCE, BUILD = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
PROGRAMS = [BUILD / "pbx-core" / "pbx-core", BUILD / "sbc" / "sbc"]


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *map(str, arguments)], capture_output=True, text=True, check=True).stdout


class Programs(unittest.TestCase):
    def test_nothing_of_where_they_were_built_is_in_them(self):
        for program in PROGRAMS:
            data = program.read_bytes()
            for place in {SOURCE, BUILD}:
                at = data.find(os.fsencode(place) + b"/")
                self.assertEqual(at, -1, f"{program.name}: {data[max(at, 0):at + 120]}")

    def test_they_are_hardened(self):
        for program in PROGRAMS:
            header, segments, dynamic = readelf("-h", program), readelf("-l", program), readelf("-d", program)
            self.assertRegex(header, r"Type:\s+DYN", f"{program.name}: PIE")
            self.assertIn("GNU_RELRO", segments, f"{program.name}: read-only tables")
            self.assertRegex(dynamic, r"\bNOW\b", f"{program.name}: bound at once, so that RELRO is full")
            self.assertRegex(segments, r"GNU_STACK\s.*\sRW\s", f"{program.name}: no code on the stack")
            symbols = readelf("--dyn-syms", program)
            for what, symbol in (("canaries", r"\b__stack_chk_fail\b"), ("checked copies", r"\b__\w+_chk\b"),
                                 ("checked indices", r"__glibcxx_assert_fail")):
                self.assertRegex(symbols, symbol, f"{program.name}: {what}")
            if platform.machine() == "x86_64":
                # Of our own code: Debian's crt1.o isn't marked, so that no whole program is.
                main = subprocess.run(["objdump", "--disassemble=main", program], capture_output=True, text=True, check=True).stdout
                self.assertIn("endbr64", main, f"{program.name}: CET")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

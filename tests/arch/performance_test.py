#!/usr/bin/python3
"""What docs/performance.md is written from: a void run has no figure, a missing one is named, a goal that isn't reached is said to be missed."""
import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench" / "support")]
import report  # noqa: E402


def figure(what, value, goal, more=False):
    return json.dumps({"what": what, "value": value, "unit": "times Kamailio", "goal": goal, "more_is_better": more, "series": {}})


class Performance(unittest.TestCase):
    def write(self, name, status, said, *figures):
        (self.folder / f"{name}.log").write_text(f"./run bench {name}\t2026-01-02\t{status}\n{said}\n")
        (self.folder / f"{name}.results").write_text("".join(f"{one}\n" for one in figures))

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def text(self, words=None):
        return "\n".join(report.document(report.read(self.folder), "A machine", words or {}, []))

    def test_a_figure_stands_beside_its_goal_and_its_command(self):
        self.write("register", 0, "said so", figure("REGISTER", 0.31, 0.35))
        self.assertIn("| REGISTER | 0.31 times Kamailio | at most 0.35: reached | `./run bench register` |", self.text())

    def test_a_goal_that_is_missed_is_said_to_be(self):
        self.write("register", 0, "said so", figure("REGISTER", 0.36, 0.35))
        self.assertIn("at most 0.35: **not reached**", self.text())

    def test_where_more_is_better_less_misses_the_goal(self):
        self.write("capacity", 0, "said so", figure("calls", 2.9, 3, more=True))
        self.assertIn("at least 3: **not reached**", self.text())

    def test_a_void_run_has_no_figure_but_its_words(self):
        self.write("register", 1, "VOID: 3 lost", figure("REGISTER", 0.31, 0.35))
        self.assertNotIn("| REGISTER |", self.text())
        self.assertIn("**void** (ended with 1)", self.text())
        self.assertIn("VOID: 3 lost", self.text())

    def test_what_was_not_run_is_named(self):
        self.write("register", 0, "said so", figure("REGISTER", 0.31, 0.35))
        missing = next(line for line in self.text().splitlines() if line.startswith("Not run: "))
        self.assertIn("growth", missing)
        self.assertNotIn("register", missing)

    def test_what_people_say_stands_above_what_it_printed(self):
        self.write("memory", 0, "said so", figure("memory", 0.9, 0.6))
        text = self.text({"memory": "Most of it is the store."})
        self.assertLess(text.index("Most of it is the store."), text.index("said so"))

    def test_the_ones_that_say_it_in_words_have_a_figure_too(self):
        self.write("media", 0, "raw 76 ns\nratio 0.39 to raw io_uring (goal: at most 1.50)")
        self.assertIn("| 0.39 times raw io_uring and the cipher | at most 1.5: reached |", self.text())

    def test_every_benchmark_is_run_by_all_and_has_its_place(self):
        run = (ROOT / "bench" / "run").read_text()
        every = next(line for line in run.splitlines() if line.startswith("every=")).partition("(")[2].rstrip(")").split()
        self.assertEqual(sorted(every), sorted(report.ORDER))
        for name in every:
            self.assertIn(name.removesuffix("-400"), run.partition("case ")[2])


if __name__ == "__main__":
    unittest.main()

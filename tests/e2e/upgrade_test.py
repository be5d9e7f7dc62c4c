#!/usr/bin/python3
"""An upgrade of the core's package, by the scripts that carry it out, with systemd, dpkg and both programs played: a version that
isn't healthy gives way to the one before, which finds every word that it had acknowledged, wherever the power is cut."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

DEBIAN = pathlib.Path(__file__).resolve().parents[2] / "config" / "debian"

# A core of three words: what its store's schema is, how it behaves, its name. The store: the schema's number, and a line a record.
PROGRAM = """#!/bin/sh
me={name} schema={schema} way={way} top={top}
store=$top/state/store.sqlite
case "$1 ${{2:-}}" in
  backup*) cp "$store" "$2" ;;
  "store schema") [ "$ROAMDESK_ITSELF" = yes ] || exit 9    # else it is whichever serves that answers
    [ $way != unusable ] || {{ echo "no such library" >&2; exit 127; }}
    echo "$(head -n1 "$store") $schema $top/state" ;;
  "store keep") [ ! -e $top/run/program ] && [ ! -e $top/no-room ] || {{ echo "No space left on device" >&2; exit 1; }}
    cp "$store" $top/state/store.before.part && mv $top/state/store.before.part $top/state/store.before ;;
  check*) [ $way != refuses ] || {{ echo "line 3: no such key" >&2; exit 2; }} ;;
  health*) [ "$(cat $top/run/healthy 2>/dev/null)" = yes ] ;;
  serve*)
    [ "$(head -n1 "$store")" -le $schema ] || exit 1
    [ -e "$(dirname "$0")/../share/roamdesk/of-$me" ] || exit 1
    [ "$(head -n1 "$store")" = $schema ] || {{ sed -i "1s/.*/$schema/" "$store"; echo "log of $me" >"$store-wal"; }}
    [ $way != sick ] || exit 1
    [ $way = deaf ] || echo yes >$top/run/healthy
    echo $me >$top/run/program
    echo "$(($(cat $top/run/pid 2>/dev/null || echo 100) + 1))" >$top/run/pid ;;
esac
"""

# Something is acknowledged at the very end of each; `told` has all that ever was.
SYSTEMCTL = """#!/bin/sh
top={top}
stop() {{
  if [ -e $top/run/healthy ]; then
    echo "told by $(cat $top/run/program) $(cat $top/run/pid)" | tee -a $top/told >>$top/state/store.sqlite
  fi
  rm -f $top/run/program $top/run/healthy
}}
start() {{
  [ ! -e $top/run/program ] || return 0
  program=$top/kept/rolled-back/bin/pbx-core
  [ -x $program ] || program=$top/usr/bin/pbx-core
  rm -f $top/run/failed
  "$(readlink -f $program)" serve || touch $top/run/failed
}}
case "$1" in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  try-restart) [ ! -e $top/run/program ] || {{ stop; start; }} ;;
  show)
    case $3 in
      MainPID) if [ -e $top/run/program ]; then cat $top/run/pid; else echo 0; fi ;;
      NRestarts) echo 0 ;;
      ActiveState) if [ -e $top/run/program ]; then echo active; elif [ -e $top/run/failed ]; then echo failed; else echo inactive; fi ;;
    esac ;;
esac
"""

# The power goes before the CUT-th thing that changes anything: with it go the script and what it had begun.
CUTTER = """#!/bin/sh
if [ -n "$CUT" ]; then
  n=$(($(cat {top}/count 2>/dev/null || echo 0) + 1))
  echo $n >{top}/count
  [ $n != "$CUT" ] || kill -9 0
fi
exec {real} "$@"
"""


class Machine:
    """One with the version `old`, running, and the way to `new`."""

    def __init__(self, way="good", schema=2, running=True):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="roamdesk-upgrade-"))
        self.way, self.schema, self.said = way, schema, ""
        for name in ("state", "run", "usr/bin", "usr/share/roamdesk", "bin", "kept"):
            (self.top / name).mkdir(parents=True)
        for name in ("mv", "ln", "rm", "cp"):
            self.script(self.top / "bin" / name, CUTTER.format(top=self.top, real=shutil.which(name)))
        self.script(self.top / "real-systemctl", SYSTEMCTL.format(top=self.top))
        # Asking changes nothing.
        self.script(self.top / "bin/systemctl", f'#!/bin/sh\n[ "$1" != show ] || exec {self.top}/real-systemctl "$@"\n'
                    + CUTTER.format(top=self.top, real=self.top / "real-systemctl").partition("\n")[2])
        self.script(self.top / "bin/deb-systemd-invoke", '#!/bin/sh\nexec systemctl "$1" "${2%.service}"\n')
        self.script(self.top / "bin/logger", "#!/bin/sh\n")
        self.script(self.top / "bin/dpkg-query", "#!/bin/sh\necho new\n")
        for package in ("roamdesk-common", "roamdesk-core"):
            text = (DEBIAN / f"{package}.preinst").read_text().replace("#KEEP#\n", (DEBIAN / "keep.sh").read_text())
            self.script(self.top / f"{package}.preinst", text)
        (self.top / "state/store.sqlite").write_text("1\ntold before\n")
        self.unpack("old", 1, "good")
        if running:
            self.run(self.top / "real-systemctl", "start", "pbx-core")

    def script(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def unpack_common(self, name):
        for path in (self.top / "usr/share/roamdesk").iterdir():
            path.unlink()
        (self.top / f"usr/share/roamdesk/of-{name}").touch()

    def unpack(self, name, schema, way):
        """As dpkg does: another file under the same name."""
        self.unpack_common(name)
        new = self.top / "usr/bin/pbx-core.new"
        self.script(new, PROGRAM.format(name=name, schema=schema, way=way, top=self.top))
        new.rename(self.top / "usr/bin/pbx-core")

    def run(self, *command, cut=""):
        top = self.top
        env = {"PATH": f"{top}/bin:{os.environ['PATH']}", "CUT": str(cut), "ROAMDESK_KEPT": f"{top}/kept", "ROAMDESK_STEADY": "0", "ROAMDESK_WITHIN": "1",
               "ROAMDESK_CORE_PROGRAM": f"{top}/usr/bin/pbx-core", "ROAMDESK_SHARE_FOLDER": f"{top}/usr/share/roamdesk", "ROAMDESK_SYSTEMD": str(top),
               "ROAMDESK_CORE_FILE": "file", "ROAMDESK_UPGRADE_LOCK": f"{top}/lock"}
        done = subprocess.run([str(word) for word in command], env=env, capture_output=True, text=True, timeout=60, start_new_session=True)
        self.said += done.stderr
        return done.returncode

    def preinst(self, cut="", of="old"):
        """What the core reads is unpacked before the core's own preinst runs."""
        if status := self.run(self.top / "roamdesk-common.preinst", "upgrade", of, "new", cut=cut):
            return status
        self.unpack_common("new")
        return self.run(self.top / "roamdesk-core.preinst", "upgrade", of, "new", cut=cut)

    def configure(self, cut=""):
        return self.run(DEBIAN / "core-upgrade", "start", "new", cut=cut)

    def upgrade(self):
        if status := self.preinst():
            return status
        self.unpack("new", self.schema, self.way)
        return self.configure()

    def boot(self):
        """After a power cut: nothing runs, and the units start in their order."""
        for path in (self.top / "run").iterdir():
            if path.name != "pid":
                path.unlink()
        if (self.top / "kept/upgrade").exists():
            self.run(DEBIAN / "core-upgrade", "resume")
        self.run(self.top / "real-systemctl", "start", "pbx-core")

    def count(self):
        return int((self.top / "count").read_text())

    def runs(self):
        path = self.top / "run/program"
        return path.read_text().strip() if path.exists() else None

    def store(self):
        """The schema, and what it knows that the old one had acknowledged; of that nothing may be missing."""
        schema, *told = (self.top / "state/store.sqlite").read_text().splitlines()
        ever = (self.top / "told").read_text().splitlines() if (self.top / "told").exists() else []
        missing = [line for line in ["told before", *ever] if "by new" not in line and line not in told]
        assert not missing, (missing, told, self.said)
        return int(schema), len([line for line in told if "by old" in line])

    def left(self):
        return sorted(p.name for p in (self.top / "kept").iterdir() if p.name in ("upgrade", "rolled-back", "rolled-back.next", "failed"))

    def failed(self):
        return (self.top / "kept/failed").read_text().strip()


class Upgrade(unittest.TestCase):
    def machine(self, **about):
        machine = Machine(**about)
        self.addCleanup(shutil.rmtree, machine.top)
        return machine

    def test_a_healthy_one_stays(self):
        for schema in (1, 2):
            with self.subTest(schema=schema):
                machine = self.machine(schema=schema)
                self.assertEqual(machine.upgrade(), 0, machine.said)
                self.assertEqual((machine.runs(), machine.left()), ("new", []))
                self.assertEqual(machine.store(), (schema, 1))
                self.assertFalse((machine.top / "state/store.before").exists())
                self.assertEqual((machine.top / "kept/state.backup").read_text(), "1\ntold before\n")

    def test_one_that_ends_or_hears_nobody_gives_way_to_the_one_before_with_its_store(self):
        for way, why in (("sick", "it ends again and again"), ("deaf", "it isn't healthy within 1 s")):
            for schema in (1, 2):
                with self.subTest(way=way, schema=schema):
                    machine = self.machine(way=way, schema=schema)
                    self.assertEqual(machine.upgrade(), 0, machine.said)
                    self.assertEqual((machine.runs(), machine.left()), ("old", ["failed", "rolled-back"]))
                    self.assertEqual(machine.store(), (1, 1))
                    self.assertFalse((machine.top / "state/store.sqlite-wal").exists(), "the new one's log isn't the old store's")
                    self.assertEqual(machine.failed(), f"new: {why}")
                    self.assertIn(f"{why}. old is put back", machine.said)
                    machine.boot()
                    self.assertEqual(machine.runs(), "old")

    def test_one_that_cant_be_used_here_interrupts_nobody(self):
        for way, why in (("unusable", "no such library"), ("refuses", "line 3: no such key")):
            with self.subTest(way):
                machine = self.machine(way=way)
                pid = (machine.top / "run/pid").read_text()
                self.assertEqual(machine.upgrade(), 0, machine.said)
                self.assertEqual((machine.runs(), (machine.top / "run/pid").read_text()), ("old", pid))
                self.assertEqual(machine.failed(), f"new: it can't be used here: {why}")
                machine.boot()
                self.assertEqual(machine.runs(), "old", "after a start of the machine as well")

    def test_the_next_upgrade_tries_anew_and_goes_back_to_what_ran(self):
        machine = self.machine(way="sick")
        machine.upgrade()
        for way, runs, left in (("sick", "old", ["failed", "rolled-back"]), ("good", "new", [])):
            machine.way = way
            self.assertEqual(machine.preinst(of="new"), 0, machine.said)
            machine.unpack("new", 2, way)
            self.assertEqual(machine.configure(), 0, machine.said)
            self.assertEqual((machine.runs(), machine.left()), (runs, left))
        self.assertEqual(machine.store(), (2, 3))

    def test_another_try_by_hand(self):
        machine = self.machine(way="sick")
        machine.upgrade()
        machine.unpack("new", 2, "good")    # what was wrong was the machine
        self.assertEqual(machine.run(DEBIAN / "core-upgrade", "retry"), 0, machine.said)
        self.assertEqual((machine.runs(), machine.left()), ("new", []))
        self.assertEqual(machine.run(DEBIAN / "core-upgrade", "retry"), 1, "nothing has failed")

    def test_one_that_didnt_run_before_isnt_gone_back_to(self):
        machine = self.machine(running=False)
        self.assertEqual(machine.upgrade(), 0, machine.said)
        self.assertEqual((machine.runs(), machine.left()), (None, []))

    def test_nothing_is_kept_of_the_one_before(self):
        for way in ("good", "sick"):
            with self.subTest(way):
                machine = self.machine(way=way)
                machine.preinst()
                shutil.rmtree(machine.top / "kept/old")
                machine.unpack("new", 2, way)
                self.assertEqual(machine.configure(), 0, machine.said)
                self.assertIn("there is no version before to go back to", machine.said)
                self.assertEqual((machine.runs(), machine.left()), ("new" if way == "good" else None, []))
                self.assertEqual("new: it ends again and again" in machine.said, way == "sick")

    def test_neither_runs(self):
        machine = self.machine(way="sick")
        machine.preinst()
        machine.unpack("new", 2, "sick")
        (machine.top / "kept/old/share/roamdesk/of-old").unlink()
        self.assertNotEqual(machine.configure(), 0)
        self.assertIn("old doesn't run either", machine.said)

    def test_a_full_disk(self):
        if os.geteuid() != 0:
            self.fail("needs root, for a disk of its own")
        for moment in ("before", "between", "at the store"):
            with self.subTest(moment):
                machine = self.machine()
                kept = machine.top / "kept"
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=40", "tmpfs", kept], check=True)
                try:
                    if moment == "before":
                        (kept / "fill").write_bytes(b"x" * 65536)
                        self.assertNotEqual(machine.upgrade(), 0)
                        self.assertIn("this upgrade is refused, and nothing was changed", machine.said)
                        self.assertEqual((machine.runs(), machine.left()), ("old", []))
                        continue
                    machine.preinst()
                    machine.unpack("new", 2, "good")
                    if moment == "between":
                        with self.assertRaises(OSError), open(kept / "fill", "wb", buffering=0) as fill:
                            while fill.write(b"x" * 4096):
                                pass
                        self.assertNotEqual(machine.configure(), 0)
                        self.assertEqual(machine.runs(), "old", "it was not interrupted")
                        machine.boot()
                        self.assertEqual((machine.runs(), machine.store()[0]), ("old", 1))
                        (kept / "fill").unlink()
                        self.assertEqual(machine.configure(), 0, machine.said)
                        self.assertEqual((machine.runs(), machine.left()), ("new", []))
                    else:
                        (machine.top / "no-room").touch()
                        self.assertEqual(machine.configure(), 0, machine.said)
                        self.assertEqual((machine.runs(), machine.store()), ("old", (1, 1)))
                        self.assertIn("the store can't be kept as it was: No space left on device", machine.failed())
                finally:
                    subprocess.run(["umount", kept], check=True)

    def cut(self, way, schema, phase, at):
        """The upgrade with the power cut there, the machine's start, and `dpkg --configure -a`. Gives whether the cut came."""
        machine = Machine(way, schema)
        try:
            step = {"preinst": machine.preinst, "configure": machine.configure}[phase]
            if phase == "configure":
                machine.preinst()
                machine.unpack("new", schema, way)
            (machine.top / "count").write_text("0")
            came = step(cut=at) == -9
            where = f"{way}, schema {schema}, {phase}, before step {at}: {machine.said}"
            machine.boot()
            assert machine.runs() is not None, where
            assert machine.runs() == "old" or way == "good", where
            if phase == "preinst":
                assert machine.preinst() == 0, where
                machine.unpack("new", schema, way)
            assert machine.configure() == 0, where + machine.said
            assert machine.runs() == ("new" if way == "good" else "old"), where
            assert machine.left() == ([] if way == "good" else ["failed", "rolled-back"]), (where, machine.left())
            assert machine.store()[0] == (schema if way == "good" else 1), where
            return came
        finally:
            shutil.rmtree(machine.top)

    def test_nothing_is_put_back_where_the_state_isnt_mounted_and_all_is_when_it_is(self):
        machine = self.machine(way="sick")
        machine.preinst()
        machine.unpack("new", 2, "sick")
        machine.run(DEBIAN / "core-upgrade", "start", "new", cut=6)
        noted = (machine.top / "kept/upgrade").read_text()
        self.assertIn("copy=", noted)
        (machine.top / "state").rename(machine.top / "away")
        self.assertEqual(machine.run(DEBIAN / "core-upgrade", "resume"), 1)
        self.assertIn("mounted?", machine.said)
        self.assertEqual((machine.top / "kept/upgrade").read_text(), noted)
        (machine.top / "away").rename(machine.top / "state")
        machine.boot()
        self.assertEqual((machine.runs(), machine.store()[0]), ("old", 1))

    def test_a_power_cut_at_every_point(self):
        def points(way, schema, phase):
            at = 1
            while self.cut(way, schema, phase, at):
                at += 1
            return at - 1
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            found = list(pool.map(points, ("good", "good", "sick", "unusable", "good"), (1, 2, 2, 2, 2), ("configure",) * 4 + ("preinst",)))
        print(f"    cut at {found} points", flush=True)
        self.assertTrue(all(count > 3 for count in found), found)


if __name__ == "__main__":
    unittest.main(verbosity=2)

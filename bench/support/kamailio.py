"""Kamailio as the peer: its database, its start and its end. The configurations are in bench/kamailio."""
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import processes

CONFIGS = pathlib.Path(__file__).resolve().parents[1] / "kamailio"
SCHEMAS = pathlib.Path("/usr/share/kamailio/db_sqlite")
PASSWORDS = """CREATE TABLE passwords (id INTEGER PRIMARY KEY, key_name TEXT, key_type INTEGER, value_type INTEGER,
 key_value TEXT, expires INTEGER)"""
PROGRAM = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/sbin:/bin") or "/usr/sbin/kamailio"


def version():
    return subprocess.run([PROGRAM, "-v"], capture_output=True, text=True).stdout.splitlines()[0]


class Kamailio:
    def __init__(self, config, listen, directory, accounts, db_mode=2, more=()):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir(parents=True)
        self.log = self.dir / "kamailio.log"
        self.listen = listen
        file = self.dir / "kamailio.sqlite"
        with sqlite3.connect(file) as db:
            for name in ("standard", "usrloc", "dialog"):
                db.executescript((SCHEMAS / f"{name}-create.sql").read_text())
            db.execute(PASSWORDS)
            db.execute("INSERT INTO version VALUES (NULL, 'passwords', 2)")
            db.executemany("INSERT INTO passwords VALUES (NULL, ?, 0, 0, ?, 0)", [(a.user, a.password) for a in accounts])
        db.close()
        self.file = file
        # Memory limits as generous as it likes; only what is touched is resident.
        # It ends with us, also where we are killed.
        self.command = ["setpriv", "--pdeathsig", "TERM", PROGRAM, "-DD", "-E", "-f", str(CONFIGS / config), "-l", f"udp:{listen}:5060",
                        "-l", f"tcp:{listen}:5060", "-Y", str(self.dir), "-P", str(self.dir / "pid"), "-m", "1024", "-M", "256",
                        f"--subst=!DB_FILE!{file}!g", "-A", f"DB_MODE={db_mode}",
                        *(f"--subst=!{name}!{value}!g" for name, value in more)]
        self.process = None

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        time.sleep(1.5)
        if self.process.poll() is not None:
            sys.exit("Kamailio ended:\n" + "\n".join(self.log.read_text().splitlines()[-20:]))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            for pid in processes.tree(self.process.pid):
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    @property
    def address(self):
        return f"{self.listen}:5060"

    def cpu(self):
        return processes.cpu(self.process.pid)

    def resident(self):
        return processes.resident(self.process.pid)

    def stored(self):
        """How many contacts its database has, read as another program would."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM location").fetchone()[0]

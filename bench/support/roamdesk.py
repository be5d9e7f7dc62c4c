"""Ours: pbx-core with as many phones as asked for, each a person's own, as if they had been assigned and had fetched
their configuration long ago. Their records are written into the store that the core itself made."""
import os
import pathlib
import re
import sqlite3
import sys

import load
import processes

os.environ.setdefault("ROAMDESK_BUILD", str(load.BUILD))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "support"))
from harness import World  # noqa: E402

EXTENSION = "INSERT INTO extensions (number, name, pin_hash, hot_desking, key_list) VALUES (?, ?, ?, 0, '[]')"
VERSION = re.search(r"project\(roamdesk VERSION ([\d.]+)", (load.ROOT / "CMakeLists.txt").read_text()).group(1)
PHONE = """INSERT INTO phones (mac, vendor, model, firmware, address, site, first_seen, last_seen, assigned, extension,
 digest_user, digest_password, token, window_until, needs_restart)
 VALUES (?, 'yealink', 'T46S', '66.85.0.5', '127.0.0.1:5060', ?, 1, 1, 1, ?, ?, ?, ?, NULL, 0)"""


class Roamdesk:
    def __init__(self, accounts, sites=None, prefix=(), pnp=False):
        """`sites`: MAC → the site of those phones that stand elsewhere than beside the core. `prefix`: words in front of the core's
        command. `pnp`: it answers plug-and-play."""
        self.world = World("bench", level="info")
        self.world.domain = load.DOMAIN
        self.world.start_core(pnp=pnp, prefix=prefix)
        self.world.core.stop()
        self.file = self.world.dir / "core" / "store.sqlite"
        with sqlite3.connect(self.file) as db:
            # Nobody types these PINs: any hash does.
            some_hash = "scrypt$16384$8$1$" + "00" * 16 + "$" + "00" * 32
            db.executemany(EXTENSION, [(a.number, f"Person {a.number}", some_hash) for a in accounts])
            db.executemany(PHONE, [(a.mac, (sites or {}).get(a.mac, "local"), a.number, a.user, a.password,
                                    a.mac * 3) for a in accounts])
        db.close()

    def __enter__(self):
        self.world.core.start()
        self.world.wait_core()
        self.world.api.log_in()
        return self

    def __exit__(self, kind, *_):
        self.world.close(failed=kind is not None)

    @property
    def address(self):
        return f"{self.world.core_ip}:5060"

    def cpu(self):
        return processes.cpu(self.world.core.process.pid)

    def resident(self):
        return processes.resident(self.world.core.process.pid)

    def stored(self):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM bindings").fetchone()[0]

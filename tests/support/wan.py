"""Two branches with the same network behind NATs, a WAN with delay and loss: each site in network namespaces of its own."""
import case
import netns
from harness import LOCAL, World

BRANCHES = ("branch-1", "branch-2")
DELAY, LOSS = 0.025, 0.01


class WanWorld(World):
    """The core in a namespace; each branch's SBC and phones in theirs."""

    def __init__(self, name, outsiders=(), **options):
        super().__init__(name, **options)
        self.sites = netns.Sites(BRANCHES, delay=DELAY, loss=LOSS, outsiders=outsiders)
        self.core_ip = self.sites.CORE
        self.faces = {LOCAL: self.core_ip}
        self.api.host, self.api.network = "127.0.0.1", self.sites.core
        self.core_phones = 0

    def core_settings(self):
        return {"listen": "0.0.0.0", "tunnel": self.core_ip, "interface": self.core_ip, "metrics": "127.0.0.1"}

    def metrics_of_core(self):
        other = super().metrics_of_core()
        other.host = "127.0.0.1"
        return other

    def start_core(self, **options):
        return super().start_core(pnp=False, prefix=self.sites.core.prefix, **options)

    def make_sbc(self, name, **options):
        return super().make_sbc(name, prefix=self.sites.sbc[name].prefix, lan=self.sites.SBC_LAN, **options)

    def phone(self, vendor="yealink", site=LOCAL, place=0, **options):
        if site == LOCAL:
            # Beside the core: in its namespace, with an address of its own on its loopback.
            self.core_phones += 1
            ip = f"10.9.0.{self.core_phones}"
            self.sites.core.ip("addr", "add", f"{ip}/32", "dev", "lo")
            return super().phone(vendor, site, ip=ip, port=0, network=self.sites.core, **options)
        return super().phone(vendor, site, ip=f"192.168.1.{20 + place}", network=self.sites.phone[site][place], **options)

    def close(self, failed=False):
        try:
            super().close(failed)
        finally:
            self.sites.close()


class WanCase(case.LoopbackCase):
    own_world = True

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls, **options):
        world = WanWorld("wan", **options)
        try:
            world.start_core()
            for name in BRANCHES:
                world.start_sbc(name)
        except BaseException:
            world.close(failed=True)
            raise
        return world

"""Other projects' SIP phones as programs (Debian's): driven by their consoles, speaking and hearing by files."""
import asyncio
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import wave

from harness import eventually
from simphone.audio import RATE, power, tone

SAYS = 440           # Hz, for as long as a call is up


class SoftPhone:
    """`setup` is a phone's configuration as simphone reads it; `network` a namespace. Where `registers` is False it only has the proxy
    send its calls on."""
    package = ""
    registers = True
    # What the console says of its registration, of a call held by it, of a call's end.
    registered = held = over = ()

    def __init__(self, home, setup, ip, network):
        self.home, self.setup, self.ip, self.network = pathlib.Path(home), setup, ip, network
        self.home.mkdir()
        self.process = None
        with wave.open(str(self.home / "says.wav"), "wb") as says:
            says.setparams((1, 2, RATE, 0, "NONE", ""))
            says.writeframes(tone(SAYS, samples=RATE * 60))

    def spawn(self, *command):
        self.log = open(self.home / "log", "wb")
        self.process = subprocess.Popen(self.network.prefix + list(command), stdin=subprocess.PIPE, stdout=self.log,
                                        stderr=self.log, env={"PATH": "/usr/bin:/bin", "HOME": str(self.home)})
        return self

    def tell(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def text(self):
        return "".join(p.read_text("utf-8", "replace") for p in (self.home / "debug", self.home / "log") if p.exists())

    def said(self, *words):
        """How often its console has shown one of these."""
        assert self.process.poll() is None, f"{self.package} ended: {self.text()[-2000:]}"
        return sum(self.text().count(word) for word in words)

    def recording(self):
        """The file that the newest call is heard in."""
        raise NotImplementedError

    def hears(self, frequency, seconds=0.5):
        """In the last of what it recorded. The header of a file that still grows isn't true yet: it is left out."""
        path = self.recording()
        if path is None:
            return False
        pcm = path.read_bytes()[44:]
        wanted = int(seconds * RATE) * 2
        return len(pcm) >= wanted and power(pcm[len(pcm) // 2 * 2 - wanted:len(pcm) // 2 * 2], frequency) > 0.5

    def hears_after_hold(self, frequency):
        return self.hears(frequency)

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.log.close()


class Baresip(SoftPhone):
    """What it hears is written by sndfile, so that nothing needs to play it: 1.1's file player hangs after a hold of its own."""
    package, port = "baresip", 5068
    registered = ("registered successfully", "200 OK")
    held = ("stream: update 'audio'",)
    over = ("terminated (duration",)

    def start(self, answers=True):
        s = self.setup
        sealed = {"optional": "mediaenc=srtp;", "required": "mediaenc=srtp-mand;"}.get(s.srtp, "")
        (self.home / "accounts").write_text(
            f'<sip:{s.user}@{s.registrar};transport={s.transport}>;auth_user={s.auth_user};auth_pass={s.password};'
            f'outbound="sip:{s.proxy[0]}:{s.proxy[1]};transport={s.transport}";regint={600 if self.registers else 0};{sealed}answermode={"auto" if answers else "manual"};'
            "audio_codecs=PCMA/8000/1,PCMU/8000/1\n")
        (self.home / "contacts").write_text("")
        (self.home / "config").write_text(f"""\
sip_listen {self.ip}:{self.port}
audio_source aufile,{self.home}/says.wav
audio_player aubridge,nobody
ringback_disabled yes
snd_path {self.home}
net_interface {self.ip}
module_path /usr/lib/baresip/modules
module stdio.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
module_app account.so
module_app menu.so
""")
        return self.spawn("baresip", "-f", str(self.home), "-v")

    def dial(self, number):
        self.tell(f"/dial sip:{number}@{self.setup.registrar}")

    def hold(self):
        self.tell("/hold")

    def resume(self):
        self.tell("/resume")

    def hang_up(self):
        self.tell("/hangup")

    def recording(self):
        return max(self.home.glob("dump-*-dec.wav"), key=lambda p: p.stat().st_mtime, default=None)

    def hears_after_hold(self, _):
        """Debian's 1.0.0 decodes nothing after a re-INVITE, between two of itself neither: that packets come is all that it can say."""
        rates = re.findall(r"audio=(\d+)/\d+ \(bit/s\)", self.text())
        return bool(rates) and int(rates[-1]) > 55_000


class Linphone(SoftPhone):
    """Without a sound card it says what it has as music on hold (5.3, from the first packet on) or what `play` names (5.1)."""
    package, port = "linphonec", 5070
    registered = ("to [LinphoneRegistrationOk]",)
    held = ("is now paused.",)
    over = (" ended (",)

    def start(self, answers=True):
        s = self.setup
        (self.home / ".local/share/linphone").mkdir(parents=True)
        (self.home / "rc").write_text(f"""\
[sip]
default_proxy=0
sip_port={self.port}
sip_tcp_port=0
sip_tls_port=0
bind_address={self.ip}
use_ipv6=0
[rtp]
bind_address={self.ip}
[net]
stun_server=
[misc]
hide_chat_rooms_with_media=0
[sound]
playback_dev_id=
hold_music={self.home}/says.wav
[proxy_0]
reg_proxy=<sip:{s.proxy[0]}:{s.proxy[1]};transport=udp>
reg_route=<sip:{s.proxy[0]}:{s.proxy[1]};transport=udp;lr>
reg_identity=sip:{s.user}@{s.registrar}
reg_expires=600
reg_sendregister={int(self.registers)}
publish=0
[auth_info_0]
username={s.user}
userid={s.auth_user}
passwd={s.password}
realm={s.registrar}
""")
        self.spawn("linphonec", "-c", str(self.home / "rc"), "-d", "5", "-l", str(self.home / "debug"), *(["-a"] if answers else []))
        self.tell("soundcard use files")
        self.tell(f"play {self.home}/says.wav")
        self.tell(f"record {self.home}/heard.wav")
        return self

    def dial(self, number):
        self.tell(f"call sip:{number}@{self.setup.registrar}")

    def hold(self):
        self.tell("pause")

    def resume(self):
        self.tell("resume")

    def hang_up(self):
        self.tell("terminate")

    def recording(self):
        path = self.home / "heard.wav"
        return path if path.exists() else None


def tool(name):
    if shutil.which(name):
        return
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        raise RuntimeError(f"{name} isn't installed, in CI")
    raise unittest.SkipTest(f"{name} isn't installed")


class Talking:
    """Of a test case: what our phone and a softphone hear of each other."""

    async def both_hear(self, call, program, what, after_hold=False):
        """Our tone there, its tone here; looked for in what was heard from now on."""
        call.audio.frequency = 780 if call.audio.frequency == 660 else 660
        call.audio.heard.clear()
        await call.phone.until(lambda: call.audio.hears(SAYS), 10, lambda: f"{what}: {program.package}'s tone; "
                               f"{call.audio.packets} packets from {call.audio.sources}, level {call.audio.level()}")
        heard = program.hears_after_hold if after_hold else program.hears
        await eventually(lambda: heard(call.audio.frequency), 10, f"{what}: {program.package} hears {call.audio.frequency} Hz")

    async def silent(self, call):
        """Until nothing of the program is heard for a second."""
        for _ in range(10):
            call.audio.heard.clear()
            await asyncio.sleep(1)
            if not call.audio.hears(SAYS):
                return
        self.fail("it is heard while it is held")

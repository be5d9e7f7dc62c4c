"""SRTP of a phone (RFC 3711, 7714; keys in the description, RFC 4568), by the system's libsrtp2."""
import base64
import ctypes
import ctypes.util
import functools
import os
import re

# name: bytes of master key and salt; what sets the library's policy for RTP, and for RTCP
SUITES = {"AES_CM_128_HMAC_SHA1_80": (30, "srtp_crypto_policy_set_rtp_default", "srtp_crypto_policy_set_rtp_default"),
          "AES_CM_128_HMAC_SHA1_32": (30, "srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32", "srtp_crypto_policy_set_rtp_default"),
          "AEAD_AES_128_GCM": (28, "srtp_crypto_policy_set_aes_gcm_128_16_auth", "srtp_crypto_policy_set_aes_gcm_128_16_auth"),
          "AEAD_AES_256_GCM": (44, "srtp_crypto_policy_set_aes_gcm_256_16_auth", "srtp_crypto_policy_set_aes_gcm_256_16_auth")}


class _Policy(ctypes.Structure):
    """srtp_policy_t, of which only the beginning is filled in."""

    class Crypto(ctypes.Structure):
        _fields_ = [(name, ctypes.c_int) for name in ("cipher", "cipher_key", "auth", "auth_key", "tag", "services")]
    _fields_ = [("ssrc_type", ctypes.c_int), ("ssrc", ctypes.c_uint), ("rtp", Crypto), ("rtcp", Crypto), ("key", ctypes.c_char_p),
                ("keys", ctypes.c_void_p), ("count", ctypes.c_ulong), ("ekt", ctypes.c_void_p), ("window", ctypes.c_ulong),
                ("rest", ctypes.c_ubyte * 128)]


@functools.cache
def _library():
    library = ctypes.CDLL(ctypes.util.find_library("srtp2") or "libsrtp2.so.1")
    assert library.srtp_init() == 0
    return library


def new_key(suite):
    return base64.b64encode(os.urandom(SUITES[suite][0])).decode()


class Context:
    """One direction under one key, as it stands in a description: base64."""

    def __init__(self, suite, key, seals):
        size, rtp, rtcp = SUITES[suite]
        self.key = base64.b64decode(key + "=" * (-len(key) % 4))
        assert len(self.key) == size, (suite, key)
        policy = _Policy(ssrc_type=3 if seals else 2, key=self.key, window=128)       # ssrc_any_outbound, ssrc_any_inbound
        getattr(_library(), rtp)(ctypes.byref(policy.rtp))
        getattr(_library(), rtcp)(ctypes.byref(policy.rtcp))
        self.session = ctypes.c_void_p()
        assert _library().srtp_create(ctypes.byref(self.session), ctypes.byref(policy)) == 0

    def _call(self, function, packet):
        room = ctypes.create_string_buffer(packet, len(packet) + 160)
        size = ctypes.c_int(len(packet))
        failed = getattr(_library(), function)(self.session, room, ctypes.byref(size))
        return None if failed else room.raw[:size.value]

    def seal(self, packet):
        return self._call("srtp_protect", packet)

    def open(self, packet):
        """None: sealed by another key, changed, or heard before."""
        return self._call("srtp_unprotect", packet)


class Side:
    """What one side of a call does with keys (RFC 4568). Whose call it is says how (`srtp`: "off", "optional", "required"), which
    suites it knows (`suites`), and has the Audio."""

    def no_keys_yet(self):
        self.sealing, self.offered_keys = None, []      # (suite, the peer's key) in force, the peer's lines
        self.keys = {}                # suite -> the key of what we send, as long as the call

    def protocol(self, offer):
        """Of an answer the offer's (RFC 3264 §6)."""
        if offer:
            return next(p for port, p in re.findall(r"^m=audio (\d+) (\S+)", offer.decode(), re.M) if port != "0")
        return "RTP/SAVP" if self.srtp() == "required" else "RTP/AVP"

    def crypto_lines(self, offer):
        """Of an offer all suites, of an answer the one that was chosen (RFC 4568 §5.1.2)."""
        if self.srtp() == "off":
            return []
        lines = list(enumerate(self.suites(), 1))
        if offer:
            lines = [(int(tag), suite) for tag, suite, _ in self.offered_keys if suite in self.suites()][:1]
        return [f"a=crypto:{tag} {suite} inline:{self.keys.setdefault(suite, new_key(suite))}" for tag, suite in lines]

    def take_keys(self, text):
        """Those of the peer's description; without any it talks in the clear, if it is let."""
        self.offered_keys = re.findall(r"^a=crypto:(\d+) (\S+) inline:([^|\s]+)", text, re.M)
        chosen = next(((suite, key) for _, suite, key in self.offered_keys if suite in self.suites()), None)
        if self.srtp() == "off" or not chosen:
            self.audio.seal = self.audio.unseal = self.sealing = None
        elif self.sealing != chosen:
            suite, theirs = self.sealing = chosen
            self.audio.seal = Context(suite, self.keys.setdefault(suite, new_key(suite)), True)
            self.audio.unseal = Context(suite, theirs, False)

"""How a provider behaves, as data: a test says what is special about its provider, and nothing else."""
import dataclasses

from simphone.message import token

SILENCE = None


@dataclasses.dataclass
class Rule:
    """What is done with a request in place of what the provider would do by itself."""
    method: str                      # "INVITE"; "*" for every one
    status: int | None               # the answer's, or SILENCE
    reason: str = "As The Rule Says"
    headers: tuple = ()              # of the answer: (name, value) each
    times: int | None = None         # of how many requests; None: of all
    fits: object = None              # (message) -> whether it is meant for this one; None: for each

    def takes(self, message):
        if self.method not in ("*", message.method) or self.times == 0 or (self.fits and not self.fits(message)):
            return False
        if self.times:
            self.times -= 1
        return True


@dataclasses.dataclass
class Habits:
    # Who has to show credentials, and how: the status of the challenge; None for no challenge.
    register_challenge: int | None = 401
    call_challenge: int | None = 407
    realm: str = "provider.example"
    qop: str | None = "auth"                      # None: none, as in RFC 2069
    algorithm: str = "MD5"                        # or SHA-256
    nonce_lasts: int = 1000                       # requests; then a challenge with stale=true
    # The registrar.
    least_expires: int = 0                        # less is answered 423 with Min-Expires
    most_expires: int = 3600                      # more is cut
    other_contacts: tuple = ()                    # bindings that aren't ours, which it lists before ours
    only_registered_flow: bool = False            # INVITEs that come on another flow than the account's REGISTER: 403
    # Calls.
    least_session: int = 90                       # Min-SE: a shorter Session-Expires is answered 422
    session_expires: int | None = None            # it wants a timer in its answers, of this many seconds …
    refresher: str = "uac"                        # … refreshed by
    takes_late_offers: bool = True                # else a re-INVITE without an offer is answered 488
    takes_update: bool = True
    supported: str = "100rel, timer, replaces"
    event_type: int = 101                         # payload type of RFC 4733 in its offers
    payload_types: tuple = (8, 0)
    media_ip: str | None = None                   # its voice is at another IP than its SIP
    srtp: str = "off"                             # or "optional", "required"; "both": its offers have a line of each
    srtp_suites: tuple = ("AES_CM_128_HMAC_SHA1_80",)
    rules: list = dataclasses.field(default_factory=list)

    def challenge(self, stale=False):
        """(the header's value, the nonce)."""
        nonce = token()
        value = f'Digest realm="{self.realm}", nonce="{nonce}", algorithm={self.algorithm}'
        value += f', qop="{self.qop}"' if self.qop else ""
        return value + (", stale=true" if stale else ""), nonce

    def rule_for(self, message):
        return next((rule for rule in self.rules if rule.takes(message)), None)

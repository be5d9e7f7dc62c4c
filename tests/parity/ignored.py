"""What the comparison of a phone's two days leaves out, and why. Nothing else is left out.

REPLACED: (pattern, replacement, reason), applied in this order to every message and file. `FACE` and `PHONE` stand for the
two addresses by then. HEADERS: (direction, name, reason); the header has to be there on both sides, its value isn't compared.
"""

REPLACED = [
    # Made anew for each run, from randomness.
    (r"branch=[^;,\s]+", "branch=*", "a transaction's own random value"),
    (r"(?<![-\w])tag=[^;,\s>?&\"]+", "tag=*", "a dialog's own random value"),
    (r"(?m)^(Call-ID|i): .*$", "Call-ID: *", "random; conversations are told apart by it before it is replaced"),
    (r'\b(nonce|cnonce|opaque|response)="[^"]*"', r'\1="*"', "made of randomness and time"),
    (r'\busername="[^"]*"', 'username="*"', "the digest user is random for each session"),
    (r"/provision/[^/\s<\"]+", "/provision/*", "the token"),
    (r"(?m)^o=\S+ \d+ (\d+) ", r"o=* * \1 ", "the session's id is random; its version is compared"),
    (r'\b(call-id|local-tag|remote-tag|id)="[^"]*"', r'\1="*"', "of dialog-info (RFC 4235): random ids"),
    (r"(?m)^(Refer-To: <[^?>]*)\?[^>]*>", r"\1?*>", "Replaces carries a Call-ID and tags"),
    # Ports that the kernel or a pool chooses.
    (r"(?m)^m=audio \d+ ", "m=audio * ", "the stream's port, out of a range"),
    (r"(?m)^a=rtcp:\d+.*$", "a=rtcp:*", "the stream's port plus one"),
    (r"(?m)^a=ssrc:\d+", "a=ssrc:*", "random"),
    # Time.
    (r"(?m)^Date: .*$", "Date: *", "the time of day"),
    (r"(?m)^(Subscription-State: active;expires=)\d+", r"\1*", "the seconds that are left"),
    (r"(?m)^ETag: .*$", "ETag: *", "a digest of the file, which has addresses and passwords in it"),
    (r"(?m)^Content-Length: .*$", "Content-Length: *", "bodies carry addresses, whose lengths differ; the phone checks it itself"),
    # In the configuration files.
    (r"(?m)^(account\.1\.(?:password|auth_name) =) [0-9a-f]{32}$", r"\1 *", "random for each session; an idle desk's name isn't"),
    (r"(<user_(?:pass|pname) [^>]*>)[0-9a-f]{32}<", r"\1*<", "likewise, snom"),
    (r"(<(?:http_pass|admin_mode_password|admin_mode_password_confirm|webserver_admin_password|webserver_user_password) [^>]*>)[^<]+<", r"\1*<", "random for each phone"),
    (r"(?m)^(static\.security\.user_password =).*$", r"\1 *", "random for each phone"),
    (r"<((?:Register|Proxy)_?(?:Pswd|User))>[0-9a-f]{32}<", r"<\1>*<", "random for each session, fanvil"),
    (r"<(Menu_?Password|Password|P2|P196|VarPassword)>[^<]+<", r"<\1>*<", "random for each phone: fanvil, grandstream, htek"),
    (r"<(P34|P36|Password_1_|Auth_ID_1_)>[0-9a-f]{32}<", r"<\1>*<", "random for each session, htek, cisco"),
    (r'\b(reg\.1\.auth\.(?:userId|password)=")[0-9a-f]{32}"', r'\1*"', "random for each session, poly"),
    (r'\b(device\.auth\.local(?:Admin|User)Password=")[^"]+"', r'\1*"', "random for each phone, poly"),
    (r"<((?:Admin|User)_Password)>[^<]+<", r"<\1>*<", "random for each phone, cisco"),
    (r'(<item name="users\.(?:admin|user)\.password">)[^<]+<', r"\1*<", "likewise"),
    (r'(<item name="account\.1\.sip\.subscriber\.(?:userid|password)">)[0-9a-f]{32}<', r"\1*<", "likewise, grandstream"),
    (r"(?m)^(# Roamdesk \w+).*$", r"\1 *", "a comment that names the generation"),
]

HEADERS = []

# What a phone got more than once is taken as once: repetitions depend on how loaded the machine is.
REPETITIONS = "an identical message in the same direction (RFC 3261 §17: repeated until answered)"

# A 100 that only one of the two days has; one that both have is compared.
TRYING = "sent only where an answer takes more than 200 ms (RFC 3261 §17.2.1), and the next hop's alone"

# The conversations (Call-IDs) of a phone run beside each other; within one, the order is compared.
ORDER_BETWEEN_CONVERSATIONS = "decided by the scheduler"

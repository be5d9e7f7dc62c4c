"""G.711, as tables of what ITU-T G.711 defines: Python has had no module for it since 3.13. Samples are 16 bits, of this machine's byte order."""
import array


def _ulaw_value(code):
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return -magnitude if code & 0x80 else magnitude


def _alaw_value(code):
    code ^= 0x55
    magnitude, segment = (code & 0x0F) << 4, (code & 0x70) >> 4
    magnitude = magnitude + 8 if segment == 0 else (magnitude + 0x108) << segment - 1
    return magnitude if code & 0x80 else -magnitude


def _encoder(values):
    """For each 16-bit sample (as unsigned) the code whose value is nearest; between two, the one of the smaller magnitude."""
    codes = sorted(range(256), key=lambda code: (values[code], code))
    table, at = bytearray(65536), 0
    for sample in range(-32768, 32768):
        while at + 1 < 256:
            here, after = values[codes[at]], values[codes[at + 1]]
            nearer = 2 * sample - here - after
            if nearer < 0 or (nearer == 0 and abs(here) <= abs(after)):
                break
            at += 1
        table[sample & 0xFFFF] = codes[at]
    return bytes(table)


ULAW = array.array("h", map(_ulaw_value, range(256)))
ALAW = array.array("h", map(_alaw_value, range(256)))
_TO_ULAW, _TO_ALAW = _encoder(ULAW), _encoder(ALAW)


def decode(payload, alaw):
    values = ALAW if alaw else ULAW
    return array.array("h", [values[code] for code in payload]).tobytes()


def encode(pcm, alaw):
    table = _TO_ALAW if alaw else _TO_ULAW
    return bytes(table[sample] for sample in array.array("H", pcm))


def level(pcm):
    """Root mean square."""
    samples = array.array("h", pcm)
    return int((sum(s * s for s in samples) / len(samples)) ** 0.5) if samples else 0

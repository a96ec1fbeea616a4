"""A reader of WFDB annotation files of MIT format of its own, for tests of what is written: words of
6 bits of type, 10 bits of time."""
import struct
import sys


def read_annotations(path):
    """(sample, code, num, chan) of each annotation."""
    data = open(path, "rb").read()
    at, time, num, chan, out = 0, 0, 0, 0, []
    while True:
        (word,) = struct.unpack_from("<H", data, at)
        at += 2
        kind, rest = word >> 10, word & 0x3FF
        if word == 0:
            break
        if kind == 59:
            high, low = struct.unpack_from("<HH", data, at)
            time += (high << 16) + low
            at += 4
        elif kind == 60:
            num = rest - 1024 if rest > 511 else rest
            out[-1] = out[-1][:2] + (num, chan)
        elif kind == 62:
            chan = rest
            out[-1] = out[-1][:2] + (num, chan)
        elif kind == 63:
            at += rest + (rest & 1)
        elif kind < 50:
            time += rest
            out.append((time, kind, num, chan))
    if at != len(data):
        sys.exit(path + ": bytes behind the end")
    return out

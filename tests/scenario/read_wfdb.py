"""A reader of WFDB records of its own, written from the format's description: the recorder's files
are for other programs too.

read_wfdb.py RECORD RAW          the record holds the 16-bit frames of RAW, or as many as it has yet
read_wfdb.py RECORD RAW --whole  all of them, with count, initial values and checksums in the header
read_wfdb.py RECORD.ANNOTATOR    how many annotations there are of each type
"""
import os
import struct
import sys

from annotation_file import read_annotations


def fail(text):
    sys.exit("read_wfdb.py: " + text)


def read_header(record):
    lines = [l for l in open(record + ".hea", encoding="utf-8").read().splitlines() if l and l[0] != "#"]
    name, signals, rate, frames = lines[0].split()[:4]
    if name != os.path.basename(record) or int(signals) != len(lines) - 1 or float(rate) <= 0:
        fail("the record line does not agree: " + lines[0])
    return int(frames), [l.split(None, 8) for l in lines[1:]]


def check_sums(fields, frames, values, count):
    if frames != count:
        fail("the header states %d frames, there are %d" % (frames, count))
    for k, field in enumerate(fields):
        own = values[k :: len(fields)]
        if int(field[5]) != own[0]:
            fail("signal %d: initial value" % k)
        if (int(field[6]) - sum(own)) & 0xFFFF:
            fail("signal %d: checksum" % k)


def check_record(record, raw, whole):
    frames, fields = read_header(record)
    for field in fields:
        if field[0] != os.path.basename(record) + ".dat" or field[1] != "16":
            fail("not one signal file of format 16: " + " ".join(field))
    data = open(record + ".dat", "rb").read()
    count = len(data) // (2 * len(fields))
    data = data[: count * 2 * len(fields)]
    if data != open(raw, "rb").read()[: len(data)]:
        fail("not the frames that were recorded")
    if whole:
        if len(data) != os.path.getsize(raw):
            fail("%d of %d bytes" % (len(data), os.path.getsize(raw)))
        check_sums(fields, frames, struct.unpack("<%dh" % (len(data) // 2), data), count)
    print("%d frames" % count)


def count_annotations(path):
    types = {}
    for _, code, _, _ in read_annotations(path):
        types[code] = types.get(code, 0) + 1
    print(" ".join("%d:%d" % item for item in sorted(types.items())))


if len(sys.argv) == 2:
    count_annotations(sys.argv[1])
else:
    check_record(sys.argv[1], sys.argv[2], "--whole" in sys.argv)

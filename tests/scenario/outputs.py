#!/usr/bin/env python3
"""outputs.py STRESSECG: what analyze leaves behind, read back as others would read it: the PDF says
every value of the summary, pictures are those of the PDF's pages, every file is its owner's alone,
and a de-identified set holds no byte of a name.  Exit code 77: poppler's tools are missing."""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zlib

stressecg = sys.argv[1]
if not shutil.which("pdftotext") or not shutil.which("pdfinfo"):
    sys.exit(77)

# Words that stand nowhere else, in scripts that need shaping and in ones that need other fonts.
PERSON = {
    "patient.name": "Zqwatkins, Ξενοφών Ωqk",
    "patient.id": "MRN-9Q7Z31",
    "patient.birth_date": "1931-07-19",
    "patient.medications": "Жqметопролол",
    "order.number": "ORD-9Q7Z32",
    "order.provider": "محمد الرازي",
    "order.indication": "胸痛検査 Qzb",
    "order.encounter_id": "ENC-9Q7Z33",
    "facility.name": "Clínica Zqpardo",
    "facility.entity_id": "TIN-9Q7Z34",
    "facility.address": "17 Zqrue",
    "preparation.skin_preparation": "Zqshaved",
    "equipment.ecg": "Zqcart 12",
    "equipment.ergometer": "Zqmill",
    "equipment.bp": "Zqcuff",
    "resting_ecg": "Zqsinus 71/min",
    "staff.0.name": "Œuvrard Zqtech",
    "staff.1.name": "Dr. Žižkov Zqphys",
}
NOTE = "Zqnote of staff"
WORDS = ["Zq", "zq", "9Q7Z", "1931-", "07-19", "19310719", "Ξενοφών", "Жq", "محمد", "胸痛", "Œuvrard", "Žižkov",
         "Clínica", "SIM-", "Simulated", "2026-01", "20260105", "zqrecord"]


def fail(*what):
    sys.exit(" ".join(map(str, what)))


def run(*arguments):
    return subprocess.run(arguments, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def make_test(path, target):
    with open(path, encoding="utf-8") as file:
        test = json.load(file)
    for place, value in PERSON.items():
        at = test
        *way, last = place.split(".")
        for step in way:
            at = at[int(step)] if step.isdigit() else at.setdefault(step, {})
        at[last] = value
    test["timeline"].append({"time_s": 100, "kind": "note", "text": NOTE, "by": "Zqnurse"})
    test["timeline"].append({"time_s": 101, "kind": "drug", "agent": "nitroglycerin", "dose": 0.4, "unit": "mg",
                             "lot": "Zqlot"})
    test["protocol_label"] = "Zqbruce of the house"
    test["audit"] = [{"when": "2026-01-06T08:00:00+01:00", "by": "Zqeditor", "what": "st_point", "old": "auto",
                      "new": "J+80", "why": "Zqreason"}]
    test["timeline"].sort(key=lambda fact: fact["time_s"])
    with open(target, "w", encoding="utf-8") as file:
        json.dump(test, file, ensure_ascii=False)


def analyze(record, test, out, *more):
    run(stressecg, "analyze", record, "--test", test, "--svg", "--png", "36", "--export",
        "fhir,aecg", *more, "-o", out)


def text_of(pdf, *options):
    return run("pdftotext", *options, pdf, "-").decode("utf-8")


# ---- the record ------------------------------------------------------------------------------


def number(value, decimals, signed=False):
    """As the report prints it; None where there is none."""
    if value is None:
        return None
    text = f"{abs(value):.{decimals}f}"
    if not signed or float(text) == 0:
        return text if value >= 0 or float(text) == 0 else "-" + text
    return ("+" if value > 0 else "-") + text


def either(value, decimals, signed=False):
    """The same, of a value that summary.json has rounded to four places: it may have been a little
    more or less.  As a pattern."""
    texts = {number(value if value is None else value + off, decimals, signed) for off in (-5e-5, 0, 5e-5)}
    return "(?:" + "|".join(re.escape(text or "---") for text in sorted(texts, key=str)) + ")"


def expect_in_line(lines, label, wanted, what):
    """A line that begins with the label and has all the patterns, in that order."""
    for line in lines:
        if not line.strip().startswith(label):
            continue
        at = 0
        for value in wanted:
            found = re.compile(r"(?<![\d.+-])" + value + r"(?![\d.])").search(line, at)
            if not found:
                break
            at = found.end()
        else:
            return
    fail(what, label, "has no line with", wanted)


def check_values(folder):
    with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
        summary = json.load(file)
    text = text_of(os.path.join(folder, "report.pdf"), "-layout")
    lines = text.split("\n")
    checked = 0
    for row in summary["stages"]:
        wanted = []
        if row["phase"] == "exercise" and row["mets"]["value"] is not None:
            wanted.append(number(row["mets"]["value"], 1) + ("*" if row["mets"]["extrapolated"] else ""))
        wanted.append(number(row["heart_rate_bpm"]["value"], 0))
        pressure = row["blood_pressure"]
        if pressure["systolic_mmhg"] is not None:
            wanted.append(f"{pressure['systolic_mmhg']}/{pressure['diastolic_mmhg']}")
            wanted.append(number(row["rate_pressure"]["value"], 0))
        expect_in_line(lines, row["label"], [re.escape(text or "---") for text in wanted], "stage table:")
        levels = [either(row["st"][lead["name"]]["level_mv"]["value"], 2, True)
                  for lead in summary["record"]["leads"]]
        expect_in_line(lines, row["label"], levels, "ST table:")
        checked += len(wanted) + len(levels)
    peaks = summary["peaks"]
    for key, decimals in (("heart_rate_bpm", 0), ("rate_pressure", 0), ("mets", 1)):
        value = number(peaks[key]["value"], decimals)
        if value not in text:
            fail("the peak", key, value, "is not in the report")
    for value in (summary["record"]["digest"], str(summary["totals"]["beats"])):
        if value not in text:
            fail(value, "is not in the report")
    if checked < 120:
        fail("only", checked, "values checked")


def check_names(folder):
    text = text_of(os.path.join(folder, "report.pdf"))
    pages = text.count("\f")
    for place, value in PERSON.items():
        if place == "order.provider":  # drawn from right to left, and read back so
            found = value in text or value[::-1] in text or all(
                w in text or w[::-1] in text for w in value.split())
        elif place in ("facility.entity_id",):
            continue
        else:
            found = value in text or value in text.replace("\n", " ")
        if not found:
            fail(place, value, "is not in the report")
    for value in (PERSON["patient.name"], PERSON["patient.id"]):
        if text.count(value) < pages:
            fail(value, "is not on every page")
    for page in range(1, pages + 1):
        if f"page {page} of {pages}" not in text:
            fail("no page", page, "of", pages)


# ---- pictures --------------------------------------------------------------------------------


def page_sizes(pdf):
    sizes = []
    for line in run("pdfinfo", "-l", "-1", pdf).decode().split("\n"):
        found = re.match(r"Page +\d+ size: +([\d.]+) x ([\d.]+) pts", line)
        if found:
            sizes.append((float(found[1]), float(found[2])))
    return sizes


def check_svg(path, size):
    root = xml.parse(path).getroot()
    width, height = root.get("width"), root.get("height")
    if not width.endswith("pt") or abs(float(width[:-2]) - size[0]) > 0.02 or \
            abs(float(height[:-2]) - size[1]) > 0.02:
        fail(path, "is", width, height, "not", size)
    if root.findall(".//{http://www.w3.org/2000/svg}image"):
        fail(path, "has a raster image in it")


def check_png(path, size, dpi):
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        fail(path, "is no PNG")
    width, height = struct.unpack(">II", data[16:24])
    if abs(width - size[0] * dpi / 72) > 1 or abs(height - size[1] * dpi / 72) > 1:
        fail(path, "is", width, height, "at", dpi, "for", size)
    at = data.index(b"pHYs") + 4
    across, down, unit = struct.unpack(">IIB", data[at:at + 9])
    if unit != 1 or across != down or abs(across * 0.0254 - dpi) > 0.02:
        fail(path, "says", across, down, unit)


def check_pictures(folder):
    sizes = page_sizes(os.path.join(folder, "report.pdf"))
    for kind in ("svg", "png"):
        names = sorted(n for n in os.listdir(folder) if n.endswith("." + kind))
        if names != [f"report-{i + 1:03d}.{kind}" for i in range(len(sizes))]:
            fail(folder, "has", names)
    for i, size in enumerate(sizes):
        check_svg(os.path.join(folder, f"report-{i + 1:03d}.svg"), size)
        check_png(os.path.join(folder, f"report-{i + 1:03d}.png"), size, 36)


# ---- without the person ----------------------------------------------------------------------


def words_in(data):
    return [word for word in WORDS if word.encode() in data or word.encode("utf-16-be") in data]


def png_chunks(data):
    at, kinds = 8, []
    while at < len(data):
        length = struct.unpack(">I", data[at:at + 4])[0]
        kinds.append(data[at + 4:at + 8])
        at += 12 + length
    return kinds


def words_in_file(path):
    """A picture's packed bytes may spell anything, so of a PNG it is its parts that count, and of a
    PDF what is unpacked, and what a reader finds."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".png"):
        return [kind for kind in png_chunks(data) if kind not in (b"IHDR", b"pHYs", b"IDAT", b"IEND")]
    if not path.endswith(".pdf"):
        return words_in(data)
    found = words_in(text_of(path).encode()) + words_in(run("pdfinfo", path))
    found += [w for w in ("محمد"[::-1],) if w in text_of(path)]
    plain = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.S)
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, flags=re.S):
        try:
            unpacked = zlib.decompress(packed)
        except zlib.error:
            continue
        if b"<?xpacket" in unpacked or unpacked.startswith(b"<x:xmpmeta"):
            plain += unpacked
    return found + words_in(plain)


def check_deidentified(folder):
    for name in sorted(os.listdir(folder)):
        if words_in(name.encode()):
            fail("the file is called", name)
        found = words_in_file(os.path.join(folder, name))
        if found:
            fail(name, "holds", found)


def check_private(folder):
    for name in os.listdir(folder):
        mode = os.stat(os.path.join(folder, name)).st_mode & 0o777
        if mode != 0o600:
            fail(name, "is", oct(mode))


os.umask(0)
with tempfile.TemporaryDirectory() as folder:
    record = os.path.join(folder, "zqrecord_1931")
    test = os.path.join(folder, "edited.json")
    run(stressecg, "simulate", "--stages", "1", "--seed", "5", "-o", record)
    make_test(record + ".test.json", test)
    whole, clean = os.path.join(folder, "whole"), os.path.join(folder, "clean")
    analyze(record, test, whole, "--letter", "--cabrera")
    check_private(whole)
    check_values(whole)
    check_names(whole)
    check_pictures(whole)
    # A shorter report leaves no page of a longer one behind.
    analyze(record, test, whole, "--letter", "--no-disclosure")
    check_pictures(whole)
    found = words_in(text_of(os.path.join(whole, "report.pdf")).encode())
    if len(found) < len(WORDS) / 2:
        fail("the search finds only", found)
    analyze(record, test, clean, "--deidentify")
    check_private(clean)
    check_pictures(clean)
    check_deidentified(clean)

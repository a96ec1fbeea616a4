#!/usr/bin/env python3
"""every_value.py STRESSECG: walks summary.json leaf by leaf and finds each value, as the report
prints it, in the text that pdftotext takes from report.pdf.  What the report leaves out is listed
below, each with its reason; a leaf that is neither printed nor listed fails, and so does an entry of
the list that no leaf needs.  Exit code 77: pdftotext is missing."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal, ROUND_HALF_EVEN

stressecg = sys.argv[1]
if not shutil.which("pdftotext"):
    sys.exit(77)

# Leaves that stand in the report as a curve, as a plain word, or not at all.
LEFT_OUT = [
    (r"format$", "the name of the file format"),
    (r"codes\.", "constants of the vocabularies, for machines; what each stands for is printed"),
    (r"trend\[", "drawn: the course of heart rate and ST"),
    (r"rate_missing\[", "drawn: the course of the heart rate is open there"),
    (r"protocol\.stages\[", "the table of the protocol, printed by its id and version"),
    (r"protocol\.(source|recovery_s)$", "the table of the protocol, printed by its id and version"),
    (r"record\.filters\.display$", "says that the band is printed with the strips, and it is"),
    (r"stages\[\d+\]\.(average_complex_s|stage)$", "places in other lists"),
    (r"stages\[\d+\]\.strip\.end_s$", "the strip's beginning is printed, and its length is ten seconds"),
    (r"stages\[\d+\]\.(heart_rate_bpm|mets_reached|rate_pressure)\.sigma$", "of the figures it is printed"),
    (r"stages\[\d+\]\.mets_of_actual$", "said in the heading of the stage table when it is so"),
    (r"stages\[\d+\]\.intervals\.\w+\.sigma$", "of the marks: said once, with the methods"),
    (r"stages\[\d+\]\.target\.by_hand$", "stands in the list of facts, as the target set by hand"),
    (r"stages\[\d+\]\.mets\.method$", "above the stage table, once"),
    (r"stages\[\d+\]\.mets\.extrapolated$", "an asterisk beside the figure"),
    (r"timeline\[\d+\]\.(source|stage)$", "printed as who entered it, and as the stage's name"),
    (r".*\.reason$", "printed as a letter, with its text below"),
]

WORDS = {"male": "M", "female": "F", "pretest": "Pre-test", "exercise": "Exercise", "recovery": "Recovery",
         "ended": "After", "none": "Recorded", "resting_ecg": "resting ECG", "rpe": "RPE", "spo2": "SpO\u2082"}


def fail(*what):
    sys.exit(" ".join(map(str, what)))


def run(*arguments):
    return subprocess.run(arguments, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


# ---- a record in which everything is stated ---------------------------------------------------


def make_test(path, target, example):
    with open(path, encoding="utf-8") as file:
        test = json.load(file)
    with open(example, encoding="utf-8") as file:
        full = json.load(file)
    for part in ("patient", "order", "facility", "authorization", "preparation", "equipment", "electrodes", "staff"):
        test[part] = full[part]
    test["sections"] = ["nuclear images"]
    test["mets_formula"] = "sedentary"
    test["handrail"] = "none"
    test["audit"] = [{"when": "2026-01-06T08:00:00+01:00", "by": "Ed Itor", "what": "st_point", "old": "auto",
                      "new": "J+80", "why": "as ordered"}]
    more = [
        {"time_s": 70, "kind": "note", "text": "patient walks with a cane", "by": "A. Nurse"},
        {"time_s": 150, "kind": "rpe", "value": 11, "scale": "6-20"},
        {"time_s": 155, "kind": "spo2", "value": 97},
        {"time_s": 170, "kind": "symptom", "symptom": "chest_pain", "grade": 4, "text": "tightness"},
        {"time_s": 180, "kind": "strip"},
        {"time_s": 200, "kind": "load", "speed_mph": 1.8, "grade_pct": 10.5, "source": "device"},
        {"time_s": 210, "kind": "hold", "on": True},
        {"time_s": 222.5, "kind": "hold", "on": False},
        {"time_s": 240, "kind": "drug", "agent": "nitroglycerin", "dose": 0.4, "unit": "mg", "lot": "LOT-77"},
        {"time_s": 250, "kind": "electrodes", "text": "V2 pressed on again"},
    ]
    test["timeline"] = sorted(test["timeline"] + more, key=lambda fact: fact["time_s"])
    with open(target, "w", encoding="utf-8") as file:
        json.dump(test, file, ensure_ascii=False)


# ---- what a leaf looks like on paper ----------------------------------------------------------


def rounded(value, decimals):
    """Texts of a value that the file has rounded to four places: it may have been a little more."""
    unit = Decimal(1).scaleb(-decimals)
    found = set()
    for off in (Decimal("-0.00005"), Decimal(0), Decimal("0.00005")):
        text = str((Decimal(repr(float(value))) + off).quantize(unit, ROUND_HALF_EVEN))
        zero = not text.strip("-0.")
        found |= {text.lstrip("-")} if zero else {text, "+" + text} if value > 0 else {text}
    return found


def clock(seconds):
    whole = int(seconds + 1e-9)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{whole // 60}:{whole % 60:02d}"


def moments(seconds, times):
    """A time as the report prints it: since the beginning of its phase, or of the record."""
    found = {"record " + clock(seconds), f"{seconds:.1f}", clock(seconds)}
    start, end = times["exercise_start_s"], times["exercise_end_s"]
    if start is not None and seconds >= start:
        found.add("exercise " + clock(seconds - start))
    if end is not None and seconds >= end:
        found.add("recovery " + clock(seconds - end))
    return found


def is_time(path):
    return re.search(r"(time_s|start_s|end_s)$", path) is not None


def decimals_of(path):
    last = path.rsplit(".", 1)[-1]
    if ".st." in path:
        if re.search(r"slope_mv_s\.", path):
            return 2
        return {"noise_uv": 1, "heart_rate_bpm": 1, "age_s": 1}.get(last, 3)
    if path.startswith("rhythm"):
        return 0
    if re.search(r"stages\[\d+\]\.(heart_rate_bpm|rate_pressure|rpe|spo2_pct)", path):
        return 0
    if re.search(r"stages\[\d+\]\.mets\.value", path):
        return 1
    if re.search(r"mets", path):
        return 1 if "predicted" in path else 2
    if "recovery_systolic_ratio" in path:
        return 3
    if re.search(r"st_(lowest|highest)_mv\.value", path):
        return 2
    if re.search(r"_pct$", path) and not re.search(r"grade", path):
        return 1 if "used" in path else 2
    if re.search(r"heart_rate_bpm|drop_|rate_reserve", path) and "predicted" not in path:
        return 1
    if re.search(r"(_s)$", path):
        return 1
    return 0


def printed(path, value, summary):
    """All forms that would do."""
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, str):
        if path == "record.start" or path.endswith("_at"):
            return {value[:10] + " " + value[11:16]}
        return {value, value.replace("_", " "), WORDS.get(value, value), value.capitalize()}
    if path.endswith("integral_mv_s"):
        return rounded(1000 * value, 2) | rounded(1000 * (value + 5e-7), 2) | rounded(1000 * (value - 5e-7), 2)
    span = re.match(r"(rhythm|gaps)\[(\d+)\]\.end_s$", path)
    if span:  # printed as how long it lasted
        row = summary[span[1]][int(span[2])]
        return rounded(row["end_s"] - row["start_s"], 1)
    if is_time(path):
        return moments(value, summary["times"])
    texts = rounded(value, decimals_of(path))
    if re.search(r"sigma$", path):
        texts |= rounded(value, 0) | rounded(value, 1) | rounded(value, 2) | rounded(value, 3)
    if path.endswith("_s"):
        texts |= {clock(value)}
    return texts | {f"{value:.6g}", f"{value:g}"}


# ---- where it has to stand --------------------------------------------------------------------


def leaves(node, path=""):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, f"{path}[{index}]")
    else:
        yield path, node


def squeezed(text):
    return re.sub(r"\s+", "", text)


class Paper:
    def __init__(self, pdf):
        self.layout = run("pdftotext", "-layout", pdf, "-").decode("utf-8")
        plain = run("pdftotext", pdf, "-").decode("utf-8")
        raw = run("pdftotext", "-raw", pdf, "-").decode("utf-8")
        self.squeezed = [squeezed(text) for text in (plain, raw, self.layout)]
        self.lines = [re.sub(r"\s+", " ", line.strip()) for line in self.layout.split("\n")]

    def has(self, form):
        """A number as a word of its own, a text across the ends of lines."""
        if re.fullmatch(r"[-+\d.:/ ]+", form):
            return self.in_lines(self.lines, form)
        return any(squeezed(form) in text for text in self.squeezed)

    @staticmethod
    def in_lines(lines, form):
        pattern = re.compile(r"(?<![\d.+-])" + re.escape(form) + r"(?![\d]|\.\d)")
        return any(pattern.search(line) for line in lines)

    def st_lines(self, stage, lead):
        """The lines of a lead below the heading of its stage, in the table of every point."""
        found, inside, here = [], False, False
        for line in self.lines:
            if line.startswith("ST of every lead at the end of each stage"):
                inside = True
            elif re.match(r"(What was entered|Order, payer|Acquisition$)", line):
                inside = False
            elif inside and line in (stage, "Stage " + stage):
                here = True
            elif inside and re.fullmatch(r"(Supine|Standing|Stage \d+|Recovery \d+:\d\d|After test|Before test)", line):
                here = False
            elif inside and here and line.split(" ")[:1] == [lead]:
                found.append(line)
        return found

    def stage_lines(self, label):
        return [line for line in self.lines if line == label or line.startswith(label + " ")]


def lines_for(paper, path, summary):
    """Lines that a value must stand in; None: anywhere."""
    st = re.match(r"stages\[(\d+)\]\.st\.([^.]+)\.", path)
    if st:
        return paper.st_lines(summary["stages"][int(st[1])]["label"], st[2])
    stage = re.match(r"stages\[(\d+)\]\.(?!symptoms|beats|label|phase|intervals\.qtc|blood_pressure\.time_s)", path)
    if stage:
        return paper.stage_lines(summary["stages"][int(stage[1])]["label"])
    return None


def is_left_out(path):
    for i, (pattern, _) in enumerate(LEFT_OUT):
        if re.match(pattern, path):
            used.add(i)
            return True
    return False


used = set()


def check(folder):
    with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
        summary = json.load(file)
    paper = Paper(os.path.join(folder, "report.pdf"))
    missing, count = [], 0
    for path, value in leaves(summary):
        if is_left_out(path) or value is None or value == "":
            continue
        count += 1
        lines = lines_for(paper, path, summary)
        forms = printed(path, value, summary)
        if not any(paper.in_lines(lines, f) if lines is not None else paper.has(f) for f in forms):
            missing.append(f"{path} = {value!r}: none of {sorted(forms)}")
    return count, missing


os.umask(0o077)
example = sys.argv[2]
with tempfile.TemporaryDirectory() as folder:
    record, test, out = (os.path.join(folder, name) for name in ("record", "test.json", "out"))
    run(stressecg, "simulate", "--stages", "2", "--seed", "5", "-o", record)
    make_test(record + ".test.json", test, example)
    run(stressecg, "analyze", record, "--test", test, "-o", out)
    count, missing = check(out)
    if missing:
        fail(len(missing), "of", count, "values are not in the report:\n" + "\n".join(missing[:int(os.environ.get("MOST", "40"))]))
    if count < 2000:
        fail("only", count, "values looked for")
    idle = [LEFT_OUT[i][0] for i in range(len(LEFT_OUT)) if i not in used]
    if idle:
        fail("no value needs these exceptions:", idle)
    print(count, "values found")

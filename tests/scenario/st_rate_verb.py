"""st_rate_verb.py STRESSECG: `stressecg analyze --st-rate` on a simulated test against its truth, and
nothing of it anywhere unless it is asked for."""
import json
import os
import re
import subprocess
import sys
import tempfile

STRESSECG = sys.argv[1]


def fail(text):
    sys.exit("st_rate_verb.py: " + text)


def run(*arguments):
    done = subprocess.run([STRESSECG, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        fail("%s: exit %d: %s" % (" ".join(arguments), done.returncode, done.stderr))
    return done.stdout


def least_squares(points):
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return (sum((x - mean_x) * (y - mean_y) for x, y in points) /
            sum((x - mean_x) ** 2 for x, _ in points))


def truth_of(lead):
    stages = json.load(open("sim.truth.json"))["stages"]
    points = {phase: [(s["bpm_end"], -1000 * s["st_j60_mv"][lead]) for s in stages
                      if s["phase"] == phase] for phase in ("pretest", "exercise")}
    rest, peak = points["pretest"][-1], points["exercise"][-1]
    slopes = [least_squares(points["exercise"][-n:]) for n in (3, 4)]
    return max(slopes), (peak[1] - rest[1]) / (peak[0] - rest[0])


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("simulate", "--stages", "4", "--ectopy", "0", "--noise", "0.3", "-o", "sim")
        analyze = ["analyze", "sim", "--test", "sim.test.json", "--no-report"]
        if "against heart rate" in run(*analyze, "-o", "plain"):
            fail("printed without --st-rate")
        said = run(*analyze, "--st-rate", "-o", "asked")
        number = r"(-?[\d.]+) \+- ([\d.]+)"
        for lead in ("II", "V4", "V5"):
            row = re.search(r"^  %s +%s +\d, -?[\d.]+ +%s +%s$" % (lead, number, number, number), said,
                            re.MULTILINE)
            if not row:
                fail("no numbers for %s in:\n%s" % (lead, said))
            slope, slope_sigma, index, sigma, _, _ = map(float, row.groups())
            want_slope, want_index = truth_of(lead)
            if (abs(slope - want_slope) > max(0.1 * want_slope, 2 * slope_sigma) or
                    slope_sigma > 0.15 * want_slope):
                fail("%s: slope %.2f +- %.2f uV/bpm, the simulator's is %.2f" %
                     (lead, slope, slope_sigma, want_slope))
            if abs(index - want_index) > 2 * sigma or sigma > 0.15 * want_index:
                fail("%s: index %.2f +- %.2f, the simulator's is %.2f" %
                     (lead, index, sigma, want_index))
        if "greatest slope: V5" not in said:
            fail("V5 falls most in the simulator:\n" + said)
        for name in ("summary.json", "stages.csv"):
            if open("plain/" + name).read() != open("asked/" + name).read():
                fail(name + " differs by --st-rate")
    print("ok")


main()

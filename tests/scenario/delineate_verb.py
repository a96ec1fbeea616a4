"""delineate_verb.py STRESSECG: what `stressecg delineate` writes, read by a reader of its own.

Truth is the simulator's formula (lib/simulate/beat_model.c, written out here again) at the R peaks
of its reference annotations; limits are those of domain.md 2.4 for analytic ECGs."""
import os
import subprocess
import sys
import tempfile

from annotation_file import read_annotations

STRESSECG = sys.argv[1]
N, P, T, ON, OFF = 1, 24, 27, 39, 40


def fail(text):
    sys.exit("delineate_verb.py: " + text)


def run(*arguments, code=0):
    done = subprocess.run([STRESSECG, *arguments], capture_output=True, text=True)
    if done.returncode != code:
        fail("%s: exit %d, not %d: %s" % (" ".join(arguments), done.returncode, code, done.stderr))
    return done.stdout if code == 0 else done.stderr


def refused(code, text, *arguments):
    said = run(*arguments, code=code)
    if text not in said or said.count("\n") != 1:
        fail("%s said: %s" % (" ".join(arguments), said))


def beats_of(marks, chan):
    """One dictionary a beat: (wave, "on" | "peak" | "off") -> sample.  Waves by the brackets' num."""
    beats, open_wave, before = [], None, -1
    started = []
    for sample, code, num, _ in [m for m in marks if m[3] == chan]:
        if sample < before:
            fail("annotations out of order at %d" % sample)
        before = sample
        if code == ON:
            if open_wave is not None:
                fail("( within a wave at %d" % sample)
            open_wave = num
            started.append({(num, "on"): sample})
        elif code == OFF:
            if open_wave != num:
                fail(") of another wave at %d" % sample)
            started[-1][(num, "off")] = sample
            open_wave = None
        elif open_wave is not None:
            expected = {0: [P], 1: [N], 2: [T]}[open_wave]
            if code not in expected:
                fail("%d within wave %d at %d" % (code, open_wave, sample))
            started[-1][(open_wave, "peak")] = sample
        else:
            fail("%d outside of ( ) at %d" % (code, sample))
    current = {}
    for wave in started:
        (num, _), = [k for k in wave if k[1] == "on"]
        if len(wave) != 3:
            fail("a wave without peak or end: %s" % wave)
        if num == 0 and current or num == 1 and (1, "on") in current:
            beats.append(current)
            current = {}
        current.update(wave)
    return beats + [current]


def check_times(beats, r_peaks, bpm, rate_hz):
    """Means over the beats, ms from R, against the formula."""
    rr = 60 / bpm
    pr = 160 - 0.350 * (bpm - 60)
    truth = {(0, "on"): -40 - pr, (1, "on"): -40, (1, "off"): 54, (2, "off"): -40 + 385 * rr ** 0.5}
    limit = {(0, "on"): 14, (1, "on"): 6, (1, "off"): 6, (2, "off"): 16}
    sums = {key: [] for key in truth}
    for beat in beats:
        r = min(r_peaks, key=lambda at: abs(at - beat.get((1, "peak"), -1e9)))
        for key in truth:
            if key in beat:
                sums[key].append((beat[key] - r) * 1000 / rate_hz)
    for key, found in sums.items():
        if len(found) < 0.9 * len(beats):
            fail("%s in %d of %d beats" % (key, len(found), len(beats)))
        mean = sum(found) / len(found)
        if abs(mean - truth[key]) > limit[key]:
            fail("%s: %.1f ms, the formula says %.1f" % (key, mean, truth[key]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("simulate", "--protocol", "steady", "--bpm", "75", "--duration", "40", "--noise", "0",
            "--ectopy", "0", "-o", "sim")
        r_peaks = [a[0] for a in read_annotations("sim.atr")]
        run("delineate", "sim", "-o", "out", "--global", "-a", "all")
        marks = read_annotations("out/sim.all")
        if {m[3] for m in marks} != {0}:
            fail("--global: more than channel 0")
        beats = beats_of(marks, 0)
        if not len(r_peaks) - 3 <= len(beats) <= len(r_peaks) + 1:
            fail("%d beats of %d" % (len(beats), len(r_peaks)))
        check_times(beats, r_peaks, 75, 500)
        if os.stat("out/sim.all").st_mode & 0o777 != 0o600:
            fail("the file is not 0600")

        run("delineate", "sim", "-o", "out")
        each = read_annotations("out/sim.secd")
        if {m[3] for m in each} != set(range(12)):
            fail("not every lead: %s" % sorted({m[3] for m in each}))
        check_times(beats_of(each, 1), r_peaks, 75, 500)  # II
        run("delineate", "--leads", "1,7", "sim", "-o", "out", "-a", "two")
        if {m[3] for m in read_annotations("out/sim.two")} != {1, 7}:
            fail("--leads 1,7: chan is not the signal's number")

        # Beside a recorder's own record they go into its chain, as those of detect do.
        raw = open("sim.dat", "rb")
        done = subprocess.run([STRESSECG, "record", "--rate", "500", "--leads",
                               "I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6", "--gain", "400", "-o", "rec"],
                              stdin=raw, capture_output=True)
        if done.returncode != 0:
            fail("record: %s" % done.stderr)
        run("delineate", "rec")
        run("verify", "rec")
        with open("rec.secd", "r+b") as file:
            file.seek(10)
            byte = file.read(1)
            file.seek(10)
            file.write(bytes([byte[0] ^ 1]))
        refused_verify = subprocess.run([STRESSECG, "verify", "rec"], capture_output=True, text=True)
        if refused_verify.returncode == 0:
            fail("verify does not cover rec.secd")

        refused(2, "is not a file extension", "delineate", "-a", "a/b", "sim")
        refused(2, "no ECG signal", "delineate", "--leads", "12", "sim")
        refused(1, "No such file", "delineate", "nosuch")
    print("ok")


main()

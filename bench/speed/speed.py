"""speed.py BUILD [JSON]: measures throughput, instructions, single pushes, memory, whole programs
and growth, prints tables, and writes everything to JSON (BUILD/speed.json).

Times are the least of some runs.  Instructions are callgrind's: they do not depend on the machine's
load.  Without valgrind, the MIT-BIH records or the peers, their rows are left out."""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

BUILD = os.path.realpath(sys.argv[1])
JSON = sys.argv[2] if len(sys.argv) > 2 else os.path.join(BUILD, "speed.json")
PUSH = os.path.join(BUILD, "bench", "bench_push")
STRESSECG = os.path.join(BUILD, "bindings", "cli", "stressecg")
DATA = os.path.join(os.environ.get("SECG_SHARED", "../shared"), "data", "mitdb")
DS1 = "101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230".split()
VALGRIND = shutil.which("valgrind")
MITDB_HZ = 360
RUNS = 3
KINDS = {1: "BEAT", 2: "RATE", 3: "ST", 4: "RHYTHM", 5: "SIGNAL", 9: "QRS"}  # secg_event_kind


def push(rate, channels, seconds, work, runs=RUNS):
    """The fastest of some runs."""
    command = [PUSH, str(rate), str(channels), str(seconds), work]
    done = [json.loads(subprocess.check_output(command)) for _ in range(runs)]
    return min(done, key=lambda run: run["cpu_s"])


def callgrind(out, rate, channels, seconds, work, block, *options):
    subprocess.run([VALGRIND, "--tool=callgrind", f"--callgrind-out-file={out}", *options, PUSH,
                    str(rate), str(channels), str(seconds), work, str(block)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def instructions(folder, rate, channels, work, seconds=60):
    """Per frame, all that bench_work() does; start and learning are in it."""
    if not VALGRIND:
        return None
    out = os.path.join(folder, "counted")
    callgrind(out, rate, channels, seconds, work, 512, "--toggle-collect=bench_work")
    with open(out) as file:
        total = int(re.search(r"^totals: (\d+)", file.read(), re.M).group(1))
    return total / (seconds * (rate if isinstance(rate, int) else MITDB_HZ))


def parts(path):
    """The dumps in a callgrind file, one for each push: (instructions, {function: its own})."""
    names, own, function, is_call = {}, {}, None, False
    with open(path) as file:
        for line in file:
            name = re.match(r"(c?)fn=\((\d+)\)(?: (.*))?", line)
            if name:
                if name[3]:
                    names[name[2]] = name[3].strip()
                if not name[1]:
                    function = name[2]
            elif line.startswith("calls="):
                is_call = True
            elif line.startswith("part:"):
                own = {}
            elif line.startswith("totals:"):
                yield int(line.split()[1]), {names.get(f, f): n for f, n in own.items()}
            elif line[0] in "0123456789+-*" and function:
                if not is_call:
                    own[function] = own.get(function, 0) + int((line.split() + ["0"])[1])
                is_call = False


def single_pushes(folder, rate, channels, seconds=20):
    """Instructions of every single push; the first second, in which functions are looked up for the
    first time, is left out."""
    if not VALGRIND:
        return None
    out = os.path.join(folder, "pushes")
    callgrind(out, rate, channels, seconds, "single", 1, "--combine-dumps=yes",
              "--toggle-collect=secg_analyzer_push_i16", "--dump-after=secg_analyzer_push_i16")
    pushes = list(parts(out))[int(rate):int(rate * seconds)]
    os.remove(out)
    sizes = sorted(total for total, _ in pushes)
    worst = max(range(len(pushes)), key=lambda n: pushes[n][0])
    top = sorted(pushes[worst][1].items(), key=lambda item: -item[1])[:6]
    at = lambda part: sizes[min(int(part * len(sizes)), len(sizes) - 1)]
    return {"p50": at(0.5), "p99": at(0.99), "p9999": at(0.9999), "max": sizes[-1],
            "worst_frame": worst + int(rate), "worst_did": dict(top)}


def user_s(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def whole_programs(folder):
    """User seconds of all 22 records."""
    if not os.path.exists(os.path.join(DATA, "101.dat")):
        return {}
    paths = [os.path.join(DATA, record) for record in DS1]
    commands = {"read": lambda path: [STRESSECG, "info", "--check", path],
                "detect": lambda path: [STRESSECG, "detect", "-o", folder, path],
                "analyze": lambda path: [STRESSECG, "analyze", "--no-report", "-o",
                                         os.path.join(folder, "out"), path]}
    done = {}
    for name, command in commands.items():
        try:
            done[name] = min(sum(user_s(command(path)) for path in paths) for _ in range(RUNS))
        except subprocess.CalledProcessError:
            pass
    for peer in ("gqrs", "wqrs", "sqrs"):
        if shutil.which(peer):
            done[peer] = min(sum(user_s([peer, "-r", path, "-o", "peer"]) for path in paths)
                             for _ in range(RUNS))
    return done


def say(text=""):
    print(text, flush=True)


def throughput(folder, result):
    say("| work | channels -> leads | Hz | M lead-samples/s | x real time | instructions per frame "
        "| per lead-sample | KiB |")
    say("|---|---|---|---|---|---|---|---|")
    settings = [(work, channels, rate) for work in ("detect", "early", "label", "full") for channels in (1, 2, 8)
                for rate in (250, 500, 1000)]
    settings += [("full", 12, 500), ("full", 12, 1000), ("bank", 8, 500), ("copy", 8, 500)]
    for work, channels, rate in settings:
        run = push(rate, channels, 600, work)
        run["instructions_per_frame"] = count = (None if work == "copy" else
                                                 instructions(folder, rate, channels, work))
        result.append(run)
        leads = run["leads"]
        say(f"| {work} | {channels} -> {leads} | {rate} | {run['lead_samples_per_s'] / 1e6:.1f} | "
            f"{run['real_time']:.0f} | " + (f"{count:.0f} | {count / leads:.0f}" if count else "| ") +
            f" | {run['memory_bytes'] / 1024:.0f} |")


def real(folder, result):
    """Instructions per sample of the first lead of 22 records, two minutes each."""
    if not VALGRIND or not os.path.exists(os.path.join(DATA, "101.dat")):
        return
    for work in ("detect", "early", "label"):
        counts = [instructions(folder, os.path.join(DATA, record), 1, work, 120) for record in DS1]
        result[work] = sum(counts) / len(counts)
        say(f"\nDS1, 22 records, first lead, 360 Hz, {work}: {result[work]:.0f} instructions per sample "
            f"({min(counts):.0f} .. {max(counts):.0f})")


def pushes(folder, result):
    say("\n| single pushes, 500 Hz | p50 | p99 | p99.99 | largest | of the median |")
    say("|---|---|---|---|---|---|")
    for channels in (8, 12):
        timed = push(500, channels, 60, "single")
        counted = single_pushes(folder, 500, channels)
        result.append({"timed": timed, "counted": counted})
        say(f"| {channels} channels, ns | {timed['p50_ns']:.0f} | {timed['p99_ns']:.0f} | "
            f"{timed['p9999_ns']:.0f} | {timed['max_ns']:.0f} | {timed['max_ns'] / timed['p50_ns']:.0f} |")
        if counted:
            say(f"| {channels} channels, instructions | {counted['p50']} | {counted['p99']} | "
                f"{counted['p9999']} | {counted['max']} | {counted['max'] / counted['p50']:.0f} |")
    for each in result:
        brought = [kind for bit, kind in KINDS.items() if each["timed"]["worst_brought"] >> bit & 1]
        say(f"\nLongest push, {each['timed']['channels']} channels: frame "
            f"{each['timed']['worst_frame']}; it brought {', '.join(brought) or 'no event'}.")
        if each["counted"]:
            did = ", ".join(f"{name} {n}" for name, n in each["counted"]["worst_did"].items())
            say(f"Most instructions after the first second: frame {each['counted']['worst_frame']}: {did}.")


def growth(folder, result):
    """CPU time of a day is exact to some per cent on a shared machine: instructions are counted too, of
    an hour at most."""
    say("\n| 12 leads, 500 Hz | CPU s | per hour | instructions per frame | peak kB |")
    say("|---|---|---|---|---|")
    for name, seconds in (("10 min", 600), ("1 h", 3600), ("24 h", 86400)):
        run = push(500, 12, seconds, "full", 1 if seconds > 3600 else RUNS)
        run["instructions_per_frame"] = count = (None if seconds > 3600 else
                                                 instructions(folder, 500, 12, "full", seconds))
        result.append(run)
        say(f"| {name} | {run['cpu_s']:.2f} | {run['cpu_s'] * 3600 / seconds:.3f} | "
            f"{f'{count:.0f}' if count else ''} | {run['peak_kib']} |")


def main():
    result = {"throughput": [], "real": {}, "pushes": [], "growth": []}
    with tempfile.TemporaryDirectory() as folder:
        throughput(folder, result["throughput"])
        real(folder, result["real"])
        pushes(folder, result["pushes"])
        result["ds1_user_s"] = whole_programs(folder)
        for name, seconds in result["ds1_user_s"].items():
            say(f"\nDS1, 22 records, {name}: {seconds:.2f} s of user time")
        growth(folder, result["growth"])
    with open(JSON, "w") as file:
        json.dump(result, file, indent=1)
    say(f"\n{JSON}")


main()

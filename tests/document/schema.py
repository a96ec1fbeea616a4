#!/usr/bin/env python3
"""schema.py SOURCE [STRESSECG]: our own files obey the published schemas, and spoilt ones do not.
Exit code 77: python3-jsonschema is missing."""
import copy
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    sys.exit(77)

source = sys.argv[1]


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def validator(name):
    schema = load(os.path.join(source, "data", name))
    jsonschema.Draft202012Validator.check_schema(schema)
    protocol = load(os.path.join(source, "data", "protocol.schema.json"))
    store = {"protocol.schema.json": protocol}
    resolver = jsonschema.RefResolver("", schema, store=store)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def obey(check, document, what):
    for error in check.iter_errors(document):
        sys.exit(f"{what}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")


def refuse(check, document, path, value):
    spoilt = copy.deepcopy(document)
    at = spoilt
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    if check.is_valid(spoilt):
        sys.exit(f"{path} = {value!r} passes the schema")


test, summary = validator("test.schema.json"), validator("summary.schema.json")
example = load(os.path.join(source, "data", "example.test.json"))
obey(test, example, "example.test.json")
refuse(test, example, ["format"], "stressecg-test-2")
refuse(test, example, ["patient", "weight_kg"], -3)
refuse(test, example, ["timeline", 3, "systolic_mmhg"], 20000)
refuse(test, example, ["timeline", 3, "grade"], 1)
refuse(test, example, ["timeline", 3, "kind"], "nap")
refuse(test, example, ["surprise"], 1)

site = validator("site.schema.json")
example_site = load(os.path.join(source, "data", "example.site.json"))
obey(site, example_site, "example.site.json")
refuse(site, example_site, ["coverage_pct"], 101)
refuse(site, example_site, ["recovery"], 1)
findings = validator("findings.schema.json")
protocols = validator("protocol.schema.json")
own = load(os.path.join(source, "data", "example.protocols.json"))
obey(protocols, own, "example.protocols.json")
refuse(protocols, own, ["protocols", 0, "stages", 0, "power_w"], 25)
refuse(protocols, own, ["protocols", 0, "stages", 0, "duration_s"], 0)
refuse(protocols, own, ["protocols", 0, "stages"], [])
refuse(protocols, own, ["protocols", 0, "id"], "My Protocol")
refuse(protocols, own, ["protocols", 0, "dose_unit"], "mg")
with_table = copy.deepcopy(example)
with_table["protocol_table"] = own["protocols"][0]
obey(test, with_table, "a test with its own table")
refuse(test, with_table, ["protocol_table", "modality"], "swimming")

if len(sys.argv) > 2:
    stressecg = sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        record = os.path.join(folder, "demo")

        def run(*arguments):
            subprocess.run([stressecg, *arguments], check=True, stdout=subprocess.DEVNULL)

        run("simulate", "--stages", "2", "-o", record)
        obey(test, load(record + ".test.json"), "demo.test.json")
        for out, more in (("whole", ["--test", record + ".test.json"]), ("plain", [])):
            path = os.path.join(folder, out)
            run("analyze", record, *more, "--no-report", "-o", path)
            document = load(os.path.join(path, "summary.json"))
            obey(summary, document, f"summary.json ({out})")
            level = ["stages", -1, "st", "V5", "level_mv"]
            refuse(summary, document, level, 0.0)
            refuse(summary, document, level, {"value": None})
            refuse(summary, document, ["stages", -1, "heart_rate_bpm"], {"value": None, "reason": ""})
            refuse(summary, document, ["record", "digest"], "none")
            refuse(summary, document, ["diagnosis"], "x")
            refuse(summary, document, ["codes", "report"], {"system": "x", "code": "", "display": ""})
            refuse(summary, document, ["codes", "verdict"], document["codes"]["report"])
            if document["codes"]["st"]["V5"]["code"] != "131847":
                sys.exit("the code of ST in V5")
        path = os.path.join(folder, "clean")
        run("analyze", record, "--test", record + ".test.json", "--no-report", "--deidentify", "-o", path)
        document = load(os.path.join(path, "summary.json"))
        obey(summary, document, "summary.json (de-identified)")
        if document["deidentified"] is not True or document["record"]["digest"] is not None:
            sys.exit("de-identified, but does not say so")
        for more in ([], ["--all", "--during"], ["--site", os.path.join(source, "data", "example.site.json")]):
            answer = subprocess.run([stressecg, "check", "--json", *more, os.path.join(folder, "whole")],
                                    stdout=subprocess.PIPE)
            if answer.returncode not in (0, 3, 4):
                sys.exit(f"check --json: exit code {answer.returncode}")
            document = json.loads(answer.stdout)
            obey(findings, document, "findings")
            refuse(findings, document, ["findings", 0, "severity"], "fatal")
            refuse(findings, document, ["diagnosis"], "x")
        answer = subprocess.run([stressecg, "check", "--rules", "--json"], check=True, stdout=subprocess.PIPE)
        if json.loads(answer.stdout) != load(os.path.join(source, "data", "93017.rules.json")):
            sys.exit("data/93017.rules.json is not the set of rules; make it anew with check --rules --json")
        written = load(os.path.join(folder, "whole", "test.json"))
        obey(test, written, "test.json")

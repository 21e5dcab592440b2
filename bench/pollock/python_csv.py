"""Loads each file that a line of standard input names, with Python's csv module, as Pollock does (guessed) or as declared."""
import csv
import json
import sys

for line in sys.stdin:
    job = json.loads(line)
    try:
        with open(job["path"], newline="", encoding="utf-8") as file:
            if job["mode"] == "guessed":
                dialect = csv.Sniffer().sniff(file.read())
                file.seek(0)
                rows = list(csv.reader(file, dialect))
            else:
                for _ in range(job["skip"]):
                    next(file)
                doubled = job["escapeChar"] == job["quoteChar"]
                rows = list(csv.reader(
                    file, delimiter=job["delimiter"], quotechar=job["quoteChar"], doublequote=doubled,
                    escapechar=None if doubled else job["escapeChar"], strict=job["mode"] == "strict",
                ))
        print(json.dumps({"rows": rows, "rejectedLines": 0}))
    except Exception as error:
        print(json.dumps({"refused": str(error)}))

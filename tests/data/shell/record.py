#!/usr/bin/env python3
"""Plays the lines of syntax.txt, tools.txt, everyday.txt, filters.txt and edges.txt in real shells and writes what came of them to
syntax.jsonl and so on.

usage: record.py [syntax|tools|everyday|filters|edges]     (needs bash, dash, busybox, jq)

A case is a line; a case of several lines is the lines between `<<<` and `>>>`. A line that begins with `# ` is a heading.
Each runs as `SHELL -c CASE` in a scratch folder that holds the files of files/, with an empty standard input and LC_ALL=C.
busybox finds nothing but its own applets, as in its image. Standard error counts only as a fact: something was said, or not.
A case must come out alike twice, or it is not recorded.
"""
import json, os, shutil, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER, APPLETS = "/tmp/lines", "/tmp/lines.applets"
SHELLS = {
    "bash": (["/bin/bash"], "/usr/bin:/bin"),
    "dash": (["/bin/dash"], "/usr/bin:/bin"),
    "busybox": (["/bin/busybox", "sh"], APPLETS),
}
PLAYED = {name: ["bash", "dash", "busybox"] for name in ("syntax", "everyday", "edges")}
PLAYED |= {name: ["bash", "busybox"] for name in ("tools", "filters")}


def cases(text):
    block = None
    for line in text.splitlines():
        if block is not None:
            if line == ">>>":
                yield "\n".join(block)
                block = None
            else:
                block.append(line)
        elif line == "<<<":
            block = []
        elif line and not line.startswith("# "):
            yield line


def play(shell, case):
    words, path = SHELLS[shell]
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "files"), FOLDER)
    for folder, _, names in os.walk(FOLDER):
        for name in names:
            os.utime(os.path.join(folder, name), (1700000000, 1700000000))
    env = {"PATH": path, "HOME": "/root", "HOSTNAME": "web-2", "LC_ALL": "C", "TZ": "UTC", "PWD": FOLDER}
    done = subprocess.run(words + ["-c", case], cwd=FOLDER, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    return {"shell": shell, "line": case, "out": done.stdout.decode(), "rc": done.returncode, "err": bool(done.stderr)}


def main():
    shutil.rmtree(APPLETS, ignore_errors=True)
    os.makedirs(APPLETS)
    subprocess.run(["/bin/busybox", "--install", "-s", APPLETS], check=True)
    os.umask(0o022)
    for name in sys.argv[1:] or PLAYED:
        rows, unsteady = [], []
        for case in cases(open(os.path.join(HERE, name + ".txt")).read()):
            for shell in PLAYED[name]:
                try:
                    row = play(shell, case)
                    steady = row == play(shell, case)
                except subprocess.TimeoutExpired:
                    steady = False
                if steady:
                    rows.append(row)
                else:
                    unsteady.append((shell, case))
        with open(os.path.join(HERE, name + ".jsonl"), "w") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(f"{name}: {len(rows)} recorded")
        for shell, case in unsteady:
            print(f"not recorded, unsteady or endless: {shell}: {case}")


main()

#!/usr/bin/env python3
"""Which file may include which: each room's MAY_INCLUDE says it, and this reads it.

A line of MAY_INCLUDE is a folder or a file of the project, from its root. A folder without such a file takes the one of
the nearest folder above. Besides: a room may include itself; libpq-fe.h stands in store/ alone; nothing includes tests/.
Prints one line for each include that is not allowed; exit status 1 if there is one.
"""
import re
import sys
from pathlib import Path

ROOMS = ("common", "store", "intake", "sms-gateway", "triage", "operator")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def rules_of(root, folder):
    """The room a folder belongs to (where its MAY_INCLUDE lies) and what the room may include."""
    at = folder
    while at != root:
        listed = at / "MAY_INCLUDE"
        if listed.exists():
            lines = [line.split("#")[0].strip().rstrip("/") for line in listed.read_text().splitlines()]
            return at.relative_to(root).as_posix(), [line for line in lines if line]
        at = at.parent
    return None, []


def is_below(path, folder):
    return path == folder or path.startswith(folder + "/")


def faults_of(root, source):
    name = source.relative_to(root).as_posix()
    room, allowed = rules_of(root, source.parent)
    if room is None:
        yield f"{name}: there is no MAY_INCLUDE in or above its folder"
        return
    text = source.read_text()
    for kind, included in INCLUDE.findall(text):
        if included.startswith("libpq") and not is_below(name, "store"):
            yield f"{name}: {included} stands in store/ alone"
        elif kind == "<":
            if included.startswith(tuple(f"{other}/" for other in ROOMS)):
                yield f"{name}: <{included}> is ours: write it in quotes"
        elif not (root / included).exists():
            if not any(included == line for line in allowed):
                yield f'{name}: "{included}" is not a path from the project\'s root'
        elif not any(is_below(included, line) for line in (room, *allowed)):
            yield f"{name}: {room}/ may not include {included}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    sources = [p for room in ROOMS for p in sorted((root / room).rglob("*.[ch]"))]
    if not sources:
        print("There is nothing to check.")
        return 1
    faults = [fault for source in sources for fault in faults_of(root, source)]
    print("\n".join(faults) if faults else f"{len(sources)} files include what they may.")
    return 1 if faults else 0


sys.exit(main())

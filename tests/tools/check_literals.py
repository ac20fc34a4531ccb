#!/usr/bin/env python3
"""No text that a person reads stands outside the catalogues.

    check_literals.py ROOM_DIR...    the places where one does, one a line; exit 1 if there is any

Templates: letters between tags, or in an attribute that is read aloud or shown, outside {{#_}}..{{/_}} and {{#_html}}.
C: a literal of two words or more that begins like a sentence, and is neither marked with T, TP or TN nor a text of any of
the rooms (the console lists what vaults say). What programs and operators read stays English: NOT_FOR_PEOPLE names it.
Scripts: the same of their strings: what a page says stands in the page.
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from extract_strings import (  # noqa: E402
    COMMENT_IN_C,
    COMMENT_IN_TEMPLATE,
    DEFINE,
    MACRO,
    MARKED,
    STRING,
    c_text,
    extract,
    keep_lines,
)

LETTER = re.compile(r"[^\W\d_]")
TAG = re.compile(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}", re.S)
READ = re.compile(r'\b(title|placeholder|alt|aria-label|aria-description|label)="([^"]*)"')
BUTTON_VALUE = re.compile(r'<input[^>]*type="(?:submit|button|reset)"[^>]*\bvalue="([^"]*)"')
# Names that stay as they are in every language.
NAMES = re.compile(r"\brecourse\b|\bUTC\b|&\w+;")
SENTENCE = re.compile(r"[A-Z][a-z'’]*[,:]? +[A-Za-z{%].*")


# File name, and which of its literals: they are read by programs and by the operator, in English.
NOT_FOR_PEOPLE = {
    "main.c": "",  # what an executable says on its terminal
    "settings.c": "",  # faults of a configuration file
    "api.c": "",  # details of problems, for whoever writes a program
    "api_reports.c": "",
    "api_thread.c": "",
    "partner.c": "",
    "verdict.c": "",
    "openapi.c": "",
    "tus.c": "",
    "intake.c": "",  # help texts of metrics
    "inbound.c": "",
    "console.c": "",
    "agent.c": "Mac OS X",  # looked for in a browser's name
    "pages.c": "Bad Request|Not Found|Method Not Allowed|Request Timeout|Content Too Large|Unsupported Media Type|"
    "Service Unavailable",  # names of HTTP statuses, titles of problems
    "search_block.c": "The search index cannot be prepared.",  # the process ends
    "search_impacts.c": "The index of impacts cannot be prepared.",
    "ops_sessions.c": "At this desk people make their own tokens, on the page of their account.",  # to `recourse staff`
    "route.c": "It names staff|Another participant of the case is there|A rule names that desk",  # audit entries
}
# Partials that stand inside a tag: attributes and nothing else.
IN_A_TAG = {"in", "described"}


def blank(match):
    return "\n" * match.group(0).count("\n")


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def in_template(path):
    if path.stem == "style":
        return
    text = COMMENT_IN_TEMPLATE.sub(blank, path.read_text(encoding="utf-8"))
    if path.stem in IN_A_TAG:
        text = f"<a{text}>"
    text = MARKED.sub(blank, text)
    text = re.sub(r"<(style|script)\b.*?</\1>", blank, text, flags=re.S)
    text = NAMES.sub("", TAG.sub(blank, text))
    for match in [*READ.finditer(text), *BUTTON_VALUE.finditer(text)]:
        if LETTER.search(match.group(match.lastindex)):
            yield line_of(text, match.start()), match.group(0)
    text = re.sub(r"<[^>]*>", blank, text)
    for number, line in enumerate(text.split("\n"), 1):
        if LETTER.search(line):
            yield number, line.strip()


def in_c(path):
    text = DEFINE.sub("", COMMENT_IN_C.sub(keep_lines, path.read_text(encoding="utf-8")))
    text = re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)
    text = MACRO.sub(blank, text)
    for match in re.finditer(rf"{STRING}(?:\s*{STRING})*", text):
        said = c_text(match.group(0))
        if SENTENCE.fullmatch(said):
            yield line_of(text, match.start()), said


def in_script(path):
    text = COMMENT_IN_C.sub(keep_lines, path.read_text(encoding="utf-8"))
    for match in re.finditer(r"'([^'\n]*)'|\"([^\"\n]*)\"|`([^`]*)`", text):
        said = next(group for group in match.groups() if group is not None)
        if SENTENCE.fullmatch(said):
            yield line_of(text, match.start()), said


LOOK = {".mustache": in_template, ".c": in_c, ".h": in_c, ".js": in_script}


def main(rooms):
    if not rooms:
        sys.exit(f"check_literals.py: {__doc__}")
    bad = 0
    known = {text for key, (plural, _) in extract(rooms).items() for text in (*key, plural) if text}
    for room in rooms:
        for path in sorted(p for p in Path(room).rglob("*") if p.suffix in LOOK and "node_modules" not in p.parts):
            for line, said in LOOK[path.suffix](path):
                allowed = NOT_FOR_PEOPLE.get(path.name)
                if path.suffix == ".c" and (said in known or (allowed is not None and re.fullmatch(allowed or ".*", said, re.S))):
                    continue
                print(f"{path}:{line}: in no catalogue: {said}")
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

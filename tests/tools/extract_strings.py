#!/usr/bin/env python3
"""Every English text of a room that a person may read, out of its templates and its C.

    extract_strings.py ROOM_DIR...              one JSON line for each: [context, text, plural]
    extract_strings.py --pot ROOM_DIR...        the same as a template for translators, to merge with msgmerge
    extract_strings.py --missing MO ROOM_DIR... what the compiled catalogue lacks, or fills with values the English
                                                text does not have; exit 1 if there is anything

Templates: {{#_}}text{{/_}} and {{#_html}}text{{/_html}}, white space folded as common/text/mustache_compile.c does it.
C: T("text"), TP("context", "text"), TN("one", "many") of common/text/catalogue.h.
JSON (code lists): the value of every "label".
"""
import json
import re
import struct
import sys
from pathlib import Path

MARKED = re.compile(r"\{\{#\s*(_html|_)\s*\}\}(.*?)\{\{/\s*\1\s*\}\}", re.S)
COMMENT_IN_TEMPLATE = re.compile(r"\{\{!.*?\}\}", re.S)
STRING = r'"(?:[^"\\\n]|\\.)*"'
STRINGS = rf"{STRING}(?:\s*{STRING})*"
MACRO = re.compile(rf"\b(T|TP|TN)\(\s*({STRINGS})\s*(?:,\s*({STRINGS})\s*)?\)")
# Strings are matched too, so that what looks like a comment in one stays.
COMMENT_IN_C = re.compile(rf"/\*.*?\*/|//[^\n]*|({STRING})|('(?:[^'\\\n]|\\.)*')", re.S)
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+T[PN]?\(.*$", re.M)
C_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
VALUE = re.compile(r"\{\{\s*([^}]*?)\s*\}\}")


def die(sentence):
    sys.exit(f"extract_strings.py: {sentence}")


def keep_lines(match):
    return match.group(1) or match.group(2) or "\n" * match.group(0).count("\n")


def c_text(literals):
    """The value of adjacent C string literals."""
    inner = "".join(part[1:-1] for part in re.findall(STRING, literals))
    return re.sub(r"\\(.)", lambda m: C_ESCAPES.get(m.group(1), m.group(1)), inner)


def from_template(path):
    text = COMMENT_IN_TEMPLATE.sub(lambda m: "\n" * m.group(0).count("\n"), path.read_text(encoding="utf-8"))
    if "{{=" in text:
        die(f"{path}: templates with texts to translate keep the delimiters {{{{ and }}}}")
    for match in MARKED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, (None, re.sub(r"[ \t\r\n]+", " ", match.group(2)).strip(" "), None)


def from_c(path):
    text = DEFINE.sub("", COMMENT_IN_C.sub(keep_lines, path.read_text(encoding="utf-8")))
    for match in MACRO.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        macro, first, second = match.group(1), c_text(match.group(2)), match.group(3)
        if (macro == "T") != (second is None):
            die(f"{path}:{line}: {macro} has the wrong number of texts")
        if macro == "T":
            yield line, (None, first, None)
        elif macro == "TP":
            yield line, (first, c_text(second), None)
        else:
            yield line, (None, first, c_text(second))


LABEL = re.compile(rf'"label":\s*({STRING})')


def from_json(path):
    text = path.read_text(encoding="utf-8")
    for match in LABEL.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, (None, json.loads(match.group(1)), None)


READERS = {".mustache": from_template, ".c": from_c, ".h": from_c, ".json": from_json}


def extract(rooms):
    """{(context, text): (plural, [places])} in the order of the files."""
    found = {}
    for room in map(Path, rooms):
        if not room.is_dir():
            die(f"{room}: no such folder")
        for path in sorted(p for p in room.rglob("*") if p.suffix in READERS):
            for line, (context, text, plural) in READERS[path.suffix](path):
                was, places = found.get((context, text), (None, []))
                if was and plural and was != plural:
                    die(f"{path}:{line}: the same text has another plural elsewhere")
                found[context, text] = (was or plural, places + [f"{path.relative_to(room)}:{line}"])
    return found


def po_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def print_pot(found):
    print('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"')
    for (context, text), (plural, places) in found.items():
        print("\n#: " + " ".join(places))
        if context is not None:
            print("msgctxt " + po_text(context))
        print("msgid " + po_text(text))
        if plural is not None:
            print("msgid_plural " + po_text(plural))
        print('msgstr[0] ""\nmsgstr[1] ""' if plural is not None else 'msgstr ""')


def read_mo(path):
    """{(context, text): [forms]} of a compiled catalogue; msgfmt left out fuzzy and empty entries."""
    data = Path(path).read_bytes()
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, ids, texts = struct.unpack_from(order + "3I", data, 8)

    def strings(table, at):
        length, start = struct.unpack_from(order + "2I", data, table + 8 * at)
        return data[start : start + length].decode("utf-8").split("\0")

    messages = {}
    for at in range(count):
        context, found, text = strings(ids, at)[0].rpartition("\4")
        messages[context if found else None, text] = strings(texts, at)
    return messages


def print_missing(found, messages):
    bad = 0
    for key, (plural, places) in found.items():
        forms = messages.get(key, [])
        known = set(VALUE.findall(key[1] + (plural or "")))
        if not forms or not all(forms):
            bad = 1
            print(f"{places[0]}: not translated: {key[1]}")
        for name in sorted({name for form in forms for name in VALUE.findall(form)} - known):
            bad = 1
            print(f"{places[0]}: the translation has {{{{{name}}}}}, the English text has not: {key[1]}")
    return bad


def main(arguments):
    if arguments[:1] == ["--missing"] and len(arguments) > 2:
        return print_missing(extract(arguments[2:]), read_mo(arguments[1]))
    if arguments[:1] == ["--pot"] and len(arguments) > 1:
        print_pot(extract(arguments[1:]))
    elif arguments and not arguments[0].startswith("-"):
        for (context, text), (plural, _) in extract(arguments).items():
            print(json.dumps([context, text, plural], ensure_ascii=False))
    else:
        die(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

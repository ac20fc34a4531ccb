#!/usr/bin/env python3
"""Every English text of a room that a person may read, out of its templates and its C.

    extract_strings.py ROOM_DIR...              one JSON line for each: [context, text, plural]
    extract_strings.py --pot ROOM_DIR...        the same as a template for translators, to merge with msgmerge
    extract_strings.py --missing MO ROOM_DIR... what the compiled catalogue lacks, fills with values the English text
                                                does not have, or has and no source says; exit 1 if there is anything
    extract_strings.py --comments PO ROOM_DIR... the PO file with the comments for translators that the sources have,
                                                and nothing else of it changed
    extract_strings.py --used PO ROOM_DIR...    the PO file without the texts that no source says any more
    extract_strings.py --pseudo ROOM_DIR...     a catalogue of a language that nobody speaks: each text accented, 40 %
                                                longer and in ⟦brackets⟧, so that what is not in brackets on a page is
                                                in no catalogue; --mirrored: written from right to left too

Templates: {{#_}}text{{/_}} and {{#_html}}text{{/_html}}, white space folded as common/text/mustache_compile.c does it;
{{#_ where it stands}}text{{/_}} has a context.
For translators: {{! TRANSLATORS: what it is }} or a C comment with the same word, before the text that it is about.
C: T("text"), TP("context", "text"), TN("one", "many") of common/text/catalogue.h.
JSON (code lists): the value of every "label", and of a "term" that is a name ("Restitution") and no
citation ("UDHR 3").
"""
import json
import re
import struct
import sys
from pathlib import Path

MARKED = re.compile(r"\{\{#\s*(_html|_)(\s[^}]*)?\}\}(.*?)\{\{/\s*\1\s*\}\}", re.S)
FOR_TRANSLATORS = re.compile(r"(?:\{\{!\s*TRANSLATORS:(.*?)\}\}|/\*\s*TRANSLATORS:(.*?)\*/|//\s*TRANSLATORS:([^\n]*))", re.S)
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


def folded(text):
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def template_key(match):
    return (folded(match.group(2) or "") or None, folded(match.group(3)), None)


def from_template(path):
    text = COMMENT_IN_TEMPLATE.sub(lambda m: "\n" * m.group(0).count("\n"), path.read_text(encoding="utf-8"))
    if "{{=" in text:
        die(f"{path}: templates with texts to translate keep the delimiters {{{{ and }}}}")
    for match in MARKED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, template_key(match)


def c_key(match):
    macro, first = match.group(1), c_text(match.group(2))
    second = c_text(match.group(3)) if match.group(3) else None
    return (first, second, None) if macro == "TP" else (None, first, second)


def from_c(path):
    text = DEFINE.sub("", COMMENT_IN_C.sub(keep_lines, path.read_text(encoding="utf-8")))
    for match in MACRO.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if (match.group(1) == "T") != (match.group(3) is None):
            die(f"{path}:{line}: {match.group(1)} has the wrong number of texts")
        yield line, c_key(match)


LABEL = re.compile(rf'"(label|term)":\s*({STRING})')
NOT_WORDS = re.compile(r"[A-Z/]{2}|\d|^[a-z]")  # citations, and remarks that no page shows


def from_json(path):
    text = path.read_text(encoding="utf-8")
    for match in LABEL.finditer(text):
        label = json.loads(match.group(2))
        if match.group(1) == "label" or not NOT_WORDS.search(label):
            yield text.count("\n", 0, match.start()) + 1, (None, label, None)


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


def comments(rooms):
    """{(context, text): [what translators are told]} in the order of the files."""
    found = {}
    for room in map(Path, rooms):
        for path in sorted(p for p in room.rglob("*") if p.suffix in (".mustache", ".c", ".h")):
            text = path.read_text(encoding="utf-8")
            marked, key_of = (MARKED, template_key) if path.suffix == ".mustache" else (MACRO, c_key)
            for comment in FOR_TRANSLATORS.finditer(text):
                about = marked.search(text, comment.end())
                if not about:
                    die(f"{path}: a comment for translators has no text behind it")
                told = found.setdefault(key_of(about)[:2], [])
                said = folded(comment.group(comment.lastindex))
                if said not in told:
                    told.append(said)
    return found


PO_STRING = re.compile(rf"({STRING})")


def entry_of(lines):
    """(context, text) of the lines of one PO entry; the header's text is empty."""
    fields, field = {}, None
    for line in lines:
        name = re.match(r"(msgctxt|msgid_plural|msgid|msgstr)\b", line)
        field = name.group(1) if name else field
        if field and not line.startswith("#"):
            fields[field] = fields.get(field, "") + "".join(c_text(text) for text in PO_STRING.findall(line))
    return fields.get("msgctxt"), fields.get("msgid")


def with_comments(po, told):
    """The PO file's text with the #. lines of `told` before each entry, and no other #. lines."""
    blocks = []
    for block in po.split("\n\n"):
        lines = [line for line in block.split("\n") if not line.startswith("#.")]
        for comment in told.get(entry_of(lines), []):
            at = next(i for i, line in enumerate(lines) if re.match(r"#[,:|]|msg", line))
            lines.insert(at, "#. " + comment)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def used(po, found):
    """The PO file's text without the entries that are not in `found`."""
    blocks = [[]]
    for line in po.split("\n"):
        if not line or (re.match(r"#|msgctxt|msgid ", line) and any(l.startswith("msgstr") for l in blocks[-1])):
            blocks.append([])
        if line:
            blocks[-1].append(line)
    kept = [lines for lines in blocks if lines and (not (entry := entry_of(lines))[1] or entry in found)]
    return "\n\n".join("\n".join(lines) for lines in kept) + "\n"


ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćďéƒǵĥíĵķĺḿńóṕʠŕśţúṽŵẋýžÁƁĆĎÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŢÚṼŴẊÝŽ",
)
KEPT = re.compile(r"(\{\{.*?\}\}|<[^>]*>|&#?\w+;)")


def pseudo(text, mirrored):
    said = "".join(part if KEPT.fullmatch(part) else part.translate(ACCENTED) for part in KEPT.split(text))
    if mirrored:
        said = re.sub(r"[^\W\d_]+(?![^{]*\}\})(?![^<]*>)", "\u202e\\g<0>\u202c", said)
    return f"⟦{said} " + "·" * max(1, len(text) * 2 // 5) + "⟧"


def print_pseudo(found, mirrored):
    print('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"')
    print('"Plural-Forms: nplurals=2; plural=(n != 1);\\n"')
    for (context, text), (plural, _) in found.items():
        print("" if context is None else "\nmsgctxt " + po_text(context))
        print("msgid " + po_text(text))
        if plural is None:
            print("msgstr " + po_text(pseudo(text, mirrored)))
        else:
            print("msgid_plural " + po_text(plural))
            print("msgstr[0] " + po_text(pseudo(text, mirrored)) + "\nmsgstr[1] " + po_text(pseudo(plural, mirrored)))


def po_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def print_pot(found, told):
    print('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"')
    for (context, text), (plural, places) in found.items():
        print("\n" + "".join(f"#. {comment}\n" for comment in told.get((context, text), [])) + "#: " + " ".join(places))
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
    for context, text in messages:
        if text and (context, text) not in found:
            bad = 1
            print(f"no source says this any more (extract_strings.py --used leaves it out): {text}")
    return bad


def main(arguments):
    if arguments[:1] == ["--missing"] and len(arguments) > 2:
        return print_missing(extract(arguments[2:]), read_mo(arguments[1]))
    if arguments[:1] == ["--pot"] and len(arguments) > 1:
        print_pot(extract(arguments[1:]), comments(arguments[1:]))
    elif arguments[:1] == ["--comments"] and len(arguments) > 2:
        sys.stdout.write(with_comments(Path(arguments[1]).read_text(encoding="utf-8"), comments(arguments[2:])))
    elif arguments[:1] == ["--used"] and len(arguments) > 2:
        sys.stdout.write(used(Path(arguments[1]).read_text(encoding="utf-8"), extract(arguments[2:])))
    elif arguments[:1] == ["--pseudo"] and arguments[1:]:
        mirrored = arguments[1] == "--mirrored"
        print_pseudo(extract(arguments[1 + mirrored :]), mirrored)
    elif arguments and not arguments[0].startswith("-"):
        for (context, text), (plural, _) in extract(arguments).items():
            print(json.dumps([context, text, plural], ensure_ascii=False))
    else:
        die(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

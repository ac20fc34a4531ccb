#!/bin/sh
# test_catalogue_tools.sh: the extraction finds what the program looks up, and the check refuses what it should.
set -eu

tools=$(dirname "$0")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/languages" "$room/pages"

fail() {
    echo "failed: $1"
    exit 1
}

cat >"$room/pages/a.mustache" <<'END'
{{! not {{#_}} this }}<p>{{#_}}Good   day,
   {{name}}.{{/_}}</p>{{#_html}}See <b>it</b>{{/_html}}{{#other}}no{{/other}}
{{! TRANSLATORS: of a door,
   not of a case }}
<b>{{#_ door }}Open{{/_}}</b>
END
cat >"$room/a.c" <<'END'
/* T("in a comment") */
#define T(english) (english)
const char *a = T("Say \"no\" "
                  "twice"); // T("here neither")
const char *b[] = {TP("state", "Open"), TN("{{n}} report", "{{n}} reports"), "/* T(\"x\") */", NOT("this")};
const char *c[] = {T("Late"), /* TRANSLATORS: behind
                                its day */ T("Over")};
END
cat >"$room/expected" <<'END'
[null, "Say \"no\" twice", null]
["state", "Open", null]
[null, "{{n}} report", "{{n}} reports"]
[null, "Late", null]
[null, "Over", null]
[null, "Good day, {{name}}.", null]
[null, "See <b>it</b>", null]
["door", "Open", null]
END
"$tools/extract_strings.py" "$room" | diff -u "$room/expected" - || fail "extraction"

header() {
    printf 'msgid ""\nmsgstr ""\n"Project-Id-Version: x\\n"\n"PO-Revision-Date: 2024-01-01 00:00+0000\\n"\n'
    printf '"Last-Translator: x <x@example.org>\\n"\n"Language-Team: x\\n"\n"Language: fr\\n"\n"MIME-Version: 1.0\\n"\n'
    printf '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    printf '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
}

whole() {
    header
    printf 'msgid "Say \\"no\\" twice"\nmsgstr "Non, non"\n\n'
    printf 'msgctxt "state"\nmsgid "Open"\nmsgstr "Ouvert"\n\n'
    printf 'msgid "{{n}} report"\nmsgid_plural "{{n}} reports"\n'
    printf 'msgstr[0] "un signalement"\nmsgstr[1] "{{n}} signalements"\n\n'
    printf 'msgid "Good day, {{name}}."\nmsgstr "Bonjour {{name}}."\n\n'
    printf 'msgid "See <b>it</b>"\nmsgstr "Voyez-<b>le</b>"\n\n'
    printf '#. of a door, not of a case\nmsgctxt "door"\nmsgid "Open"\nmsgstr "Ouverte"\n\n'
    printf '#. behind its day\nmsgid "Over"\nmsgstr "En retard"\n\nmsgid "Late"\nmsgstr "Tard"\n'
}

refuses() {
    if "$tools/check_catalogues.sh" "$room" >"$room/says" 2>&1; then
        fail "$1 was let through"
    fi
    grep -q "$2" "$room/says" || fail "$1: $(cat "$room/says")"
}

refuses "a room without catalogues" "no catalogue"
whole >"$room/languages/fr.po"
"$tools/check_catalogues.sh" "$room" || fail "a whole catalogue was refused"
header >"$room/languages/en.po"
"$tools/check_catalogues.sh" "$room" || fail "English must not be translated"

left_over='\nmsgctxt "gate"\nmsgid "Open"\nmsgstr "Ouvert"\n'
{ whole; printf "$left_over"; } >"$room/languages/fr.po"
refuses "a text that no source says" "no source says this any more.*: Open"
"$tools/extract_strings.py" --used "$room/languages/fr.po" "$room" >"$room/used"
whole | cmp -s - "$room/used" || fail "--used: $(whole | diff - "$room/used")"

whole | sed 's/"Ouvert"/""/' >"$room/languages/fr.po"
refuses "an empty text" "not translated: Open"
whole | sed '/^msgctxt "state"/d' >"$room/languages/fr.po"
refuses "a text without its context" "not translated: Open"
whole | sed 's/^msgctxt/#, fuzzy\nmsgctxt/' >"$room/languages/fr.po"
refuses "a guess" "not translated: Open"
whole | sed 's/Bonjour {{name}}/Bonjour {{nom}}/' >"$room/languages/fr.po"
refuses "an unknown value" "the translation has {{nom}}"
whole | sed 's/"Ouvert"/"Ouvert/' >"$room/languages/fr.po"
refuses "a broken file" "fr.po"
whole | sed '/^#\. of a door/d' >"$room/languages/fr.po"
refuses "a catalogue without what translators are told" "extract_strings.py --comments"
whole >"$room/languages/fr.po"
"$tools/extract_strings.py" --pseudo "$room" | msgfmt --check-format --output-file="$room/pseudo.mo" - || fail "a language that nobody speaks"
"$tools/extract_strings.py" --missing "$room/pseudo.mo" "$room" || fail "a language that nobody speaks lacks something"
"$tools/extract_strings.py" --pseudo "$room" >"$room/pseudo.po" && grep -q 'msgstr "⟦Śéé <b>íţ</b> ·*⟧"' "$room/pseudo.po" || fail "its texts are not as they should be"

finds() {
    "$tools/check_literals.py" "$room" >"$room/says" && fail "$1 was not found"
    grep -qF "$2" "$room/says" || fail "$1: $(cat "$room/says")"
    [ "$(wc -l <"$room/says")" = 1 ] || fail "$1 and more: $(cat "$room/says")"
}
rm "$room/pages/a.mustache"
"$tools/check_literals.py" "$room" || fail "texts that are all in the catalogue"
echo '<p>{{name}}: <b>Hello</b></p>' >"$room/pages/b.mustache"
finds "a word between tags" "pages/b.mustache:1: in no catalogue: : Hello"
printf '\n<p aria-label="Pages">{{#_}}See <b>it</b>{{/_}}' >"$room/pages/b.mustache"
finds "an attribute" 'pages/b.mustache:2: in no catalogue: aria-label="Pages"'
echo '<input type="submit" value="Send"><input value="x" title="{{t}}">{{! Hello }}&nbsp;' >"$room/pages/b.mustache"
finds "the face of a button" 'value="Send"'
rm "$room/pages/b.mustache"
echo 'f("Nobody is there."); log("what=x"); T("Late"); g("Late"); /* "Not this one" */' >"$room/b.c"
finds "a sentence in C" "b.c:1: in no catalogue: Nobody is there."
rm "$room/b.c"
echo "say('Something is new'); get('data-fresh'); // 'Not this one'" >"$room/b.js"
finds "a sentence in a script" "b.js:1: in no catalogue: Something is new"
rm "$room/b.js"
"$tools/extract_strings.py" --pot "$room/pages" | msgfmt --output-file=/dev/null - || fail "the template"
echo "all as expected"

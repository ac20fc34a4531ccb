#!/bin/sh
# check_catalogues.sh ROOM_DIR [DATA_DIR...]: every PO file in ROOM_DIR/languages is well formed and translates every text of
# the room, and of the data whose labels its pages show, with what the sources tell translators, and nothing besides.
# en.po may be missing, and may be incomplete: the texts themselves are English.
set -eu

room=${1:?check_catalogues.sh ROOM_DIR [DATA_DIR...]}
shift
tools=$(dirname "$0")
compiled=$(mktemp)
trap 'rm -f "$compiled"' EXIT
bad=0
seen=0

for file in "$room"/languages/*.po; do
    [ -e "$file" ] || continue
    seen=$((seen + 1))
    if ! msgfmt --check --output-file="$compiled" "$file"; then
        bad=1
    elif [ "$(basename "$file")" != en.po ] &&
        ! "$tools/extract_strings.py" --missing "$compiled" "$room" "$@" >"$compiled.says"; then
        sed "s|^|$file: |" "$compiled.says"
        bad=1
    fi
    if ! "$tools/extract_strings.py" --comments "$file" "$room" "$@" | cmp -s - "$file"; then
        echo "$file: its comments for translators are not those of the sources: extract_strings.py --comments writes them"
        bad=1
    fi
    rm -f "$compiled.says"
done

if [ "$seen" -eq 0 ]; then
    echo "$room/languages: no catalogue"
    exit 1
fi
exit "$bad"

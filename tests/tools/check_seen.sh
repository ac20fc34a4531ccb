#!/bin/sh
# check_seen.sh SOURCE -- operations and what they show ask seen.h which cases there are for who asks, and never book, queue or
# sides: so no new operation can forget who is named in a case.
set -eu
cd "$1/triage/vault"
files='ops_*.c export*.c case_view.c register_view.c'
forbidden='book_(find|at|known|count)|queue_(at|count|index)|sides_(at|count|hides)|search_run_has'
# Of the whole desk, to nobody in particular: how many cases there are, before anybody has signed in.
found=$(grep -nE "\b($forbidden)\(" $files | grep -v '^ops_desk.c:.*book_known(vault->book)' || true)
if [ -n "$found" ]; then
    echo 'These have to go by seen.h:'
    echo "$found"
    exit 1
fi
# A check that looks for the wrong names finds nothing either.
for name in book_find book_at queue_at queue_count sides_at sides_count; do
    grep -qE "\b$name\(" ./*.h || { echo "There is no $name any more: this check looks for the wrong names."; exit 1; }
done
grep -q 'seen_find(request->vault, request->who, text)' case_view.c || { echo 'case_asked() does not go by seen.h.'; exit 1; }
echo 'No operation meets a case that is not there for who asks.'

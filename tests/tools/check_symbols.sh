#!/bin/bash
# check_symbols.sh FOLDER -- what opens with a private key is linked only where a private key lives.
#
# recourse-keys and recourse (key ceremonies) may have all of it; recourse-sms has an outbox key of its own and may open
# boxes with it; the others have nothing of it. And the rules that look for words about danger are known to the vault alone:
# whoever reads the lists knows what to avoid saying. Linker maps do not lie: a function that is not there cannot be called.
set -eu
folder=$1
failed=0

# Of the functions that match, those that are in the executable.
has() {
    nm "$folder/$1" | awk '$2 ~ /^[tTwW]$/ { print $3 }' | grep -E "^($2)\$" || true
}

must_not_have() {
    local found
    found=$(has "$1" "$2")
    [ -z "$found" ] || { echo "$1 must not have:" $found; failed=1; }
}

must_have() {
    [ -n "$(has "$1" "$2")" ] || { echo "$1 has no $2: this check looks for the wrong names"; failed=1; }
}

open='hpke_open.*' desk='envelope_open_desk_wrap' box='envelope_open_box' file='keyfile_.*'
for program in recourse-intake recourse-triage recourse-vault recourse-cleaner; do
    must_not_have "$program" "$open|$desk|$box|$file"
done
must_not_have recourse-sms "$desk|$file"
must_have recourse-sms "$box"
must_have recourse-keys "$open"
must_have recourse-keys "$desk"
must_have recourse-keys "$file"
must_have recourse "$file"
rules='rules_(load|from|propose|match).*'
for program in recourse-intake recourse-sms recourse-triage recourse-keys recourse-cleaner; do
    must_not_have "$program" "$rules"
done
must_have recourse-vault "$rules"
# A stranger's file is looked at and tools are started where no key, no row and no report is.
must_have recourse-cleaner 'runner_run|tool_run'
must_not_have recourse-cleaner 'envelope_.*|hpke_.*|door_.*|PQ.*'
for program in recourse-intake recourse-sms recourse-triage recourse-vault recourse-keys recourse; do
    must_not_have "$program" 'runner_run|tool_run|craft_.*'
done
[ $failed = 0 ] && echo 'Private keys are opened and rules are read where they live and nowhere else.'
exit $failed

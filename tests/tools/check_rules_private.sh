#!/bin/bash
# check_rules_private.sh ROOT -- the word lists of triage/rules stay with the vaults: whoever knows them knows what to
# avoid saying. No code and no page that the public reaches names them, and no process but a vault's is let to their folder
# (docs/least-power.md, which flow 60 holds against what runs). That nothing of their reader is linked elsewhere:
# check_symbols.sh.
set -eu
root=${1:?check_rules_private.sh ROOT}
failed=0
cd "$root"

# intake, gateway, console, keys and what they share; words_vault.c says in a comment where its sentences come from.
named=$(grep -rnE 'triage/rules|rules-[0-9N]+\.json|vault/rules' intake sms-gateway common store triage/console triage/keys containers \
    | grep -v '^triage/console/words_vault\.c:' || true)
[ -z "$named" ] || { echo "The rules are named where the public reaches:"; echo "$named"; failed=1; }

# A row is `process` | what it reads | what it writes. The folder itself, and all that are above it. Masters read nothing
# that a stranger sent and start the workers again: they may read what their user may.
rows=$(grep -E '^\| `recourse-(intake|sms|triage|keys)`' docs/least-power.md | grep -v '` master |')
[ -n "$rows" ] || { echo "docs/least-power.md has no table any more: this check looks for the wrong words"; failed=1; }
reach=$(echo "$rows" | grep -E '`(/|/usr|/usr/share|/usr/share/recourse(/triage(/rules)?)?|triage(/rules)?|\.)`' || true)
[ -z "$reach" ] || { echo "These may read the rules:"; echo "$reach"; failed=1; }

# One section of the configuration names their folder, and it is the vault's.
[ "$(grep -c '"triage/rules"' operator/settings.c)" = 1 ] || { echo "operator/settings.c names the rules more than once"; failed=1; }
sed -n '/^static void write_vault/,/^}/p' operator/settings.c | grep -q '"triage/rules"' ||
    { echo "operator/settings.c gives the rules to another process than a vault"; failed=1; }

[ $failed = 0 ] && echo 'The rules are known to vaults alone.'
exit $failed

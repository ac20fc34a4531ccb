#!/bin/bash
# The units that `recourse units` writes: systemd understands them, and each is exposed at 2.0 or less. For an installation with
# a cluster of its own, and for one whose database is elsewhere.
#
#   check_units.sh FOLDER-OF-EXECUTABLES
set -u
recourse=$1/recourse
[ "$(id -u)" = 0 ] || { echo "An installation with users of its own needs root."; exit 77; }
folder=$(mktemp -d /var/lib/recourse-units-XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
failed=0

# check NAME LEAST-UNITS [options of init]
check() {
    local name=$1 least=$2 unit
    shift 2
    mkdir "$folder/$name-units"
    "$recourse" --data "$folder/$name" init "$@" >"$folder/said" 2>&1 && "$recourse" --data "$folder/$name" units "$folder/$name-units" \
        >>"$folder/said" 2>&1 || { cat "$folder/said"; failed=1; return; }
    local units=("$folder/$name-units"/*.service)
    [ ${#units[@]} -ge "$least" ] || { echo "$name: only ${#units[@]} units"; failed=1; }
    # What it says on the way (programs that may not be executed, lines it does not know) counts, not its exit status alone.
    said=$(systemd-analyze verify "${units[@]}" "$folder/$name-units/recourse.target" 2>&1) || failed=1
    said=$(grep -F "$folder" <<<"$said")
    [ -z "$said" ] || { echo "$said"; failed=1; }
    for unit in "${units[@]}"; do
        systemd-analyze --offline=true security --threshold=20 "$unit" >"$folder/said" 2>&1 || { cat "$folder/said"; failed=1; }
        tail -n 1 "$folder/said"
    done
}

check own 13
check elsewhere 12 --database postgresql://owner:secret@127.0.0.1:5432/recourse
grep -lr secret@ "$folder"/*-units && failed=1
exit $failed

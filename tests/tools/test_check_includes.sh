#!/bin/bash
# test_check_includes.sh -- the include check finds what is not allowed.
set -eu
check=$(dirname "$(readlink -f "$0")")/check_includes.py
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/common/base "$root"/intake "$root"/store "$root"/sms-gateway
echo 'common/base' >"$root/intake/MAY_INCLUDE"
echo '' >"$root/common/base/MAY_INCLUDE"
echo 'common' >"$root/store/MAY_INCLUDE"
echo 'common' >"$root/sms-gateway/MAY_INCLUDE"
touch "$root"/common/base/buf.h "$root"/sms-gateway/own.h "$root"/store/store.h
echo '#include "common/base/buf.h"' >"$root/intake/a.c"
echo '#include <libpq-fe.h>' >"$root/store/b.c"
python3 "$check" "$root" || { echo 'refused what is allowed'; exit 1; }
for bad in '"store/store.h"' '"sms-gateway/own.h"' '<libpq-fe.h>' '"buf.h"' '<common/base/buf.h>'; do
    echo "#include $bad" >"$root/intake/c.c"
    if python3 "$check" "$root" >/dev/null; then
        echo "let through: $bad"
        exit 1
    fi
done

#!/bin/bash
# check_image.sh ROOT: the Dockerfile has followed the tree, which no other test builds: every library that ./run looks for
# and every room that is built stand in it, each user that docker-compose.yml names is made there, and the folders
# that programs read are copied.
set -eu

cd "${1:?check_image.sh ROOT}"
failed=0
missing() {
    echo "Dockerfile: $*"
    failed=1
}

. operator/packages.sh
libraries=$(echo "$NEEDED_TO_RUN" | awk '/^pkg-config:|llhttp/ {print $2}')
[ "$(echo "$libraries" | wc -l)" -gt 8 ] || missing "operator/packages.sh reads differently: this check looks for the wrong words"
for package in $libraries; do
    grep -qE "(^| )$package( |\$)" Dockerfile || missing "$package is not installed for the build"
done
for room in $(sed -n 's/^ *foreach(room \(.*\))$/\1/p' CMakeLists.txt); do
    [ "$room" = tests ] || grep -q "^COPY $room $room\$" Dockerfile || missing "the room $room is not copied"
done
for user in $(sed -n 's/^ *user: //p' docker-compose.yml | sort -u); do
    [ "$user" = root ] || grep -qE "(^| )$user( |;|\$)" Dockerfile || missing "there is no user $user"
done
folders=$(grep -ohE '"(triage|intake|sms-gateway|operator|migrations)(/[a-z-]+)*' operator/settings.c operator/demo.c operator/schema.c | tr -d '"' | sort -u)
[ "$(echo "$folders" | wc -l)" -gt 6 ] || missing "operator/settings.c reads differently: this check looks for the wrong words"
for folder in $folders; do
    # A demonstration's file is named with its folder.
    [ -d "$folder" ] || folder=$(dirname "$folder")
    grep -qE " $folder( |\$)" Dockerfile || missing "$folder is not in the image"
done
exit $failed

# packages.sh -- find what is missing and install it: sourced by run, test, bench and tests/fuzz/run.
#
# Looks for commands, headers and files, not for packages: what is there may have come from anywhere. What is missing is
# installed with apt-get, as root or by sudo; elsewhere than on Debian the list is printed instead.

# What to look for (command:NAME, pkg-config:MODULE, file:PATTERN) and the Debian package that has it.
NEEDED_TO_RUN='
command:gcc gcc
command:cmake cmake
command:make make
command:pkg-config pkg-config
command:npm npm
command:useradd passwd
pkg-config:libevent_openssl libevent-dev
pkg-config:jansson libjansson-dev
pkg-config:libpq libpq-dev
pkg-config:openssl libssl-dev
pkg-config:libcurl libcurl4-openssl-dev
pkg-config:libseccomp libseccomp-dev
pkg-config:sqlite3 libsqlite3-dev
pkg-config:libargon2 libargon2-dev
pkg-config:inih libinih-dev
pkg-config:yaml-0.1 libyaml-dev
pkg-config:liboath liboath-dev
pkg-config:libfido2 libfido2-dev
pkg-config:libqrencode libqrencode-dev
pkg-config:libmagic libmagic-dev
command:mat2 mat2
command:ffmpeg ffmpeg
command:exiftool libimage-exiftool-perl
file:/usr/share/perl5/Archive/Zip.pm libarchive-zip-perl
command:pdftoppm poppler-utils
file:/usr/share/poppler/cMap/*/UniGB-UCS2-H poppler-data
file:/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf fonts-noto-core
file:/usr/share/fonts/truetype/wqy/wqy-microhei.ttc fonts-wqy-microhei
file:/usr/share/llhttp/llhttp.c node-llhttp
file:/usr/include/string.h libc6-dev
file:/usr/lib/postgresql/*/bin/postgres postgresql
'
NEEDED_TO_TEST='
pkg-config:cmocka libcmocka-dev
command:python3 python3
command:xgettext gettext
command:curl curl
command:nm binutils
command:node nodejs
command:chromium chromium
command:bearerbox kannel
command:docker-compose docker-compose
command:systemd-analyze systemd
command:strace strace
command:w3m w3m
command:setpriv util-linux
file:/usr/lib/kannel/test/fakesmsc kannel-extras
'
NEEDED_TO_FAULT='
pkg-config:cmocka libcmocka-dev
command:node nodejs
command:ps procps
command:setpriv util-linux
command:mount mount
command:mkfs.ext4 e2fsprogs
command:nbdkit nbdkit
command:nbdfuse libnbd-bin
'
NEEDED_TO_ANALYSE='
command:clang clang
command:clang-tidy clang-tidy
command:cppcheck cppcheck
command:ninja ninja-build
command:valgrind valgrind
file:/usr/lib/gcc/*/*/libtsan.so gcc
'
NEEDED_TO_BENCH='
command:node nodejs
command:wrk wrk
command:h2load nghttp2-client
command:nginx nginx-light
command:pgrep procps
'
NEEDED_TO_LOAD='
command:node nodejs
command:wrk wrk
command:slowhttptest slowhttptest
command:testssl testssl.sh
'

NEEDED_TO_FUZZ='
command:clang clang
pkg-config:cmocka libcmocka-dev
file:/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-14-dev
'
NEEDED_TO_COVER='
command:llvm-cov llvm
'

is_there() {
    local name=${1#*:}
    case $1 in
    command:*) PATH=$PATH:/usr/sbin:/sbin command -v "$name" >/dev/null ;;
    pkg-config:*) command -v pkg-config >/dev/null && pkg-config --exists "$name" ;;
    file:*) compgen -G "$name" >/dev/null ;;
    esac
}

# The packages of a list that are missing, one a line.
missing_of() {
    local what package
    while read -r what package; do
        [ -z "$what" ] || is_there "$what" || echo "$package"
    done <<<"$1" | sort -u
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo: $*" >&2
        return 1
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# PostgreSQL's package makes and starts a cluster of its own unless it is told not to before it is installed.
install_postgresql_common() {
    local conf=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common || return
    as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' "$conf" || return
    grep -q '^create_main_cluster = false' "$conf" ||
        echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
}

# install_missing LIST: returns 1 with a sentence when something cannot be had.
install_missing() {
    local missing
    missing=$(missing_of "$1")
    [ -n "$missing" ] || return 0
    echo "Missing:" $missing
    if ! command -v apt-get >/dev/null; then
        echo "There is no apt-get here: install what these Debian packages have, then try again." >&2
        return 1
    fi
    echo "Installing with apt-get."
    as_root apt-get update -q || return
    if grep -qx postgresql <<<"$missing"; then
        install_postgresql_common || return
    fi
    apt_install $missing || return
    missing=$(missing_of "$1")
    [ -z "$missing" ] || { echo "Still missing:" $missing >&2; return 1; }
}

# build_preset PRESET FOLDER [cmake options]: configure and build, or do nothing where nothing has changed since.
build_preset() {
    local preset=$1 folder=$2 stamp=$2/.built
    shift 2
    if [ -e "$stamp" ] && [ -z "$(find CMakeLists.txt CMakePresets.json common store intake sms-gateway triage operator \
        tests -path tests/node_modules -prune -o -newer "$stamp" \( -name '*.[ch]' -o -name CMakeLists.txt \
        -o -name CMakePresets.json -o -path '*/style/*' \) -print -quit)" ]; then
        return 0
    fi
    echo "Building in $folder/ ..."
    cmake --preset "$preset" "$@" >"/tmp/recourse-cmake.$$" 2>&1 ||
        { cat "/tmp/recourse-cmake.$$" >&2; rm -f "/tmp/recourse-cmake.$$"; return 1; }
    rm -f "/tmp/recourse-cmake.$$"
    # A source that changes meanwhile is newer than this.
    touch "$folder/.building"
    cmake --build "$folder" -j"$(nproc)" -- --no-print-directory -s | grep -vE '^\[ *[0-9]+%\]' || true
    [ "${PIPESTATUS[0]}" = 0 ] || return 1
    mv "$folder/.building" "$stamp"
}

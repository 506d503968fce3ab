#!/bin/sh
# Brings what the tests need besides Python: Chromium, PostgreSQL, Redis, Thai fonts. Installs from Debian where
# it may (root, apt-get); otherwise says what is missing and what is left out because of it.
set -u

missing=""
need() { # need PACKAGE: note it unless the rest of the line succeeds
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_postgres() { command -v postgres || ls /usr/lib/postgresql/*/bin/postgres; }
has_thai_font() { ls /usr/share/fonts/truetype/tlwg/*.ttf; }
has_compiler() { command -v cc && ls /usr/include/time.h; }
has_zbar() { ls /usr/lib/*/libzbar.so.0 /usr/lib/libzbar.so.0 2>/dev/null | grep -q .; }

need chromium command -v chromium
need postgresql has_postgres
need redis-server command -v redis-server
need fonts-thai-tlwg has_thai_font
need libzbar0 has_zbar
need "gcc libc6-dev" has_compiler

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing from Debian:$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
    echo "That did not work."
fi
echo "Not on this machine:$missing"
echo "Tests that need them will FAIL, not be skipped. On Debian: sudo apt-get install$missing"

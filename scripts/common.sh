# shellcheck shell=bash
# What the scripts share; they source it. It changes to the top of the tree.

script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" # the broker is in one of them
export target="${CARGO_TARGET_DIR:-target}"

say() { printf '%s\n' "$*"; }

# Ends the script with one line that says why.
fail() {
    printf '%s: %s\n' "${script##*/}" "$*" >&2
    exit 1
}

# The script's own head, from its second line to the first that is no comment.
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$script"; }

missing=()

# need PACKAGE COMMAND...: the Debian package is missing if the command fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has() { command -v "$1"; }
compiles() { printf '#include <stdio.h>\n' | cc -E -; }

# What building takes. Rust only where there is none.
need_to_build() {
    need gcc has cc
    need libc6-dev compiles
    need pkg-config has pkg-config
    need libmosquitto-dev pkg-config --atleast-version=2.0 libmosquitto
    need libssl-dev pkg-config --atleast-version=1.1.1 libssl libcrypto
    if ! has cargo >/dev/null; then
        missing+=(cargo-web rustc-web ca-certificates)
    fi
}

# What looking through the sources takes. A Rust that is not Debian's has its own way to them.
need_to_lint() {
    if ! has cargo >/dev/null || dpkg -s cargo-web >/dev/null 2>&1; then
        need rustfmt-web cargo fmt --version
        need rust-web-clippy cargo clippy --version
    else
        cargo fmt --version >/dev/null 2>&1 || fail "cargo fmt is missing (rustup component add rustfmt)"
        cargo clippy --version >/dev/null 2>&1 || fail "cargo clippy is missing (rustup component add clippy)"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo >/dev/null; then
        sudo "$@"
    else
        fail "missing: ${missing[*]}. Not root, and there is no sudo: install them and run this again."
    fi
}

# Installs what is missing. The broker of the system is not started and not enabled by that: the scripts run
# brokers of their own, and this machine may have no use for another.
install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    has apt-get >/dev/null || fail "missing, by the names of the Debian packages: ${missing[*]}"
    say "-- installing ${missing[*]}"
    local policy=/usr/sbin/policy-rc.d wrote=no log status=0
    log=$(mktemp)
    if [ ! -e $policy ]; then
        wrote=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
    fi
    {
        as_root apt-get update &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null || status=$?
    [ $wrote = no ] || as_root rm -f $policy
    if [[ " ${missing[*]} " = *" mosquitto "* && -d /run/systemd/system ]]; then
        as_root systemctl disable --quiet mosquitto || true
    fi
    if [ $status != 0 ]; then
        cat "$log" >&2
        fail "apt-get could not install ${missing[*]}"
    fi
    rm -f "$log"
    hash -r
    missing=()
}

# rust_at_least 1.88 WHY: ends the script if rustc is older.
rust_at_least() {
    local version
    version=$(rustc --version | cut -d ' ' -f 2) || fail "rustc does not run"
    printf '%s\n%s\n' "$1" "$version" | sort -C -V ||
        fail "Rust $1 or later is needed $2: this is $version. On Debian 12: apt-get install cargo-web rustc-web"
}

# A TCP port of 127.0.0.1 on which nobody listens.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 12000)) # below the ports that the kernel gives to clients
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            say "$port"
            return
        fi
    done
    fail "no free port on 127.0.0.1"
}

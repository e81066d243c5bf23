#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The one list of packages, for installer/run, installer/test and CI. Source it; it defines functions and runs nothing.
# Debian 12 is tried. Ubuntu 24.04 has the packages under the same names or those below; nobody has tried it yet.

lsw_say() { printf '%s\n' "$*" >&2; }
lsw_die() { lsw_say "$*"; exit 5; }

# Packages of a build: $1 = headless | full | tests | package
lsw_packages() {
    local boost=libboost1.81-dev
    if [ -r /etc/os-release ] && grep -q '^ID=ubuntu' /etc/os-release; then boost=libboost1.83-dev; fi
    printf '%s\n' g++ cmake ninja-build pkg-config python3 ca-certificates "$boost" libssl-dev libhwloc-dev \
        qt6-base-dev libsqlite3-dev libcurl4-openssl-dev libarchive-dev libleveldb-dev libcli11-dev libtomlplusplus-dev qtkeychain-qt6-dev \
        libsystemd-dev
    case $1 in
        full|tests|package) printf '%s\n' qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qt6-translations-l10n libgl-dev fonts-wqy-microhei ;;
    esac
    if [ "$1" = package ]; then printf '%s\n' dpkg-dev file; fi
    if [ "$1" = tests ]; then
        printf '%s\n' ccache
        # A keychain on a bus of its own, for the test token_store.
        printf '%s\n' gnome-keyring dbus-daemon dbus-bin libsecret-1-0
        printf '%s\n' curl # what `bench parameters` is compared with
        # libFuzzer, for tests/fuzz.
        if [ "$boost" = libboost1.81-dev ]; then printf '%s\n' clang-19 libclang-rt-19-dev
        else printf '%s\n' clang-18 libclang-rt-18-dev; fi
    fi
}

lsw_is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A cargo of at least 1.87 on the PATH, in ~/.cargo/bin or of the distribution (Debian 12: cargo-web; Ubuntu: cargo-1.89); prints its path.
lsw_cargo() {
    local candidate version
    for candidate in "$(command -v cargo 2>/dev/null)" "$HOME/.cargo/bin/cargo" /usr/bin/cargo /usr/bin/cargo-1.*; do
        [ -n "$candidate" ] && [ -x "$candidate" ] || continue
        version=$("$candidate" --version 2>/dev/null | awk '{print $2}')
        if [ -n "$version" ] && [ "$(printf '%s\n' 1.87 "$version" | sort -V | head -n 1)" = 1.87 ]; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# A go of at least 1.25.7 on the PATH or in /usr/local/go/bin; prints its path. For the interop tests alone, which are skipped without it:
# no Debian package is named, because that of Debian 12 (1.19) is too old for lotus' packages.
lsw_go() {
    local candidate version
    for candidate in "$(command -v go 2>/dev/null)" /usr/local/go/bin/go; do
        [ -n "$candidate" ] && [ -x "$candidate" ] || continue
        version=$(GOTOOLCHAIN=local "$candidate" env GOVERSION 2>/dev/null | sed 's/^go//')
        if [ -n "$version" ] && [ "$(printf '%s\n' 1.25.7 "$version" | sort -V | head -n 1)" = 1.25.7 ]; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

lsw_cargo_packages() {
    if [ -r /etc/os-release ] && grep -q '^ID=ubuntu' /etc/os-release; then printf '%s\n' cargo-1.89 rustc-1.89
    else printf '%s\n' cargo-web rustc-web; fi
}

# Ends with a sentence when the cargo that would be installed is too old: Debian 12 as released has 1.85, its security updates a newer one.
lsw_check_cargo_candidate() {
    local package version
    for package in "$@"; do
        case $package in cargo-*) ;; *) continue ;; esac
        version=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null | awk '/Candidate:/ {print $2}')
        [ -n "$version" ] && [ "$version" != '(none)' ] ||
            lsw_die "The official proofs crate needs cargo 1.87 or newer, and this distribution has no package $package: install one by hand, then run this again."
        [ "$(printf '%s\n' 1.87 "$version" | sort -V | head -n 1)" = 1.87 ] ||
            lsw_die "The official proofs crate needs cargo 1.87 or newer; the $package that apt knows here is $version. Debian's security updates have a newer one: enable them (suite bookworm-security) or install another cargo, then run this again. Nothing was installed."
    done
}

# Installs what is missing of the list for $1, after saying so. Never removes a package.
lsw_install_dependencies() {
    local missing=() package
    while read -r package; do
        lsw_is_installed "$package" || missing+=("$package")
    done < <(lsw_packages "$1")
    if ! lsw_cargo >/dev/null; then
        while read -r package; do missing+=("$package"); done < <(lsw_cargo_packages)
    fi
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null || lsw_die "This script installs with apt-get (Debian 12); on another system install these first: ${missing[*]}"
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || lsw_die "These packages are missing and neither root nor sudo is at hand: ${missing[*]}"
        sudo=(sudo)
    fi
    lsw_say "Installing with apt-get: ${missing[*]}"
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    "${apt[@]}" update -qq >&2 || lsw_die "The package lists could not be fetched: check the network, then run this again."
    lsw_check_cargo_candidate "${missing[@]}"
    local plan
    if ! plan=$("${apt[@]}" install -s --no-remove --no-install-recommends "${missing[@]}" 2>&1); then
        lsw_say "$plan"
        lsw_die "These packages do not go together with what is installed here (see above); nothing was changed. Remove or replace the package named there, then run this again."
    fi
    "${apt[@]}" install -y --no-remove --no-install-recommends -qq "${missing[@]}" >&2 ||
        lsw_die "apt-get could not install all of: ${missing[*]}"
}

# Checks disk and memory before a build in the folder $1.
lsw_check_room() {
    local free_kib memory_kib
    free_kib=$(df -Pk "$1" | awk 'NR==2 {print $4}')
    [ "$free_kib" -ge $((15 * 1024 * 1024)) ] ||
        lsw_die "Building needs 15 GB of free disk in $1; there are $((free_kib / 1024 / 1024)) GB. Free some space and run this again."
    memory_kib=$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)
    [ "$memory_kib" -ge $((4 * 1000 * 1000)) ] ||
        lsw_die "Building needs 4 GB of memory; this machine has $((memory_kib / 1024)) MB."
}

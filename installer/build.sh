#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Configures and builds, for installer/run and installer/test. Source it after dependencies.sh; it defines functions and runs nothing.

# A step whose output matters only when it fails: $1 = log file, the rest is the command.
lsw_quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 && return 0
    tail -n 60 "$log" >&2
    return 1
}

# lsw_build FOLDER TARGETS CMAKE-OPTIONS…: configures FOLDER when its options changed, then builds the space-separated TARGETS.
# Nothing goes to standard output: the program that is run afterwards owns it.
lsw_build() {
    local folder=$1 targets=$2 options=("${@:3}") stamp cargo fresh=false
    mkdir -p "$folder"
    cargo=$(lsw_cargo) || lsw_die "No cargo of version 1.87 or newer is here; install one (Debian 12: cargo-web), then run this again."
    options+=("-DLSW_CARGO=$cargo")
    stamp="${options[*]}"
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "$stamp" ]; then
        lsw_say "Configuring $folder …"
        lsw_quietly "$folder/configure.log" cmake -G Ninja -S . -B "$folder" "${options[@]}" ||
            lsw_die "The build could not be configured (see above; whole log: $folder/configure.log)."
        printf '%s' "$stamp" >"$folder/options"
        fresh=true
    fi
    # shellcheck disable=SC2086
    if [ -t 2 ]; then
        NINJA_STATUS='Building %f of %t  ' cmake --build "$folder" --target $targets >&2 || lsw_die "The build failed (see above)."
        return
    fi
    local plan
    # shellcheck disable=SC2086
    plan=$(ninja -C "$folder" -n $targets 2>/dev/null | grep -c '^\[') || true
    # A few steps are always there: looking for new source files, asking the crate whether it is stale.
    if $fresh || [ "${plan:-0}" -gt 4 ]; then lsw_say "Building $folder (the first time takes ten to twenty minutes; how far it is: tail -f $folder/build.log) …"; fi
    # shellcheck disable=SC2086
    lsw_quietly "$folder/build.log" cmake --build "$folder" --target $targets || lsw_die "The build failed (see above; whole log: $folder/build.log)."
}

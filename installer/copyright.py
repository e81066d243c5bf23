#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""copyright.py SOURCE-FOLDER OUTPUT [CARGO]

Writes the copyright file of the packages: our licence, and those of every crate that is linked into the provers, with the texts that the crates carry.
Exits with 1 and names the crate when one asks for terms under which we do not ship. Without CARGO the provers have no crate in them.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ALLOWED = {"MIT", "MIT-0", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSL-1.0", "ISC", "Zlib", "curl", "CC0-1.0",
           "Unlicense", "0BSD", "Unicode-3.0", "Unicode-DFS-2016"}

# What our own programs are linked with dynamically, and headers compiled in; in Debian each has a copyright file of its own.
LIBRARIES = [("Qt 6 (Core, Network, DBus, Widgets)", "LGPL-3.0, linked dynamically"), ("QtKeychain", "BSD-3-Clause"), ("OpenSSL 3", "Apache-2.0"),
             ("SQLite", "public domain"), ("LevelDB", "BSD-3-Clause"), ("libcurl", "curl"), ("libarchive", "BSD-2-Clause"),
             ("hwloc", "BSD-3-Clause"), ("libsystemd", "LGPL-2.1-or-later, linked dynamically"), ("Boost (Beast, JSON; headers)", "BSL-1.0"),
             ("CLI11 (headers)", "BSD-3-Clause"), ("toml++ (headers)", "MIT"), ("GNU libstdc++, libgcc", "GPL-3.0 with the runtime library exception, linked dynamically")]


def is_allowed(expression):
    """Whether one branch of an SPDX expression ("MIT OR Apache-2.0", "(A OR B) AND C", the old "MIT/Apache-2.0") is made of allowed licences alone."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    words = []
    for token in tokens:  # "X WITH exception" is one name
        if words and (token == "WITH" or words[-1].endswith(" WITH")):
            words[-1] += " " + token
        else:
            words.append(token)

    def either(at):
        good, at = both(at)
        while at < len(words) and words[at] == "OR":
            other, at = both(at + 1)
            good = good or other
        return good, at

    def both(at):
        good, at = one(at)
        while at < len(words) and words[at] == "AND":
            other, at = one(at + 1)
            good = good and other
        return good, at

    def one(at):
        if words[at] == "(":
            good, at = either(at + 1)
            return good, at + 1
        return words[at] in ALLOWED, at + 1

    return bool(words) and either(0)[0]


def linked_crates(source, cargo):
    """The crates that the bridge is made of: those of its graph, without what only builds or tests."""
    said = subprocess.run([cargo, "metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu", "--manifest-path",
                           str(source / "core/proofs/rust/Cargo.toml")], check=True, stdout=subprocess.PIPE, text=True).stdout
    data = json.loads(said)
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    packages = {package["id"]: package for package in data["packages"]}
    wanted, seen = [data["resolve"]["root"]], set()
    while wanted:
        one = wanted.pop()
        if one in seen:
            continue
        seen.add(one)
        wanted += [d["pkg"] for d in nodes[one]["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"])]
    return sorted((packages[one] for one in seen if one != data["resolve"]["root"]), key=lambda p: (p["name"], p["version"]))


def indented(text):
    return "".join((" " + line.rstrip()).rstrip() + "\n" for line in text.strip().splitlines())


def main():
    source, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    cargo = sys.argv[3] if len(sys.argv) > 3 else None
    mit = (source / "LICENSE-MIT").read_text()
    out = ["Lotus Seal Worker, under either of two licences, as you like:\n\n" + indented(mit) +
           "\nor the Apache License 2.0, which is in /usr/share/common-licenses/Apache-2.0.\n"]
    out.append("Linked with, each under its own terms:\n" + "".join(f" {name}: {licence}\n" for name, licence in LIBRARIES))
    crates = linked_crates(source, cargo) if cargo else []
    refused = [f"{c['name']} {c['version']} ({c['license'] or 'no licence named'})" for c in crates if not is_allowed(c["license"] or "")]
    if refused:
        sys.exit("these crates are not under terms that we ship under: " + ", ".join(refused))
    if crates:
        out.append("The programs lotus-seal-prover and lotus-seal-prover-opt contain these crates:\n" +
                   "".join(f" {c['name']} {c['version']}: {c['license']}\n" for c in crates))
    texts = {}
    for crate in crates:
        for file in sorted(pathlib.Path(crate["manifest_path"]).parent.glob("*")):
            if not re.match(r"(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE)", file.name, re.I) or not file.is_file():
                continue
            text = file.read_text(errors="replace")
            # The terms of the Apache licence are on every Debian system; what a crate says besides is kept.
            text = re.sub(r"(?s)[ \t]*Apache License\s+Version 2\.0, January 2004.*?(END OF TERMS AND CONDITIONS|\Z)(.*limitations under the License\.)?", "", text)
            if len(text.split()) < 10:
                continue
            texts.setdefault(hashlib.sha256(" ".join(text.split()).encode()).hexdigest(), (text, []))[1].append(crate["name"])
    for text, names in texts.values():
        if text.strip():
            out.append(", ".join(sorted(set(names))) + ":\n" + indented(text))
    output.write_text("\n".join(out))


if __name__ == "__main__":
    main()

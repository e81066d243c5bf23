#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Reads every #include of core/ and app/ and fails on one that cmake/arrows.cmake does not allow.

Also holds three rules of core/README.md: Qt stays out of the std-only modules, Widgets out of everything but app/gui,
and of the worker the window sees its one header of values alone. toml++ is included once: it takes seconds to compile.
"""
import pathlib
import re
import sys

STD_ONLY = {"base", "sector", "kernels", "proofs", "prover", "bench"}
GUI_SEES = "worker/worker_api.h"


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    arrows = {}
    for line in (root / "cmake/arrows.cmake").read_text().splitlines():
        match = re.match(r"set\(LSW_ARROWS_(\w+)\s*(.*)\)", line)
        if match:
            arrows[match[1]] = set(match[2].split())
    faults, files = [], 0
    for folder in ("core", "app"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in {".h", ".hpp", ".cpp", ".cu"}:
                continue
            files += 1
            module = path.relative_to(root / folder).parts[0]
            if module not in arrows:
                faults.append(f"{path.relative_to(root)}: module {module} has no row in cmake/arrows.cmake")
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
                if not match:
                    continue
                where, name = f"{path.relative_to(root)}:{number}", match[2]
                if match[1] == '"':
                    if name.endswith(".moc") or name.startswith("moc_"):
                        continue
                    target = name.split("/")[0]
                    if "/" not in name or target not in arrows:
                        faults.append(f"{where}: \"{name}\" does not start with a module")
                    elif target != module and target not in arrows[module]:
                        faults.append(f"{where}: {module} may not include {target}")
                    elif module == "gui" and target == "worker" and name != GUI_SEES:
                        faults.append(f"{where}: of the worker the window sees {GUI_SEES} alone")
                elif re.match(r"Q[A-Z]|Qt", name) and module in STD_ONLY:
                    faults.append(f"{where}: {module} knows no Qt")
                elif name.startswith("toml++") and path.name != "toml_edit.cpp":
                    faults.append(f"{where}: toml++ is included by setup/toml_edit.cpp alone")
                elif name.startswith("QtWidgets") and module != "gui":
                    faults.append(f"{where}: only app/gui knows Widgets")
    for fault in faults:
        print(fault)
    print(f"{files} files, {len(faults)} faults")
    return 1 if faults or files == 0 else 0


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The translation files hold every text of the window, and none of them is unfinished."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET


def texts(file: pathlib.Path) -> set[tuple[str, str]]:
    return {(context.findtext("name"), message.findtext("source"))
            for context in ET.parse(file).iter("context") for message in context.iter("message")}


def main() -> int:
    root, lupdate = pathlib.Path(sys.argv[1]), sys.argv[2]
    faults = []
    for file in sorted((root / "translations").glob("*.ts")):
        for context in ET.parse(file).iter("context"):
            for message in context.iter("message"):
                translation = message.find("translation")
                forms = list(translation.iter("numerusform")) or [translation]
                if translation.get("type") or not all(form.text for form in forms):
                    faults.append(f"{file.name}: not translated: {message.findtext('source')}")
        with tempfile.TemporaryDirectory() as folder:
            fresh = pathlib.Path(folder) / file.name
            shutil.copy(file, fresh)
            subprocess.run([lupdate, "-I", root / "app", "-no-obsolete", "-silent", "-locations", "none", "-extensions", "cpp,h",
                            root / "app/gui", root / "core/setup", "-ts", fresh], check=True)
            for context, source in sorted(texts(fresh) ^ texts(file)):
                faults.append(f"{file.name}: run update_translations: {context}: {source}")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())

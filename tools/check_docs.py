#!/usr/bin/env python3
"""Checks that the documents hang together: links lead to files, and every module has a README.

usage: check_docs.py [ROOT]      (exit status 1 and one line per fault)
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def documents(root: pathlib.Path) -> list[pathlib.Path]:
    return [f for f in sorted(root.rglob("*.md")) if f.relative_to(root).parts[0] not in ("build", "demo_output")]


def broken_links(document: pathlib.Path) -> list[str]:
    links = LINK.findall(document.read_text())
    return [link for link in links if "://" not in link and not (document.parent / link).exists()]


def main(root: pathlib.Path) -> int:
    faults = [
        f"{document.relative_to(root)}: no such file: {link}"
        for document in documents(root)
        for link in broken_links(document)
    ]
    modules = [f.parent for f in sorted((root / "src" / "mtmi").rglob("CMakeLists.txt"))[1:]]
    faults += [f"{m.relative_to(root)}: has no README.md" for m in modules if not (m / "README.md").exists()]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))

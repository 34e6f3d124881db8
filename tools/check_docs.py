#!/usr/bin/env python3
"""Checks that the documents hang together: links lead to files, every module has a README, every verb a page that names
all its options' long forms, and an example that stands in a document and in a file is the same in both.

usage: check_docs.py [ROOT]      (exit status 1 and one line per fault)
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# A link to a source file at the end of the paragraph in front of a block of C++: the block is that file.
EXAMPLE = re.compile(r"\]\(([^)\s]+\.cpp)\)[^\n]*\n\n```cpp\n(.*?)```", re.S)
VERB = re.compile(r'Verb\{\s*"([a-z]+)"')
OPTION = re.compile(r'add_(?:option|flag)(?:_function<[^>]*>)?\(\s*"(?:-\w,)?(--[a-z-]+)')


def documents(root: pathlib.Path) -> list[pathlib.Path]:
    return [f for f in sorted(root.rglob("*.md")) if f.relative_to(root).parts[0] not in ("build", "demo_output")]


def broken_links(document: pathlib.Path) -> list[str]:
    links = LINK.findall(document.read_text())
    return [f"no such file: {link}" for link in links if "://" not in link and not (document.parent / link).exists()]


def changed_examples(document: pathlib.Path) -> list[str]:
    examples = [(document.parent / file, text) for file, text in EXAMPLE.findall(document.read_text())]
    return [f"the example is not what stands in {file.name}" for file, text in examples
            if file.exists() and file.read_text() != text]


def undocumented_verbs(root: pathlib.Path) -> list[str]:
    cli = root / "src" / "mtmi" / "cli"
    verbs = VERB.findall((cli / "verbs.cpp").read_text())
    faults = [] if verbs else ["src/mtmi/cli/verbs.cpp: no verbs found"]
    for verb in verbs:
        page = root / "docs" / f"{verb}.md"
        if not page.exists():
            faults.append(f"docs/{verb}.md: missing, mtmi {verb} has no page")
            continue
        options = OPTION.findall((cli / f"cmd_{verb}.cpp").read_text())
        faults += [f"docs/{verb}.md: does not mention {option}" for option in options if option not in page.read_text()]
    return faults


def main(root: pathlib.Path) -> int:
    faults = [
        f"{document.relative_to(root)}: {fault}"
        for document in documents(root)
        for fault in broken_links(document) + changed_examples(document)
    ]
    modules = [f.parent for f in sorted((root / "src" / "mtmi").rglob("CMakeLists.txt"))[1:]]
    faults += [f"{m.relative_to(root)}: has no README.md" for m in modules if not (m / "README.md").exists()]
    faults += undocumented_verbs(root)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))

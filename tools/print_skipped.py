#!/usr/bin/env python3
"""Lists the tests that CTest skipped, each with its reason.

usage: print_skipped.py RESULT.xml      (what `ctest --output-junit` wrote)
"""
import re
import sys
import xml.etree.ElementTree as ElementTree


def reason_of(output: str) -> str:
    """What stands behind GoogleTest's "Skipped" line, else the last line that the test printed."""
    gtest = re.search(r": Skipped\n(.*?)\n*\[  SKIPPED \]", output, re.S)
    lines = (gtest.group(1) if gtest else output).strip().splitlines()
    if not lines:
        return "no reason given"
    return " ".join(lines) if gtest else lines[-1]


def main(path: str) -> None:
    skipped = [
        (case.get("name"), reason_of(case.findtext("system-out") or ""))
        for case in ElementTree.parse(path).getroot().iter("testcase")
        if case.find("skipped") is not None
    ]
    print(f"skipped: {len(skipped)}")
    for name, reason in sorted(skipped):
        print(f"  {name}: {reason}")


if __name__ == "__main__":
    main(sys.argv[1])

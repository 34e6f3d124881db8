#!/usr/bin/env python3
"""Plants one fault of each kind and sees check_docs.py find it."""
import pathlib
import tempfile
import unittest

from check_docs import broken_links, changed_examples, undocumented_verbs


class CheckDocs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path: str, text: str) -> pathlib.Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def test_a_link_leads_to_a_file(self):
        page = self.write("a.md", "[b](b.md) [web](https://example.org) [here](#part)")
        self.assertEqual(broken_links(page), ["no such file: b.md"])
        self.write("b.md", "")
        self.assertEqual(broken_links(page), [])

    def test_an_example_is_the_file_that_it_links_to(self):
        page = self.write("a.md", "See [it](it.cpp):\n\n```cpp\nint x;\n```\n")
        self.write("it.cpp", "int x;\n")
        self.assertEqual(changed_examples(page), [])
        self.write("it.cpp", "int y;\n")
        self.assertEqual(changed_examples(page), ["the example is not what stands in it.cpp"])

    def test_a_verb_has_a_page_with_its_options(self):
        self.write("src/mtmi/cli/verbs.cpp", 'Verb{"fly",\n "summary"}')
        self.write("src/mtmi/cli/cmd_fly.cpp", 'app.add_option("-o,--output", x); app.add_flag("--high", y)')
        self.assertEqual(undocumented_verbs(self.root), ["docs/fly.md: missing, mtmi fly has no page"])
        self.write("docs/fly.md", "`-o`, `--output`")
        self.assertEqual(undocumented_verbs(self.root), ["docs/fly.md: does not mention --high"])
        self.write("docs/fly.md", "`--output` `--high`")
        self.assertEqual(undocumented_verbs(self.root), [])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Plants one violation of each kind and sees check_layers.py find it."""
import pathlib
import re
import unittest

from check_layers import LAYERS, violations


class CheckLayers(unittest.TestCase):
    def refused(self, path: str, *includes: str) -> None:
        for include in includes:
            with self.subTest(path=path, include=include):
                self.assertEqual(len(violations(path, f"#include {include}\n")), 1)

    def accepted(self, path: str, *includes: str) -> None:
        for include in includes:
            with self.subTest(path=path, include=include):
                self.assertEqual(violations(path, f"#include {include}\n"), [])

    def test_a_module_includes_only_what_the_table_allows(self):
        self.refused("core/file.cpp", '"mtmi/graph/graph.h"')
        self.refused("runtime/pipeline.cpp", '"mtmi/backends/cpu/cpu_backend.h"', '"mtmi/onnx/reader.h"')
        self.accepted("runtime/pipeline.cpp", '"mtmi/plan/plan.h"', '"mtmi/runtime/slot.h"', '"mtmi/error.h"', "<vector>")

    def test_backends_do_not_see_each_other(self):
        self.refused("backends/cpu/cpu_device.cpp", '"mtmi/backends/dla_sim/dla_sim_backend.h"', '"mtmi/plan/plan.h"')
        self.refused("backends/cpu/conv/conv.cpp", '"mtmi/dla/rules.h"')
        self.accepted("backends/dla_sim/dla_sim_device.cpp", '"mtmi/dla/rules.h"')

    def test_the_registry_sees_one_header_of_each_backend(self):
        self.refused("backends/register_all.cpp", '"mtmi/backends/cpu/cpu_device.h"')
        self.accepted("backends/register_all.cpp", '"mtmi/backends/cpu/cpu_backend.h"')
        self.refused("cli/cmd_run.cpp", '"mtmi/backends/cpu/cpu_backend.h"')
        self.accepted("cli/cmd_run.cpp", '"mtmi/backends/register_all.h"')

    def test_only_cli_sees_api(self):
        self.refused("runtime/pipeline.cpp", '"mtmi/api/bundle_impl.h"')
        self.accepted("cli/cmd_run.cpp", '"mtmi/api/bundle_impl.h"')

    def test_only_onnx_sees_protobuf(self):
        for path in ("graph/graph.cpp", "graph/graph_test.cpp", "cli/main.cpp"):
            self.refused(path, "<google/protobuf/message.h>", "<onnx/onnx_pb.h>", '"onnx-ml.pb.h"')
        self.accepted("onnx/reader.cpp", "<google/protobuf/message.h>", "<onnx/onnx_pb.h>")

    def test_only_their_backends_see_nvidia_headers(self):
        headers = ("<cuda_runtime.h>", "<cudla.h>", "<cudnn_graph.h>", "<cublasLt.h>", "<NvInfer.h>", "<nvtx3/nvtx3.hpp>")
        self.refused("backends/cpu/cpu_device.cpp", *headers)
        self.refused("device/buffer.h", *headers)
        self.accepted("backends/cuda/cuda_device.cpp", *headers)
        self.accepted("backends/common_trt/lower.cpp", *headers)

    def test_public_headers_see_the_standard_library_only(self):
        self.refused("tensor.h", "<fmt/core.h>", "<sys/mman.h>", '"mtmi/core/file.h"')
        self.accepted("tensor.h", "<span>", '"mtmi/shape.h"')

    def test_no_path_goes_around_the_table(self):
        self.refused("core/file.cpp", '"../graph/graph.h"')

    def test_an_unknown_module_is_named(self):
        self.assertIn("'helpers' is not in LAYERS", violations("helpers/text.cpp", "")[0])

    def test_tests_may_use_any_module(self):
        self.accepted("ops/conv_test.cpp", '"mtmi/interp/interpreter.h"')
        self.accepted("runtime/rig_for_tests.h", '"mtmi/backends/delay/delay_backend.h"')


class ArchitecturePage(unittest.TestCase):
    def test_its_table_is_the_one_that_is_checked(self):
        page = pathlib.Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
        rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| *([\w ]*?) *\|$", page.read_text(), re.M))
        special = {"", "backends", "api", "cli"}
        for module in LAYERS.keys() - special:
            if not module.startswith("backends/"):
                with self.subTest(module=module):
                    self.assertEqual(sorted(rows.get(module, "no row").split()), sorted(LAYERS[module]))


if __name__ == "__main__":
    unittest.main()

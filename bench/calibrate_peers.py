#!/usr/bin/env python3
"""`mtmi calibrate` against ONNX Runtime's entropy calibration: the same heads, the same .npy features, time and memory.

usage: calibrate_peers.py MODEL.onnx [--size 256x512] [--images 8,64] [--heads depth,seg] [--rounds 5]
                          [--mtmi build/release/bin/mtmi]

The model is split, scenes are drawn and the encoder run over them once, outside of what is timed. Then the contenders take
turns, each as a process of its own on all cores:

  mtmi          the whole process of `mtmi calibrate HEAD.onnx --features DIR`: it also aligns and writes four files
  ONNX Runtime  from create_calibrator() to compute_data() of onnxruntime.quantization, with its own settings for entropy
                and every tensor of the head; starting Python and importing are left out

The time of all processors together says more than the clock where other programs run.
Memory is the peak of the resident set of each process. ONNX Runtime keeps every tensor of every image until the end, so
its peak is also given per image. Its processes may not take more than three quarters of the memory that is free now;
where that ends one, the table says "out of memory".
Install the peers as bench/peers/README.md says, and run this with that Python.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from turns import print_times, take_turns

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEER = "ONNX Runtime"


def mtmi_file_name(tensor: str) -> str:
    """The folder that `mtmi features` writes a tensor's files to."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in tensor)


def calibrate_with_onnxruntime(model: str, features: str, folder: str) -> None:
    """The peer's process: prints its seconds and its peak memory."""
    import numpy
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod
    from onnxruntime.quantization.calibrate import create_calibrator
    import onnx

    inputs = [value.name for value in onnx.load(model).graph.input]
    folders = {name: pathlib.Path(features) / mtmi_file_name(name) for name in inputs}
    names = sorted(path.name for path in folders[inputs[0]].glob("*.npy"))

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.left = list(names)

        def get_next(self):
            if not self.left:
                return None
            file = self.left.pop(0)
            return {name: numpy.load(folders[name] / file) for name in inputs}

    begin, begin_cpu = time.perf_counter(), time.process_time()
    calibrator = create_calibrator(
        model, augmented_model_path=f"{folder}/augmented.onnx", calibrate_method=CalibrationMethod.Entropy
    )
    calibrator.collect_data(Reader())
    ranges = calibrator.compute_data()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "tensors": len(list(ranges.keys()))}))


def limit_memory(most: int):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most))


def free_memory() -> int:
    fields = dict(line.split(":") for line in open("/proc/meminfo"))
    return int(fields["MemAvailable"].split()[0]) * 1024


class Contender:
    """A command whose runs are measured from outside."""

    def __init__(self, command: list[str], memory: int | None = None):
        self.command = command
        self.memory = memory
        self.peak = 0
        self.tensors = 0
        self.cpu: list[float] = []
        self.failed = ""

    def run(self) -> float:
        if self.failed:
            return float("nan")
        begin = time.perf_counter()
        child = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit_memory(self.memory) if self.memory else None,
        )
        out, err = child.stdout.read(), child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        self.peak = max(self.peak, usage.ru_maxrss * 1024)
        if status != 0:
            if self.memory and any(word in err for word in ("MemoryError", "bad_alloc", "Unable to allocate")):
                self.failed = "out of memory"
                return float("nan")
            raise SystemExit(f"{' '.join(self.command)} failed:\n{out}{err}")
        report = json.loads(out if out.startswith("{") else out.splitlines()[-1])  # the peer chats before it
        self.tensors = report["tensors"] if isinstance(report["tensors"], int) else len(report["tensors"])
        self.cpu.append(report.get("cpu", usage.ru_utime + usage.ru_stime))
        return report.get("seconds", seconds)


def run_mtmi(mtmi: str, *arguments: str) -> None:
    subprocess.run([mtmi, *arguments, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def prepare(mtmi: str, model: str, size: str, counts: list[int], folder: pathlib.Path) -> None:
    """Parts, and a folder of features for every number of images."""
    shape = "1,3," + size.replace("x", ",")
    run_mtmi(mtmi, "split", model, "--input", f"input={shape}", "-o", f"{folder}/parts", "--no-check")
    run_mtmi(mtmi, "scenes", "-o", f"{folder}/scenes", "--count", str(max(counts)), "--size", size)
    images = sorted(map(str, (folder / "scenes/images").glob("*.png")))
    for count in counts:
        run_mtmi(mtmi, "features", f"{folder}/parts", "--images", *images[:count], "-o", f"{folder}/features{count}")


def compare(mtmi: str, head: str, count: int, rounds: int, folder: pathlib.Path) -> dict[str, Contender]:
    model, features = f"{folder}/parts/{head}.onnx", f"{folder}/features{count}"
    contenders = {
        "mtmi": Contender(
            [mtmi, "calibrate", model, "--features", features, "-o", f"{folder}/out", "--json", "--quiet"]
        ),
        PEER: Contender(
            [sys.executable, __file__, "--peer", model, features, str(folder)], memory=free_memory() * 3 // 4
        ),
    }
    times = take_turns({name: contender.run for name, contender in contenders.items()}, rounds)
    notes = {
        name: contender.failed
        or f"{contender.tensors} tensors, {statistics.median(contender.cpu):.2f} s of processors, "
        f"peak {contender.peak / 2**20:.0f} MiB"
        for name, contender in contenders.items()
    }
    print(f"\n{head}, {count} images:")
    print_times({n: t for n, t in times.items() if not contenders[n].failed}, "s", notes)
    if contenders[PEER].failed:
        print(f"{PEER}: out of memory, with {contenders[PEER].memory / 2**30:.1f} GiB")
    else:
        ratio = statistics.median(p / o for p, o in zip(times[PEER], times["mtmi"]))
        print(f"median of the rounds' ratios: {ratio:.1f}")
    return contenders


def print_growth(counts: list[int], of_head: list[dict[str, Contender]]) -> None:
    """What a further image costs, and where the memory of this machine ends."""
    if len(counts) < 2:
        return
    for name in of_head[0]:
        if of_head[-1][name].failed or of_head[0][name].failed:
            continue
        per_image = (of_head[-1][name].peak - of_head[0][name].peak) / (counts[-1] - counts[0])
        line = f"{name}: {per_image / 2**20:.2f} MiB per further image"
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        if name == PEER and per_image > 0:
            most = counts[0] + (total - of_head[0][name].peak) / per_image
            line += f"; the {total / 2**30:.0f} GiB of this machine end at about {most:.0f} images"
        print(line)


def main() -> None:
    if sys.argv[1:2] == ["--peer"]:
        calibrate_with_onnxruntime(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL.onnx")
    parser.add_argument("--size", default="256x512", help="of the images, HEIGHTxWIDTH")
    parser.add_argument("--images", default="8,64", help="how many, one after the other")
    parser.add_argument("--heads", default="depth,seg")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mtmi", default=str(ROOT / "build/release/bin/mtmi"))
    arguments = parser.parse_args()
    counts = sorted(map(int, arguments.images.split(",")))
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prepare(arguments.mtmi, arguments.model, arguments.size, counts, folder)
        for head in arguments.heads.split(","):
            print_growth(counts, [compare(arguments.mtmi, head, n, arguments.rounds, folder) for n in counts])


if __name__ == "__main__":
    main()

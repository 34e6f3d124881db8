"""Contenders that take turns, and the table of what they needed."""
import statistics
import time
from collections.abc import Callable


def take_turns(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each contender's call returned, `rounds` times; they take turns."""
    results: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            time.sleep(0.1)  # threads that wait by spinning have come to rest
            results[name].append(run())
    return results


def print_times(times: dict[str, list[float]], unit: str, notes: dict[str, str]) -> None:
    """One line each, the fastest median first, as a multiple of the first contender's."""
    own = statistics.median(next(iter(times.values())))
    width = max(map(len, times))
    print(f"{'':{width}}  {'median':>9} {'min':>9} {'max':>9} [{unit}]   x {next(iter(times))}")
    for name, values in sorted(times.items(), key=lambda item: statistics.median(item[1])):
        middle = statistics.median(values)
        line = f"{name:{width}}  {middle:9.3f} {min(values):9.3f} {max(values):9.3f}        {middle / own:8.2f}"
        print(f"{line}   {notes.get(name, '')}".rstrip())


def difference(output, reference) -> str:
    """How far one output is from another: equal share of integers, else the largest error over the range."""
    import numpy

    if output.shape != reference.shape:
        return f"shape {list(output.shape)}, not {list(reference.shape)}"
    if reference.dtype.kind in "iub":
        return f"{(output == reference).mean():.4%} equal"
    expected = reference.astype(numpy.float64)
    span = float(numpy.ptp(expected)) or 1.0
    return f"{float(numpy.abs(output - expected).max()) / span:.1e} of range"

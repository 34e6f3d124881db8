"""Scenes on the GPU: pools that the generator refills while training goes on, and augmentation."""

import math
import queue
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model import CANONICAL_FOCAL

TRAINING_SEED = 1000
EVALUATION_SEED = 3000
MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)


@dataclass(frozen=True)
class Size:
    height: int
    width: int


def record(size: Size) -> np.dtype:
    """One scene in a shard, as generate.cpp writes it."""
    plane = (size.height, size.width)
    return np.dtype([("image", "u1", (*plane, 3)), ("labels", "u1", plane), ("depth", "<u2", plane), ("focal", "<f4")])


def start_generator(
    program: Path, folder: Path, seed: int, first: int, count: int, per_shard: int, size: Size, threads: int, ahead: int
) -> subprocess.Popen:
    """Shards `first` and following, in the background."""
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("shard-*"):
        left_over.unlink()
    numbers = (seed, first, count, per_shard, size.height, size.width, threads, ahead)
    return subprocess.Popen(["nice", "-n", "15", str(program.resolve()), str(folder), *(str(n) for n in numbers)])


def take_shard(folder: Path, shard: int, size: Size, alive) -> np.ndarray:
    """Waits for a shard, reads it and deletes it."""
    path = folder / f"shard-{shard}.bin"
    while not path.exists():
        if not alive():
            raise RuntimeError(f"{path}: the generator ended without writing it")
        time.sleep(0.01)
    scenes = np.fromfile(path, record(size))
    path.unlink()
    return scenes


class Pool:
    """The newest `capacity` shards of a series in GPU memory.

    What is in it when step s is drawn depends on s alone, never on how fast the generator is: refill() waits.
    """

    def __init__(
        self,
        program: Path,
        folder: Path,
        size: Size,
        wanted: int,
        capacity: int,
        threads: int,
        per_shard: int = 16,
        seed: int = TRAINING_SEED,
    ):
        """`wanted`: shards of the series that have been drawn so far; the newest are rendered again, each into the
        place it had."""
        self.size, self.per_shard, self.capacity, self.folder = size, per_shard, capacity, folder
        first = max(0, wanted - capacity)
        self.loaded = first  # shards of the series, from its beginning
        rows = capacity * per_shard
        shape = (rows, size.height, size.width)
        self.images = torch.empty((*shape, 3), dtype=torch.uint8, device="cuda")
        self.labels = torch.empty(shape, dtype=torch.uint8, device="cuda")
        self.depth = torch.empty(shape, dtype=torch.int16, device="cuda")  # metres x 256
        self.focal = torch.empty(rows, device="cuda")
        self.generator = start_generator(program, folder, seed, first, 1 << 30, per_shard, size, threads, 32 * threads)
        self.shards: queue.Queue = queue.Queue(maxsize=8)
        self.closing = False
        self.reader = threading.Thread(target=self.read_shards, args=(first,), daemon=True)
        self.reader.start()

    def read_shards(self, first: int) -> None:
        shard = first
        while not self.closing:
            try:
                scenes = take_shard(self.folder, shard, self.size, lambda: self.generator.poll() is None)
            except RuntimeError:
                if self.closing:
                    return
                raise
            # 127 m and farther look alike to a network whose range ends at 80 m.
            depth = np.minimum(scenes["depth"], 32767).astype(np.int16)
            arrays = (scenes["image"], scenes["labels"], depth, scenes["focal"])
            self.shards.put([torch.from_numpy(np.ascontiguousarray(a)).pin_memory() for a in arrays])
            shard += 1

    def refill(self, wanted: int) -> None:
        """Until `wanted` shards of the series have come in all."""
        while self.loaded < wanted:
            arrays = self.shards.get(timeout=120)
            begin = self.loaded % self.capacity * self.per_shard
            rows = slice(begin, begin + self.per_shard)
            for target, source in zip((self.images, self.labels, self.depth, self.focal), arrays, strict=True):
                target[rows].copy_(source, non_blocking=True)
            self.loaded += 1

    def scenes(self) -> int:
        return min(self.loaded, self.capacity) * self.per_shard

    def close(self) -> None:
        self.closing = True
        self.generator.terminate()
        self.generator.wait()
        while self.reader.is_alive():  # it may wait for room in the queue
            while not self.shards.empty():
                self.shards.get()
            self.reader.join(0.01)


@dataclass
class Batch:
    images: Tensor  # [n, 3, h, w], normalised
    labels: Tensor  # [n, h, w], 255 = ignore
    depth: Tensor  # [n, h, w], for the canonical focal length [m], 0 = none
    inside: Tensor  # [n, h, w], true where the image is


def normalise(images: Tensor) -> Tensor:
    """[n, h, w, 3] 0..255 -> [n, 3, h, w] in channels-last memory."""
    mean = torch.tensor(MEAN, device=images.device)
    std = torch.tensor(STD, device=images.device)
    return ((images.float() - mean) / std).permute(0, 3, 1, 2)


def interpolation(begin: Tensor, scale: Tensor, flip: Tensor, source: int, target: int):
    """Per output position of an axis: the two neighbours, the weight of the second, the nearest, and if it exists."""
    positions = torch.arange(target, device=begin.device).float() + 0.5
    positions = torch.where(flip[:, None], target - positions, positions)
    x = begin[:, None] + positions / scale[:, None]  # in source pixels
    nearest = x.floor().long()
    exists = (nearest >= 0) & (nearest < source)
    left = (x - 0.5).floor()
    weight = x - 0.5 - left
    left = left.long()
    return left.clamp(0, source - 1), (left + 1).clamp(0, source - 1), weight, nearest.clamp(0, source - 1), exists


@dataclass
class Choice:
    """How each of n scenes is shown."""

    index: Tensor  # in the pool
    scale: Tensor
    top: Tensor  # where the picture begins in the scene [pixels]
    left: Tensor
    mirrored: Tensor
    saturation: Tensor  # [n, 1, 1, 1]
    contrast: Tensor  # [n, 1, 1, 1]
    tint: Tensor  # [n, 1, 1, 3]


def choose(pool: Pool, count: int, size: Size, random: torch.Generator) -> Choice:
    """Half of the scenes are scaled, by 0.8 to 1.5; all are cropped or padded to `size`, mirrored, recoloured."""

    def uniform(low: float, high: float, *more: int) -> Tensor:
        return low + (high - low) * torch.rand((count, *more), generator=random, device="cuda")

    index = torch.randint(pool.scenes(), (count,), generator=random, device="cuda")
    scale = torch.where(uniform(0, 1) < 0.5, 1.0, torch.exp(uniform(math.log(0.8), math.log(1.5))))
    top = uniform(0, 1) * (pool.size.height - size.height / scale)
    left = uniform(0, 1) * (pool.size.width - size.width / scale)
    # Unscaled scenes keep their very pixels.
    top, left = (torch.where(scale == 1, x.round(), x) for x in (top, left))
    tint = uniform(0.8, 1.2, 1, 1, 1) * uniform(0.95, 1.05, 1, 1, 3)
    return Choice(
        index, scale, top, left, uniform(0, 1) < 0.5, uniform(0.7, 1.3, 1, 1, 1), uniform(0.8, 1.2, 1, 1, 1), tint
    )


def recolour(images: Tensor, c: Choice) -> Tensor:
    """[n, h, w, 3], 0..255"""
    grey = images.mean(3, keepdim=True)
    images = grey + (images - grey) * c.saturation
    mean = images.mean((1, 2, 3), keepdim=True)
    return ((mean + (images - mean) * c.contrast) * c.tint).clamp(0, 255)


def show(images: Tensor, labels: Tensor, depth: Tensor, focal: Tensor, c: Choice, height: int, width: int) -> Batch:
    """Scaling by s multiplies the focal length by s, so the depth for the canonical one becomes 1/s of it."""
    upright = torch.zeros_like(c.mirrored)
    y0, y1, wy, yn, y_exists = interpolation(c.top, c.scale, upright, images.shape[1], height)
    x0, x1, wx, xn, x_exists = interpolation(c.left, c.scale, c.mirrored, images.shape[2], width)
    wy, wx = wy[:, :, None, None], wx[:, None, :, None]
    which = c.index[:, None, None]

    def pixels(y: Tensor, x: Tensor) -> Tensor:
        return images[which, y[:, :, None], x[:, None, :]].float()

    upper = pixels(y0, x0) * (1 - wx) + pixels(y0, x1) * wx
    lower = pixels(y1, x0) * (1 - wx) + pixels(y1, x1) * wx
    inside = y_exists[:, :, None] & x_exists[:, None, :]
    nearest = (which, yn[:, :, None], xn[:, None, :])
    factor = CANONICAL_FOCAL / (256.0 * focal[c.index] * c.scale)
    return Batch(
        normalise(recolour(upper * (1 - wy) + lower * wy, c)) * inside[:, None],
        torch.where(inside, labels[nearest].long(), 255),
        torch.where(inside, depth[nearest].float() * factor[:, None, None], 0.0),
        inside,
    )


fast_show = torch.compile(show, dynamic=False)


def draw(pool: Pool, count: int, size: Size, random: torch.Generator) -> Batch:
    """Random scenes of the pool, augmented."""
    choice = choose(pool, count, size, random)
    return fast_show(pool.images, pool.labels, pool.depth, pool.focal, choice, size.height, size.width)

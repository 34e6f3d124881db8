#!/usr/bin/env python3
"""Trains mtmi-b0 on scenes that are rendered while it trains, on one GPU.

usage: training/train.py --generator PROGRAM --output FOLDER [--steps N] [--seconds S] [--resume] ...
"""

import argparse
import contextlib
import copy
import csv
import math
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

import checkpoint
from losses import depth_loss, segmentation_loss
from model import CLASSES, MtmiB0
from scenes import TRAINING_SEED, Batch, Pool, Size, draw

DICE_WEIGHT = 1.0
FIRST_SHARDS = {"middle": 40, "small": 8, "large": 8}  # in a pool before the first step
LOG_EVERY = 51  # odd, so that every resolution has its turn
COLUMNS = ("step", "seconds", "learning_rate", "cross_entropy", "dice", "depth", "abs_rel", "shards")


class Objective(nn.Module):
    """The network and its losses in one, so that they compile together."""

    def __init__(self, model: MtmiB0, class_weights: Tensor):
        super().__init__()
        self.model = model
        self.class_weights = class_weights

    def forward(self, images: Tensor, labels: Tensor, depth: Tensor, inside: Tensor) -> tuple[Tensor, ...]:
        with torch.autocast("cuda", torch.bfloat16):
            scores, logit = self.model(images)
        cross_entropy, dice = segmentation_loss(scores, labels, self.class_weights)
        log_error, abs_rel = depth_loss(logit, depth, inside)
        total = cross_entropy + DICE_WEIGHT * dice + log_error
        return total, torch.stack([cross_entropy, dice, log_error, abs_rel]).detach()


@dataclass(frozen=True)
class Mixture:
    """Of each resolution: the share of the threads, of the pool, and of the new shards per step."""

    order: tuple[str, ...]  # of the batches, over and over
    threads: dict[str, int]
    capacity: dict[str, float]
    renewal: dict[str, float]


SIZES = {"middle": Size(512, 1024), "small": Size(256, 512), "large": Size(1024, 1024)}
MAIN = Mixture(
    order=("middle", "small", "middle", "middle", "middle", "large", "middle", "middle"),
    threads={"middle": 12, "small": 1, "large": 2},
    capacity={"middle": 1.0, "small": 0.25, "large": 0.125},
    renewal={"middle": 1.0, "small": 0.25, "large": 0.06},
)
SETTLING = Mixture(
    order=("middle", "large", "middle", "small"),
    threads={"middle": 8, "small": 1, "large": 6},
    capacity={"middle": 1.0, "small": 0.25, "large": 0.25},
    renewal={"middle": 1.0, "small": 0.4, "large": 0.4},
)


class Pools:
    """Three resolutions; each batch is of one of them, and always has the same number of pixels."""

    def __init__(self, arguments: argparse.Namespace, step: int):
        self.batch = arguments.batch
        self.rate = arguments.shards_per_step
        self.mixture = SETTLING if arguments.settle else MAIN
        self.pools = {}
        for i, (name, size) in enumerate(SIZES.items()):
            seed = TRAINING_SEED + i + (len(SIZES) if arguments.settle else 0)
            capacity = int(arguments.pool * self.mixture.capacity[name])
            self.pools[name] = Pool(
                Path(arguments.generator),
                Path(arguments.work) / name,
                size,
                # What the last step drew from; at the beginning, nothing yet.
                self.wanted(name, step - 1) if step else 0,
                capacity,
                self.mixture.threads[name],
                seed=seed,
            )

    def wanted(self, name: str, step: int) -> int:
        """Shards of a series that have been drawn by this step."""
        hurried = step + 3 * min(step, 1000)  # at first, what was rendered while the network was compiled
        return FIRST_SHARDS[name] + int(hurried * self.rate * self.mixture.renewal[name])

    def draw(self, step: int, random: torch.Generator) -> Batch:
        for name, pool in self.pools.items():
            pool.refill(self.wanted(name, step))
        name = self.mixture.order[step % len(self.mixture.order)]
        count = {"middle": self.batch, "small": 4 * self.batch, "large": self.batch // 2}[name]
        return draw(self.pools[name], count, self.pools[name].size, random)

    def close(self) -> None:
        for pool in self.pools.values():
            pool.close()


def class_weights_of(pool: Pool) -> Tensor:
    """1 / sqrt(share of pixels), between 0.6 and 2.5, with a weighted mean near one."""
    counts = torch.zeros(256, device="cuda")
    for labels in pool.labels[: pool.scenes()].split(16):
        counts += torch.bincount(labels.flatten(), minlength=256)
    share = counts[:CLASSES] / counts[:CLASSES].sum()
    weights = share.clamp(min=1e-6).rsqrt()
    weights = weights / (weights * share).sum()
    return weights.clamp(0.6, 2.5)


def make_optimizer(model: nn.Module, rate: float) -> torch.optim.AdamW:
    """Weight decay on matrices and kernels, not on biases and normalisations."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), fused=True)


def learning_rate(step: int, progress: float, peak: float, warm_up: int) -> float:
    """Linear warm-up, then half a cosine down to a hundredth."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


class Average:
    """An exponential moving average of weights and statistics."""

    def __init__(self, model: nn.Module, decay: float):
        self.decay = decay
        self.module = copy.deepcopy(model).eval().requires_grad_(False)
        target, source = checkpoint.averages(self.module), checkpoint.averages(model)
        self.target, self.source = list(target.values()), [source[k].detach() for k in target]

    @torch.no_grad()
    def follow(self, step: int) -> None:
        torch._foreach_lerp_(self.target, self.source, 1 - min(self.decay, (1 + step) / (10 + step)))


def freeze_statistics(model: nn.Module) -> None:
    """Batches of one size have statistics of their own; what is deployed has one set for all sizes."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def update(model: nn.Module, optimizer: torch.optim.AdamW) -> None:
    """One step along clipped gradients; none at all where a gradient is not finite."""
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.grad_scale, optimizer.found_inf = None, (~norm.isfinite()).float()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def train(arguments: argparse.Namespace) -> None:
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    if arguments.deterministic:
        torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = arguments.compile and not arguments.deterministic
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True  # what does not compile runs as it is
    if not arguments.compile:
        torch.compiler.set_stance("force_eager")
    model = MtmiB0().cuda().to(memory_format=torch.channels_last)
    average = Average(model, arguments.decay)
    optimizer = make_optimizer(model, arguments.rate)
    begin = time.monotonic()
    step = 0
    if arguments.settle:
        checkpoint.load_average(Path(arguments.settle), model)
        average = Average(model, arguments.decay)
    elif arguments.resume:
        progress = checkpoint.load(output / "checkpoint", model, average.module, optimizer)
        step, begin = progress["step"], begin - progress["seconds"]

    with contextlib.closing(Pools(arguments, step)) as pools:
        random = torch.Generator("cuda")
        if arguments.resume:
            class_weights = progress["class_weights"].cuda()
        else:
            pools.draw(step, random.manual_seed(step))
            class_weights = class_weights_of(pools.pools["middle"])
        objective = Objective(model, class_weights).train()

        def save() -> None:
            progress = {"step": step, "seconds": time.monotonic() - begin, "class_weights": class_weights.cpu()}
            checkpoint.save(output / "checkpoint", progress, model, average.module, optimizer)

        if arguments.settle:
            freeze_statistics(model)
        print("class weights", [round(w, 2) for w in class_weights.tolist()], flush=True)
        if arguments.compile:
            objective = torch.compile(objective, dynamic=False)
        with open(output / "log.csv", "a" if arguments.resume else "w", newline="") as file:
            log = csv.writer(file)
            if not arguments.resume:
                log.writerow(COLUMNS)
            while step < arguments.steps and time.monotonic() - begin < arguments.seconds:
                # Whichever ends first, the steps or the time, ends the cosine.
                progress = max(step / arguments.steps, (time.monotonic() - begin) / arguments.seconds)
                rate = learning_rate(step, progress, arguments.rate, arguments.warm_up)
                for group in optimizer.param_groups:
                    group["lr"] = rate
                batch = pools.draw(step, random.manual_seed(step))
                loss, parts = objective(batch.images, batch.labels, batch.depth, batch.inside)
                loss.backward()
                update(model, optimizer)
                average.follow(step)
                if step % LOG_EVERY == 0:
                    row = [step, f"{time.monotonic() - begin:.1f}", f"{rate:.2e}", *(f"{x:.4f}" for x in parts.tolist())]
                    log.writerow([*row, pools.pools["middle"].loaded])
                    file.flush()
                step += 1
                if step % arguments.save_every == 0:
                    save()
        save()
        print(f"stopped at step {step} after {time.monotonic() - begin:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", required=True, help="what build_generator.sh built")
    parser.add_argument("--output", required=True, help="folder of the log and the checkpoint")
    parser.add_argument("--work", default="/dev/shm/mtmi-scenes", help="folder for shards on their way to the GPU")
    parser.add_argument("--steps", type=int, default=24000, help="of the whole training")
    parser.add_argument("--seconds", type=float, default=math.inf, help="of the whole training, at most")
    parser.add_argument("--save-every", type=int, default=2000, help="steps")
    parser.add_argument("--resume", action="store_true", help="from the checkpoint in OUTPUT")
    parser.add_argument("--settle", metavar="CHECKPOINT", help="tune its averages with their statistics held fast")
    parser.add_argument("--batch", type=int, default=16, help="scenes of 512x1024")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--pool", type=int, default=1400, help="shards of 16 scenes kept on the GPU")
    parser.add_argument("--shards-per-step", type=float, default=0.085, help="new ones of 512x1024")
    parser.add_argument("--warm-up", type=int, default=400, help="steps")
    parser.add_argument("--decay", type=float, default=0.9993, help="of the moving average")
    parser.add_argument("--deterministic", action="store_true", help="the same bits every time; slower")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    train(parser.parse_args())


if __name__ == "__main__":
    main()

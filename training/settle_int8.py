#!/usr/bin/env python3
"""Makes the depth head of a trained network insensitive to INT8: equalises its channels, then tunes it through INT8.

The head is run in INT8 on every batch (quantize.py) and is to give the depth that is true, and what it gives in floating
point. Encoder and segmentation head compute what they did.

usage: training/settle_int8.py --generator PROGRAM --checkpoint FOLDER --output FOLDER [--seconds 360] ...
"""

import argparse
import contextlib
import csv
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

import checkpoint
from losses import depth_loss
from model import DepthHead, MtmiB0
from quantize import QuantizedDepthHead, Quantizer, equalize
from scenes import TRAINING_SEED, Batch
from train import Pools, freeze_statistics, learning_rate

LOG_EVERY = 25
COLUMNS = ("step", "seconds", "learning_rate", "loss_float", "abs_rel_float", "abs_rel_int8", "mean_change", "rms_change")
SEED = TRAINING_SEED + 900  # of the draws
MEASURED = 24  # batches


def features_of(model: MtmiB0, batch: Batch) -> list[Tensor]:
    with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
        return [x.float() for x in model.encoder(batch.images)]


def change_of_log_depth(int8: Tensor, real: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean |change| and mean square of it where there is depth; the sky counts a tenth."""
    weight = ((batch.depth > 0).float() + 0.1 * batch.inside.float()).unsqueeze(1)
    change = F.logsigmoid(-int8) - F.logsigmoid(-real)
    total = weight.sum()
    return (change.abs() * weight).sum() / total, (change.square() * weight).sum() / total


@torch.no_grad()
def print_costs(model: MtmiB0, quantized: QuantizedDepthHead, batches: list[Batch]) -> None:
    """What rounding one tensor alone does to the depth, and rounding all."""
    learning, quantized.learning = quantized.learning, False
    features = [features_of(model, batch) for batch in batches]
    real = [model.depth(x) for x in features]
    expected = torch.stack([depth_loss(y, b.depth, b.inside)[1] for y, b in zip(real, batches, strict=True)])
    for name in (None, "weights", *(x.name for x in quantized.ranges.values())):
        found, moved = [], []
        for x, y, batch in zip(features, real, batches, strict=True):
            int8 = quantized(x, Quantizer(only=name))
            found.append(depth_loss(int8, batch.depth, batch.inside)[1])
            moved.append(change_of_log_depth(int8, y, batch)[1])
        loss = torch.stack(found) - expected
        rms = torch.stack(moved).mean().sqrt()
        error = loss.std() / len(loss) ** 0.5
        print(f"{name or 'all':12} rms {rms:.5f}  AbsRel {expected.mean():.5f} {loss.mean():+.5f} +-{error:.5f}", flush=True)
    quantized.learning = learning


@torch.no_grad()
def prepare(model: MtmiB0, quantized: QuantizedDepthHead, batches: list[Batch]) -> None:
    """Equalises channels, says what that changed, and finds the first ranges."""
    features = [features_of(model, batch) for batch in batches]
    before = [model.depth(x) for x in features[:2]]
    equalize(model.depth, features)
    for x, expected in zip(features, before, strict=False):
        moved = (model.depth(x) - expected).abs().max()
        print(f"equalised: largest change of a logit {float(moved):.4f}", flush=True)
    for x in features:
        quantized(x, Quantizer())


class Tuning:
    """One optimiser of the head, and the moving average of its weights."""

    def __init__(self, head: DepthHead, arguments: argparse.Namespace):
        self.arguments = arguments
        self.parameters = [p.requires_grad_() for p in head.parameters()]
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=arguments.rate, betas=(0.9, 0.99), weight_decay=1e-3, fused=True
        )
        self.average = [p.detach().clone() for p in self.parameters]

    def step(self, step: int, rate: float, real: Tensor, int8: Tensor, batch: Batch) -> list[Tensor]:
        """Down the gradient once; the figures of the log."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        loss_real, abs_rel_real = depth_loss(real, batch.depth, batch.inside)
        mean, square = change_of_log_depth(int8, real, batch)
        weights = self.arguments
        (weights.labelled * loss_real + weights.change * mean + weights.square * square).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            kept = min(0.995, (1 + step) / (10 + step))
            torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - kept)
            abs_rel_int8 = depth_loss(int8, batch.depth, batch.inside)[1]
        return [loss_real, abs_rel_real, abs_rel_int8, mean, square.sqrt()]

    @torch.no_grad()
    def take_average(self) -> None:
        for p, mean in zip(self.parameters, self.average, strict=True):
            p.copy_(mean)


def settle(arguments: argparse.Namespace) -> None:
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(2)
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    torch.compiler.set_stance("force_eager")
    model = MtmiB0().cuda().to(memory_format=torch.channels_last)
    progress = checkpoint.load_average(Path(arguments.checkpoint), model)
    model.eval().requires_grad_(False)
    freeze_statistics(model)
    quantized = QuantizedDepthHead(model.depth).cuda()
    with contextlib.closing(Pools(arguments, 0)) as pools, open(output / "log.csv", "w", newline="") as file:
        random = torch.Generator("cuda")

        def draw(step: int) -> Batch:
            return pools.draw(step, random.manual_seed(SEED + step))

        prepare(model, quantized, [draw(step) for step in range(60)])
        print_costs(model, quantized, [draw(4 * i) for i in range(MEASURED)])
        tuning = Tuning(model.depth, arguments)
        log = csv.writer(file)
        log.writerow(COLUMNS)
        begin, step = time.monotonic(), 0
        while (share := (time.monotonic() - begin) / arguments.seconds) < 1.0:
            rate = learning_rate(step, share, arguments.rate, 50)
            batch = draw(step)
            features = features_of(model, batch)
            figures = tuning.step(step, rate, model.depth(features), quantized(features, Quantizer()), batch)
            if step % LOG_EVERY == 0:
                seconds = time.monotonic() - begin
                row = [step, f"{seconds:.1f}", f"{rate:.2e}", *(f"{x:.5f}" for x in torch.stack(figures).tolist())]
                log.writerow(row)
                file.flush()
                if step % (4 * LOG_EVERY) == 0:
                    print(*row, flush=True)
            step += 1
        tuning.take_average()
        checkpoint.save_average(output / "checkpoint", {**progress, "int8_steps": step}, model)
        print(f"stopped after {step} steps", flush=True)
        print_costs(model, quantized, [draw(step + 4 * i) for i in range(MEASURED)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generator", required=True, help="what build_generator.sh built")
    parser.add_argument("--checkpoint", required=True, help="of the network to begin with")
    parser.add_argument("--output", required=True, help="folder of the log and the checkpoint")
    parser.add_argument("--work", default="/dev/shm/mtmi-scenes", help="folder for shards on their way to the GPU")
    parser.add_argument("--seconds", type=float, default=360)
    parser.add_argument("--batch", type=int, default=8, help="scenes of 512x1024")
    parser.add_argument("--rate", type=float, default=4e-4, help="peak learning rate")
    parser.add_argument("--pool", type=int, default=400, help="shards of 16 scenes kept on the GPU")
    parser.add_argument("--shards-per-step", type=float, default=0.04, help="new ones of 512x1024")
    parser.add_argument("--labelled", type=float, default=0.3, help="weight of the true depth")
    parser.add_argument("--change", type=float, default=1.0, help="weight of the mean |change of log depth| by INT8")
    parser.add_argument("--square", type=float, default=60.0, help="weight of its mean square")
    parser.set_defaults(settle=True)
    settle(parser.parse_args())


if __name__ == "__main__":
    main()

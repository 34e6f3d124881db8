#!/usr/bin/env python3
"""Makes the depth head of a trained network insensitive to INT8: equalises its channels, then tunes it through INT8.

Encoder and segmentation head stay as they are. The head is run in INT8 on every batch (quantize.py) and is to give the
depth that is true, and what it gives in floating point, with ranges that are narrow for what is in them.

usage: training/settle_int8.py --generator PROGRAM --checkpoint FOLDER --output FOLDER [--seconds 360] ...
"""

import argparse
import contextlib
import csv
import time
from pathlib import Path

import torch
from torch import Tensor

import checkpoint
from losses import depth_loss
from model import MtmiB0
from quantize import QuantizedDepthHead, Quantizer, equalize
from scenes import TRAINING_SEED, Batch
from train import Pools, freeze_statistics, learning_rate

LOG_EVERY = 25
LOSSES = ("loss_float", "loss_int8", "abs_rel_float", "abs_rel_int8", "logit_error", "width")
COLUMNS = ("step", "seconds", "learning_rate", *LOSSES)
SEED = TRAINING_SEED + 900  # of the draws


def features_of(model: MtmiB0, batch: Batch) -> list[Tensor]:
    with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
        return [x.float() for x in model.encoder(batch.images)]


def disagreement(int8: Tensor, real: Tensor, batch: Batch) -> Tensor:
    """Mean |difference| of the logits where there is depth: about the relative change of near depths."""
    weight = ((batch.depth > 0).float() + 0.1 * batch.inside.float()).unsqueeze(1)
    return ((int8 - real).abs() * weight).sum() / weight.sum()


def tune(arguments: argparse.Namespace) -> None:
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
    head = model.depth
    with contextlib.closing(Pools(arguments, 0)) as pools:
        random = torch.Generator("cuda")
        draws = [pools.draw(step, random.manual_seed(SEED + step)) for step in range(8)]
        before = [head(features_of(model, batch)) for batch in draws[:2]]
        equalize(head, [features_of(model, batch) for batch in draws])
        for batch, expected in zip(draws, before, strict=False):
            moved = (head(features_of(model, batch)) - expected).abs().max()
            print(f"equalised: largest change of a logit {float(moved):.4f}", flush=True)
        del draws, before
        quantized = QuantizedDepthHead(head).cuda()
        parameters = [p.requires_grad_() for p in head.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=arguments.rate, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
        average = [p.detach().clone() for p in parameters]
        begin, step = time.monotonic(), 0
        with open(output / "log.csv", "w", newline="") as file:
            log = csv.writer(file)
            log.writerow(COLUMNS)
            while (share := (time.monotonic() - begin) / arguments.seconds) < 1.0:
                rate = learning_rate(step, share, arguments.rate, 20)
                for group in optimizer.param_groups:
                    group["lr"] = rate
                batch = pools.draw(step, random.manual_seed(SEED + step))
                features = features_of(model, batch)
                real = head(features)
                quantizer = Quantizer(noise=share < arguments.noise)
                int8 = quantized(features, quantizer)
                loss_real, abs_rel_real = depth_loss(real, batch.depth, batch.inside)
                loss_int8, abs_rel_int8 = depth_loss(int8, batch.depth, batch.inside)
                error = disagreement(int8, real, batch)
                width = quantizer.width()
                loss = arguments.labelled * (loss_real + loss_int8) + error + arguments.narrow * width
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                with torch.no_grad():
                    torch._foreach_lerp_(average, [p.detach() for p in parameters], 1 - min(0.995, (1 + step) / (10 + step)))
                if step % LOG_EVERY == 0:
                    figures = torch.stack([loss_real, loss_int8, abs_rel_real, abs_rel_int8, error, width]).tolist()
                    row = [step, f"{time.monotonic() - begin:.1f}", f"{rate:.2e}", *(f"{x:.5f}" for x in figures)]
                    log.writerow(row)
                    file.flush()
                    if step % (4 * LOG_EVERY) == 0:
                        print(*row, flush=True)
                step += 1
    with torch.no_grad():
        for p, mean in zip(parameters, average, strict=True):
            p.copy_(mean)
    checkpoint.save_average(output / "checkpoint", {**progress, "int8_steps": step}, model)
    print(f"stopped after {step} steps", flush=True)


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
    parser.add_argument("--labelled", type=float, default=0.3, help="weight of the true depth, in both arithmetics")
    parser.add_argument("--narrow", type=float, default=0.02, help="weight of the mean log of range / root mean square")
    parser.add_argument("--noise", type=float, default=0.0, help="share of the time with noise of one step, not rounding")
    parser.set_defaults(settle=True)
    tune(parser.parse_args())


if __name__ == "__main__":
    main()

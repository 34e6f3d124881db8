"""The depth head as a DLA computes it in INT8, for training: what its tensors lose, and how to make them lose less.

Tensors are those that INT8 layers exchange (docs/numerics.md): inputs, the output of each convolution with its ReLU,
of each upsampling; upsampled and encoder features that are concatenated share one range. The logit stays in floating
point. Weights are quantised per output channel, for which the factors of batch normalisation make no difference.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model import ConvBnRelu, DepthHead

STEPS = 127
MOST_QUIET = 64.0  # of a reader's weights, its median channel's over a channel's that is scaled up


class Range(nn.Module):
    """How large the values of one tensor are: a moving average of each batch's largest |x|, but for outliers."""

    def __init__(self, name: str, quantile: float = 0.9999, momentum: float = 0.02):
        super().__init__()
        self.name, self.quantile, self.momentum = name, quantile, momentum
        self.register_buffer("amax", torch.zeros(()))

    @torch.no_grad()
    def follow(self, *tensors: Tensor) -> None:
        largest = torch.stack([self.largest(x) for x in tensors]).max()
        self.amax.copy_(torch.where(self.amax > 0, torch.lerp(self.amax, largest, self.momentum), largest))

    def largest(self, x: Tensor) -> Tensor:
        values = x.detach().permute(0, 2, 3, 1).reshape(-1)  # as it lies in memory
        sample = values[:: max(1, values.numel() // 1_000_000) | 1].abs()  # odd: it meets every channel
        return sample.kthvalue(max(1, int(self.quantile * sample.numel()))).values


class Round(torch.autograd.Function):
    """x in 127 steps of amax to either side. Gradients reach x where it is not clipped, and amax: what a wider range
    adds to the error of rounding, and takes from that of clipping (Esser et al. 2020, Learned Step Size Quantization).
    """

    @staticmethod
    def forward(context, x: Tensor, amax: Tensor) -> Tensor:
        context.save_for_backward(x, amax)
        step = amax / STEPS
        return (x / step).round_().clamp_(-STEPS, STEPS).mul_(step)

    @staticmethod
    def backward(context, gradient: Tensor) -> tuple[Tensor, Tensor]:
        x, amax = context.saved_tensors
        steps = x * (STEPS / amax)
        clipped = steps.abs() > STEPS
        error = torch.where(clipped, steps.sign().mul_(STEPS), steps.round() - steps)
        return gradient.masked_fill(clipped, 0), (gradient * error).sum() / STEPS


class Quantizer:
    """x as INT8 with a given range holds it."""

    def __init__(self, only: str | None = None):
        self.only = only  # name of the one range to round to, or "weights"; by default all

    def __call__(self, x: Tensor, by: Range) -> Tensor:
        if self.only not in (None, by.name):
            return x
        amax = by.amax
        if x.requires_grad:
            # The range follows a smooth largest channel: the gradient reaches all that are nearly as large.
            stride = max(1, x.shape[3] // 256)
            peak = torch.linalg.vector_norm(x[:, :, ::stride, ::stride].abs().amax((0, 2, 3)), 8).clamp(min=1e-6)
            amax = amax * (peak / peak.detach())
        return Round.apply(x, amax)

    def weights(self, weights: Tensor) -> Tensor:
        return quantize_weights(weights) if self.only in (None, "weights") else weights


def quantize_weights(weights: Tensor) -> Tensor:
    """Per output channel, to 127 steps of its largest; gradients pass."""
    step = weights.detach().abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12) / STEPS
    return weights + ((weights / step).round() * step - weights).detach()


class QuantizedDepthHead(nn.Module):
    """Shares its weights with a DepthHead. The same logit, through INT8 tensors."""

    def __init__(self, head: DepthHead):
        super().__init__()
        self.head = head
        names = ["lateral4.in", "lateral4", "conv0", "conv0.up", "logit.up"]
        names += [f"{name}.{level}" for level in range(3) for name in ("joined", "conv1", "conv2")]
        self.ranges = nn.ModuleDict({name.replace(".", "_"): Range(name) for name in names})
        self.learning = True  # whether ranges follow what is seen

    def at(self, name: str, *tensors: Tensor) -> Range:
        by = self.ranges[name.replace(".", "_")]
        if self.learning:
            by.follow(*tensors)
        return by

    def convolve(self, block: ConvBnRelu, x: Tensor, name: str, quantise: Quantizer) -> Tensor:
        y = F.conv2d(x, quantise.weights(block.conv.weight), padding=block.conv.padding)
        y = F.relu(block.bn(y))
        return quantise(y, self.at(name, y))

    def forward(self, features: list[Tensor], quantise: Quantizer) -> Tensor:
        head = self.head
        x = quantise(features[3], self.at("lateral4.in", features[3]))
        x = self.convolve(head.lateral4, x, "lateral4", quantise)
        for level in (2, 1, 0):
            larger = head.up2(x)
            by = self.at(f"joined.{level}", larger, features[level])
            joined = torch.cat([quantise(larger, by), quantise(features[level], by)], 1)
            x = self.convolve(head.conv1[level], joined, f"conv1.{level}", quantise)
            x = self.convolve(head.conv2[level], x, f"conv2.{level}", quantise)
        x = head.up2(x)
        x = self.convolve(head.conv0, quantise(x, self.at("conv0.up", x)), "conv0", quantise)
        x = head.up2(x)
        x = quantise(x, self.at("logit.up", x))
        return F.conv2d(x, quantise.weights(head.logit.weight), head.logit.bias, padding=1)


@torch.no_grad()
def channel_peaks(head: DepthHead, batches: list[list[Tensor]]) -> dict[str, Tensor]:
    """The largest output of every channel of every block of the head, over some features."""
    peaks: dict[str, Tensor] = {}

    def look(name: str):
        def hook(_module: nn.Module, _inputs: tuple, output: Tensor) -> None:
            peak = output.float().amax((0, 2, 3))
            peaks[name] = torch.maximum(peaks[name], peak) if name in peaks else peak

        return hook

    hooks = [m.register_forward_hook(look(n)) for n, m in head.named_modules() if isinstance(m, ConvBnRelu)]
    for features in batches:
        head(features)
    for hook in hooks:
        hook.remove()
    return peaks


@torch.no_grad()
def equalize(head: DepthHead, batches: list[list[Tensor]]) -> None:
    """Scales channels so that every one of a tensor fills the tensor's range: what the block before gives less, the
    one behind takes more (Nagel et al. 2019, by activations instead of weights). The head computes what it did."""
    peaks = channel_peaks(head, batches)
    features = [max(float(batch[level].abs().max()) for batch in batches) for level in range(3)]
    # Which convolution reads a block, and the range that it shares with a feature it is concatenated with.
    readers = {"lateral4": (head.conv1[2].conv, features[2]), "conv0": (head.logit, None)}
    for level in range(3):
        readers[f"conv1.{level}"] = (head.conv2[level].conv, None)
        readers[f"conv2.{level}"] = (head.conv1[level - 1].conv, features[level - 1]) if level else (head.conv0.conv, None)
    for name, (reader, shared) in readers.items():
        block, peak = head.get_submodule(name), peaks[name]
        factor = ((shared or peak.median()) / peak.clamp(min=1e-6)).clamp(1 / 16, 16)
        # A channel whose reader hardly listens says nothing by filling the range, and grows with every call.
        heard = reader.weight[:, : len(factor)].abs().amax((0, 2, 3))
        factor = factor.minimum((MOST_QUIET * heard / heard.median()).clamp(min=1 / 16))
        block.bn.weight.mul_(factor)
        block.bn.bias.mul_(factor)
        reader.weight[:, : len(factor)].div_(factor[None, :, None, None])  # concatenated in front of the feature

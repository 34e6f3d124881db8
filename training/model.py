"""mtmi-b0 in its DLA-native form: a MiT-B0 encoder, a segmentation head and a depth head.

The graph is that of src/mtmi/zoo/mtmi_b0.cpp. The heads resize by integer factors of at most 4, use
convolutions only, and concatenate along channels only.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 19
DEPTH_RANGE = 80.0  # [m]
# Depth is predicted as seen through a lens of this focal length [pixels]: label = d * CANONICAL_FOCAL / f.
CANONICAL_FOCAL = 512.0

WIDTHS = (32, 64, 160, 256)
REDUCTIONS = (8, 4, 2, 1)
HEAD_SIZE = 32
MLP_RATIO = 4
BLOCKS = 2
BLOCK_EPSILON = 1e-6
EMBED_EPSILON = 1e-5


def to_tokens(x: Tensor) -> Tensor:
    """[n, c, h, w] -> [n, h * w, c]"""
    return x.flatten(2).transpose(1, 2)


def to_map(tokens: Tensor, like: Tensor) -> Tensor:
    """[n, h * w, c] -> [n, c, h, w] with h and w of `like`"""
    n, _, c = tokens.shape
    return tokens.transpose(1, 2).reshape(n, c, like.shape[2], like.shape[3])


def upsample_axis(x: Tensor, dim: int, factor: int) -> Tensor:
    """Linear interpolation at half-pixel centres along `dim`, from slices: its gradient needs no atomics."""
    last = x.shape[dim] - 1
    before = torch.cat([x.narrow(dim, 0, 1), x.narrow(dim, 0, last)], dim)
    after = torch.cat([x.narrow(dim, 1, last), x.narrow(dim, last, 1)], dim)
    phases = []
    for k in range(factor):
        offset = (k + 0.5) / factor - 0.5
        other = before if offset < 0 else after
        phases.append((1 - abs(offset)) * x + abs(offset) * other)
    return torch.stack(phases, dim + 1).flatten(dim, dim + 1)


class Upsample(nn.Module):
    """Bilinear by an integer factor. `as_written` takes PyTorch's operator, which exports as one Resize."""

    def __init__(self, factor: int):
        super().__init__()
        self.factor = factor
        self.as_written = False

    def forward(self, x: Tensor) -> Tensor:
        if self.as_written:
            return F.interpolate(x, scale_factor=float(self.factor), mode="bilinear", align_corners=False)
        return upsample_axis(upsample_axis(x, 2, self.factor), 3, self.factor)


class Attention(nn.Module):
    """Multi-head attention whose keys and values come from a map reduced by a strided convolution."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.heads = width // HEAD_SIZE
        self.as_written = False
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.proj = nn.Linear(width, width)
        self.reduce = nn.Conv2d(width, width, reduction, reduction) if reduction > 1 else None
        self.reduce_norm = nn.LayerNorm(width, EMBED_EPSILON) if reduction > 1 else None

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, HEAD_SIZE)).transpose(1, 2)

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        reduced = x
        if self.reduce is not None:
            reduced = self.reduce_norm(to_tokens(self.reduce(to_map(x, like))))
        q, k, v = self.split(self.q(x)), self.split(self.k(reduced)), self.split(self.v(reduced))
        if self.as_written:
            weights = torch.softmax(q @ k.transpose(2, 3) * (1.0 / math.sqrt(HEAD_SIZE)), dim=-1)
            mixed = weights @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v)
        return self.proj(mixed.transpose(1, 2).flatten(2))


class MixFfn(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        hidden = MLP_RATIO * width
        self.fc1 = nn.Linear(width, hidden)
        self.dwconv = nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        mixed = self.dwconv(to_map(self.fc1(x), like))
        return self.fc2(F.gelu(to_tokens(mixed)))


class Block(nn.Module):
    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, BLOCK_EPSILON)
        self.attention = Attention(width, reduction)
        self.norm2 = nn.LayerNorm(width, BLOCK_EPSILON)
        self.ffn = MixFfn(width)

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x), like)
        return x + self.ffn(self.norm2(x), like)


class Stage(nn.Module):
    def __init__(self, inputs: int, width: int, reduction: int, kernel: int, stride: int):
        super().__init__()
        self.embed = nn.Conv2d(inputs, width, kernel, stride, kernel // 2)
        self.embed_norm = nn.LayerNorm(width, EMBED_EPSILON)
        self.blocks = nn.ModuleList([Block(width, reduction) for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(width, BLOCK_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        embedded = self.embed(x)
        tokens = self.embed_norm(to_tokens(embedded))
        for block in self.blocks:
            tokens = block(tokens, embedded)
        return to_map(self.norm(tokens), embedded)


class Encoder(nn.Module):
    """[n, 3, H, W] -> features at strides 4, 8, 16 and 32."""

    def __init__(self):
        super().__init__()
        inputs = (3, *WIDTHS[:-1])
        kernels, strides = (7, 3, 3, 3), (4, 2, 2, 2)
        shapes = zip(inputs, WIDTHS, REDUCTIONS, kernels, strides, strict=True)
        self.stages = nn.ModuleList([Stage(*shape) for shape in shapes])

    def forward(self, x: Tensor) -> list[Tensor]:
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return features


class ConvBnRelu(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs, momentum=0.03)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class SegmentationHead(nn.Module):
    """Scores [n, classes, H, W]."""

    def __init__(self, width: int = 256):
        super().__init__()
        self.as_written = False
        self.project = nn.ModuleList([nn.Conv2d(inputs, width, 1) for inputs in WIDTHS])
        self.fuse = ConvBnRelu(4 * width, width, 1)
        self.classify = nn.Conv2d(width, CLASSES, 1)
        self.up2 = Upsample(2)
        self.up4 = Upsample(4)

    def enlarge(self, x: Tensor, level: int) -> Tensor:
        """From stride 4 * 2^level to stride 4; x8 is x4 then x2, by definition."""
        for step in ((), (self.up2,), (self.up4,), (self.up4, self.up2))[level]:
            x = step(x)
        return x

    def forward(self, features: list[Tensor]) -> Tensor:
        projected = [project(x) for project, x in zip(self.project, features, strict=True)]
        if self.as_written:
            joined = torch.cat([self.enlarge(projected[level], level) for level in (3, 2, 1, 0)], 1)
            fused = self.fuse(joined)
        else:
            # A 1x1 convolution and an upsampling commute: each part is mixed where it is small.
            weights = self.fuse.conv.weight.chunk(4, dim=1)
            parts = [self.enlarge(F.conv2d(projected[level], weights[3 - level]), level) for level in range(4)]
            fused = F.relu(self.fuse.bn(parts[0] + parts[1] + parts[2] + parts[3]))
        return self.up4(self.classify(fused))


class DepthHead(nn.Module):
    """A logit [n, 1, H, W]; metres = 80 (1 - sigmoid(logit))."""

    def __init__(self):
        super().__init__()
        outputs = (64, 96, 160, 256)
        self.lateral4 = ConvBnRelu(WIDTHS[3], outputs[3], 3)
        self.conv1 = nn.ModuleList([ConvBnRelu(outputs[i + 1] + WIDTHS[i], outputs[i], 3) for i in range(3)])
        self.conv2 = nn.ModuleList([ConvBnRelu(outputs[i], outputs[i], 3) for i in range(3)])
        self.conv0 = ConvBnRelu(outputs[0], 32, 3)
        self.logit = nn.Conv2d(32, 1, 3, padding=1)
        self.up2 = Upsample(2)

    def forward(self, features: list[Tensor]) -> Tensor:
        x = self.lateral4(features[3])
        for level in (2, 1, 0):
            joined = torch.cat([self.up2(x), features[level]], 1)
            x = self.conv2[level](self.conv1[level](joined))
        return self.logit(self.up2(self.conv0(self.up2(x))))


class MtmiB0(nn.Module):
    """Class scores [n, 19, H, W] and the depth logit [n, 1, H, W] of normalised images [n, 3, H, W]."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.segmentation = SegmentationHead()
        self.depth = DepthHead()
        self.apply(initialise)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        features = self.encoder(images)
        return self.segmentation(features), self.depth(features)

    def write_out(self) -> "MtmiB0":
        """From here on the graph is the one to export, which computes the same."""
        for module in self.modules():
            if hasattr(module, "as_written"):
                module.as_written = True
        return self


def initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Conv2d):
        fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
        nn.init.normal_(module.weight, std=math.sqrt(2.0 / fan_out))
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def metres_of(logit: Tensor) -> Tensor:
    """Depth for the canonical focal length."""
    return DEPTH_RANGE * (1 - torch.sigmoid(logit))

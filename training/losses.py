"""What training minimises: cross-entropy and Dice over classes, and errors of log depth."""

import torch
from torch import Tensor
from torch.nn import functional as F

from model import CLASSES, DEPTH_RANGE

IGNORE = 255
FARTHEST = 0.99 * DEPTH_RANGE  # the sigmoid never says 80 m
SKY_WEIGHT = 0.05  # the sky has no depth; far away is what a picture should show


def segmentation_loss(scores: Tensor, labels: Tensor, class_weights: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted cross-entropy, and 1 - Dice averaged over the classes of the batch."""
    log_shares = scores.float().log_softmax(1)
    known = (labels != IGNORE).unsqueeze(1)
    shares = log_shares.exp() * known
    classes = torch.arange(CLASSES, device=labels.device).view(1, -1, 1, 1)
    truth = (labels.unsqueeze(1) == classes).float()
    # By the truth's planes: PyTorch's own cross_entropy has no deterministic form on a GPU.
    weights = truth * class_weights.view(1, -1, 1, 1)
    cross_entropy = -(log_shares * weights).sum() / weights.sum()
    overlap = (shares * truth).sum((0, 2, 3))
    area = truth.sum((0, 2, 3))
    dice = (2 * overlap + 1) / (shares.sum((0, 2, 3)) + area + 1)
    present = (area > 0).float()
    return cross_entropy, ((1 - dice) * present).sum() / present.sum().clamp(min=1)


def depth_loss(logit: Tensor, canonical: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
    """L1 + 0.5 SILog of log depth, and AbsRel to watch.

    logit [n, 1, h, w]; canonical [n, h, w] in metres, 0 = none; inside: pixels that belong to the image.
    """
    log_depth = F.logsigmoid(-logit.float().squeeze(1)) + torch.log(torch.tensor(DEPTH_RANGE))
    valid = (canonical > 0).float()
    target = torch.where(canonical > 0, canonical, FARTHEST).clamp(0.5, FARTHEST)
    error = log_depth - target.log()
    sky = (inside & (canonical <= 0)).float()
    weight = valid + SKY_WEIGHT * sky
    mean_l1 = (error.abs() * weight).sum() / weight.sum().clamp(min=1)
    count = valid.sum().clamp(min=1)
    mean = (error * valid).sum() / count
    variance = (error.square() * valid).sum() / count - mean.square()
    silog = (variance + 0.15 * mean.square()).clamp(min=1e-6).sqrt()
    abs_rel = ((error.exp() - 1).abs() * valid).sum() / count
    return mean_l1 + 0.5 * silog, abs_rel.detach()

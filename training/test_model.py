#!/usr/bin/env python3
"""Checks that what trains fast computes what is exported. usage: training/test_model.py"""

import torch
from torch.nn import functional as F

from model import MtmiB0, upsample_axis


def test_upsample_is_bilinear_at_half_pixel_centres() -> None:
    x = torch.randn(2, 3, 5, 7)
    for factor in (2, 4):
        expected = F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)
        torch.testing.assert_close(upsample_axis(upsample_axis(x, 2, factor), 3, factor), expected)


@torch.no_grad()
def test_both_forms_of_the_network_agree() -> None:
    model = MtmiB0().eval()
    images = torch.randn(1, 3, 64, 96)
    fast = model(images)
    for a, b in zip(fast, model.write_out()(images), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


if __name__ == "__main__":
    test_upsample_is_bilinear_at_half_pixel_centres()
    test_both_forms_of_the_network_agree()
    print("ok")

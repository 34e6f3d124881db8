"""Contact sheets: image, predicted and true classes, predicted and true depth."""

import numpy as np
from PIL import Image

PALETTE = np.array([
    (128, 64, 128), (244, 35, 232), (70, 70, 70), (102, 102, 156), (190, 153, 153), (153, 153, 153), (250, 170, 30),
    (220, 220, 0), (107, 142, 35), (152, 251, 152), (70, 130, 180), (220, 20, 60), (255, 0, 0), (0, 0, 142),
    (0, 0, 70), (0, 60, 100), (0, 80, 100), (0, 0, 230), (119, 11, 32), *[(0, 0, 0)] * 237,
], dtype=np.uint8)  # fmt: skip
WIDTH = 400  # of one picture [pixels]


def depth_picture(metres: np.ndarray) -> np.ndarray:
    """Near is bright: the logarithm from 3 to 80 m."""
    near = 1 - np.log(np.clip(metres, 3, 80) / 3) / np.log(80 / 3)
    stops = np.array([(20, 10, 60), (120, 30, 110), (220, 80, 60), (252, 200, 90), (255, 255, 220)], dtype=float)
    x = near * (len(stops) - 1)
    i = np.minimum(x.astype(int), len(stops) - 2)
    f = (x - i)[..., None]
    return (stops[i] * (1 - f) + stops[i + 1] * f).astype(np.uint8)


def row(scene: np.ndarray, classes: np.ndarray, metres: np.ndarray) -> np.ndarray:
    truth = scene["depth"].astype(np.float32) / 256
    truth = np.where(truth > 0, truth, 80.0)
    height = WIDTH * classes.shape[0] // classes.shape[1]
    pictures = (scene["image"], PALETTE[classes], PALETTE[scene["labels"]], depth_picture(metres), depth_picture(truth))
    return np.hstack([np.asarray(Image.fromarray(p).resize((WIDTH, height))) for p in pictures])


def contact_sheet(kept: list) -> Image.Image:
    """kept: (index, wrong share, scene, classes, metres) per row."""
    return Image.fromarray(np.vstack([row(scene, classes, metres) for _, _, scene, classes, metres in kept]))

"""Checkpoints in a few small files from which training goes on exactly."""

import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

WEIGHT_PARTS = 2  # no file is as large as 16 MiB


def averages(module: nn.Module) -> dict[str, Tensor]:
    return {k: v for k, v in module.state_dict().items() if v.is_floating_point()}


def moments(model: nn.Module, optimizer: torch.optim.Optimizer, which: str) -> dict[str, Tensor]:
    return {k: optimizer.state[p][which] for k, p in model.named_parameters() if p in optimizer.state}


def round_in_place(tensors: dict[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    """Rounds what training goes on with, too: a resumed run and one that was never stopped stay the same."""
    small = {k: v.to(dtype) for k, v in tensors.items()}
    for k, v in tensors.items():
        v.copy_(small[k])
    return small


def save(folder: Path, progress: dict, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """weights-*.pt in float32, moments in bfloat16, average.pt in float16. The folder appears whole."""
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    weights = sorted(model.state_dict().items(), key=lambda item: item[1].numel())
    for i in range(WEIGHT_PARTS):
        torch.save({k: v.cpu() for k, v in weights[i::WEIGHT_PARTS]}, part / f"weights-{i}.pt")
    for which in ("exp_avg", "exp_avg_sq"):
        small = round_in_place(moments(model, optimizer, which), torch.bfloat16)
        torch.save({k: v.cpu() for k, v in small.items()}, part / f"{which}.pt")
    small = round_in_place(averages(average), torch.float16)
    # Steps that the optimiser took: one with gradients that were not finite is none.
    taken = next((float(state["step"]) for state in optimizer.state.values()), 0.0)
    stored = {**progress, "taken": taken, "average": {k: v.cpu() for k, v in small.items()}}
    torch.save(stored, part / "average.pt")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def save_average(folder: Path, progress: dict, average: nn.Module) -> None:
    """average.pt alone, in float16: what is evaluated and exported."""
    folder.mkdir(parents=True, exist_ok=True)
    small = {k: v.to(torch.float16).cpu() for k, v in averages(average).items()}
    torch.save({**progress, "average": small}, folder / "average.pt")


def load_average(folder: Path, average: nn.Module) -> dict:
    """The averaged weights alone; returns the progress they are of, as save() was given it."""
    stored = torch.load(folder / "average.pt", map_location="cpu")
    average.load_state_dict({**average.state_dict(), **{k: v.float() for k, v in stored.pop("average").items()}})
    return stored


def load(folder: Path, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer) -> dict:
    """Returns the progress to go on from."""
    weights: dict[str, Tensor] = {}
    for part in sorted(folder.glob("weights-*.pt")):
        weights |= torch.load(part, map_location="cpu")
    model.load_state_dict(weights)
    progress = load_average(folder, average)
    stored = {which: torch.load(folder / f"{which}.pt") for which in ("exp_avg", "exp_avg_sq")}
    for name, parameter in model.named_parameters():
        state = {which: stored[which][name].to(parameter.device).float() for which in stored}
        optimizer.state[parameter] = {"step": torch.tensor(progress["taken"], device=parameter.device), **state}
    return progress

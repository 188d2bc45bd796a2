"""Where the server trains, as its environment says."""

import os
from typing import cast, get_args

import torch

from core.engine.training import Device

NAME = "SMALL_STEPS_DEVICE"


def asked() -> Device:
    """Return the device that the environment names, "auto" if it names none.

    ValueError, saying what to set instead, for any other word and for CUDA where there is none.
    """
    value = os.environ.get(NAME) or "auto"
    if value not in get_args(Device):
        allowed = ", ".join(get_args(Device))
        raise ValueError(f"{NAME} is {value!r}, which is no device: set it to one of {allowed}, or leave it out")
    if value == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"{NAME} is 'cuda', but PyTorch finds no CUDA device: set it to cpu or auto, or leave it out")
    return cast(Device, value)

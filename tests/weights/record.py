#!/usr/bin/env python3
"""Writes the files that the tests here read, with PyTorch and Python's `safetensors`. The venv is that of tests/torch/README.md.

    python tests/weights/record.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FILES = Path(__file__).parent / "files"
PT = {"format": "pt"}


class Small(nn.Module):
    """As `Small` in main.rs. Two passes in training mode give the buffers values of their own."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, stride=2)
        self.bn = nn.BatchNorm2d(3)
        self.fc = nn.Linear(3 * 3 * 2, 5, bias=False)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return self.out(torch.tanh(self.fc(torch.relu(self.bn(self.conv(x))).flatten(1))))


def awkward(bits, dtype):
    """Numbers of all magnitudes, among them those in the middle between two halves and their neighbours: [64, 32]."""
    halves = torch.randint(0, 0x7C00, (256,), dtype=torch.int16).view(torch.float16)
    brains = torch.randint(0, 0x7F00, (256,), dtype=torch.int16).view(torch.bfloat16)
    middles = []
    for numbers in [halves, brains]:
        above = (numbers.view(torch.int16) + 1).view(numbers.dtype).double()
        middles.append(((numbers.double() + above) / 2).nan_to_num(posinf=65520.0).to(dtype))
    middles = torch.cat(middles)
    near = [(middles.view(bits) + shift).view(dtype) for shift in (-1, 0, 1)]
    # Close to the middle in f64, in the middle once they are f32: PyTorch rounds twice.
    close = [middles * (1 + 1e-9 * sign) for sign in (1, -1)] if dtype == torch.float64 else []
    special = torch.tensor([0.0, -0.0, 65504, 65519.99, 65520, 65536, 1e6, 3.4e38, 2.0**-25, 2.0**-24, 1e-8, 1e-45, torch.inf]).to(dtype)
    values = torch.cat([*near, *close, special, special.neg(), torch.randn(4096, dtype=dtype)])[:4096]
    values[1::2] = values[1::2].neg()
    return values[torch.randperm(4096)][:2048].view(64, 32).clone()


def main():
    torch.manual_seed(7)
    model = Small()
    for _ in range(2):
        model(torch.randn(4, 1, 7, 5))
    model.eval()
    x = torch.randn(3, 1, 7, 5)
    state = model.state_dict()
    save_file(state, FILES / "small.safetensors", metadata=PT)
    with torch.no_grad():
        save_file({"x": x, "y": model(x)}, FILES / "small_output.safetensors", metadata=PT)
    for name, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)]:
        cast = {key: value.to(dtype) if value.is_floating_point() else value for key, value in state.items()}
        save_file(cast, FILES / f"small_{name}.safetensors", metadata=PT)
        back = {key: value.to(torch.float32) if value.is_floating_point() else value for key, value in cast.items()}
        save_file(back, FILES / f"small_{name}_as_f32.safetensors", metadata=PT)
    for name, bits, dtype in [("f32", torch.int32, torch.float32), ("f64", torch.int64, torch.float64)]:
        weight = awkward(bits, dtype)
        save_file({"fc.weight": weight}, FILES / f"rounding_{name}.safetensors", metadata=PT)
        for to, half in [("f16", torch.float16), ("bf16", torch.bfloat16)]:
            save_file({"fc.weight": weight.to(half)}, FILES / f"rounding_{name}_to_{to}.safetensors", metadata=PT)
    wrapped = {f"module.{key}": value for key, value in state.items()} | {"head.weight": torch.ones(2, 2)}
    save_file(wrapped, FILES / "small_wrapped.safetensors", metadata=PT)
    torch.save(state, FILES / "small.pt")

    for path in FILES.iterdir():
        path.chmod(0o644)


main()

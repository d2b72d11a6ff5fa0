#!/usr/bin/env python3
"""Writes the files that the tests here read, with PyTorch and Python's `safetensors`. The venv is that of tests/torch/README.md.

    /tmp/torch-venv/bin/python tests/weights/record.py
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
    wrapped = {f"module.{key}": value for key, value in state.items()} | {"head.weight": torch.ones(2, 2)}
    save_file(wrapped, FILES / "small_wrapped.safetensors", metadata=PT)
    torch.save(state, FILES / "small.pt")

    for path in FILES.iterdir():
        path.chmod(0o644)


main()

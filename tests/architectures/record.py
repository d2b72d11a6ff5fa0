#!/usr/bin/env python3
"""Records what PyTorch's networks answer: python tests/architectures/record.py. Versions: tests/torch/requirements.txt.

Parameters, buffers and inputs are not stored: both sides compute them by the same formula (`values`, in main.rs `Formula`).
"""

from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import nn

HERE = Path(__file__).parent


def values(name, shape):
    """Numbers in [-1, 1): the upper 24 bits of SplitMix64, seeded by the FNV-1a hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    count = int(np.prod(shape, dtype=np.int64))
    with np.errstate(over="ignore"):
        state = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    unit = (state >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return torch.tensor(unit.reshape(shape), dtype=torch.float64)


def fill(model):
    """Weights of variance 2 / fan_in; factors, shifts and statistics of norms near 1 and 0."""
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if not tensor.is_floating_point():
            continue
        unit = values(name, tuple(tensor.shape))
        if tensor.dim() > 1:
            unit = unit * (6 / (tensor.numel() / tensor.shape[0])) ** 0.5
        elif name.endswith("running_var"):
            unit = 1 + unit / 2
        elif name.endswith("weight"):
            unit = 1 + unit / 4
        else:
            unit = unit / 10
        tensor.data = unit.to(tensor.dtype)


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        h = self.conv1(x)
        h = self.bn2(self.conv2(torch.relu(self.bn1(h))))
        return torch.relu(h + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        widths = [64, 64, 128, 256, 512]
        for i in range(1, 5):
            stride = 1 if i == 1 else 2
            layer = nn.Sequential(BasicBlock(widths[i - 1], widths[i], stride), BasicBlock(widths[i], widths[i]))
            setattr(self, f"layer{i}", layer)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


def double(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(),
        nn.Conv2d(cout, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(),
    )


class Up(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.up = nn.ConvTranspose2d(cin, cout, 2, 2)
        self.conv = double(2 * cout, cout)

    def forward(self, x, skip):
        return self.conv(torch.cat([skip, self.up(x)], 1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.inc = double(1, 16)
        self.down1 = nn.Sequential(nn.MaxPool2d(2), double(16, 32))
        self.down2 = nn.Sequential(nn.MaxPool2d(2), double(32, 64))
        self.up1, self.up2 = Up(64, 32), Up(32, 16)
        self.outc = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = self.inc(x)
        b = self.down1(a)
        c = self.down2(b)
        return self.outc(self.up2(self.up1(c, b), a))


class DenseLayer(nn.Module):
    def __init__(self, cin, growth, squeeze=4):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(cin), nn.Conv2d(cin, squeeze * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(squeeze * growth)
        self.conv2 = nn.Conv2d(squeeze * growth, growth, 3, padding=1, bias=False)

    def forward(self, x):
        h = self.conv1(torch.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(torch.relu(self.norm2(h)))], 1)


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(*[DenseLayer(16 + 12 * i, 12) for i in range(4)])
        self.norm, self.conv = nn.BatchNorm2d(64), nn.Conv2d(64, 32, 1, bias=False)

    def forward(self, x):
        return nn.functional.avg_pool2d(self.conv(torch.relu(self.norm(self.block(x)))), 2)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // reduction, 1)
        self.fc2 = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class SqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, 24, 3, 2, 1, bias=False), nn.BatchNorm2d(24), nn.SiLU())
        self.se = SqueezeExcitation(24)
        self.project = nn.Conv2d(24, 24, 1)

    def forward(self, x):
        return self.project(self.se(self.conv(x)))


def separable(cin, cout, stride=1):
    return nn.Sequential(
        nn.Conv2d(cin, cin, 3, stride, 1, groups=cin, bias=False), nn.BatchNorm2d(cin), nn.ReLU(),
        nn.Conv2d(cin, cout, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
    )


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.layers = nn.Sequential(
            separable(8, 16), separable(16, 32, 2), separable(32, 32), separable(32, 64, 2), separable(64, 64),
            separable(64, 128, 2), nn.Sequential(*[separable(128, 128) for _ in range(5)]),
            separable(128, 256, 2), separable(256, 256),
        )
        self.fc = nn.Linear(256, 2)

    def forward(self, x):
        return self.fc(self.layers(self.stem(x)).mean((2, 3)))


NETWORKS = {
    ResNet18: (3, 224, 224),
    UNet: (1, 64, 48),
    DenseNet: (16, 14, 14),
    SqueezeNet: (3, 15, 17),
    MobileNet: (3, 96, 96),
}


def main():
    assert torch.__version__.startswith("2.15.0"), torch.__version__
    tensors = {}
    for kind, shape in NETWORKS.items():
        model = kind().double()
        fill(model)
        model.eval()
        with torch.no_grad():
            output = model(values("input", (1, *shape)))[0]
        # In f64, then rounded: the recorded answer is the mathematical one.
        tensors[kind.__name__] = output.float().contiguous()
        print(kind.__name__, tuple(output.shape), float(output.abs().mean()))
    safetensors.torch.save_file(tensors, HERE / "answers.safetensors")


if __name__ == "__main__":
    main()

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


class ConvBlock(nn.Module):
    def __init__(self, cin, cout, kernel_size, stride=1, padding=0, act=True):
        super().__init__()
        conv = nn.Conv2d(cin, cout, kernel_size, stride, padding, padding_mode="reflect")
        self.conv = nn.Sequential(conv, nn.InstanceNorm2d(cout), nn.ReLU() if act else nn.Identity())

    def forward(self, x):
        return self.conv(x)


class UpBlock(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        conv = nn.ConvTranspose2d(cin, cout, 3, 2, 1, output_padding=1)
        self.conv = nn.Sequential(conv, nn.InstanceNorm2d(cout), nn.ReLU())

    def forward(self, x):
        return self.conv(x)


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.block = nn.Sequential(
            ConvBlock(width, width, 3, padding=1), ConvBlock(width, width, 3, padding=1, act=False)
        )

    def forward(self, x):
        return x + self.block(x)


class Generator(nn.Module):
    def __init__(self, img_channels, num_features=64, num_residuals=9):
        super().__init__()
        c, f = img_channels, num_features
        self.initial = nn.Sequential(
            nn.Conv2d(c, f, 7, 1, 3, padding_mode="reflect"), nn.InstanceNorm2d(f), nn.ReLU()
        )
        self.down_blocks = nn.ModuleList([ConvBlock(f, 2 * f, 3, 2, 1), ConvBlock(2 * f, 4 * f, 3, 2, 1)])
        self.res_blocks = nn.Sequential(*[ResidualBlock(4 * f) for _ in range(num_residuals)])
        self.up_blocks = nn.ModuleList([UpBlock(4 * f, 2 * f), UpBlock(2 * f, f)])
        self.last = nn.Conv2d(f, c, 7, 1, 3, padding_mode="reflect")

    def forward(self, x):
        x = self.initial(x)
        for layer in self.down_blocks:
            x = layer(x)
        x = self.res_blocks(x)
        for layer in self.up_blocks:
            x = layer(x)
        return torch.tanh(self.last(x))


class CycleGan64(Generator):
    def __init__(self):
        super().__init__(3)


class CycleGanPair(Generator):
    def __init__(self):
        super().__init__(3, 9)


class TemporalBlock(nn.Module):
    def __init__(self, cin, cout, kernel_size, dilation):
        super().__init__()
        self.pad = ((kernel_size - 1) * dilation, 0)
        self.conv1 = nn.Conv1d(cin, cout, kernel_size, dilation=dilation)
        self.conv2 = nn.Conv1d(cout, cout, kernel_size, dilation=dilation)
        self.downsample = nn.Conv1d(cin, cout, 1) if cin != cout else nn.Identity()

    def forward(self, x):
        h = torch.relu(self.conv1(nn.functional.pad(x, self.pad)))
        h = torch.relu(self.conv2(nn.functional.pad(h, self.pad)))
        return torch.relu(self.downsample(x) + h)


class Tcn(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = TemporalBlock(2, 24, 3, 1)
        self.network = nn.ModuleList([TemporalBlock(24, 24, 3, dilation) for dilation in (2, 4, 8)])
        self.linear = nn.Linear(24, 1)

    def forward(self, x):
        x = self.first(x)
        for _ in range(2):
            for block in self.network:
                x = block(x)
        return self.linear(x[:, :, -1])


class GptBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        h = self.ln_1(x)
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        x = x + self.attn(h, h, h, attn_mask=later, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(12, 64), nn.Embedding(14, 64)
        self.h = nn.Sequential(GptBlock(64, 4), GptBlock(64, 4))
        self.ln_f, self.lm_head = nn.LayerNorm(64), nn.Linear(64, 12, bias=False)

    def forward(self, characters):
        return self.lm_head(self.ln_f(self.h(self.wte(characters) + self.wpe.weight))).transpose(1, 2)


NETWORKS = {
    ResNet18: (1, 3, 224, 224),
    UNet: (1, 1, 64, 48),
    DenseNet: (1, 16, 14, 14),
    SqueezeNet: (1, 3, 15, 17),
    MobileNet: (1, 3, 96, 96),
    CycleGan64: (1, 3, 64, 64),
    CycleGanPair: (2, 3, 256, 256),
    Tcn: (3, 2, 100),
    Gpt: (3, 14),
}
# Networks whose gradients are recorded too, and of how many numbers one.
GRADIENTS = {CycleGan64: 9973, CycleGanPair: 173, Tcn: 17, Gpt: 61}
# Of so many numbers of the output one.
OUTPUTS = {CycleGanPair: 101}


def main():
    assert torch.__version__.startswith("2.15.0"), torch.__version__
    tensors = {}
    for kind, shape in NETWORKS.items():
        # In f64, then rounded: the recorded answer is the mathematical one.
        model = kind().double()
        fill(model)
        model.eval()
        input = values("input", shape)
        if kind is Gpt:
            input = ((input + 1) * 6).long()
        output = model(input)
        numbers = output.detach().flatten()[:: OUTPUTS.get(kind, 1)]
        tensors[kind.__name__] = numbers.float().contiguous()
        print(kind.__name__, tuple(output.shape), float(numbers.abs().mean()))
        if kind in GRADIENTS:
            output.backward(values("output", output.shape))
            gradients = [tensor.grad.flatten() for _, tensor in sorted(model.named_parameters())]
            gradients = torch.cat(gradients)[:: GRADIENTS[kind]].float().contiguous()
            tensors[kind.__name__ + ".gradients"] = gradients
    safetensors.torch.save_file(tensors, HERE / "answers.safetensors")


if __name__ == "__main__":
    main()

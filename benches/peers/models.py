"""The benchmark's models, defined once. Everything else (export, peers, tables) starts here."""
import functools
import torch
from torch import nn


def conv_bn_relu(i, o, k, s=1, p=0, g=1, bias=False):
    return [nn.Conv2d(i, o, k, s, p, groups=g, bias=bias), nn.BatchNorm2d(o), nn.ReLU()]


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def mlp_6_64_8_4():
    return nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 4))


def mlp_64_32_10():
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


def digits_cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class LstmAudio(nn.Module):
    """RTNeural-like: LSTM(1->20) + Linear(20->1). One call takes a block [T,1,1] and the state."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 20)
        self.dense = nn.Linear(20, 1)

    def forward(self, x, h, c):
        y, (h, c) = self.lstm(x, (h, c))
        return self.dense(y), h, c


class GruAudio(nn.Module):
    """The same with a GRU."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 20)
        self.dense = nn.Linear(20, 1)

    def forward(self, x, h):
        y, h = self.gru(x, h)
        return self.dense(y), h


class Layer(nn.Module):
    """A cell of RTNeural-compare's grid: one layer with as many outputs as inputs. A call takes one sample and the state; a convolution remembers what its
    window of size - 1 still sees."""

    def __init__(self, kind, size):
        super().__init__()
        self.layer = nn.Conv1d(size, size, size - 1) if kind == "conv1d" else {"dense": nn.Linear, "gru": nn.GRU, "lstm": nn.LSTM}[kind](size, size)

    def forward(self, x, *state):
        if isinstance(self.layer, nn.Conv1d):
            window = torch.cat((state[0], x), 2)
            return self.layer(window), window[:, :, 1:]
        if isinstance(self.layer, nn.LSTM):
            y, (h, c) = self.layer(x, state)
            return y, h, c
        return self.layer(x, *state)


def dscnn():
    m = conv_bn_relu(1, 64, (10, 4), 2, (5, 1), bias=True)
    for _ in range(4):
        m += conv_bn_relu(64, 64, 3, 1, 1, g=64, bias=True) + conv_bn_relu(64, 64, 1, bias=True)
    return nn.Sequential(*m, nn.AvgPool2d((25, 5)), nn.Flatten(), nn.Linear(64, 12))


def mobilenet_v1_025():
    m, c = conv_bn_relu(3, 8, 3, 2, 1), 8
    for o, s in [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1)] * 5 + [(256, 2), (256, 1)]:
        m += conv_bn_relu(c, c, 3, s, 1, g=c) + conv_bn_relu(c, o, 1)
        c = o
    return nn.Sequential(*m, nn.AvgPool2d(3), nn.Flatten(), nn.Linear(256, 2))


class Res8Block(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, s, 1), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1), nn.BatchNorm2d(o)
        self.shortcut = nn.Conv2d(i, o, 1, s) if s != 1 else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(*conv_bn_relu(3, 16, 3, 1, 1, bias=True))
        self.block1, self.block2, self.block3 = Res8Block(16, 16, 1), Res8Block(16, 32, 2), Res8Block(32, 64, 2)
        self.pool, self.fc = nn.AvgPool2d(8), nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.pool(self.block3(self.block2(self.block1(self.stem(x))))).flatten(1))


def resnet18():
    import torchvision
    return torchvision.models.resnet18(weights=None)


class CgBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), nn.InstanceNorm2d(c), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), nn.InstanceNorm2d(c))

    def forward(self, x):
        return x + self.conv_block(x)


class CycleGanGen(nn.Module):
    def __init__(self, f=64):
        super().__init__()
        m = [nn.ReflectionPad2d(3), nn.Conv2d(3, f, 7), nn.InstanceNorm2d(f), nn.ReLU()]
        for c in (f, 2 * f):
            m += [nn.Conv2d(c, 2 * c, 3, 2, 1), nn.InstanceNorm2d(2 * c), nn.ReLU()]
        m += [CgBlock(4 * f) for _ in range(9)]
        for c in (4 * f, 2 * f):
            m += [nn.ConvTranspose2d(c, c // 2, 3, 2, 1, output_padding=1), nn.InstanceNorm2d(c // 2), nn.ReLU()]
        self.model = nn.Sequential(*m, nn.ReflectionPad2d(3), nn.Conv2d(f, 3, 7), nn.Tanh())

    def forward(self, x):
        return self.model(x)


def tiny_autoencoder():
    d = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128]
    m = []
    for i, o in zip(d, d[1:]):
        m += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]
    return nn.Sequential(*m, nn.Linear(128, 640))


class LstmLast(nn.Module):
    """A sequence, of which the last step says the class."""

    def __init__(self):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(64, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    """Four layers in front of the mean over all steps."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.encoder, self.fc = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False), nn.Linear(128, 10)

    def forward(self, x):
        return self.fc(self.encoder(x).mean(1))


# name -> (constructor, input shapes)
LSTM_BLOCK = 512
MODELS = {
    "mlp_6_64_8_4": (mlp_6_64_8_4, [(1, 6)]),
    "mlp_64_32_10": (mlp_64_32_10, [(1, 64)]),
    "mlp": (mlp, [(1, 784)]),
    "digits_cnn": (digits_cnn, [(1, 1, 8, 8)]),
    "lenet5": (lenet5, [(1, 1, 28, 28)]),
    "lstm_audio": (LstmAudio, [(1, 1, 1), (1, 1, 20), (1, 1, 20)]),             # one sample a call
    "gru_audio": (GruAudio, [(1, 1, 1), (1, 1, 20)]),
    "lstm_block": (LstmAudio, [(LSTM_BLOCK, 1, 1), (1, 1, 20), (1, 1, 20)]),    # 512 samples a call, same weights
    "dscnn": (dscnn, [(1, 1, 49, 10)]),
    "mobilenet_v1_025": (mobilenet_v1_025, [(1, 3, 96, 96)]),
    "resnet8": (ResNet8, [(1, 3, 32, 32)]),
    "resnet18": (resnet18, [(1, 3, 224, 224)]),
    "cyclegan_gen": (CycleGanGen, [(1, 3, 128, 128)]),
    "tiny_autoencoder": (tiny_autoencoder, [(1, 640)]),
}
BATCHED = ["conv_128_256_4"]  # dfdx's convolution, of 64 samples at once; its step is forward and backward of the mean square
MODELS |= {"conv_128_256_4": (lambda: nn.Sequential(nn.Conv2d(128, 256, 4)), [(64, 128, 28, 28)])}
SEQUENCES = ["lstm_64_128", "transformer_128"]  # for training alone
MODELS |= {"lstm_64_128": (LstmLast, [(1, 64, 64)]), "transformer_128": (Transformer, [(1, 64, 128)])}
SIZES = [4, 8, 16, 32, 64]
KINDS = {  # input, states
    "dense": lambda n: [(1, n)],
    "conv1d": lambda n: [(1, n, 1), (1, n, n - 2)],
    "gru": lambda n: [(1, 1, n)] * 2,
    "lstm": lambda n: [(1, 1, n)] * 3,
}
GRID = [f"{kind}_{size}" for kind in KINDS for size in SIZES]
MODELS |= {f"{kind}_{n}": (functools.partial(Layer, kind, n), shapes(n)) for kind, shapes in KINDS.items() for n in SIZES}
STREAMS = ["lstm_audio", "gru_audio"] + GRID
TRAIN = ["mlp", "digits_cnn", "lenet5", "resnet8", "dscnn", "mobilenet_v1_025", *SEQUENCES]
BATCH = 32


def make(name):
    """The model with its seeded random weights (BN statistics too), and its inputs."""
    ctor, shapes = MODELS[name]
    torch.manual_seed(1234)
    model = ctor()
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(m.weight, 0.5, 1.5)
            nn.init.normal_(m.bias, 0, 0.1)
            nn.init.normal_(m.running_mean, 0, 0.1)
            nn.init.uniform_(m.running_var, 0.5, 1.5)
    g = torch.Generator().manual_seed(99)
    xs = [torch.randn(*s, generator=g) * (0.1 if i else 1.0) for i, s in enumerate(shapes)]
    return model.eval(), xs


def stream(name, length=256):
    """A sound from a state of zeros, a sample at a time: samples and answers, for peers that hold the state themselves."""
    (model, (x, *state)), g = make(name), torch.Generator().manual_seed(5)
    state, xs, ys = [torch.zeros_like(s) for s in state], 0.5 * torch.randn(length, *x.shape, generator=g), []
    with torch.no_grad():
        for x in xs:
            y = model(x, *state)
            y, *state = y if isinstance(y, tuple) else (y,)
            ys.append(y.flatten())
    return xs.flatten(1), torch.stack(ys)


def flops(name, train=False):
    """2 x multiply-adds of the matmuls and convolutions (per sample for those with a state; of one step if train)."""
    from torch.utils.flop_counter import FlopCounterMode
    model, xs = make(name)
    if name in STREAMS + ["lstm_block"]:
        return 2 * sum(p.numel() for p in model.parameters() if p.dim() > 1)
    with FlopCounterMode(display=False) as f:
        if train and name in BATCHED:
            model(xs[0].requires_grad_()).square().mean().backward()
        elif train:
            model.train()
            x = torch.randn(BATCH, *xs[0].shape[1:])
            nn.functional.cross_entropy(model(x), torch.zeros(BATCH, dtype=torch.long)).backward()
        else:
            with torch.no_grad():
                model(*xs)
    return f.get_total_flops()

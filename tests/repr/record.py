"""Records what PyTorch prints of networks: `python tests/repr/record.py` writes tests/repr/generated.rs.

The layers stand here once, in the spelling of the language; Python's follows from it.
"""

import pathlib

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent

# Each group is one network: the inputs, then its layers. A layer is a text, or a text, what is called, and PyTorch's text where it differs.
GROUPS = {
    "Image": (
        {"x": "[4, 8, 8]"},
        [
            "Conv2d(4, 6, 3)",
            "Conv2d(4, 6, (3, 5), stride=2, padding=(1, 2), groups=2, bias=false)",
            'Conv2d(4, 6, 3, padding="same", dilation=2)',
            'Conv2d(4, 6, kernel_size=2, padding="valid")',
            'Conv2d(4, 6, 3, 1, 1, padding_mode="reflect")',
            "Conv2d(4, 6, 3, padding=0, dilation=(1, 1))",
            ("Conv2d(_, 6, 3)", None, "Conv2d(4, 6, 3)"),
            "ConvTranspose2d(4, 6, 3)",
            "ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=false, dilation=2)",
            "BatchNorm2d(4)",
            ("BatchNorm2d(_)", None, "BatchNorm2d(4)"),
            "BatchNorm2d(4, eps=0.001, momentum=None)",
            "BatchNorm2d(4, affine=false)",
            "BatchNorm2d(4, track_running_stats=false)",
            "BatchNorm2d(4, bias=false)",
            "InstanceNorm2d(4)",
            "InstanceNorm2d(4, affine=true, track_running_stats=true)",
            "GroupNorm(2, 4)",
            "GroupNorm(2, 4, eps=0.1, affine=false)",
            "GroupNorm(4, 4, bias=false)",
            "LayerNorm(8)",
            "LayerNorm((8, 8), eps=1e-12)",
            "LayerNorm(8, bias=false)",
            "LayerNorm(8, elementwise_affine=false)",
            "RMSNorm(8)",
            "RMSNorm((8, 8), eps=1e-6, elementwise_affine=false)",
            "LocalResponseNorm(2)",
            "LocalResponseNorm(3, alpha=0.00001, beta=1, k=2)",
            "MaxPool2d(2)",
            "MaxPool2d(3, stride=2, padding=1, ceil_mode=true)",
            "MaxPool2d((2, 3), (1, 2), dilation=(1, 2))",
            "AvgPool2d(2)",
            "AvgPool2d((2, 1), stride=1)",
            "LPPool2d(2, 2)",
            "LPPool2d(1.5, 3, stride=2, ceil_mode=true)",
            "AdaptiveAvgPool2d(1)",
            "AdaptiveAvgPool2d((2, 3))",
            "AdaptiveAvgPool2d((None, 3))",
            "AdaptiveMaxPool2d((5, None))",
            "FractionalMaxPool2d(2, output_size=3)",
            "PixelShuffle(2)",
            "PixelUnshuffle(2)",
            "ChannelShuffle(2)",
            "ReflectionPad2d(1)",
            "ReplicationPad2d((1, 2, 0, 1))",
            "ZeroPad2d(2)",
            "ConstantPad2d(1, 3.5)",
            "ConstantPad2d((1, 0, 2, 0), 0)",
            "CircularPad2d(1)",
            "Upsample(scale_factor=2)",
            'Upsample(size=(16, 12), mode="bilinear")',
            "Upsample(16)",
            'Upsample(scale_factor=(2, 1.5), mode="bilinear", align_corners=true)',
            "UpsamplingNearest2d(scale_factor=2)",
            "UpsamplingNearest2d(16)",
            "UpsamplingBilinear2d(size=(16, 12))",
            "UpsamplingBilinear2d(scale_factor=3)",
            "Unfold(2, stride=2)",
            "Unfold((2, 4), padding=(1, 0))",
            "Softmax2d()",
            "Dropout2d(0.3)",
            "FeatureAlphaDropout(p=0.2, inplace=true)",
            "Flatten()",
            "Flatten(1, 2)",
            "Unflatten(1, (2, 2))",
            "Identity()",
            "GLU(1)",
        ],
    ),
    "Series": (
        {"x": "[4, 12]"},
        [
            "Conv1d(4, 6, 3)",
            "Conv1d(4, 6, 3, padding=2, dilation=3)",
            "ConvTranspose1d(4, 6, 3, stride=2)",
            "BatchNorm1d(4)",
            "InstanceNorm1d(4)",
            "MaxPool1d(2)",
            "MaxPool1d(3, 1)",
            "AvgPool1d(2)",
            "AvgPool1d(3, stride=2, padding=1)",
            "LPPool1d(2, 3)",
            "AdaptiveAvgPool1d(5)",
            "AdaptiveMaxPool1d(1)",
            "ReflectionPad1d(2)",
            "ReplicationPad1d((1, 2))",
            "ZeroPad1d(3)",
            "ConstantPad1d(2, -1)",
            "CircularPad1d((1, 1))",
            "Dropout1d()",
            "Dropout(0)",
            "Dropout(p=0.25, inplace=true)",
            "AlphaDropout(1e-5)",
            "Linear(12, 5)",
            ("Linear(_, 5, bias=false)", None, "Linear(12, 5, bias=False)"),
            ("Bilinear(12, 12, 3)", "{}(x, x)"),
            ("Bilinear(12, 12, 3, bias=false)", "{}(x, x)"),
            ("CosineSimilarity(dim=2)", "{}(x, x)"),
            ("PairwiseDistance(p=1)", "{}(x, x)"),
            "RNN(12, 5)",
            'RNN(12, 5, 2, "relu", bias=false, dropout=0.5, bidirectional=true)',
            "LSTM(12, 5, num_layers=2, batch_first=true, proj_size=3)",
            "LSTM(12, 5)",
            "GRU(12, 5, bidirectional=true)",
            ("MultiheadAttention(12, 3)", "{}(x, x, x)"),
            ("MultiheadAttention(12, 2, dropout=0.1, bias=false)", "{}(x, x, x)"),
            "Softmax(dim=1)",
            "LogSoftmax(-1)",
            "Softmin(dim=2)",
            "GLU()",
            "PReLU()",
            "PReLU(4, init=0.1)",
            "RReLU()",
            "RReLU(0.1, 0.3, inplace=true)",
            "ReLU()",
            "ReLU(inplace=true)",
            "LeakyReLU()",
            "LeakyReLU(0.2, true)",
            "LeakyReLU(1)",
            "Sigmoid()",
            "Tanh()",
            "GELU()",
            'GELU("tanh")',
            "ReLU6()",
            "ReLU6(true)",
            "ELU()",
            "ELU(0.5, inplace=true)",
            "SELU(true)",
            "CELU(alpha=2.5)",
            "SiLU()",
            "Mish(inplace=true)",
            "Hardshrink()",
            "Softshrink(1.5)",
            "Tanhshrink()",
            "Softsign()",
            "Softplus()",
            "Softplus(2, threshold=1e20)",
            "LogSigmoid()",
            "Hardsigmoid(inplace=true)",
            "Hardswish()",
            "Hardtanh()",
            "Hardtanh(0, 6)",
            "Hardtanh(-2.5, 2.5, inplace=true)",
            "Threshold(0.1, 20)",
            "Threshold(0.0, -1e-7, true)",
            ("Fold((2, 4), 2, stride=2, padding=1)", "{}(x.narrow(2, 0, 6))"),
            ("Fold(output_size=4, kernel_size=2, dilation=1)", "{}(x.narrow(2, 0, 9))"),
            "TransformerEncoderLayer(12, 3, 7)",
            ("TransformerDecoderLayer(12, 3, dim_feedforward=5)", "{}(x, x)"),
            ("TransformerEncoder(TransformerEncoderLayer(12, 3, 8), num_layers=2)", None,
             "TransformerEncoder(nn.TransformerEncoderLayer(12, 3, 8), num_layers=2)"),
            ("Transformer(12, 3, 2, 2, 9)", "{}(x, x)"),
        ],
    ),
    "Step": (
        {"x": "[12]"},
        [
            "RNNCell(12, 5)",
            'RNNCell(12, 5, bias=false, nonlinearity="relu")',
            "LSTMCell(12, 5)",
            "GRUCell(12, 5, bias=false)",
        ],
    ),
    "Volume": (
        {"x": "[2, 4, 4, 4]"},
        [
            "Conv3d(2, 2, 3)",
            "Conv3d(2, 2, (1, 2, 3), padding=(0, 0, 1))",
            "ConvTranspose3d(2, 2, 2)",
            "BatchNorm3d(2)",
            "InstanceNorm3d(2)",
            "MaxPool3d(2)",
            "AvgPool3d(2, 1)",
            "LPPool3d(2, 2)",
            "AdaptiveAvgPool3d((1, None, 2))",
            "AdaptiveMaxPool3d(2)",
            "FractionalMaxPool3d(2, output_ratio=0.5)",
            "ReflectionPad3d(1)",
            "ReplicationPad3d(1)",
            "ZeroPad3d((1, 0, 1, 0, 1, 0))",
            "ConstantPad3d(1, 0.5)",
            "CircularPad3d(1)",
            "Dropout3d()",
        ],
    ),
    "Row": (
        {"x": "[2, 3]", "i": "[[u32; 3]; 2]"},
        [("MaxUnpool1d(2)", "{}(x, i)"), ("MaxUnpool1d(3, stride=2, padding=1)", "{}(x, i)")],
    ),
    "Plane": (
        {"x": "[1, 3, 2]", "i": "[[[u32; 2]; 3]; 1]"},
        [("MaxUnpool2d((2, 3))", "{}(x, i)"), ("MaxUnpool2d(3, 2, 1)", "{}(x, i)"), ("MaxUnpool2d(2, stride=(2, 1))", "{}(x, i)")],
    ),
    "Block": (
        {"x": "[1, 1, 3, 2]", "i": "[[[[u32; 2]; 3]; 1]; 1]"},
        [("MaxUnpool3d(2)", "{}(x, i)"), ("MaxUnpool3d(2, (2, 3, 2), padding=(0, 1, 0))", "{}(x, i)")],
    ),
    "Words": (
        {"x": "[u32; 6]"},
        [
            "Embedding(10, 3)",
            "Embedding(10, 3, padding_idx=0)",
            "Embedding(10, 3, padding_idx=-1, max_norm=1, norm_type=1.0, scale_grad_by_freq=true, sparse=true)",
            "Embedding(10, 3, norm_type=2)",
            "EmbeddingBag(10, 3)",
            'EmbeddingBag(10, 3, mode="sum", padding_idx=2)',
            'EmbeddingBag(10, 3, max_norm=2.5, norm_type=1.5, scale_grad_by_freq=true, mode="mean")',
        ],
    ),
}




def python(text):
    return text.replace("true", "True").replace("false", "False")


class Group(nn.Module):
    """Modules under their names, as attributes."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)


class Residual(Group):
    def __init__(self, width):
        super().__init__(conv=nn.Conv2d(width, width, 3, padding=1), bn=nn.BatchNorm2d(width))


class Tower(Group):
    def __init__(self, width):
        super().__init__(parts=nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width), nn.Tanh()]))


class Encoder(nn.Sequential):
    pass


class Mlp(nn.Sequential):
    pass


# Nested models: the declaration, and the same in PyTorch.
MODELS = {
    "Mlp": (
        "struct Mlp: [4] -> [2] (Linear(4, 8), ReLU, Linear(8, 2));",
        lambda: Mlp(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)),
    ),
    "Unnamed": (
        """struct Unnamed: [4] -> [2] {
        first: Linear(4, WIDTH),
        ReLU,
        Linear(WIDTH, 2 * WIDTH),
        last: Linear(_, 2),
    }""",
        lambda: type("Unnamed", (Group,), {})(
            **{"first": nn.Linear(4, 8), "1": nn.ReLU(), "2": nn.Linear(8, 16), "last": nn.Linear(16, 2)}
        ),
    ),
    "Lists": (
        """struct Lists: [4, 6, 6] -> [4, 6, 6] {
        stem: [Conv2d(4, 4, 1), ReLU],
        layers: [Residual(4), Residual(4), Residual(4), Identity, Residual(4)],
        towers: [Tower(6); 9],
        all: [[Residual(4), Residual(4)], [Residual(4), Residual(4)]],
    }
    forward(x) {
        let x = stem(x);
        for layer in layers { x = layer(x); }
        for tower in towers { x = tower(x); }
        for list in all { for layer in list { x = layer(x); } }
        x
    }""",
        lambda: type("Lists", (Group,), {})(
            stem=nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU()),
            layers=nn.ModuleList([Residual(4), Residual(4), Residual(4), nn.Identity(), Residual(4)]),
            towers=nn.ModuleList([Tower(6) for _ in range(9)]),
            all=nn.ModuleList([nn.ModuleList([Residual(4), Residual(4)]) for _ in range(2)]),
        ),
    ),
    "Whole": (
        """struct Whole: [4] -> [4] {
        encoder: net(Encoder),
        #[key = "head"]
        #[frozen]
        decoder: [Linear(3, 5), Tanh, Linear(5, 4)],
    }""",
        lambda: type("Whole", (Group,), {})(
            encoder=Encoder(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)),
            head=nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4)),
        ),
    ),
    "Held": (
        """struct Held: [2, 3] -> [2, 3] {
        fc: Linear(3, 3),
        scale: Parameter(3),
        mean: Buffer(2, 3),
        parts: [Parameter(3), Parameter(2, 3), Parameter(())],
        named: { gain: Parameter(3), offset: Parameter(2, 3) },
        heads: { a: Linear(3, 3), b: [ReLU, Linear(3, 3)], c: Residual3(3) },
    }
    forward(x) {
        let x = fc(x - mean) * scale * parts[0] + parts[1] * parts[2];
        let x = x * named.gain + named.offset;
        heads.c(heads.b(heads.a(x)))
    }""",
        lambda: type("Held", (Group,), {})(
            fc=nn.Linear(3, 3),
            scale=nn.Parameter(torch.zeros(3)),
            mean=nn.Buffer(torch.zeros(2, 3)),
            parts=nn.ParameterList(nn.Parameter(torch.zeros(sizes)) for sizes in [(3,), (2, 3), ()]),
            named=nn.ParameterDict({"gain": nn.Parameter(torch.zeros(3)), "offset": nn.Parameter(torch.zeros(2, 3))}),
            heads=nn.ModuleDict(
                {
                    "a": nn.Linear(3, 3),
                    "b": nn.Sequential(nn.ReLU(), nn.Linear(3, 3)),
                    "c": type("Residual3", (Group,), {})(fc=nn.Linear(3, 3)),
                }
            ),
        ),
    ),
    "Doubles": (
        """#[element(f64)]
    struct Doubles: [3] -> [3] {
        list: [Parameter(3); 2],
        dict: { a: Parameter(3) },
    }
    forward(x) {
        x * list[0] + list[1] * dict.a
    }""",
        lambda: type("Doubles", (Group,), {})(
            list=nn.ParameterList(nn.Parameter(torch.zeros(3, dtype=torch.float64)) for _ in range(2)),
            dict=nn.ParameterDict({"a": nn.Parameter(torch.zeros(3, dtype=torch.float64))}),
        ),
    ),
}


def recorded(name, layers):
    group = type(name, (Group,), {})()
    for index, layer in enumerate(layers):
        text = layer if isinstance(layer, str) else (layer[2] if len(layer) > 2 else layer[0])
        setattr(group, f"l{index}", eval("nn." + python(text)))
    return str(group)


def declared(name, inputs, layers):
    lines = ["network! {", f"    struct {name}: ({', '.join(inputs.values())},) -> ({list(inputs.values())[0]},) {{"]
    for index, layer in enumerate(layers):
        text = layer if isinstance(layer, str) else layer[0]
        lines.append(f"        l{index}: {text.replace('()', '')},")
    lines += ["    }", f"    forward({', '.join(inputs)}) {{"]
    for index, layer in enumerate(layers):
        call = "{}(x)" if isinstance(layer, str) or layer[1] is None else layer[1]
        lines.append(f"        let _ = {call.format(f'l{index}')};")
    lines += ["        (x,)", "    }", "}"]
    return "\n".join(lines)


def main():
    out = ["//! Written by record.py.", "", "use nn::prelude::*;", "", "use super::*;", ""]
    for name, (inputs, layers) in GROUPS.items():
        out += [declared(name, inputs, layers), "", "#[test]", f"fn {name.lower()}() {{"]
        out += [f'    assert_eq!({name}::repr().to_string(), r#"{recorded(name, layers)}"#);', "}", ""]
    for name, (declaration, model) in MODELS.items():
        out += ["network! {", f"    {declaration}", "}", "", "#[test]", f"fn {name.lower()}() {{"]
        out += [f'    assert_eq!({name}::repr().to_string(), r#"{model()}"#);', "}", ""]
    (HERE / "generated.rs").write_text("\n".join(out))
    print(torch.__version__, "wrote generated.rs")


main()

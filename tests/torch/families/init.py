"""torch.nn.init and the layers' default initialisation: distributions, not values, except where nothing is random."""

import math

import torch
from torch import nn
from torch.nn import init

from cases import arguments, rust, shape_text
from network import Graph, Sequential

gains, functions, layers = [], [], []


def case(name, function, shape, **options):
    functions.append((name, function, shape, options))


for nonlinearity in ["linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]:
    gains.append((nonlinearity, nonlinearity, None))
gains.append(("leaky_relu_slope", "leaky_relu", 0.25))
gains.append(("leaky_relu_slope_0", "leaky_relu", 0.0))
gains.append(("leaky_relu_slope_1", "leaky_relu", 1.0))
gains.append(("leaky_relu_negative_slope", "leaky_relu", -0.5))

# Enough values for statistics; nothing of them is stored.
LINEAR, CONV = [40, 60], [24, 10, 3, 5]
case("uniform", init.uniform_, LINEAR)
case("uniform_between", init.uniform_, LINEAR, a=-2.0, b=0.5)
case("normal", init.normal_, LINEAR)
case("normal_around", init.normal_, LINEAR, mean=3.0, std=0.25)
case("trunc_normal", init.trunc_normal_, LINEAR)
case("trunc_normal_near", init.trunc_normal_, LINEAR, std=1.0, a=-0.5, b=1.0)
case("trunc_normal_absolute_bounds", init.trunc_normal_, LINEAR, mean=1.0, std=0.5, a=0.0, b=1.25)
case("trunc_normal_tail", init.trunc_normal_, LINEAR, mean=0.0, std=1.0, a=1.0, b=3.0)
for shape, kind in [(LINEAR, ""), (CONV, "_conv")]:
    case(f"xavier_uniform{kind}", init.xavier_uniform_, shape)
    case(f"xavier_uniform{kind}_gain", init.xavier_uniform_, shape, gain=2.0)
    case(f"xavier_normal{kind}", init.xavier_normal_, shape)
    case(f"xavier_normal{kind}_gain", init.xavier_normal_, shape, gain=0.5)
    for function in [init.kaiming_uniform_, init.kaiming_normal_]:
        name = function.__name__ + kind.lstrip("_") if kind else function.__name__.rstrip("_")
        case(name, function, shape)
        case(f"{name}_fan_out", function, shape, mode="fan_out")
        case(f"{name}_relu", function, shape, nonlinearity="relu")
        case(f"{name}_slope", function, shape, a=0.5)
        case(f"{name}_linear_fan_out", function, shape, mode="fan_out", nonlinearity="linear")
        case(f"{name}_tanh", function, shape, nonlinearity="tanh")
        case(f"{name}_selu", function, shape, nonlinearity="selu")
case("constant", init.constant_, [3, 5], val=0.75)
case("ones", init.ones_, [3, 5])
case("zeros", init.zeros_, [3, 5])
case("eye", init.eye_, [3, 3])
case("eye_wide", init.eye_, [2, 5])
case("eye_tall", init.eye_, [5, 2])
case("dirac_1d", init.dirac_, [3, 2, 3])
case("dirac_2d", init.dirac_, [4, 5, 3, 4])
case("dirac_3d", init.dirac_, [2, 3, 1, 2, 3])
case("dirac_groups", init.dirac_, [6, 2, 3, 3], groups=3)
case("dirac_groups_more_outputs", init.dirac_, [6, 2, 3], groups=2)
case("orthogonal", init.orthogonal_, [7, 7])
case("orthogonal_wide", init.orthogonal_, [4, 9])
case("orthogonal_tall_gain", init.orthogonal_, [9, 4], gain=2.0)
case("orthogonal_conv", init.orthogonal_, [4, 3, 2, 2])
case("sparse", init.sparse_, [100, 30], sparsity=0.25)
case("sparse_rounds_up", init.sparse_, [101, 30], sparsity=0.1, std=0.5)

for name, network, *shapes in [
    ("linear", (Sequential, "Linear(60, 40)"), [60]),
    ("bilinear", (Graph, "mix: Bilinear(9, 30, 20)", "(a, b) { mix(a, b) }"), [9], [30]),
    ("conv1d", (Sequential, "Conv1d(10, 30, 5)"), [10, 9]),
    ("conv2d", (Sequential, "Conv2d(10, 24, (3, 5))"), [10, 4, 6]),
    ("conv2d_groups", (Sequential, "Conv2d(12, 48, 3, groups = 4)"), [12, 4, 4]),
    ("conv2d_depthwise", (Sequential, "Conv2d(64, 64, 3, groups = 64)"), [64, 4, 4]),
    ("conv3d", (Sequential, "Conv3d(6, 20, (2, 3, 2))"), [6, 2, 3, 3]),
    ("conv_transpose1d", (Sequential, "ConvTranspose1d(10, 30, 5)"), [10, 4]),
    ("conv_transpose2d", (Sequential, "ConvTranspose2d(10, 24, (3, 5))"), [10, 2, 2]),
    ("conv_transpose2d_groups", (Sequential, "ConvTranspose2d(12, 48, 3, groups = 4)"), [12, 2, 2]),
    ("conv_transpose3d", (Sequential, "ConvTranspose3d(6, 20, (2, 3, 2))"), [6, 2, 2, 2]),
    ("batch_norm1d", (Sequential, "BatchNorm1d(5)"), [5]),
    ("batch_norm2d", (Sequential, "BatchNorm2d(5)"), [5, 2, 2]),
    ("batch_norm3d", (Sequential, "BatchNorm3d(5)"), [5, 2, 2, 2]),
    ("instance_norm2d", (Sequential, "InstanceNorm2d(5, affine = true, track_running_stats = true)"), [5, 2, 2]),
    ("group_norm", (Sequential, "GroupNorm(2, 6)"), [6, 2]),
    ("layer_norm", (Sequential, "LayerNorm((2, 3))"), [4, 2, 3]),
    ("rms_norm", (Sequential, "RMSNorm(5)"), [5]),
    ("multihead_attention", (Graph, "attn: MultiheadAttention(200, 4, add_bias_kv = true)", "(x) { let (y, _) = attn(x, x, x); y }"), [3, 200]),
    ("multihead_attention_kdim", (Graph, "attn: MultiheadAttention(60, 4, kdim = 40, vdim = 90)", "(q, k, v) { let (y, _) = attn(q, k, v); y }"), [3, 60], [2, 40], [2, 90]),
    ("prelu", (Sequential, "PReLU"), [5]),
    ("prelu_init", (Sequential, "Linear(3, 4), PReLU(4, init = -0.5), PReLU(init = 0.125)"), [3]),
]:
    layers.append((name, network, shapes))


class Drawing:
    """Remembers the random calls on tensors, by the tensor."""

    def __enter__(self):
        self.calls, self.own = {}, (torch.Tensor.uniform_, torch.Tensor.normal_)

        def uniform(tensor, low=0.0, high=1.0, **options):
            self.calls[tensor.data_ptr()] = f"uniform({rust(float(low))}, {rust(float(high))})"
            return self.own[0](tensor, low, high, **options)

        def normal(tensor, mean=0.0, std=1.0, **options):
            self.calls[tensor.data_ptr()] = f"normal({rust(float(mean))}, {rust(float(std))})"
            return self.own[1](tensor, mean, std, **options)

        torch.Tensor.uniform_, torch.Tensor.normal_ = uniform, normal
        return self

    def __exit__(self, *error):
        torch.Tensor.uniform_, torch.Tensor.normal_ = self.own

    def of(self, tensor):
        first = tensor.view(-1)[0].item()
        if tensor.numel() > 1 and (tensor == first).all():
            return f"constant({rust(first)})"
        return self.calls.get(tensor.data_ptr()) or f"constant({rust(first)})"


def truncated(mean, std, a, b):
    """Mean and standard deviation of a normal distribution cut off at `a` and `b`."""

    def density(x):
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    low, high = (a - mean) / std, (b - mean) / std
    mass = (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2))) / 2
    shift = (density(low) - density(high)) / mass
    spread = 1 + (low * density(low) - high * density(high)) / mass - shift**2
    return mean + std * shift, std * math.sqrt(spread)


def distribution(name, function, tensor, options, drawing):
    """What the values must look like, and the values themselves where they are fixed."""
    if function is init.trunc_normal_:
        bounds = {"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0} | options
        mean, std = truncated(**bounds)
        assert abs(tensor.mean() - mean) < 0.1 and abs(tensor.std() - std) < 0.1, name
        return f"between({rust(bounds['a'])}, {rust(bounds['b'])}, mean = {rust(mean)}, std = {rust(std)})", {}
    if function is init.orthogonal_:
        return f"semi_orthogonal(gain = {rust(options.get('gain', 1.0))})", {}
    if function is init.sparse_:
        zeros = math.ceil(options["sparsity"] * tensor.shape[0])
        assert ((tensor == 0).sum(0) == zeros).all()
        return f"zeros_in_each_column({zeros}, std = {rust(options.get('std', 0.01))})", {}
    if tensor.data_ptr() in drawing.calls:
        return drawing.of(tensor), {}
    return "recorded", {f"{name}/value": tensor}


def record():
    tensors, texts = {}, []
    for name, nonlinearity, parameter in gains:
        gain = float(init.calculate_gain(nonlinearity, parameter))
        texts.append(f'gain_case! {{ gain_{name}: calculate_gain("{nonlinearity}", {parameter}), {rust(gain)} }}\n')
    torch.manual_seed(0)
    for name, function, shape, options in functions:
        with Drawing() as drawing:
            tensor = torch.empty(shape)
            function(tensor, **options)
        text, own = distribution(name, function, tensor, options, drawing)
        tensors |= own
        call = arguments(function, options).replace("_(", "(", 1)
        texts.append(f"init_case! {{ {name}: {shape}, {call}, {text} }}\n")
    for name, (kind, *text), shapes in layers:
        with Drawing() as drawing:
            model = kind(*text)
        output = model.eval()(*(torch.zeros(1, *shape) for shape in shapes)).shape[1:]
        values = "".join(f'    "{key}": {drawing.of(p.detach())},\n' for key, p in model.state_dict().items() if p.dim())
        texts.append(f"""default_case! {{ default_{name}:
    network! {{
        pub struct Net: {shape_text(shapes)} -> {list(output)} {kind.rust(*text)}
    }}
{values}}}
""")
    return tensors, texts

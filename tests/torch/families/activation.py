"""Functions of one number, from ReLU to Threshold; Softmax, LogSoftmax, Softmin, Softmax2d."""

import torch

from cases import Family

cases = Family()

INF, NAN = float("inf"), float("nan")
# Kinks, signed zeros, saturation, values where naive formulas overflow or cancel.
SPECIAL = [0.0, -0.0, 1e-7, -1e-7, 1e-3, -1e-3, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 5.5, -5.5, 9.0, -9.0, 20.0, -20.0, 88.0, -88.0, 89.0, -89.0, 100.0, -100.0]


def case(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **{"values": "full"} | options)


def special(name, layer, values=SPECIAL, **options):
    case(name, layer, [len(values)], batch=1, given={"input0": [values]}, **options)


for name, layer in [
    ("relu", "ReLU"),
    ("leaky_relu", "LeakyReLU"),
    ("leaky_relu_slope", "LeakyReLU(0.25)"),
    ("leaky_relu_slope_0", "LeakyReLU(negative_slope = 0.0)"),
    ("leaky_relu_negative_slope", "LeakyReLU(-0.5)"),
    ("leaky_relu_steep", "LeakyReLU(2.0)"),
    ("sigmoid", "Sigmoid"),
    ("tanh", "Tanh"),
    ("gelu", "GELU"),
    ("gelu_tanh", "GELU(\"tanh\")"),
]:
    case(name, layer, [5, 7], f64=True)
    special(f"{name}_special", layer, f64=True)
    special(f"{name}_nan", layer, [NAN, 1.0, -1.0])

for name, layer in [
    ("relu6", "ReLU6"),
    ("elu", "ELU"),
    ("elu_alpha", "ELU(alpha = 0.5)"),
    ("selu", "SELU"),
    ("celu", "CELU"),
    ("celu_alpha", "CELU(2.0)"),
    ("silu", "SiLU"),
    ("mish", "Mish"),
    ("hardshrink", "Hardshrink"),
    ("hardshrink_lambd", "Hardshrink(1.0)"),
    ("softshrink", "Softshrink"),
    ("softshrink_lambd", "Softshrink(lambd = 1.0)"),
    ("tanhshrink", "Tanhshrink"),
    ("softsign", "Softsign"),
    ("softplus", "Softplus"),
    ("softplus_sharp", "Softplus(beta = 2.0, threshold = 6.0)"),
    ("log_sigmoid", "LogSigmoid"),
    ("hardsigmoid", "Hardsigmoid"),
    ("hardswish", "Hardswish"),
    ("hardtanh", "Hardtanh"),
    ("hardtanh_bounds", "Hardtanh(-0.5, max_val = 3.0)"),
    ("threshold", "Threshold(0.5, 20.0)"),
    ("threshold_keywords", "Threshold(threshold = -1.0, value = 0.25)"),
]:
    case(name, layer, [5, 7], f64=True)
    special(f"{name}_special", layer, f64=True)
    # PyTorch's gradients of a few NaN, one by one, are others than those of as many as fill its registers.
    special(f"{name}_nan", layer, [NAN, 1.0, -1.0] * 32)

for name, layer in [("relu", "ReLU"), ("leaky_relu", "LeakyReLU"), ("sigmoid", "Sigmoid"), ("tanh", "Tanh")]:
    special(f"{name}_infinite", layer, [INF, -INF, 1.0])
    case(f"{name}_one_value", layer, [1], batch=1)
    case(f"{name}_rank_3", layer, [3, 5, 11])
case("elu_in_place", "Linear(3, 5), ELU(1.0, true), Linear(5, 2)", [3])
case("silu_in_place", "Linear(3, 5), SiLU(inplace = true), Linear(5, 2)", [3])
case("gelu_none", "GELU(approximate = \"none\")", [33], batch=1)
case("relu_in_place", "Linear(3, 5), ReLU(inplace = true), Linear(5, 2)", [3])
case("leaky_relu_in_place", "Linear(3, 5), LeakyReLU(0.1, true), Linear(5, 2)", [3])
case("activations_in_a_row", "Tanh, ReLU, Sigmoid, GELU, LeakyReLU, Tanh", [9])

# Softmax sums to one along dim; the batch is axis 0.
for name, layer in [("softmax", "Softmax"), ("log_softmax", "LogSoftmax"), ("softmin", "Softmin")]:
    case(name, f"{layer}(1)", [7], f64=True)
    case(f"{name}_keyword", f"{layer}(dim = 1)", [10])
    case(f"{name}_last", f"{layer}(-1)", [3, 5], f64=True)
    case(f"{name}_channels", f"{layer}(1)", [5, 3, 4])
    case(f"{name}_middle", f"{layer}(2)", [2, 5, 3])
    case(f"{name}_negative", f"{layer}(dim = -2)", [2, 5, 3], f64=True)
    case(f"{name}_negative_channels", f"{layer}(-3)", [4, 2, 3])
    case(f"{name}_of_one", f"{layer}(1)", [1])
    case(f"{name}_of_one_inner", f"{layer}(2)", [3, 1, 2])
    case(f"{name}_17", f"{layer}(1)", [17], batch=1)
    case(f"{name}_100", f"{layer}(1)", [100], batch=2)
    special(f"{name}_large", f"{layer}(1)", [1000.0, 999.0, -1000.0, 998.5])
    special(f"{name}_very_negative", f"{layer}(1)", [-1000.0, -1001.0, -1000.5])
    special(f"{name}_equal", f"{layer}(1)", [2.0, 2.0, 2.0, 2.0])
    special(f"{name}_masked", f"{layer}(1)", [0.5, -INF, 1.0, -INF])
    special(f"{name}_nan", f"{layer}(1)", [0.5, NAN, 1.0])
special("softmax_all_masked", "Softmax(1)", [-INF, -INF])
special("softmax_infinite", "Softmax(1)", [INF, 1.0, 2.0])
case("softmax2d", "Softmax2d", [3, 4, 5], f64=True)
case("softmax2d_one_channel", "Softmax2d()", [1, 2, 3], batch=1)
case("softmax2d_behind_a_convolution", "Conv2d(2, 5, 3), Softmax2d", [2, 4, 5])

"""Layers without parameters called as functions of torch.nn.functional: the same operations on another way through the macro."""

from cases import Family

cases = Family()


def case(name, call, *inputs, **options):
    """`call` is one call on `x`, doubled so that it is not the last operation."""
    cases.graph(name, "", f"(x) {{ {call} * 2.0 }}", *inputs, **{"values": "full"} | options)


for axes, shape in [("1d", [2, 7]), ("2d", [2, 7, 6]), ("3d", [2, 5, 4, 6])]:
    case(f"max_pool{axes}", f"max_pool{axes}(x, 3, stride = 2, padding = 1)", shape, f64=True)
    case(f"avg_pool{axes}", f"avg_pool{axes}(x, 2, ceil_mode = true)", shape)
    case(f"avg_pool{axes}_without_padding", f"avg_pool{axes}(x, 3, stride = 2, padding = 1, count_include_pad = false)", shape)
    case(f"adaptive_max_pool{axes}", f"adaptive_max_pool{axes}(x, 3)", shape)
    case(f"adaptive_avg_pool{axes}", f"adaptive_avg_pool{axes}(x, 3)", shape)
    case(f"lp_pool{axes}", f"lp_pool{axes}(x, 2.0, 2)", shape, given={"input0": lambda x: x.abs() + 0.5})
    case(f"dropout{axes}", f"dropout{axes}(x, 0.0)", shape)
for axes, shape in [("1d", [2, 6]), ("3d", [2, 4, 2, 6])]:
    cases.graph(
        f"max_unpool{axes}", "", f"(x) {{ let (y, i) = max_pool{axes}(x, 2, return_indices = true); max_unpool{axes}(y * 2.0, i, 2) }}", shape,
        values="distinct",
    )
case("max_pool2d_dilated", "max_pool2d(x, (2, 3), dilation = (2, 1))", [2, 7, 6])
case("avg_pool2d_divisor", "avg_pool2d(x, 2, divisor_override = 3)", [2, 7, 6])
case("adaptive_avg_pool2d_height_kept", "adaptive_avg_pool2d(x, (None, 2))", [2, 3, 7])
case("fractional_max_pool3d", "fractional_max_pool3d(x, 2, output_size = (2, 3, 1))", [2, 4, 6, 3], values="distinct")
case("dropout", "dropout(x, p = 0.0)", [5])

for call in [
    "relu(x)", "leaky_relu(x, 0.25)", "sigmoid(x)", "tanh(x)", 'gelu(x, approximate = "tanh")', "relu6(x)", "elu(x, alpha = 0.5)", "selu(x)",
    "celu(x, 2.0)", "silu(x)", "mish(x)", "hardshrink(x)", "softshrink(x, lambd = 0.25)", "tanhshrink(x)", "softsign(x)",
    "softplus(x, beta = 2.0)", "logsigmoid(x)", "hardsigmoid(x)", "hardswish(x)", "hardtanh(x, -0.5, 0.25)", "threshold(x, 0.1, value = 3.0)",
    "softmax(x, dim = 1)", "log_softmax(x, -1)", "softmin(x, dim = 2)",
]:
    case(call.split("(")[0], call, [3, 4], f64=True)
case("view", "view(x, (-1, 4, 3))", [3, 4])

"""The indices of MaxPool, AdaptiveMaxPool and FractionalMaxPool, and MaxUnpool, which takes them."""

import torch

from cases import Family, Index

cases = Family()


def pool(name, layer, *inputs, **options):
    """The maxima and their places."""
    forward = "(x) { let (y, indices) = pool(x); (y, indices) }"
    cases.graph(name, f"pool: {layer}", forward, *inputs, **{"values": "distinct"} | options)


def both(name, down, up, *inputs, call="", **options):
    """Down and up again."""
    forward = f"(x) {{ let (y, indices) = pool(x); unpool(2.0 * y, indices{call}) }}"
    cases.graph(name, f"pool: {down}, unpool: {up}", forward, *inputs, **{"values": "distinct"} | options)


def unpool(name, layer, shape, *given, below, call="", **options):
    """Of indices that the user gives."""
    given = {"input1": torch.tensor(given)} if given else None
    cases.graph(
        name, f"unpool: {layer}", f"(x, i) {{ unpool(x, i{call}) }}", shape, Index(shape, below), given=given, **options
    )


def holes(value, every=5):
    def put(x):
        x = x.clone()
        x.view(-1)[::every] = value
        return x

    return {"input0": put}


def constant(value):
    return {"input0": lambda x: torch.full_like(x, value)}


indices = "return_indices = true"
pool("max1d", f"MaxPool1d(2, {indices})", [2, 7], f64=True)
pool("max1d_padding_of_negatives", f"MaxPool1d(4, 2, 2, {indices})", [2, 5], given={"input0": lambda x: -x.abs() - 1})
pool("max1d_dilation_ceil", f"MaxPool1d(3, 2, 1, 2, true, true)", [2, 10])
pool("max1d_point", f"MaxPool1d(1, {indices})", [1, 1], batch=1)
pool("max2d", f"MaxPool2d(2, {indices})", [3, 6, 7], f64=True)
pool("max2d_kernel_3_stride_2", f"MaxPool2d(3, stride = 2, padding = 1, {indices})", [2, 7, 8])
pool("max2d_everything", "MaxPool2d((3, 2), (2, 3), (1, 0), (2, 1), true, true)", [2, 8, 7], f64=True)
pool("max2d_ceil_dilation", f"MaxPool2d(2, stride = 2, dilation = 2, ceil_mode = true, {indices})", [2, 6, 7])
pool("max2d_ties", f"MaxPool2d(3, stride = 2, padding = 1, ceil_mode = true, {indices})", [2, 5, 6], given=constant(0))
pool("max2d_nan", f"MaxPool2d(2, stride = 1, {indices})", [2, 5, 6], given=holes(float("nan")))
pool("max2d_all_nan", f"MaxPool2d(2, {indices})", [1, 2, 4], given=constant(float("nan")))
pool("max2d_minus_infinity", f"MaxPool2d(2, stride = 1, padding = 1, {indices})", [1, 3, 4], given=constant(float("-inf")))
pool("max2d_some_minus_infinity", f"MaxPool2d((1, 2), {indices})", [2, 3, 6], given=holes(float("-inf"), 2))
pool("max3d", f"MaxPool3d(2, {indices})", [2, 4, 5, 3], f64=True)
pool("max3d_everything", "MaxPool3d((2, 3, 2), (1, 2, 3), (1, 1, 0), (1, 1, 2), true, true)", [2, 3, 5, 7])
pool("adaptive1d", f"AdaptiveMaxPool1d(3, {indices})", [2, 7], f64=True)
pool("adaptive2d", f"AdaptiveMaxPool2d((2, 3), {indices})", [2, 5, 7])
pool("adaptive2d_nan", f"AdaptiveMaxPool2d((None, 3), {indices})", [2, 3, 7], given=holes(float("nan")))
pool("adaptive2d_larger", f"AdaptiveMaxPool2d(5, {indices})", [1, 3, 4], batch=1)
pool("adaptive2d_minus_infinity", f"AdaptiveMaxPool2d(2, {indices})", [1, 3, 3], given=constant(float("-inf")))
pool("adaptive3d", "AdaptiveMaxPool3d((2, 1, 3), true)", [2, 3, 4, 5])
pool("fractional2d", f"FractionalMaxPool2d(2, output_size = 3, {indices})", [3, 6, 4], f64=True)
pool("fractional2d_ties", f"FractionalMaxPool2d(2, 3, {indices})", [2, 4, 4], given=constant(0.5))
pool("fractional3d", f"FractionalMaxPool3d(2, (2, 3, 1), {indices})", [2, 4, 6, 3])
cases.graph(
    "functions",
    "",
    "(x) { let (a, i) = max_pool2d(x, 2, return_indices = true); let (b, j) = adaptive_max_pool2d(x, 2, return_indices = true); "
    "let (c, k) = fractional_max_pool2d(x, 2, output_size = (2, 3), return_indices = true); (a, i, b, j, c, k) }",
    [2, 4, 4],
    values="distinct",
)
cases.graph("only_the_indices", f"pool: MaxPool2d(2, {indices})", "(x) { let (_y, i) = pool(x); i }", [2, 4, 5], values="distinct")
cases.graph("only_the_values", f"pool: MaxPool2d(2, {indices})", "(x) { let (y, _i) = pool(x); y }", [2, 4, 5], values="distinct")
cases.graph(
    "values_of_two_pools",
    f"wide: MaxPool2d(2, {indices}), narrow: MaxPool2d((1, 2), {indices})",
    "(x) { let (y, _i) = wide(x); let (z, _j) = narrow(y); z }",
    [2, 4, 8],
    values="distinct",
)
cases.graph(
    "indices_through_shapes",
    f"pool: MaxPool2d(2, {indices}), table: Embedding(12, 3)",
    "(x) { let (y, i) = pool(x); let j = flatten(i, 1); (table(j), j, flatten(y, 1)) }",
    [2, 3, 4],
    values="distinct",
)
cases.graph(
    "shared_layer",
    f"pool: MaxPool1d(2, 1, {indices}), unpool: MaxUnpool1d(2, 1)",
    "(x) { let (y, i) = pool(x); let (z, j) = pool(y); (unpool(unpool(z, j), i), j) }",
    [2, 6],
    values="distinct",
)

# The notes' examples.
both("down_and_up", f"MaxPool2d(2, stride = 2, {indices})", "MaxUnpool2d(2, stride = 2)", [1, 4, 4], batch=1, f64=True)
both("down_and_up_odd", f"MaxPool2d(2, stride = 2, {indices})", "MaxUnpool2d(2, stride = 2)", [1, 4, 5], call=", output_size = (4, 5)")
both("wider_output", f"MaxPool2d(2, stride = 2, {indices})", "MaxUnpool2d(2, stride = 2)", [1, 4, 4], call=", output_size = (5, 5)")
both("up1d", f"MaxPool1d(3, {indices})", "MaxUnpool1d(3)", [2, 9], f64=True)
both("up1d_shorter_is_enough", f"MaxPool1d(2, {indices})", "MaxUnpool1d(2)", [2, 7])
both("up1d_output_size", f"MaxPool1d(2, {indices})", "MaxUnpool1d(2)", [2, 7], call=", output_size = (7,)")
both("up2d_padding", f"MaxPool2d(3, 2, 1, {indices})", "MaxUnpool2d(3, 2, 1)", [2, 7, 5])
both("up2d_padding_output_size", f"MaxPool2d(3, 2, 1, {indices})", "MaxUnpool2d(3, 2, padding = 1)", [2, 8, 6], call=", output_size = [8, 6]")
both("up2d_tuple", f"MaxPool2d((3, 2), (2, 3), {indices})", "MaxUnpool2d(kernel_size = (3, 2), stride = (2, 3))", [2, 7, 8], f64=True)
both("up2d_overlaps", f"MaxPool2d(3, 1, {indices})", "MaxUnpool2d(3, 1)", [2, 5, 6])
both("up2d_nan", f"MaxPool2d(2, {indices})", "MaxUnpool2d(2, stride = None)", [1, 4, 4], given=holes(float("nan"), 3))
both("up3d", f"MaxPool3d(2, {indices})", "MaxUnpool3d(2)", [2, 4, 6, 2], f64=True)
both("up3d_output_size", f"MaxPool3d((1, 2, 3), {indices})", "MaxUnpool3d((1, 2, 3))", [2, 3, 5, 7], call=", output_size = (3, 5, 7)")
cases.graph(
    "function",
    "",
    "(x) { let (y, i) = max_pool2d(x, 2, return_indices = true); "
    "max_unpool2d(y, i, 2) + max_unpool2d(y, i, 2, 2, 0, output_size = (4, 4)) }",
    [2, 4, 4],
    values="distinct",
)
cases.graph(
    "autoencoder",
    f"conv: Conv2d(1, 3, 3, padding = 1), pool: MaxPool2d(2, {indices}), unpool: MaxUnpool2d(2), up: ConvTranspose2d(3, 1, 3, padding = 1)",
    "(x) { let (y, i) = pool(relu(conv(x))); up(unpool(y, i)) }",
    [1, 6, 6],
    values="full",
)
unpool("given_indices", "MaxUnpool2d(2)", [2, 2, 3], below=24)
unpool("given_indices_1d", "MaxUnpool1d(2, 3, 1)", [3, 4], below=9, f64=True)
unpool(
    "given_twice",
    "MaxUnpool2d(2)",
    [1, 2, 2],
    [[[3, 3], [3, 0]]],
    [[[1, 2], [2, 1]]],
    below=16,
    batch=2,
    call=", output_size = (3, 3)",
)

"""torch.nn.utils.parametrizations.weight_norm: lengths and directions of every layer with a weight."""

from cases import Family, Index

cases = Family()


def normed(name, layer, *inputs, attribute="weight_norm", **options):
    cases.graph(name, f"#[{attribute}] layer: {layer}", "(x) { layer(x) }", *inputs, **options)


normed("linear", "Linear(5, 3)", [5], f64=True)
normed("linear_whole", "Linear(5, 3)", [5], attribute="weight_norm(dim = None)", f64=True)
normed("linear_rows", "Linear(7, 2, bias = false)", [3, 7], batch=2)
normed("wide_linear", "Linear(67, 4)", [67], batch=5)
normed("conv1d", "Conv1d(4, 6, 3, stride = 2, padding = 2, dilation = 2, groups = 2)", [4, 11], f64=True)
normed("conv1d_whole", "Conv1d(4, 5, 3)", [4, 7], attribute="weight_norm(dim = None)")
normed("conv2d", 'Conv2d(3, 4, (3, 2), padding = 1, padding_mode = "reflect", bias = false)', [3, 5, 4])
normed("conv3d", "Conv3d(2, 3, 2)", [2, 3, 4, 3])
normed("conv_transpose1d", "ConvTranspose1d(4, 6, 4, stride = 2, padding = 1, groups = 2)", [4, 5], f64=True)
normed("conv_transpose2d", "ConvTranspose2d(3, 2, 3, bias = false)", [3, 4, 3], attribute="weight_norm(dim = 0)")
normed("conv_transpose3d", "ConvTranspose3d(2, 2, 2)", [2, 2, 3, 2])
normed("embedding", "Embedding(5, 7)", Index([4], 5))
cases.graph(
    "bilinear",
    "#[weight_norm] layer: Bilinear(3, 4, 2)",
    "(a, b) { layer(a, b) }",
    [3],
    [4],
)
cases.graph(
    "shared",
    "#[weight_norm] fc: Linear(4, 4), plain: Linear(4, 4)",
    "(x) { let h = relu(fc(x)); let h = plain(h); fc(h) }",
    [4],
    f64=True,
)
cases.graph(
    "residual_block",
    "#[weight_norm] conv1: Conv1d(4, 4, 3, padding = 2, dilation = 2), #[weight_norm] conv2: Conv1d(4, 4, 1)",
    "(x) { let h = relu(conv1(x)); x + conv2(h) }",
    [4, 9],
)

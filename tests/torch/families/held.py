"""Parameter and Buffer: tensors of the network itself, alone, in lists and under names."""

from cases import Family

cases = Family()


def case(name, layers, forward, *inputs, **options):
    cases.graph(name, layers, forward, *inputs, **options)


# A factor for each feature: LayerScale.
case("parameter_scale", "scale: Parameter(5)", "(x) { x * scale }", [5], f64=True)
case("parameter_scale_batch_1", "scale: Parameter(5)", "(x) { x * scale }", [5], batch=1)
case("parameter_layer_scale", "gamma: Parameter(1e-5 * ones(4)), fc: Linear(4, 4)", "(x) { x + gamma * fc(x) }", [3, 4], f64=True)
case("parameter_layer_scale_batch_1", "gamma: Parameter(full((4,), 0.25)), fc: Linear(4, 4)", "(x) { x + fc(x) * gamma }", [3, 4], batch=1)
case("parameter_of_channels", "gain: Parameter(ones(3, 1, 1)), offset: Parameter(zeros(3, 1, 1))", "(x) { x * gain + offset }", [3, 2, 5], f64=True)
case("parameter_one_number", "temperature: Parameter(1)", "(x) { x / temperature }", [2, 3], given={"param/temperature": [0.75]})
case("parameter_scalar", "scale: Parameter(())", "(x) { x * exp(scale) }", [2, 3], values="full")

# Positions, with PyTorch's batch of 1 or without.
case("parameter_position", "pos: Parameter(7, 3)", "(x) { x + pos }", [7, 3], f64=True)
case("parameter_position_batch_axis", "pos: Parameter(1, 7, 3, batch_axis = true)", "(x) { x + pos }", [7, 3])
case("parameter_fewer_axes_left", "pos: Parameter(3)", "(x) { pos - x }", [2, 7, 3], f64=True)
case("parameter_fewer_axes_divided", "pos: Parameter(2, 1)", "(x) { x / (exp(pos) + 1.0) }", [5, 2, 3], values="full")
case("parameter_wider_than_value", "pos: Parameter(4, 3)", "(x) { x * pos }", [1, 3])

# ViT: a class token in front, positions for all, layers around.
VIT = "cls: Parameter(zeros(1, 1, 6), batch_axis = true), pos: Parameter(0.02 * randn(1, 5, 6), batch_axis = true), conv: Conv2d(1, 6, 2, stride = 2), attn: MultiheadAttention(6, 2), norm: LayerNorm(6), head: Linear(6, 3)"
VIT_FORWARD = "(image) { let x = transpose(flatten(conv(image), 2), 1, 2); let x = cat([cls, x], dim = 1) + pos; let h = norm(x); let (h, _w) = attn(h, h, h); head(select(x + h, 1, 0)) }"
case("parameter_vit", VIT, VIT_FORWARD, [1, 4, 4], values="full", f64=True)
case("parameter_vit_batch_1", VIT.replace("LayerNorm(6)", "LayerNorm(6, eps = 0.5)"), VIT_FORWARD, [1, 4, 4], batch=1)

# Products with a matrix that all samples share.
case("parameter_matmul", "w: Parameter(3, 4)", "(x) { matmul(x, w) }", [5, 3], f64=True)
case("parameter_matmul_vector", "w: Parameter(3, 4)", "(x) { matmul(x, w) }", [3], f64=True)
case("parameter_matmul_vector_batch_1", "w: Parameter(3, 4)", "(x) { matmul(x, w) }", [3], batch=1)
case("parameter_matmul_axes_in_front", "w: Parameter(3, 4)", "(x) { matmul(x, w) }", [2, 5, 3], batch=2)
case("parameter_matmul_left", "w: Parameter(4, 5)", "(x) { matmul(w, x) }", [5, 3])

# The states that a recurrent layer begins with.
case(
    "parameter_lstm_state",
    "h0: Parameter(1, 1, 4, batch_axis = true), c0: Parameter(1, 1, 4, batch_axis = true), lstm: LSTM(3, 4, batch_first = true)",
    "(x) { let (y, (h, _c)) = lstm(x, (h0, c0)); (y, h) }",
    [5, 3], values="full", f64=True,
)
case(
    "parameter_lstm_state_batch_1",
    "h0: Parameter(1, 1, 4, batch_axis = true), c0: Parameter(1, 1, 4, batch_axis = true), lstm: LSTM(3, 4, batch_first = true)",
    "(x) { let (y, (_h, _c)) = lstm(x, (h0, c0)); y }",
    [5, 3], values="full", batch=1,
)

# One value, used more than once; results of parameters alone.
case("parameter_used_twice", "a: Parameter(4)", "(x) { (x + a) * a }", [4], f64=True)
case("parameter_squared", "a: Parameter(4)", "(x) { x + a * a }", [4])
case("parameter_functions", "a: Parameter(2, 3), b: Parameter(3)", "(x) { x * sigmoid(a) + relu(a - b) }", [2, 3], values="full")
case("parameter_frozen", "#[frozen] a: Parameter(4), fc: Linear(4, 4)", "(x) { fc(x) * a }", [4])
case("parameter_learnt_behind_frozen", "#[frozen] fc: Linear(4, 4), a: Parameter(4)", "(x) { fc(x * a) }", [4])
case("parameter_methods", "a: Parameter(2, 6)", "(x) { x.view(-1, 2, 6).mul(a).flatten(1) }", [3, 4])

# Buffers.
case("buffer_normalise", "mean: Buffer(3, 1, 1), std: Buffer(ones(3, 1, 1)), fc: Linear(12, 2)", "(x) { fc(flatten((x - mean) / (std + 2.0), 1)) }", [3, 2, 2], f64=True)
case("buffer_batch_1", "offset: Buffer(4)", "(x) { x + offset }", [4], batch=1)

# Lists and names.
case("parameter_list", "scales: [Parameter(4); 3], fc: Linear(4, 4)", "(x) { fc(x * scales[0]) * scales[1] + scales[2] }", [4], f64=True)
case("parameter_list_of_shapes", "parts: [Parameter(2, 3), Parameter(3), Parameter(2, 1)]", "(x) { x * parts[0] + parts[1] - parts[2] }", [2, 3])
case("parameter_dict", "parts: { gain: Parameter(3), offset: Parameter(3) }", "(x) { x * parts.gain + parts.offset }", [2, 3])
case("module_dict", "body: Linear(3, 4), heads: { a: Linear(4, 2), b: Linear(4, 5, bias = false) }", "(x) { let h = relu(body(x)); (heads.a(h), heads.b(h)) }", [3], f64=True)
# The normalisation comes first: a bias in front of it has a gradient of nothing but rounding errors, which every instruction set makes others of.
case("module_dict_shared", "heads: { inner: [Linear(3, 3), Linear(3, 3)], act: ReLU, norm: BatchNorm1d(3) }", "(x) { heads.inner[1](heads.act(heads.inner[0](heads.inner[0](heads.norm(x))))) }", [3], values="full")

"""How data flows: `forward` with several values, functions, operators, shared layers, several inputs and outputs."""

from cases import Family

cases = Family()


def case(name, forward, *inputs, layers="", **options):
    cases.graph(name, layers, forward, *inputs, **options)


NO_ZERO = {"input1": lambda x: x.sign() * (x.abs() + 0.5) + (x == 0)}

# The smallest.
case("input_is_output", "(x) { x }", [3])
case("layer", "(x) { fc(x) }", [3], layers="fc: Linear(3, 2)")
case("negation", "(x) { -x }", [3])

# Residuals and fan-out.
case("residual", "(x) { x + fc(x) }", [4], layers="fc: Linear(4, 4)", f64=True)
case(
    "residual_block",
    "(x) { let h = relu(bn1(conv1(x))); relu(x + bn2(conv2(h))) }",
    [3, 4, 5],
    layers="conv1: Conv2d(3, 3, 3, padding = 1, bias = false), bn1: BatchNorm2d(3), conv2: Conv2d(3, 3, 3, padding = 1, bias = false), bn2: BatchNorm2d(3)",
    steps=2, values="full", f64=True,
)
case(
    "residual_block_projected",
    "(x) { let h = bn2(conv2(relu(bn1(conv1(x))))); relu(h + bn3(short(x))) }",
    [2, 5, 6],
    layers="conv1: Conv2d(2, 4, 3, stride = 2, padding = 1, bias = false), bn1: BatchNorm2d(4), conv2: Conv2d(4, 4, 3, padding = 1, bias = false), bn2: BatchNorm2d(4), short: Conv2d(2, 4, 1, stride = 2, bias = false), bn3: BatchNorm2d(4)",
    values="full",
)
case("added_to_itself", "(x) { x + x }", [5])
case("squared", "(x) { x * x }", [5], f64=True)
case("subtracted_from_itself", "(x) { x - x }", [5])
case("diamond", "(x) { let a = left(x); let b = right(x); a * b + a }", [4], layers="left: Linear(4, 3), right: Linear(4, 3)", f64=True)
case("diamond_of_diamonds", "(x) { let a = relu(x); let b = a + x; let c = b * a; let d = c - b; d * x + a }", [5])
case("long_skip", "(x) { let a = one(x); let b = relu(a); let c = two(b); let d = relu(c); three(d) + a }", [3], layers="one: Linear(3, 4), two: Linear(4, 5), three: Linear(5, 4)")
case("rebinding", "(x) { let x = relu(one(x)); let x = relu(two(x)); x }", [4], layers="one: Linear(4, 5), two: Linear(5, 3)")
case("rebinding_old_value_kept", "(x) { let y = x; let x = fc(x); x + y }", [4], layers="fc: Linear(4, 4)")
case("nested_calls", "(x) { tanh(two(relu(one(x)))) }", [4], layers="one: Linear(4, 5), two: Linear(5, 3)", values="full", f64=True)

# Shared layers.
case("shared_layer", "(x) { fc(fc(x)) }", [4], layers="fc: Linear(4, 4)", f64=True)
case("shared_layer_side_by_side", "(a, b) { fc(a) * fc(b) }", [3], [3], layers="fc: Linear(3, 5)", f64=True)
case("shared_layer_on_two_shapes", "(x) { (conv(x), conv(relu(conv(x)))) }", [2, 6, 7], layers="conv: Conv2d(2, 2, 3)")
case("shared_layer_three_times", "(x) { let h = relu(fc(x)); let h = relu(fc(h)); fc(h) }", [3], layers="fc: Linear(3, 3, bias = false)")
case("siamese", "(a, b) { let a = head(relu(body(a))); let b = head(relu(body(b))); a - b }", [4], [4], layers="body: Linear(4, 5), head: Linear(5, 2)")
case("unused_value", "(x) { let _spare = fc(x); x * 2 }", [3], layers="fc: Linear(3, 2)")

# Several inputs and outputs.
case("two_inputs", "(a, b) { one(a) + two(b) }", [3], [5], layers="one: Linear(3, 4), two: Linear(5, 4)", f64=True)
case("two_inputs_of_two_ranks", "(image, tags) { let h = flatten(conv(image), 1); fc(cat([h, tags], dim = 1)) }", [1, 4, 4], [3], layers="conv: Conv2d(1, 2, 3), fc: Linear(11, 2)", batch=2)
case("three_inputs", "(a, b, c) { a * b - c }", [2, 3], [2, 3], [2, 3])
case("unused_input", "(a, _b) { fc(a) }", [3], [2], layers="fc: Linear(3, 2)")
case("two_outputs", "(x) { let h = relu(body(x)); (left(h), right(h)) }", [3], layers="body: Linear(3, 5), left: Linear(5, 2), right: Linear(5, 4)", f64=True)
case("output_inside", "(x) { let h = relu(one(x)); (h, two(h)) }", [3], layers="one: Linear(3, 4), two: Linear(4, 2)")
case("input_among_outputs", "(x) { (x, fc(x)) }", [3], layers="fc: Linear(3, 2)")
case("same_output_twice", "(x) { let y = fc(x); (y, y) }", [3], layers="fc: Linear(3, 2)")
case("inputs_swapped", "(a, b) { (b, a) }", [3], [2, 2])
case("two_in_three_out", "(a, b) { let s = a + b; (s, s * a, one(b)) }", [4], [4], layers="one: Linear(4, 2)")

# Operators between values.
for name, operator in [("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/")]:
    options = {"given": NO_ZERO} if name == "divide" else {}
    case(name, f"(a, b) {{ a {operator} b }}", [3, 4], [3, 4], f64=True, **options)
    case(f"{name}_broadcast_last", f"(a, b) {{ a {operator} b }}", [3, 4], [3, 1], f64=True, **options)
    case(f"{name}_broadcast_first", f"(a, b) {{ a {operator} b }}", [3, 4], [1, 4], **options)
    case(f"{name}_broadcast_left", f"(a, b) {{ a {operator} b }}", [1, 4], [3, 4], **options)
    case(f"{name}_broadcast_both", f"(a, b) {{ a {operator} b }}", [3, 1], [1, 4], f64=True, **options)
    case(f"{name}_broadcast_channels", f"(a, b) {{ a {operator} b }}", [5, 2, 3], [5, 1, 1], **options)
    case(f"{name}_broadcast_one", f"(a, b) {{ a {operator} b }}", [2, 3, 3], [1, 1, 1], batch=1, **options)
    # Constants on either side, whole and real.
    own = {"given": {"input0": NO_ZERO["input1"]}} if name == "divide" else {}
    case(f"{name}_constant_right", f"(x) {{ x {operator} 0.5 }}", [5])
    case(f"{name}_constant_left", f"(x) {{ 0.5 {operator} x }}", [5], **own)
    case(f"{name}_whole_constant_right", f"(x) {{ x {operator} 2 }}", [5])
    case(f"{name}_whole_constant_left", f"(x) {{ 2 {operator} x }}", [5], **own)
case("precedence", "(a, b) { a + b * a - 2 * (a - b) / 4 }", [3], [3])
case("left_to_right", "(a, b) { a - b - a * 3 - 1 }", [3], [3])
case("negated_sum", "(a, b) { -(a + b) * -a }", [3], [3])
case("constant_expression", "(x) { x * (1.0 / 8.0) + (3 - 1) }", [3])

# Joining and cutting.
case("cat", "(a, b) { cat([a, b], dim = 1) }", [2, 3], [4, 3], f64=True)
case("cat_last", "(a, b) { cat([a, b], dim = -1) }", [2, 3], [2, 1])
case("cat_middle", "(a, b, c) { cat([a, b, c], 2) }", [2, 3, 2], [2, 1, 2], [2, 2, 2])
case("cat_itself", "(x) { cat([x, x, x], dim = 1) }", [2, 3])
case("cat_one", "(x) { cat([x], dim = 1) }", [3])
case("cat_flat", "(a, b) { cat([a, b], dim = 1) }", [1], [4], batch=1)
case("cat_in_an_inception", "(x) { cat([one(x), three(x), pooled(pool(x))], dim = 1) }", [2, 4, 5], layers="one: Conv2d(2, 1, 1), three: Conv2d(2, 3, 3, padding = 1), pool: MaxPool2d(3, stride = 1, padding = 1), pooled: Conv2d(2, 2, 1)", values="distinct")
case("crelu", "(x) { cat([relu(x), relu(-x)], dim = 1) }", [3, 4])
case("dense_block", "(x) { let a = cat([x, relu(one(x))], dim = 1); cat([a, relu(two(a))], dim = 1) }", [2, 3, 3], layers="one: Conv2d(2, 2, 3, padding = 1), two: Conv2d(4, 1, 3, padding = 1)")
case("stack_first", "(a, b) { stack([a, b], dim = 1) }", [2, 3], [2, 3], f64=True)
case("stack_last", "(a, b, c) { stack([a, b, c], dim = -1) }", [3], [3], [3])
case("stack_middle", "(a, b) { stack([a, b], 2) }", [2, 3], [2, 3])
case("chunk", "(x) { let (a, b) = chunk(x, 2, dim = 1); a * b }", [6, 2], f64=True)
case("chunk_uneven", "(x) { let (a, b, c) = chunk(x, 3, dim = 1); (c, a, b) }", [7, 2])
case("chunk_gives_fewer", "(x) { let (a, b, c) = chunk(x, 4, dim = 1); (a, b, c) }", [5])
case("chunk_last", "(x) { let (a, b) = chunk(x, 2, dim = -1); a - b }", [3, 4])
case("chunk_one_unused", "(x) { let (a, _) = chunk(x, 2, 1); relu(a) }", [4])
case("split", "(x) { let (a, b, c) = split(x, 2, dim = 1); (a, b * 2, c) }", [5, 2], f64=True)
case("split_sizes", "(x) { let (a, b) = split(x, (1, 4), dim = 1); (one(a), two(b)) }", [5], layers="one: Linear(1, 2), two: Linear(4, 3)")
case("split_middle", "(x) { let (a, b) = split(x, (2, 1), dim = 2); (b, a) }", [2, 3, 2])
case("shuffled_halves", "(x) { let (a, b) = chunk(x, 2, dim = 1); cat([b, a], dim = 1) }", [4, 3])

# Other shapes of the same values.
case("flatten_function", "(x) { flatten(x, 1) }", [2, 3, 2])
case("flatten_start", "(x) { flatten(x, start_dim = 2) }", [2, 3, 2])
case("flatten_start_end", "(x) { flatten(x, 1, 2) }", [2, 3, 2])
case("reshape", "(x) { reshape(x, (-1, 3, 4)) }", [2, 6], f64=True)
case("reshape_flat", "(x) { reshape(x, (-1, 12)) }", [2, 6])
case("reshape_other", "(x) { reshape(x, (-1, 4, 3)) }", [2, 6])
case("reshape_after_transpose", "(x) { reshape(transpose(x, 1, 2), (-1, 2, 6)) }", [3, 4])
case("unflatten_function", "(x) { unflatten(x, 1, (2, 3)) }", [6, 2])
case("permute", "(x) { permute(x, (0, 2, 1)) }", [2, 5], f64=True)
case("permute_to_channels_last", "(x) { permute(x, (0, 2, 3, 1)) }", [3, 4, 5])
case("permute_to_channels_first", "(x) { permute(x, (0, 3, 1, 2)) }", [4, 5, 3])
case("permute_negative", "(x) { permute(x, (0, -1, -3, -2)) }", [2, 3, 4])
case("permute_4", "(x) { permute(x, (0, 4, 2, 1, 3)) }", [2, 3, 2, 3], batch=2)
case("permute_itself", "(x) { permute(x, (0, 1, 2)) }", [2, 3])
case("transpose", "(x) { transpose(x, 1, 2) }", [3, 7], f64=True)
case("transpose_negative", "(x) { transpose(x, -1, -2) }", [2, 3, 5])
case("transpose_outer", "(x) { transpose(x, 1, 3) }", [2, 3, 5])
case("transpose_keywords", "(x) { transpose(x, dim0 = 2, dim1 = 1) }", [17, 9], batch=1)
case("transpose_and_linear", "(x) { transpose(fc(transpose(x, 1, 2)), 1, 2) + x }", [4, 3], layers="fc: Linear(4, 4)")
case("channel_shuffle", "(x) { flatten(transpose(unflatten(x, 1, (2, 3)), 1, 2), 1, 2) }", [6, 2, 2])
case("unsqueeze", "(x) { unsqueeze(x, 1) }", [3])
case("unsqueeze_last", "(x) { unsqueeze(x, dim = -1) }", [2, 3])
case("squeeze", "(x) { squeeze(x, 1) }", [1, 3])
case("squeeze_last", "(x) { squeeze(x, dim = -1) }", [3, 1])
case("squeeze_of_two_is_nothing", "(x) { squeeze(x, 1) }", [2, 3])

# Reductions.
case("mean", "(x) { mean(x, dim = 1) }", [4, 3], f64=True)
case("mean_keepdim", "(x) { mean(x, dim = 1, keepdim = true) }", [4, 3])
case("mean_of_two", "(x) { mean(x, dim = (2, 3)) }", [3, 2, 4], f64=True)
case("mean_of_two_keepdim", "(x) { mean(x, (2, 3), keepdim = true) }", [3, 3, 3])
case("mean_last", "(x) { mean(x, -1) }", [3, 5])
case("mean_centred", "(x) { x - mean(x, dim = -1, keepdim = true) }", [2, 5], f64=True)
case("sum", "(x) { sum(x, dim = 1) }", [4, 3])
case("sum_keepdim", "(x) { sum(x, dim = 2, keepdim = true) }", [4, 3])
case("sum_of_two", "(x) { sum(x, dim = (1, 3)) }", [3, 2, 5], f64=True)
case("sum_of_all_but_the_batch", "(x) { sum(x, dim = (1, 2)) }", [3, 4])
case("sum_negative", "(x) { sum(x, dim = -2) }", [3, 2, 5])
case("sum_of_products", "(a, b) { sum(a * b, dim = 1, keepdim = true) }", [7], [7])

# Products of matrices.
case("matmul", "(a, b) { matmul(a, b) }", [2, 3], [3, 4], f64=True)
case("matmul_point", "(a, b) { matmul(a, b) }", [1, 1], [1, 1], batch=1)
case("matmul_row_by_column", "(a, b) { matmul(a, b) }", [1, 5], [5, 1])
case("matmul_column_by_row", "(a, b) { matmul(a, b) }", [5, 1], [1, 3])
case("matmul_transposed", "(a, b) { matmul(a, transpose(b, 1, 2)) }", [5, 3], [4, 3])
case("matmul_of_heads", "(a, b) { matmul(a, b) }", [2, 3, 4], [2, 4, 2])
case("matmul_17_by_9", "(a, b) { matmul(a, b) }", [17, 9], [9, 7], batch=1)
case("matmul_with_itself", "(x) { matmul(x, transpose(x, 1, 2)) }", [3, 4], f64=True)
case(
    "attention",
    "(x) { let q = query(x); let k = key(x); let v = value(x); let weights = softmax(matmul(q, transpose(k, 1, 2)) / 2.0, dim = -1); out(matmul(weights, v)) + x }",
    [5, 4],
    layers="query: Linear(4, 4), key: Linear(4, 4), value: Linear(4, 4), out: Linear(4, 4)",
    values="full", f64=True,
)

# torch.nn.functional.
case("relu_function", "(x) { relu(x) }", [3, 3], f64=True)
case("leaky_relu_function", "(x) { leaky_relu(x, negative_slope = 0.25) }", [5])
case("gelu_function", "(x) { gelu(x) }", [7], values="full")
case("gelu_tanh_function", "(x) { gelu(x, approximate = \"tanh\") }", [7], values="full")
case("sigmoid_function", "(x) { sigmoid(x) }", [7], values="full")
case("tanh_function", "(x) { tanh(x) }", [7], values="full", f64=True)
case("softmax_function", "(x) { softmax(x, dim = 1) }", [7], values="full", f64=True)
case("softmax_function_inner", "(x) { softmax(x, -2) }", [3, 4, 2], values="full")
case("log_softmax_function", "(x) { log_softmax(x, dim = -1) }", [2, 5], values="full")
case("max_pool2d_function", "(x) { max_pool2d(x, 2) }", [2, 4, 6], values="distinct")
case("max_pool2d_function_arguments", "(x) { max_pool2d(x, (3, 2), stride = 2, padding = 1, ceil_mode = true) }", [2, 5, 6], values="distinct")
case("avg_pool2d_function", "(x) { avg_pool2d(x, 3, stride = 1, padding = 1, count_include_pad = false) }", [2, 4, 5])
case("adaptive_avg_pool2d_function", "(x) { flatten(adaptive_avg_pool2d(x, (1, 1)), 1) }", [3, 4, 4])
case("swish", "(x) { x * sigmoid(x) }", [6], values="full", f64=True)
case(
    "squeeze_and_excitation",
    "(x) { let s = mean(x, dim = (2, 3)); let s = sigmoid(up(relu(down(s)))); x * unsqueeze(unsqueeze(s, 2), 3) }",
    [4, 3, 5],
    layers="down: Linear(4, 2), up: Linear(2, 4)",
    values="full", f64=True,
)
case(
    "unet",
    "(x) { let a = relu(down1(x)); let b = relu(down2(max_pool2d(a, 2))); let c = up(b); head(cat([a, c], dim = 1)) }",
    [1, 6, 4],
    layers="down1: Conv2d(1, 3, 3, padding = 1), down2: Conv2d(3, 5, 3, padding = 1), up: ConvTranspose2d(5, 3, 2, stride = 2), head: Conv2d(6, 2, 1)",
    batch=2,
)

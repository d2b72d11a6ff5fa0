"""PReLU, RReLU, GLU, AlphaDropout, FeatureAlphaDropout, Identity. What is drawn at random is drawn from one number only."""

from cases import Family

cases = Family()

INF, NAN = float("inf"), float("nan")
SPECIAL = [[0.0, -0.0, 1e-7, -1e-7, 0.5, -0.5, 3.0, -3.0, 89.0, -89.0]]


def case(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **{"values": "full", "f64": True} | options)


def special(name, layer, values, **options):
    case(name, layer, [len(values[0])], batch=1, given={"input0": values}, **options)


case("prelu", "PReLU", [5, 7])
case("prelu_batch_1", "PReLU()", [3], batch=1)
case("prelu_one_value", "PReLU(1)", [1], batch=1)
case("prelu_init", "PReLU(init = 0.5)", [11])
case("prelu_channels", "PReLU(3)", [3, 5, 2])
case("prelu_features", "PReLU(7)", [7])
case("prelu_features_batch_17", "PReLU(3, 0.1)", [3], batch=17)
case("prelu_long", "PReLU(num_parameters = 2, init = -0.5)", [2, 523], batch=2)
case("prelu_shared_long", "PReLU", [37, 29], batch=2)
case("prelu_after_conv", "Conv2d(2, 3, 3), PReLU(3), Conv2d(3, 2, 2), PReLU", [2, 5, 5])
special("prelu_special", "PReLU", SPECIAL)
special("prelu_nan", "PReLU", [[NAN, 1.0, -1.0]], f64=False)
special("prelu_infinite", "PReLU", [[INF, -INF, 1.0]], f64=False)
cases.graph("prelu_called_twice", "p: PReLU(3)", "(a, b) { p(a) - p(p(b)) }", [3, 4], [3, 4], values="full", f64=True)

# One slope: nothing is left to chance.
case("rrelu", "RReLU(0.25, 0.25)", [5, 7])
case("rrelu_keywords", "Linear(3, 3), RReLU(lower = 0.5, upper = 0.5, inplace = true)", [3, 2, 3], batch=2)
case("rrelu_steep", "RReLU(2.0, 2.0, false)", [4], batch=1)
case("rrelu_negative", "Linear(3, 4), RReLU(-0.5, -0.5), Linear(4, 3)", [3])
special("rrelu_special", "RReLU(0.25, 0.25)", SPECIAL)
special("rrelu_nan", "RReLU(0.25, 0.25)", [[NAN, INF, -INF, -1.0]], f64=False)

case("glu", "GLU", [6])
case("glu_batch_1", "GLU()", [2], batch=1)
case("glu_last", "GLU(-1)", [3, 10])
case("glu_channels", "GLU(1)", [6, 3, 5])
case("glu_middle", "GLU(dim = 2)", [3, 2, 5])
case("glu_negative", "GLU(-2)", [3, 34, 1], batch=2)
case("glu_after_linear", "Linear(3, 8), GLU, Linear(4, 2)", [2, 3])
special("glu_special", "GLU", [[1.0, -2.0, 3.0, 0.0, 100.0, -100.0, 89.0, -89.0]])
cases.graph("glu_function", "", "(x) { glu(x) * glu(x, dim = -1) + glu(x, 2) }", [3, 4], values="full", f64=True)

# All or nothing.
case("alpha_dropout_0", "AlphaDropout(0.0)", [3, 5])
case("alpha_dropout_1", "Linear(5, 4), AlphaDropout(p = 1.0, inplace = true)", [3, 5], batch=2)
case("feature_alpha_dropout_0", "FeatureAlphaDropout(0.0)", [3, 5])
case("feature_alpha_dropout_1", "FeatureAlphaDropout(1.0, false)", [3, 2, 4])
for name, shape in [("dropout", [3, 5]), ("dropout1d", [3, 5]), ("dropout2d", [3, 2, 4]), ("dropout3d", [3, 2, 1, 4])]:
    layer = name.capitalize()
    case(f"{name}_0", f"{layer}(0.0)", shape)
    case(f"{name}_1", f"{layer}(p = 1.0)", shape, batch=2)
    case(f"{name}_1_inplace", f"LeakyReLU, {layer}(1.0, true)", shape, batch=1)
case("feature_alpha_dropout_between", "Linear(3, 5), SELU, FeatureAlphaDropout(0.0), Linear(5, 2)", [3])

case("identity_with_arguments", 'Identity(54, unused_argument = 0.1), ReLU, Identity("any", "thing")', [3])
cases.graph("prelu_given", "", "(x, w) { prelu(x, w) }", [3, 2, 4], [3], f64=True)
cases.graph("prelu_given_one", "", "(x, w) { prelu(x, w) }", [5], [1])
cases.graph("prelu_given_features", "", "(x, w) { prelu(x, w) * 0.5 }", [4], [4])
cases.graph("prelu_computed", "fc: Linear(4, 3)", "(x, y) { prelu(x, fc(y)) + x }", [3, 5], [4])

cases.graph("rrelu_function", "", "(x) { rrelu(x, 0.25, 0.25) - rrelu(x, lower = 0.5, upper = 0.5) }", [5, 7], f64=True)

# The noise decides nothing: one share, or logits far apart.
FAR = [[[0.0, 2048.0, -2048.0], [-512.0, -1024.0, 512.0]]]
cases.graph("gumbel_softmax_one", "", "(x) { gumbel_softmax(x) * x }", [4, 1], f64=True)
cases.graph("gumbel_softmax_far", "", "(x) { gumbel_softmax(x, tau = 0.5) }", [2, 3], batch=1, given={"input0": FAR})
cases.graph("gumbel_softmax_hard", "", "(x) { gumbel_softmax(x, 2.0, hard = true, dim = 1) }", [2, 3], batch=1, given={"input0": FAR})

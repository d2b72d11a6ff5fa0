"""Functions of torch and torch.nn.functional: of one number, of two, comparisons, other names."""

from cases import Family

cases = Family()


def function(name, forward, *inputs, **options):
    cases.graph(name, "", forward, *inputs, **options)


def positive(values):
    return values.abs() + 0.25


for name in ["sin", "cos", "erf", "expm1", "square"]:
    function(name, f"(x) {{ {name}(x) }}", [3, 5], f64=True, values="full")
for name in ["log1p", "rsqrt", "reciprocal"]:
    function(name, f"(x) {{ {name}(x) }}", [3, 5], f64=True, values="full", given={"input0": positive})
function("positions", "(x) { cat([sin(x), cos(2.0 * x) * square(x)], dim = 1) }", [7], f64=True, values="full")

for name in ["maximum", "minimum"]:
    function(name, f"(a, b) {{ {name}(a, b) }}", [2, 5], [2, 5], f64=True)
    function(f"{name}_ties", f"(a, b) {{ {name}(a, b) }}", [4], [4], given={"input0": [[1.0, 0.5, -2.0, 0.0]] * 3, "input1": [[1.0, 0.25, 2.0, -0.0]] * 3})
    function(f"{name}_repeated", f"(a, b) {{ {name}(a, b) }}", [3, 4, 2], [3, 1, 2])
    function(f"{name}_nan", f"(a, b) {{ {name}(a, b) }}", [4], [4], batch=1, given={"input0": [[float("nan"), 1.0, float("nan"), 0.5]], "input1": [[1.0, float("nan"), float("nan"), 2.0]]})
    function(f"{name}_itself", f"(a) {{ {name}(a, a * a) + {name}(a, a) }}", [5])

for name, symbol in {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==", "ne": "!="}.items():
    function(f"{name}_values", f"(a, b) {{ where(a {symbol} b, a * b, a) }}", [2, 4], [2, 4], given={"input1": lambda values: values.sign() / 2})
    function(f"{name}_constant", f"(x) {{ masked_fill(x, x {symbol} 0.5, 7.0) }}", [9])
    function(f"constant_{name}", f"(x) {{ masked_fill(x, -0.25 {symbol} x, 7.0) }}", [9])
function("compare_rows", "(a, b) { where(a > b, a, 2.0 * a) }", [3, 4], [3, 1], f64=True)
function("compare_function", "(a, b) { where(ge(a, b), a, b) }", [3, 4], [3, 4])
cases.graph(
    "compare_layers",
    "fc: Linear(4, 4), gate: Linear(4, 4)",
    "(x) { let h = fc(x); where(gate(x) > 0.0, h, -h) }",
    [4],
    f64=True,
)

function("clip", "(x) { clip(x, min = -0.5, max = 0.25) }", [6])
function("concat", "(a, b) { concat([a, b], dim = 1) }", [2], [3])
function("swapaxes", "(x) { swapaxes(x, 1, 2) }", [2, 3])
function("arithmetic_names", "(a, b) { subtract(multiply(a, b), divide(a, 2.0 + b)) }", [4], [4])
function("upsample", '(x) { upsample(x, scale_factor = 2, mode = "bilinear", align_corners = false) }', [2, 3, 4])
function("upsample_nearest", "(x) { upsample_nearest(x, scale_factor = 2) }", [2, 3, 4])
function("upsample_bilinear", "(x) { upsample_bilinear(x, size = (5, 6)) }", [2, 3, 4])
function("alpha_dropout", "(x) { feature_alpha_dropout(alpha_dropout(x, p = 0.0), p = 0.0) }", [3, 4])

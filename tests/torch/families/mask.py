"""Masks of truth values: masked_fill, where, logical_not, and attention's."""

from cases import Family, Index

cases = Family()


def function(name, forward, *inputs, **options):
    cases.graph(name, "", forward, *inputs, **options)


function("fill", "(x, m) { masked_fill(x, m, 0.5) }", [3, 5], Index([3, 5], 2), f64=True)
function("fill_one", "(x, m) { masked_fill(x, m, value = -2) }", [1], Index([1], 2), batch=1)
function("fill_rows", "(x, m) { masked_fill(x, unsqueeze(m, dim = 2), 0.0) }", [4, 3], Index([4], 2), f64=True)
function("fill_columns", "(x, m) { masked_fill(x, m, 1.5) }", [2, 3, 5], Index([1, 1, 5], 3))
function("fill_middle", "(x, m) { masked_fill(x, m, 1.5) }", [2, 3, 5], Index([1, 3, 1], 2), batch=2)
function("fill_scalar", "(x, m) { masked_fill(x, m, 1.5) }", [], Index([], 2))
function("fill_twice", "(x, m) { let h = masked_fill(x, m, 0.0); h + masked_fill(x * h, logical_not(m), -1.0) }", [5], Index([5], 2))
cases.graph(
    "fill_before_softmax",
    "fc: Linear(5, 5)",
    "(x, m) { let h = masked_fill(fc(x), m, f64::NEG_INFINITY); softmax(h, dim = 1) }",
    [5],
    Index([5], 2),
    given={"input1": [[0, 1, 0, 0, 1], [1, 1, 1, 1, 0], [0, 0, 0, 0, 0]]},
    f64=True,
)
function("choose", "(m, a, b) { where(m, a, b) }", Index([2, 3], 2), [2, 3], [2, 3], f64=True)
function("where_repeated", "(m, a, b) { where(m, a, b) }", Index([2, 1], 4), [2, 3], [2, 3])
function("where_shared", "(m, a) { where(m, a * a, a) + a }", Index([7], 2), [7], f64=True)
cases.graph("where_layers", "one: Linear(4, 3), two: Linear(4, 3)", "(x, m) { where(m, one(x), relu(two(x))) }", [4], Index([1], 2))
function("numbers", "(m) { float(m) }", Index([3, 5], 2))
function("numbers_of_indices", "(x, i) { x * float(i) }", [4, 1], Index([4, 3], 100), batch=2)
function("numbers_scalar", "(m) { float(m) }", Index([], 2), batch=1)
function("mean_of_some", "(x, m) { let w = m.float(); sum(x * unsqueeze(w, dim = 2), dim = 1) / (sum(w, dim = 1, keepdim = true) + 1.0) }", [5, 3], Index([5], 2))
cases.graph("logical_not", "table: Embedding(2, 3)", "(m) { table(logical_not(m)) }", Index([4], 2))

PADDING = {"input1": [[0, 0, 1, 0, 1], [0, 1, 1, 1, 1]]}
cases.graph(
    "attention_padding",
    "attn: MultiheadAttention(8, 2)",
    "(x, m) { let (y, w) = attn(x, x, x, key_padding_mask = additive_mask(m)); (y, w) }",
    [5, 8],
    Index([5], 2),
    batch=2,
    given=PADDING,
)
cases.graph(
    "attention_mask",
    "attn: MultiheadAttention(6, 3)",
    "(x, k, m) { let (y, _w) = attn(x, k, k, attn_mask = additive_mask(m)); y }",
    [2, 6],
    [3, 6],
    Index([2, 3], 2),
    batch=1,
    given={"input2": [[[0, 1, 0], [1, 0, 0]]]},
)
cases.graph(
    "scaled_attention_mask",
    "",
    "(q, k, v, m) { scaled_dot_product_attention(q, k, v, attn_mask = additive_mask(logical_not(m))) }",
    [2, 4],
    [3, 4],
    [3, 5],
    Index([2, 3], 2),
    batch=2,
    given={"input3": [[[1, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, 1, 1]]]},
)
cases.graph(
    "encoder_padding",
    "encoder: TransformerEncoderLayer(8, 2, dim_feedforward = 12, dropout = 0.0)",
    "(x, m) { encoder(x, src_key_padding_mask = additive_mask(m)) }",
    [5, 8],
    Index([5], 2),
    batch=2,
    given=PADDING,
)

# Indices are compared, too: where the padding is.
for name, symbol in {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==", "ne": "!="}.items():
    function(f"indices_{name}", f"(i) {{ float(i {symbol} 2) }}", Index([3, 5], 5))
    function(f"indices_{name}_indices", f"(i, j) {{ float(i {symbol} j) }}", Index([3, 5], 4), Index([1, 5], 4), batch=2)
function("indices_turned", "(i) { float(3 > i) }", Index([7], 6))
cases.graph(
    "padding_of_tokens",
    "table: Embedding(9, 8, padding_idx = 3), attn: MultiheadAttention(8, 2)",
    "(t) { let x = table(t); let (y, _w) = attn(x, x, x, key_padding_mask = additive_mask(t == 3)); y * unsqueeze(float(t != 3), dim = 2) }",
    Index([5], 9),
    batch=2,
    given={"input0": [[1, 2, 8, 3, 3], [5, 3, 1, 0, 3]]},
)

function("logical_and", "(a, b) { logical_and(a, b) }", Index([3, 4], 3), Index([3, 4], 3))
function("logical_or", "(a, b) { logical_or(a, b) }", Index([3, 4], 2), Index([1, 4], 2))
function("logical_xor", "(a, b) { logical_xor(a, b) }", Index([5, 1], 3), Index([1, 2], 3), batch=2)
function("logical_scalar", "(a, b) { (logical_and(a, b), logical_or(b, a), logical_xor(a, a)) }", Index([], 2), Index([], 2))
function(
    "logical_of_comparisons",
    "(x) { let inside = logical_and(x > -0.25, x < 0.5); where(logical_xor(inside, x > 0.25), x * x, x) }",
    [4, 3],
    f64=True,
)

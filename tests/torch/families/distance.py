"""CosineSimilarity, PairwiseDistance, normalize, LocalResponseNorm."""

from cases import Family

cases = Family()

INF, NAN = float("inf"), float("nan")


def pair(name, layer, a, b, **options):
    cases.graph(name, f"measure: {layer}", "(a, b) { measure(a, b) }", a, b, **{"values": "full", "f64": True} | options)


def function(name, forward, *inputs, **options):
    cases.graph(name, "", forward, *inputs, **{"values": "full", "f64": True} | options)


def case(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **{"values": "full", "f64": True} | options)


pair("cosine", "CosineSimilarity", [7], [7])
pair("cosine_batch_1", "CosineSimilarity()", [3], [3], batch=1)
pair("cosine_of_one_number", "CosineSimilarity(1)", [1], [1], given={"input0": [[0.5], [-2.0], [1.0]], "input1": [[3.0], [1.0], [-0.25]]})
pair("cosine_channels", "CosineSimilarity(1)", [5, 3, 2], [5, 3, 2])
pair("cosine_last", "CosineSimilarity(-1)", [3, 37], [3, 37], batch=2)
pair("cosine_middle", "CosineSimilarity(dim = 2, eps = 1e-6)", [2, 5, 3], [2, 5, 3])
pair("cosine_eps", "CosineSimilarity(dim = 1, eps = 2.0)", [4], [4], batch=5)
pair("cosine_repeated", "CosineSimilarity(2)", [3, 4, 1], [1, 4, 5])
pair("cosine_of_nothing", "CosineSimilarity", [3], [3], batch=2, given={"input0": [[0.0, 0.0, 0.0], [1.0, 0.0, -2.0]]})
pair("cosine_of_the_same", "CosineSimilarity", [3], [3], batch=1, given={"input0": [[1.0, -2.0, 0.5]], "input1": [[1.0, -2.0, 0.5]]})
function("cosine_function", "(a, b) { cosine_similarity(a, b) - cosine_similarity(b, a, dim = 2, eps = 0.5) }", [4, 4], [4, 4])
function("cosine_with_itself", "(a) { cosine_similarity(a, tanh(a)) + cosine_similarity(a, a) }", [5])

pair("distance", "PairwiseDistance", [7], [7])
pair("distance_batch_1", "PairwiseDistance()", [3], [3], batch=1)
pair("distance_of_one_number", "PairwiseDistance(2.0)", [1], [1])
pair("distance_rows", "PairwiseDistance", [2, 3, 37], [2, 3, 37], batch=2)
pair("distance_keepdim", "PairwiseDistance(keepdim = true)", [2, 5], [2, 5])
pair("distance_repeated", "PairwiseDistance(2.0, 1e-6, true)", [3, 1, 4], [1, 5, 4])
pair("distance_eps", "PairwiseDistance(eps = 0.5)", [4], [4])
pair("distance_to_itself", "PairwiseDistance", [3], [3], batch=1, given={"input0": [[1.0, -2.0, 0.5]], "input1": [[1.0, -2.0, 0.5]]})
pair("distance_to_itself_without_eps", "PairwiseDistance(2.0, 0.0)", [3], [3], batch=1, given={"input0": [[1.0, -2.0, 0.5]], "input1": [[1.0, -2.0, 0.5]]})
for name, p in [("0", 0.0), ("half", 0.5), ("1", 1.0), ("3_halves", 1.5), ("3", 3.0), ("infinite", INF), ("least", -INF), ("negative", -1.0)]:
    text = {INF: "f64::INFINITY", -INF: "f64::NEG_INFINITY"}.get(p, p)
    pair(f"distance_p_{name}", f"PairwiseDistance(p = {text}, eps = 0.0)", [5], [5])
ties = {"input0": [[3.0, -3.0, 1.0, 3.0]], "input1": [[0.0, 0.0, 0.0, 0.0]]}
pair("distance_ties", "PairwiseDistance(f64::INFINITY, 0.0)", [4], [4], batch=1, given=ties)
function("distance_function", "(a, b) { pairwise_distance(a, b) * pairwise_distance(b, a, p = 1.0, eps = 0.25) }", [3, 4], [3, 4])

function("normalize", "(x) { normalize(x) }", [7])
function("normalize_batch_1", "(x) { normalize(x, dim = 1) }", [3], batch=1)
function("normalize_of_one_number", "(x) { normalize(x) }", [1])
function("normalize_channels", "(x) { normalize(x, 2.0, 1) }", [5, 3, 2])
function("normalize_last", "(x) { normalize(x, dim = -1) }", [3, 37], batch=2)
function("normalize_middle", "(x) { normalize(x, p = 3.0, dim = 2) }", [2, 5, 3])
function("normalize_eps", "(x) { normalize(x, p = 2.0, dim = 1, eps = 2.0) }", [4], batch=5)
function("normalize_of_nothing", "(x) { normalize(x) }", [3], batch=2, given={"input0": [[0.0, 0.0, 0.0], [1.0, 0.0, -2.0]]})
for name, p in [("half", 0.5), ("1", 1.0), ("3_halves", 1.5), ("infinite", INF)]:
    function(f"normalize_p_{name}", f"(x) {{ normalize(x, p = {'f64::INFINITY' if p == INF else p}) }}", [5])
function("normalize_between", "(x) { let y = normalize(x); y * x + normalize(y, p = 1.0, dim = 2) }", [4, 3])

case("response", "LocalResponseNorm(2)", [5, 3])
case("response_batch_1", "LocalResponseNorm(3)", [4, 1, 1], batch=1)
case("response_of_itself", "LocalResponseNorm(1, alpha = 1.0)", [3, 2])
case("response_even", "LocalResponseNorm(4, 2.0, 0.5, 0.75)", [7, 3, 2])
case("response_odd", "LocalResponseNorm(size = 5, alpha = 1.5, beta = 2.0, k = 2.0)", [7, 2, 3])
case("response_overhanging", "LocalResponseNorm(9, alpha = 1.0)", [3, 5])
case("response_one_channel", "LocalResponseNorm(5, alpha = 1.0)", [1, 4])
case("response_volume", "LocalResponseNorm(3, alpha = 0.5, beta = 1.0)", [4, 2, 1, 3], batch=2)
case("response_negative_beta", "LocalResponseNorm(3, 1.0, -0.5)", [4, 5])
case("response_after_conv", "Conv2d(2, 6, 3), ReLU, LocalResponseNorm(5, 0.5), Conv2d(6, 2, 2)", [2, 5, 5])
function("response_function", "(x) { local_response_norm(x, 3, alpha = 1.0) + local_response_norm(x, 2) }", [4, 5])

for p in ["0.0", "0.5", "1.0", "1.5", "2.0", "3.0", "f64::INFINITY"]:
    name = p.removesuffix(".0").replace(".", "_").replace("f64::INFINITY", "infinite")
    cases.graph(f"pdist_{name}", "", f"(x) {{ pdist(x, p = {p}) }}", [4, 3], values="full", f64=True)
cases.graph("pdist", "", "(x) { pdist(x) }", [5, 7], f64=True)
cases.graph("pdist_one_pair", "", "(x) { pdist(x, 2.0) }", [2, 1], batch=1)
cases.graph("pdist_same_rows", "", "(x) { pdist(x) }", [3, 2], batch=1, given={"input0": [[[0.5, 1.0], [0.5, 1.0], [-0.5, 1.0]]]})
cases.graph("pdist_ties", "", "(x) { pdist(x, f64::INFINITY) }", [3, 2], batch=1, given={"input0": [[[0.5, 1.0], [0.0, 0.5], [-0.5, 1.0]]]})
cases.graph("pdist_of_layers", "fc: Linear(3, 2)", "(x) { pdist(tanh(fc(x))) }", [5, 3], values="full")

"""argmax, argmin, max, min, topk, one_hot."""

import torch

from cases import Family, Index

cases = Family()


def function(name, body, *inputs, layers="", **options):
    cases.graph(name, layers, f"(x) {{ {body} }}", *inputs, **{"values": "distinct"} | options)


def holes(value, every=3):
    def put(x):
        x = x.clone()
        x.view(-1)[::every] = value
        return x

    return {"input0": put}


def ties(x):
    return (x * 2).round() / 2


for name in ["max", "min"]:
    both = "let (y, i) = {}(x, {}); (y, i)"
    function(f"{name}_vector", both.format(name, "dim = 1"), [7], f64=True)
    function(f"{name}_first_axis", both.format(name, "1"), [5, 3])
    function(f"{name}_middle_keepdim", both.format(name, "dim = 2, keepdim = true"), [3, 4, 2], f64=True)
    function(f"{name}_last", both.format(name, "-1"), [2, 3, 5])
    function(f"{name}_size_1", both.format(name, "2"), [3, 1], batch=1)
    function(f"{name}_ties", both.format(name, "1"), [6, 3], given={"input0": ties})
    function(f"{name}_nan", both.format(name, "-1"), [3, 5], given=holes(float("nan")))
    function(f"{name}_infinite", both.format(name, "1"), [2, 4], given={"input0": lambda x: torch.full_like(x, float("-inf"))})
    function(f"{name}_value_alone", f"let (y, _i) = {name}(x, 1); y * y", [4, 3])
    function(f"arg{name}_vector", f"arg{name}(x, 1)", [7], f64=True)
    function(f"arg{name}_middle", f"arg{name}(x, dim = -2, keepdim = true)", [3, 4, 2])
    function(f"arg{name}_ties_and_nan", f"(arg{name}(x, 1), arg{name}(x, 2))", [4, 5], given=holes(float("nan"), 7))
function("class_of_a_network", "argmax(fc(x), dim = 1)", [6], layers="fc: Linear(6, 4)")
function("class_looked_up", "let h = fc(x); table(h.argmax(1)) + amax(h, dim = 1, keepdim = true)", [6], layers="fc: Linear(6, 4), table: Embedding(4, 3)")

function("topk", "let (y, i) = topk(x, 3); (y, i)", [2, 7], f64=True)
function("topk_first_axis", "let (y, i) = topk(x, k = 2, dim = 1); (y, i)", [5, 3])
function("topk_all", "let (y, i) = x.topk(4, dim = -2); (y, i)", [4, 2])
function("topk_smallest", "let (y, i) = topk(x, 3, 1, false, true); (y, i)", [5, 2], f64=True)
function("topk_nan", "let (y, i) = topk(x, 3); (y, i)", [2, 5], given=holes(float("nan"), 5))
function("topk_smallest_nan", "let (y, i) = topk(x, 5, largest = false); (y, i)", [2, 5], given=holes(float("nan"), 5))
function("topk_sum", "let (y, _i) = topk(x, 2); sum(y, 1)", [6])

cases.graph("one_hot", "", "(i) { one_hot(i, 5) }", Index([4], 5))
cases.graph("one_hot_single", "", "(i) { one_hot(i, num_classes = 3) }", Index([], 3), batch=1)
cases.graph("one_hot_times", "", "(i, x) { one_hot(i, 4) * x }", Index([2, 3], 4), [2, 3, 4], f64=True)
cases.graph("one_hot_choice", "fc: Linear(4, 4)", "(x) { let h = fc(x); one_hot(argmax(h, 1), 4) * h }", [4])

"""AdaptiveLogSoftmaxWithLoss: the logarithm of one class, and of all."""

from cases import Family, Index

cases = Family()


def adaptive(name, arguments, features, classes, *axes, **options):
    """Once with a class for each row, once for all classes."""
    layer = f"crit: AdaptiveLogSoftmaxWithLoss({arguments})"
    cases.graph(name, layer, "(x, t) { crit(x, t) }", [*axes, features], Index(axes, classes), **options)
    cases.graph(f"{name}_all", layer, "(x) { crit(x) }", [*axes, features], **options)


adaptive("two_clusters", "16, 12, [4, 9]", 16, 12, batch=7, f64=True)
adaptive("one_of_each", "5, 2, [1], div_value = 2.0", 5, 2, batch=1)
adaptive("three_clusters", "11, 23, [5, 6, 19], div_value = 1.5, head_bias = true", 11, 23, f64=True)
adaptive("wider_than_the_input", "3, 9, (2, 5), 0.5, true", 3, 9, batch=4)
adaptive("rows", "7, 10, [3, 5, 8], div_value = 1.9", 7, 10, 2, 3, batch=2)
adaptive("more_rows_than_a_block", "6, 13, [2, 7], div_value = 2", 6, 13, 19, batch=5, f64=True)
adaptive("eight_clusters", "4, 20, [1, 2, 3, 5, 8, 13, 17, 19], div_value = 1.125", 4, 20, 5, batch=4)
cases.graph(
    "one_cluster_only",
    "crit: AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6], div_value = 2.0)",
    "(x, t) { crit(x, t) }",
    [4],
    Index([], 9),
    given={"input1": [6, 8, 7]},
)
cases.graph(
    "frequent_only",
    "crit: AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6], div_value = 2.0, head_bias = true)",
    "(x, t) { crit(x, target = t) }",
    [4],
    Index([], 9),
    given={"input1": [2, 0, 0]},
)
cases.graph(
    "behind_a_layer",
    "fc: Linear(5, 8), crit: AdaptiveLogSoftmaxWithLoss(8, 12, [4, 9], div_value = 2.0)",
    "(x, t) { let h = relu(fc(x)); (crit(h, t), h) }",
    [5],
    Index([], 12),
)

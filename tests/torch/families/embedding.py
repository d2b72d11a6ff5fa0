"""Embedding, EmbeddingBag: indices, in headers, through shapes, beside numbers."""

import torch

from cases import Family, Index

cases = Family()


def embedding(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **options)


embedding("one_index", "Embedding(5, 3)", Index([], 5), batch=4)
embedding("row", "Embedding(7, 3)", Index([5], 7))
embedding("matrix", "Embedding(4, 5)", Index([2, 3], 4), f64=True)
embedding("one_row_one_column", "Embedding(1, 1)", Index([3], 1), batch=1)
embedding("padding", "Embedding(5, 2, 3)", Index([6], 5))
embedding("padding_from_the_end", "Embedding(5, 2, padding_idx = -1)", Index([6], 5))
for text in ["2.0", "1.0", "3.0", "2.5"]:
    embedding(f"max_norm_{text.replace('.', '_')}", f"Embedding(4, 5, max_norm = 1.25, norm_type = {text})", Index([5], 4), f64=True)
embedding("by_frequency", "Embedding(4, 3, scale_grad_by_freq = true)", Index([5], 4))
embedding("by_frequency_padding", "Embedding(4, 3, padding_idx = 1, scale_grad_by_freq = true)", Index([5], 4), batch=2)
embedding("into_linear", "Embedding(9, 4), Linear(4, 3), ReLU, Flatten, Linear(15, 2)", Index([5], 9))
embedding("indices_reshaped", "Flatten, Embedding(6, 2)", Index([3, 2], 6))
cases.graph(
    "shared_table",
    "table: Embedding(6, 4), fc: Linear(4, 4)",
    "(a, b) { table(a) + fc(table(b)) }",
    Index([3], 6),
    Index([3], 6),
)
cases.graph(
    "beside_numbers",
    "table: Embedding(5, 3), fc: Linear(3, 3)",
    "(x, kind) { let y = fc(x); y * table(kind) }",
    [3],
    Index([], 5),
    f64=True,
)
cases.graph(
    "attention",
    "table: Embedding(11, 8), attention: MultiheadAttention(8, 2)",
    "(x) { let h = table(x); let (y, _w) = attention(h, h, h); y }",
    Index([5], 11),
)
cases.graph("indices_through", "table: Embedding(5, 2)", "(i) { (table(i), flatten(i, 1)) }", Index([2, 2], 5))

for mode in ["sum", "mean", "max"]:
    option = f'mode = "{mode}"'
    embedding(f"bag_{mode}", f"EmbeddingBag(5, 3, {option})", Index([4], 5))
    embedding(f"bag_{mode}_fixed", f"EmbeddingBag(5, 3, {option})", Index([2, 4], 5), f64=True)
    embedding(f"bag_{mode}_padding", f"EmbeddingBag(3, 2, {option}, padding_idx = 1)", Index([3], 3), batch=5)
    embedding(f"bag_{mode}_max_norm", f"EmbeddingBag(4, 5, max_norm = 1.5, {option})", Index([3], 4))
    given = {"input1": [[0, 2, 2], [0, 0, 5], [0, 5, 6]]}
    forward = "(x, o) { bag(x, offsets = o) }"
    cases.graph(
        f"bag_{mode}_offsets", f"bag: EmbeddingBag(5, 3, {option})", forward, Index([6], 5), Index([3]), given=given
    )
    cases.graph(
        f"bag_{mode}_last_offset",
        f"bag: EmbeddingBag(5, 3, {option}, include_last_offset = true, padding_idx = -5)",
        forward,
        Index([6], 5),
        Index([3]),
        given={"input1": [[0, 2, 6], [0, 0, 6], [0, 6, 6]]},
    )
for mode in ["sum", "mean"]:
    embedding(f"bag_{mode}_by_frequency", f'EmbeddingBag(4, 3, mode = "{mode}", scale_grad_by_freq = true)', Index([5], 4))
cases.graph(
    "bag_weights",
    'bag: EmbeddingBag(5, 3, mode = "sum", padding_idx = 2)',
    "(x, w) { bag(x, per_sample_weights = w) }",
    Index([4], 5),
    [4],
    f64=True,
)
cases.graph(
    "bag_weights_and_offsets",
    'bag: EmbeddingBag(5, 3, mode = "sum"), fc: Linear(6, 6)',
    "(x, o, w) { let v = fc(w); bag(x, per_sample_weights = v, offsets = o) }",
    Index([6], 5),
    Index([2]),
    [6],
    given={"input1": [[0, 2], [0, 0], [0, 6]]},
)

"""Losses of several inputs, and CTCLoss: values, and the gradients of every input that has one."""

import torch
from torch import nn

from cases import TYPES, Draw, arguments

INF = float("inf")
cases = []


def case(name, loss, shapes, batch=3, given=None, **options):
    """`shapes` are those of the inputs without the batch."""
    cases.append((name, loss, shapes, batch, given or {}, options))


def sign(x):
    return 1.0 - 2.0 * (x > 0)


def positive(x):
    return x.abs() + 0.125


REDUCTIONS = ["mean", "sum", "none"]
for reduction in REDUCTIONS:
    signed = {"input2": sign}
    case(f"margin_ranking_{reduction}", nn.MarginRankingLoss, [[2, 3]] * 3, given=signed, reduction=reduction)
    case(f"margin_ranking_margin_{reduction}", nn.MarginRankingLoss, [[1]] * 3, batch=7, given=signed, margin=0.5, reduction=reduction)
    case(f"gaussian_nll_{reduction}", nn.GaussianNLLLoss, [[2, 3]] * 3, given={"input2": positive}, reduction=reduction)
    case(f"gaussian_nll_full_{reduction}", nn.GaussianNLLLoss, [[5]] * 3, given={"input2": positive}, full=True, reduction=reduction)
    case(f"gaussian_nll_rows_{reduction}", nn.GaussianNLLLoss, [[2, 3], [2, 3], [2]], given={"input2": positive}, reduction=reduction)
    case(f"gaussian_nll_samples_{reduction}", nn.GaussianNLLLoss, [[4], [4], []], given={"input2": positive}, reduction=reduction)
    case(f"cosine_embedding_{reduction}", nn.CosineEmbeddingLoss, [[4], [4], []], batch=5, given=signed, reduction=reduction)
    case(f"cosine_embedding_margin_{reduction}", nn.CosineEmbeddingLoss, [[7], [7], []], batch=5, given=signed, margin=0.25, reduction=reduction)
    case(f"triplet_margin_{reduction}", nn.TripletMarginLoss, [[4]] * 3, reduction=reduction)
    case(f"triplet_margin_everything_{reduction}", nn.TripletMarginLoss, [[5]] * 3, margin=0.5, p=3.0, eps=0.01, swap=True, reduction=reduction)
    case(f"triplet_margin_with_distance_{reduction}", nn.TripletMarginWithDistanceLoss, [[4]] * 3, reduction=reduction)
    case(f"triplet_margin_with_distance_swap_{reduction}", nn.TripletMarginWithDistanceLoss, [[5]] * 3, batch=5, margin=0.5, swap=True, reduction=reduction)
case("margin_ranking_equal", nn.MarginRankingLoss, [[4]] * 3, given=signed | {"input0": lambda x: x.sign(), "input1": lambda x: x.sign()})
case("gaussian_nll_small_variance", nn.GaussianNLLLoss, [[4]] * 3, batch=1, given={"input2": [[0.0, 1e-8, 0.25, 0.5]]}, eps=0.25)
case("gaussian_nll_image", nn.GaussianNLLLoss, [[2, 3, 2], [2, 3, 2], [2, 3]], batch=2, given={"input2": positive}, full=True)
case("cosine_embedding_one_number", nn.CosineEmbeddingLoss, [[1], [1], []], batch=2, given=signed)
case("cosine_embedding_zeros", nn.CosineEmbeddingLoss, [[3], [3], []], batch=2, given={"input0": lambda x: 0 * x, "input2": [1.0, -1.0]})
case("cosine_embedding_other_targets", nn.CosineEmbeddingLoss, [[3], [3], []], given={"input2": [1.0, 0.0, -1.0]})
for p in [1.0, 1.5, 2.0, 4.0, INF]:
    for swap in [False, True]:
        name = f"triplet_margin_p_{str(p).replace('.', '_')}" + "_swap" * swap
        case(name, nn.TripletMarginLoss, [[5]] * 3, p=p, swap=swap)
case("triplet_margin_one_number", nn.TripletMarginLoss, [[1]] * 3, batch=1)
case("triplet_margin_equal", nn.TripletMarginLoss, [[3]] * 3, given={f"input{i}": lambda x: 0 * x for i in range(3)}, eps=0.0)
case("triplet_margin_equal_swap", nn.TripletMarginLoss, [[3]] * 3, given={f"input{i}": lambda x: 0 * x + 0.5 for i in range(3)}, swap=True)
case("triplet_margin_at_the_kink", nn.TripletMarginLoss, [[2]] * 3, batch=1, given={"input0": [[0.0, 0.0]], "input1": [[1.0, 0.0]], "input2": [[2.0, 0.0]]}, eps=0.0)
case("triplet_margin_tied_swap", nn.TripletMarginLoss, [[2]] * 3, batch=1, given={"input0": [[0.0, 1.0]], "input1": [[0.0, -1.0]], "input2": [[1.0, 0.0]]}, eps=0.0, swap=True)
case("cosine_embedding_at_the_kink", nn.CosineEmbeddingLoss, [[2], [2], []], batch=1, given={"input0": [[1.0, 0.0]], "input1": [[0.0, 1.0]], "input2": [-1.0]})
case("triplet_margin_far", nn.TripletMarginLoss, [[3]] * 3, given={"input2": lambda x: x + 9})


def ctc(name, batch, steps, classes, labels, inputs, targets, given=None, **options):
    case(f"ctc_{name}", nn.CTCLoss, [[steps, classes], labels], batch=batch, given=(given or {}) | {"inputs": inputs, "targets": targets}, **options)


for reduction in REDUCTIONS:
    ctc(reduction, 3, 7, 4, [[1, 2, 3], [2, 2, 1], [3, 1, 0]], [7, 5, 4], [3, 3, 2], reduction=reduction)
    ctc(f"blank_{reduction}", 2, 6, 5, [[0, 2, 1], [3, 3, 0]], [6, 6], [3, 2], blank=4, reduction=reduction)
    ctc(f"impossible_{reduction}", 3, 3, 3, [[1, 1, 2], [1, 2, 0], [2, 2, 2]], [3, 3, 2], [3, 2, 1], reduction=reduction)
    ctc(f"zero_infinity_{reduction}", 3, 3, 3, [[1, 1, 2], [1, 2, 0], [2, 2, 2]], [3, 3, 2], [3, 2, 1], zero_infinity=True, reduction=reduction)
ctc("empty_target", 2, 4, 3, [[1], [2]], [4, 3], [0, 1])
ctc("one_step", 1, 1, 2, [[1]], [1], [1])
ctc("just_fits", 1, 5, 3, [[1, 1, 2]], [4], [3])
ctc("long", 2, 50, 11, [[1 + i % 10 for i in range(20)], [1 + i * i % 10 for i in range(20)]], [50, 43], [20, 13])


def inputs(draw, loss, shapes, batch, given, dtype):
    """What the loss is called with, and the names and values of what is recorded."""
    if loss is not nn.CTCLoss:
        values = [draw(f"input{i}", (batch, *shape)) for i, shape in enumerate(shapes)]
        for i, value in enumerate(values):
            value.requires_grad_(not (loss is nn.CosineEmbeddingLoss and i == 2))
        return values, {f"input{i}": value for i, value in enumerate(values)}
    steps, labels = shapes
    log_probs = draw("input0", (batch, *steps)).mul(2).log_softmax(2).detach().requires_grad_()
    target = torch.tensor(labels)
    lengths = [torch.tensor(given[key]) for key in ["inputs", "targets"]]
    recorded = {"input0": log_probs, "target": target, "input_lengths": lengths[0], "target_lengths": lengths[1]}
    return [log_probs.transpose(0, 1), target, *lengths], recorded


def record():
    tensors, texts = {}, []
    for name, loss, shapes, batch, given, options in cases:
        for dtype, suffix in [(torch.float32, ""), (torch.float64, "_f64")]:
            draw = Draw(name, dtype, given=given)
            values, own = inputs(draw, loss, shapes, batch, given, dtype)
            leaves = [own[key] for key in own if own[key].requires_grad]
            value = loss(**options)(*values)
            cotangent = draw("cotangent", value.shape) if value.dim() else torch.ones((), dtype=dtype)
            (value * cotangent).sum().backward()
            own |= {"loss": value, "cotangent": cotangent} | {f"grad{i}": leaf.grad for i, leaf in enumerate(leaves)}
            if any(tensor.isnan().any() for tensor in own.values()):
                own["nan"] = torch.tensor(True)
            tensors |= {f"{name}{suffix}/{key}": tensor for key, tensor in own.items()}
            if loss is nn.CTCLoss:
                sizes = f"[{shapes[0][0]}, {shapes[0][1]}] [{len(shapes[1][0])}]"
            else:
                sizes = " ".join(map(str, shapes))
            texts.append(f"inputs_case! {{ {name}{suffix}: {TYPES[dtype]}, batch {batch}, inputs {sizes},\n    {arguments(loss, options)}\n}}\n")
    return tensors, texts

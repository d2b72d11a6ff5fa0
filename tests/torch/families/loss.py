"""Losses between an output and a target: value and gradients.

The gradients are those of `sum(loss * cotangent)`; the cotangent is 1 where the loss is one number.
"""

import torch
from torch import nn

from cases import TYPES, Draw, arguments

INF = float("inf")
cases = []


def case(name, loss, shape, target, batch=3, given=None, **options):
    """`target` is a shape, or a function of the number of classes and a generator for indices."""
    cases.append((name, loss, shape, target, batch, given or {}, options))


def indices(*shape, ignored=None, every=None):
    """Random class indices, some of them replaced by the ignored one."""

    def draw(batch, classes, generator):
        target = torch.randint(classes, (batch, *shape), generator=generator)
        if every:
            target.view(-1)[::every] = ignored
        return target

    draw.shape = list(shape)
    return draw


def lists(*rows):
    def draw(batch, classes, generator):
        return torch.tensor(rows)

    draw.shape = [len(rows[0])] if isinstance(rows[0], list) else []
    return draw


def probabilities(x):
    return x.abs() / x.abs().sum(1, keepdim=True)


def between_0_and_1(x):
    return torch.sigmoid(x)


def zero_or_one(x):
    return (x > 0) * 1.0


# Elementwise.
for short, loss in [("mse", nn.MSELoss), ("l1", nn.L1Loss)]:
    case(short, loss, [4], [4])
    for reduction in ["mean", "sum", "none"]:
        case(f"{short}_{reduction}", loss, [2, 3], [2, 3], reduction=reduction)
    case(f"{short}_one_value", loss, [1], [1], batch=1)
    case(f"{short}_17_values", loss, [17], [17], batch=5)
    case(f"{short}_image", loss, [2, 3, 5], [2, 3, 5])
    case(f"{short}_equal", loss, [4], [4], given={"input": lambda x: x * 0 + 0.5, "target": lambda x: x * 0 + 0.5})
    case(f"{short}_some_equal", loss, [6], [6], given={"input": lambda x: x.sign(), "target": lambda x: x.sign()})

# Class indices.
case("cross_entropy", nn.CrossEntropyLoss, [5], indices())
weights = {"weight": torch.tensor([0.5, 1.0, 2.0, 0.25])}
for reduction in ["mean", "sum", "none"]:
    case(f"cross_entropy_{reduction}", nn.CrossEntropyLoss, [4], indices(), batch=5, reduction=reduction)
    case(f"cross_entropy_weight_{reduction}", nn.CrossEntropyLoss, [4], indices(), batch=5, reduction=reduction, **weights)
    case(f"cross_entropy_ignore_{reduction}", nn.CrossEntropyLoss, [4], indices(ignored=2, every=3), batch=7, ignore_index=2, reduction=reduction)
    case(f"cross_entropy_default_ignore_{reduction}", nn.CrossEntropyLoss, [4], indices(ignored=-100, every=2), batch=5, reduction=reduction)
    case(f"cross_entropy_smoothed_{reduction}", nn.CrossEntropyLoss, [4], indices(), batch=5, label_smoothing=0.125, reduction=reduction)
    case(f"cross_entropy_everything_{reduction}", nn.CrossEntropyLoss, [4], indices(ignored=1, every=3), batch=7, ignore_index=1, label_smoothing=0.1, reduction=reduction, **weights)
    case(f"cross_entropy_spatial_{reduction}", nn.CrossEntropyLoss, [4, 2, 3], indices(2, 3), reduction=reduction)
    case(f"cross_entropy_spatial_everything_{reduction}", nn.CrossEntropyLoss, [4, 2, 3], indices(2, 3, ignored=-1, every=4), ignore_index=-1, label_smoothing=0.25, reduction=reduction, **weights)
    case(f"cross_entropy_probabilities_{reduction}", nn.CrossEntropyLoss, [4], [4], given={"target": probabilities}, reduction=reduction)
    case(f"cross_entropy_probabilities_everything_{reduction}", nn.CrossEntropyLoss, [4], [4], given={"target": probabilities}, label_smoothing=0.1, reduction=reduction, **weights)
    case(f"cross_entropy_probabilities_spatial_{reduction}", nn.CrossEntropyLoss, [4, 2, 3], [4, 2, 3], given={"target": probabilities}, reduction=reduction, **weights)
case("cross_entropy_sequence", nn.CrossEntropyLoss, [6, 5], indices(5), batch=2)
case("cross_entropy_batch_1", nn.CrossEntropyLoss, [3], indices(), batch=1)
case("cross_entropy_one_class", nn.CrossEntropyLoss, [1], indices())
case("cross_entropy_100_classes", nn.CrossEntropyLoss, [100], indices(), batch=2)
case("cross_entropy_fully_smoothed", nn.CrossEntropyLoss, [4], indices(), label_smoothing=1.0)
case("cross_entropy_large", nn.CrossEntropyLoss, [3], indices(), batch=2, given={"input": [[1000.0, -1000.0, 999.0], [-1000.0, -1002.0, -1001.0]]})
case("cross_entropy_masked_logit", nn.CrossEntropyLoss, [3], indices(ignored=0, every=1), batch=2, given={"input": [[0.5, -INF, 1.0], [2.0, 0.0, -INF]]})
case("cross_entropy_all_ignored", nn.CrossEntropyLoss, [3], indices(ignored=-100, every=1))
case("cross_entropy_all_ignored_sum", nn.CrossEntropyLoss, [3], indices(ignored=-100, every=1), reduction="sum")
case("cross_entropy_one_hot", nn.CrossEntropyLoss, [3], [3], given={"target": [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]})
case("cross_entropy_probabilities_not_normalised", nn.CrossEntropyLoss, [3], [3])

for reduction in ["mean", "sum", "none"]:
    log = {"input": lambda x: torch.log_softmax(x, 1)}
    case(f"nll_{reduction}", nn.NLLLoss, [4], indices(), given=log, reduction=reduction)
    case(f"nll_weight_ignore_{reduction}", nn.NLLLoss, [4], indices(ignored=3, every=3), batch=7, given=log, ignore_index=3, reduction=reduction, **weights)
    case(f"nll_spatial_{reduction}", nn.NLLLoss, [4, 3, 2], indices(3, 2), given=log, reduction=reduction, **weights)
case("nll_all_ignored", nn.NLLLoss, [4], indices(ignored=-100, every=1))
case("nll_batch_1", nn.NLLLoss, [2], indices(), batch=1)

# Logits of yes or no.
for reduction in ["mean", "sum", "none"]:
    logits, soft = nn.BCEWithLogitsLoss, {"target": between_0_and_1}
    case(f"bce_with_logits_{reduction}", logits, [4], [4], given=soft, reduction=reduction)
    case(f"bce_with_logits_weight_{reduction}", logits, [4], [4], given=soft, reduction=reduction, **weights)
    case(f"bce_with_logits_pos_weight_{reduction}", logits, [4], [4], given=soft, reduction=reduction, pos_weight=torch.tensor([2.0, 0.5, 3.0, 1.0]))
    case(f"bce_with_logits_both_{reduction}", logits, [4], [4], given={"target": zero_or_one}, reduction=reduction, pos_weight=torch.tensor([2.0, 0.5, 3.0, 1.0]), **weights)
case("bce_with_logits_one_value", logits, [1], [1], batch=1, given={"target": zero_or_one})
case("bce_with_logits_hard", logits, [7], [7], given={"target": zero_or_one})
case("bce_with_logits_extreme", logits, [4], [4], batch=2, given={"input": [[100.0, -100.0, 100.0, -100.0], [0.0, 0.0, 30.0, -30.0]], "target": [[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.5, 0.5]]})
case("bce_with_logits_pos_weight_by_channel", logits, [2, 3, 2], [2, 3, 2], given=soft, pos_weight=torch.tensor([[[2.0]], [[0.25]]]))
case("bce_with_logits_pos_weight_one", logits, [5], [5], given=soft, pos_weight=torch.tensor([4.0]))
case("bce_with_logits_weight_by_sample_value", logits, [2, 2], [2, 2], given=soft, weight=torch.tensor([[1.0, 0.5], [0.0, 2.0]]))

# Probabilities of yes or no.
for reduction in ["mean", "sum", "none"]:
    soft = {"input": between_0_and_1, "target": between_0_and_1}
    case(f"bce_{reduction}", nn.BCELoss, [4], [4], given=soft, reduction=reduction)
    case(f"bce_weight_{reduction}", nn.BCELoss, [4], [4], given=soft, reduction=reduction, **weights)
case("bce_one_value", nn.BCELoss, [1], [1], batch=1, given=soft)
case("bce_hard", nn.BCELoss, [7], [7], given=soft | {"target": zero_or_one})
case("bce_extreme", nn.BCELoss, [4], [4], batch=1, given={"input": [[0.0, 1.0, 0.0, 1.0]], "target": [[0.0, 1.0, 1.0, 0.0]]})
case("bce_image", nn.BCELoss, [2, 3, 5], [2, 3, 5], given=soft)

# Kinks of the robust losses lie at multiples of 1/16.
for short, loss, option, values in [("smooth_l1", nn.SmoothL1Loss, "beta", [1.0, 0.5, 0.0]), ("huber", nn.HuberLoss, "delta", [1.0, 0.5, 0.0625])]:
    for reduction in ["mean", "sum", "none"]:
        case(f"{short}_{reduction}", loss, [2, 3], [2, 3], reduction=reduction)
    for value in values:
        case(f"{short}_{str(value).replace('.', '_')}", loss, [17], [17], **{option: value})
    case(f"{short}_far", loss, [5], [5], given={"input": lambda x: 8 * x})
    case(f"{short}_equal", loss, [4], [4], given={"input": lambda x: x * 0 + 0.5, "target": lambda x: x * 0 + 0.5})
    case(f"{short}_one_value", loss, [1], [1], batch=1)


def log_probabilities(x):
    return torch.log_softmax(x, 1)


for reduction in ["mean", "sum", "none", "batchmean"]:
    both = {"input": log_probabilities, "target": probabilities}
    case(f"kl_div_{reduction}", nn.KLDivLoss, [5], [5], given=both, reduction=reduction)
    case(f"kl_div_log_target_{reduction}", nn.KLDivLoss, [5], [5], given=both | {"target": log_probabilities}, reduction=reduction, log_target=True)
case("kl_div_zeros", nn.KLDivLoss, [3], [3], given=both | {"target": [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.5, 0.25]]}, reduction="sum")
case("kl_div_image", nn.KLDivLoss, [3, 2, 2], [3, 2, 2], batch=2, given=both, reduction="batchmean")


def counts(x):
    return (4 * x).abs().round() + 0.5 * (x > 0.5)


for reduction in ["mean", "sum", "none"]:
    case(f"poisson_nll_{reduction}", nn.PoissonNLLLoss, [2, 3], [2, 3], given={"target": counts}, reduction=reduction)
    positive = {"input": lambda x: x.abs() + 0.125, "target": lambda x: counts(x) + 0.25}
    case(f"poisson_nll_rate_{reduction}", nn.PoissonNLLLoss, [5], [5], given=positive, log_input=False, reduction=reduction)
    case(f"poisson_nll_full_{reduction}", nn.PoissonNLLLoss, [5], [5], given=positive, full=True, reduction=reduction)
case("poisson_nll_everything", nn.PoissonNLLLoss, [3], [3], given=positive, log_input=False, full=True, eps=0.25)


def sign(x):
    return 1.0 - 2.0 * (x > 0)


for reduction in ["mean", "sum", "none"]:
    case(f"hinge_embedding_{reduction}", nn.HingeEmbeddingLoss, [2, 3], [2, 3], given={"target": sign}, reduction=reduction)
    case(f"hinge_embedding_margin_{reduction}", nn.HingeEmbeddingLoss, [17], [17], given={"target": sign}, margin=0.5, reduction=reduction)
    case(f"soft_margin_{reduction}", nn.SoftMarginLoss, [2, 3], [2, 3], given={"target": sign}, reduction=reduction)
case("hinge_embedding_other_targets", nn.HingeEmbeddingLoss, [6], [6], given={"target": lambda x: x.sign() * (x.abs() > 0.5)})
case("hinge_embedding_at_the_kink", nn.HingeEmbeddingLoss, [3], [3], batch=1, given={"input": [[0.5, 0.4375, 0.5]], "target": [[-1.0, -1.0, 0.0]]}, margin=0.5)
case("soft_margin_large", nn.SoftMarginLoss, [4], [4], batch=2, given={"input": [[80.0, -80.0, 200.0, 0.0]] * 2, "target": [[1.0] * 4, [1.0, -1.0, 1.0, -1.0]]})

# As in many tutorials.
case("tutorial_l1", nn.L1Loss, [5], [5])
case("tutorial_mse", nn.MSELoss, [5], [5])
case("tutorial_cross_entropy", nn.CrossEntropyLoss, [5], indices())
case("tutorial_cross_entropy_probabilities", nn.CrossEntropyLoss, [5], [5], given={"target": lambda x: x.softmax(1)})
case("tutorial_two_classes", nn.CrossEntropyLoss, [2], lists(1, 0, 1))

# One loss for each sample.
for reduction in ["mean", "sum", "none"]:
    soft = {"target": between_0_and_1}
    case(f"multi_label_soft_margin_{reduction}", nn.MultiLabelSoftMarginLoss, [4], [4], given=soft, reduction=reduction)
    case(f"multi_label_soft_margin_weight_{reduction}", nn.MultiLabelSoftMarginLoss, [4], [4], given={"target": zero_or_one}, reduction=reduction, **weights)
    case(f"multi_margin_{reduction}", nn.MultiMarginLoss, [5], indices(), reduction=reduction)
    case(f"multi_margin_everything_{reduction}", nn.MultiMarginLoss, [4], indices(), batch=5, p=2, margin=0.5, reduction=reduction, **weights)
case("multi_label_soft_margin_one_class", nn.MultiLabelSoftMarginLoss, [1], [1], batch=1, given=soft)
case("multi_label_soft_margin_large", nn.MultiLabelSoftMarginLoss, [4], [4], batch=1, given={"input": [[300.0, -300.0, 300.0, -300.0]], "target": [[1.0, 1.0, 0.0, 0.0]]})
case("multi_margin_squared", nn.MultiMarginLoss, [3], indices(), p=2)
case("multi_margin_weight", nn.MultiMarginLoss, [4], indices(), **weights)
case("multi_margin_one_class", nn.MultiMarginLoss, [1], indices(), batch=1)
case("multi_margin_at_the_kink", nn.MultiMarginLoss, [3], indices(), given={"input": lambda x: x.sign()})


for reduction in ["mean", "sum", "none"]:
    case(f"multi_label_margin_{reduction}", nn.MultiLabelMarginLoss, [4], lists([3, 0, -1, 1], [-1, 2, 2, 2], [0, 1, 2, 3]), reduction=reduction)
case("multi_label_margin_twice", nn.MultiLabelMarginLoss, [5], lists([2, 2, 4, -1, -1]), batch=1)
case("multi_label_margin_at_the_kink", nn.MultiLabelMarginLoss, [3], lists([1, -1, 0], [2, 0, -1], [0, -1, -1]), given={"input": lambda x: x.sign()})

# PyTorch gives these targets no gradient.
LABELS = [nn.HingeEmbeddingLoss, nn.SoftMarginLoss]


def record():
    tensors, texts = {}, []
    for name, loss, shape, target_shape, batch, given, options in cases:
        for dtype, suffix in [(torch.float32, ""), (torch.float64, "_f64")]:
            draw = Draw(name, dtype, given=given)
            x = draw("input", (batch, *shape)).requires_grad_()
            own = {}
            if callable(target_shape):
                target = target_shape(batch, shape[0], draw.generator)
                text = f"indices {target_shape.shape}"
            else:
                target = draw("target", (batch, *target_shape)).requires_grad_(loss not in LABELS)
                text = f"target {target_shape}"
            tensor_options = {key: value.to(dtype) for key, value in options.items() if isinstance(value, torch.Tensor)}
            value = loss(**(options | tensor_options))(x, target)
            cotangent = draw("cotangent", value.shape) if value.dim() else torch.ones((), dtype=dtype)
            (value * cotangent).sum().backward()
            own |= {"input": x, "target": target, "loss": value, "cotangent": cotangent, "grad": x.grad} | tensor_options
            if target.requires_grad:
                own["target_grad"] = target.grad
            if any(tensor.isnan().any() for tensor in own.values()):
                own["nan"] = torch.tensor(True)
            tensors |= {f"{name}{suffix}/{key}": tensor for key, tensor in own.items()}
            texts.append(f"loss_case! {{ {name}{suffix}: {TYPES[dtype]}, batch {batch}, input {shape}, {text},\n    {arguments(loss, options)}\n}}\n")
    return tensors, texts

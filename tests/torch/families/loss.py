"""MSELoss, L1Loss, CrossEntropyLoss, NLLLoss, BCEWithLogitsLoss: value and gradient.

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
                target = draw("target", (batch, *target_shape)).requires_grad_()
                text = f"target {target_shape}"
            tensor_options = {key: value.to(dtype) for key, value in options.items() if isinstance(value, torch.Tensor)}
            value = loss(**(options | tensor_options))(x, target)
            cotangent = draw("cotangent", value.shape) if value.dim() else torch.ones((), dtype=dtype)
            (value * cotangent).sum().backward()
            own |= {"input": x, "target": target, "loss": value, "cotangent": cotangent, "grad": x.grad} | tensor_options
            if target.is_floating_point():
                own["target_grad"] = target.grad
            if any(tensor.isnan().any() for tensor in own.values()):
                own["nan"] = torch.tensor(True)
            tensors |= {f"{name}{suffix}/{key}": tensor for key, tensor in own.items()}
            texts.append(f"loss_case! {{ {name}{suffix}: {TYPES[dtype]}, batch {batch}, input {shape}, {text},\n    {arguments(loss, options)}\n}}\n")
    return tensors, texts

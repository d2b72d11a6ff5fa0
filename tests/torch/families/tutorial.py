"""The examples that many PyTorch tutorials share, at the sizes that they have there.

Small tensors are recorded whole. Of large ones, whose values follow from a formula, sums and a few values are.
"""

import torch

from cases import Case, Family, Sequential, shape_text

small = Family()
layer, graph = small.sequential, small.graph

# A filter that sharpens: 1 in the middle, -1/9 around it.
KERNEL = torch.full((3, 3), -1 / 9)
KERNEL[1][1] = 1
layer("sharpened", "Conv2d(1, 1, (3, 3), 1, bias = false)", [1, 24, 32], batch=1, given={"param/0.weight": KERNEL})
layer("halved", "AvgPool2d(2, 2)", [1, 24, 32], batch=1)
layer("linear", "Linear(3, 4)", [3], batch=2)
layer("normalised", "Linear(3, 4), BatchNorm1d(4)", [3], batch=2, given={"param/1.weight": [4.0] * 4, "param/1.bias": [0.0] * 4})
layer("relu_inplace", "Linear(3, 4), ReLU(inplace = true)", [3], batch=2)
layer("sequential", "Conv2d(3, 3, 3), BatchNorm2d(3), ReLU", [3, 4, 4], batch=1, values="full")
layer("module_list", "Linear(3, 4), ReLU, Linear(4, 2)", [3], batch=2)
graph("lstm", "lstm: LSTM(4, 3, 1)", "(x, h, c) { let (y, (h, c)) = lstm(x, (h, c)); (y, h, c) }", [2, 4], [1, 3], [1, 3], values="full")
graph("lstm_cell", "cell: LSTMCell(4, 3)", "(x, h, c) { let (h, c) = cell(x, (h, c)); (h, c) }", [4], [3], [3], values="full")
layer("smaller", "Conv2d(1, 1, 3)", [1, 4, 4], batch=1)
layer("as_large_as_before", "Conv2d(1, 1, 3), ConvTranspose2d(1, 1, 3)", [1, 4, 4], batch=1)
layer("sigmoid", "Sigmoid", [1, 4, 4], batch=1, values="full")
layer("tanh", "Tanh", [1, 4, 4], batch=1, values="full")
layer("leaky_relu", "LeakyReLU(0.1)", [2], batch=1)
layer("gelu", "GELU", [2], batch=1, values="full")
layer("selu", "SELU", [2], batch=1, values="full")
layer("relu6", "ReLU6", [2], batch=1, given={"input0": [[5.5, 6.5]]})
layer("softmax", "Softmax(dim = 1)", [3], batch=2, values="full")
graph("crelu", "", "(x) { cat([relu(x), relu(-x)], dim = 1) }", [2], batch=1)
layer("linear_30", "Linear(20, 30)", [20], batch=128)

large = []


def big(name, text, shape, batch):
    large.append(Case(name, (Sequential, text), [shape], batch))


big("reflected", "ReflectionPad2d(3)", [3, 320, 480], 16)
big("reflected_by_side", "ReflectionPad2d((3, 3, 6, 6))", [3, 320, 480], 16)
big("convolution", "Conv2d(16, 33, 3, stride = 2)", [16, 50, 100], 20)
big("convolution_by_axis", "Conv2d(16, 33, (3, 5), stride = (2, 1), padding = (4, 2))", [16, 50, 100], 20)
big("convolution_dilated", "Conv2d(16, 33, (3, 5), stride = (2, 1), padding = (4, 2), dilation = (3, 1))", [16, 50, 100], 20)
big("max_pool", "MaxPool2d(3, stride = 2)", [16, 50, 32], 20)
big("max_pool_by_axis", "MaxPool2d((3, 2), stride = (2, 1))", [16, 50, 32], 20)
big("avg_pool", "AvgPool2d(3, stride = 2)", [16, 50, 32], 20)
big("avg_pool_by_axis", "AvgPool2d((3, 2), stride = (2, 1))", [16, 50, 32], 20)
for short, pool in [("max", "AdaptiveMaxPool2d"), ("avg", "AdaptiveAvgPool2d")]:
    big(f"adaptive_{short}_pool", f"{pool}((5, 7))", [64, 8, 9], 1)
    big(f"adaptive_{short}_pool_square", f"{pool}(7)", [64, 10, 9], 1)
    big(f"adaptive_{short}_pool_height_kept", f"{pool}((None, 7))", [64, 10, 9], 1)
big("batch_norm", "BatchNorm2d(100)", [100, 35, 45], 20)
big("batch_norm_not_affine", "BatchNorm2d(100, affine = false)", [100, 35, 45], 20)


def formula(shape, factor, modulus):
    """Multiples of 1/32; `tests/torch/tutorial.rs` has the same."""
    values = torch.arange(torch.Size(shape).numel()) * factor % modulus - modulus // 2
    return (values / 32).double().reshape(shape)


def digest(name, key, tensor):
    """Sums, plain, absolute and weighted, and 64 values."""
    values = tensor.detach().flatten()
    weights = (torch.arange(len(values)) % 251 + 1) / 251
    places = torch.arange(64) * (len(values) - 1) // 63
    sums = torch.stack([values.sum(), values.abs().sum(), (values * weights).sum()])
    return {f"{name}/sums/{key}": sums, f"{name}/values/{key}": values[places]}


def record_large(case):
    # F64: PyTorch's F32 loses four digits in the longest sums.
    model = Sequential(*case.text[1:]).double()
    for parameter in model.parameters():
        parameter.data = formula(parameter.shape, 7, 23)
    x = formula((case.batch, *case.inputs[0]), 31, 61).requires_grad_()
    model.eval()
    tensors = digest(case.name, "eval", model(x))
    model.train()
    y = model(x)
    tensors |= digest(case.name, "train", y)
    y.backward(formula(y.shape, 13, 29))
    tensors |= digest(case.name, "input_grad", x.grad)
    for key, parameter in model.named_parameters():
        tensors |= digest(case.name, f"grad/{key}", parameter.grad)
    for key, buffer in model.named_buffers():
        if buffer.is_floating_point():
            tensors |= digest(case.name, f"after/{key}", buffer)
    header = f"pub struct Net: {shape_text(case.inputs)} -> {shape_text([list(y.shape[1:])])}"
    text = f"""large_case! {{ {case.name}: batch {case.batch},
    network! {{
        {header} {Sequential.rust(*case.text[1:])}
    }}
}}
"""
    return tensors, text


def record():
    from record import record_networks

    tensors, texts = record_networks(small)
    for case in large:
        own, text = record_large(case)
        tensors |= own
        texts.append(text)
    return tensors, texts

#!/usr/bin/env python3
"""Records what PyTorch says, for tests that need neither Python nor a network. See README.md.

    python tests/torch/record.py            all families
    python tests/torch/record.py conv pool  some of them
"""

import importlib
import sys
from pathlib import Path

import safetensors.torch
import torch

from cases import Case, Draw, Index, shape_text

HERE = Path(__file__).parent
FAMILIES = (
    "conv conv_transpose pool special_pool unpool pad spatial grid norm group_norm weight_norm flat activation attention transformer embedding adaptive recurrent slope distance mask functional graph tensor choose held layer_function tutorial loss loss_inputs optim schedule init"
).split()
TORCH = "2.15.0"


def record_network(case, dtype):
    """All tensors of one case, by the keys that README.md lists, and the shapes of the outputs without the batch."""
    kind, *text = case.text
    draw = Draw(case.name, dtype, case.values, case.given)
    model = kind(*text).to(dtype)
    infer_sizes(model, case, dtype)
    tensors = {}
    for key, parameter in model.named_parameters():
        parameter.data = draw(f"param/{key}", parameter.shape)
        tensors[f"param/{key}"] = parameter
    for key, buffer in model.named_buffers():
        if buffer.is_floating_point():
            buffer.data = draw(f"buffer/{key}", buffer.shape)
        elif (given := (case.given or {}).get(f"buffer/{key}")) is not None:
            buffer.fill_(int(given))
        tensors[f"buffer/{key}"] = buffer
    inputs = [draw.value(f"input{i}", case.batch, shape) for i, shape in enumerate(case.inputs)]
    tensors |= {f"input{i}": x for i, x in enumerate(inputs)}
    tensors = {key: value.detach().clone() for key, value in tensors.items()}

    model.eval()
    with torch.no_grad():
        outputs = as_tuple(model(*inputs))
    tensors |= {f"eval{i}": y for i, y in enumerate(outputs)}
    cotangents = {i: draw(f"cotangent{i}", y.shape) for i, y in enumerate(outputs) if y.is_floating_point()}
    tensors |= {f"cotangent{i}": c for i, c in cotangents.items()}

    model.train()
    numbers = {i: x.requires_grad_() for i, x in enumerate(inputs) if x.is_floating_point()}
    trained = as_tuple(model(*inputs))
    for i, y in enumerate(trained):
        if not same(y, outputs[i]):
            tensors[f"train{i}"] = y.detach()
    total = sum((trained[i] * c).sum() for i, c in cotangents.items())
    # Indices have no gradient, nor has what is made of them.
    if getattr(total, "requires_grad", False):
        total.backward()
    tensors |= {f"input_grad{i}": gradient(x) for i, x in numbers.items()}
    tensors |= {f"grad/{key}": gradient(p) for key, p in model.named_parameters()}
    tensors |= {f"after/{key}": b.clone() for key, b in model.named_buffers()}

    if case.steps > 1:
        second = [draw(f"second/input{i}", x.shape) for i, x in enumerate(inputs)]
        tensors |= {f"second/input{i}": x for i, x in enumerate(second)}
        with torch.no_grad():
            tensors |= {f"second/train{i}": y for i, y in enumerate(as_tuple(model(*second)))}
            tensors |= {f"second/after/{key}": b.clone() for key, b in model.named_buffers()}
            model.eval()
            tensors |= {f"second/eval{i}": y for i, y in enumerate(as_tuple(model(*second)))}
    return tensors, [list(y.shape[1:]) if y.is_floating_point() else Index(y.shape[1:]) for y in outputs]


def infer_sizes(model, case, dtype):
    """Lets torch's lazy layers, which stand for `_`, see an input."""
    with torch.no_grad():
        model.eval()
        dtypes = [torch.long if isinstance(shape, Index) else dtype for shape in case.inputs]
        model(*(torch.zeros(case.batch, *shape, dtype=own) for shape, own in zip(case.inputs, dtypes)))


def as_tuple(outputs):
    return tuple(outputs) if isinstance(outputs, (tuple, list)) else (outputs,)


def gradient(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def same(a, b):
    return torch.equal(a.nan_to_num(nan=1e30), b.nan_to_num(nan=1e30))


def is_exact(case, tensors):
    """Whether f64 gives the same numbers: then no rounding happened, and every order of summation gives the same result."""
    given = {key: value.double() if value.is_floating_point() else value for key, value in tensors.items()}
    again, _ = record_network(Case(**{**vars(case), "given": given}), torch.float64)
    return all(same(value.double(), again[key].double()) for key, value in tensors.items())


def case_text(case, name, dtype, outputs):
    kind, *text = case.text
    element = "#[element(f64)] " if dtype == torch.float64 else ""
    header = f"{element}pub struct Net: {shape_text(case.inputs)} -> {shape_text(outputs)}"
    return f"""case! {{ {name}: batch {case.batch},
    network! {{
        {header} {kind.rust(*text)}
    }}
}}
"""


def record_networks(family):
    """The record and the Rust text of a family of networks."""
    tensors, texts, names = {}, [], set()
    for case in family:
        for dtype in [torch.float32] + [torch.float64] * case.f64:
            name = case.name + ("_f64" if dtype == torch.float64 else "")
            assert name not in names, f"{name} twice"
            names.add(name)
            try:
                own, outputs = record_network(case, dtype)
            except Exception as error:
                raise RuntimeError(f"case {name}: {error}") from error
            if any(value.isnan().any() for value in own.values()):
                own["nan"] = torch.tensor(True)
            elif dtype == torch.float32 and is_exact(case, own):
                own["exact"] = torch.tensor(True)
            tensors |= {f"{name}/{key}": value for key, value in own.items()}
            texts.append(case_text(case, name, dtype, outputs))
    return tensors, texts


def write(name, tensors, texts, preamble=""):
    record = HERE / "record" / f"{name}.safetensors"
    record.parent.mkdir(exist_ok=True)
    tensors = {key: value.detach().contiguous().clone() for key, value in tensors.items()}
    # One entry only: the format does not keep the order of several.
    safetensors.torch.save_file(tensors, record, metadata={"torch": TORCH})
    record.chmod(0o644)
    generated = HERE / "generated" / f"{name}.rs"
    generated.parent.mkdir(exist_ok=True)
    header = f"""//! What PyTorch {TORCH} says of the family `{name}`: {len(texts)} cases, with their numbers in `record/{name}.safetensors`.
//!
//! Generated by `python tests/torch/record.py {name}` (see tests/torch/README.md); change `tests/torch/families/{name}.py`, not this
//! file.

record!("{name}");

{preamble}"""
    generated.write_text(header + "\n".join(texts))
    exact = sum(key.endswith("/exact") for key in tensors)
    nan = sum(key.endswith("/nan") for key in tensors)
    print(f"{name:16}{len(texts):5} cases {exact:5} exact {nan:3} with NaN {record.stat().st_size / 1024:8.0f} KiB")


def main(names):
    assert torch.__version__.split("+")[0] == TORCH, f"torch {torch.__version__} is not {TORCH}"
    sys.path.insert(0, str(HERE))
    torch.set_num_threads(1)
    for name in names or FAMILIES:
        module = importlib.import_module(f"families.{name}")
        if hasattr(module, "record"):
            write(name, *module.record())
        else:
            write(name, *record_networks(module.cases))


if __name__ == "__main__":
    main(sys.argv[1:])

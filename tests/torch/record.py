#!/usr/bin/env python3
"""Records what PyTorch says, for tests that need neither Python nor a network. See README.md.

    python tests/torch/record.py            all families
    python tests/torch/record.py conv pool  some of them
"""

import importlib
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch

from network import Graph, Sequential

HERE = Path(__file__).parent
FAMILIES = ["conv", "conv_transpose", "pool", "norm", "flat", "activation", "graph"]
TORCH = "2.15.0"


@dataclass
class Case:
    """One network with its inputs.

    `values` chooses how inputs, parameters and cotangents are drawn:
    - "few": multiples of 1/16 in [-1, 1], so that sums of products are exact in f32 whatever their order;
    - "distinct": inputs as "few", but no value twice in the tensor, so that no maximum is tied;
    - "full": all bits.
    `given` replaces the values of single tensors, by the record's key. `steps` is how many training passes are recorded.
    """

    name: str
    text: tuple
    inputs: list
    batch: int = 3
    values: str = "few"
    given: dict = None
    f64: bool = False
    steps: int = 1


class Family(list):
    """The cases of a family, in the order of the generated file."""

    def sequential(self, name, layers, *inputs, **options):
        self.append(Case(name, (Sequential, layers), list(inputs), **options))

    def graph(self, name, layers, forward, *inputs, **options):
        self.append(Case(name, (Graph, layers, forward), list(inputs), **options))


class Draw:
    """The random values of one case; the name is the seed."""

    def __init__(self, case, dtype):
        self.case, self.dtype = case, dtype
        self.values = "full" if dtype == torch.float64 and case.values == "few" else case.values
        self.generator = torch.Generator().manual_seed(zlib.crc32(case.name.encode()))

    def __call__(self, key, shape):
        values = self.full(shape) if self.values == "full" else self.few(shape)
        if self.values == "distinct" and "input" in key:
            values = self.distinct(shape)
        if key.endswith("running_var"):
            values = values.abs() + 0.5
        given = (self.case.given or {}).get(key)
        if given is not None:
            values = given(values) if callable(given) else torch.as_tensor(given)
        return values.to(self.dtype).reshape(shape)

    def few(self, shape):
        return torch.randint(-16, 17, shape, generator=self.generator) / 16

    def full(self, shape):
        return torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def distinct(self, shape):
        count = torch.Size(shape).numel()
        return (torch.randperm(count, generator=self.generator) - count // 2) / 64


def record_network(case, dtype):
    """All tensors of one case, by the keys that README.md lists, and the shapes of the outputs without the batch."""
    kind, *text = case.text
    draw = Draw(case, dtype)
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
            buffer.fill_(given)
        tensors[f"buffer/{key}"] = buffer
    inputs = [draw(f"input{i}", (case.batch, *shape)) for i, shape in enumerate(case.inputs)]
    tensors |= {f"input{i}": x for i, x in enumerate(inputs)}
    tensors = {key: value.detach().clone() for key, value in tensors.items()}

    model.eval()
    with torch.no_grad():
        outputs = as_tuple(model(*inputs))
    tensors |= {f"eval{i}": y for i, y in enumerate(outputs)}
    cotangents = [draw(f"cotangent{i}", y.shape) for i, y in enumerate(outputs)]
    tensors |= {f"cotangent{i}": c for i, c in enumerate(cotangents)}

    model.train()
    for x in inputs:
        x.requires_grad_()
    trained = as_tuple(model(*inputs))
    for i, y in enumerate(trained):
        if not same(y, outputs[i]):
            tensors[f"train{i}"] = y.detach()
    sum((y * c).sum() for y, c in zip(trained, cotangents)).backward()
    tensors |= {f"input_grad{i}": gradient(x) for i, x in enumerate(inputs)}
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
    return tensors, [list(y.shape[1:]) for y in outputs]


def infer_sizes(model, case, dtype):
    """Lets torch's lazy layers, which stand for `_`, see an input."""
    with torch.no_grad():
        model.eval()
        model(*(torch.zeros(case.batch, *shape, dtype=dtype) for shape in case.inputs))


def as_tuple(outputs):
    return tuple(outputs) if isinstance(outputs, (tuple, list)) else (outputs,)


def gradient(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def same(a, b):
    return torch.equal(a.nan_to_num(nan=1e30), b.nan_to_num(nan=1e30))


def is_exact(case, tensors):
    """Whether f64 gives the same numbers: then no rounding happened, and every order of summation gives the same result."""
    given = {key: value.double() if value.is_floating_point() else int(value) for key, value in tensors.items()}
    again, _ = record_network(Case(**{**vars(case), "given": given}), torch.float64)
    return all(same(value.double(), again[key].double()) for key, value in tensors.items())


def shape_text(shapes):
    texts = [f"[{', '.join(map(str, shape))}]" for shape in shapes]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


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


def write(name, tensors, texts, uses):
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

{uses}

record!("{name}");

"""
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
            write(name, *record_networks(module.cases), "use super::*;")


if __name__ == "__main__":
    main(sys.argv[1:])

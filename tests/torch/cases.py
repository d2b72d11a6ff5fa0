"""What a case is, how its values are drawn, and how its arguments are written in Rust."""

import inspect
import zlib
from dataclasses import dataclass

import torch

from network import Graph, Sequential

TYPES = {torch.float32: "f32", torch.float64: "f64"}


class Index(list):
    """The sizes of an input that holds indices below a number."""

    def __init__(self, sizes, below=1):
        super().__init__(sizes)
        self.below = below


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

    def __init__(self, name, dtype, values="full", given=None):
        self.dtype, self.given = dtype, given or {}
        self.values = "full" if dtype == torch.float64 and values == "few" else values
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def __call__(self, key, shape):
        values = self.full(shape) if self.values == "full" else self.few(shape)
        if self.values == "distinct" and "input" in key:
            values = self.distinct(shape)
        if key.endswith("running_var"):
            values = values.abs() + 0.5
        if key in self.given:
            given = self.given[key]
            values = given(values) if callable(given) else torch.as_tensor(given)
        return values.to(self.dtype).reshape(shape)

    def value(self, key, batch, shape):
        """A batch of an input."""
        if not isinstance(shape, Index):
            return self(key, (batch, *shape))
        drawn = torch.randint(0, shape.below, (batch, *shape), generator=self.generator)
        return torch.as_tensor(self.given.get(key, drawn))

    def few(self, shape):
        return torch.randint(-16, 17, shape, generator=self.generator) / 16

    def full(self, shape):
        return torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def distinct(self, shape):
        count = torch.Size(shape).numel()
        return (torch.randperm(count, generator=self.generator) - count // 2) / 64


def rust(value):
    """A value as Rust writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float):
        return {float("inf"): "f64::INFINITY"}.get(value, repr(value))
    if isinstance(value, torch.Tensor):
        return rust(value.tolist())
    if isinstance(value, (list, tuple)):
        left, right = "[]" if isinstance(value, list) else "()"
        return f"{left}{', '.join(map(rust, value))}{right}"
    return repr(value)


def shape_text(shapes):
    texts = [index_text(shape) if isinstance(shape, Index) else f"[{', '.join(map(str, shape))}]" for shape in shapes]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def index_text(sizes):
    """`[[u32; 3]; 2]` for the sizes 2 and 3."""
    return f"[{index_text(sizes[1:])}; {sizes[0]}]" if sizes else "u32"


# Parameters of PyTorch that have no meaning here.
FOREIGN = "self tensor generator params optimizer last_epoch size_average reduce foreach capturable differentiable fused decoupled_weight_decay".split()


def arguments(what, given):
    """`SGD(lr = 0.1, momentum = 0.0, ..)`: all of PyTorch's parameters in PyTorch's order, the defaults too."""
    parameters = inspect.signature(what).parameters
    assert not set(given) - set(parameters), f"{what.__name__} has no {set(given) - set(parameters)}"
    texts = []
    for name, parameter in parameters.items():
        if name in FOREIGN:
            continue
        value = given.get(name, parameter.default)
        assert value is not inspect.Parameter.empty, f"{what.__name__} needs {name}"
        if "float" in str(parameter.annotation) and type(value) is int:
            value = float(value)
        texts.append(f"{name} = {rust(value)}")
    return f"{what.__name__}({', '.join(texts)})"

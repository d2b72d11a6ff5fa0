"""Records the names that PyTorch lists: `python tests/listing/record.py` writes tests/listing/generated.rs.

The same networks stand in main.rs, in the language.
"""

import pathlib

import torch
from torch import nn
from torch.nn.utils import parametrizations

HERE = pathlib.Path(__file__).parent


class Group(nn.Module):
    """Modules, parameters and buffers under their names, as attributes."""

    def __init__(self, **members):
        super().__init__()
        for name, member in members.items():
            setattr(self, name, member)


def block(width):
    return Group(conv=nn.Conv2d(width, width, 3, padding=1, bias=False), bn=nn.BatchNorm2d(width), gain=nn.Parameter(torch.zeros(width, 1, 1)))


MODELS = {
    # BatchNorm: running_mean, running_var, num_batches_tracked, in front of the next layer.
    "chain": nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.BatchNorm2d(2, affine=False), nn.Flatten(), nn.Linear(32, 3)),
    # A layer that is called twice is listed once.
    "shared": Group(fc=nn.Linear(4, 4), norm=nn.BatchNorm1d(4), head=nn.Linear(4, 2, bias=False)),
    # What a module holds itself comes in front of what its modules hold, wherever it is declared.
    "held": Group(
        fc=nn.Linear(3, 3),
        scale=nn.Parameter(torch.zeros(3)),
        mean=nn.Buffer(torch.zeros(2, 3)),
        parts=nn.ParameterList([nn.Parameter(torch.zeros(3)), nn.Parameter(torch.zeros(2, 1))]),
        heads=nn.ModuleDict({"a": nn.Linear(3, 2), "b": nn.Sequential(nn.ReLU(), nn.Linear(3, 4))}),
        offset=nn.Parameter(torch.zeros(1, 2, 3)),
    ),
    "blocks": Group(stem=nn.Conv2d(3, 2, 1), layers=nn.ModuleList([block(2), block(2)]), scale=nn.Parameter(torch.zeros(2, 1, 1))),
    "recurrent": Group(
        table=nn.Embedding(7, 3),
        lstm=nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True),
        attn=nn.MultiheadAttention(4, 2),
        norm=nn.LayerNorm(4),
    ),
    "normed": Group(fc=parametrizations.weight_norm(nn.Linear(3, 4)), bn=nn.BatchNorm1d(4)),
}


def shape(tensor):
    return f"&{list(tensor.shape)}"


def main():
    out = ["//! Written by record.py.", "", "use super::Recorded;", ""]
    for name, model in MODELS.items():
        out += [f"pub(crate) const {name.upper()}: Recorded = Recorded {{", "    parameters: &["]
        out += [f'        ("{key}", {shape(value)}),' for key, value in model.named_parameters()]
        out += ["    ],", "    buffers: &["]
        out += [f'        ("{key}", {shape(value)}),' for key, value in model.named_buffers()]
        out += ["    ],", "    state_dict: &["]
        out += [f'        "{key}",' for key in model.state_dict()]
        out += ["    ],", "};", ""]
    (HERE / "generated.rs").write_text("\n".join(out))


main()

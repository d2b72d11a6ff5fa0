"""SGD, Adam, AdamW, RMSprop, Adagrad, clip_grad_norm_, clip_grad_value_: twenty steps of a small network on fixed data."""

import torch
from torch import nn, optim
from torch.nn.utils.parametrizations import weight_norm

from cases import TYPES, Draw, arguments
from network import Sequential

LAYERS = "Linear(3, 5), Tanh, Linear(5, 2)"
NORMED = "#[weight_norm] Linear(3, 5), Tanh, #[weight_norm(dim = None)] Linear(5, 2)"
STEPS, KEPT = 20, (1, 2, 20)
INF = float("inf")
cases = []


def case(name, optimizer, clip=None, **options):
    cases.append((name, optimizer, clip, options))


case("sgd", optim.SGD, lr=0.125)
case("sgd_default", optim.SGD)
case("sgd_momentum", optim.SGD, lr=0.1, momentum=0.9)
case("sgd_momentum_dampening", optim.SGD, lr=0.1, momentum=0.9, dampening=0.5)
case("sgd_nesterov", optim.SGD, lr=0.1, momentum=0.9, nesterov=True)
case("sgd_weight_decay", optim.SGD, lr=0.1, weight_decay=0.1)
case("sgd_maximize", optim.SGD, lr=0.01, maximize=True)
case("sgd_maximize_weight_decay", optim.SGD, lr=0.01, weight_decay=0.1, maximize=True)
case("sgd_everything", optim.SGD, lr=0.005, momentum=0.8, dampening=0.25, weight_decay=0.01, maximize=True)
case("sgd_nesterov_weight_decay", optim.SGD, lr=0.05, momentum=0.8, weight_decay=0.01, nesterov=True)

case("adam", optim.Adam, lr=0.05)
case("adam_default", optim.Adam)
case("adam_betas", optim.Adam, lr=0.05, betas=(0.5, 0.75))
case("adam_eps", optim.Adam, lr=0.05, eps=0.01)
case("adam_weight_decay", optim.Adam, lr=0.05, weight_decay=0.1)
case("adam_amsgrad", optim.Adam, lr=0.1, betas=(0.8, 0.5), amsgrad=True)
case("adam_maximize", optim.Adam, lr=0.01, maximize=True)
case("adam_everything", optim.Adam, lr=0.02, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.05, amsgrad=True, maximize=True)

case("adamw", optim.AdamW, lr=0.05)
case("adamw_default", optim.AdamW)
case("adamw_without_weight_decay", optim.AdamW, lr=0.05, weight_decay=0.0)
case("adamw_weight_decay", optim.AdamW, lr=0.05, weight_decay=0.5)
case("adamw_betas_eps", optim.AdamW, lr=0.05, betas=(0.5, 0.75), eps=0.01)
case("adamw_amsgrad", optim.AdamW, lr=0.1, betas=(0.8, 0.5), amsgrad=True)
case("adamw_maximize", optim.AdamW, lr=0.01, maximize=True)
case("adamw_everything", optim.AdamW, lr=0.02, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.2, amsgrad=True, maximize=True)

case("rmsprop", optim.RMSprop, lr=0.02)
case("rmsprop_default", optim.RMSprop)
case("rmsprop_alpha_eps", optim.RMSprop, lr=0.02, alpha=0.75, eps=0.01)
case("rmsprop_momentum", optim.RMSprop, lr=0.01, momentum=0.5)
case("rmsprop_centered", optim.RMSprop, lr=0.01, alpha=0.9, eps=1e-4, centered=True)
case("rmsprop_weight_decay", optim.RMSprop, lr=0.005, eps=0.01, weight_decay=0.1)
case("rmsprop_maximize", optim.RMSprop, lr=0.005, maximize=True)
case("rmsprop_everything", optim.RMSprop, lr=0.005, alpha=0.75, eps=0.125, weight_decay=0.05, momentum=0.75, centered=True, maximize=True)

case("adagrad", optim.Adagrad, lr=0.1)
case("adagrad_default", optim.Adagrad)
case("adagrad_lr_decay", optim.Adagrad, lr=0.2, lr_decay=0.125)
case("adagrad_initial_accumulator_value", optim.Adagrad, lr=0.2, initial_accumulator_value=0.5)
case("adagrad_weight_decay", optim.Adagrad, lr=0.1, weight_decay=0.1)
case("adagrad_maximize", optim.Adagrad, lr=0.02, maximize=True)
case("adagrad_everything", optim.Adagrad, lr=0.05, lr_decay=0.25, weight_decay=0.05, initial_accumulator_value=0.25, eps=1e-3, maximize=True)

case("sgd_clip_grad_norm", optim.SGD, clip=("norm", 0.25, 2.0), lr=0.5)
case("sgd_clip_grad_norm_seldom", optim.SGD, clip=("norm", 0.75, 2.0), lr=0.25)
case("sgd_clip_grad_norm_never", optim.SGD, clip=("norm", 100.0, 2.0), lr=0.125)
case("sgd_clip_grad_norm_1", optim.SGD, clip=("norm", 0.5, 1.0), lr=0.5)
case("sgd_clip_grad_norm_infinity", optim.SGD, clip=("norm", 0.125, INF), lr=0.5)
case("adam_clip_grad_norm", optim.Adam, clip=("norm", 0.1, 2.0), lr=0.05)
case("sgd_clip_grad_value", optim.SGD, clip=("value", 0.0625), lr=0.5)

case("weight_norm_sgd", optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.05)
case("weight_norm_adam", optim.Adam, lr=0.05)
case("weight_norm_clip_grad_norm", optim.SGD, clip=("norm", 0.25, 2.0), lr=0.5)


def clip_text(clip):
    if clip is None:
        return "unclipped"
    if clip[0] == "norm":
        return f"clip_grad_norm(max_norm = {clip[1]}, norm_type = {'f64::INFINITY' if clip[2] == INF else clip[2]})"
    return f"clip_grad_value(clip_value = {clip[1]})"


def record():
    tensors, texts = {}, []
    for name, optimizer, clip, options in cases:
        for dtype, suffix in [(torch.float32, ""), (torch.float64, "_f64")]:
            # The same network and data for all.
            draw = Draw("optim", dtype)
            model = Sequential(LAYERS).to(dtype)
            normed = name.startswith("weight_norm")
            if normed:
                weight_norm(model[0])
                weight_norm(model[2], dim=None)
            for key, parameter in model.named_parameters():
                parameter.data = draw(key, parameter.shape) / 2
            own = {"input0": draw("input0", (4, 3)), "target": draw("target", (4, 2))}
            own |= {f"param/{key}": p.detach().clone() for key, p in model.named_parameters()}
            rule = optimizer(model.parameters(), **options)
            losses, norms = [], []
            for step in range(1, STEPS + 1):
                rule.zero_grad()
                loss = nn.MSELoss()(model(own["input0"]), own["target"])
                loss.backward()
                losses.append(loss.detach())
                if clip and clip[0] == "norm":
                    norms.append(nn.utils.clip_grad_norm_(model.parameters(), clip[1], clip[2]))
                elif clip:
                    nn.utils.clip_grad_value_(model.parameters(), clip[1])
                rule.step()
                if step in KEPT:
                    own |= {f"step{step}/{key}": p.detach().clone() for key, p in model.named_parameters()}
            own["losses"] = torch.stack(losses)
            if norms:
                own["norms"] = torch.stack(norms)
            tensors |= {f"{name}{suffix}/{key}": value for key, value in own.items()}
            texts.append(f"optim_case! {{ {name}{suffix}: {'normed ' * normed}{TYPES[dtype]}, {clip_text(clip)},\n    {arguments(optimizer, options)}\n}}\n")
    preamble = f"""use nn::prelude::*;

network! {{
    pub struct Mlp: [3] -> [2] {Sequential.rust(LAYERS)}
}}

network! {{
    #[element(f64)] pub struct MlpF64: [3] -> [2] {Sequential.rust(LAYERS)}
}}

network! {{
    pub struct Normed: [3] -> [2] {{ {NORMED} }}
}}

network! {{
    #[element(f64)] pub struct NormedF64: [3] -> [2] {{ {NORMED} }}
}}

"""
    return tensors, texts, preamble

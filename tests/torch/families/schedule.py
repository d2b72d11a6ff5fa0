"""Schedules: the learning rate before each of 31 steps."""

import math

import torch
from torch import nn, optim
from torch.optim import lr_scheduler as schedule

from cases import arguments

STEPS = 30
cases = []


def case(name, scheduler, lr=0.5, metric=None, **options):
    cases.append((name, scheduler, lr, metric, options))


case("step", schedule.StepLR, step_size=7)
case("step_gamma", schedule.StepLR, step_size=4, gamma=0.5)
case("step_every", schedule.StepLR, step_size=1, gamma=0.75)
case("linear", schedule.LinearLR)
case("linear_warmup", schedule.LinearLR, start_factor=0.125, total_iters=10)
case("linear_down", schedule.LinearLR, start_factor=1.0, end_factor=0.0625, total_iters=25)
case("exponential", schedule.ExponentialLR, gamma=0.9)
case("cosine", schedule.CosineAnnealingLR, T_max=30)
case("cosine_eta_min", schedule.CosineAnnealingLR, lr=0.1, T_max=20, eta_min=0.01)
case("cosine_back_up", schedule.CosineAnnealingLR, T_max=10, eta_min=0.05)
case("cosine_odd", schedule.CosineAnnealingLR, T_max=7)

case("multi_step", schedule.MultiStepLR, milestones=[3, 9, 20])
case("multi_step_gamma", schedule.MultiStepLR, milestones=[5, 5, 17], gamma=0.5)
case("constant", schedule.ConstantLR)
case("constant_factor", schedule.ConstantLR, factor=0.125, total_iters=12)
case("polynomial", schedule.PolynomialLR)
case("polynomial_power", schedule.PolynomialLR, total_iters=20, power=2.5)
case("warm_restarts", schedule.CosineAnnealingWarmRestarts, T_0=7)
case("warm_restarts_mult", schedule.CosineAnnealingWarmRestarts, T_0=4, T_mult=2, eta_min=0.01)
case("warm_restarts_every_step", schedule.CosineAnnealingWarmRestarts, T_0=1)
case("cyclic", schedule.CyclicLR, base_lr=0.125, max_lr=0.5, step_size_up=5)
case("cyclic_down", schedule.CyclicLR, base_lr=0.1, max_lr=0.5, step_size_up=3, step_size_down=8)
case("cyclic_triangular2", schedule.CyclicLR, base_lr=0.125, max_lr=0.5, step_size_up=4, mode="triangular2", base_momentum=0.5, max_momentum=0.75)
case("cyclic_exp_range", schedule.CyclicLR, base_lr=0.125, max_lr=0.5, step_size_up=4, step_size_down=6, mode="exp_range", gamma=0.9)
case("cyclic_without_momentum", schedule.CyclicLR, base_lr=0.125, max_lr=0.5, step_size_up=4, cycle_momentum=False)

case("one_cycle", schedule.OneCycleLR, max_lr=0.5, total_steps=31)
case("one_cycle_linear", schedule.OneCycleLR, max_lr=0.5, total_steps=31, anneal_strategy="linear")
case("one_cycle_three_phase", schedule.OneCycleLR, max_lr=0.5, total_steps=31, three_phase=True)
case("one_cycle_three_phase_linear", schedule.OneCycleLR, max_lr=0.5, total_steps=31, anneal_strategy="linear", three_phase=True)
case("one_cycle_epochs", schedule.OneCycleLR, max_lr=0.25, epochs=5, steps_per_epoch=7)
case("one_cycle_pct_start", schedule.OneCycleLR, max_lr=0.25, total_steps=40, pct_start=0.1)
case("one_cycle_factors", schedule.OneCycleLR, max_lr=1.0, total_steps=31, div_factor=4.0, final_div_factor=8.0)
case("one_cycle_momenta", schedule.OneCycleLR, max_lr=1.0, total_steps=31, base_momentum=0.5, max_momentum=0.875)
case("one_cycle_without_momentum", schedule.OneCycleLR, max_lr=0.5, total_steps=31, cycle_momentum=False)



def sequence(optimizer, schedulers, milestones):
    return schedule.SequentialLR(optimizer, [own(optimizer, **options) for own, options in schedulers], milestones)


case("sequential", sequence, schedulers=[(schedule.LinearLR, {}), (schedule.CosineAnnealingLR, {"T_max": 20})], milestones=[5])
case("sequential_three", sequence, schedulers=[(schedule.ConstantLR, {"total_iters": 3}), (schedule.ExponentialLR, {"gamma": 0.9}), (schedule.StepLR, {"step_size": 4})], milestones=[4, 15])


def chain(optimizer, schedulers):
    return schedule.ChainedScheduler([own(optimizer, **options) for own, options in schedulers], optimizer)


case("chained", chain, schedulers=[(schedule.ConstantLR, {"factor": 0.125, "total_iters": 4}), (schedule.ExponentialLR, {"gamma": 0.9})])
case("chained_cosine", chain, schedulers=[(schedule.LinearLR, {"total_iters": 6}), (schedule.CosineAnnealingLR, {"T_max": 32})])
case("chained_three", chain, schedulers=[(schedule.StepLR, {"step_size": 4, "gamma": 0.5}), (schedule.MultiStepLR, {"milestones": [3, 9]}), (schedule.PolynomialLR, {"total_iters": 20, "power": 1.5})])
case("chained_alone", chain, schedulers=[(schedule.ExponentialLR, {"gamma": 0.9})])


def text(scheduler, options):
    if "rust" in options:
        return f"{scheduler.__name__}(lr_lambda = {options['rust']})"
    if scheduler is chain:
        return f"ChainedScheduler(schedulers = [{', '.join(arguments(*part) for part in options['schedulers'])}])"
    if scheduler is not sequence:
        return arguments(scheduler, options)
    parts = ", ".join(arguments(*part) for part in options["schedulers"])
    return f"SequentialLR(schedulers = [{parts}], milestones = {options['milestones']})"


# A function of the step stands in the text as Rust writes it.
case("lambda", schedule.LambdaLR, lr_lambda=lambda step: 1.0 / (1 + step), rust="|step| 1.0 / (1 + step) as f64")
case("lambda_warmup", schedule.LambdaLR, lr_lambda=lambda step: min(1.0, step / 10), rust="|step| f64::min(1.0, step as f64 / 10.0)")
case("multiplicative", schedule.MultiplicativeLR, lr_lambda=lambda step: 0.95, rust="|_| 0.95")
case("multiplicative_by_step", schedule.MultiplicativeLR, lr_lambda=lambda step: 1 - 1 / (2 + step), rust="|step| 1.0 - 1.0 / (2 + step) as f64")

FALLING = [1 / (1 + k) for k in range(STEPS)]
STUCK = [1.0] * STEPS
WAVES = [1 + math.sin(k) / 2 - k / 100 for k in range(STEPS)]
CREEPING = [1 - k * 2**-16 for k in range(STEPS)]
case("plateau_falling", schedule.ReduceLROnPlateau, metric=FALLING)
case("plateau_stuck", schedule.ReduceLROnPlateau, metric=STUCK)
case("plateau_patience", schedule.ReduceLROnPlateau, metric=STUCK, factor=0.5, patience=3)
case("plateau_patience_0", schedule.ReduceLROnPlateau, metric=WAVES, factor=0.75, patience=0)
case("plateau_waves", schedule.ReduceLROnPlateau, metric=WAVES, factor=0.5, patience=2)
case("plateau_max", schedule.ReduceLROnPlateau, metric=WAVES, mode="max", factor=0.5, patience=2)
case("plateau_max_falling", schedule.ReduceLROnPlateau, metric=FALLING, mode="max", factor=0.5, patience=4)
case("plateau_threshold", schedule.ReduceLROnPlateau, metric=CREEPING, factor=0.5, patience=4)
case("plateau_threshold_relative", schedule.ReduceLROnPlateau, metric=WAVES, factor=0.5, patience=2, threshold=0.3)
case("plateau_threshold_absolute", schedule.ReduceLROnPlateau, metric=WAVES, factor=0.5, patience=2, threshold=0.125, threshold_mode="abs")
case("plateau_max_absolute", schedule.ReduceLROnPlateau, metric=WAVES, mode="max", factor=0.5, patience=2, threshold=0.125, threshold_mode="abs")
case("plateau_cooldown", schedule.ReduceLROnPlateau, metric=STUCK, factor=0.5, patience=2, cooldown=4)
case("plateau_min_lr", schedule.ReduceLROnPlateau, metric=STUCK, factor=0.5, patience=1, min_lr=0.02)
case("plateau_eps", schedule.ReduceLROnPlateau, metric=STUCK, factor=0.5, patience=1, eps=0.05)
case("plateau_nan", schedule.ReduceLROnPlateau, metric=[0.5, *[math.nan] * (STEPS - 1)], factor=0.5, patience=3)


def record():
    tensors, texts = {}, []
    for name, scheduler, lr, metric, options in cases:
        rule = optim.SGD([nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)
        own = scheduler(rule, **{key: value for key, value in options.items() if key != "rust"})
        rates, momenta = [], []
        for step in range(STEPS + 1):
            rates.append(rule.param_groups[0]["lr"])
            momenta.append(rule.param_groups[0]["momentum"])
            rule.step()
            if step < STEPS:
                own.step(*([metric[step]] if metric else []))
        tensors[f"{name}/lr"] = torch.tensor(rates, dtype=torch.float64)
        if scheduler in (schedule.OneCycleLR, schedule.CyclicLR):
            tensors[f"{name}/momentum"] = torch.tensor(momenta, dtype=torch.float64)
        if metric:
            tensors[f"{name}/metric"] = torch.tensor(metric, dtype=torch.float64)
        if scheduler is schedule.ReduceLROnPlateau and any(map(math.isnan, metric)):
            tensors[f"{name}/nan"] = torch.tensor(True)
        texts.append(f"schedule_case! {{ {name}: lr = {lr}, momentum = 0.9,\n    {text(scheduler, options)}\n}}\n")
    return tensors, texts

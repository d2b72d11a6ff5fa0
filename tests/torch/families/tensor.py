"""Parts, reverses, repetitions; powers, bounds, extremes: functions of torch that a `forward` uses."""

from cases import Family

cases = Family()


def case(name, call, *inputs, **options):
    names = ", ".join("xyz"[: len(inputs)])
    cases.graph(name, "", f"({names}) {{ {call} }}", *inputs, **options)


# narrow, select
case("narrow", "narrow(x, 2, 1, 3)", [3, 5], f64=True)
case("narrow_of_an_inner_axis", "narrow(x, dim = 1, start = 1, length = 2)", [4, 2, 3])
case("narrow_from_the_end", "narrow(x, -2, -3, 3)", [2, 4, 3])
case("narrow_whole", "narrow(x, 1, 0, 2)", [2, 1], batch=1)
case("select", "select(x, 1, 0)", [3, 4], f64=True)
case("select_last", "select(x, dim = -1, index = -1)", [2, 3, 4])
case("select_of_vectors", "select(x, 1, 2)", [5])
case("select_first_token", "tanh(select(x, dim = 1, index = 0))", [3, 4])
case("select_shares", "select(x, 1, 0) * select(x, 1, 2) + select(x, 1, 0)", [3, 4])

# flip, roll
case("flip", "flip(x, (2,))", [3, 5], f64=True)
case("flip_two_axes", "flip(x, (1, 3))", [2, 3, 4])
case("flip_all", "flip(x, dims = (-1, -2, 1))", [2, 3, 2])
case("flip_of_one_value", "flip(x, (1,))", [1, 3], batch=1)
case("roll", "roll(x, 2, 2)", [3, 5], f64=True)
case("roll_back", "roll(x, -1, 1)", [4, 3])
case("roll_far", "roll(x, shifts = (7, -5), dims = (1, 2))", [3, 4])
case("roll_windows", "roll(x, (-1, -2), (2, 3)) + x", [2, 4, 5])
case("roll_nothing", "roll(x, 5, 2)", [2, 5])

# repeat, expand
case("repeat", "repeat(x, (1, 2, 3))", [2, 3], f64=True)
case("repeat_inner", "repeat(x, (1, 1, 2, 1))", [2, 3, 2])
case("repeat_once", "repeat(x, (1, 1))", [4], batch=1)
case("expand", "expand(x, (-1, 3, 4))", [3, 1], f64=True)
case("expand_in_front", "expand(x, (-1, 5, 2, -1))", [1, 2, 3])
case("expand_for_a_product", "expand(x, (-1, 4, 3)) * y", [1, 3], [4, 3])

# pow, clamp and their like
case("pow_2", "pow(x, 2)", [3, 4], f64=True)
case("pow_3", "pow(x, 3.0)", [3, 4])
case("pow_0", "pow(x, 0)", [5])
case("pow_fraction", "pow(x * x + 0.5, 1.7)", [3, 4], f64=True)
case("pow_negative", "pow(x * x + 0.5, exponent = -0.5)", [3, 4])
case("clamp", "clamp(x, -0.5, 0.5)", [3, 7], f64=True)
case("clamp_below", "clamp(x, min = 0.0)", [3, 7])
case("clamp_above", "clamp(x, max = 0.25)", [3, 7])
case("clamp_crossed", "clamp(x, 0.5, -0.5)", [3, 4])
case("abs_exp_log_sqrt", "log(exp(abs(x)) + sqrt(abs(x) + 0.25))", [3, 4])

# amax, amin
case("amax", "amax(x, 2)", [3, 5], f64=True, values="distinct")
case("amax_two_axes", "amax(x, dim = (1, 3), keepdim = true)", [2, 3, 4], values="distinct")
case("amax_ties", "amax(x, (1, 2))", [3, 4], given={"input0": lambda x: (x * 2).round() / 2})
case("amax_of_vectors", "amax(x, -1)", [5])
case("amin", "amin(x, 1)", [3, 5], values="distinct")
case("amin_ties", "amin(x, dim = (1, 2), keepdim = false)", [2, 3], given={"input0": lambda x: x * 0 + 0.5})

# bmm
case("bmm", "bmm(x, y)", [3, 5], [5, 2], f64=True)
case("bmm_point", "bmm(x, y)", [1, 1], [1, 1], batch=1)

# squeeze, unsqueeze, view
case("squeeze_and_unsqueeze", "squeeze(unsqueeze(x, 1), 1) + squeeze(unsqueeze(x, -1), (-1,))", [3, 4])

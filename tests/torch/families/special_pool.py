"""LPPool, and FractionalMaxPool where chance has no say."""

from cases import Family

cases = Family()


def lp(name, layer, *inputs, positive=False, **options):
    given = {"input0": lambda x: x.abs() + 0.25} if positive else None
    cases.sequential(name, layer, *inputs, **{"given": given} | options)


def fractional(name, layer, *inputs, **options):
    """Windows lie at whole distances, `(input - kernel) / (output - 1)`, so that every draw gives the same ones."""
    cases.sequential(name, layer, *inputs, **{"values": "distinct"} | options)


lp("lp1d", "LPPool1d(2, 3)", [2, 7], f64=True)
lp("lp1d_sum", "LPPool1d(1, 2, 1)", [2, 5])
lp("lp1d_cubes", "LPPool1d(3, 2, stride = 3)", [2, 9], positive=True)
lp("lp1d_cubes_of_negatives", "LPPool1d(3, 2)", [2, 8])
lp("lp1d_fraction", "LPPool1d(1.5, 3, stride = 2)", [2, 7], positive=True, f64=True)
lp("lp1d_half", "LPPool1d(norm_type = 0.5, kernel_size = 2)", [2, 6], positive=True)
lp("lp1d_negative", "LPPool1d(-1, 2)", [2, 6], positive=True)
lp("lp1d_largest", "LPPool1d(f64::INFINITY, 3, 2)", [2, 7], values="distinct")
lp("lp1d_smallest", "LPPool1d(f64::NEG_INFINITY, 3, 2)", [2, 7], values="distinct")
lp("lp1d_ceil", "LPPool1d(2, 3, ceil_mode = true)", [2, 8])
lp("lp1d_zeros", "LPPool1d(2, 2)", [2, 6], given={"input0": lambda x: x * 0})
lp("lp1d_point", "LPPool1d(2, 1)", [1, 1], batch=1, positive=True)
lp("lp2d", "LPPool2d(2, 2)", [3, 5, 6], f64=True)
lp("lp2d_tuple", "LPPool2d(3, (2, 3), stride = (1, 2))", [2, 4, 7], positive=True)
lp("lp2d_ceil", "LPPool2d(4, 2, stride = 2, ceil_mode = true)", [2, 5, 7], positive=True, f64=True)
lp("lp2d_ceil_overhangs", "LPPool2d(1, (3, 2), (3, 2), true)", [2, 4, 5])
lp("lp2d_largest", "LPPool2d(f64::INFINITY, 2, 1)", [2, 4, 5], values="distinct")
lp("lp2d_stride_none", "LPPool2d(2, 3, stride = None, ceil_mode = false)", [1, 6, 7])
lp("lp3d", "LPPool3d(2, 2)", [2, 4, 3, 5], f64=True)
lp("lp3d_tuple", "LPPool3d(3, (1, 2, 3), (2, 1, 2), true)", [1, 3, 4, 6], positive=True)
cases.graph("lp_function", "", "(x) { lp_pool2d(x, 2, 2, stride = 1) + lp_pool2d(x, 2.0, (2, 2), 1, ceil_mode = true) }", [2, 3, 4])

fractional("fractional2d", "FractionalMaxPool2d(2, output_size = 3)", [3, 6, 4], f64=True)
fractional("fractional2d_overlaps", "FractionalMaxPool2d((3, 2), (3, 4))", [2, 5, 5])
fractional("fractional2d_gaps", "FractionalMaxPool2d(1, output_size = (2, 3))", [2, 4, 7])
fractional("fractional2d_ratio", "FractionalMaxPool2d(2, output_ratio = 0.5)", [2, 6, 4])
fractional("fractional2d_ratios", "FractionalMaxPool2d(kernel_size = 2, output_size = None, output_ratio = (0.34, 0.7), return_indices = false)", [2, 6, 4])
fractional("fractional2d_to_1", "FractionalMaxPool2d(2, output_size = 1)", [3, 4, 5], batch=1)
fractional("fractional2d_everything", "FractionalMaxPool2d(1, output_size = (3, 4))", [2, 3, 4])
fractional("fractional2d_ties", "FractionalMaxPool2d(2, output_size = 3)", [2, 4, 4], given={"input0": lambda x: x * 0 + 0.5})
fractional("fractional3d", "FractionalMaxPool3d(2, output_size = (2, 3, 1))", [2, 4, 6, 3], f64=True)
fractional("fractional3d_ratio", "FractionalMaxPool3d((1, 2, 3), output_ratio = (0.5, 0.34, 0.5))", [2, 4, 6, 7])
cases.graph("fractional_function", "", "(x) { fractional_max_pool2d(x, 2, output_size = (2, 3)) * 2.0 }", [2, 4, 4], values="distinct")

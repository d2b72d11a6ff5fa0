"""MaxPool, AvgPool, AdaptiveAvgPool, AdaptiveMaxPool over one, two and three axes."""

import torch

from cases import Family

cases = Family()
case = cases.sequential


def maximum(name, layer, *inputs, **options):
    """Without ties, unless said otherwise."""
    case(name, layer, *inputs, **{"values": "distinct"} | options)


def holes(value):
    """Every fifth element replaced."""

    def put(x):
        x = x.clone()
        x.view(-1)[::5] = value
        return x

    return {"input0": put}


def constant(value):
    return {"input0": lambda x: torch.full_like(x, value)}


# MaxPool1d
maximum("max1d", "MaxPool1d(2)", [2, 7], f64=True)
maximum("max1d_point", "MaxPool1d(1)", [1, 1], batch=1)
maximum("max1d_overlap", "MaxPool1d(3, 1)", [2, 7])
maximum("max1d_gaps", "MaxPool1d(2, stride = 3)", [2, 9])
maximum("max1d_padding", "MaxPool1d(3, 2, 1)", [2, 6])
maximum("max1d_padding_of_negatives", "MaxPool1d(4, 2, 2)", [2, 5], given={"input0": lambda x: -x.abs() - 1})
maximum("max1d_dilation", "MaxPool1d(3, 1, 1, 2)", [2, 7])
maximum("max1d_ceil", "MaxPool1d(2, ceil_mode = true)", [2, 7])
maximum("max1d_ceil_last_window_dropped", "MaxPool1d(2, stride = 3, padding = 1, ceil_mode = true)", [2, 5])
maximum("max1d_ceil_padding", "MaxPool1d(3, stride = 2, padding = 1, ceil_mode = true)", [2, 6])
maximum("max1d_ties", "MaxPool1d(3, 2)", [2, 9], given=constant(0.5))
maximum("max1d_nan", "MaxPool1d(3, 2)", [2, 11], given=holes(float("nan")))
maximum("max1d_keywords", "MaxPool1d(kernel_size = 3, stride = None, padding = 1, dilation = 1, return_indices = false, ceil_mode = false)", [2, 8])

# MaxPool2d
maximum("max2d", "MaxPool2d(2)", [3, 6, 7], f64=True)
maximum("max2d_point", "MaxPool2d(1)", [1, 1, 1], batch=1)
maximum("max2d_tuple", "MaxPool2d((3, 2))", [2, 7, 5])
maximum("max2d_stride_tuple", "MaxPool2d(3, (2, 1))", [2, 7, 5])
maximum("max2d_stride_none", "MaxPool2d((2, 3), stride = None)", [2, 5, 7])
maximum("max2d_kernel_3_stride_2", "MaxPool2d(3, stride = 2, padding = 1)", [3, 7, 8], f64=True)
maximum("max2d_gaps", "MaxPool2d(2, stride = (3, 4))", [2, 8, 10])
maximum("max2d_padding_tuple", "MaxPool2d((4, 2), padding = (2, 1))", [2, 5, 6])
maximum("max2d_padding_of_negatives", "MaxPool2d(3, 1, 1)", [2, 4, 5], given={"input0": lambda x: -x.abs() - 1})
maximum("max2d_dilation", "MaxPool2d(2, stride = 1, dilation = (2, 3))", [2, 5, 7])
maximum("max2d_dilation_padding", "MaxPool2d(3, stride = 2, padding = 1, dilation = 2)", [2, 7, 8])
maximum("max2d_everything", "MaxPool2d((3, 2), (2, 3), (1, 0), (2, 1), false, true)", [2, 8, 7], f64=True)
maximum("max2d_ceil", "MaxPool2d(2, ceil_mode = true)", [2, 5, 7])
maximum("max2d_ceil_exact_fit", "MaxPool2d(2, ceil_mode = true)", [2, 4, 6])
maximum("max2d_ceil_overhangs_by_two", "MaxPool2d(3, ceil_mode = true)", [2, 4, 7])
maximum("max2d_ceil_last_window_dropped", "MaxPool2d(2, stride = 3, padding = 1, ceil_mode = true)", [2, 5, 8])
maximum("max2d_ceil_last_window_in_the_padding_dropped", "MaxPool2d(2, stride = 2, padding = 1, ceil_mode = true)", [2, 3, 5])
maximum("max2d_ceil_padding", "MaxPool2d(3, stride = 2, padding = 1, ceil_mode = true)", [2, 6, 8])
maximum("max2d_ceil_dilation", "MaxPool2d(2, stride = 2, dilation = 2, ceil_mode = true)", [2, 6, 7])
maximum("max2d_ties", "MaxPool2d(2, stride = 1)", [2, 4, 5], given=constant(0.25))
maximum("max2d_ties_with_padding", "MaxPool2d(3, stride = 2, padding = 1, ceil_mode = true)", [2, 5, 6], given=constant(0))
maximum("max2d_some_ties", "MaxPool2d(3, stride = 2)", [2, 7, 9], given={"input0": lambda x: (x * 2).round() / 2})
maximum("max2d_signed_zeros", "MaxPool2d(2)", [1, 4, 4], given={"input0": lambda x: torch.where(x > 0, 0.0, -0.0)})
maximum("max2d_nan", "MaxPool2d(2, stride = 1)", [2, 5, 6], given=holes(float("nan")))
maximum("max2d_all_nan", "MaxPool2d(2)", [1, 2, 4], given=constant(float("nan")))
maximum("max2d_minus_infinity", "MaxPool2d(2, stride = 1, padding = 1)", [1, 3, 4], given=constant(float("-inf")))
maximum("max2d_some_infinities", "MaxPool2d(2)", [2, 5, 6], given=holes(float("inf")))
maximum("max2d_global", "MaxPool2d((5, 6))", [3, 5, 6])
maximum("max2d_17_channels", "MaxPool2d(2)", [17, 4, 6], batch=1)
maximum("max2d_wide", "MaxPool2d(3, stride = 2, padding = 1)", [2, 5, 35], batch=1)
maximum("max2d_after_conv", "Conv2d(2, 3, 3, padding = 1), ReLU, MaxPool2d(2)", [2, 6, 5])

# MaxPool3d
maximum("max3d", "MaxPool3d(2)", [2, 4, 3, 5], f64=True)
maximum("max3d_point", "MaxPool3d(1)", [1, 1, 1, 1], batch=1)
maximum("max3d_tuple", "MaxPool3d((1, 2, 3), (2, 1, 2))", [2, 3, 4, 5])
maximum("max3d_padding_tuple", "MaxPool3d((2, 3, 4), padding = (1, 0, 2))", [1, 3, 4, 5])
maximum("max3d_dilation", "MaxPool3d(2, stride = 1, dilation = (1, 2, 3))", [2, 2, 3, 5])
maximum("max3d_ceil", "MaxPool3d(2, padding = (0, 1, 1), ceil_mode = true)", [2, 3, 3, 4])
maximum("max3d_everything", "MaxPool3d((2, 3, 2), (1, 2, 3), (1, 1, 0), (1, 2, 1), false, true)", [2, 3, 5, 4])
maximum("max3d_ties", "MaxPool3d(2, stride = 1)", [1, 3, 3, 3], given=constant(1))
maximum("max3d_nan", "MaxPool3d(2, stride = 1)", [1, 3, 3, 4], given=holes(float("nan")))

# AvgPool1d
case("avg1d", "AvgPool1d(2)", [2, 7], f64=True)
case("avg1d_point", "AvgPool1d(1)", [1, 1], batch=1)
case("avg1d_thirds", "AvgPool1d(3, 2)", [2, 8])
case("avg1d_gaps", "AvgPool1d(2, stride = 3)", [2, 9])
case("avg1d_padding", "AvgPool1d(4, 2, 2)", [2, 6])
case("avg1d_exclude_padding", "AvgPool1d(4, 2, 2, count_include_pad = false)", [2, 6])
case("avg1d_ceil", "AvgPool1d(2, ceil_mode = true)", [2, 7])
case("avg1d_ceil_padding", "AvgPool1d(4, stride = 3, padding = 1, ceil_mode = true)", [2, 6])
case("avg1d_ceil_padding_excluded", "AvgPool1d(4, 3, 1, true, false)", [2, 6])
case("avg1d_ceil_overhang_beyond_padding", "AvgPool1d(3, stride = 3, padding = 1, ceil_mode = true)", [2, 6])
case("avg1d_ceil_last_window_dropped", "AvgPool1d(2, stride = 3, padding = 1, ceil_mode = true)", [2, 5])

# AvgPool2d
case("avg2d", "AvgPool2d(2)", [3, 6, 7], f64=True)
case("avg2d_point", "AvgPool2d(1)", [1, 1, 1], batch=1)
case("avg2d_tuple", "AvgPool2d((3, 2))", [2, 7, 5])
case("avg2d_stride_tuple", "AvgPool2d(2, (2, 1))", [2, 7, 5])
case("avg2d_gaps", "AvgPool2d((1, 2), stride = 3)", [2, 7, 8])
case("avg2d_padding", "AvgPool2d(3, 2, 1)", [2, 5, 6], f64=True)
case("avg2d_padding_tuple", "AvgPool2d((4, 2), padding = (2, 0))", [2, 5, 6])
case("avg2d_exclude_padding", "AvgPool2d(2, 1, 1, false, false)", [2, 4, 5], f64=True)
case("avg2d_ceil", "AvgPool2d(2, ceil_mode = true)", [2, 5, 7])
case("avg2d_ceil_overhangs_by_two", "AvgPool2d(4, stride = 3, ceil_mode = true)", [2, 6, 9])
case("avg2d_ceil_padding", "AvgPool2d(4, stride = 3, padding = 1, ceil_mode = true)", [2, 6, 9])
case("avg2d_ceil_padding_excluded", "AvgPool2d(4, stride = 3, padding = (1, 2), ceil_mode = true, count_include_pad = false)", [2, 6, 9])
case("avg2d_ceil_overhang_beyond_padding", "AvgPool2d(3, stride = 3, padding = 1, ceil_mode = true)", [2, 6, 7])
case("avg2d_ceil_last_window_dropped", "AvgPool2d(2, stride = 3, padding = 1, ceil_mode = true)", [2, 5, 8])
case("avg2d_divisor", "AvgPool2d(3, divisor_override = 4)", [2, 7, 6])
case("avg2d_divisor_1_sums", "AvgPool2d(2, divisor_override = 1)", [2, 4, 6])
case("avg2d_negative_divisor", "AvgPool2d(2, stride = 1, divisor_override = -2)", [2, 4, 5])
case("avg2d_divisor_with_padding", "AvgPool2d(3, 2, 1, true, false, 8)", [2, 5, 6])
case("avg2d_divisor_with_ceil", "AvgPool2d(2, ceil_mode = true, divisor_override = 8)", [2, 5, 5])
case("avg2d_nan", "AvgPool2d(2)", [1, 4, 7], given=holes(float("nan")))
case("avg2d_global", "AvgPool2d((4, 8))", [5, 4, 8])
case("avg2d_17_channels", "AvgPool2d(2)", [17, 4, 6], batch=1)
case("avg2d_wide", "AvgPool2d((2, 4), stride = (1, 3), padding = (1, 2))", [2, 4, 35], batch=1)
case("avg2d_keywords", "AvgPool2d(kernel_size = (2, 3), stride = None, padding = 1, ceil_mode = false, count_include_pad = true, divisor_override = None)", [2, 4, 5])

# AvgPool3d
case("avg3d", "AvgPool3d(2)", [2, 4, 3, 5], f64=True)
case("avg3d_tuple", "AvgPool3d((1, 2, 4), (2, 1, 2))", [2, 3, 3, 6])
case("avg3d_padding", "AvgPool3d((2, 4, 2), padding = (1, 2, 0))", [1, 3, 4, 5])
case("avg3d_exclude_padding", "AvgPool3d(2, 2, 1, count_include_pad = false)", [2, 3, 3, 4])
case("avg3d_ceil", "AvgPool3d(2, padding = (0, 1, 1), ceil_mode = true)", [2, 3, 4, 3])
case("avg3d_ceil_excluded", "AvgPool3d((2, 3, 2), (2, 3, 1), (1, 1, 0), true, false)", [1, 3, 6, 3])
case("avg3d_divisor", "AvgPool3d(2, divisor_override = 3)", [2, 2, 3, 4])
case("avg3d_negative_divisor", "AvgPool3d(2, 1, 1, divisor_override = -4)", [1, 2, 2, 3])

# AdaptiveAvgPool
case("adaptive_avg1d", "AdaptiveAvgPool1d(3)", [2, 7], f64=True)
case("adaptive_avg1d_to_1", "AdaptiveAvgPool1d(1)", [3, 5])
case("adaptive_avg1d_same", "AdaptiveAvgPool1d(5)", [2, 5])
case("adaptive_avg1d_more_than_input", "AdaptiveAvgPool1d(7)", [2, 3])
case("adaptive_avg2d", "AdaptiveAvgPool2d((3, 2))", [2, 7, 5], f64=True)
case("adaptive_avg2d_number", "AdaptiveAvgPool2d(4)", [2, 10, 9])
case("adaptive_avg2d_to_1", "AdaptiveAvgPool2d(1)", [5, 4, 8])
case("adaptive_avg2d_to_1_17_channels", "AdaptiveAvgPool2d((1, 1))", [17, 3, 3], batch=1)
case("adaptive_avg2d_divides", "AdaptiveAvgPool2d((2, 3))", [2, 4, 6])
case("adaptive_avg2d_more_than_input", "AdaptiveAvgPool2d((5, 4))", [2, 2, 3])
case("adaptive_avg2d_none_first", "AdaptiveAvgPool2d((None, 2))", [2, 3, 5])
case("adaptive_avg2d_none_last", "AdaptiveAvgPool2d((2, None))", [2, 5, 3])
case("adaptive_avg2d_none_both", "AdaptiveAvgPool2d((None, None))", [2, 3, 4])
case("adaptive_avg2d_keyword", "AdaptiveAvgPool2d(output_size = (5, 7))", [2, 8, 9])
case("adaptive_avg3d", "AdaptiveAvgPool3d((2, 3, 1))", [2, 3, 4, 5], f64=True)
case("adaptive_avg3d_none", "AdaptiveAvgPool3d((None, 2, 3))", [1, 2, 5, 4])
case("adaptive_avg3d_more_than_input", "AdaptiveAvgPool3d(3)", [2, 1, 2, 4])

# AdaptiveMaxPool
maximum("adaptive_max1d", "AdaptiveMaxPool1d(3)", [2, 7], f64=True)
maximum("adaptive_max1d_to_1", "AdaptiveMaxPool1d(1)", [3, 5])
maximum("adaptive_max1d_more_than_input", "AdaptiveMaxPool1d(7)", [2, 3])
maximum("adaptive_max2d", "AdaptiveMaxPool2d((3, 2))", [2, 7, 5], f64=True)
maximum("adaptive_max2d_number", "AdaptiveMaxPool2d(4)", [2, 10, 9])
maximum("adaptive_max2d_to_1", "AdaptiveMaxPool2d(1)", [5, 3, 4])
maximum("adaptive_max2d_more_than_input", "AdaptiveMaxPool2d((5, 4))", [2, 2, 3])
maximum("adaptive_max2d_none", "AdaptiveMaxPool2d((None, 2))", [2, 3, 5])
maximum("adaptive_max2d_none_both", "AdaptiveMaxPool2d((None, None))", [2, 3, 4])
maximum("adaptive_max2d_ties", "AdaptiveMaxPool2d((3, 2))", [2, 5, 5], given=constant(0.5))
maximum("adaptive_max2d_nan", "AdaptiveMaxPool2d((2, 3))", [2, 5, 7], given=holes(float("nan")))
maximum("adaptive_max2d_minus_infinity", "AdaptiveMaxPool2d(2)", [1, 3, 3], given=constant(float("-inf")))
maximum("adaptive_max2d_keywords", "AdaptiveMaxPool2d(output_size = 2, return_indices = false)", [2, 5, 6])
maximum("adaptive_max3d", "AdaptiveMaxPool3d((2, 3, 1))", [2, 3, 4, 5], f64=True)
maximum("adaptive_max3d_none", "AdaptiveMaxPool3d((2, None, 3))", [1, 3, 2, 4])
maximum("adaptive_max3d_more_than_input", "AdaptiveMaxPool3d(3)", [2, 1, 2, 4])

"""ConvTranspose1d, ConvTranspose2d, ConvTranspose3d."""

from cases import Family

cases = Family()
case = cases.sequential


def sized(name, layer, size, *inputs, **options):
    """With output_size at the call."""
    cases.graph(name, f"up: {layer}", f"(x) {{ up(x, output_size = {size}) }}", *inputs, **options)


# One axis.
case("transpose1d", "ConvTranspose1d(2, 3, 3)", [2, 5], f64=True)
case("transpose1d_point", "ConvTranspose1d(1, 1, 1)", [1, 1], batch=1)
case("transpose1d_without_bias", "ConvTranspose1d(3, 2, 2, bias = false)", [3, 4])
case("transpose1d_stride", "ConvTranspose1d(2, 3, 3, 2)", [2, 4])
case("transpose1d_stride_over_kernel", "ConvTranspose1d(2, 3, 2, stride = 5)", [2, 3])
case("transpose1d_padding", "ConvTranspose1d(2, 3, 4, 1, 2)", [2, 5])
case("transpose1d_padding_over_kernel", "ConvTranspose1d(2, 3, 3, padding = 4)", [2, 9])
case("transpose1d_output_padding", "ConvTranspose1d(2, 3, 3, 3, 1, 2)", [2, 4], f64=True)
case("transpose1d_output_padding_from_dilation", "ConvTranspose1d(2, 2, 2, stride = 2, dilation = 3, output_padding = 2)", [2, 3])
case("transpose1d_dilation", "ConvTranspose1d(2, 3, 3, dilation = 2)", [2, 5])
case("transpose1d_everything", "ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, false, 3)", [4, 5])
case("transpose1d_groups", "ConvTranspose1d(4, 6, 3, groups = 2)", [4, 5])
case("transpose1d_depthwise", "ConvTranspose1d(5, 5, 3, stride = 2, groups = 5)", [5, 4], batch=1)
case("transpose1d_depthwise_multiplier", "ConvTranspose1d(3, 6, 2, stride = 2, groups = 3)", [3, 4])
case("transpose1d_one_value_left", "ConvTranspose1d(2, 3, 3, padding = 2)", [2, 3])
sized("transpose1d_output_size", "ConvTranspose1d(2, 3, 3, stride = 3, padding = 1)", "(9,)", [2, 3])
sized("transpose1d_output_size_number", "ConvTranspose1d(2, 3, 2, stride = 4)", "[12]", [2, 3])
case("transpose1d_keywords", "ConvTranspose1d(in_channels = 2, out_channels = 3, kernel_size = 2, stride = 2, padding = 1, output_padding = 1, groups = 1, bias = true, dilation = 1, padding_mode = \"zeros\")", [2, 4])

# Two axes.
case("transpose2d", "ConvTranspose2d(3, 4, 3)", [3, 4, 5], f64=True)
case("transpose2d_point", "ConvTranspose2d(1, 1, 1)", [1, 1, 1], batch=1)
case("transpose2d_1x1", "ConvTranspose2d(5, 7, 1)", [5, 3, 4])
case("transpose2d_without_bias", "ConvTranspose2d(3, 4, 2, bias = false)", [3, 4, 3])
case("transpose2d_kernel_tuple", "ConvTranspose2d(3, 2, (2, 5))", [3, 3, 4])
case("transpose2d_kernel_is_stride", "ConvTranspose2d(4, 3, 2, 2)", [4, 3, 5], f64=True)
case("transpose2d_stride_tuple", "ConvTranspose2d(2, 3, 3, (2, 3))", [2, 3, 4])
case("transpose2d_stride_over_kernel", "ConvTranspose2d(2, 3, (1, 2), stride = 3)", [2, 3, 2])
case("transpose2d_padding_tuple", "ConvTranspose2d(2, 3, (4, 3), 1, (2, 1))", [2, 4, 3])
case("transpose2d_halves_and_back", "Conv2d(2, 3, 3, stride = 2, padding = 1), ConvTranspose2d(3, 2, 3, stride = 2, padding = 1, output_padding = 1)", [2, 6, 4])
case("transpose2d_output_padding_tuple", "ConvTranspose2d(2, 3, 3, stride = (2, 3), padding = 1, output_padding = (1, 2))", [2, 3, 3], f64=True)
case("transpose2d_output_padding_from_dilation", "ConvTranspose2d(2, 2, 2, stride = (1, 2), dilation = (2, 3), output_padding = (1, 2))", [2, 3, 3])
case("transpose2d_dilation_tuple", "ConvTranspose2d(2, 3, (3, 2), dilation = (2, 3))", [2, 3, 4])
case("transpose2d_everything", "ConvTranspose2d(6, 4, (3, 2), (2, 3), (2, 1), (1, 2), 2, false, (3, 1))", [6, 4, 3], batch=2)
case("transpose2d_groups", "ConvTranspose2d(4, 6, 3, stride = 2, groups = 2)", [4, 3, 4], f64=True)
case("transpose2d_groups_of_one_input", "ConvTranspose2d(3, 6, 3, groups = 3)", [3, 3, 3])
case("transpose2d_depthwise", "ConvTranspose2d(5, 5, 4, stride = 2, padding = 1, groups = 5, bias = false)", [5, 3, 4])
case("transpose2d_one_value_left", "ConvTranspose2d(2, 3, (3, 2), padding = (2, 1))", [2, 3, 2])
sized("transpose2d_output_size_least", "ConvTranspose2d(2, 3, 3, stride = 2)", "(11, 7)", [2, 5, 3])
sized("transpose2d_output_size", "ConvTranspose2d(2, 3, 3, stride = 2)", "(12, 8)", [2, 5, 3], f64=True)
sized("transpose2d_output_size_mixed", "ConvTranspose2d(2, 3, 3, stride = (2, 4), padding = 1)", "(5, 12)", [2, 3, 3])
# output_size replaces the layer's own output_padding.
sized("transpose2d_output_size_over_output_padding", "ConvTranspose2d(2, 3, 3, stride = 3, output_padding = 1)", "(11, 9)", [2, 3, 3])
cases.graph(
    "transpose2d_shared_with_two_output_sizes",
    "up: ConvTranspose2d(2, 2, 3, stride = 2, padding = 1)",
    "(x) { let a = up(x); let b = up(x, output_size = (6, 6)); (a, b) }",
    [2, 3, 3],
)
for channels, outputs, height, width in [(1, 8, 4, 9), (8, 16, 3, 5), (9, 7, 4, 5), (16, 15, 3, 4), (17, 9, 2, 5)]:
    case(f"transpose2d_{channels}_to_{outputs}_at_{height}x{width}", f"ConvTranspose2d({channels}, {outputs}, 4, stride = 2, padding = 1)", [channels, height, width], batch=1)
case("transpose2d_inferred", "ConvTranspose2d(_, 3, 2, stride = 2), ConvTranspose2d(_, 2, 3, bias = false)", [4, 2, 3])

# Three axes.
case("transpose3d", "ConvTranspose3d(2, 3, 2)", [2, 2, 3, 4], f64=True)
case("transpose3d_point", "ConvTranspose3d(1, 1, 1)", [1, 1, 1, 1], batch=1)
case("transpose3d_without_bias", "ConvTranspose3d(2, 3, (1, 2, 3), bias = false)", [2, 2, 3, 2])
case("transpose3d_stride_tuple", "ConvTranspose3d(2, 3, 2, (1, 2, 3))", [2, 2, 3, 2])
case("transpose3d_padding_output_padding", "ConvTranspose3d(2, 2, 3, stride = 2, padding = 1, output_padding = (1, 0, 1))", [2, 2, 3, 2], batch=2)
case("transpose3d_everything", "ConvTranspose3d(4, 2, (2, 3, 2), (2, 1, 3), (1, 2, 0), (1, 0, 2), 2, false, (1, 2, 3))", [4, 3, 2, 2], batch=2)
case("transpose3d_groups", "ConvTranspose3d(4, 2, 2, groups = 2, stride = 2)", [4, 2, 2, 2])
case("transpose3d_dilation_tuple", "ConvTranspose3d(2, 2, 2, dilation = (1, 2, 3))", [2, 2, 3, 2])
sized("transpose3d_output_size", "ConvTranspose3d(2, 2, 2, stride = (2, 3, 1))", "(5, 6, 3)", [2, 2, 2, 2], batch=2)

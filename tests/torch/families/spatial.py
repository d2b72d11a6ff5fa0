"""Pixels and channels in other places, windows as columns, images of other sizes."""

from cases import Family

cases = Family()
case = cases.sequential


def function(name, call, *inputs, **options):
    cases.graph(name, "", f"(x) {{ {call} }}", *inputs, **options)


# PixelShuffle, PixelUnshuffle, ChannelShuffle
case("pixel_shuffle", "PixelShuffle(2)", [12, 3, 5], f64=True)
case("pixel_shuffle_by_3", "PixelShuffle(upscale_factor = 3)", [9, 2, 1], batch=1)
case("pixel_shuffle_by_1", "PixelShuffle(1)", [3, 2, 3])
case("pixel_shuffle_of_several_images", "PixelShuffle(2)", [3, 8, 2, 3])
case("pixel_unshuffle", "PixelUnshuffle(2)", [3, 4, 10], f64=True)
case("pixel_unshuffle_by_3", "PixelUnshuffle(downscale_factor = 3)", [1, 3, 6], batch=1)
case("pixel_unshuffle_of_several_images", "PixelUnshuffle(2)", [2, 3, 2, 4])
case("pixel_shuffle_behind_conv", "Conv2d(2, 8, 3, padding = 1), PixelShuffle(2), ReLU, PixelUnshuffle(4)", [2, 4, 6])
case("channel_shuffle", "ChannelShuffle(2)", [6, 3, 5], f64=True)
case("channel_shuffle_of_sequences", "ChannelShuffle(groups = 3)", [12, 5])
case("channel_shuffle_each", "ChannelShuffle(7)", [7, 2, 1, 3])
function("shuffle_functions", "pixel_unshuffle(channel_shuffle(pixel_shuffle(x, 2), 3), 2) + x", [12, 2, 3])

# Unfold
case("unfold", "Unfold(3)", [2, 5, 6], f64=True)
case("unfold_tuple", "Unfold((2, 3))", [3, 4, 5])
case("unfold_point", "Unfold(1)", [2, 3, 4])
case("unfold_everything", "Unfold((3, 2), (2, 1), (1, 2), (2, 3))", [2, 7, 6], f64=True)
case("unfold_keywords", "Unfold(kernel_size = 2, dilation = 3, padding = 2, stride = 2)", [1, 4, 5])
case("unfold_whole", "Unfold((4, 3))", [2, 4, 3], batch=1)
case("unfold_only_padding", "Unfold(2, padding = 3, stride = 3)", [1, 2, 1])

# Fold
case("fold", "Fold((4, 5), 3)", [18, 6], f64=True)
case("fold_tuple", "Fold((3, 4), (2, 1))", [4, 8])
case("fold_number", "Fold(output_size = 4, kernel_size = 2, stride = 2)", [12, 4])
case("fold_everything", "Fold((7, 6), (3, 2), (2, 1), (1, 2), (2, 3))", [12, 9], f64=True)
case("fold_point", "Fold(1, 1)", [3, 1], batch=1)
case("fold_of_unfold", "Unfold(3, padding = 1), Fold((5, 4), 3, padding = 1)", [2, 5, 4])
function("fold_functions", "fold(unfold(x, 2, stride = 2), (4, 6), 2, stride = 2) * x", [2, 4, 6])

# Upsample: nearest
case("nearest1d", "Upsample(scale_factor = 2)", [3, 5], f64=True)
case("nearest1d_size", "Upsample(7)", [2, 3])
case("nearest1d_smaller", "Upsample(size = 3)", [2, 8])
case("nearest1d_fraction", "Upsample(scale_factor = 2.3)", [2, 5])
case("nearest2d", "Upsample(scale_factor = 2)", [3, 3, 5], f64=True)
case("nearest2d_by_3", "Upsample(scale_factor = 3.0)", [2, 2, 3])
case("nearest2d_tuple", "Upsample(scale_factor = (2, 1.5))", [2, 3, 4])
case("nearest2d_size", "Upsample((5, 2))", [2, 3, 4], f64=True)
case("nearest2d_shrinks", "Upsample(scale_factor = 0.4)", [2, 7, 5])
case("nearest2d_recomputed", "Upsample(scale_factor = 1.7, recompute_scale_factor = true)", [2, 3, 7])
case("nearest2d_not_recomputed", "Upsample(scale_factor = 1.7, recompute_scale_factor = false)", [2, 3, 7])
case("nearest2d_one_pixel", "Upsample(4)", [3, 1, 1], batch=1)
case("nearest2d_about_double", "Upsample(scale_factor = 2.19)", [1, 5, 5])
case("nearest2d_about_the_same", "Upsample(scale_factor = 1.1)", [1, 5, 4])
case("nearest3d", "Upsample(scale_factor = (1, 2, 3))", [2, 2, 3, 2])
case("nearest3d_size", "Upsample((3, 5, 4))", [2, 2, 3, 7], f64=True)
case("nearest_exact1d", 'Upsample(scale_factor = 1.5, mode = "nearest-exact")', [2, 7])
case("nearest_exact2d", 'Upsample((3, 8), mode = "nearest-exact")', [2, 5, 5], f64=True)
case("nearest_exact2d_shrinks", 'Upsample(scale_factor = 0.3, mode = "nearest-exact")', [2, 11, 7])
case("nearest_exact3d", 'Upsample(scale_factor = (2, 0.5, 1.3), mode = "nearest-exact")', [2, 2, 4, 5])

# Upsample: lines, planes
case("linear1d", 'Upsample(scale_factor = 2, mode = "linear")', [3, 5], f64=True)
case("linear1d_aligned", 'Upsample(9, mode = "linear", align_corners = true)', [2, 5])
case("linear1d_shrinks", 'Upsample(scale_factor = 0.6, mode = "linear")', [2, 11])
case("linear1d_from_1", 'Upsample(4, mode = "linear")', [2, 1])
case("linear1d_aligned_to_1", 'Upsample(1, mode = "linear", align_corners = true)', [2, 3])
case("bilinear", 'Upsample(scale_factor = 2, mode = "bilinear")', [3, 3, 5], f64=True)
case("bilinear_aligned", 'Upsample(scale_factor = 2, mode = "bilinear", align_corners = true)', [3, 3, 5], f64=True)
case("bilinear_size", 'Upsample((7, 3), mode = "bilinear", align_corners = false)', [2, 4, 5])
case("bilinear_one_axis", 'Upsample((4, 9), mode = "bilinear")', [2, 4, 5])
case("bilinear_fraction", 'Upsample(scale_factor = (1.7, 2.3), mode = "bilinear")', [2, 3, 4])
case("bilinear_recomputed", 'Upsample(scale_factor = (1.7, 2.3), mode = "bilinear", recompute_scale_factor = true)', [2, 3, 4], f64=True)
case("bilinear_shrinks", 'Upsample((2, 3), mode = "bilinear")', [2, 7, 8])
case("bilinear_behind_conv", 'Conv2d(2, 3, 3), Upsample(scale_factor = 2, mode = "bilinear"), Conv2d(3, 2, 3)', [2, 5, 4])
case("trilinear", 'Upsample(scale_factor = 2, mode = "trilinear")', [2, 2, 3, 2], f64=True)
case("trilinear_aligned", 'Upsample((3, 5, 1), mode = "trilinear", align_corners = true)', [2, 2, 3, 4])
case("trilinear_fraction", 'Upsample(scale_factor = (1.5, 2.0, 0.7), mode = "trilinear")', [1, 2, 3, 5])

# Upsample: cubics
case("bicubic", 'Upsample(scale_factor = 2, mode = "bicubic")', [3, 3, 5], f64=True)
case("bicubic_aligned", 'Upsample((7, 9), mode = "bicubic", align_corners = true)', [2, 4, 5], f64=True)
case("bicubic_fraction", 'Upsample(scale_factor = (1.7, 2.3), mode = "bicubic")', [2, 3, 4])
case("bicubic_shrinks", 'Upsample((2, 3), mode = "bicubic")', [2, 9, 8])
case("bicubic_of_one_pixel", 'Upsample(3, mode = "bicubic")', [2, 1, 1])
case("bicubic_of_two_rows", 'Upsample((5, 1), mode = "bicubic")', [2, 2, 1], batch=1)

# Upsample: areas
case("area1d", 'Upsample(3, mode = "area")', [2, 7])
case("area2d", 'Upsample(scale_factor = (0.5, 1.5), mode = "area")', [2, 5, 4])
case("area3d", 'Upsample(size = (2, 2, 3), mode = "area")', [1, 3, 4, 5])

# The others.
case("upsampling_nearest", "UpsamplingNearest2d(scale_factor = 2)", [2, 3, 4])
case("upsampling_nearest_size", "UpsamplingNearest2d((4, 7))", [2, 3, 4])
case("upsampling_bilinear", "UpsamplingBilinear2d(scale_factor = 2)", [2, 3, 4])
case("upsampling_bilinear_size", "UpsamplingBilinear2d(size = (5, 3))", [2, 3, 4], f64=True)
function("interpolate", "interpolate(x, scale_factor = 2)", [2, 3, 4])
function(
    "interpolate_keywords",
    'interpolate(x, size = (5, 6), scale_factor = None, mode = "bilinear", align_corners = true, recompute_scale_factor = None, antialias = false)',
    [2, 3, 4],
)
cases.graph(
    "unet_skip",
    "down: Conv2d(2, 3, 3, stride = 2, padding = 1), up: Upsample(scale_factor = 2), last: Conv2d(5, 2, 3, padding = 1)",
    "(x) { let h = relu(down(x)); last(cat([up(h), x], dim = 1)) }",
    [2, 4, 6],
)

"""BatchNorm1d, BatchNorm2d, BatchNorm3d: two training passes each, so that the running statistics are seen to run."""

from cases import Family

cases = Family()


def case(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **{"steps": 2, "values": "full", "f64": True} | options)


# One value a channel.
case("batch_norm1d", "BatchNorm1d(4)", [4])
case("batch_norm1d_batch_2", "BatchNorm1d(3)", [3], batch=2)
case("batch_norm1d_batch_17", "BatchNorm1d(3)", [3], batch=17)
case("batch_norm1d_not_affine", "BatchNorm1d(4, affine = false)", [4])
case("batch_norm1d_eps_momentum", "BatchNorm1d(4, 0.25, 0.75)", [4])
case("batch_norm1d_cumulative", "BatchNorm1d(4, momentum = None)", [4])
case("batch_norm1d_without_statistics", "BatchNorm1d(4, track_running_stats = false)", [4])
case("batch_norm1d_inferred", "Linear(3, 4), BatchNorm1d(_, eps = 0.001), ReLU, Linear(4, 2)", [3])

# Channels and length.
case("batch_norm1d_length", "BatchNorm1d(3)", [3, 5])
case("batch_norm1d_length_batch_1", "BatchNorm1d(3)", [3, 2], batch=1)
case("batch_norm1d_length_not_affine", "BatchNorm1d(3, 1e-3, 0.2, false)", [3, 5])
case("batch_norm1d_length_channels_equal", "BatchNorm1d(4)", [4, 4])

# Two axes.
case("batch_norm2d", "BatchNorm2d(3)", [3, 4, 5])
case("batch_norm2d_batch_1", "BatchNorm2d(5)", [5, 3, 3], batch=1)
case("batch_norm2d_one_pixel", "BatchNorm2d(3)", [3, 1, 1])
case("batch_norm2d_17_channels", "BatchNorm2d(17)", [17, 3, 5], batch=2)
case("batch_norm2d_eps", "BatchNorm2d(3, eps = 0.5)", [3, 2, 3])
case("batch_norm2d_momentum_0", "BatchNorm2d(3, momentum = 0.0)", [3, 2, 3])
case("batch_norm2d_momentum_1", "BatchNorm2d(3, momentum = 1.0)", [3, 2, 3])
case("batch_norm2d_cumulative", "BatchNorm2d(3, momentum = None)", [3, 2, 3])
case("batch_norm2d_cumulative_after_3_passes", "BatchNorm2d(3, momentum = None)", [3, 2, 3], given={"buffer/0.num_batches_tracked": 3})
case("batch_norm2d_not_affine", "BatchNorm2d(3, affine = false)", [3, 3, 4])
case("batch_norm2d_without_bias", "BatchNorm2d(3, bias = false)", [3, 3, 4])
case("batch_norm2d_without_statistics", "BatchNorm2d(3, track_running_stats = false)", [3, 3, 4])
case("batch_norm2d_neither", "BatchNorm2d(3, affine = false, track_running_stats = false)", [3, 3, 4])
case("batch_norm2d_keywords", "BatchNorm2d(num_features = 2, eps = 1e-4, momentum = 0.3, affine = true, track_running_stats = true, bias = true)", [2, 3, 3])
# The variance is not the difference of two large numbers.
case("batch_norm2d_far_from_zero", "BatchNorm2d(2)", [2, 5, 5], given={"input0": lambda x: x / 4 + 64})
case("batch_norm2d_constant_channel", "BatchNorm2d(2)", [2, 3, 3], given={"input0": lambda x: x * 0 + 0.5})
case("batch_norm2d_after_conv", "Conv2d(2, 5, 3, padding = 1, bias = false), BatchNorm2d(5), ReLU, Conv2d(5, 3, 2), BatchNorm2d(3)", [2, 5, 4])
cases.graph(
    "batch_norm2d_called_twice",
    "norm: BatchNorm2d(3)",
    "(a, b) { let a = norm(a); let b = norm(b); a + b }",
    [3, 2, 4],
    [3, 2, 4],
    steps=2,
    values="full",
    f64=True,
)

# Three axes.
case("batch_norm3d", "BatchNorm3d(3)", [3, 2, 3, 4])
case("batch_norm3d_batch_1", "BatchNorm3d(2)", [2, 2, 2, 3], batch=1)
case("batch_norm3d_cumulative_not_affine", "BatchNorm3d(2, momentum = None, affine = false)", [2, 3, 2, 2])
case("batch_norm3d_without_statistics", "BatchNorm3d(2, eps = 0.01, track_running_stats = false, bias = false)", [2, 3, 2, 2])

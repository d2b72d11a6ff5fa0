"""GroupNorm, LayerNorm, RMSNorm, InstanceNorm1d to 3d: each sample by itself."""

from cases import Family

cases = Family()


def case(name, layers, *inputs, **options):
    cases.sequential(name, layers, *inputs, **{"values": "full", "f64": True} | options)


def graph(name, layers, forward, *inputs, **options):
    cases.graph(name, layers, forward, *inputs, **{"values": "full"} | options)


FAR = {"input0": lambda x: x / 4 + 64}
CONSTANT = {"input0": lambda x: x * 0 + 0.5}

# The last axis, or several.
case("layer_norm", "LayerNorm(7)", [7])
case("layer_norm_batch_1", "LayerNorm(5)", [5], batch=1)
case("layer_norm_one_value", "LayerNorm(1, eps = 0.25)", [3, 1])
case("layer_norm_rows", "LayerNorm(5)", [3, 5])
case("layer_norm_33", "LayerNorm(33)", [2, 33], batch=2)
case("layer_norm_523", "LayerNorm(523)", [523], batch=2)
case("layer_norm_tuple_of_one", "LayerNorm((5,))", [2, 3, 5])
case("layer_norm_two_axes", "LayerNorm((3, 5))", [2, 3, 5])
case("layer_norm_list", "LayerNorm([3, 5])", [3, 5])
case("layer_norm_three_axes", "LayerNorm((2, 3, 4))", [2, 3, 4], batch=2)
case("layer_norm_four_axes", "LayerNorm((2, 1, 3, 2))", [3, 2, 1, 3, 2], batch=1)
case("layer_norm_eps", "LayerNorm(6, 0.25)", [2, 6])
case("layer_norm_not_affine", "LayerNorm(5, elementwise_affine = false)", [3, 5])
case("layer_norm_without_bias", "LayerNorm(5, bias = false)", [3, 5])
case("layer_norm_not_affine_with_bias", "LayerNorm(5, 1e-5, false, true)", [3, 5])
case("layer_norm_keywords", "LayerNorm(normalized_shape = (4, 2), eps = 1e-3, elementwise_affine = true, bias = true)", [3, 4, 2])
case("layer_norm_far_from_zero", "LayerNorm(35)", [2, 35], given=FAR)
case("layer_norm_constant", "LayerNorm(4, eps = 0.25)", [3, 4], given=CONSTANT)
case("layer_norm_between_layers", "Linear(3, 6), LayerNorm(6), ReLU, Linear(6, 4), LayerNorm(4, bias = false)", [2, 3])
graph("layer_norm_called_twice", "norm: LayerNorm(4)", "(a, b) { norm(a) + norm(norm(b)) }", [3, 4], [3, 4], f64=True)
graph("layer_norm_function", "", "(x) { layer_norm(x, (5,)) + layer_norm(x, (3, 5), eps = 0.5) }", [3, 5], f64=True)

case("rms_norm", "RMSNorm(7)", [7])
case("rms_norm_batch_1", "RMSNorm(5)", [5], batch=1)
case("rms_norm_one_value", "RMSNorm(1)", [3, 1])
case("rms_norm_rows", "RMSNorm(17)", [3, 17])
case("rms_norm_two_axes", "RMSNorm((3, 5))", [2, 3, 5])
case("rms_norm_eps", "RMSNorm(6, 0.25)", [2, 6])
case("rms_norm_no_eps", "RMSNorm(6, None)", [2, 6], given={"input0": lambda x: x / 1024})
case("rms_norm_not_affine", "RMSNorm(5, elementwise_affine = false)", [3, 5])
case("rms_norm_keywords", "RMSNorm(normalized_shape = [2, 3], eps = None, elementwise_affine = true)", [2, 3])
case("rms_norm_far_from_zero", "RMSNorm(35)", [2, 35], given=FAR)
graph("rms_norm_function", "", "(x) { rms_norm(x, (5,)) + rms_norm(x, (3, 5), eps = 0.5) }", [3, 5], f64=True)

# Groups of channels.
case("group_norm", "GroupNorm(2, 6)", [6, 3, 5])
case("group_norm_features", "GroupNorm(2, 6)", [6])
case("group_norm_batch_1", "GroupNorm(3, 6)", [6, 2], batch=1)
case("group_norm_one_group", "GroupNorm(1, 5)", [5, 3])
case("group_norm_each_channel", "GroupNorm(5, 5)", [5, 3, 2])
case("group_norm_volume", "GroupNorm(2, 4)", [4, 2, 1, 3], batch=2)
case("group_norm_37_places", "GroupNorm(2, 4)", [4, 37], batch=2)
case("group_norm_eps", "GroupNorm(2, 4, 0.5)", [4, 3])
case("group_norm_not_affine", "GroupNorm(2, 4, affine = false)", [4, 3])
case("group_norm_without_bias", "GroupNorm(2, 4, bias = false)", [4, 3])
case("group_norm_keywords", "GroupNorm(num_groups = 2, num_channels = 4, eps = 1e-4, affine = true, bias = true)", [4, 3])
case("group_norm_far_from_zero", "GroupNorm(2, 4)", [4, 5, 5], given=FAR)
case("group_norm_constant", "GroupNorm(2, 4, eps = 0.25)", [4, 3], given=CONSTANT)
case("group_norm_after_conv", "Conv2d(2, 6, 3), GroupNorm(3, 6), ReLU, Conv2d(6, 2, 2), GroupNorm(1, 2)", [2, 5, 5])
graph("group_norm_function", "", "(x) { group_norm(x, 2) * group_norm(x, 4, eps = 0.5) }", [4, 3], f64=True)


# Each channel of each sample: two passes, so that the running statistics are seen to run.
def instance(name, layers, *inputs, **options):
    case(name, layers, *inputs, **{"steps": 2} | options)


instance("instance_norm1d", "InstanceNorm1d(3)", [3, 5])
instance("instance_norm1d_batch_1", "InstanceNorm1d(3)", [3, 2], batch=1)
instance("instance_norm1d_affine", "InstanceNorm1d(3, affine = true)", [3, 17])
instance("instance_norm1d_tracking", "InstanceNorm1d(3, track_running_stats = true)", [3, 5])
instance("instance_norm2d", "InstanceNorm2d(3)", [3, 4, 5])
instance("instance_norm2d_one_row", "InstanceNorm2d(5)", [5, 1, 2], batch=2)
instance("instance_norm2d_affine", "InstanceNorm2d(3, affine = true)", [3, 4, 5])
instance("instance_norm2d_without_bias", "InstanceNorm2d(3, affine = true, bias = false)", [3, 2, 3])
instance("instance_norm2d_tracking", "InstanceNorm2d(3, affine = true, track_running_stats = true)", [3, 4, 5])
instance("instance_norm2d_tracking_batch_1", "InstanceNorm2d(3, track_running_stats = true)", [3, 2, 2], batch=1)
instance("instance_norm2d_tracking_batch_17", "InstanceNorm2d(2, track_running_stats = true)", [2, 2, 2], batch=17)
instance("instance_norm2d_momentum", "InstanceNorm2d(3, 1e-3, 0.75, true, true)", [3, 3, 3])
instance("instance_norm2d_momentum_0", "InstanceNorm2d(3, momentum = 0.0, track_running_stats = true)", [3, 2, 3])
instance("instance_norm2d_momentum_1", "InstanceNorm2d(3, momentum = 1.0, track_running_stats = true)", [3, 2, 3])
instance("instance_norm2d_momentum_none", "InstanceNorm2d(3, momentum = None, track_running_stats = true)", [3, 2, 3])
instance("instance_norm2d_eps", "InstanceNorm2d(2, eps = 0.5)", [2, 2, 3])
instance("instance_norm2d_keywords", "InstanceNorm2d(num_features = 2, eps = 1e-4, momentum = 0.3, affine = true, track_running_stats = true, bias = true)", [2, 3, 3])
instance("instance_norm2d_far_from_zero", "InstanceNorm2d(2)", [2, 5, 5], given=FAR)
instance("instance_norm2d_inferred", "Conv2d(2, 5, 3, padding = 1), InstanceNorm2d(_, eps = 0.001, affine = true, track_running_stats = false), ReLU", [2, 5, 4])
instance("instance_norm3d", "InstanceNorm3d(3)", [3, 2, 3, 4])
instance("instance_norm3d_tracking", "InstanceNorm3d(2, affine = true, track_running_stats = true)", [2, 2, 1, 3], batch=2)
graph("instance_norm_function", "", "(x) { instance_norm(x) + instance_norm(x, eps = 0.5) }", [3, 5, 2], f64=True)

"""The padding layers and `pad`, over one, two and three axes."""

from cases import Family

cases = Family()
case = cases.sequential


def function(name, call, *inputs, **options):
    cases.graph(name, "", f"(x) {{ {call} }}", *inputs, **options)


# ReflectionPad
case("reflection1d", "ReflectionPad1d(2)", [3, 5], f64=True)
case("reflection1d_widest", "ReflectionPad1d((4, 4))", [2, 5])
case("reflection1d_one_side", "ReflectionPad1d((0, 2))", [2, 3], batch=1)
case("reflection1d_crops_and_pads", "ReflectionPad1d((-2, 4))", [2, 7])
case("reflection1d_crops", "ReflectionPad1d((-1, -3))", [2, 5])
case("reflection1d_nothing", "ReflectionPad1d(0)", [2, 1])
case("reflection2d", "ReflectionPad2d((1, 2, 3, 0))", [2, 5, 4], f64=True)
case("reflection2d_number", "ReflectionPad2d(padding = 3)", [3, 4, 5])
case("reflection2d_mixed_signs", "ReflectionPad2d((-1, 3, 2, -2))", [2, 5, 7])
case("reflection2d_one_pixel", "ReflectionPad2d((0, 0, 1, 1))", [1, 2, 1], batch=1)
case("reflection2d_before_conv", "ReflectionPad2d(1), Conv2d(2, 3, 3), ReflectionPad2d((2, 0, 0, 1))", [2, 4, 3])
case("reflection3d", "ReflectionPad3d((1, 0, 2, 1, 0, 1))", [2, 3, 4, 5], f64=True)
case("reflection3d_number", "ReflectionPad3d(1)", [1, 2, 3, 2])
case("reflection3d_crops_and_pads", "ReflectionPad3d((-1, 2, 1, -1, 1, 1))", [2, 2, 3, 5])

# ReplicationPad
case("replication1d", "ReplicationPad1d((2, 3))", [3, 5], f64=True)
case("replication1d_one_value", "ReplicationPad1d((4, 7))", [2, 1], batch=1)
case("replication1d_wider_than_input", "ReplicationPad1d(11)", [2, 3])
case("replication1d_crops_and_pads", "ReplicationPad1d((3, -2))", [2, 4])
case("replication2d", "ReplicationPad2d((3, 1, 0, 2))", [2, 3, 5], f64=True)
case("replication2d_number", "ReplicationPad2d(2)", [5, 1, 3])
case("replication2d_mixed_signs", "ReplicationPad2d((-2, 4, 3, -1))", [2, 3, 5])
case("replication3d", "ReplicationPad3d((1, 2, 0, 3, 2, 1))", [2, 2, 3, 4], f64=True)
case("replication3d_crops", "ReplicationPad3d((-1, -1, 0, -1, 2, -1))", [1, 3, 2, 5])

# ZeroPad
case("zero1d", "ZeroPad1d((2, 1))", [3, 4])
case("zero1d_crops", "ZeroPad1d(-2)", [2, 7])
case("zero2d", "ZeroPad2d((1, 2, 0, 3))", [2, 3, 5], f64=True)
case("zero2d_crops_and_pads", "ZeroPad2d((-1, 2, 3, -2))", [3, 4, 5])
case("zero2d_of_volumes", "ZeroPad2d((1, 0, -1, 2))", [2, 3, 4, 3])
case("zero3d", "ZeroPad3d((1, 0, 2, 1, 0, 3))", [2, 3, 2, 4])
case("zero3d_number", "ZeroPad3d(1)", [1, 1, 1, 1], batch=1)

# ConstantPad
case("constant1d", "ConstantPad1d((3, 1), 1.5)", [3, 4], f64=True)
case("constant1d_of_vectors", "ConstantPad1d((1, 2), -0.5)", [5])
case("constant1d_of_images", "ConstantPad1d(1, 2)", [2, 3, 4])
case("constant1d_nothing_of_the_input", "ConstantPad1d((-3, 5), 0.25)", [2, 3])
case("constant2d", "ConstantPad2d((2, 0, 1, 3), value = -3.25)", [2, 5, 3], f64=True)
case("constant2d_crops", "ConstantPad2d(-1, 7.0)", [2, 4, 3])
case("constant3d", "ConstantPad3d((1, 2, 0, -1, -1, 2), 0.75)", [2, 3, 4, 2])
case("constant3d_of_volumes_of_images", "ConstantPad3d((1, 0, 0, 1, 1, 0), 0.5)", [2, 2, 1, 3, 2])

# CircularPad
case("circular1d", "CircularPad1d((2, 3))", [3, 5], f64=True)
case("circular1d_whole", "CircularPad1d(4)", [2, 4])
case("circular1d_crops_and_pads", "CircularPad1d((-2, 3))", [2, 7])
case("circular1d_one_value", "CircularPad1d(1)", [3, 1], batch=1)
case("circular2d", "CircularPad2d((1, 3, 2, 0))", [2, 3, 5], f64=True)
case("circular2d_mixed_signs", "CircularPad2d((-1, 2, 3, -1))", [2, 5, 4])
case("circular3d", "CircularPad3d((1, 0, 2, 1, 2, 2))", [2, 2, 3, 4], f64=True)
case("circular3d_crops", "CircularPad3d((0, -1, 1, -1, -1, 2))", [1, 4, 3, 5])

# The function.
function("pad_default", "pad(x, (1, 2))", [3, 4])
function("pad_of_vectors", "pad(x, (2, -1), value = 0.5)", [5])
function("pad_channels", 'pad(x, (0, 0, 1, 0, 2, 3), mode = "constant", value = -1.0)', [2, 3, 4])
function("pad_keywords", 'pad(x, pad = (1, 0, 0, 2), mode = "constant", value = None)', [2, 3, 2, 3])
function("pad_reflect", 'pad(x, (1, 2, 0, 1), mode = "reflect")', [2, 3, 4], f64=True)
function("pad_replicate", 'pad(x, (1, 2, 0, 1, 3, 3), "replicate")', [2, 1, 3, 4])
function("pad_circular", 'pad(x, (2, 1), mode = "circular")', [2, 4])
function("pad_twice", "pad(pad(x, (1, 1)) + 1.0, (0, 2), value = 3.0) * 2.0", [2, 3])
cases.graph(
    "pad_of_a_shared_value",
    "conv: Conv1d(2, 2, 3)",
    '(x) { let h = pad(x, (1, 1), mode = "replicate"); conv(h) + x }',
    [2, 5],
)

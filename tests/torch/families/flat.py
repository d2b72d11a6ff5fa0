"""Linear, Bilinear, Identity, Flatten, Unflatten."""

from cases import Family

cases = Family()
case = cases.sequential

# Linear over the last axis; every axis in front of it is a batch.
case("linear", "Linear(5, 3)", [5], f64=True)
case("linear_point", "Linear(1, 1)", [1], batch=1)
case("linear_without_bias", "Linear(5, 3, bias = false)", [5], f64=True)
case("linear_positional_bias", "Linear(4, 3, false)", [4])
case("linear_keywords", "Linear(in_features = 4, out_features = 2, bias = true)", [4])
case("linear_batch_1", "Linear(7, 9)", [7], batch=1)
case("linear_rank_2", "Linear(4, 3)", [5, 4], f64=True)
case("linear_rank_3", "Linear(3, 5)", [2, 4, 3])
case("linear_rank_3_without_bias", "Linear(3, 2, bias = false)", [1, 3, 3])
for inputs, outputs, batch in [(1, 17, 1), (17, 1, 1), (16, 16, 1), (8, 33, 2), (33, 8, 2), (31, 15, 7), (64, 10, 5), (13, 47, 16), (100, 6, 1)]:
    case(f"linear_{inputs}_to_{outputs}_batch_{batch}", f"Linear({inputs}, {outputs})", [inputs], batch=batch)
case("linear_stack", "Linear(5, 7), ReLU, Linear(7, 4), ReLU, Linear(4, 2)", [5], f64=True)
case("linear_inferred", "Linear(_, 4), Flatten, Linear(_, 3, bias = false)", [2, 5])

# Two inputs.
for name, layer, features, options in [
    ("bilinear", "Bilinear(3, 4, 2)", ([3], [4]), {"f64": True}),
    ("bilinear_point", "Bilinear(1, 1, 1)", ([1], [1]), {"batch": 1}),
    ("bilinear_without_bias", "Bilinear(2, 5, 3, bias = false)", ([2], [5]), {}),
    ("bilinear_rank_2", "Bilinear(3, 2, 4)", ([5, 3], [5, 2]), {}),
    ("bilinear_keywords", "Bilinear(in1_features = 2, in2_features = 3, out_features = 2, bias = true)", ([2], [3]), {}),
    ("bilinear_17_by_9", "Bilinear(17, 9, 5)", ([17], [9]), {"batch": 2}),
]:
    cases.graph(name, f"mix: {layer}", "(a, b) { mix(a, b) }", *features, **options)

# Shape only.
case("identity", "Identity", [3, 4])
case("identity_in_a_row", "Linear(2, 3), Identity(), Linear(3, 2)", [2])
case("flatten", "Flatten", [2, 3, 4], f64=True)
case("flatten_flat", "Flatten", [5])
case("flatten_start", "Flatten(2)", [2, 3, 4])
case("flatten_start_end", "Flatten(1, 2)", [2, 3, 4])
case("flatten_keywords", "Flatten(start_dim = 2, end_dim = 3)", [2, 3, 4, 5])
case("flatten_negative", "Flatten(-3, -2)", [2, 3, 4])
case("flatten_one_axis", "Flatten(2, 2)", [2, 3, 4])
case("unflatten", "Unflatten(1, (2, 3))", [6])
case("unflatten_inner", "Unflatten(2, (2, 1, 2))", [3, 4])
case("unflatten_negative_dim", "Unflatten(-1, (4, 2))", [3, 8])
case("unflatten_keywords", "Unflatten(dim = 1, unflattened_size = (3, 1))", [3, 2])
case("unflatten_inferred", "Unflatten(1, (2, -1))", [6, 2])
case("flatten_linear", "Flatten, Linear(12, 5)", [2, 2, 3])
case("linear_unflatten", "Linear(4, 6), Unflatten(1, (2, 3)), Flatten", [4])

"""affine_grid, grid_sample: coordinates inside of the input and beyond, on pixels, between them and on edges."""

from cases import Family

cases = Family()


def case(name, forward, *inputs, **options):
    cases.graph(name, "", forward, *inputs, **{"values": "full", "f64": True} | options)


def sample(name, arguments, input, grid, reach=1.0, **options):
    beyond = "g" if reach == 1.0 else f"g * {reach}"
    case(name, f"(x, g) {{ grid_sample(x, {beyond}{arguments}) }}", input, grid, **options)


case("affine_grid", "(t) { affine_grid(t, (-1, 3, 4, 5)) }", [2, 3])
case("affine_grid_corners", "(t) { affine_grid(t, (-1, 1, 3, 7), align_corners = true) }", [2, 3])
case("affine_grid_one_pixel", "(t) { affine_grid(t, (-1, 2, 1, 1), false) }", [2, 3], batch=1)
case("affine_grid_line", "(t) { affine_grid(t, (-1, 1, 1, 5), align_corners = true) }", [2, 3], batch=2)
case("affine_grid_volume", "(t) { affine_grid(t, size = (-1, 1, 2, 3, 5)) }", [3, 4])
case("affine_grid_volume_corners", "(t) { affine_grid(t, (-1, 1, 3, 1, 2), align_corners = true) }", [3, 4], batch=1)

sample("grid_sample", "", [3, 5, 7], [4, 2, 2])
sample("grid_sample_batch_1", "", [1, 3, 2], [1, 5, 2], batch=1)
sample("grid_sample_one_pixel", ", align_corners = true", [2, 1, 1], [3, 2, 2], batch=2)
for mode in ["bilinear", "nearest", "bicubic"]:
    for padding in ["zeros", "border", "reflection"]:
        for corners in ["false", "true"]:
            arguments = f', mode = "{mode}", padding_mode = "{padding}", align_corners = {corners}'
            name = f"grid_sample_{mode}_{padding}" + ("_corners" if corners == "true" else "")
            sample(name, arguments, [2, 5, 3], [3, 4, 2], 3.75, batch=2)
for mode in ["bilinear", "nearest"]:
    for padding in ["zeros", "border", "reflection"]:
        arguments = f', "{mode}", "{padding}", {"true" if padding == "border" else "false"}'
        sample(f"grid_sample_volume_{mode}_{padding}", arguments, [2, 3, 2, 5], [2, 1, 3, 3], 2.5, batch=2)

# On pixels, on edges, in the middle between two, and far away.
PLACES = [[[[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0], [0.5, -0.5]], [[-0.75, 0.25], [-1.25, 1.25], [2.0, -3.0], [0.25, 7.5]]]]
for mode in ["bilinear", "nearest", "bicubic"]:
    for padding in ["zeros", "border", "reflection"]:
        for corners in ["false", "true"]:
            arguments = f', "{mode}", "{padding}", {corners}'
            name = f"grid_sample_places_{mode}_{padding}" + ("_corners" if corners == "true" else "")
            sample(name, arguments, [1, 4, 4], [2, 4, 2], batch=1, given={"input1": PLACES}, f64=False)

cases.graph(
    "spatial_transformer",
    "where_to: Linear(48, 6)",
    "(x) { let theta = view(tanh(where_to(flatten(x, 1))), (-1, 2, 3)); grid_sample(x, affine_grid(theta, (-1, 3, 4, 4))) }",
    [3, 4, 4],
    values="full",
    f64=True,
)
case("grid_of_itself", '(g) { grid_sample(permute(g, (0, 3, 1, 2)), g, padding_mode = "border") }', [4, 3, 2])

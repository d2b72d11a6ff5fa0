//! The graph of a network, for Graphviz and as a picture.

use super::*;

#[test]
fn dot_has_layers_functions_blocks_and_shapes() {
    let text = Mixed::dot().to_string();
    for piece in [
        "digraph \"Mixed\" {",
        "[label=\"image\"",
        "[label=\"table\\nEmbedding(10, 6)\"",
        "label=\"body: Sequential\"",
        "label=\"0: Residual\"",
        "[label=\"+\"",
        "[label=\" [u32; 3]\"]",
        "[label=\" [4, 6, 6]\"]",
    ] {
        assert!(text.contains(piece), "{piece} is not in\n{text}");
    }
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    // Each value that a step or the output takes is an edge.
    let of = Mixed::DESCRIPTION;
    let edges = of.steps.iter().map(|step| step.inputs.len()).sum::<usize>() + of.results.len();
    assert_eq!(text.matches(" -> ").count(), edges);
}

/// Places of `name="..."` in an element.
fn number(element: &str, name: &str) -> f32 {
    let start = element.find(&format!(" {name}=\"")).map(|at| at + name.len() + 3).expect("the attribute");
    element[start..].split('"').next().and_then(|text| text.parse().ok()).expect("a number")
}

#[test]
fn the_picture_holds_every_box_and_none_overlap() {
    let text = Mixed::svg();
    let (width, height) = (number(&text, "width"), number(&text, "height"));
    let boxes: Vec<_> = text
        .lines()
        .filter_map(|line| line.split("<rect class=").nth(1))
        .map(|rect| (number(rect, "x"), number(rect, "y"), number(rect, "width"), number(rect, "height")))
        .collect();
    assert!(boxes.len() > 12);
    for (index, a) in boxes.iter().enumerate() {
        assert!(a.0 >= 0.0 && a.1 >= 0.0 && a.0 + a.2 <= width && a.1 + a.3 <= height, "{a:?} in {width} x {height}");
        for b in &boxes[..index] {
            let apart = a.0 + a.2 <= b.0 || b.0 + b.2 <= a.0 || a.1 + a.3 <= b.1 || b.1 + b.3 <= a.1;
            let inside = |a: &(f32, f32, f32, f32), b: &(f32, f32, f32, f32)| {
                a.0 >= b.0 && a.1 >= b.1 && a.0 + a.2 <= b.0 + b.2 && a.1 + a.3 <= b.1 + b.3
            };
            assert!(apart || inside(a, b) || inside(b, a), "{a:?} and {b:?}");
        }
    }
    assert_eq!(text.matches("<g>").count(), text.matches("</g>").count());
}

block! {
    Pair(width) {
        conv1: Conv2d(width, width, 3, padding = 1, bias = false),
        bn1: BatchNorm2d(width),
        conv2: Conv2d(width, width, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(width),
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        relu(x + bn2(conv2(h)))
    }
}

network! {
    struct Small: [3, 32, 32] -> [10] {
        stem: [Conv2d(3, 16, 3, padding = 1), ReLU],
        block: Pair(16),
        pool: AdaptiveAvgPool2d(1),
        flatten: Flatten,
        fc: Linear(16, 10),
    }
}

/// The picture in the README is up to date: `NN_WRITE=1 cargo test --test repr` writes it.
#[test]
fn the_picture_in_the_guide_is_this() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/small.svg");
    let text = Small::svg().replace("block: Pair", "block: Residual");
    if std::env::var_os("NN_WRITE").is_some() {
        std::fs::write(path, &text).expect("docs can be written");
    }
    assert_eq!(std::fs::read_to_string(path).expect("the picture is there"), text);
}

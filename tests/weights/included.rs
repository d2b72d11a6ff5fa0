//! Weights that are part of the program.

use nn::prelude::*;
use nn::weights::Weights;

use crate::{Small, fresh, path, read};

static SMALL: &Small = nn::include_weights!("files/small.safetensors", Small);

#[test]
fn what_is_included_is_what_is_loaded() {
    let mut net = fresh();
    net.load_safetensors(path("small.safetensors")).unwrap();
    assert!(SMALL.to_safetensors() == net.to_safetensors());
    assert_eq!(SMALL.bn.num_batches_tracked.0, 2);
    // From the package's folder; one place in memory for all uses.
    let again: &'static Small = nn::include_weights!("tests/weights/files/small.safetensors", crate::Small);
    assert!(again.to_safetensors() == net.to_safetensors());
}

mod double {
    use nn::prelude::*;

    network! {
        #[element(f64)]
        pub struct Small: [1, 7, 5] -> [2] {
            conv: Conv2d(1, 3, 3, stride = 2),
            bn: BatchNorm2d(3),
            ReLU,
            Flatten,
            fc: Linear(3 * 3 * 2, 5, bias = false),
            Tanh,
            out: Linear(5, 2),
        }
    }
}

/// What the loader makes of a file for a network of `f64`.
fn loaded_double(name: &str) -> Vec<u8> {
    let mut loaded = double::Small::init(&mut nn::seed(1));
    Weights::from_bytes(&read(name)).unwrap().convert().load_into(&mut *loaded).unwrap();
    loaded.to_safetensors()
}

#[test]
fn f64_is_included() {
    let included: &double::Small = nn::include_weights!("files/small_f64.safetensors", double::Small);
    assert!(included.to_safetensors() == loaded_double("small_f64.safetensors"));
}

#[test]
fn numbers_are_converted_as_pytorch_does() {
    let halves: &Small = nn::include_weights!("files/small_f16.safetensors", Small, convert);
    assert!(halves.to_safetensors() == read("small_f16_as_f32.safetensors"));
    let brains: &Small = nn::include_weights!("files/small_bf16.safetensors", Small, convert);
    assert!(brains.to_safetensors() == read("small_bf16_as_f32.safetensors"));
    let rounded: &Small = nn::include_weights!("files/small_f64.safetensors", Small, convert = f32);
    assert!(rounded.to_safetensors() == read("small_f64_as_f32.safetensors"));
    // Nothing to convert.
    let same: &Small = nn::include_weights!("files/small.safetensors", Small, convert);
    assert!(same.to_safetensors() == read("small.safetensors"));
    assert_eq!(halves.bn.num_batches_tracked.0, 2);

    let halves: &double::Small = nn::include_weights!("files/small_f16.safetensors", double::Small, convert = f64);
    assert!(halves.to_safetensors() == loaded_double("small_f16.safetensors"));
    let singles: &double::Small = nn::include_weights!("files/small.safetensors", double::Small, convert = f64);
    assert!(singles.to_safetensors() == loaded_double("small.safetensors"));
}

#[test]
fn a_part_of_a_larger_file_under_other_names() {
    let part: &Small = nn::include_weights!("files/small_wrapped.safetensors", Small, prefix = "module.");
    assert!(part.to_safetensors() == read("small.safetensors"));

    network! {
        struct Renamed: [1, 7, 5] -> [2] {
            stem: Conv2d(1, 3, 3, stride = 2),
            stem_norm: BatchNorm2d(3),
            ReLU,
            Flatten,
            fc: Linear(_, 5, bias = false),
            Tanh,
            head: Linear(5, 2),
        }
    }
    let names = [("stem", "conv"), ("stem_norm", "bn"), ("head.weight", "out.weight"), ("head.bias", "out.bias")];
    let mut loaded = Renamed::init(&mut nn::seed(1));
    Weights::from_bytes(&read("small_f16.safetensors"))
        .unwrap()
        .rename_map(names)
        .convert()
        .load_into(&mut *loaded)
        .unwrap();
    let included: &Renamed = nn::include_weights!(
        "files/small_f16.safetensors",
        Renamed,
        rename = [("stem", "conv"), ("stem_norm", "bn"), ("head.weight", "out.weight"), ("head.bias", "out.bias")],
        convert,
    );
    assert!(included.to_safetensors() == loaded.to_safetensors());

    network! {
        struct Twice: [18] -> [10] { left: Linear(18, 5, bias = false), right: Linear(18, 5, bias = false) }
        forward(x) { cat([left(x), right(x)], dim = 1) }
    }
    let twice: &Twice = nn::include_weights!(
        "files/small.safetensors",
        Twice,
        prefix = "fc.",
        rename = [("left.weight", "weight"), ("right.weight", "weight")]
    );
    assert!(twice.left.weight == twice.right.weight && twice.left.weight == SMALL.fc.weight);
}

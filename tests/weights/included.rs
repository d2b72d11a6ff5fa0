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

#[test]
fn f64_is_included() {
    network! {
        #[element(f64)]
        struct Small: [1, 7, 5] -> [2] {
            conv: Conv2d(1, 3, 3, stride = 2),
            bn: BatchNorm2d(3),
            ReLU,
            Flatten,
            fc: Linear(3 * 3 * 2, 5, bias = false),
            Tanh,
            out: Linear(5, 2),
        }
    }
    let included: &Small = nn::include_weights!("files/small_f64.safetensors", Small);
    let mut loaded = Small::init(&mut nn::seed(1));
    Weights::from_bytes(&read("small_f64.safetensors")).unwrap().load_into(&mut *loaded).unwrap();
    assert!(included.to_safetensors() == loaded.to_safetensors());
}

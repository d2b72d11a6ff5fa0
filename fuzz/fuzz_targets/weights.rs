//! Whatever the bytes, loading them fills the network or leaves it as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn::prelude::*;
use nn::weights::{Checkpoint, Weights};

// As in tests/weights/main.rs, so that the files there are seeds.
network! {
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

fuzz_target!(|bytes: &[u8]| {
    let mut net = Small::gradients();
    let before = net.to_safetensors();
    if let Ok(weights) = Weights::from_bytes(bytes) {
        for weights in [weights.convert().strict(false), Weights::from_bytes(bytes).unwrap().prefix("module.")] {
            if let Err(error) = weights.load_into(&mut *net) {
                assert!(!error.to_string().is_empty());
                assert!(net.to_safetensors() == before, "the network has changed");
            }
            net = Small::gradients();
        }
    }
    let (mut random, mut step) = (nn::seed(1), 7);
    let checkpoint = Checkpoint::new().network(&mut *net).random("random", &mut random).count("step", &mut step);
    if checkpoint.load_bytes(bytes).is_err() {
        assert!(step == 7 && random == nn::seed(1) && net.to_safetensors() == before);
    }
});

//! What fuzzing found: inputs that reached something new in the readers. See fuzz/README.md.

use std::fs;

use nn::data::Idx;
use nn::prelude::*;
use nn::weights::{Checkpoint, Weights};

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

fn each(folder: &str, mut test: impl FnMut(&[u8])) {
    let folder = format!("{}/tests/corpus/{folder}", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 50, "{folder} has its files");
    files.iter().for_each(|file| test(&fs::read(file).unwrap()));
}

#[test]
fn weights_fill_the_network_or_leave_it_as_it_was() {
    each("weights", |bytes| {
        let mut net = Small::gradients();
        let before = net.to_safetensors();
        for strict in [true, false] {
            let result =
                Weights::from_bytes(bytes).and_then(|weights| weights.strict(strict).convert().load_into(&mut *net));
            if let Err(error) = result {
                assert!(!error.to_string().is_empty() && net.to_safetensors() == before);
            }
            net = Small::gradients();
        }
        let (mut random, mut step) = (nn::seed(1), 7);
        let checkpoint = Checkpoint::new().network(&mut *net).random("random", &mut random).count("step", &mut step);
        if checkpoint.load_bytes(bytes).is_err() {
            assert!(step == 7 && random == nn::seed(1) && net.to_safetensors() == before);
        }
    });
}

#[test]
fn idx_files_are_read_or_refused() {
    each("idx", |bytes| match Idx::from_bytes(bytes) {
        Ok(idx) => {
            let _ = idx.labels(10);
            if let Ok(tensors) = idx.tensors::<Tensor2<2, 3>>(0.5) {
                assert_eq!(tensors.len(), idx.shape()[0]);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    });
}

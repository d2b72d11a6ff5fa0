//! Whatever the bytes, reading them gives what the header says or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn::data::Idx;
use nn::prelude::*;

fuzz_target!(|bytes: &[u8]| {
    let Ok(idx) = Idx::from_bytes(bytes) else { return };
    if let Ok(tensors) = idx.tensors::<Tensor2<2, 3>>(0.5) {
        assert_eq!(tensors.len(), idx.shape()[0]);
    }
    if let Ok(labels) = idx.labels(10) {
        assert!(labels.len() == idx.shape()[0] && labels.iter().all(|label| *label < 10));
    }
});

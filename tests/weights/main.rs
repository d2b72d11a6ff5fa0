//! Weights from and to PyTorch: files that PyTorch wrote (`record.py`) and files that nobody should have written.

mod bad;
mod checkpoint;
mod frozen;
mod included;
mod regions;
mod round_trip;

use nn::prelude::*;

network! {
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

/// One of the files that `record.py` wrote.
fn path(name: &str) -> String {
    format!("{}/tests/weights/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A network that no file has seen.
fn fresh() -> Box<Small> {
    Small::init(&mut nn::seed(99))
}

//! What the catalogue says of PyTorch's text: every item names a parameter; numbers are written as Python writes them.

use nn_shape::Arg;
use nn_shape::catalogue::{Inputs, entries, layer};
use nn_shape::repr::{items, write};

#[test]
fn every_item_names_a_parameter() {
    for entry in entries().filter(|entry| entry.is_layer) {
        for text in core::iter::once(entry.repr).chain(entry.inner.iter().map(|inner| inner.repr)) {
            assert!(items(text, entry).all(|item| item.is_some()), "{}: {text}", entry.name);
        }
    }
}

/// These print no arguments in PyTorch either, whatever they take.
const SILENT: &[&str] = &[
    "AdaptiveLogSoftmaxWithLoss",
    "CosineSimilarity",
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
    "Hardsigmoid",
    "Hardswish",
    "Identity",
    "MultiheadAttention",
    "PairwiseDistance",
    "Parameter",
];

#[test]
fn every_layer_with_arguments_shows_some() {
    for entry in entries().filter(|entry| entry.is_layer && entry.inputs != Inputs::Exactly(0)) {
        let shows = !entry.repr.is_empty() || entry.parameters.is_empty() || SILENT.contains(&entry.name);
        assert!(shows, "{} shows nothing", entry.name);
    }
}

fn shown(name: &str, args: &[Arg]) -> String {
    let entry = layer(name).expect("it is in the catalogue");
    let shown: Vec<_> = items(entry.repr, entry).flatten().collect();
    let mut text = String::new();
    write(&shown, args, &[], &mut text).expect("a string takes everything");
    text
}

#[test]
fn numbers_are_pythons() {
    let threshold = |a, b| shown("Threshold", &[Arg::Real(a), Arg::Real(b), Arg::Flag(false)]);
    assert_eq!(threshold(1.0, 0.1), "threshold=1.0, value=0.1");
    assert_eq!(threshold(1e-4, 0.00001), "threshold=0.0001, value=1e-05");
    assert_eq!(threshold(1e15, 1e16), "threshold=1000000000000000.0, value=1e+16");
    assert_eq!(threshold(-1.5e-7, 123456789.125), "threshold=-1.5e-07, value=123456789.125");
    assert_eq!(threshold(f64::INFINITY, f64::NEG_INFINITY), "threshold=inf, value=-inf");
    assert_eq!(threshold(-0.0, 1.0 / 3.0), "threshold=-0.0, value=0.3333333333333333");
    assert_eq!(threshold(1e-323, f64::MAX), "threshold=1e-323, value=1.7976931348623157e+308");
}

//! Convolutions transposed, pools, padding and batch norm: the sizes that PyTorch gives, and each rule that may be broken.

mod batch_norm;
mod conv_transpose;
mod pad;
mod pool;

use nn_shape::{Arg, At, Shape, Violation};

/// A layer behind one called `conv1`.
const AT: At = At { network: "Net", layer: "layer", sources: &["conv1"], makers: &[], infers: true };

fn int(value: usize) -> Arg {
    Arg::size(value)
}

fn ints(values: &[usize]) -> Arg {
    Arg::sizes(values)
}

/// The argument at fault, and a message in which all of `texts` stand, in this order.
#[track_caller]
fn assert_broken(found: Option<Violation>, argument: usize, texts: &[&str]) {
    let violation = found.expect("a rule is broken");
    let message = violation.message.as_str();
    assert_eq!(violation.argument, argument, "{message}");
    let mut rest = message;
    for line in ["Net.layer: ", "\n  rule : ", "\n  found: ", "\n  fix  : "] {
        assert!(message.contains(line), "{line:?} is missing in\n{message}");
    }
    for text in texts {
        let Some(place) = rest.find(text) else { panic!("{text:?} is missing in\n{message}") };
        rest = &rest[place + text.len()..];
    }
}

#[track_caller]
fn assert_sound(found: Option<Violation>) {
    if let Some(violation) = found {
        panic!("{}", violation.message.as_str());
    }
}

/// Numbers that no operation may stumble over.
const EXTREMES: [usize; 6] = [0, 1, 2, 7, usize::MAX / 2, usize::MAX];

/// Shapes that no operation may stumble over, among them none at all.
fn strange_shapes() -> Vec<Shape> {
    let sizes: [&[usize]; 8] =
        [&[], &[0], &[3], &[3, 0], &[3, 7], &[3, 5, 7], &[3, usize::MAX, usize::MAX], &[2, 3, 4, 5, 6, 7]];
    sizes.iter().map(|sizes| Shape::new(sizes)).chain([Shape::INVALID]).collect()
}

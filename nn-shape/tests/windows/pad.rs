//! The places that padding shows.

use nn_shape::{PadAxis, Padding};

/// `torch.nn.functional.pad` of 0, 1, 2, ..: mode, size, before, after, what it shows; -1 for the constant.
const PADS: &[(Padding, usize, isize, isize, &[isize])] = &[
    (Padding::Reflect, 5, 2, 1, &[2, 1, 0, 1, 2, 3, 4, 3]),
    (Padding::Reflect, 5, 4, 4, &[4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0]),
    (Padding::Reflect, 5, -2, 1, &[2, 3, 4, 3]),
    (Padding::Reflect, 5, 2, -2, &[2, 1, 0, 1, 2]),
    (Padding::Reflect, 5, -1, -3, &[1]),
    (Padding::Reflect, 3, 0, 2, &[0, 1, 2, 1, 0]),
    (Padding::Reflect, 2, 1, 0, &[1, 0, 1]),
    (Padding::Reflect, 6, -2, 4, &[2, 3, 4, 5, 4, 3, 2, 1]),
    (Padding::Replicate, 5, 2, 1, &[0, 0, 0, 1, 2, 3, 4, 4]),
    (Padding::Replicate, 5, 4, 4, &[0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4]),
    (Padding::Replicate, 5, -2, 1, &[2, 3, 4, 4]),
    (Padding::Replicate, 5, 2, -2, &[0, 0, 0, 1, 2]),
    (Padding::Replicate, 5, -1, -3, &[1]),
    (Padding::Replicate, 1, 2, 3, &[0, 0, 0, 0, 0, 0]),
    (Padding::Replicate, 3, 0, 2, &[0, 1, 2, 2, 2]),
    (Padding::Replicate, 4, 4, 0, &[0, 0, 0, 0, 0, 1, 2, 3]),
    (Padding::Replicate, 4, -1, 4, &[1, 2, 3, 3, 3, 3, 3]),
    (Padding::Replicate, 2, 1, 0, &[0, 0, 1]),
    (Padding::Replicate, 6, -2, 4, &[2, 3, 4, 5, 5, 5, 5, 5]),
    (Padding::Circular, 5, 2, 1, &[3, 4, 0, 1, 2, 3, 4, 0]),
    (Padding::Circular, 5, 4, 4, &[1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3]),
    (Padding::Circular, 5, -2, 1, &[2, 3, 4, 2]),
    (Padding::Circular, 5, 2, -2, &[1, 2, 0, 1, 2]),
    (Padding::Circular, 5, -1, -3, &[1]),
    (Padding::Circular, 3, 0, 2, &[0, 1, 2, 0, 1]),
    (Padding::Circular, 4, 4, 0, &[0, 1, 2, 3, 0, 1, 2, 3]),
    (Padding::Circular, 2, 1, 0, &[1, 0, 1]),
    (Padding::Circular, 6, -2, 4, &[2, 3, 4, 5, 2, 3, 4, 5]),
    (Padding::Zeros, 5, 2, 1, &[-1, -1, 0, 1, 2, 3, 4, -1]),
    (Padding::Zeros, 5, 4, 4, &[-1, -1, -1, -1, 0, 1, 2, 3, 4, -1, -1, -1, -1]),
    (Padding::Zeros, 5, -2, 1, &[2, 3, 4, -1]),
    (Padding::Zeros, 5, 2, -2, &[-1, -1, 0, 1, 2]),
    (Padding::Zeros, 5, -1, -3, &[1]),
    (Padding::Zeros, 1, 2, 3, &[-1, -1, 0, -1, -1, -1]),
    (Padding::Zeros, 3, 0, 2, &[0, 1, 2, -1, -1]),
    (Padding::Zeros, 4, 4, 0, &[-1, -1, -1, -1, 0, 1, 2, 3]),
    (Padding::Zeros, 4, -1, 4, &[1, 2, 3, -1, -1, -1, -1]),
    (Padding::Zeros, 2, 1, 0, &[-1, 0, 1]),
    (Padding::Zeros, 6, -2, 4, &[2, 3, 4, 5, -1, -1, -1, -1]),
];

#[test]
fn places_are_pytorchs() {
    for &(padding, input, before, after, shown) in PADS {
        let axis = PadAxis { input, before, after };
        assert_eq!(axis.output(), shown.len());
        let source = |place| axis.source(place, padding).map_or(-1, |source| source as isize);
        let found: Vec<_> = (0..axis.output()).map(source).collect();
        assert_eq!(found, shown, "{padding:?}, {axis:?}");
    }
}

#[test]
fn what_is_kept_is_copied() {
    for &(padding, input, before, after, shown) in PADS {
        let axis = PadAxis { input, before, after };
        let (from, kept) = axis.kept();
        let front = before.max(0) as usize;
        let expected: Vec<_> = (from..from + kept).map(|place| place as isize).collect();
        assert_eq!(shown[front..front + kept], expected, "{padding:?}, {axis:?}");
    }
}

#[test]
fn no_number_is_too_strange() {
    for padding in [Padding::Zeros, Padding::Reflect, Padding::Replicate, Padding::Circular] {
        for (before, after) in
            [(9, -9), (-9, 9), (-9, -9), (isize::MAX, isize::MIN), (isize::MIN, isize::MAX), (40, 40)]
        {
            for input in [0, 1, 3] {
                let axis = PadAxis { input, before, after };
                for place in (0..axis.output()).take(100) {
                    assert!(axis.source(place, padding).is_none_or(|source| source < input));
                }
            }
        }
    }
}

//! Numbers in `forward`: those of loops, and named constants of any type of whole numbers.

use nn::prelude::*;

/// `[4, 6]`, counted from 0.
fn counted() -> Tensor2<4, 6> {
    Tensor2(core::array::from_fn(|row| core::array::from_fn(|column| (6 * row + column) as f32)))
}

#[test]
fn a_loop_counts_where_a_number_may_be_negative() {
    network! {
        struct Rows: [4, 6] -> [6] {}
        forward(x) {
            let sum = select(x, 1, 3);
            for i in 0..3 {
                sum = sum + select(x, 1, i) * i;
            }
            sum
        }
    }

    let y = Rows::init(&mut nn::seed(1)).predict(&counted());
    assert_eq!(y, Tensor1(core::array::from_fn(|column| (18.0 + 6.0 + 2.0 * 12.0) + 4.0 * column as f32)));
}

const ONE: usize = 1;
const TWO: i32 = 2;

#[test]
fn a_size_stands_where_a_number_may_be_negative() {
    network! {
        struct Views: [4, 6] -> ([2, 12], [4, 3, 2], [24], [8, 3], [3, 4, 6], [6]) {
            flatten: Flatten(ONE),
            unflatten: Unflatten(TWO, (ONE + 2, 2)),
            padded: ZeroPad1d((0, ONE)),
        }
        forward(x) {
            (
                x.view(-1, TWO, 12),
                unflatten(x),
                flatten(x),
                reshape(x, (-1, 8 * ONE, 3)),
                expand(unsqueeze(x, ONE), (-1, ONE + 2, -1, -1)),
                select(padded(narrow(x, ONE, 1, 2)), TWO - 1, ONE).narrow(1, ONE, 6),
            )
        }
    }

    let x = counted();
    let (halves, pairs, flat, threes, thrice, row) = Views::init(&mut nn::seed(1)).predict(&x);
    assert_eq!((halves[1][0], pairs[1][2], flat[23], threes[7]), (12.0, [10.0, 11.0], 23.0, [21.0, 22.0, 23.0]));
    assert_eq!(thrice.0, [x.0; 3]);
    assert_eq!(row.0, [13.0, 14.0, 15.0, 16.0, 17.0, 0.0]);
}

#[test]
fn numbers_are_compared_in_conditions() {
    block! {
        Deep(depth, slope = 0.1) {}
        forward(x, twice = 0) {
            if depth > 2 && slope <= 0.5 {
                x = x * depth;
            } else if depth >= 2 || !(slope < 1) {
                x = -x;
            }
            for i in 0..4 {
                if i >= 4 - twice { x = 2 * x; }
            }
            x
        }
    }
    network! {
        struct Many: [1] -> ([1], [1], [1], [1], [1]) {
            deep: Deep(3), wide: Deep(3, slope = 0.6), flat: Deep(1), steep: Deep(1, 1.0),
        }
        forward(x) {
            (deep(x), wide(x), flat(x), steep(x), flat(x, twice = 3))
        }
    }

    let (deep, wide, flat, steep, doubled) = Many::init(&mut nn::seed(1)).predict(&Tensor1([1.0]));
    assert_eq!([deep, wide, flat, steep, doubled].map(|y| y[0]), [3.0, -1.0, 1.0, -1.0, 8.0]);
}

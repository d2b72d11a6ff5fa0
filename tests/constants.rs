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

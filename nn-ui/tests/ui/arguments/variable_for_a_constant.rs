//@ mend: let classes = 10;
//@ to: const classes: usize = 10;

use nn::prelude::*;

fn main() {
    let classes = 10;
    println!("{classes}");
    network! {
        pub struct Perceptron: [784] -> [10] {
            fc: Linear(784, classes),
        }
    }
}

//! `network!` works wherever a struct does: under any name, in functions and modules, twice in one scope, whatever the user has called his
//! own things, and under the strictest lints.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused, unreachable_pub, rust_2018_idioms, clippy::all, clippy::pedantic)]

use nn::Network;

/// Networks whose names are those that generic parameters usually have.
mod letters {
    use nn::network;

    network! { pub(crate) struct N: [3] -> [2] (Linear(3, 2), ReLU); }
    network! { pub(crate) struct T: [3] -> [2] (Linear(3, 2), ReLU); }
    network! { pub(crate) struct R: [3] -> [2] (Linear(3, 2), BatchNorm1d(2)); }
    network! { pub(crate) struct W: [3] -> [2] (Linear(3, 2), ReLU); }
    network! { pub(crate) struct E: [1, 4, 4] -> [2, 2, 2] (Conv2d(1, 2, 3)); }
    network! { pub(crate) struct B: [3] -> [2] (Linear(3, 2), ReLU); }
}

/// Constants of those names.
mod constants {
    use nn::network;

    const N: usize = 3;
    const T: usize = N - 1;
    const fn doubled(n: usize) -> usize {
        2 * n
    }

    network! {
        pub(crate) struct Sized: [N] -> [T] {
            fc1: Linear(N, doubled(T)),
            fc2: Linear(_, T),
        }
    }
}

/// Where the prelude's names and `core` mean something else.
mod shadows {
    #![allow(dead_code, non_camel_case_types)]

    mod core {}
    mod std {}
    mod alloc {}
    struct Option;
    struct Some;
    struct None;
    struct Result;
    struct Ok;
    struct String;
    struct Vec;
    struct Box;
    trait Default {}
    trait Network {}
    trait Layer {}

    nn::network! {
        pub(crate) struct Shadowed: [2, 4] -> [3] {
            #[init(kaiming_normal, nonlinearity = "relu")]
            conv: Conv1d(2, 3, 3, padding = 1),
            norm: BatchNorm1d(3),
            fc: Linear(12, 3),
        }
        forward(x) {
            let x = relu(norm(conv(x)));
            fc(flatten(x, 1))
        }
    }
}

/// In documentation that must be complete.
pub mod public {
    nn::network! {
        /// A documented network.
        pub struct Documented: [3] -> [2] {
            /// The only layer.
            fc: Linear(3, 2),
        }
    }
}

fn trains<M: Network>()
where
    M::Input: Copy,
{
    let mut network = M::init(&mut nn::seed(1));
    let (mut tape, mut gradients) = (M::tape::<2>(), M::gradients());
    let (input, output) = (zeroed::<[M::Input; 2]>(), zeroed::<[M::Output; 2]>());
    network.forward_train(&input, &mut tape);
    network.backward(&mut tape, &output, &mut gradients);
    network.predict(&input[0]);
}

fn zeroed<T: nn::Zeroable>() -> T {
    nn::Zeroable::zeroed()
}

#[test]
fn any_name_and_place() {
    trains::<letters::N>();
    trains::<letters::T>();
    trains::<letters::R>();
    trains::<letters::W>();
    trains::<letters::E>();
    trains::<letters::B>();
    trains::<constants::Sized>();
    trains::<shadows::Shadowed>();
    trains::<public::Documented>();
}

#[test]
fn in_a_function_and_twice_in_a_scope() {
    nn::network! { struct First: [3] -> [2] (Linear(3, 2)); }
    nn::network! { struct Second: [3] -> [2] (Linear(3, 2)); }
    trains::<First>();
    {
        nn::network! { struct First: [5] -> [2] (Linear(5, 2)); }
        trains::<First>();
    }
    trains::<Second>();
}

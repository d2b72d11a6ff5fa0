//! Recurrent layers of many sizes: vectors of hidden numbers, what is left of them, and both together.

use nn::prelude::*;
use nn::{Isa, Zeroable, force_isa};

use crate::check::{ALONE, check, trained};

macro_rules! sizes {
    ($($name:ident $hidden:tt)*) => {
        $(mod $name {
            use nn::prelude::*;
            network! {
                pub(super) struct Net: ([3, 5], [1, $hidden], [1, $hidden]) -> ([3, $hidden], [1, $hidden], [3, $hidden], [2, $hidden], [3, $hidden]) {
                    a: LSTM(5, $hidden), b: GRU(5, $hidden), d: GRU($hidden, $hidden, 2), e: RNN(5, $hidden),
                }
                forward(x, h, c) {
                    let (y, (h, c)) = a(x, (h, c));
                    let (z, _) = b(x, h);
                    let (_, g) = d(y);
                    let (w, _) = e(x);
                    (y, c, z, g, w)
                }
            }
        })*
        #[test]
        fn sizes_of_all_kinds() {
            let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            $(check::<$name::Net>(3, 5);)*
        }
        /// An input without end moves no number that it has no part in.
        #[test]
        fn infinite_inputs_stay_by_themselves() {
            let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                force_isa(Some(isa)).expect("it is available");
                $({
                    let mut input = <$name::Net as Network>::Input::zeroed();
                    input.0[1][2] = f32::INFINITY;
                    let network = trained::<$name::Net>(&mut nn::seed(9));
                    let (found, expected) = (network.freeze().predict(&input), network.predict(&input));
                    for (found, expected) in found.2.iter().flatten().zip(expected.2.iter().flatten()) {
                        assert!((found - expected).abs() < 1e-5, "{isa:?}, {}: {found}, not {expected}", $hidden);
                    }
                })*
            }
            force_isa(None).expect("there is always a best");
        }
    };
}

sizes! {
    of_1 1  of_2 2  of_3 3  of_4 4  of_5 5  of_8 8  of_9 9  of_12 12  of_16 16  of_17 17  of_20 20
    of_24 24  of_31 31  of_33 33  of_36 36  of_40 40  of_50 50  of_52 52  of_64 64
}

//! The order of packed numbers, which files of frozen networks hold: another order would read them wrongly.

use nn::prelude::*;
use nn::{Isa, force_isa};
use nn_core::shape::packed::{HEAD, checksum};

use crate::check::ALONE;

network! {
    struct Net: [3, 29, 33] -> [5, 9] {
        combed: Conv2d(3, 8, 3, stride = 2, padding = 1), halves: Conv2d(8, 8, 3, groups = 8), back_to: Conv2d(8, 3, 2),
        stem: Conv2d(3, 8, 3), flat: Conv2d(8, 40, 1), each: Conv2d(40, 40, 3, groups = 40, padding = 1), wide: Conv2d(40, 40, 3, padding = 1),
        grouped: Conv2d(40, 12, 3, groups = 2), few: Conv2d(12, 2, 3, padding = 1), planes: Conv2d(2, 3, 3, padding = 1), back: ConvTranspose2d(3, 6, 3, stride = 2),
        fc: Linear(_, 35), lstm: LSTM(7, 20), gru: GRU(20, 5), rnn: RNN(5, 9),
    }
    forward(x) {
        let x = back_to(halves(combed(x)));
        let x = grouped(wide(each(flat(stem(x)))));
        let x = reshape(fc(flatten(back(planes(few(x))), 1)), (-1, 5, 7));
        let (x, _) = lstm(x);
        let (x, _) = gru(x);
        let (x, _) = rnn(x);
        x
    }
}

/// Checksums of the bytes behind the head, exact and in squares: packed numbers do not depend on the machine.
const PINNED: [(Isa, [u64; 2]); 3] = [
    (Isa::Portable, [0x341c_5b15_0560_d125, 0x6b71_66d2_51a9_ba05]),
    (Isa::Avx2, [0xa70b_dc31_31c2_76ae, 0x0a96_a881_8039_8052]),
    (Isa::Avx512, [0x1017_f0e1_231a_508a, 0x71ec_6fd7_6bff_465a]),
];

#[test]
fn the_order_of_packed_numbers_is_that_of_the_version() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut net = Net::init(&mut nn::seed(1));
    let mut count = 0;
    net.visit_parameters_mut(&mut |_, values| {
        for value in values {
            count = (count + 7) % 31;
            *value = (count as f32 - 15.0) / 16.0;
        }
    });
    let mut found = Vec::new();
    for (isa, _) in PINNED.into_iter().filter(|(isa, _)| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let exact = net.freeze().to_bytes();
        let squares = net.freeze_with(nn::FreezeOptions { winograd_error: 1.0 }).to_bytes();
        found.push((isa, [&exact, &squares].map(|bytes| checksum(&bytes[HEAD..]))));
    }
    force_isa(None).expect("there is always a best");
    let expected: Vec<_> = PINNED.into_iter().filter(|(isa, _)| isa.is_available()).collect();
    assert_eq!(
        found, expected,
        "weights are packed in another order: unless that is the choice of tiles alone, which a file holds, count VERSION in nn-shape/src/packed.rs up, that older files are refused, and byte 8 of those in nn-ui/tests/ui/frozen; and write these numbers here"
    );
}

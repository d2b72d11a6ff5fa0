//! A small network, as it is and frozen, whose answers are printed to the last bit: on Linux, on bare metal (Cortex-M4F and M7 in QEMU), and, called
//! through `answer`, in WebAssembly. All must print the same; they run on the portable vectors, which every machine has.
#![cfg_attr(target_os = "none", no_std, no_main)]

use core::fmt::Write;
use core::mem::MaybeUninit;

use nn::prelude::*;
use nn::{Freeze, Frozen, Isa, Zeroable, force_isa};

#[cfg(target_os = "none")]
mod board;

network! {
    struct Net: ([1, 12, 12], [3]) -> [4] {
        conv1: Conv2d(1, 5, 3, padding = 1),
        bn: BatchNorm2d(5),
        conv2: Conv2d(5, 18, 3),
        depthwise: Conv2d(18, 18, 3, padding = 1, groups = 18),
        fc1: Linear(288, 20),
        gru: GRUCell(3, 20),
        fc2: Linear(20, 4),
    }
    forward(x, y) {
        let x = max_pool2d(relu(bn(conv1(x))), 2);
        let x = sigmoid(depthwise(conv2(x)));
        fc2(gru(y, tanh(fc1(flatten(x, 1)))))
    }
}

/// Bits of the network's four answers and of its frozen form's.
fn answers() -> [u32; 8] {
    force_isa(Some(Isa::Portable)).expect("every machine has it");
    let mut memory = MaybeUninit::uninit();
    let net = Net::init_in(&mut memory, &mut nn::seed(1));
    let mut input = <Net as Network>::Input::zeroed();
    for (at, pixel) in input.0.as_flattened_mut().iter_mut().flatten().enumerate() {
        *pixel = (at % 7) as f32 / 7.0 - 0.3;
    }
    input.1.0 = [0.5, -1.0, 2.0];
    let (mut plain, mut frozen) = (Tensor1([0.0; 4]), Tensor1([0.0; 4]));
    net.forward(&input, &mut <Net as Network>::Workspace::zeroed(), &mut plain);
    let mut memory = MaybeUninit::<Frozen<Net>>::uninit();
    net.freeze_in(&mut memory).forward(&input, &mut <Net as Freeze>::Arena::zeroed(), &mut frozen);
    core::array::from_fn(|at| if at < 4 { plain[at] } else { frozen[at - 4] }.to_bits())
}

/// One line: `answers 3f800000 ...`.
fn print(to: &mut impl Write) -> core::fmt::Result {
    write!(to, "answers")?;
    answers().into_iter().try_for_each(|bits| write!(to, " {bits:08x}"))?;
    writeln!(to)
}

/// One of the answers, for WebAssembly.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
pub extern "C" fn answer(at: usize) -> u32 {
    answers()[at]
}

#[cfg(not(target_os = "none"))]
fn main() {
    let mut line = String::new();
    print(&mut line).expect("a string takes every line");
    std::print!("{line}");
}

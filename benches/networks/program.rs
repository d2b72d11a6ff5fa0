//! What a network's steps run on, and the steps in words.

use nn::prelude::*;
use nn::{Isa, Rng, Sample, Zeroable};
use nn_core::frozen::Work;
use nn_core::kernels::Kernels;

/// The bound of errors of convolutions in squares.
pub(crate) const BOUND: f64 = 1e-4;

/// A network, and numbers from 0 to 1 to run it on.
pub(crate) fn random<N: Network<Element = f32>>() -> (Box<N>, Box<N::Input>) {
    let mut random = nn::seed(1);
    let network = N::init(&mut random);
    let mut input: Box<N::Input> = Box::new(Zeroable::zeroed());
    input.part_mut(0).iter_mut().for_each(|value| *value = random.next_u32() as f32 / u32::MAX as f32);
    (network, input)
}

/// A network's packed weights, from a cache line on.
pub(crate) struct Packed {
    memory: Vec<f32>,
    first: usize,
    len: usize,
}

impl Packed {
    pub(crate) fn new<N: Freeze<Element = f32>>(network: &N, isa: Isa, squares: bool) -> Self {
        let len = N::PROGRAM.iter().map(|step| step.packed[1] + step.work.packed_squares()).max().unwrap_or_default();
        let mut memory = vec![0.0; len + 16];
        let first = memory.as_ptr().align_offset(64);
        let packed = &mut memory[first..first + len];
        let bound = squares.then_some(BOUND);
        network.with_sources(&mut |sources| f32::frozen_pack(isa, N::PROGRAM, sources, bound, packed));
        Packed { memory, first, len }
    }

    pub(crate) fn numbers(&self) -> &[f32] {
        &self.memory[self.first..][..self.len]
    }
}

/// A step in words, its multiply-adds and its weights.
pub(crate) fn describe(work: &Work) -> (String, usize, usize) {
    match work {
        Work::Conv { geometry: g, .. } | Work::Squares { geometry: g, .. } | Work::Planes(g) => {
            let [_, h, w] = &g.axes;
            let (kernel, stride) = (format!("{}x{}", h.kernel, w.kernel), w.stride);
            let (from, to, groups) = (g.in_channels, g.out_channels, g.groups);
            let weights = to * (from / groups) * g.axes.iter().map(|axis| axis.kernel).product::<usize>();
            (format!("{from}->{to} k{kernel} s{stride} g{groups} @{}x{}", h.input, w.input), g.macs(), weights)
        }
        Work::Linear { rows, inputs, outputs } => {
            (format!("{rows} rows {inputs}->{outputs}"), rows * inputs * outputs, inputs * outputs)
        }
        Work::Joined { lines, sizes: [first, second], outputs } => {
            let inputs = lines * (first + second);
            (format!("1 rows {inputs}->{outputs}, of two values"), inputs * outputs, inputs * outputs)
        }
        Work::Recurrent { .. } => ("recurrent".into(), 0, 0),
        other => {
            let name = format!("{other:?}");
            (name.split([' ', '(']).next().unwrap_or_default().to_string() + &format!(" {:?}", other.lens()), 0, 0)
        }
    }
}

//! Each step of a network's inference form by itself.

use std::fmt;

use nn::prelude::*;
use nn::{Frozen, Sample, Zeroable};
use nn_core::frozen::{Memory, Numbers, Program, Step, Work};
use nn_core::kernels::Kernels;

use crate::program::{Packed, describe, random};
use crate::{peak, time};

/// What a step takes.
pub(crate) struct Measured {
    what: String,
    /// Seconds alone, again and again: the best and the median; and the best in its place, behind the step before it, whose memory is
    /// warm while its own may not be. `None` of a layer that has no fused form.
    seconds: Option<[f64; 3]>,
    /// Multiplications and additions.
    pub(crate) flops: f64,
    /// Of weights, operands and result, each counted once.
    pub(crate) bytes: f64,
    /// The processor's peak, measured right behind.
    peak: f64,
    /// The part that the step reaches of the peak at its own clock, if it multiplies.
    share: Option<f64>,
}

impl Measured {
    /// GFLOP/s alone.
    pub(crate) fn rate(&self) -> Option<f64> {
        self.seconds.map(|[best, ..]| self.flops / best / 1e9)
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(seconds) = self.seconds else { return f.write_str(&self.what) };
        let rate = self.rate().unwrap_or_default();
        let [best, median, in_place] = seconds.map(|seconds| seconds * 1e6);
        let percent = 100.0 * rate / self.peak;
        write!(f, "{:44} {best:>10.3} {median:>10.3} {in_place:>10.3} {rate:>7.1} {percent:>6.1}", self.what)?;
        if let Some(share) = self.share { write!(f, " {:>6.1}", 100.0 * share) } else { Ok(()) }
    }
}

/// What each step of a network's inference form takes.
pub(crate) fn measure<N: Freeze<Element = f32>>(squares: bool) -> Vec<Measured> {
    let (network, input) = random::<N>();
    let isa = nn::Isa::current();
    let weights = Packed::new(&*network, isa, squares);
    let mut arena = Frozen::<N>::workspace();
    let mut output: Box<N::Output> = Box::new(Zeroable::zeroed());
    let packed = weights.numbers();
    let parts: [&[f32]; 8] = std::array::from_fn(|part| input.part(part));
    let mut run = |steps: &[Step]| {
        let memory =
            Memory { packed, squares, arena: arena.as_mut_slice(), inputs: &parts, outputs: &mut output.parts_mut() };
        f32::frozen_run(isa, Program::new(steps, N::LAYER_STEPS), memory);
    };
    let fused = |step: &Step| !matches!(step.work, Work::Layer(_));
    let mut in_place = vec![f64::INFINITY; N::PROGRAM.len()];
    for _ in 0..10 {
        for (step, best) in N::PROGRAM.iter().zip(&mut in_place).filter(|(step, _)| fused(step)) {
            let begin = peak::now();
            run(std::slice::from_ref(step));
            *best = best.min(peak::now() - begin);
        }
    }
    let mut measured = Vec::new();
    for (step, in_place) in N::PROGRAM.iter().zip(in_place) {
        if let Work::Layer(layer) = step.work {
            let what = format!("layer as it is, operation {}", N::LAYER_STEPS[layer].operation);
            measured.push(Measured { what, seconds: None, flops: 0.0, bytes: 0.0, peak: 0.0, share: None });
            continue;
        }
        let (what, macs, weights) = describe(&step.work);
        run(std::slice::from_ref(step));
        let [best, median] = time(|| run(std::slice::from_ref(step)));
        let flops = 2.0 * macs as f64;
        let share = (macs > 0).then(|| peak::share(flops, || run(std::slice::from_ref(step))));
        let [first, _, result] = step.work.lens();
        measured.push(Measured {
            what,
            seconds: Some([best, median, in_place]),
            flops,
            bytes: 4.0 * (weights + first + result) as f64,
            peak: peak::peak(),
            share,
        });
    }
    measured
}

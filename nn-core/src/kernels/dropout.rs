//! Dropout: a bit for each unit, and the product with it.

use nn_shape::Dropout;
use rand_core::Rng;

use crate::simd::on_every_isa;
use crate::{Float, Random};

/// Bits in a word.
const BITS: usize = 32;

/// Draws which units stay: one bit for each, set with probability `1 - p`. The words of a sample begin on a word of their own.
pub(super) fn draw(config: &Dropout, batch: usize, words: &mut [u32], random: &mut Random) {
    // The probability of a zero in units of 2⁻³².
    let zeros = (config.p * 4_294_967_296.0) as u64;
    let per_sample = config.units.div_ceil(BITS);
    if zeros == 0 {
        return words[..batch * per_sample].fill(u32::MAX);
    }
    for sample in words[..batch * per_sample].chunks_exact_mut(per_sample.max(1)) {
        for word in sample {
            *word = 0;
            for pair in 0..BITS / 2 {
                let draw = random.next_u64();
                let (low, high) = (draw & 0xFFFF_FFFF, draw >> 32);
                *word |= u32::from(low >= zeros) << (2 * pair) | u32::from(high >= zeros) << (2 * pair + 1);
            }
        }
    }
}

/// -alpha · scale of SELU, with PyTorch's digits: what AlphaDropout drops becomes this.
const SELU_FLOOR: f64 = -1.758_099_340_847_376_6;

/// What is done with a unit: `output = input * factor + shift`.
#[derive(Clone, Copy)]
struct Fate<E> {
    factor: E,
    shift: E,
}

impl<E: Float> Fate<E> {
    /// What is done with units that are dropped, and with those that stay.
    fn both(config: &Dropout) -> [Fate<E>; 2] {
        let fate = |factor: f64, shift: f64| Fate { factor: E::from_f64(factor), shift: E::from_f64(shift) };
        if config.p >= 1.0 {
            return [fate(0.0, 0.0); 2];
        }
        if !config.alpha {
            return [fate(0.0, 0.0), fate(1.0 / (1.0 - config.p), 0.0)];
        }
        // Mean 0 and variance 1 stay so: `a` and `-a p floor` undo what the floor does to both.
        let a = 1.0 / libm::sqrt((SELU_FLOOR * SELU_FLOOR * config.p + 1.0) * (1.0 - config.p));
        let shift = -a * config.p * SELU_FLOOR;
        [fate(0.0, a * SELU_FLOOR + shift), fate(a, shift)]
    }
}

/// `output = input / (1 - p)` where the unit stays, and `input * 0` where it does not; for AlphaDropout `a x + b`, where `x` is the input or
/// the floor of SELU.
pub(super) fn forward<E: Float>(config: &Dropout, batch: usize, words: &[u32], input: &[E], output: &mut [E]) {
    if config.unit == 1 {
        return numbers(config, batch, words, input, output);
    }
    each(config, batch, words, |place, fate| {
        let input = &input[place..][..config.unit];
        for (output, input) in output[place..][..config.unit].iter_mut().zip(input) {
            *output = *input * fate.factor + fate.shift;
        }
    });
}

/// The gradient times what the unit was multiplied by: overwritten or added to.
pub(super) fn backward<E: Float>(
    config: &Dropout,
    batch: usize,
    words: &[u32],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    if config.unit == 1 {
        return slopes(config, batch, words, output_gradient, input_gradient, accumulate);
    }
    each(config, batch, words, |place, Fate { factor, .. }: Fate<E>| {
        let from = &output_gradient[place..][..config.unit];
        for (to, from) in input_gradient[place..][..config.unit].iter_mut().zip(from) {
            *to = if accumulate { *to + *from * factor } else { *from * factor };
        }
    });
}

on_every_isa! {
    /// [`forward`] where each number is a unit.
    fn numbers<E: Float>(config: &Dropout, batch: usize, words: &[u32], input: &[E], output: &mut [E]) = numbers_body;
}

on_every_isa! {
    /// [`backward`] where each number is a unit.
    fn slopes<E: Float>(config: &Dropout, batch: usize, words: &[u32], input: &[E], output: &mut [E], accumulate: bool) = slopes_body;
}

/// A word's numbers at once: whole words have loops of a constant length.
macro_rules! each_number {
    ($config:ident, $batch:ident, $words:ident, $from:ident, $to:ident, |$x:ident, $before:ident, $fate:ident| $result:expr) => {{
        let [dropped, kept] = Fate::both($config);
        let per_sample = $config.units.div_ceil(BITS);
        let len = $config.units.max(1);
        let samples =
            $from.chunks_exact(len).zip($to.chunks_exact_mut(len)).zip($words.chunks_exact(per_sample.max(1)));
        for ((from, to), words) in samples.take($batch) {
            let ((whole, from), (whole_to, to)) = (from.as_chunks::<BITS>(), to.as_chunks_mut::<BITS>());
            macro_rules! word {
                ($word:expr, $of:expr, $into:expr) => {
                    for (place, (from, to)) in $of.iter().zip($into).enumerate() {
                        let ($x, $before) = (*from, *to);
                        let $fate = if $word >> place & 1 != 0 { kept } else { dropped };
                        *to = $result;
                    }
                };
            }
            for ((word, from), to) in words.iter().zip(whole).zip(whole_to) {
                word!(word, from, to);
            }
            if let Some(word) = words.get(whole.len()) {
                word!(word, from, to);
            }
        }
    }};
}

#[inline(always)]
fn numbers_body<E: Float>(config: &Dropout, batch: usize, words: &[u32], input: &[E], output: &mut [E]) {
    each_number!(config, batch, words, input, output, |x, _before, fate| x * fate.factor + fate.shift)
}

#[inline(always)]
fn slopes_body<E: Float>(
    config: &Dropout,
    batch: usize,
    words: &[u32],
    input: &[E],
    output: &mut [E],
    accumulate: bool,
) {
    if accumulate {
        each_number!(config, batch, words, input, output, |x, before, fate| before + x * fate.factor)
    } else {
        each_number!(config, batch, words, input, output, |x, _before, fate| x * fate.factor)
    }
}

/// Calls `visit` with the place of each unit and what is done with it.
fn each<E: Float>(config: &Dropout, batch: usize, words: &[u32], mut visit: impl FnMut(usize, Fate<E>)) {
    let fates = Fate::both(config);
    let per_sample = config.units.div_ceil(BITS);
    for sample in 0..batch {
        let words = &words[sample * per_sample..][..per_sample];
        for unit in 0..config.units {
            let stays = words[unit / BITS] >> (unit % BITS) & 1;
            visit((sample * config.units + unit) * config.unit, fates[stays as usize]);
        }
    }
}

//! Dropout: a bit for each unit, and the product with it.

use nn_shape::Dropout;
use rand_core::Rng;

use crate::{Float, Random};

/// Bits in a word.
const BITS: usize = 32;

/// Draws which units stay: one bit for each, set with probability `1 - p`. The words of a sample begin on a word of their own.
pub(super) fn draw(config: &Dropout, batch: usize, words: &mut [u32], random: &mut Random) {
    // The probability of a zero in units of 2⁻³².
    let zeros = (config.p * 4_294_967_296.0) as u64;
    let per_sample = config.units.div_ceil(BITS);
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

/// `output = input / (1 - p)` where the unit stays, and `input * 0` where it does not: overwritten or added to.
pub(super) fn apply<E: Float>(
    config: &Dropout,
    batch: usize,
    words: &[u32],
    input: &[E],
    output: &mut [E],
    accumulate: bool,
) {
    let scale = if config.p < 1.0 { E::from_f64(1.0 / (1.0 - config.p)) } else { E::ZERO };
    let per_sample = config.units.div_ceil(BITS);
    for sample in 0..batch {
        let words = &words[sample * per_sample..][..per_sample];
        for unit in 0..config.units {
            let stays = words[unit / BITS] >> (unit % BITS) & 1 == 1;
            let factor = if stays { scale } else { E::ZERO };
            let place = (sample * config.units + unit) * config.unit;
            let input = &input[place..][..config.unit];
            for (output, input) in output[place..][..config.unit].iter_mut().zip(input) {
                *output = if accumulate { *output + *input * factor } else { *input * factor };
            }
        }
    }
}

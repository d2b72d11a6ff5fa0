//! One direction of a recurrent layer over one sample, for evaluation: step by step, with nothing kept.
//!
//! A step costs the same alone and in a sequence, and gives the same bits: weights are read as they lie, row by row.

use nn_shape::{Cell, Sequence};

use super::RecurrentWeights;
use super::dot::{Product, product};
use super::recurrent_gates::{Passage, advance, scale};
use crate::Float;
use crate::simd::{Lanes, Vector, with_current_vectors};

/// Runs a direction over one sample. The room is a step's gates and the hidden numbers' part of them, and what is projected.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn evaluate<E: Lanes>(
    sequence: &Sequence,
    weights: &RecurrentWeights<'_, E>,
    passage: Passage<'_, E>,
    room: [&mut [E]; 3],
) {
    let (rows, most) = (sequence.rows(), nn_shape::tile::MAX_LANES);
    passage.check(sequence);
    assert!(weights.input.len() == rows * sequence.input, "weights for the input");
    assert!(weights.hidden.len() == rows * sequence.output, "weights for the hidden numbers");
    assert!(weights.biases.is_none_or(|both| both.iter().all(|bias| bias.len() == rows)), "biases");
    let projected = weights.projection.map_or(0, |weight| weight.len());
    assert!(projected == sequence.raw() * sequence.output, "weights of the projection");
    // The last vector of a gate may reach beyond the gates.
    assert!(room[..2].iter().all(|gates| gates.len() >= rows + most), "room for the gates of a step");
    assert!(room[2].len() >= sequence.raw(), "room for what is projected");
    // SAFETY: the sizes fit, as asserted.
    unsafe { run::<E>(sequence, weights, passage, room) }
}

with_current_vectors! {
    /// # Safety
    /// The sizes fit.
    unsafe fn run<E: Lanes>(
        sequence: &Sequence, weights: &RecurrentWeights<'_, E>, passage: Passage<'_, E>, room: [&mut [E]; 3],
    ) = body;
}

/// # Safety
/// The machine has the vector's instruction set, and the sizes fit.
#[inline(always)]
unsafe fn body<V: Vector>(
    sequence: &Sequence,
    weights: &RecurrentWeights<'_, V::Element>,
    passage: Passage<'_, V::Element>,
    room: [&mut [V::Element]; 3],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        if sequence.is_narrow() && V::Narrow::LANES < V::LANES {
            steps::<V::Narrow>(sequence, weights, passage, room)
        } else {
            steps::<V>(sequence, weights, passage, room)
        }
    }
}

/// # Safety
/// As for [`body`].
#[inline(always)]
unsafe fn steps<V: Vector>(
    sequence: &Sequence,
    weights: &RecurrentWeights<'_, V::Element>,
    mut passage: Passage<'_, V::Element>,
    room: [&mut [V::Element]; 3],
) {
    let (rows, hidden) = (sequence.rows(), sequence.hidden);
    let biases = weights.biases.map_or([core::ptr::null(); 2], |both| both.map(<[_]>::as_ptr));
    let is_gru = sequence.cell == Cell::Gru;
    let [gates, own, raw] = room;
    let len = gates.len();
    // SAFETY: `check` and the assertions in front say that all of these places exist; the instruction set is the caller's to vouch for.
    unsafe {
        let places = passage.places(sequence);
        for step in 0..sequence.steps {
            let (time, mut states) = places.states(step);
            product::<V>(&Product {
                weight: weights.input.as_ptr(),
                rows,
                len: sequence.input,
                vector: passage.input.as_ptr().add(time * sequence.input),
                bias: biases[0],
                adds: false,
                to: gates.as_mut_ptr(),
                room: len,
            });
            product::<V>(&Product {
                weight: weights.hidden.as_ptr(),
                rows,
                // Zeros in front of the first step.
                len: if states.h.is_null() { 0 } else { sequence.output },
                vector: states.h,
                bias: biases[1],
                adds: !is_gru,
                to: if is_gru { own.as_mut_ptr() } else { gates.as_mut_ptr() },
                room: own.len().min(len),
            });
            let output = states.next_h;
            let last = states.last_h;
            if sequence.projects {
                (states.next_h, states.last_h) = (raw.as_mut_ptr(), core::ptr::null_mut());
            }
            let mut at = 0;
            while at < hidden {
                // Constant places keep the sums in registers.
                let mut sums = [V::load(gates.as_ptr().add(at)); 4];
                macro_rules! load {
                    ($($gate:literal)*) => {$(
                        if $gate < sequence.cell.gates() {
                            sums[$gate] = V::load(gates.as_ptr().add($gate * hidden + at));
                        }
                    )*};
                }
                load!(1 2 3);
                if is_gru {
                    sums[0] = sums[0].add(V::load(own.as_ptr().add(at)));
                    sums[1] = sums[1].add(V::load(own.as_ptr().add(hidden + at)));
                    sums[3] = V::load(own.as_ptr().add(2 * hidden + at));
                }
                for sum in 0..4 {
                    sums[sum] = sums[sum].mul(V::splat(V::Element::from_f64(scale::<V>(sequence.cell, sum))));
                }
                advance(sequence.cell, sums, &states, at, (hidden - at).min(V::LANES));
                at += V::LANES;
            }
            if let Some(projection) = weights.projection {
                product::<V>(&Product {
                    weight: projection.as_ptr(),
                    rows: sequence.output,
                    len: hidden,
                    vector: raw.as_ptr(),
                    bias: core::ptr::null(),
                    adds: false,
                    to: output,
                    room: sequence.output,
                });
                if !last.is_null() {
                    core::ptr::copy_nonoverlapping(output, last, sequence.output);
                }
            }
        }
    }
}

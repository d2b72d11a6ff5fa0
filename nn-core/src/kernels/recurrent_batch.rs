//! The gates of one step of a recurrent layer for a whole batch, in training: forward, and backwards through time.

use nn_shape::{Cell, Sequence};

use crate::Float;
use crate::simd::{Lanes, Vector, with_current_vectors};

/// The gates of one step of the whole batch.
pub(super) struct Gates<'a, E> {
    pub(super) sequence: &'a Sequence,
    pub(super) batch: usize,
    pub(super) time: usize,
    /// Those of every step: the inputs' part of the sums, then the gates, then their gradients.
    pub(super) gates: &'a mut [E],
    /// The hidden numbers' part of the sums of this step, or its gradient.
    pub(super) own: &'a mut [E],
    /// See [`Record::extra`](super::Record::extra).
    pub(super) extra: &'a mut [E],
    /// The state h behind the step, or its gradient.
    pub(super) h: &'a mut [E],
    /// The same of c.
    pub(super) c: &'a mut [E],
}

impl<E: Lanes> Gates<'_, E> {
    /// # Panics
    /// If a slice does not fit.
    fn check(&self) {
        let Gates { sequence, batch, .. } = *self;
        let (all, n, rows) = (batch * sequence.steps, sequence.hidden, sequence.rows());
        let holds_c = sequence.cell == Cell::Lstm;
        assert!(self.time < sequence.steps, "a step of the sequence");
        assert!(self.gates.len() >= all * rows && self.own.len() >= batch * rows, "the gates of a recurrent layer");
        assert!(self.extra.len() >= all * sequence.extra(), "what is kept of a recurrent layer");
        assert!(self.h.len() >= batch * n && (!holds_c || self.c.len() >= batch * n), "its states");
    }

    /// From the inputs' part of the sums, which the gates hold, to the gates and states.
    pub(super) fn advance(mut self) {
        self.check();
        // SAFETY: the sizes fit, as asserted.
        unsafe { advance(&mut self) }
    }

    /// Back again. `h` holds the gradient of the step's hidden numbers, and for a GRU, in the end, the part that goes to the step before as it is; `before` are
    /// the states in front of the step. The gates get the gradients of the inputs' part of the sums, `own` those of the hidden numbers' part.
    pub(super) fn retreat(mut self, before: [&[E]; 2]) {
        self.check();
        let read = match self.sequence.cell {
            Cell::Rnn { .. } => &[],
            Cell::Lstm => before[1],
            Cell::Gru => before[0],
        };
        let reads = !matches!(self.sequence.cell, Cell::Rnn { .. });
        assert!(!reads || read.len() >= self.batch * self.sequence.hidden, "the states in front of a step");
        // SAFETY: the sizes fit, as asserted.
        unsafe { retreat(&mut self, read) }
    }
}

with_current_vectors! {
    /// # Safety
    /// The sizes fit: [`Gates::advance`].
    unsafe fn advance<E: Lanes>(step: &mut Gates<'_, E>) = advance_body;
}

with_current_vectors! {
    /// # Safety
    /// The sizes fit: [`Gates::retreat`].
    unsafe fn retreat<E: Lanes>(step: &mut Gates<'_, E>, before: &[E]) = retreat_body;
}

/// A vector, or the first of its numbers.
///
/// # Safety
/// The machine has the vector's instruction set, and so many numbers can be read.
#[inline(always)]
unsafe fn some<V: Vector>(from: *const V::Element, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe { if count == V::LANES { V::load(from) } else { V::load_part(from, count) } }
}

/// # Safety
/// The machine has the vector's instruction set, and so many numbers can be written.
#[inline(always)]
unsafe fn put_some<V: Vector>(vector: V, to: *mut V::Element, count: usize) {
    // SAFETY: passed on to the caller.
    unsafe { if count == V::LANES { vector.store(to) } else { vector.store_part(to, count) } }
}

/// # Safety
/// As for [`advance`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn advance_body<V: Vector>(step: &mut Gates<'_, V::Element>) {
    let Gates { sequence, batch, time, .. } = *step;
    let (n, rows, kept) = (sequence.hidden, sequence.rows(), sequence.extra());
    // SAFETY: each sample's gates, states and what is kept of them lie in their slices, as asserted; no more than `count` numbers behind `at` are read or
    // written. The instruction set is the caller's to vouch for.
    unsafe {
        let [for_sigmoid, for_tanh] = V::SCALES.map(|scale| V::splat(V::Element::from_f64(scale)));
        for sample in 0..batch {
            let place = sample * sequence.steps + time;
            for at in (0..n).step_by(V::LANES) {
                let count = (n - at).min(V::LANES);
                let gates = step.gates.as_mut_ptr().add(place * rows + at);
                let own = step.own.as_ptr().add(sample * rows + at);
                let h = step.h.as_mut_ptr().add(sample * n + at);
                let kept = step.extra.as_mut_ptr().wrapping_add(place * kept + at);
                macro_rules! sum {
                    ($gate:literal) => {
                        some::<V>(gates.add($gate * n), count).add(some(own.add($gate * n), count))
                    };
                }
                match sequence.cell {
                    Cell::Rnn { relu } => {
                        let sum = sum!(0);
                        let gate =
                            if relu { sum.maximum(V::splat(V::Element::ZERO)) } else { sum.mul(for_tanh).tanh() };
                        put_some(gate, gates, count);
                        put_some(gate, h, count);
                    }
                    Cell::Lstm => {
                        let c = step.c.as_mut_ptr().add(sample * n + at);
                        let input = sum!(0).mul(for_sigmoid).sigmoid();
                        let forget = sum!(1).mul(for_sigmoid).sigmoid();
                        let new = sum!(2).mul(for_tanh).tanh();
                        let out = sum!(3).mul(for_sigmoid).sigmoid();
                        let next = forget.mul(some(c, count)).add_product(input, new);
                        put_some(input, gates, count);
                        put_some(forget, gates.add(n), count);
                        put_some(new, gates.add(2 * n), count);
                        put_some(out, gates.add(3 * n), count);
                        put_some(next, c, count);
                        put_some(next, kept, count);
                        put_some(out.mul(next.mul(for_tanh).tanh()), h, count);
                    }
                    Cell::Gru => {
                        let reset = sum!(0).mul(for_sigmoid).sigmoid();
                        let update = sum!(1).mul(for_sigmoid).sigmoid();
                        let hidden = some::<V>(own.add(2 * n), count);
                        let new = some::<V>(gates.add(2 * n), count).add_product(reset, hidden).mul(for_tanh).tanh();
                        // (1 - z) n + z h
                        let step = some::<V>(h, count).add_product(new, V::splat(-V::Element::ONE));
                        put_some(hidden, kept, count);
                        put_some(reset, gates, count);
                        put_some(update, gates.add(n), count);
                        put_some(new, gates.add(2 * n), count);
                        put_some(new.add_product(update, step), h, count);
                    }
                }
            }
        }
    }
}

/// # Safety
/// As for [`retreat`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn retreat_body<V: Vector>(step: &mut Gates<'_, V::Element>, before: &[V::Element]) {
    let Gates { sequence, batch, time, .. } = *step;
    let (n, rows, kept) = (sequence.hidden, sequence.rows(), sequence.extra());
    // SAFETY: each sample's gates, states and what is kept of them lie in their slices, as asserted; no more than `count` numbers behind `at` are read or
    // written. The instruction set is the caller's to vouch for.
    unsafe {
        let for_tanh = V::splat(V::Element::from_f64(V::SCALES[1]));
        let (one, minus) = (V::splat(V::Element::ONE), V::splat(-V::Element::ONE));
        // `1 - x`, and `1 - x²`.
        macro_rules! without {
            ($x:expr) => {
                one.add_product($x, minus)
            };
            ($x:expr, squared) => {
                one.add_product($x.mul(minus), $x)
            };
        }
        for sample in 0..batch {
            let place = sample * sequence.steps + time;
            for at in (0..n).step_by(V::LANES) {
                let count = (n - at).min(V::LANES);
                let gates = step.gates.as_mut_ptr().add(place * rows + at);
                let own = step.own.as_mut_ptr().add(sample * rows + at);
                let to_h = step.h.as_mut_ptr().add(sample * n + at);
                let kept = step.extra.as_ptr().wrapping_add(place * kept + at);
                let h = some::<V>(to_h, count);
                macro_rules! gate {
                    ($gate:literal) => {
                        some::<V>(gates.add($gate * n), count)
                    };
                }
                macro_rules! put {
                    ($gate:literal, $gradient:expr) => {
                        put!($gate, $gradient, $gradient)
                    };
                    ($gate:literal, $gradient:expr, $own:expr) => {
                        put_some($gradient, gates.add($gate * n), count);
                        put_some($own, own.add($gate * n), count);
                    };
                }
                match sequence.cell {
                    Cell::Rnn { relu: false } => {
                        let gradient = h.mul(without!(gate!(0), squared));
                        put!(0, gradient);
                    }
                    Cell::Rnn { relu: true } => {
                        for i in 0..count {
                            let is_off = *gates.add(i) <= V::Element::ZERO;
                            *gates.add(i) = if is_off { V::Element::ZERO } else { *to_h.add(i) };
                            *own.add(i) = *gates.add(i);
                        }
                    }
                    Cell::Lstm => {
                        let to_c = step.c.as_mut_ptr().add(sample * n + at);
                        let (input, forget, new, out) = (gate!(0), gate!(1), gate!(2), gate!(3));
                        let bent = some::<V>(kept, count).mul(for_tanh).tanh();
                        let c = some::<V>(to_c, count).add_product(h.mul(out), without!(bent, squared));
                        let before = some::<V>(before.as_ptr().add(sample * n + at), count);
                        let to_input = c.mul(new).mul(input).mul(without!(input));
                        let to_forget = c.mul(before).mul(forget).mul(without!(forget));
                        let to_new = c.mul(input).mul(without!(new, squared));
                        let to_out = h.mul(bent).mul(out).mul(without!(out));
                        put!(0, to_input);
                        put!(1, to_forget);
                        put!(2, to_new);
                        put!(3, to_out);
                        put_some(c.mul(forget), to_c, count);
                    }
                    Cell::Gru => {
                        let (reset, update, new) = (gate!(0), gate!(1), gate!(2));
                        let (hidden, before) =
                            (some::<V>(kept, count), some::<V>(before.as_ptr().add(sample * n + at), count));
                        let inner = h.mul(without!(update)).mul(without!(new, squared));
                        let to_reset = inner.mul(hidden).mul(reset).mul(without!(reset));
                        let change = before.add_product(new, minus);
                        let to_update = h.mul(change).mul(update).mul(without!(update));
                        put!(0, to_reset);
                        put!(1, to_update);
                        put!(2, inner, inner.mul(reset));
                        put_some(h.mul(update), to_h, count);
                    }
                }
            }
        }
    }
}

//! From the sums of a step's gates to the next state, and how states go through the directions of all layers: what all evaluations share.

use nn_shape::{Cell, Recurrence, Sequence};

use crate::Float;
use crate::simd::Vector;

/// What a direction reads and writes of one sample.
pub struct Passage<'a, E> {
    /// `[steps, input]`
    pub input: &'a [E],
    /// h and c in front of the first step; empty for zeros.
    pub before: [&'a [E]; 2],
    /// `[steps, width]`, of which it writes its own part.
    pub output: &'a mut [E],
    /// h behind the last step once more; empty if nobody asks for it.
    pub h: &'a mut [E],
    /// c behind the last step; of an LSTM alone.
    pub c: &'a mut [E],
}

/// Where the states of a step lie, or null for zeros, and where the next ones go.
#[derive(Clone, Copy)]
pub(crate) struct States<E> {
    pub(crate) h: *const E,
    pub(crate) c: *const E,
    pub(crate) next_h: *mut E,
    pub(crate) next_c: *mut E,
    /// Where the next h goes as well, or null.
    pub(crate) last_h: *mut E,
}

impl<E: Float> Passage<'_, E> {
    /// # Panics
    /// If a slice does not fit the sequence.
    #[inline(always)]
    pub(crate) fn check(&self, sequence: &Sequence) {
        let fits = |state: &[E], len: usize| state.is_empty() || state.len() == len;
        assert!(self.input.len() == sequence.steps * sequence.input, "the input of a recurrent layer");
        assert!(self.output.len() == sequence.steps * sequence.width, "the output of a recurrent layer");
        assert!(sequence.first + sequence.output <= sequence.width, "both directions lie side by side");
        assert!(sequence.projects || sequence.output == sequence.hidden, "without a projection, hidden numbers go out");
        assert!(fits(self.before[0], sequence.output) && fits(self.before[1], sequence.hidden), "states in front");
        assert!(fits(self.h, sequence.output), "the state h behind");
        assert!(sequence.cell != Cell::Lstm || self.c.len() == sequence.hidden, "the state c behind");
    }

    /// The states of a step, the first step being 0, and its place in time.
    ///
    /// # Safety
    /// The slices fit the sequence: [`Passage::check`].
    #[inline(always)]
    pub(crate) unsafe fn states(&mut self, sequence: &Sequence, step: usize) -> (usize, States<E>) {
        let at = |step: usize| if sequence.reverse { sequence.steps - 1 - step } else { step };
        let given = |state: &[E]| if state.is_empty() { core::ptr::null() } else { state.as_ptr() };
        let c = self.c.as_mut_ptr();
        // SAFETY: each step's part of the output, from `first` on, lies in it.
        unsafe {
            let own = self.output.as_mut_ptr().add(sequence.first);
            let next_h = own.add(at(step) * sequence.width);
            let (h, c) = match step.checked_sub(1) {
                None => (given(self.before[0]), given(self.before[1])),
                Some(before) => (own.add(at(before) * sequence.width).cast_const(), c.cast_const()),
            };
            let asked = step + 1 == sequence.steps && !self.h.is_empty();
            let last_h = if asked { self.h.as_mut_ptr() } else { core::ptr::null_mut() };
            (at(step), States { h, c, next_h, next_c: self.c.as_mut_ptr(), last_h })
        }
    }
}

/// Advances a vector of hidden numbers, from number `at` of `hidden` on. The sums are those of the LSTM's input, forget, cell and output gate; of the
/// GRU's reset and update gate and both parts of its new gate; of the RNN's one gate.
///
/// # Safety
/// The machine has the vector's instruction set; states hold `hidden` numbers, or are null, and there is room for those of the cell.
#[inline(always)]
pub(crate) unsafe fn advance<V: Vector>(
    cell: Cell,
    sums: [V; 4],
    states: &States<V::Element>,
    at: usize,
    hidden: usize,
) {
    let count = hidden - at;
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers are read and written.
    unsafe {
        let h = match cell {
            Cell::Rnn { relu: true } => sums[0].at_least(V::splat(V::Element::ZERO)),
            Cell::Rnn { relu: false } => sums[0].tanh(),
            Cell::Lstm => {
                let [c, h] = V::lstm(sums, take(states.c, at, count));
                put(c, states.next_c, at, count);
                h
            }
            Cell::Gru => V::gru(sums, take(states.h, at, count)),
        };
        put(h, states.next_h, at, count);
        // From the register: a stream's next sample waits for it.
        if !states.last_h.is_null() {
            put(h, states.last_h, at, count);
        }
    }
}

/// # Safety
/// As for [`advance`].
#[inline(always)]
unsafe fn take<V: Vector>(from: *const V::Element, at: usize, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe {
        if from.is_null() {
            V::splat(V::Element::ZERO)
        } else if count >= V::LANES {
            V::load(from.add(at))
        } else {
            V::load_part(from.add(at), count)
        }
    }
}

/// # Safety
/// As for [`advance`].
#[inline(always)]
unsafe fn put<V: Vector>(vector: V, to: *mut V::Element, at: usize, count: usize) {
    // SAFETY: passed on to the caller.
    unsafe { if count >= V::LANES { vector.store(to.add(at)) } else { vector.store_part(to.add(at), count) } }
}

/// What runs a direction.
pub(crate) trait Direction<E> {
    fn run(&mut self, layer: usize, direction: usize, sequence: &Sequence, passage: Passage<'_, E>);
}

/// One sample through all directions of all layers. The inputs are the sequence and the states, if they are given; the outputs the sequence, unless it
/// is a cell, and the states.
#[inline(always)]
pub(crate) fn through<E: Float>(
    recurrence: &Recurrence,
    inputs: &[&[E]],
    outputs: &mut [&mut [E]],
    between: &mut [E],
    each: &mut impl Direction<E>,
) {
    let Sequence { cell, hidden, output: out, steps, width, .. } = recurrence.first;
    let (last, states) = outputs.split_first_mut().expect("a recurrent layer has results");
    let (h, c): (&mut [E], &mut [E]) = match (cell, states) {
        (Cell::Lstm, [c]) => (&mut [], c),
        (Cell::Lstm, [h, c]) => (h, c),
        (_, [h]) => (h, &mut []),
        _ => (&mut [], &mut []),
    };
    let last = &mut **last;
    let (mut below, mut above) = between.split_at_mut(between.len() / 2);
    for layer in 0..recurrence.layers {
        let top = layer + 1 == recurrence.layers;
        for direction in 0..recurrence.directions {
            let place = layer * recurrence.directions + direction;
            let state =
                |index: usize, size: usize| inputs.get(index).map_or(&[][..], |all| &all[place * size..][..size]);
            let sequence = recurrence.sequence(layer, direction);
            let output = if top { &mut *last } else { &mut above[..steps * width] };
            let passage = Passage {
                input: if layer == 0 { inputs[0] } else { &below[..steps * width] },
                before: [state(1, out), state(2, hidden)],
                output,
                h: if h.is_empty() { &mut [] } else { &mut h[place * out..][..out] },
                c: if c.is_empty() { &mut [] } else { &mut c[place * hidden..][..hidden] },
            };
            each.run(layer, direction, &sequence, passage);
        }
        core::mem::swap(&mut below, &mut above);
    }
}

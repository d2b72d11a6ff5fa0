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

    /// Where the states of all steps lie.
    ///
    /// # Safety
    /// The slices fit the sequence: [`Passage::check`].
    #[inline(always)]
    pub(crate) unsafe fn places(&mut self, sequence: &Sequence) -> Places<E> {
        let given = |state: &[E]| if state.is_empty() { core::ptr::null() } else { state.as_ptr() };
        Places {
            before: self.before.map(given),
            // SAFETY: each step's part of the output, from `first` on, lies in it.
            own: unsafe { self.output.as_mut_ptr().add(sequence.first) },
            c: self.c.as_mut_ptr(),
            h: if self.h.is_empty() { core::ptr::null_mut() } else { self.h.as_mut_ptr() },
            width: sequence.width,
            steps: sequence.steps,
            reverse: sequence.reverse,
        }
    }
}

/// Where the states of all steps of a direction lie.
#[derive(Clone, Copy)]
pub(crate) struct Places<E> {
    before: [*const E; 2],
    own: *mut E,
    c: *mut E,
    h: *mut E,
    width: usize,
    steps: usize,
    reverse: bool,
}

impl<E> Places<E> {
    /// The states of a step, the first step being 0, and its place in time.
    ///
    /// # Safety
    /// The step is one of the sequence.
    #[inline(always)]
    pub(crate) unsafe fn states(&self, step: usize) -> (usize, States<E>) {
        let at = |step: usize| if self.reverse { self.steps - 1 - step } else { step };
        // SAFETY: the steps' parts of the output lie in it.
        unsafe {
            let (h, c) = match step.checked_sub(1) {
                None => (self.before[0], self.before[1]),
                Some(before) => (self.own.add(at(before) * self.width).cast_const(), self.c.cast_const()),
            };
            let last_h = if step + 1 == self.steps { self.h } else { core::ptr::null_mut() };
            (at(step), States { h, c, next_h: self.own.add(at(step) * self.width), next_c: self.c, last_h })
        }
    }
}

/// What a sum is multiplied by in front of the functions of its gate: [`Vector::SCALES`].
pub(crate) const fn scale<V: Vector>(cell: Cell, sum: usize) -> f64 {
    match (cell, sum) {
        (Cell::Rnn { relu: true }, _) => 1.0,
        (Cell::Rnn { relu: false }, _) | (Cell::Lstm, 2) | (Cell::Gru, 2..) => V::SCALES[1],
        _ => V::SCALES[0],
    }
}

/// Advances a vector of hidden numbers, of which there are `count`, from number `at` on. The sums are those of the LSTM's input, forget, cell and output gate; of the
/// GRU's reset and update gate and both parts of its new gate; of the RNN's one gate: each times its [`scale`].
///
/// # Safety
/// The machine has the vector's instruction set; states hold those numbers, or are null, and there is room for those of the cell.
#[inline(always)]
pub(crate) unsafe fn advance<V: Vector>(
    cell: Cell,
    sums: [V; 4],
    states: &States<V::Element>,
    at: usize,
    count: usize,
) {
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers are read and written.
    unsafe {
        let h = match cell {
            Cell::Rnn { relu: true } => sums[0].at_least(V::splat(V::Element::ZERO)),
            Cell::Rnn { relu: false } => sums[0].tanh(),
            Cell::Lstm => {
                let [c, h] = V::lstm(sums, take(states.c, at, count));
                c.store_pieces(states.next_c.add(at), count);
                h
            }
            Cell::Gru => V::gru(sums, take(states.h, at, count)),
        };
        put(h, states, at, count);
    }
}

/// The same of the last hidden numbers, whose sums share one or two vectors: in quarters, or in halves.
///
/// # Safety
/// As for [`advance`]; the vector's gates may share registers, and no more than a quarter or a half of the lanes are asked for.
#[inline(always)]
pub(crate) unsafe fn advance_shared<V: Vector, const VECTORS: usize>(
    cell: Cell,
    sums: [V; VECTORS],
    states: &States<V::Element>,
    at: usize,
    count: usize,
) {
    // SAFETY: as for `advance`.
    unsafe {
        let h = if cell == Cell::Lstm {
            let [c, h] = V::lstm_shared(sums, take(states.c, at, count));
            c.store_pieces(states.next_c.add(at), count);
            h
        } else {
            V::gru_shared(sums, take(states.h, at, count))
        };
        put(h, states, at, count);
    }
}

/// # Safety
/// As for [`advance`].
#[inline(always)]
unsafe fn take<V: Vector>(from: *const V::Element, at: usize, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe { if from.is_null() { V::splat(V::Element::ZERO) } else { V::load_pieces(from.add(at), count) } }
}

/// # Safety
/// As for [`advance`].
#[inline(always)]
unsafe fn put<V: Vector>(h: V, states: &States<V::Element>, at: usize, count: usize) {
    // SAFETY: passed on to the caller.
    unsafe {
        h.store_pieces(states.next_h.add(at), count);
        // From the register: a stream's next sample waits for it.
        if !states.last_h.is_null() {
            h.store_pieces(states.last_h.add(at), count);
        }
    }
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

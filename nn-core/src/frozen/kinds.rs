//! What packs and runs the steps of each kind.

use nn_shape::frozen::{Work, is_laid_out, packed_phase, padded_len, slides};
use nn_shape::tile::MAX_LANES;
use nn_shape::{ConvGeometry, Operator, phases};

use super::conv::{self, SIDE};
use super::kind::{Packing, Running, Steps};
use super::linear;
use super::lines::Lines;
use super::norm;
use super::part::{self, Target};
use super::run::Operands;
use super::shift::Shift;
use super::twins::has_twins;
use super::{
    choose, combed, depthwise, dots, layout, pack, planes, pool, recurrent, recurrent_weights, resample, runs, slide,
    squares, stem, transposed,
};
use crate::kernels::Kernels;
use crate::simd::Vector;
use crate::{Element, Float};

/// Tables have the functions of a kind in its place. What the step is, is not said: that would take more code than some kinds.
#[cold]
fn other() -> ! {
    unreachable!("a step of another kind")
}

/// Lays the input of a convolution out with its padding, unless it lies as it must.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn lay_out<V: Vector<Element: Element>>(
    geometry: &ConvGeometry,
    planar: bool,
    running: &mut Running<'_, V::Element>,
) {
    let Running { operands, workers, .. } = running;
    if !is_laid_out(geometry, planar) {
        operands.scratch = &mut [];
        return;
    }
    operands.scratch = core::mem::take(&mut operands.scratch).split_at_mut(padded_len(geometry)).0;
    let parts = part::parts(workers, geometry.macs());
    // SAFETY: passed on to the caller.
    unsafe { layout::pad::<V>(geometry, planar, operands.inputs[0], operands.scratch, workers, parts) };
}

pub(super) struct Tiles;

impl Steps for Tiles {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let lines = match running.step.work {
            Work::Conv { ref geometry, planar } => {
                // SAFETY: passed on to the caller.
                unsafe { lay_out::<V>(geometry, planar, running) };
                Lines::conv(geometry, planar)
            }
            Work::Linear { rows, inputs, outputs } => Lines::linear(rows, inputs, outputs),
            _ => other(),
        };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe { conv::share_out::<V>(&lines, running.operands.take(), bounds, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { step, ref parameters, packed, .. } = packing;
        match step.work {
            Work::Conv { ref geometry, planar } => {
                pack::conv::<V>(geometry, planar, parameters, &mut packed[..step.work.packed()])
            }
            Work::Linear { rows, inputs, outputs } => {
                let row = linear::Row { pieces: [inputs, 0], outputs };
                pack::linear::<V>(rows, row, parameters, packed, &pack::permuted(step))
            }
            _ => other(),
        }
        true
    }
}

pub(super) struct Plain;

impl Steps for Plain {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Conv { ref geometry, planar } = running.step.work else { other() };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe {
            if const { combed::exists::<V>() } && combed::fits(geometry, planar) {
                combed::run::<V>(geometry, running.operands.take(), bounds)
            } else if const { stem::exists::<V>() } && stem::fits::<V>(geometry, planar) {
                stem::run::<V>(geometry, &mut running.operands, bounds, &mut running.workers)
            } else {
                Tiles::run::<V>(running)
            }
        }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { step, ref parameters, .. } = packing;
        let Work::Conv { ref geometry, planar } = step.work else { other() };
        let steps = geometry.in_channels * geometry.window();
        let weight = |output: usize, step: usize| {
            parameters.weight[output * steps + step].to_f64() * parameters.output(output).0
        };
        let bias = |output| parameters.output(output).1;
        if stem::fits::<V>(geometry, planar) {
            stem::pack::<V>(geometry, weight, bias, packing.packed);
        } else if combed::exists::<V>() && combed::fits(geometry, planar) {
            combed::pack(geometry, weight, bias, packing.packed);
        } else {
            return Tiles::pack::<V>(packing);
        }
        true
    }
}

pub(super) struct Dots;

impl Steps for Dots {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Conv { ref geometry, planar } = running.step.work else { other() };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe {
            lay_out::<V>(geometry, planar, running);
            dots::run::<V>(geometry, &mut running.operands, bounds, &mut running.workers)
        }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Work::Conv { ref geometry, .. } = packing.step.work else { other() };
        dots::pack::<V>(geometry, &packing.parameters, packing.packed);
        true
    }
}

pub(super) struct Depthwise;

impl Steps for Depthwise {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Conv { ref geometry, planar } = running.step.work else { other() };
        // SAFETY: passed on to the caller.
        unsafe { lay_out::<V>(geometry, planar, running) };
        let bounds = running.bounds();
        let Running { operands, workers, .. } = running;
        let source = operands.source();
        let (beside, packed, output) = (operands.inputs[1], operands.packed, Target::new(&mut *operands.output));
        let parts = part::parts_of(workers, geometry.output_len());
        // SAFETY: passed on to the caller; no two parts have an output in common.
        part::each_part(workers, parts, |part| unsafe {
            if !slides(geometry) {
                depthwise::run::<V>(geometry, source, beside, packed, bounds, part, output);
            } else if const { V::Narrow::LANES == V::LANES }
                || geometry.in_channels >= V::LANES
                || has_twins::<V>(geometry, planar)
            {
                slide::run::<V>(geometry, planar, source, beside, packed, bounds, part, output);
            } else {
                slide::run::<V::Narrow>(geometry, planar, source, beside, packed, bounds, part, output);
            }
        });
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Work::Conv { ref geometry, .. } = packing.step.work else { other() };
        pack::depthwise(geometry, &packing.parameters, packing.packed);
        true
    }
}

/// Of convolutions that may be done in squares, if errors allow; else another kind does them.
pub(super) struct Squares;

impl Steps for Squares {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let (Work::Conv { ref geometry, .. } | Work::Squares { ref geometry, .. }) = running.step.work else { other() };
        let side = running.operands.packed[SIDE].to_f64() as usize;
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe { squares::run::<V>(geometry, side, &mut running.operands, bounds, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { isa, step, ref parameters, bound, packed } = packing;
        let (geometry, side) = match step.work {
            Work::Squares { ref geometry, side } => (geometry, side),
            Work::Conv { ref geometry, .. } => (geometry, choose::side(isa, step, parameters, bound)),
            _ => other(),
        };
        if side > 0 {
            squares::pack::<V>(geometry, side, parameters, packed);
        }
        side > 0
    }
}

pub(super) struct Planes;

impl Steps for Planes {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Planes(ref geometry) = running.step.work else { other() };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe { planes::run::<V>(geometry, running.operands.take(), bounds, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Work::Planes(ref geometry) = packing.step.work else { other() };
        pack::planes(geometry, &packing.parameters, packing.packed);
        true
    }
}

pub(super) struct Transposed;

impl Steps for Transposed {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Transposed(ref geometry) = running.step.work else { other() };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe { transposed::run::<V>(geometry, running.operands.take(), bounds, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Work::Transposed(ref geometry) = packing.step.work else { other() };
        let mut rest = packing.packed;
        for index in 0..phases::all(geometry) {
            let (own, behind) = rest.split_at_mut(packed_phase(geometry, index));
            pack::phase::<V>(geometry, index, &packing.parameters, own);
            rest = behind;
        }
        true
    }
}

pub(super) struct Row;

impl Steps for Row {
    // Its steps are short: one function is what they feel.
    const APART: bool = false;

    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Some(row) = linear::Row::of(&running.step.work) else { other() };
        let (bounds, Operands { inputs, output, packed, .. }) = (running.bounds(), running.operands.take());
        let layer = linear::Layer { row, inputs, packed, bounds, output: Target::new(output) };
        // SAFETY: passed on to the caller.
        unsafe { linear::share_out::<V>(&layer, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { step, ref parameters, packed, .. } = packing;
        let Some(row) = linear::Row::of(&step.work) else { other() };
        match step.work {
            Work::Joined { sizes: [first, second], .. } => {
                let place = |step: usize| match step.checked_sub(row.pieces[0]) {
                    None => step / first * (first + second) + step % first,
                    Some(step) => step / second * (first + second) + first + step % second,
                };
                pack::linear::<V>(1, row, parameters, packed, &place);
            }
            _ => pack::linear::<V>(1, row, parameters, packed, &pack::permuted(step)),
        }
        true
    }
}

pub(super) type Rnn = Recurrent<1>;
pub(super) type Lstm = Recurrent<4>;
pub(super) type Gru = Recurrent<3>;

/// Of cells with so many gates.
pub(super) struct Recurrent<const GATES: usize>;

impl<const GATES: usize> Steps for Recurrent<GATES> {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Recurrent { ref recurrence, .. } = running.step.work else { other() };
        let Some(layer) = running.layer.take() else { other() };
        // SAFETY: passed on to the caller.
        unsafe { recurrent::run::<V, recurrent::Every<GATES>>(recurrence, layer, running.operands.packed) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Work::Recurrent { ref recurrence, .. } = packing.step.work else { other() };
        recurrent_weights::pack::<V>(recurrence, packing.parameters.all, packing.packed);
        true
    }
}

pub(super) struct Norm;

impl Steps for Norm {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Norm { ref around, value, groups, eps } = running.step.work else { other() };
        let norm = norm::Norm { around, value: V::Element::from_f64(value), groups, eps };
        let bounds = running.bounds();
        // SAFETY: passed on to the caller.
        unsafe { norm::run::<V>(&norm, running.operands.take(), bounds, &mut running.workers) }
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { step, parameters, packed, .. } = packing;
        let Work::Norm { ref around, .. } = step.work else { other() };
        let (factors, addends) = packed.split_at_mut(around.channels.next_multiple_of(MAX_LANES));
        for channel in 0..around.channels {
            factors[channel] = parameters.weight.get(channel).copied().unwrap_or(V::Element::ONE);
            addends[channel] = V::Element::from_f64(parameters.output(channel).1);
        }
        true
    }
}

pub(super) struct Pool;

impl Steps for Pool {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Running { step, operands, workers, .. } = running;
        let Work::Pool { ref geometry, reduction, .. } = step.work else { other() };
        let (input, output) = (operands.inputs[0], Target::new(&mut *operands.output));
        let parts = part::parts_of(workers, input.len());
        // SAFETY: passed on to the caller; no two parts have an output in common.
        let some = |part| unsafe { pool::run::<V>(geometry, reduction, part, input, output) };
        part::each_part(workers, parts, some);
    }
}

pub(super) struct PlanarPool;

impl Steps for PlanarPool {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Pool { ref geometry, reduction, .. } = running.step.work else { other() };
        // SAFETY: passed on to the caller.
        unsafe { pool::planes::<V>(geometry, reduction, running.operands.inputs[0], running.operands.output) }
    }
}

pub(super) struct Pad;

impl Steps for Pad {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Running { step, operands, workers, .. } = running;
        let Work::Pad { ref geometry, value, planar } = step.work else { other() };
        let (input, value) = (operands.inputs[0], V::Element::from_f64(value));
        if planar {
            return V::Element::pad_forward(geometry, 1, value, input, operands.output);
        }
        let (parts, output) = (part::parts_of(workers, operands.output.len()), Target::new(&mut *operands.output));
        // SAFETY: no two parts have an output in common.
        let some = |part| unsafe { layout::surround(geometry, value, part, input, output) };
        part::each_part(workers, parts, some);
    }
}

pub(super) struct Resample;

impl Steps for Resample {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Resample(ref geometry) = running.step.work else { other() };
        // SAFETY: passed on to the caller.
        unsafe { resample::run::<V>(geometry, running.operands.inputs[0], running.operands.output) }
    }
}

pub(super) struct Turn;

impl Steps for Turn {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let (stride, sizes) = match running.step.work {
            Work::ToLast { channels, places } => (places, [channels, places]),
            Work::ToPlain { channels, places } => (channels, [places, channels]),
            _ => other(),
        };
        // SAFETY: passed on to the caller.
        unsafe { layout::turned::<V>(running.operands.inputs[0], stride, sizes, running.operands.output) }
    }
}

pub(super) struct Pointwise;

impl Steps for Pointwise {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Pointwise { ref function, .. } = running.step.work else { other() };
        V::Element::pointwise_forward(function, running.operands.inputs[0], running.operands.output);
    }
}

pub(super) struct Move;

impl Steps for Move {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let Work::Move { ref walk, .. } = running.step.work else { other() };
        V::Element::permute_forward(walk, 1, running.operands.inputs[0], running.operands.output);
    }
}

pub(super) struct Light;

impl Steps for Light {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        let bounds = running.bounds();
        light(&running.step.work, running.operands.take(), bounds);
    }

    fn pack<V: Vector<Element: Element>>(packing: Packing<'_, V::Element>) -> bool {
        let Packing { step, parameters, packed, .. } = packing;
        match step.work {
            Work::Affine { channels, .. } => {
                let (factors, addends) = packed.split_at_mut(channels.next_multiple_of(MAX_LANES));
                for channel in 0..channels {
                    let (factor, addend) = parameters.output(channel);
                    factors[channel] = V::Element::from_f64(factor);
                    addends[channel] = V::Element::from_f64(addend);
                }
            }
            Work::Held(len) => packed[..len].copy_from_slice(parameters.weight),
            _ => {}
        }
        true
    }
}

/// A step that needs no registers of its own.
#[inline(always)]
pub(super) fn simple<E: Element>(work: &Work, operands: Operands<'_, E>, bounds: [E; 2]) {
    match *work {
        Work::Pointwise { ref function, .. } => E::pointwise_forward(function, operands.inputs[0], operands.output),
        Work::Move { ref walk, .. } => E::permute_forward(walk, 1, operands.inputs[0], operands.output),
        ref work => light(work, operands, bounds),
    }
}

#[inline(always)]
fn light<E: Element>(work: &Work, operands: Operands<'_, E>, bounds: [E; 2]) {
    match *work {
        Work::Arithmetic { operator, .. } => {
            let [left, right] = operands.inputs;
            pairs(operator, left, right, operands.output, bounds);
        }
        Work::Affine { channels, .. } => {
            let (factors, addends) = operands.packed.split_at(channels.next_multiple_of(MAX_LANES));
            let pixels = operands.inputs[0].chunks_exact(channels);
            for (x, y) in pixels.zip(operands.output.chunks_exact_mut(channels)) {
                for ((y, x), (factor, addend)) in y.iter_mut().zip(x).zip(factors.iter().zip(addends)) {
                    let value = *x * *factor + *addend;
                    *y = value.maximum(bounds[0]).minimum(bounds[1]);
                }
            }
        }
        Work::Runs(ref runs) => runs::run(runs, operands.inputs[0], operands.output),
        Work::Shift { lines, len, new } => Shift { lines, len, new }.run(operands.inputs, operands.output),
        Work::Copy(_) => operands.output.copy_from_slice(operands.inputs[0]),
        Work::Held(len) => operands.output.copy_from_slice(&operands.packed[..len]),
        _ => other(),
    }
}

#[inline(always)]
fn pairs<E: Float>(operator: Operator, left: &[E], right: &[E], to: &mut [E], bounds: [E; 2]) {
    #[inline(always)]
    fn each<E: Float>(left: &[E], right: &[E], to: &mut [E], bounds: [E; 2], function: impl Fn(E, E) -> E) {
        for (to, (left, right)) in to.iter_mut().zip(left.iter().zip(right)) {
            *to = function(*left, *right).maximum(bounds[0]).minimum(bounds[1]);
        }
    }
    match operator {
        Operator::Add => each(left, right, to, bounds, |a, b| a + b),
        Operator::Subtract => each(left, right, to, bounds, |a, b| a - b),
        Operator::Multiply => each(left, right, to, bounds, |a, b| a * b),
        Operator::Divide => each(left, right, to, bounds, |a, b| a / b),
        Operator::Maximum => each(left, right, to, bounds, |a, b| a.maximum(b)),
        Operator::Minimum => each(left, right, to, bounds, |a, b| a.minimum(b)),
    }
}

/// The network runs these itself.
pub(super) struct Layer;

impl Steps for Layer {
    #[inline(always)]
    unsafe fn run<'a, V: Vector<Element: Element>>(_: &'a mut Running<'a, V::Element>) {
        panic!("nn: a layer is not run by the program")
    }
}

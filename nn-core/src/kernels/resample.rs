//! Images of another size: each value of the output is a sum over neighbours in the input, on each axis by itself.
//!
//! First the rows that lie around a row of the output are brought together, which is contiguous; then neighbours along the row, at places
//! and with weights that are computed once.

use nn_shape::{Filter, ResampleAxis, ResampleGeometry};

use crate::Float;
use crate::simd::bound_by_memory;

bound_by_memory! {
    /// `output = Σ weight · input`.
    pub(super) fn forward<E: Float>(
        geometry: &ResampleGeometry,
        batch: usize,
        input: &[E],
        output: &mut [E],
        scratch: &mut [E],
    ) = planes_forward;
}

bound_by_memory! {
    /// `input_gradient += weight · output_gradient`.
    pub(super) fn backward<E: Float>(
        geometry: &ResampleGeometry,
        batch: usize,
        output_gradient: &[E],
        input_gradient: &mut [E],
        scratch: &mut [E],
    ) = planes_backward;
}

/// The most neighbours on one axis.
pub(crate) const TAPS: usize = 4;
/// Places in front of a row, and as many behind it, so that no neighbour is missing.
const BORDER: usize = 2;

/// The neighbours of one place of the output.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Taps<E> {
    /// The first neighbour: at least -2, the border in front.
    first: isize,
    weights: [E; TAPS],
}

impl<E: Float> Taps<E> {
    /// In `E`, as PyTorch computes them.
    #[inline(always)]
    pub(crate) fn at(axis: &ResampleAxis, place: usize) -> Self {
        let (scale, half, place) = (E::from_f64(axis.scale), E::from_f64(0.5), E::from_usize(place));
        let centre = scale * (place + half) - half;
        let source = match axis.filter {
            Filter::Nearest => scale * place,
            Filter::NearestExact => centre.maximum(E::ZERO) + half,
            _ if axis.align_corners => scale * place,
            Filter::Linear => centre.maximum(E::ZERO),
            Filter::Cubic => centre,
        };
        // Below 0 only between -1 and 0.
        let floor = if source < E::ZERO { -1 } else { source.to_f64() as isize }.min(axis.input as isize - 1);
        let between = (source - E::from_f64(floor as f64)).maximum(E::ZERO).minimum(E::ONE);
        let (first, weights) = match axis.filter {
            Filter::Nearest | Filter::NearestExact => (floor, [E::ONE, E::ZERO, E::ZERO, E::ZERO]),
            Filter::Linear => (floor, [E::ONE - between, between, E::ZERO, E::ZERO]),
            Filter::Cubic => (floor - 1, cubic(between)),
        };
        Taps { first, weights }
    }

    /// The neighbours inside the input, whose border is repeated, with their weights.
    #[inline(always)]
    pub(crate) fn inside(self, axis: &ResampleAxis) -> impl Iterator<Item = (usize, E)> {
        let last = axis.input as isize - 1;
        (0..axis.filter.taps()).map(move |tap| ((self.first + tap as isize).clamp(0, last) as usize, self.weights[tap]))
    }
}

/// The weights of four neighbours of a place that lies `t` behind the second.
#[inline(always)]
fn cubic<E: Float>(t: E) -> [E; TAPS] {
    let a = E::from_f64(-0.75);
    let [two, three, four, five, eight] = [2.0, 3.0, 4.0, 5.0, 8.0].map(E::from_f64);
    let near = |x: E| ((a + two) * x - (a + three)) * x * x + E::ONE;
    let far = |x: E| ((a * x - five * a) * x + eight * a) * x - four * a;
    [far(t + E::ONE), near(t), near(E::ONE - t), far(two - t)]
}

/// The last axis: for each place of the output where its neighbours begin in the bordered row, and their weights.
struct Row<'a, E> {
    axis: &'a ResampleAxis,
    firsts: &'a [E],
    weights: &'a [E],
}

impl<'a, E: Float> Row<'a, E> {
    /// Fills the scratch, and gives what is left of it: a bordered row.
    #[inline(always)]
    fn new(axis: &'a ResampleAxis, scratch: &'a mut [E]) -> (Self, &'a mut [E]) {
        let taps = axis.filter.taps();
        let (firsts, scratch) = scratch.split_at_mut(axis.output);
        let (weights, row) = scratch.split_at_mut(axis.output * taps);
        for (place, (first, weights)) in firsts.iter_mut().zip(weights.chunks_exact_mut(taps)).enumerate() {
            let found = Taps::at(axis, place);
            // It was computed in `E`, so `E` holds it.
            *first = E::from_f64((found.first + BORDER as isize) as f64);
            weights.copy_from_slice(&found.weights[..taps]);
        }
        (Row { axis, firsts, weights }, &mut row[..axis.input + 2 * BORDER])
    }

    /// `output[place] = Σ weight · row[neighbour]`.
    #[inline(always)]
    fn gather(&self, row: &[E], output: &mut [E]) {
        match self.axis.filter {
            Filter::Linear => self.gather_taps::<2>(row, output),
            Filter::Cubic => self.gather_taps::<4>(row, output),
            _ => self.gather_nearest(row, output),
        }
    }

    #[inline(always)]
    fn gather_taps<const N: usize>(&self, row: &[E], output: &mut [E]) {
        let weights = self.weights.as_chunks::<N>().0;
        for ((output, first), weights) in output.iter_mut().zip(self.firsts).zip(weights) {
            let neighbours = &row[first.to_f64() as usize..][..N];
            let mut sum = weights[0] * neighbours[0];
            for tap in 1..N {
                sum += weights[tap] * neighbours[tap];
            }
            *output = sum;
        }
    }

    #[inline(always)]
    fn gather_nearest(&self, row: &[E], output: &mut [E]) {
        if self.doubles() {
            let pairs = output.as_chunks_mut::<2>().0;
            return pairs.iter_mut().zip(&row[BORDER..]).for_each(|(pair, value)| *pair = [*value; 2]);
        }
        for (output, first) in output.iter_mut().zip(self.firsts) {
            *output = row[first.to_f64() as usize];
        }
    }

    /// Whether each value stands twice in the output: what most networks do.
    #[inline(always)]
    fn doubles(&self) -> bool {
        let axis = self.axis;
        axis.filter == Filter::Nearest && axis.scale == 0.5 && axis.output == 2 * axis.input
    }

    /// `row[neighbour] += weight · gradient[place]`.
    #[inline(always)]
    fn scatter(&self, gradient: &[E], row: &mut [E]) {
        let taps = self.axis.filter.taps();
        if self.doubles() {
            let pairs = gradient.as_chunks::<2>().0;
            return row[BORDER..].iter_mut().zip(pairs).for_each(|(to, pair)| *to += pair[0] + pair[1]);
        }
        for ((gradient, first), weights) in gradient.iter().zip(self.firsts).zip(self.weights.chunks_exact(taps)) {
            let neighbours = &mut row[first.to_f64() as usize..][..taps];
            neighbours.iter_mut().zip(weights).for_each(|(to, weight)| *to += *weight * *gradient);
        }
    }
}

#[inline(always)]
fn planes_forward<E: Float>(
    geometry: &ResampleGeometry,
    batch: usize,
    input: &[E],
    output: &mut [E],
    scratch: &mut [E],
) {
    let [depth, height, width] = &geometry.axes;
    let (row, bordered) = Row::new(width, scratch);
    let plane = depth.input * height.input * width.input;
    let mut start = 0;
    for input in input.chunks_exact(plane.max(1)).take(batch * geometry.channels) {
        let mut before = None;
        for z in 0..depth.output {
            let z = Taps::<E>::at(depth, z);
            for y in 0..height.output {
                let y = Taps::<E>::at(height, y);
                let end = start + width.output;
                if before == Some((z, y)) {
                    output.copy_within(start - width.output..start, start);
                } else {
                    together(geometry, input, z, y, bordered);
                    row.gather(bordered, &mut output[start..end]);
                }
                before = Some((z, y));
                start = end;
            }
        }
    }
}

/// The sum of the rows around a row of the output, with its border.
#[inline(always)]
fn together<E: Float>(geometry: &ResampleGeometry, input: &[E], z: Taps<E>, y: Taps<E>, bordered: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    let (sum, mut fresh) = (&mut bordered[BORDER..][..width.input], true);
    for (z, z_weight) in z.inside(depth) {
        for (y, y_weight) in y.inside(height) {
            let from = &input[(z * height.input + y) * width.input..][..width.input];
            let weight = z_weight * y_weight;
            match fresh {
                true if weight == E::ONE => sum.copy_from_slice(from),
                true => sum.iter_mut().zip(from).for_each(|(sum, value)| *sum = weight * *value),
                false => sum.iter_mut().zip(from).for_each(|(sum, value)| *sum += weight * *value),
            }
            fresh = false;
        }
    }
    let (first, last) = (sum[0], sum[width.input - 1]);
    bordered[..BORDER].fill(first);
    bordered[BORDER + width.input..].fill(last);
}

#[inline(always)]
fn planes_backward<E: Float>(
    geometry: &ResampleGeometry,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
    scratch: &mut [E],
) {
    let [depth, height, width] = &geometry.axes;
    let (row, bordered) = Row::new(width, scratch);
    let plane = depth.input * height.input * width.input;
    let mut gradients = output_gradient.chunks_exact(width.output.max(1));
    for input in input_gradient.chunks_exact_mut(plane.max(1)).take(batch * geometry.channels) {
        for z in 0..depth.output {
            let z = Taps::<E>::at(depth, z);
            for y in 0..height.output {
                let y = Taps::<E>::at(height, y);
                let Some(gradient) = gradients.next() else { return };
                bordered.fill(E::ZERO);
                row.scatter(gradient, bordered);
                apart(geometry, z, y, bordered, input);
            }
        }
    }
}

/// Adds the gradient of a row to those of the rows that it is the sum of.
#[inline(always)]
fn apart<E: Float>(geometry: &ResampleGeometry, z: Taps<E>, y: Taps<E>, bordered: &mut [E], input_gradient: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    let (front, rest) = bordered.split_at_mut(BORDER);
    let (gradient, behind) = rest.split_at_mut(width.input);
    front.iter().for_each(|border| gradient[0] += *border);
    behind.iter().for_each(|border| gradient[width.input - 1] += *border);
    for (z, z_weight) in z.inside(depth) {
        for (y, y_weight) in y.inside(height) {
            let to = &mut input_gradient[(z * height.input + y) * width.input..][..width.input];
            let weight = z_weight * y_weight;
            to.iter_mut().zip(&*gradient).for_each(|(to, gradient)| *to += weight * *gradient);
        }
    }
}

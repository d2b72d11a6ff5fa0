//! Padding laid out in memory.

use nn_shape::{PadGeometry, Padding};

use crate::Float;

/// Lays out the input with its padding; `value` where the padding is constant.
pub(super) fn forward<E: Float>(geometry: &PadGeometry, batch: usize, value: E, input: &[E], output: &mut [E]) {
    let line = Line::of(geometry);
    let mut rest = output;
    rows(geometry, batch, |row| {
        let (output, behind) = core::mem::take(&mut rest).split_at_mut(line.output);
        rest = behind;
        let Some(row) = row else { return output.fill(value) };
        let input = &input[row..row + line.input];
        output[line.front..line.back].copy_from_slice(&input[line.from..line.from + line.back - line.front]);
        for place in (0..line.front).chain(line.back..line.output) {
            output[place] = line.source(place).map_or(value, |source| input[source]);
        }
    });
}

/// Adds the gradient of each place of the output to the place that it shows.
pub(super) fn backward<E: Float>(
    geometry: &PadGeometry,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
) {
    let line = Line::of(geometry);
    let mut rest = output_gradient;
    rows(geometry, batch, |row| {
        let (output, behind) = rest.split_at(line.output);
        rest = behind;
        let Some(row) = row else { return };
        let input = &mut input_gradient[row..row + line.input];
        let middle = input[line.from..].iter_mut().zip(&output[line.front..line.back]);
        middle.for_each(|(to, from)| *to += *from);
        for place in (0..line.front).chain(line.back..line.output) {
            if let Some(source) = line.source(place) {
                input[source] += output[place];
            }
        }
    });
}

/// A row of the output: the middle, `front..back`, is the input from place `from` on.
struct Line<'a> {
    geometry: &'a PadGeometry,
    input: usize,
    output: usize,
    from: usize,
    front: usize,
    back: usize,
}

impl<'a> Line<'a> {
    fn of(geometry: &'a PadGeometry) -> Self {
        let axis = &geometry.axes[2];
        let (from, kept) = axis.kept();
        let output = axis.output();
        let front = (axis.before.max(0) as usize).min(output);
        let back = (front + kept).min(output);
        Line { geometry, input: axis.input, output, from: from.min(axis.input), front, back }
    }

    fn source(&self, place: usize) -> Option<usize> {
        self.geometry.axes[2].source(place, self.geometry.padding)
    }
}

/// Calls `visit` with the row of the input that each row of the output shows; `None` for a row of the constant.
fn rows(geometry: &PadGeometry, batch: usize, mut visit: impl FnMut(Option<usize>)) {
    let [depth, height, width] = &geometry.axes;
    let padding: Padding = geometry.padding;
    for plane in 0..batch * geometry.channels {
        for z in 0..depth.output() {
            let slab = depth.source(z, padding).map(|z| (plane * depth.input + z) * height.input);
            for y in 0..height.output() {
                let source = slab.zip(height.source(y, padding));
                visit(source.map(|(slab, y)| (slab + y) * width.input));
            }
        }
    }
}

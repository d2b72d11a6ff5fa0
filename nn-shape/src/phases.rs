//! Transposed convolutions as convolutions: outputs that lie a multiple of the stride apart see the same entries of the window, one more place of
//! the input for each. So each remainder, a *phase*, is a convolution with stride 1 and a part of the window, mirrored.

use crate::{Axis, ConvGeometry};

/// A phase along one axis. Its output `q` is the layer's output `phase + q * stride`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Phase {
    /// How many outputs it has.
    pub outputs: usize,
    /// How many entries of the window its outputs see.
    pub taps: usize,
    /// The entry that sees the first of their places, and the distance to the entry that sees the next one.
    pub last: usize,
    /// See `last`.
    pub step: usize,
    /// Distance of these places in the input.
    pub dilation: usize,
    /// The first place that the first output sees.
    pub first: i128,
}

/// Phases along an axis of the convolution that is transposed: `axis.input` is the size of the layer's output.
pub const fn count(axis: &Axis) -> usize {
    if axis.stride < axis.input { axis.stride } else { axis.input }
}

/// One of them. `output = place * stride - before + entry * dilation`, for the entries where that leaves no remainder.
pub const fn phase(axis: &Axis, phase: usize) -> Phase {
    let (stride, dilation) = (axis.stride as i128, axis.dilation as i128);
    let target = phase as i128 + axis.before as i128;
    let mut found = Phase {
        outputs: axis.input.saturating_sub(phase).div_ceil(axis.stride),
        taps: 0,
        last: 0,
        step: 1,
        dilation: 1,
        first: 0,
    };
    let mut entry = 0;
    while entry < axis.kernel {
        if (target - dilation.saturating_mul(entry as i128)) % stride == 0 {
            if found.taps > 0 {
                found.step = entry - found.last;
            }
            (found.last, found.taps) = (entry, found.taps + 1);
        }
        entry += 1;
    }
    found.first = (target - dilation.saturating_mul(found.last as i128)) / stride;
    if found.taps > 1 {
        found.dilation = found.step.saturating_mul(axis.dilation) / axis.stride;
    }
    found
}

/// Places in front of the input and behind it that outputs see.
const fn around(axis: &Axis) -> [usize; 2] {
    let (mut before, mut after, mut index) = (0, 0, 0);
    while index < count(axis) {
        let phase = phase(axis, index);
        let reach = phase.dilation.saturating_mul(phase.taps.saturating_sub(1)).saturating_add(phase.outputs);
        let behind = phase.first + reach as i128 - axis.output as i128;
        before = if -phase.first > before { -phase.first } else { before };
        after = if behind > after { behind } else { after };
        index += 1;
    }
    [before as usize, after as usize]
}

/// The input as it is laid out for all phases: a convolution whose windows do not matter.
pub const fn laid_out(geometry: &ConvGeometry) -> ConvGeometry {
    let mut axes = geometry.axes;
    let mut axis = 0;
    while axis < 3 {
        let [before, after] = around(&geometry.axes[axis]);
        let input = geometry.axes[axis].output;
        axes[axis] = Axis { input, output: 1, kernel: 1, stride: 1, dilation: 1, before, after };
        axis += 1;
    }
    ConvGeometry { in_channels: geometry.out_channels, out_channels: 1, groups: 1, axes }
}

/// Where a phase's windows begin in the laid out input, along each axis.
pub const fn start(geometry: &ConvGeometry, phases: &[Phase; 3]) -> [usize; 3] {
    let (laid_out, mut start, mut axis) = (laid_out(geometry), [0; 3], 0);
    while axis < 3 {
        start[axis] = (phases[axis].first + laid_out.axes[axis].before as i128) as usize;
        axis += 1;
    }
    start
}

/// All phases of three axes.
pub const fn all(geometry: &ConvGeometry) -> usize {
    let [depth, height, width] = &geometry.axes;
    count(depth).saturating_mul(count(height)).saturating_mul(count(width))
}

/// One of [`all`]: which it is along each axis.
pub const fn split(geometry: &ConvGeometry, index: usize) -> [usize; 3] {
    let [_, height, width] = &geometry.axes;
    let (rows, columns) = (count(height), count(width));
    [index / columns / rows, index / columns % rows, index % columns]
}

/// One of [`all`].
pub const fn at(geometry: &ConvGeometry, index: usize) -> [Phase; 3] {
    let [d, h, w] = split(geometry, index);
    let [depth, height, width] = &geometry.axes;
    [phase(depth, d), phase(height, h), phase(width, w)]
}

/// Whether a transposed convolution is one convolution for each phase, of channels enough, without many products with padding.
pub const fn is_worth(geometry: &ConvGeometry) -> bool {
    if geometry.groups > 1 && geometry.group_in() < 4 {
        return false;
    }
    let (mut products, mut needed, mut axis) = (1usize, 1usize, 0);
    while axis < 3 {
        let own = &geometry.axes[axis];
        if own.stride == 0 || own.dilation == 0 || own.kernel == 0 {
            return false;
        }
        let (mut index, mut sum) = (0, 0usize);
        while index < count(own) {
            let phase = phase(own, index);
            if phase.taps == 0 {
                return false;
            }
            sum = sum.saturating_add(phase.taps.saturating_mul(phase.outputs));
            index += 1;
        }
        products = products.saturating_mul(sum);
        needed = needed.saturating_mul(own.output.saturating_mul(own.kernel));
        axis += 1;
    }
    products / 2 <= needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(size: usize, kernel: usize, stride: usize, padding: usize, dilation: usize, more: usize) -> Axis {
        let input = (size - 1) * stride + dilation * (kernel - 1) + 1 + more - 2 * padding;
        Axis { input, output: size, kernel, stride, dilation, before: padding, after: 0 }
    }

    /// Each output sees the places and entries that the definition says.
    #[test]
    fn phases_are_the_definition() {
        for (size, kernel, stride, padding, dilation, more) in [
            (5, 3, 2, 1, 1, 1),
            (4, 4, 2, 1, 1, 0),
            (7, 2, 2, 0, 1, 1),
            (3, 5, 3, 2, 1, 2),
            (6, 3, 1, 1, 2, 0),
            (6, 4, 3, 3, 2, 1),
            (1, 4, 1, 0, 1, 0),
            (9, 3, 2, 2, 3, 0),
        ] {
            let axis = axis(size, kernel, stride, padding, dilation, more);
            let geometry = ConvGeometry {
                in_channels: 1,
                out_channels: 1,
                groups: 1,
                axes: [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3],
            };
            let geometry = ConvGeometry { axes: [geometry.axes[0], geometry.axes[1], axis], ..geometry };
            let laid_out = laid_out(&geometry).axes[2];
            for output in 0..axis.input {
                let mut expected = [false; 128];
                for entry in 0..kernel {
                    let place = (output + padding) as i128 - (entry * dilation) as i128;
                    if place % stride as i128 == 0 && (0..size as i128).contains(&(place / stride as i128)) {
                        expected[place as usize / stride * 8 + entry] = true;
                    }
                }
                let phase = phase(&axis, output % stride);
                let start = start(&geometry, &[phase; 3])[2];
                assert!(output / stride < phase.outputs);
                let mut found = [false; 128];
                for tap in 0..phase.taps {
                    let place = start + output / stride + tap * phase.dilation;
                    assert!(place < laid_out.padded());
                    if (laid_out.before..laid_out.before + size).contains(&place) {
                        found[(place - laid_out.before) * 8 + phase.last - tap * phase.step] = true;
                    }
                }
                assert_eq!(found, expected);
            }
        }
    }
}

//! Each place of the output shows a place of the input: copies, and sums on the way back.

use nn_shape::{MAX_RANK, Take};

use crate::Float;

/// `output[place] = input[what it shows]`.
pub(super) fn forward<E: Float>(take: &Take, batch: usize, input: &[E], output: &mut [E]) {
    runs(take, batch, |to, from, len| output[to..to + len].copy_from_slice(&input[from..from + len]));
}

/// `input_gradient[what it shows] += output_gradient[place]`.
pub(super) fn backward<E: Float>(take: &Take, batch: usize, output_gradient: &[E], input_gradient: &mut [E]) {
    runs(take, batch, |from, to, len| {
        let pairs = input_gradient[to..to + len].iter_mut().zip(&output_gradient[from..from + len]);
        pairs.for_each(|(to, from)| *to += *from);
    });
}

/// Calls `visit(output, input, len)` for each run that is contiguous in both.
fn runs(take: &Take, batch: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let (outer, last) = (&take.axes[..take.rank - 1], &take.axes[take.rank - 1]);
    let mut strides = [0; MAX_RANK];
    let mut len = last.input * take.inner;
    for (stride, axis) in strides.iter_mut().zip(outer).rev() {
        *stride = len;
        len *= axis.input;
    }
    let rows: usize = outer.iter().map(|axis| axis.output).product();
    let mut output = 0;
    for sample in 0..batch {
        for row in 0..rows {
            let (mut rest, mut input) = (row, sample * len);
            for (axis, stride) in outer.iter().zip(strides).rev() {
                let place = rest % axis.output;
                rest /= axis.output;
                input += stride * if axis.backwards { axis.start - place } else { (axis.start + place) % axis.input };
            }
            let mut place = 0;
            while place < last.output {
                let (from, count) = if last.backwards {
                    (last.start - place, 1)
                } else {
                    let from = (last.start + place) % last.input;
                    (from, (last.input - from).min(last.output - place))
                };
                visit(output, input + from * take.inner, count * take.inner);
                output += count * take.inner;
                place += count;
            }
        }
    }
}

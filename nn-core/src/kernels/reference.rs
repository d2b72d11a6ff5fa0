//! The kernels as their definitions say: one loop for each sum. Slow, and what every other kernel is held against.

use nn_shape::{Axis, Cell, ConvGeometry};

use crate::Float;

/// The input place that entry `kernel` of a window at `output` looks at; `None` in the padding.
fn place(axis: &Axis, output: usize, kernel: usize) -> Option<usize> {
    let padded = output * axis.stride + kernel * axis.dilation;
    padded.checked_sub(axis.before).filter(|place| *place < axis.input)
}

/// Calls `visit(output, weight, input)` for every product of a convolution of one sample, by index.
fn products(geometry: &ConvGeometry, mut visit: impl FnMut(usize, usize, usize)) {
    let [depth, height, width] = &geometry.axes;
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    for out_channel in 0..geometry.out_channels {
        let first_in = out_channel / group_out * group_in;
        for (od, oh, ow) in steps(depth.output, height.output, width.output) {
            let output = ((out_channel * depth.output + od) * height.output + oh) * width.output + ow;
            for channel in 0..group_in {
                for (kd, kh, kw) in steps(depth.kernel, height.kernel, width.kernel) {
                    let places = (place(depth, od, kd), place(height, oh, kh), place(width, ow, kw));
                    let (Some(d), Some(h), Some(w)) = places else { continue };
                    let weight = ((out_channel * group_in + channel) * depth.kernel + kd) * height.kernel + kh;
                    let input = (((first_in + channel) * depth.input + d) * height.input + h) * width.input + w;
                    visit(output, weight * width.kernel + kw, input);
                }
            }
        }
    }
}

fn steps(depth: usize, height: usize, width: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..depth).flat_map(move |d| (0..height).flat_map(move |h| (0..width).map(move |w| (d, h, w))))
}

/// `output = bias + Σ weight · input`.
pub fn conv_forward<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
) {
    let (input_len, output_len, plane) = (geometry.input_len(), geometry.output_len(), geometry.output_plane());
    for sample in 0..batch {
        let (input, output) =
            (&input[sample * input_len..][..input_len], &mut output[sample * output_len..][..output_len]);
        for (index, value) in output.iter_mut().enumerate() {
            *value = bias.map_or(E::ZERO, |bias| bias[index / plane]);
        }
        products(geometry, |y, w, x| output[y] += weight[w] * input[x]);
    }
}

/// `input_gradient (+)= Σ weight · output_gradient`: also the forward pass of a transposed convolution.
pub fn conv_backward_input<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let (input_len, output_len) = (geometry.input_len(), geometry.output_len());
    for sample in 0..batch {
        let output = &output_gradient[sample * output_len..][..output_len];
        let input = &mut input_gradient[sample * input_len..][..input_len];
        if !accumulate {
            input.fill(E::ZERO);
        }
        products(geometry, |y, w, x| input[x] += weight[w] * output[y]);
    }
}

/// `weight_gradient += Σ input · output_gradient` over the batch.
pub fn conv_backward_weight<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
) {
    let (input_len, output_len) = (geometry.input_len(), geometry.output_len());
    for sample in 0..batch {
        let (input, output) =
            (&input[sample * input_len..][..input_len], &output_gradient[sample * output_len..][..output_len]);
        products(geometry, |y, w, x| weight_gradient[w] += input[x] * output[y]);
    }
}

/// `output[row][o] = bias[o] + Σ weight[o][i] input[row][i]`.
pub fn linear_forward<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
) {
    for row in 0..rows {
        for o in 0..out_features {
            let mut sum = bias.map_or(E::ZERO, |bias| bias[o]);
            for i in 0..in_features {
                sum += weight[o * in_features + i] * input[row * in_features + i];
            }
            output[row * out_features + o] = sum;
        }
    }
}

/// `input_gradient[row][i] (+)= Σ weight[o][i] output_gradient[row][o]`.
pub fn linear_backward_input<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    for row in 0..rows {
        for i in 0..in_features {
            let target = &mut input_gradient[row * in_features + i];
            let mut sum = if accumulate { *target } else { E::ZERO };
            for o in 0..out_features {
                sum += weight[o * in_features + i] * output_gradient[row * out_features + o];
            }
            *target = sum;
        }
    }
}

/// `weight_gradient[o][i] += Σ output_gradient[row][o] input[row][i]`.
pub fn linear_backward_weight<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
) {
    for row in 0..rows {
        for o in 0..out_features {
            for i in 0..in_features {
                weight_gradient[o * in_features + i] +=
                    output_gradient[row * out_features + o] * input[row * in_features + i];
            }
        }
    }
}

/// `bias_gradient[c] += Σ output_gradient[sample][c][place]`.
pub fn bias_backward<E: Float>(
    channels: usize,
    plane: usize,
    batch: usize,
    output_gradient: &[E],
    bias_gradient: &mut [E],
) {
    for sample in 0..batch {
        for channel in 0..channels {
            for value in &output_gradient[(sample * channels + channel) * plane..][..plane] {
                bias_gradient[channel] += *value;
            }
        }
    }
}

/// One step's states, from both parts of its gates: the input's and the hidden numbers'.
pub fn recurrent_step<E: Float>(cell: Cell, input: &[E], hidden: &[E], h: &mut [E], c: &mut [E]) {
    let n = input.len() / cell.gates();
    let sigmoid = |x: E| E::ONE / (E::ONE + (-x).exp());
    for i in 0..n {
        let gate = |gate: usize| input[gate * n + i] + hidden[gate * n + i];
        match cell {
            Cell::Rnn { relu: true } => h[i] = gate(0).maximum(E::ZERO),
            Cell::Rnn { relu: false } => h[i] = gate(0).tanh(),
            Cell::Lstm => {
                c[i] = sigmoid(gate(1)) * c[i] + sigmoid(gate(0)) * gate(2).tanh();
                h[i] = sigmoid(gate(3)) * c[i].tanh();
            }
            Cell::Gru => {
                let new = (input[2 * n + i] + sigmoid(gate(0)) * hidden[2 * n + i]).tanh();
                let update = sigmoid(gate(1));
                h[i] = (E::ONE - update) * new + update * h[i];
            }
        }
    }
}

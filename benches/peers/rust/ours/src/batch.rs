//! dfdx's convolution, of 64 samples at once: forward, and forward and backward of the mean square.

use std::error::Error;
use std::hint::black_box;

use common::{bench, rel_err, tensors};
use nn::prelude::*;
use nn::{Frozen, Sample, Zeroable};

use crate::networks::conv_128_256_4::Net;

const BATCH: usize = 64;
type Inputs = [<Net as Network>::Input; BATCH];
type Outputs = [<Net as Network>::Output; BATCH];

pub fn run(task: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let (mut network, io) = (crate::load::<Net>(name)?, tensors(&format!("{name}.io.safetensors")));
    let (mut input, mut output): (Box<Inputs>, Box<Outputs>) = (zeros(), zeros());
    let values = &io["input0"].1;
    for (sample, values) in input.iter_mut().zip(values.chunks_exact(values.len() / BATCH)) {
        sample.part_mut(0).copy_from_slice(values);
    }
    match task {
        "frozen" => {
            let (network, mut arena) = (network.freeze(), Frozen::<Net>::workspace());
            forward(name, &io["output0"].1, &mut output, |output| {
                for (sample, result) in input.iter().zip(output) {
                    network.forward(sample, &mut arena, result);
                }
            });
        }
        "plain" => {
            let mut workspace = Net::workspace::<BATCH>();
            forward(name, &io["output0"].1, &mut output, |output| {
                network.forward_batch(&input, &mut workspace, output)
            });
        }
        _ => {
            let (mut tape, mut gradients) = (Net::tape::<BATCH>(), Net::gradients());
            let mut step = |gradients: &mut Net| {
                let result = network.forward_train(&input, &mut tape);
                let count = (BATCH * result[0].as_slice().len()) as f32;
                for (gradient, value) in output.iter_mut().zip(result) {
                    for (gradient, value) in gradient.as_mut_slice().iter_mut().zip(value.as_slice()) {
                        *gradient = 2.0 * value / count;
                    }
                }
                gradients.set_zero();
                black_box(network.backward(&mut tape, &output, gradients));
            };
            step(&mut gradients);
            let (mut found, expected) = (Vec::new(), tensors(&format!("{name}.train.safetensors")));
            gradients.visit_parameters(&mut |_, values| found.push(values.to_vec()));
            let error = rel_err(&found[0], &expected["gradient"].1);
            bench("ours", name, "train", error, 1, || step(black_box(&mut gradients)));
        }
    }
    Ok(())
}

/// On the heap from the first: tens of megabytes.
fn zeros<T: Zeroable>() -> Box<[T; BATCH]> {
    let values: Box<[T]> = (0..BATCH).map(|_| T::zeroed()).collect();
    values.try_into().unwrap_or_else(|_| unreachable!())
}

fn forward(name: &str, expected: &[f32], output: &mut Outputs, mut pass: impl FnMut(&mut Outputs)) {
    pass(output);
    let found: Vec<f32> = output.iter().flat_map(|sample| sample.as_slice().iter().copied()).collect();
    bench("ours", name, "infer", rel_err(&found, expected), 1, || pass(black_box(output)));
}

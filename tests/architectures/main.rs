//! The networks of `examples/architectures` answer what PyTorch's answer, with PyTorch's names: record.py wrote the answers.

#[path = "../../examples/architectures/mod.rs"]
mod networks;

use std::collections::BTreeMap;

use bytemuck::zeroed_box;
use nn::prelude::*;
use nn::{BufferMut, Element, Float, Frozen, Path};
use safetensors::SafeTensors;

/// What `values` in record.py computes.
struct Formula {
    state: u64,
}

impl Formula {
    fn new(name: &str) -> Formula {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        Formula { state: name.bytes().fold(0xcbf2_9ce4_8422_2325, hash) }
    }

    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 40) as f64 / f64::from(1 << 23) - 1.0
    }

    fn fill<E: Element>(name: &str, shape: &[usize], values: &mut [E]) {
        let mut formula = Formula::new(name);
        let fan_in = values.len() / shape.first().copied().unwrap_or(1);
        for value in values {
            let unit = formula.next();
            *value = E::from_f64(if shape.len() > 1 {
                unit * (6.0 / fan_in as f64).sqrt()
            } else if name.ends_with("running_var") {
                1.0 + unit / 2.0
            } else if name.ends_with("weight") {
                1.0 + unit / 4.0
            } else {
                unit / 10.0
            });
        }
    }
}

/// What record.py wrote under a name.
fn recorded(name: &str) -> Vec<f64> {
    let file = std::fs::read("tests/architectures/answers.safetensors").unwrap();
    let file = SafeTensors::deserialize(&file).unwrap();
    let bytes = file.tensor(name).unwrap().data();
    bytes.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()).into()).collect()
}

/// Of `every` numbers one was recorded; errors are measured by the largest.
fn compare(name: &str, numbers: &[f64], every: usize, bound: f64) {
    let (expected, found): (_, Vec<f64>) = (recorded(name), numbers.iter().step_by(every).copied().collect());
    assert_eq!(expected.len(), found.len());
    let size = expected.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
    let error = expected.iter().zip(&found).fold(0.0_f64, |error, (a, b)| error.max((a - b).abs())) / size;
    assert!(error < bound, "{name}: {error} of the largest");
}

/// With the formula's parameters.
fn network<M: Network>() -> Box<M> {
    let mut net = M::init(&mut nn::seed(0));
    net.visit_parameters_mut(&mut |parameter, values| {
        Formula::fill(&parameter.name.to_string(), parameter.shape, values);
    });
    net.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let BufferMut::Real(values, shape) = buffer {
            Formula::fill(&name.to_string(), shape, values);
        }
    });
    net
}

fn fill_batch<T: Tensor<Element: Element>>(name: &str, batch: &mut [T]) {
    let mut formula = Formula::new(name);
    batch.iter_mut().for_each(|sample| sample.as_mut_slice().fill_with(|| T::Element::from_f64(formula.next())));
}

fn numbers<T: Tensor<Element: Element>>(batch: &[T]) -> Vec<f64> {
    batch.iter().flat_map(|sample| sample.as_slice().iter().map(|value| value.to_f64())).collect()
}

fn answers_as_pytorch<M: Freeze>()
where
    M::Input: Tensor<Element: Element>,
    M::Output: Tensor<Element: Element>,
{
    let (net, mut input) = (network::<M>(), zeroed_box::<[M::Input; 1]>());
    fill_batch("input", &mut *input);
    let (mut workspace, mut output) = (M::workspace::<1>(), zeroed_box::<[M::Output; 1]>());
    net.forward_batch(&input, &mut workspace, &mut output);
    compare(M::NAME, &numbers(&*output), 1, 2e-5);
    frozen_answers_as_pytorch(&*net, &input[0], M::NAME, [2e-5, 1e-3]);
}

/// Both inference forms, each with its bound.
fn frozen_answers_as_pytorch<M: Freeze>(net: &M, input: &M::Input, name: &str, [exact, squares]: [f64; 2])
where
    M::Output: Tensor<Element: Element>,
{
    let (mut arena, mut output) = (Frozen::<M>::workspace(), zeroed_box::<[M::Output; 1]>());
    net.freeze().forward(input, &mut arena, &mut output[0]);
    compare(name, &numbers(&*output), 1, exact);
    net.freeze_with(FreezeOptions::default()).forward(input, &mut arena, &mut output[0]);
    compare(name, &numbers(&*output), 1, squares);
}

/// Outputs of evaluation and training, and the parameters' gradients, in the order of their names; of each so many numbers one.
fn learns_as_pytorch<M: Network, const N: usize>(input: &[M::Input; N], every: (usize, usize))
where
    M::Output: Tensor<Element: Element>,
{
    let mut net = network::<M>();
    let (mut workspace, mut output) = (M::workspace::<N>(), zeroed_box::<[M::Output; N]>());
    net.forward_batch(input, &mut workspace, &mut output);
    compare(M::NAME, &numbers(&*output), every.0, 2e-5);

    let (mut tape, mut gradients) = (M::tape::<N>(), M::gradients());
    let trained = net.forward_train(input, &mut tape);
    compare(M::NAME, &numbers(trained), every.0, 2e-5);
    fill_batch("output", &mut *output);
    net.backward_parameters(&mut tape, &output, &mut gradients);
    let mut by_name = BTreeMap::new();
    gradients.visit_parameters(&mut |parameter, values| {
        by_name.insert(parameter.name.to_string(), values.iter().map(|value| value.to_f64()).collect::<Vec<_>>());
    });
    let gradients: Vec<f64> = by_name.into_values().flatten().collect();
    compare(&format!("{}.gradients", M::NAME), &gradients, every.1, 2e-5);
}

#[test]
fn resnet18() {
    answers_as_pytorch::<networks::ResNet18>();
}

#[test]
fn unet() {
    answers_as_pytorch::<networks::UNet>();
}

#[test]
fn densenet() {
    answers_as_pytorch::<networks::DenseNet>();
}

#[test]
fn squeeze_and_excitation() {
    answers_as_pytorch::<networks::SqueezeNet>();
}

#[test]
fn mobilenet() {
    answers_as_pytorch::<networks::MobileNet>();
}

network! {
    /// The generator at a quarter of the size, so that the test is quick. In f64: a ReLU that rounding turns on or off would be seen in the
    /// gradients, where PyTorch's own f32 is 4e-3 from its f64.
    #[element(f64)]
    struct CycleGan64: [3, 64, 64] -> [3, 64, 64] {
        #[key = ""]
        generator: networks::cyclegan::Generator(3),
    }
}

network! {
    /// The same in f32, whose inference form has vectors.
    struct CycleGanSingle: [3, 64, 64] -> [3, 64, 64] {
        #[key = ""]
        generator: networks::cyclegan::Generator(3),
    }
}

network! {
    /// Generator(3, 9): nine features instead of 64, for two pictures of 256x256.
    #[element(f64)]
    struct CycleGanPair: [3, 256, 256] -> [3, 256, 256] {
        #[key = ""]
        generator: networks::cyclegan::Generator(3, 9),
    }
}

#[test]
fn cyclegan() {
    // PyTorch's names, whatever the block is called.
    let mut names = Vec::new();
    networks::CycleGan::gradients().visit_parameters(&mut |parameter, _| names.push(parameter.name.to_string()));
    assert_eq!(names[0], "initial.0.weight");
    assert!(names.contains(&"res_blocks.8.block.1.conv.0.bias".to_string()));
    assert_eq!(networks::CycleGan::PARAMETERS, CycleGan64::PARAMETERS);

    let mut input = zeroed_box::<[_; 1]>();
    fill_batch("input", &mut *input);
    learns_as_pytorch::<CycleGan64, 1>(&input, (1, 9973));
    frozen_answers_as_pytorch(&*network::<CycleGan64>(), &input[0], CycleGan64::NAME, [2e-5, 1e-3]);
    let mut input = zeroed_box::<[_; 1]>();
    fill_batch("input", &mut *input);
    frozen_answers_as_pytorch(&*network::<CycleGanSingle>(), &input[0], CycleGan64::NAME, [1e-3, 1e-2]);
}

#[test]
fn cyclegan_of_two_pictures() {
    let mut input = zeroed_box::<[_; 2]>();
    fill_batch("input", &mut *input);
    learns_as_pytorch::<CycleGanPair, 2>(&input, (101, 173));
}

#[test]
fn tcn() {
    let mut input = zeroed_box::<[_; 3]>();
    fill_batch("input", &mut *input);
    learns_as_pytorch::<networks::Tcn, 3>(&input, (1, 17));
}

#[test]
fn gpt() {
    let mut formula = Formula::new("input");
    let places = Tensor1(std::array::from_fn(|place| place as u32));
    let input =
        std::array::from_fn(|_| (Tensor1(std::array::from_fn(|_| ((formula.next() + 1.0) * 6.0) as u32)), places));
    learns_as_pytorch::<networks::Gpt, 3>(&input, (1, 61));
}

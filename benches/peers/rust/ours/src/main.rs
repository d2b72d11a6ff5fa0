//! This library: `ours plain|frozen|squares|train MODEL` -> one JSON line. Frozen networks with a state, and those of the grid, go through a sound, a sample at a time. `squares` may do convolutions Winograd's way, with errors of 1e-4.

mod batch;
mod grid;
mod networks;

use std::error::Error;
use std::hint::black_box;

use common::{bench, models_dir, rel_err, tensors};
use grid::Stream;
use nn::loss::CrossEntropyLoss;
use nn::prelude::*;
use nn::{Frozen, Sample, Zeroable, optim::SGD};

const BATCH: usize = 32;

/// The network with PyTorch's weights.
fn load<N: Network<Element = f32>>(name: &str) -> Result<Box<N>, Box<dyn Error>> {
    let mut network = N::init(&mut nn::seed(1));
    network.load_safetensors(format!("{}/{name}.safetensors", models_dir()))?;
    Ok(network)
}

/// A network with its input, and the answer that PyTorch gives.
struct Case<N: Network> {
    name: String,
    network: Box<N>,
    input: Box<N::Input>,
    output: Box<N::Output>,
    expected: Vec<f32>,
    /// Samples in a call.
    samples: usize,
}

impl<N: Network<Element = f32>> Case<N> {
    fn new(name: &str, samples: usize) -> Result<Self, Box<dyn Error>> {
        let mut io = tensors(&format!("{name}.io.safetensors"));
        let mut input: Box<N::Input> = Box::new(Zeroable::zeroed());
        for (part, values) in (0..).map_while(|part| io.remove(&format!("input{part}"))).enumerate() {
            input.part_mut(part).copy_from_slice(&values.1);
        }
        let expected = io.remove("output0").ok_or("no output0")?.1;
        let (network, output) = (load::<N>(name)?, Box::new(Zeroable::zeroed()));
        Ok(Case { name: name.into(), network, input, output, expected, samples })
    }

    fn plain(self) -> Result<(), Box<dyn Error>> {
        let (mut workspace, network) = (N::workspace::<1>(), &self.network);
        let pass = |input: &N::Input, output: &mut N::Output| network.forward(input, &mut workspace, output);
        report(&self.name, self.samples, &*self.input, self.output, &self.expected, pass)
    }
}

impl<N: Freeze<Element = f32>> Case<N> {
    fn frozen(self) -> Result<(), Box<dyn Error>> {
        let (mut arena, network) = (Frozen::<N>::workspace(), self.network.freeze());
        let pass = |input: &N::Input, output: &mut N::Output| network.forward(input, &mut arena, output);
        report(&self.name, self.samples, &*self.input, self.output, &self.expected, pass)
    }

    fn squares(self) -> Result<(), Box<dyn Error>> {
        let network = self.network.freeze_with(FreezeOptions { winograd_error: 1e-4 });
        let mut arena = Frozen::<N>::workspace();
        let pass = |input: &N::Input, output: &mut N::Output| network.forward(input, &mut arena, output);
        report(&self.name, self.samples, &*self.input, self.output, &self.expected, pass)
    }
}

/// A sample at a time, each with the states that the last one left.
fn stream<N: Stream>(name: &str) -> Result<(), Box<dyn Error>> {
    let (network, io) = (load::<N>(name)?.freeze(), tensors(&format!("{name}.io.safetensors")));
    let (shape, input) = &io["stream.input"];
    let sample = |values: &[f32]| {
        let mut sample: N::Sample = Zeroable::zeroed();
        sample.as_mut_slice().copy_from_slice(values);
        sample
    };
    let samples: Vec<N::Sample> = input.chunks_exact(shape[1]).map(sample).collect();
    let (mut arena, mut output): (_, Box<N::Output>) = (Frozen::<N>::workspace(), Box::new(Zeroable::zeroed()));
    let mut answers = Vec::new();
    for sample in &samples {
        N::step(&network, sample, &mut arena, &mut output);
        answers.extend_from_slice(N::answer(&output));
    }
    let mut sound = samples.iter().cycle();
    bench("ours", name, "infer", rel_err(&answers, &io["stream.output"].1), 1, || {
        N::step(&network, black_box(sound.next().unwrap()), &mut arena, black_box(&mut output));
    });
    Ok(())
}

fn report<X, Y: Sample<f32>>(
    name: &str,
    samples: usize,
    input: &X,
    mut output: Box<Y>,
    expected: &[f32],
    mut pass: impl FnMut(&X, &mut Y),
) -> Result<(), Box<dyn Error>> {
    pass(input, &mut output);
    let error = rel_err(output.part(0), expected);
    bench("ours", name, "infer", error, samples, || pass(black_box(input), black_box(&mut output)));
    Ok(())
}

/// Forward, cross entropy, backward, SGD; the losses of two steps are compared.
fn train<N: Network<Element = f32, Output = Tensor1<CLASSES>>, const CLASSES: usize>(name: &str) -> Result<(), Box<dyn Error>> {
    let mut network = load::<N>(name)?;
    let io = tensors(&format!("{name}.train.safetensors"));
    let mut input: Box<[N::Input; BATCH]> = Box::new(Zeroable::zeroed());
    for (sample, values) in input.iter_mut().zip(io["input"].1.chunks_exact(io["input"].1.len() / BATCH)) {
        sample.part_mut(0).copy_from_slice(values);
    }
    let labels: [i64; BATCH] = std::array::from_fn(|i| io["target"].1[i] as i64);
    let (mut tape, mut gradients) = (N::tape::<BATCH>(), N::gradients());
    let (loss, mut optimizer) = (CrossEntropyLoss::new(), SGD::boxed(0.01));
    let mut cotangent = [Tensor1([0.0; CLASSES]); BATCH];
    let mut step = || {
        let output = network.forward_train(&input, &mut tape);
        let value = loss.forward(output, &labels, &mut cotangent);
        network.grad(&mut tape, &cotangent, &mut gradients);
        optimizer.step(&mut *network, &gradients);
        value
    };
    let losses = [step(), step()];
    let error = rel_err(&losses, &[io["loss0"].1[0], io["loss1"].1[0]]);
    bench("ours", name, "train", error, 1, || {
        black_box(step());
    });
    Ok(())
}

/// A network with a state, or one of the grid.
fn streamed(name: &str) -> Option<Result<(), Box<dyn Error>>> {
    macro_rules! choose {
        ($($module:ident $size:literal)*) => {
            match name {
                "lstm_audio" => Some(stream::<networks::lstm_audio::Net>(name)),
                "gru_audio" => Some(stream::<networks::gru_audio::Net>(name)),
                $(concat!("dense_", $size) => Some(stream::<grid::$module::Dense>(name)),
                concat!("conv1d_", $size) => Some(stream::<grid::$module::Conv>(name)),
                concat!("gru_", $size) => Some(stream::<grid::$module::Gru>(name)),
                concat!("lstm_", $size) => Some(stream::<grid::$module::Lstm>(name)),)*
                _ => None,
            }
        };
    }
    choose!(size4 4 size8 8 size16 16 size32 32 size64 64)
}

fn main() -> Result<(), Box<dyn Error>> {
    use networks::*;
    let args: Vec<String> = std::env::args().collect();
    let (task, name) = (args[1].as_str(), args[2].as_str());
    if task == "frozen"
        && let Some(done) = streamed(name)
    {
        return done;
    }
    macro_rules! choose {
        ($($module:ident)*) => {
            match (task, name) {
                (_, "conv_128_256_4") => batch::run(task, name),
                ("train", "mlp") => train::<mlp::Net, 10>(name),
                ("train", "digits_cnn") => train::<digits_cnn::Net, 10>(name),
                ("train", "lenet5") => train::<lenet5::Net, 10>(name),
                ("train", "resnet8") => train::<resnet8::Net, 10>(name),
                ("train", "dscnn") => train::<dscnn::Net, 12>(name),
                ("train", "lstm_64_128") => train::<lstm_64_128::Net, 10>(name),
                ("train", "transformer_128") => train::<transformer_128::Net, 10>(name),
                ("train", "mobilenet_v1_025") => train::<mobilenet_v1_025::Net, 2>(name),
                ("frozen", "lstm_block") => Case::<lstm_block::Net>::new(name, 512)?.frozen(),
                ("plain", "lstm_block") => Case::<lstm_block::Net>::new(name, 512)?.plain(),
                $(("frozen", stringify!($module)) => Case::<$module::Net>::new(name, 1)?.frozen(),)*
                $(("squares", stringify!($module)) => Case::<$module::Net>::new(name, 1)?.squares(),)*
                $(("plain", stringify!($module)) => Case::<$module::Net>::new(name, 1)?.plain(),)*
                _ => Err(format!("no model `{name}`").into()),
            }
        };
    }
    choose!(mlp_6_64_8_4 mlp_64_32_10 mlp digits_cnn lenet5 lstm_audio gru_audio dscnn mobilenet_v1_025 resnet8 resnet18 cyclegan_gen tiny_autoencoder)
}

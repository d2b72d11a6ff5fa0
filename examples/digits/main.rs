//! Trains a convolutional network on 1,797 handwritten digits and shows what it learnt.
//!
//! ```sh
//! cargo run --release --example digits
//! ```
//!
//! It prints the network's layers, a line for each epoch, a confusion matrix and the test accuracy, and writes pictures to `target/digits`: the
//! curves of the training, the digits that it found hardest, the filters of its first layer.

mod data;
mod pictures;

use std::error::Error;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use nn::data::Dataset;
use nn::loss::CrossEntropyLoss;
use nn::metrics::{ConfusionMatrix, argmax};
use nn::optim::{AdamW, OneCycleLR};
use nn::prelude::*;
use nn::train::{Epoch, Observer, Plan, Score, Step, Trainer, accuracy};

use data::{Digit, Digits, IMAGE, Image};

network! {
    /// Three stages of convolution, normalisation and activation.
    struct DigitNet: [1, IMAGE, IMAGE] -> [10] {
        conv1: Conv2d(1, 32, 3, padding = 1, bias = false),
        bn1: BatchNorm2d(32),
        ReLU,
        conv2: Conv2d(32, 64, 3, stride = 2, padding = 1, bias = false),
        bn2: BatchNorm2d(64),
        ReLU,
        conv3: Conv2d(64, 64, 3, padding = 1, bias = false),
        bn3: BatchNorm2d(64),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc: Linear(_, 10),
    }
}

const SEED: u64 = 42;
const EPOCHS: usize = 20;
const BATCH: usize = 32;
const MAX_LR: f64 = 0.005;
const LOSS: CrossEntropyLoss<10> = CrossEntropyLoss::new().label_smoothing(0.05);

/// What the network made of a digit.
struct Reading<'d> {
    image: &'d Image,
    label: u32,
    guess: u32,
    /// The probability that it gave its guess.
    confidence: f32,
    loss: f32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let digits = data::load();
    println!("{}\n", DigitNet::summary());
    println!("{} digits to learn from, {} to be tested on\n", digits.train.len(), digits.test.len());
    let begin = Instant::now();
    let (net, epochs) = train(&digits)?;
    println!("trained in {:.1} s\n", begin.elapsed().as_secs_f32());

    let readings = read(&net, &digits.test);
    let mut confusion = ConfusionMatrix::<10>::new();
    readings.iter().for_each(|reading| confusion.add(reading.label as usize, reading.guess as usize));
    println!("digits, each in its row, and what they were read as\n\n{confusion}\n");
    match pictures::draw(&net, &epochs, &readings) {
        Ok(paths) => println!("pictures: {}", paths.join(", ")),
        Err(error) => eprintln!("the pictures could not be written: {error}"),
    }
    println!("test accuracy: {:.2} %", 100.0 * confusion.accuracy());
    Ok(())
}

fn train(digits: &Digits) -> Result<(Box<DigitNet>, Vec<Epoch>), Box<dyn Error>> {
    let schedule = OneCycleLR::new(MAX_LR, EPOCHS * (digits.train.len() / BATCH));
    let net = DigitNet::init(&mut nn::seed(SEED));
    let mut trainer = Trainer::new(net, AdamW::boxed(MAX_LR), LOSS)
        .epochs(EPOCHS)
        .seed(SEED)
        .metric("accuracy", accuracy)
        .validate(&digits.test)
        .observe(Progress(ProgressBar::no_length()))
        .schedule(|optimizer, step| schedule.apply(step, optimizer));
    let shifted = (&digits.train).augment(|image: &mut Image, label, random| {
        data::shift(image, random);
        label
    });
    let epochs = trainer.fit::<BATCH>(&shifted)?;
    Ok((trainer.network, epochs))
}

/// A bar, which shows nothing where there is no terminal, and a line for each epoch.
struct Progress(ProgressBar);

impl Observer for Progress {
    fn begin(&mut self, plan: &Plan) {
        let style =
            ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} to go").expect("the template is well formed");
        self.0.set_style(style);
        self.0.set_length((plan.epochs * plan.steps) as u64);
    }

    fn step(&mut self, _: &Step) {
        self.0.inc(1);
    }

    fn epoch(&mut self, epoch: &Epoch) {
        let (number, loss) = (epoch.number, epoch.train.loss);
        let [train, test] = scores(epoch).map(percent);
        self.0.suspend(|| {
            println!(
                "epoch {number:>2}   loss {loss:.3}   training accuracy {train:>6.2} %   test accuracy {test:>6.2} %"
            );
        });
        if number == epoch.of {
            self.0.finish_and_clear();
        }
    }
}

/// Over the training digits, and over the test digits.
fn scores(epoch: &Epoch) -> [&Score; 2] {
    [&epoch.train, epoch.validation.as_ref().unwrap_or(&epoch.train)]
}

/// The accuracy.
fn percent(score: &Score) -> f64 {
    100.0 * score.metric("accuracy").unwrap_or(f64::NAN)
}

fn read<'d>(net: &DigitNet, digits: &'d [Digit]) -> Vec<Reading<'d>> {
    let mut workspace = DigitNet::workspace::<1>();
    let mut output = [Tensor1([0.0; 10])];
    let mut read_one = |(image, label): &'d Digit| {
        net.forward(image, &mut workspace, &mut output[0]);
        let guess = argmax(&*output[0]) as u32;
        // The cross entropy of a class is minus the logarithm of its probability.
        let confidence = (-CrossEntropyLoss::new().value(&output, &[guess])).exp();
        Reading { image, label: *label, guess, confidence, loss: LOSS.value(&output, &[*label]) }
    };
    digits.iter().map(&mut read_one).collect()
}

impl Reading<'_> {
    fn is_right(&self) -> bool {
        self.guess == self.label
    }
}

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

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use nn::loss::CrossEntropyLoss;
use nn::optim::{AdamW, OneCycleLR};
use nn::prelude::*;

use data::{Digit, Digits, IMAGE};

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

/// How the network did over some digits.
struct Score {
    /// The mean.
    loss: f32,
    /// In percent.
    accuracy: f32,
}

struct Epoch {
    train: Score,
    test: Score,
}

/// What the network made of a digit.
struct Reading<'d> {
    digit: &'d Digit,
    guess: u32,
    /// The probability that it gave its guess.
    confidence: f32,
    loss: f32,
}

fn main() {
    let digits = data::load();
    println!("{}\n", DigitNet::summary());
    println!("{} digits to learn from, {} to be tested on\n", digits.train.len(), digits.test.len());
    let begin = Instant::now();
    let (net, epochs) = train(&digits);
    println!("trained in {:.1} s\n", begin.elapsed().as_secs_f32());

    let readings = read(&net, &digits.test);
    print_confusion(&readings);
    match pictures::draw(&net, &epochs, &readings) {
        Ok(paths) => println!("pictures: {}", paths.join(", ")),
        Err(error) => eprintln!("the pictures could not be written: {error}"),
    }
    println!("test accuracy: {:.2} %", Score::of(&readings).accuracy);
}

fn train(digits: &Digits) -> (Box<DigitNet>, Vec<Epoch>) {
    let mut random = nn::seed(SEED);
    let mut net = DigitNet::init(&mut random);
    let (mut tape, mut gradients) = (DigitNet::tape::<BATCH>(), DigitNet::gradients());
    // The few digits that do not fill a batch sit out; the next epoch shuffles them in.
    let batches = digits.train.len() / BATCH;
    let schedule = OneCycleLR::new(MAX_LR, EPOCHS * batches);
    let mut optimizer = AdamW::<DigitNet>::boxed(schedule.lr(0));

    let bar = progress_bar(EPOCHS * batches);
    let mut epochs: Vec<Epoch> = Vec::new();
    for epoch in 0..EPOCHS {
        let order = data::shuffled(digits.train.len(), &mut random);
        let (mut loss, mut right) = (0.0, 0);
        for (batch, places) in order.chunks_exact(BATCH).enumerate() {
            let images: [_; BATCH] = std::array::from_fn(|i| digits.train[places[i]].shifted(&mut random));
            let labels: [_; BATCH] = std::array::from_fn(|i| digits.train[places[i]].label);

            let outputs = net.forward_train(&images, &mut tape);
            right += outputs.iter().zip(labels).filter(|(output, label)| argmax(output) == *label).count();
            let mut output_gradients = [Tensor1([0.0; 10]); BATCH];
            loss += LOSS.forward(outputs, &labels, &mut output_gradients);

            gradients.set_zero();
            net.backward_parameters(&mut tape, &output_gradients, &mut gradients);
            let step = epoch * batches + batch;
            optimizer.set_lr(schedule.lr(step));
            optimizer.betas.0 = schedule.momentum(step);
            optimizer.step(&mut net, &gradients);
            bar.inc(1);
        }
        let train = Score { loss: loss / batches as f32, accuracy: percent(right, batches * BATCH) };
        let test = Score::of(&read(&net, &digits.test));
        bar.suspend(|| {
            let (epoch, Score { loss, accuracy }) = (epoch + 1, &train);
            println!(
                "epoch {epoch:>2}   loss {loss:.3}   training accuracy {accuracy:>6.2} %   test accuracy {:>6.2} %",
                test.accuracy
            );
        });
        epochs.push(Epoch { train, test });
    }
    bar.finish_and_clear();
    (net, epochs)
}

/// Shows nothing where there is no terminal.
fn progress_bar(steps: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} to go").expect("the template is well formed");
    ProgressBar::new(steps as u64).with_style(style)
}

fn read<'d>(net: &DigitNet, digits: &'d [Digit]) -> Vec<Reading<'d>> {
    let mut workspace = DigitNet::workspace::<1>();
    let mut output = [Tensor1([0.0; 10])];
    let mut read_one = |digit: &'d Digit| {
        net.forward_batch(&[digit.image], &mut workspace, &mut output);
        let guess = argmax(&output[0]);
        // The cross entropy of a class is minus the logarithm of its probability.
        let confidence = (-CrossEntropyLoss::new().value(&output, &[guess])).exp();
        Reading { digit, guess, confidence, loss: LOSS.value(&output, &[digit.label]) }
    };
    digits.iter().map(&mut read_one).collect()
}

/// The class with the highest value.
fn argmax(output: &Tensor1<10>) -> u32 {
    (0..10).max_by(|a, b| output[*a as usize].total_cmp(&output[*b as usize])).unwrap_or(0)
}

impl Reading<'_> {
    fn is_right(&self) -> bool {
        self.guess == self.digit.label
    }
}

impl Score {
    fn of(readings: &[Reading<'_>]) -> Score {
        let loss = readings.iter().map(|reading| reading.loss).sum::<f32>() / readings.len() as f32;
        Score { loss, accuracy: percent(readings.iter().filter(|reading| reading.is_right()).count(), readings.len()) }
    }
}

fn percent(part: usize, whole: usize) -> f32 {
    100.0 * part as f32 / whole as f32
}

fn print_confusion(readings: &[Reading<'_>]) {
    let mut counts = [[0; 10]; 10];
    for reading in readings {
        counts[reading.digit.label as usize][reading.guess as usize] += 1;
    }
    println!("      read as");
    println!("digit {}", (0..10).map(|guess| format!("{guess:>5}")).collect::<String>());
    for (label, row) in counts.iter().enumerate() {
        let cells: String =
            row.iter().map(|count| if *count == 0 { "    ·".into() } else { format!("{count:>5}") }).collect();
        println!("{label:>5} {cells}");
    }
    println!();
}

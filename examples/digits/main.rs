//! Trains a convolutional network on 1,797 handwritten digits and shows what it learnt.
//!
//! ```sh
//! cargo run --release --example digits
//! ```
//!
//! It prints the network's layers, a progress bar with loss and accuracy, the test accuracy and a confusion matrix, and writes pictures to
//! `target/digits`: the curves of the training, the digits that it got wrong, the filters of its first layer.

mod data;
mod pictures;

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
        conv2: Conv2d(32, 64, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(64),
        ReLU,
        MaxPool2d(2),
        conv3: Conv2d(64, 64, 3, padding = 1, bias = false),
        bn3: BatchNorm2d(64),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc: Linear(_, 10),
    }
}

const EPOCHS: usize = 20;
const BATCH: usize = 32;
const SEED: u64 = 42;
const LOSS: CrossEntropyLoss<10> = CrossEntropyLoss::new().label_smoothing(0.05);

/// What an epoch came to.
struct Epoch {
    loss: f32,
    train_accuracy: f32,
    test_accuracy: f32,
}

fn main() {
    let digits = data::load();
    println!("{}\n", DigitNet::summary());
    println!("{} digits to learn from, {} to be tested on", digits.train.len(), digits.test.len());
    let begin = std::time::Instant::now();
    let (net, epochs) = train(&digits);
    println!("trained in {:.1} s", begin.elapsed().as_secs_f32());

    let guesses = classify(&net, &digits.test);
    let wrong: Vec<_> = digits.test.iter().zip(&guesses).filter(|(digit, guess)| digit.label != **guess).collect();
    print_confusion(&digits.test, &guesses);
    match pictures::draw(&net, &epochs, &wrong) {
        Ok(paths) => println!("pictures: {}", paths.join(", ")),
        Err(error) => eprintln!("the pictures could not be written: {error}"),
    }
    println!("test accuracy: {:.2} %", accuracy(&digits.test, &guesses));
}

fn train(digits: &Digits) -> (Box<DigitNet>, Vec<Epoch>) {
    let mut random = nn::seed(SEED);
    let mut net = DigitNet::init(&mut random);
    let (mut tape, mut gradients) = (DigitNet::tape::<BATCH>(), DigitNet::gradients());
    let mut optimizer = AdamW::<DigitNet>::boxed(0.0);
    let batches = digits.train.len() / BATCH;
    let schedule = OneCycleLR::new(0.005, EPOCHS * batches);
    let bar = ProgressBar::new((EPOCHS * batches) as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}").expect("the template is well formed"));

    let mut epochs: Vec<Epoch> = Vec::new();
    for epoch in 0..EPOCHS {
        let order = data::shuffled(digits.train.len(), &mut random);
        let (mut loss, mut right) = (0.0, 0);
        // The few digits that do not fill a batch sit out; the next epoch shuffles them in.
        for (batch, places) in order.chunks_exact(BATCH).enumerate() {
            let labels: [u32; BATCH] = std::array::from_fn(|i| digits.train[places[i]].label);
            let images: [_; BATCH] = std::array::from_fn(|i| digits.train[places[i]].shifted(&mut random));
            let output = net.forward_train(&images, &mut tape);
            let mut output_gradients = [Tensor1([0.0; 10]); BATCH];
            loss += LOSS.forward(output, &labels, &mut output_gradients);
            right += output.iter().zip(labels).filter(|(output, label)| data::argmax(output) == *label).count();

            gradients.set_zero();
            net.backward_parameters(&mut tape, &output_gradients, &mut gradients);
            optimizer.set_lr(schedule.lr(epoch * batches + batch));
            optimizer.step(&mut net, &gradients);
            bar.inc(1);
        }
        let (loss, train_accuracy) = (loss / batches as f32, 100.0 * right as f32 / (batches * BATCH) as f32);
        let test_accuracy = accuracy(&digits.test, &classify(&net, &digits.test));
        bar.set_message(format!("epoch {:>2}  loss {loss:.4}  train {train_accuracy:.1} %  test {test_accuracy:.1} %", epoch + 1));
        epochs.push(Epoch { loss, train_accuracy, test_accuracy });
    }
    bar.finish();
    println!();
    (net, epochs)
}

fn classify(net: &DigitNet, digits: &[Digit]) -> Vec<u32> {
    let mut workspace = DigitNet::workspace::<1>();
    let mut output = Tensor1([0.0; 10]);
    digits
        .iter()
        .map(|digit| {
            net.forward(&digit.image, &mut workspace, &mut output);
            data::argmax(&output)
        })
        .collect()
}

fn accuracy(digits: &[Digit], guesses: &[u32]) -> f32 {
    let right = digits.iter().zip(guesses).filter(|(digit, guess)| digit.label == **guess).count();
    100.0 * right as f32 / digits.len() as f32
}

fn print_confusion(digits: &[Digit], guesses: &[u32]) {
    let mut counts = [[0; 10]; 10];
    for (digit, guess) in digits.iter().zip(guesses) {
        counts[digit.label as usize][*guess as usize] += 1;
    }
    println!("\n            guess");
    println!("label {}", (0..10).map(|guess| format!("{guess:>5}")).collect::<String>());
    for (label, row) in counts.iter().enumerate() {
        let cells: String = row.iter().map(|count| if *count == 0 { "    ·".into() } else { format!("{count:>5}") }).collect();
        println!("{label:>5} {cells}");
    }
    println!();
}

//! A small GPT learns to add: it reads `1234+5678=` and writes the sum, a digit at a time, the last digit first, as one adds by hand.
//!
//! `cargo run --release --example adder`
//!
//! There are a hundred million such questions. It sees one in a thousand, and is then asked others.

#[path = "architectures/gpt.rs"]
mod gpt;
#[path = "progress/mod.rs"]
mod progress;

use std::error::Error;
use std::time::Instant;

use nn::Random;
use nn::data::{Dataset, below};
use nn::loss::CrossEntropyLoss;
use nn::metrics::argmax;
use nn::optim::{AdamW, OneCycleLR};
use nn::prelude::*;
use nn::train::{Epoch, Trainer};

use gpt::Gpt;
use progress::progress;

/// Digits of each number.
const DIGITS: usize = 4;
/// Characters of `1234+5678=`.
const QUESTION: usize = 2 * DIGITS + 2;
/// Characters of a question with its answer, without the last digit, behind which nothing comes.
const LEN: usize = QUESTION + DIGITS;
const CHARACTERS: &[u8; 12] = b"0123456789+=";
/// At a place where nothing is to be guessed.
const NOTHING: u32 = 99;

const EPOCHS: usize = 5;
const STEPS: usize = 400;
const BATCH: usize = 64;

type Line = Tensor1<LEN, u32>;

/// Two numbers, and the characters of question and answer.
struct Sum {
    numbers: [usize; 2],
    text: [u32; LEN + 1],
}

impl Sum {
    fn new(random: &mut Random) -> Sum {
        let numbers = [(); 2].map(|()| below(10_usize.pow(DIGITS as u32), random));
        let [a, b] = numbers;
        let answer: String = format!("{:0width$}", a + b, width = DIGITS + 1).chars().rev().collect();
        let line = format!("{a:0DIGITS$}+{b:0DIGITS$}={answer}");
        let number = |byte| CHARACTERS.iter().position(|character| *character == byte).unwrap_or(0) as u32;
        let mut text = [0; LEN + 1];
        text.iter_mut().zip(line.bytes()).for_each(|(place, byte)| *place = number(byte));
        Sum { numbers, text }
    }

    fn input(&self) -> nn::Input<Gpt> {
        (Tensor1(std::array::from_fn(|place| self.text[place])), Tensor1(std::array::from_fn(|place| place as u32)))
    }
}

/// Sums without end.
struct Sums;

impl Dataset for Sums {
    type Input = nn::Input<Gpt>;
    type Target = Line;

    fn len(&self) -> usize {
        STEPS * BATCH
    }

    fn read(&self, _: usize, random: &mut Random, input: &mut Self::Input) -> Line {
        let sum = Sum::new(random);
        *input = sum.input();
        // Each place tells the character behind it; the question's cannot be guessed.
        Tensor1(std::array::from_fn(|place| if place + 1 < QUESTION { NOTHING } else { sum.text[place + 1] }))
    }
}

/// The character that the scores at a place are highest for.
fn guess(scores: &nn::Output<Gpt>, place: usize) -> u32 {
    argmax(&scores.each_ref().map(|places| places[place])) as u32
}

/// 1 if the whole answer is right.
fn all_digits(scores: &nn::Output<Gpt>, target: &Line) -> f64 {
    let right = (QUESTION - 1..LEN).all(|place| guess(scores, place) == target[place]);
    f64::from(u8::from(right))
}

/// The network's answer, a digit at a time: each is read when the next one is asked for.
fn answer(net: &Gpt, sum: &Sum, workspace: &mut nn::Workspace<Gpt>) -> usize {
    let mut input = sum.input();
    let mut scores = nn::Output::<Gpt>::default();
    let (mut total, mut unit) = (0, 1);
    input.0[QUESTION..].fill(0);
    for place in QUESTION - 1..LEN {
        net.forward(&input, workspace, &mut scores);
        let digit = guess(&scores, place);
        total += digit as usize * unit;
        unit *= 10;
        if place + 1 < LEN {
            input.0[place + 1] = digit;
        }
    }
    total
}

fn line(epoch: &Epoch) -> String {
    let (seen, right) = (epoch.number * STEPS * BATCH, 100.0 * epoch.train.metric("right").unwrap_or(0.0));
    format!("{seen:>7} sums   loss {:.4}   right {right:>6.2} %", epoch.loss())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}\n", Gpt::summary());
    let begin = Instant::now();
    let schedule = OneCycleLR::new(0.004, EPOCHS * STEPS);
    let loss = CrossEntropyLoss::new().ignore_index(i64::from(NOTHING));
    let mut trainer = Trainer::new(Gpt::init(&mut nn::seed(1)), AdamW::boxed(0.004), loss)
        .epochs(EPOCHS)
        .metric("right", all_digits)
        .observe(progress(line))
        .schedule(|optimizer, step| schedule.apply(step, optimizer));
    trainer.fit::<BATCH>(&Sums)?;
    println!("trained in {:.0} s\n", begin.elapsed().as_secs_f32());

    let (net, mut workspace, mut random) = (trainer.network, Gpt::workspace::<1>(), nn::seed(2));
    let mut right = 0;
    for number in 0..1000 {
        let sum = Sum::new(&mut random);
        let ([a, b], answer) = (sum.numbers, answer(&net, &sum, &mut workspace));
        right += usize::from(answer == a + b);
        if number < 5 || answer != a + b {
            let verdict = if answer == a + b { String::new() } else { format!(", but it is {}", a + b) };
            println!("{a} + {b} = {answer}{verdict}");
        }
    }
    println!("\n{right} of 1000 new sums right");
    Ok(())
}

//! An LSTM learns to write, a character at a time, from the texts of this repository: `cargo run --release --example writer`
//!
//! It learns on pieces of 64 characters, whole sequences at once, and writes with a second network, of a single step, which has the same
//! parameters and gives its state back to the caller. A higher temperature writes more daringly: `-- 0.9`.

#[path = "progress/mod.rs"]
mod progress;

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use nn::data::{Dataset, below};
use nn::loss::CrossEntropyLoss;
use nn::optim::{Adam, OneCycleLR};
use nn::prelude::*;
use nn::train::{Epoch, Trainer};
use nn::weights::{Weights, WeightsError};
use nn::{Random, Zeroable};

use progress::progress;

const TEXTS: [&str; 7] = [
    include_str!("../README.md"),
    include_str!("../ARCHITECTURE.md"),
    include_str!("../CONTRIBUTING.md"),
    include_str!("../docs/language.md"),
    include_str!("../docs/weights.md"),
    include_str!("../tests/README.md"),
    include_str!("../LICENSE-APACHE"),
];
/// Printable ASCII, the line's end first.
const CHARACTERS: usize = 96;
const LENGTH: usize = 64;
const WIDTH: usize = 128;

const EPOCHS: usize = 16;
const STEPS: usize = 150;
const BATCH: usize = 24;

network! {
    /// Characters to the scores of what follows each: as it learns.
    struct Reader: [u32; LENGTH] -> [CHARACTERS, LENGTH] {
        embedding: Embedding(CHARACTERS, 32),
        lstm: LSTM(32, WIDTH),
        fc: Linear(WIDTH, CHARACTERS),
    }
    forward(x) {
        let (y, _) = lstm(embedding(x));
        transpose(fc(y), 1, 2)
    }
}

network! {
    /// A character and the state to the scores of the next one and the new state: as it writes.
    struct Writer: (u32, [WIDTH], [WIDTH]) -> ([CHARACTERS], [WIDTH], [WIDTH]) {
        embedding: Embedding(CHARACTERS, 32),
        lstm: LSTMCell(32, WIDTH),
        fc: Linear(WIDTH, CHARACTERS),
    }
    forward(x, h, c) {
        let (h, c) = lstm(embedding(x), (h, c));
        (fc(h), h, c)
    }
}

fn number(byte: u8) -> Option<u32> {
    match byte {
        b'\n' => Some(0),
        b' '..=b'~' => Some(u32::from(byte - b' ') + 1),
        _ => None,
    }
}

fn character(number: u32) -> char {
    if number == 0 { '\n' } else { char::from(b' ' - 1 + number as u8) }
}

/// Pieces from anywhere in the text.
struct Pieces(Vec<u32>);

impl Dataset for Pieces {
    type Input = Tensor1<LENGTH, u32>;
    type Target = Tensor1<LENGTH, u32>;

    fn len(&self) -> usize {
        STEPS * BATCH
    }

    fn read(&self, _: usize, random: &mut Random, input: &mut Self::Input) -> Self::Target {
        let start = below(self.0.len() - LENGTH, random);
        *input = Tensor1(std::array::from_fn(|place| self.0[start + place]));
        Tensor1(std::array::from_fn(|place| self.0[start + place + 1]))
    }
}

/// The same parameters: PyTorch calls those of an LSTM `weight_ih_l0`, those of its cell `weight_ih`.
fn writer(reader: &Reader) -> Result<Box<Writer>, WeightsError> {
    let mut writer = Writer::init(&mut nn::seed(0));
    let rename = |name: &str| if name.starts_with("lstm.") { format!("{name}_l0") } else { name.to_string() };
    Weights::from_bytes(&reader.to_safetensors())?.rename(rename).load_into(&mut *writer)?;
    Ok(writer)
}

/// Draws a character, each with the probability exp(score / temperature), up to a factor.
fn draw(scores: &Tensor1<CHARACTERS>, temperature: f32, random: &mut Random) -> u32 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights = scores.map(|score| ((score - highest) / temperature).exp());
    let mut left = weights.iter().sum::<f32>() * below(1 << 24, random) as f32 / (1 << 24) as f32;
    let drawn = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    drawn.unwrap_or(0) as u32
}

/// Writes behind a beginning, each character as soon as it is known.
fn write(writer: &Writer, begin: &str, length: usize, temperature: f32) -> std::io::Result<()> {
    let (mut random, mut workspace) = (nn::seed(3), Writer::workspace::<1>());
    let (mut scores, mut h, mut c) = nn::Output::<Writer>::zeroed();
    let mut out = std::io::stdout().lock();
    let mut begin = begin.bytes().filter_map(number);
    for _ in 0..length {
        let next = begin.next().unwrap_or_else(|| draw(&scores, temperature, &mut random));
        write!(out, "{}", character(next))?;
        out.flush()?;
        let mut output = nn::Output::<Writer>::zeroed();
        writer.forward(&(Tensor0(next), h, c), &mut workspace, &mut output);
        (scores, h, c) = output;
    }
    writeln!(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let temperature: f32 = std::env::args().nth(1).map_or(Ok(0.6), |text| text.parse())?;
    println!("{}\n", Reader::summary());
    let mut text: Vec<u32> = TEXTS.iter().flat_map(|text| text.bytes()).filter_map(number).collect();
    // Of indentation and tables there would be more to learn than of words.
    text.dedup_by(|a, b| a == b && *a == 1);
    println!("{} characters to learn from\n", text.len());

    let begin = Instant::now();
    let schedule = OneCycleLR::new(0.01, EPOCHS * STEPS);
    let mut trainer = Trainer::new(Reader::init(&mut nn::seed(1)), Adam::boxed(0.01), CrossEntropyLoss::new())
        .epochs(EPOCHS)
        .clip_grad_norm(1.0)
        .observe(progress(|epoch: &Epoch| {
            let loss = epoch.loss();
            format!("epoch {:>2}   loss {loss:.3}, as if it chose among {:.1} characters", epoch.number, loss.exp())
        }))
        .schedule(|optimizer, step| schedule.apply(step, optimizer));
    trainer.fit::<BATCH>(&Pieces(text))?;
    println!("trained in {:.0} s\n", begin.elapsed().as_secs_f32());

    write(&*writer(&trainer.network)?, "The network ", 800, temperature)?;
    Ok(())
}

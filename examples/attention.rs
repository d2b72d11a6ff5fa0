//! A transformer learns to sort digits, and shows where it looks: `cargo run --release --example attention`
//!
//! Each place of the result needs a digit that stands anywhere in the input. One attention compares every digit with all others; a second one
//! fetches, and nothing but the digits themselves is there to be fetched. Its weights are drawn to `target/attention.png`.

use std::error::Error;
use std::time::Instant;

use nn::loss::CrossEntropyLoss;
use nn::optim::{AdamW, OneCycleLR};
use nn::prelude::*;
use nn::{Random, Rng};
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Digits of a line.
const LEN: usize = 8;
const WIDTH: usize = 32;
const BATCH: usize = 64;
const STEPS: usize = 1000;

network! {
    /// Digits and places, one-hot, to the scores of ten digits for each place of the result, and where it was found.
    struct Sorter: ([LEN, 10], [LEN, LEN]) -> ([10, LEN], [LEN, LEN]) {
        embed: Linear(10 + LEN, WIDTH),
        norm1: LayerNorm(WIDTH),
        compare: MultiheadAttention(WIDTH, num_heads = 4),
        norm2: LayerNorm(WIDTH),
        fc1: Linear(WIDTH, 2 * WIDTH),
        fc2: Linear(2 * WIDTH, WIDTH),
        norm3: LayerNorm(WIDTH),
        fetch: MultiheadAttention(WIDTH, num_heads = 1, vdim = 10),
        digit: Linear(WIDTH, 10),
    }
    forward(digits, places) {
        let x = embed(cat([digits, places], dim = 2));
        let h = norm1(x);
        let (seen, _) = compare(h, h, h, need_weights = false);
        x += seen;
        x += fc2(gelu(fc1(norm2(x))));
        let h = norm3(x);
        let (found, weights) = fetch(h, h, digits);
        (transpose(digit(found), 1, 2), weights)
    }
}

type Line = [usize; LEN];

/// Digits in any order.
fn line(random: &mut Random) -> Line {
    std::array::from_fn(|_| (random.next_u32() % 10) as usize)
}

fn one_hot(line: &Line) -> nn::Input<Sorter> {
    let (mut digits, mut places) = (Tensor2::default(), Tensor2::default());
    for (place, digit) in line.iter().enumerate() {
        digits[place][*digit] = 1.0;
        places[place][place] = 1.0;
    }
    (digits, places)
}

fn sorted(line: &Line) -> Tensor1<LEN, u32> {
    let mut sorted = line.map(|digit| digit as u32);
    sorted.sort_unstable();
    Tensor1(sorted)
}

/// The digit with the highest score at each place.
fn digits(scores: &Tensor2<10, LEN>) -> Tensor1<LEN, u32> {
    let best = |place: usize| (0..10).max_by(|a, b| scores[*a][place].total_cmp(&scores[*b][place]));
    Tensor1(std::array::from_fn(|place| best(place).unwrap_or(0) as u32))
}

fn train(random: &mut Random) -> Box<Sorter> {
    let mut net = Sorter::init(random);
    let schedule = OneCycleLR::new(0.01, STEPS);
    let mut optimizer = AdamW::<Sorter>::boxed(schedule.lr(0));
    let (mut tape, mut gradients) = (Sorter::tape::<BATCH>(), Sorter::gradients());
    for step in 0..STEPS {
        let lines: [Line; BATCH] = std::array::from_fn(|_| line(random));
        let outputs = net.forward_train(&lines.map(|line| one_hot(&line)), &mut tape).map(|(scores, _)| scores);
        let targets = lines.map(|line| sorted(&line));
        let mut score_gradients = [Tensor2::default(); BATCH];
        let loss = CrossEntropyLoss::new().forward(&outputs, &targets, &mut score_gradients);
        gradients.set_zero();
        // Nothing is asked of the weights.
        let output_gradients = score_gradients.map(|gradient| (gradient, Tensor2::default()));
        net.backward_parameters(&mut tape, &output_gradients, &mut gradients);
        optimizer.set_lr(schedule.lr(step));
        optimizer.betas.0 = schedule.momentum(step);
        optimizer.step(&mut net, &gradients);
        if (step + 1) % 100 == 0 {
            let right = outputs.iter().zip(&targets).filter(|(scores, target)| digits(scores) == **target).count();
            println!(
                "step {:>5}   loss {loss:.4}   lines sorted {:>5.1} %",
                step + 1,
                100.0 * right as f32 / BATCH as f32
            );
        }
    }
    net
}

fn main() {
    println!("{}\n", Sorter::summary());
    let begin = Instant::now();
    let mut random = nn::seed(1);
    let net = train(&mut random);
    println!("trained in {:.1} s\n", begin.elapsed().as_secs_f32());

    let lines: Vec<Line> = (0..1000).map(|_| line(&mut random)).collect();
    let outputs: Vec<_> = lines.iter().map(|line| net.predict(&one_hot(line))).collect();
    for (line, (scores, _)) in lines.iter().zip(&outputs).take(5) {
        println!("{line:?} becomes {:?}", digits(scores).0);
    }
    let right = lines.iter().zip(&outputs).filter(|(line, (scores, _))| digits(scores) == sorted(line)).count();
    println!("\n{right} of {} new lines sorted", lines.len());
    match draw("target/attention.png", &lines[0], &outputs[0]) {
        Ok(()) => println!("picture: target/attention.png"),
        Err(error) => eprintln!("the picture could not be written: {error}"),
    }
}

/// A row for each digit of the result, a column for each of the input.
fn draw(path: &str, line: &Line, output: &<Sorter as Network>::Output) -> Result<(), Box<dyn Error>> {
    const CELL: i32 = 70;
    let (scores, weights) = output;
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::HACK_REGULAR)
        .map_err(|_| "the font cannot be read")?;
    let size = (LEN as i32 * CELL + 220) as u32;
    let area = BitMapBackend::new(path, (size, size)).into_drawing_area();
    area.fill(&WHITE)?;
    let centred = ("sans-serif", 30).into_font().color(&BLACK).pos(Pos::new(HPos::Center, VPos::Center));
    let small = ("sans-serif", 20).into_font().color(&BLACK).pos(Pos::new(HPos::Center, VPos::Center));
    let cell = |place: usize| 150 + place as i32 * CELL;
    let middle = |place: usize| cell(place) + CELL / 2;
    let centre = 150 + LEN as i32 * CELL / 2;
    area.draw(&Text::new("where each digit of the result was found", (centre, 30), small.clone()))?;
    area.draw(&Text::new("the input", (centre, 70), small.clone()))?;
    let upright = small.transform(FontTransform::Rotate270);
    area.draw(&Text::new("the result", (50, centre), upright))?;
    for (place, digit) in line.iter().enumerate() {
        area.draw(&Text::new(digit.to_string(), (middle(place), 115), centred.clone()))?;
    }
    for (row, digit) in digits(scores).0.into_iter().enumerate() {
        area.draw(&Text::new(digit.to_string(), (110, middle(row)), centred.clone()))?;
        for column in 0..LEN {
            let corners = [(cell(column), cell(row)), (cell(column) + CELL, cell(row) + CELL)];
            let ink = RGBColor(31, 119, 180).mix(f64::from(weights[row][column]).min(1.0));
            area.draw(&Rectangle::new(corners, ink.filled()))?;
            area.draw(&Rectangle::new(corners, RGBColor(200, 200, 200).stroke_width(1)))?;
        }
    }
    area.present()?;
    Ok(())
}

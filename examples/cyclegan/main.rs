//! A CycleGAN turns summer into winter, without ever having seen one landscape in both.
//!
//! ```sh
//! cargo run --release --example cyclegan                             # trains, then tries a picture of its own
//! cargo run --release --example cyclegan -- photo.png                # trains, then tries yours
//! cargo run --release --example cyclegan -- photo.png w.safetensors  # the generator of full size, with PyTorch's weights
//! ```
//!
//! All write `target/cyclegan.png`. The training learns from landscapes of 64x64 pixels that it draws. A network's shapes are fixed, so the
//! photograph's network is another, of 256x256 pixels, with the same parameters. A file of weights has the names of `Generator` in
//! `tests/architectures/record.py`.

#[path = "../architectures/cyclegan.rs"]
mod cyclegan;
#[path = "../picture/mod.rs"]
mod picture;
mod scenes;
mod training;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use image::RgbImage;
use image::imageops::{FilterType, resize};
use indicatif::{ProgressBar, ProgressStyle};
use nn::prelude::*;
use nn::weights::{Weights, WeightsError};

use cyclegan::{CycleGan, Generator};
use picture::Picture;
use scenes::Season;
use training::{Learner, Losses, SIZE, Small, Tapes, way};

/// Height and width of the picture that is tried.
const LARGE: usize = 256;
const STEPS: usize = 1800;
const LR: f64 = 0.001;

network! {
    /// `Small` for a larger picture.
    struct Large: [3, 256, 256] -> [3, 256, 256] {
        generator: Generator(3, 16, 3),
    }
}

fn main() -> ExitCode {
    // What is wrong with a file is told in several lines.
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut original = match arguments.next() {
        Some(path) => picture::read::<LARGE>(&path)?,
        None => picture::scene::<LARGE>()?,
    };
    // The generators' colours are from -1 to 1.
    original.as_mut_slice().iter_mut().for_each(|value| *value = 2.0 * *value - 1.0);
    match arguments.next() {
        Some(weights) => translate(&original, &weights)?,
        None => train_and_try(&original)?,
    }
    println!("picture: target/cyclegan.png");
    Ok(())
}

/// The generator of full size, with weights from a file.
fn translate(original: &Picture<LARGE>, weights: &str) -> Result<(), Box<dyn Error>> {
    let mut net = CycleGan::init(&mut nn::seed(0));
    net.load_safetensors(weights)?;
    let begin = Instant::now();
    let translated = net.predict(original);
    println!("{:.2} s for {LARGE}x{LARGE} pixels", begin.elapsed().as_secs_f64());
    picture::sheet("target/cyclegan.png", 2, &[("the picture", shown(original)), ("translated", shown(&translated))])
}

fn train_and_try(original: &Picture<LARGE>) -> Result<(), Box<dyn Error>> {
    println!("{}\n", Small::summary());
    let begin = Instant::now();
    let (to_winter, to_summer) = train();
    println!("trained in {:.0} s", begin.elapsed().as_secs_f64());

    let mut random = nn::seed(1_000_000);
    let summer = scenes::draw::<SIZE>(Season::Summer, &mut random);
    let winter = scenes::draw::<SIZE>(Season::Winter, &mut random);
    let (made_winter, made_summer) = (to_winter.predict(&summer), to_summer.predict(&winter));
    let (large_to_winter, large_to_summer) = (enlarge(&to_winter)?, enlarge(&to_summer)?);
    let translated = large_to_winter.predict(original);
    let pictures = [
        ("the picture", shown(original)),
        ("as winter", shown(&translated)),
        ("and summer again", shown(&large_to_summer.predict(&translated))),
        ("a new summer, 64x64", shown(&summer)),
        ("as winter", shown(&made_winter)),
        ("and summer again", shown(&to_summer.predict(&made_winter))),
        ("a new winter, 64x64", shown(&winter)),
        ("as summer", shown(&made_summer)),
        ("and winter again", shown(&to_winter.predict(&made_summer))),
    ];
    picture::sheet("target/cyclegan.png", 3, &pictures)
}

/// Generators from summer to winter and from winter to summer.
fn train() -> (Box<Small>, Box<Small>) {
    let mut random = nn::seed(1);
    let (mut to_winter, mut to_summer) = (Learner::new(LR, &mut random), Learner::new(LR, &mut random));
    let (mut winter_critic, mut summer_critic) = (Learner::new(LR, &mut random), Learner::new(LR, &mut random));
    let mut tapes = Tapes::new();
    let style =
        ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} to go").expect("the template is well formed");
    let bar = ProgressBar::new(STEPS as u64).with_style(style);
    let mut sums = Losses::default();
    for step in 0..STEPS {
        let summer = scenes::draw(Season::Summer, &mut random);
        let winter = scenes::draw(Season::Winter, &mut random);
        let ways = [
            way(&mut to_winter, &mut to_summer, &mut winter_critic, (&summer, &winter), &mut tapes),
            way(&mut to_summer, &mut to_winter, &mut summer_critic, (&winter, &summer), &mut tapes),
        ];
        // Constant at first, then falling to nothing, as in the paper.
        let lr = LR * (2.0 - 2.0 * step as f64 / STEPS as f64).min(1.0);
        to_winter.step(lr);
        to_summer.step(lr);
        winter_critic.step(lr);
        summer_critic.step(lr);
        for losses in ways {
            sums.cycle += losses.cycle / 2.0;
            sums.deceit += losses.deceit / 2.0;
        }
        bar.inc(1);
        if (step + 1) % (STEPS / 10) == 0 {
            let part = (STEPS / 10) as f32;
            let (cycle, deceit) = (sums.cycle / part, sums.deceit / part);
            bar.suspend(|| println!("step {:>5}   there and back: off by {cycle:.3}   critics: {deceit:.3}", step + 1));
            sums = Losses::default();
        }
    }
    bar.finish_and_clear();
    (to_winter.network, to_summer.network)
}

/// The same parameters, which have the same names, in the network for the large picture.
fn enlarge(small: &Small) -> Result<Box<Large>, WeightsError> {
    let mut large = Large::init(&mut nn::seed(0));
    Weights::from_bytes(&small.to_safetensors())?.load_into(&mut *large)?;
    Ok(large)
}

/// As an image, at least as large as the large one.
fn shown<const N: usize>(picture: &Picture<N>) -> RgbImage {
    let mut picture = Box::new(*picture);
    picture.as_mut_slice().iter_mut().for_each(|value| *value = (*value + 1.0) / 2.0);
    resize(&picture::image(&picture), LARGE as u32, LARGE as u32, FilterType::Nearest)
}

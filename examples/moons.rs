//! Trains a small network to tell two half-moons of points apart, and prints a map of what it decided.
//! `cargo run --release --example moons`

use nn::data::Dataset;
use nn::loss::CrossEntropyLoss;
use nn::optim::AdamW;
use nn::prelude::*;
use nn::train::{Epoch, Trainer, accuracy};
use nn::{Random, init};

network! { struct Moons: [2] -> [2] (Linear(2, 32), Tanh, Linear(32, 32), Tanh, Linear(32, 2)); }

const BATCH: usize = 64;

/// Points of the upper moon (0) and of the lower one (1), made as they are drawn: no two epochs see the same.
struct Points;

impl Dataset for Points {
    type Input = Tensor1<2>;
    type Target = u32;

    fn len(&self) -> usize {
        50 * BATCH
    }

    fn read(&self, index: usize, random: &mut Random, point: &mut Tensor1<2>) -> u32 {
        let (mut angle, mut noise) = ([0.0f32], [0.0; 2]);
        init::uniform().b(std::f64::consts::PI).fill(&mut angle, &[1], random);
        init::normal().std(0.08).fill(&mut noise, &[2], random);
        let (sin, cos) = angle[0].sin_cos();
        let moon = index as u32 % 2;
        let [x, y] = if moon == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
        *point = Tensor1([x + noise[0], y + noise[1]]);
        moon
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}\n", Moons::summary());
    let net = Moons::init(&mut nn::seed(1));
    let mut trainer = Trainer::new(net, AdamW::boxed(0.01), CrossEntropyLoss::new())
        .epochs(6)
        .metric("accuracy", accuracy)
        .observe(|epoch: &Epoch| println!("{epoch}"));
    trainer.fit::<BATCH>(&Points)?;
    let net = trainer.network;

    println!("\nwhat it makes of every place, . for the upper moon and # for the lower:");
    for y in (-6..=10).rev() {
        let place = |x: i32| net.predict(&Tensor1([x as f32 / 16.0, y as f32 / 7.0]));
        let row: String = (-24..=40).map(|x| if place(x)[0] > place(x)[1] { '.' } else { '#' }).collect();
        println!("{row}");
    }
    Ok(())
}

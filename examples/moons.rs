//! Trains a small network to tell two half-moons of points apart, and prints a map of what it decided.
//! `cargo run --release --example moons`

use nn::loss::CrossEntropyLoss;
use nn::optim::AdamW;
use nn::prelude::*;
use nn::{Random, init};

network! { struct Moons: [2] -> [2] (Linear(2, 32), Tanh, Linear(32, 32), Tanh, Linear(32, 2)); }

const BATCH: usize = 64;

/// A point of the upper moon (0) or of the lower one (1).
fn point(moon: usize, random: &mut Random) -> Tensor1<2> {
    let (mut angle, mut noise) = ([0.0f32], [0.0; 2]);
    init::uniform().b(std::f64::consts::PI).fill(&mut angle, &[1], random);
    init::normal().std(0.08).fill(&mut noise, &[2], random);
    let (sin, cos) = angle[0].sin_cos();
    let [x, y] = if moon == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
    Tensor1([x + noise[0], y + noise[1]])
}

fn main() {
    println!("{}\n", Moons::summary());
    let mut random = nn::seed(1);
    let mut net = Moons::init(&mut random);
    let mut optimizer = AdamW::<Moons>::boxed(0.01);
    let (mut tape, mut gradients) = (Moons::tape::<BATCH>(), Moons::gradients());

    let moons: [_; BATCH] = std::array::from_fn(|i| i % 2);
    for step in 1..=300 {
        let points = moons.map(|moon| point(moon, &mut random));
        let outputs = net.forward_train(&points, &mut tape);
        let mut output_gradients = [Tensor1([0.0; 2]); BATCH];
        let loss = CrossEntropyLoss::new().forward(outputs, &moons, &mut output_gradients);
        gradients.set_zero();
        net.backward_parameters(&mut tape, &output_gradients, &mut gradients);
        optimizer.step(&mut net, &gradients);
        if step % 50 == 0 {
            println!("step {step:>3}   loss {loss:.4}");
        }
    }

    println!("\nwhat it makes of every place, . for the upper moon and # for the lower:");
    for y in (-6..=10).rev() {
        let place = |x: i32| net.predict(&Tensor1([x as f32 / 16.0, y as f32 / 7.0]));
        let row: String = (-24..=40).map(|x| if place(x)[0] > place(x)[1] { '.' } else { '#' }).collect();
        println!("{row}");
    }
}

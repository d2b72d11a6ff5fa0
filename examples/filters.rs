//! Filters without training: weights set by hand, a convolution that sharpens, one that finds edges, and two ways of pooling.
//!
//! `cargo run --release --example filters`, or with a picture of one's own, `-- photo.png`; writes `target/filters.png`

#[path = "picture/mod.rs"]
mod picture;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use nn::prelude::*;

/// A network's shapes are fixed, so a picture's largest square is brought to this size.
const SIZE: usize = 256;
/// Pixels along a side of a pooling's windows.
const POOL: usize = 8;

type Plane = Tensor3<1, SIZE, SIZE>;

network! {
    /// A colour of a picture, in five ways.
    struct Filters: [1, SIZE, SIZE] -> ([1, SIZE, SIZE], [1, SIZE, SIZE], [1, SIZE, SIZE], [1, SIZE, SIZE], [1, SIZE, SIZE]) {
        around: Conv2d(1, 1, 3, padding = 1, padding_mode = "reflect", bias = false),
        sobel: Conv2d(1, 2, 3, padding = 1, padding_mode = "reflect", bias = false),
        largest: MaxPool2d(POOL),
        mean: AvgPool2d(POOL),
    }
    forward(x) {
        let detail = around(x);
        // The weights of `around` have the sum 1/9, those of x + detail the sum 10/9: in an even region nothing changes.
        let sharp = 0.9 * (x + detail);
        let edges = sqrt(sum(pow(sobel(x), 2), dim = 1, keepdim = true));
        let pooled = interpolate(largest(x), size = SIZE);
        let averaged = interpolate(mean(x), size = SIZE);
        (detail, sharp, edges, pooled, averaged)
    }
}

fn filters() -> Box<Filters> {
    let mut net = Filters::init(&mut nn::seed(0));
    let ninth = -1.0 / 9.0;
    net.around.weight[0][0] = [[ninth, ninth, ninth], [ninth, 1.0, ninth], [ninth, ninth, ninth]];
    let across = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]];
    net.sobel.weight[0][0] = across;
    net.sobel.weight[1][0] = std::array::from_fn(|row| std::array::from_fn(|column| across[column][row]));
    net
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
    let original = match std::env::args().nth(1) {
        Some(path) => picture::read::<SIZE>(&path)?,
        None => picture::scene::<SIZE>()?,
    };
    println!("{}\n", Filters::summary());

    // The three colours are a batch of three pictures with one channel each.
    let colours: [Plane; 3] = std::array::from_fn(|channel| Tensor3([original[channel]]));
    let mut outputs = vec![<Filters as Network>::Output::default(); 3];
    let outputs = outputs.first_chunk_mut::<3>().ok_or("three colours")?;
    let (net, mut workspace) = (filters(), Filters::workspace::<3>());
    let begin = Instant::now();
    net.forward_batch(&colours, &mut workspace, outputs);
    println!("{:.1} ms for {SIZE}x{SIZE} pixels in three colours", begin.elapsed().as_secs_f64() * 1e3);

    let [red, green, blue] = &*outputs;
    let join = |plane: fn(&nn::Output<Filters>) -> &Plane, factor: f32| {
        let mut joined = Tensor3([plane(red)[0], plane(green)[0], plane(blue)[0]]);
        joined.as_mut_slice().iter_mut().for_each(|value| *value *= factor);
        picture::image(&joined)
    };
    let pictures = [
        ("the picture", picture::image(&original)),
        ("1, around it -1/9 (4 x brighter)", join(|output| &output.0, 4.0)),
        ("sharpened: 0.9 (x + that)", join(|output| &output.1, 1.0)),
        ("edges: Sobel", join(|output| &output.2, 1.0)),
        ("MaxPool2d(8)", join(|output| &output.3, 1.0)),
        ("AvgPool2d(8)", join(|output| &output.4, 1.0)),
    ];
    picture::sheet("target/filters.png", 3, &pictures)?;
    println!("picture: target/filters.png");
    Ok(())
}

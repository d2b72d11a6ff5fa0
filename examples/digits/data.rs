//! The digits: 8x8 grey images from the UCI set "optical recognition of handwritten digits", which the crate `smartcore` carries.

use nn::{Random, Rng, Tensor3};

/// Height and width of an image.
pub(crate) const IMAGE: usize = 8;

/// An image: 0 is paper, 1 is ink.
pub(crate) type Image = Tensor3<1, IMAGE, IMAGE>;

/// One image and what it shows.
pub(crate) struct Digit {
    pub(crate) image: Image,
    pub(crate) label: u32,
}

/// The digits, split: every fifth is for the test.
pub(crate) struct Digits {
    pub(crate) train: Vec<Digit>,
    pub(crate) test: Vec<Digit>,
}

pub(crate) fn load() -> Digits {
    let set = smartcore::dataset::digits::load_dataset();
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for (index, (pixels, label)) in set.data.chunks_exact(IMAGE * IMAGE).zip(set.target).enumerate() {
        // A pixel counts the ink in a square of 4x4: 0 to 16.
        let image =
            Tensor3([std::array::from_fn(|row| std::array::from_fn(|column| pixels[row * IMAGE + column] / 16.0))]);
        let digit = Digit { image, label: label as u32 };
        if index % 5 == 4 { test.push(digit) } else { train.push(digit) }
    }
    Digits { train, test }
}

impl Digit {
    /// The image moved by at most one pixel along each axis, so that the network does not learn places by heart.
    pub(crate) fn shifted(&self, random: &mut Random) -> Image {
        let (down, right) = (below(3, random), below(3, random));
        let pixel = |row: usize, column: usize| {
            let (row, column) = ((row + 1).checked_sub(down)?, (column + 1).checked_sub(right)?);
            self.image[0].get(row)?.get(column).copied()
        };
        Tensor3([std::array::from_fn(|row| std::array::from_fn(|column| pixel(row, column).unwrap_or(0.0)))])
    }
}

/// The numbers `0..count` in random order.
pub(crate) fn shuffled(count: usize, random: &mut Random) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, below(last + 1, random));
    }
    order
}

fn below(limit: usize, random: &mut Random) -> usize {
    (random.next_u64() % limit as u64) as usize
}

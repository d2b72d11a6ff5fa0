//! The digits: 8x8 grey images from the UCI set "optical recognition of handwritten digits", which the crate `smartcore` carries.

use nn::data::below;
use nn::{Random, Tensor3};

/// Height and width of an image.
pub(crate) const IMAGE: usize = 8;

/// An image: 0 is paper, 1 is ink.
pub(crate) type Image = Tensor3<1, IMAGE, IMAGE>;

/// An image and what it shows.
pub(crate) type Digit = (Image, u32);

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
        let part = if index % 5 == 4 { &mut test } else { &mut train };
        part.push((image, label as u32));
    }
    Digits { train, test }
}

/// Moves an image by at most one pixel along each axis, so that the network does not learn places by heart.
pub(crate) fn shift(image: &mut Image, random: &mut Random) {
    let (down, right) = (below(3, random), below(3, random));
    let before = *image;
    let pixel = |row: usize, column: usize| {
        let (row, column) = ((row + 1).checked_sub(down)?, (column + 1).checked_sub(right)?);
        before[0].get(row)?.get(column).copied()
    };
    *image = Tensor3([std::array::from_fn(|row| std::array::from_fn(|column| pixel(row, column).unwrap_or(0.0)))]);
}

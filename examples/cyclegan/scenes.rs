//! Landscapes in summer and in winter: hills, trees, houses, a sun, never twice the same. No summer has its winter: the two sets know nothing
//! of each other.

use nn::data::below;
use nn::{Random, Tensor3};

use crate::picture::Picture;

type Colour = [f32; 3];

#[derive(Clone, Copy)]
pub(crate) enum Season {
    Summer,
    Winter,
}

struct Palette {
    sky: [Colour; 2],
    sun: Colour,
    hills: [Colour; 3],
    tree: Colour,
    roof: Colour,
    wall: Colour,
}

const SUMMER: Palette = Palette {
    sky: [[70.0, 130.0, 215.0], [195.0, 220.0, 240.0]],
    sun: [255.0, 235.0, 140.0],
    hills: [[105.0, 150.0, 130.0], [80.0, 145.0, 75.0], [55.0, 110.0, 50.0]],
    tree: [25.0, 75.0, 35.0],
    roof: [165.0, 60.0, 50.0],
    wall: [200.0, 165.0, 130.0],
};

const WINTER: Palette = Palette {
    sky: [[135.0, 148.0, 168.0], [215.0, 220.0, 228.0]],
    sun: [250.0, 246.0, 236.0],
    hills: [[178.0, 190.0, 208.0], [216.0, 224.0, 236.0], [242.0, 246.0, 252.0]],
    tree: [96.0, 104.0, 116.0],
    roof: [232.0, 238.0, 248.0],
    wall: [200.0, 165.0, 130.0],
};

/// What stands where; from 0 to 1, downwards.
struct Scene {
    palette: Palette,
    light: f32,
    sun: (f32, f32, f32),
    /// Middle, height, waves, phase and light of each ridge.
    hills: [(f32, f32, f32, f32, f32); 3],
    /// Place, foot and height.
    trees: Vec<(f32, f32, f32)>,
    houses: Vec<(f32, f32, f32)>,
}

fn between(low: f32, high: f32, random: &mut Random) -> f32 {
    low + (high - low) * below(1 << 20, random) as f32 / (1 << 20) as f32
}

impl Scene {
    fn new(season: Season, random: &mut Random) -> Scene {
        let palette = match season {
            Season::Summer => SUMMER,
            Season::Winter => WINTER,
        };
        let things = |most: usize, low: f32, high: f32, random: &mut Random| {
            let count = below(most + 1, random);
            let mut thing = |()| (between(0.0, 1.0, random), between(0.62, 1.0, random), between(low, high, random));
            std::iter::repeat_n((), count).map(&mut thing).collect::<Vec<_>>()
        };
        let (trees, houses) = (things(7, 0.12, 0.4, random), things(3, 0.15, 0.5, random));
        let first = between(0.35, 0.6, random);
        let hills = [0.0, 0.14, 0.3].map(|lower| {
            let waves = (between(0.02, 0.1, random), between(4.0, 14.0, random), between(0.0, 6.0, random));
            (first + lower, waves.0, waves.1, waves.2, between(0.85, 1.15, random))
        });
        let sun = (between(0.1, 0.9, random), between(0.05, 0.35, random), between(0.05, 0.12, random));
        Scene { palette, light: between(0.8, 1.1, random), sun, hills, trees, houses }
    }

    fn colour(&self, x: f32, y: f32) -> Colour {
        let palette = &self.palette;
        for (place, foot, height) in &self.trees {
            let up = (foot - y) / height;
            if (0.0..1.0).contains(&up) && (x - place).abs() < 0.35 * height * (1.0 - up) {
                return palette.tree;
            }
        }
        for (place, foot, height) in &self.houses {
            let (up, aside) = ((foot - y) / height, (x - place).abs() / height);
            if (0.0..0.7).contains(&up) && aside < 0.28 {
                return palette.wall;
            }
            if (0.7..1.0).contains(&up) && aside < 0.36 * (1.0 - up) / 0.3 {
                return palette.roof;
            }
        }
        for ((middle, height, waves, phase, light), colour) in self.hills.iter().zip(palette.hills).rev() {
            if y > middle + height * (waves * x + phase).sin() {
                return colour.map(|value| value * light);
            }
        }
        let (left, top, radius) = self.sun;
        if (x - left).hypot(y - top) < radius {
            return palette.sun;
        }
        std::array::from_fn(|channel| {
            palette.sky[0][channel] + y * 1.5 * (palette.sky[1][channel] - palette.sky[0][channel])
        })
    }
}

/// A new landscape, from -1 to 1.
pub(crate) fn draw<const SIZE: usize>(season: Season, random: &mut Random) -> Picture<SIZE> {
    let scene = Scene::new(season, random);
    let mut picture: Picture<SIZE> = Tensor3::default();
    for (row, column) in (0..SIZE).flat_map(|row| (0..SIZE).map(move |column| (row, column))) {
        // Four points in each pixel, so that edges are soft, and a grain as of a camera.
        let points = [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)];
        let at = |place: usize, part: f32| (place as f32 + part) / SIZE as f32;
        let colours = points.map(|(down, right)| scene.colour(at(column, right), at(row, down)));
        let grain = between(-6.0, 6.0, random);
        for channel in 0..3 {
            let mean = colours.iter().map(|colour| colour[channel]).sum::<f32>() / 4.0;
            picture[channel][row][column] = ((mean * scene.light + grain) / 127.5 - 1.0).clamp(-1.0, 1.0);
        }
    }
    picture
}

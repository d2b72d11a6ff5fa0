//! affine_grid and grid_sample. Coordinates run from -1 to 1, x in front; places are counted from 0 along depth, height and width.

use nn_shape::{AffineGrid, GridSample, Outside, Sampling};

use crate::Float;

/// The coordinate of a pixel: -1 and 1 are the middles of the outer ones with `align_corners`, else their edges.
fn coordinate(at: usize, size: usize, align_corners: bool) -> f64 {
    if size == 1 {
        return 0.0;
    }
    let even = 2.0 * at as f64 / (size - 1) as f64 - 1.0;
    if align_corners { even } else { even * (size - 1) as f64 / size as f64 }
}

/// Calls `visit` with the number of each pixel and its coordinates, x in front, and 1 behind them.
fn pixels(config: &AffineGrid, mut visit: impl FnMut(usize, &[f64])) {
    let [depth, height, width] = config.sizes;
    let along = |at: usize, size: usize| coordinate(at, size, config.align_corners);
    for pixel in 0..depth * height * width {
        let (x, y) = (along(pixel % width, width), along(pixel / width % height, height));
        match config.axes {
            2 => visit(pixel, &[x, y, 1.0]),
            _ => visit(pixel, &[x, y, along(pixel / width / height, depth), 1.0]),
        }
    }
}

/// `output = theta · (x, y, 1)` for each pixel.
pub(super) fn affine_forward<E: Float>(config: &AffineGrid, batch: usize, theta: &[E], output: &mut [E]) {
    let (axes, columns) = (config.axes, config.axes + 1);
    let grids = output.chunks_exact_mut(output.len() / batch);
    for (theta, grid) in theta.chunks_exact(axes * columns).zip(grids) {
        pixels(config, |pixel, coordinates| {
            for (to, row) in grid[pixel * axes..][..axes].iter_mut().zip(theta.chunks_exact(columns)) {
                *to = E::from_f64(row.iter().zip(coordinates).map(|(t, c)| t.to_f64() * c).sum());
            }
        });
    }
}

/// Adds the gradient of the maps: `Σ gradient · (x, y, 1)` over the pixels.
pub(super) fn affine_backward<E: Float>(config: &AffineGrid, batch: usize, output_gradient: &[E], gradient: &mut [E]) {
    let (axes, columns) = (config.axes, config.axes + 1);
    let grids = output_gradient.chunks_exact(output_gradient.len() / batch);
    for (gradient, grid) in gradient.chunks_exact_mut(axes * columns).zip(grids) {
        let mut sums = [0.0; 12];
        pixels(config, |pixel, coordinates| {
            for (sums, g) in sums.chunks_exact_mut(columns).zip(&grid[pixel * axes..][..axes]) {
                sums.iter_mut().zip(coordinates).for_each(|(sum, c)| *sum += g.to_f64() * c);
            }
        });
        gradient.iter_mut().zip(sums).for_each(|(to, sum)| *to += E::from_f64(sum));
    }
}

/// What a coordinate reads along one axis: up to four places, what each is multiplied by, and the slope of that.
#[derive(Clone, Copy)]
struct Taps {
    count: usize,
    /// Nothing lies at a place outside of the input.
    places: [Option<usize>; 4],
    weights: [f64; 4],
    slopes: [f64; 4],
}

/// An axis that the input does not have.
const ONE: Taps = Taps { count: 1, places: [Some(0), None, None, None], weights: [1.0; 4], slopes: [0.0; 4] };

/// How coordinates become places along an axis of `size`.
#[derive(Clone, Copy)]
struct Line {
    size: usize,
    align_corners: bool,
    outside: Outside,
}

impl Line {
    /// The place of a coordinate, and places for each unit of it.
    fn place(self, coordinate: f64) -> (f64, f64) {
        let size = self.size as f64;
        if self.align_corners {
            ((coordinate + 1.0) / 2.0 * (size - 1.0), (size - 1.0) / 2.0)
        } else {
            (((coordinate + 1.0) * size - 1.0) / 2.0, size / 2.0)
        }
    }

    /// The place inside of the input that stands for one anywhere, and the slope of that.
    fn inside(self, place: f64) -> (f64, f64) {
        match self.outside {
            Outside::Zeros => (place, 1.0),
            Outside::Border => self.clipped(place),
            Outside::Reflection => {
                let last = (self.size - 1) as f64;
                let (low, high) = if self.align_corners { (0.0, last) } else { (-0.5, last + 0.5) };
                let (place, mirrored) = reflected(place, low, high);
                let (place, slope) = self.clipped(place);
                (place, mirrored * slope)
            }
        }
    }

    fn clipped(self, place: f64) -> (f64, f64) {
        let last = (self.size - 1) as f64;
        if place <= 0.0 {
            (0.0, 0.0)
        } else if place >= last {
            (last, 0.0)
        } else {
            (place, 1.0)
        }
    }

    /// A whole place as an index.
    fn index(self, place: f64) -> Option<usize> {
        (place >= 0.0 && place < self.size as f64).then_some(place as usize)
    }

    fn taps(self, sampling: Sampling, coordinate: f64) -> Taps {
        let (place, scale) = self.place(coordinate);
        if sampling == Sampling::Cubic {
            return self.cubic(place, scale);
        }
        let (place, slope) = self.inside(place);
        if sampling == Sampling::Nearest {
            return Taps { places: [self.index(libm::rint(place)), None, None, None], ..ONE };
        }
        let (floor, slope) = (libm::floor(place), slope * scale);
        let share = place - floor;
        Taps {
            count: 2,
            places: [self.index(floor), self.index(floor + 1.0), None, None],
            weights: [1.0 - share, share, 0.0, 0.0],
            slopes: [-slope, slope, 0.0, 0.0],
        }
    }

    fn cubic(self, place: f64, scale: f64) -> Taps {
        let floor = libm::floor(place);
        let (weights, slopes) = cubic(place - floor);
        let places = [-1.0, 0.0, 1.0, 2.0].map(|step| self.index(self.inside(floor + step).0));
        Taps { count: 4, places, weights, slopes: slopes.map(|slope| slope * scale) }
    }
}

/// A place, mirrored at `low` and `high` until it lies between them, and whether it then moves the other way.
fn reflected(place: f64, low: f64, high: f64) -> (f64, f64) {
    let span = high - low;
    if span <= 0.0 {
        return (0.0, 0.0);
    }
    let (way, sign) = if place < low { (low - place, -1.0) } else { (place - low, 1.0) };
    let (times, rest) = (libm::floor(way / span), libm::fmod(way, span));
    if libm::fmod(times, 2.0) == 0.0 { (rest + low, sign) } else { (high - rest, -sign) }
}

/// The weights of four neighbours at `t` behind the second, and their slopes: Keys' kernel with A = -0.75.
fn cubic(t: f64) -> ([f64; 4], [f64; 4]) {
    const A: f64 = -0.75;
    let near = |x: f64| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = |x: f64| ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A;
    let near_slope = |x: f64| (3.0 * (A + 2.0) * x - 2.0 * (A + 3.0)) * x;
    let far_slope = |x: f64| (3.0 * A * x - 10.0 * A) * x + 8.0 * A;
    let weights = [far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)];
    (weights, [far_slope(t + 1.0), near_slope(t), -near_slope(1.0 - t), -far_slope(2.0 - t)])
}

/// The taps along depth, height and width of the coordinates `x, y` or `x, y, z`.
fn taps<E: Float>(config: &GridSample, coordinates: &[E]) -> [Taps; 3] {
    let mut taps = [ONE; 3];
    for (axis, coordinate) in (0..3).rev().zip(coordinates) {
        let line = Line { size: config.sizes[axis], align_corners: config.align_corners, outside: config.outside };
        taps[axis] = line.taps(config.sampling, coordinate.to_f64());
    }
    taps
}

/// Calls `visit` with each place that is read, its weight, and the slopes of that along depth, height and width.
fn each(sizes: [usize; 3], [z, y, x]: &[Taps; 3], mut visit: impl FnMut(usize, f64, [f64; 3])) {
    let read = |taps: &'_ Taps| {
        let taps = *taps;
        (0..taps.count).filter_map(move |i| Some((taps.places[i]?, taps.weights[i], taps.slopes[i])))
    };
    for (depth, z, to_z) in read(z) {
        for (row, y, to_y) in read(y) {
            for (column, x, to_x) in read(x) {
                let place = (depth * sizes[1] + row) * sizes[2] + column;
                visit(place, z * y * x, [to_z * y * x, z * to_y * x, z * y * to_x]);
            }
        }
    }
}

/// The input's values at the places of the grid.
pub(super) fn sample_forward<E: Float>(config: &GridSample, batch: usize, input: &[E], grid: &[E], output: &mut [E]) {
    let plane: usize = config.sizes.iter().product();
    assert_eq!(output.len(), batch * config.channels * config.places, "a value for each place");
    for (sample, grid) in grid.chunks_exact(config.places * config.axes).enumerate() {
        let input = &input[sample * config.channels * plane..][..config.channels * plane];
        let output = &mut output[sample * config.channels * config.places..][..config.channels * config.places];
        for (place, coordinates) in grid.chunks_exact(config.axes).enumerate() {
            let taps = taps(config, coordinates);
            for (input, output) in input.chunks_exact(plane).zip(output.chunks_exact_mut(config.places)) {
                let mut sum = 0.0;
                each(config.sizes, &taps, |from, weight, _| sum += weight * input[from].to_f64());
                output[place] = E::from_f64(sum);
            }
        }
    }
}

/// Adds the gradients of the input and of the grid.
pub(super) fn sample_backward<E: Float>(
    config: &GridSample,
    batch: usize,
    input: &[E],
    grid: &[E],
    output_gradient: &[E],
    mut input_gradient: Option<&mut [E]>,
    mut grid_gradient: Option<&mut [E]>,
) {
    let (channels, places, axes) = (config.channels, config.places, config.axes);
    let plane: usize = config.sizes.iter().product();
    assert_eq!(output_gradient.len(), batch * channels * places, "a gradient for each place");
    for (number, coordinates) in grid.chunks_exact(axes).enumerate() {
        let (sample, place) = (number / places, number % places);
        let taps = taps(config, coordinates);
        let mut slopes = [0.0; 3];
        for channel in sample * channels..(sample + 1) * channels {
            let g = output_gradient[channel * places + place].to_f64();
            each(config.sizes, &taps, |from, weight, along| {
                let from = channel * plane + from;
                if let Some(gradient) = &mut input_gradient {
                    gradient[from] += E::from_f64(g * weight);
                }
                let value = g * input[from].to_f64();
                slopes.iter_mut().zip(along).for_each(|(sum, slope)| *sum += value * slope);
            });
        }
        if let Some(gradient) = &mut grid_gradient {
            // x in front.
            let to = gradient[number * axes..][..axes].iter_mut();
            to.zip(slopes.iter().rev()).for_each(|(to, slope)| *to += E::from_f64(*slope));
        }
    }
}

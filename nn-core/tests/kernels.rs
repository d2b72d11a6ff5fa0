//! Every kernel against its reference, on every instruction set that the machine has.
//!
//! All numbers are small integers, whose sums are exact in any order, so results must be equal to the last bit. Outputs that a kernel must
//! overwrite, its scratch, and whatever lies before and behind the slices that it is given, are NaN beforehand: a read where nothing was
//! written shows in the result, a write outside in the guard. `NN_EXPECT_ISA=Avx512,Avx2` fails if one of those sets did not run.

use std::fmt::Debug;
use std::io::Write;
use std::sync::{Mutex, MutexGuard};

use nn_core::kernels::{Kernels, reference};
use nn_core::shape::tile;
use nn_core::shape::{Axis, ConvGeometry};
use nn_core::{Float, Isa, Random, Rng, force_isa, seed};

/// The instruction set belongs to the whole program: one test at a time.
static ISA: Mutex<()> = Mutex::new(());

/// Runs `check` on every set that the machine has.
fn on_every_isa(_alone: &MutexGuard<'_, ()>, mut check: impl FnMut(Isa)) {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("the set is available");
        check(isa);
    }
    force_isa(None).expect("the best set is available");
}

fn alone() -> MutexGuard<'static, ()> {
    ISA.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Miri, which sees every access to memory, takes a thousand times as long: it gets one case in so many, and of these the small ones.
const EVERY: usize = if cfg!(miri) { 40 } else { 1 };

/// Products of the largest case.
const MOST: usize = if cfg!(miri) { 3000 } else { usize::MAX / 2 };

/// `len` numbers between numbers that nobody may read or write.
struct Guarded<E> {
    values: Vec<E>,
    /// Odd, so that the slice is not aligned to vectors.
    before: usize,
}

impl<E: Float> Guarded<E> {
    const GUARD: usize = 67;

    fn new(inside: impl IntoIterator<Item = E>) -> Self {
        let nan = || (0..Self::GUARD).map(|_| nan::<E>());
        Guarded { values: nan().chain(inside).chain(nan()).collect(), before: Self::GUARD }
    }

    fn nan(len: usize) -> Self {
        // To write every number of a scratch takes Miri longer than the kernel.
        if cfg!(miri) {
            let mut values = vec![E::ZERO; Self::GUARD + len + Self::GUARD];
            values[..Self::GUARD].fill(nan());
            values[Self::GUARD + len..].fill(nan());
            return Guarded { values, before: Self::GUARD };
        }
        Guarded::new((0..len).map(|_| nan::<E>()))
    }

    fn get(&self) -> &[E] {
        &self.values[self.before..self.values.len() - Self::GUARD]
    }

    fn get_mut(&mut self) -> &mut [E] {
        let end = self.values.len() - Self::GUARD;
        &mut self.values[self.before..end]
    }

    /// Whether the guards are as they were.
    fn untouched(&self) -> bool {
        let (before, rest) = self.values.split_at(self.before);
        before.iter().chain(&rest[rest.len() - Self::GUARD..]).all(|value| value.is_nan())
    }
}

fn nan<E: Float>() -> E {
    E::from_f64(f64::NAN)
}

/// Whole numbers from -3 to 3.
fn integers<E: Float>(len: usize, random: &mut Random) -> Vec<E> {
    (0..len).map(|_| E::from_f64((random.next_u32() % 7) as f64 - 3.0)).collect()
}

/// Runs a kernel with guarded operands and holds its result, which was `start` before, against `expected`.
fn hold<E: Float + Debug>(
    what: &dyn Debug,
    operands: [&[E]; 2],
    start: Option<&[E]>,
    scratch: usize,
    expected: &[E],
    kernel: impl FnOnce([&[E]; 2], &mut [E], &mut [E]),
) {
    let operands = operands.map(|operand| Guarded::new(operand.iter().copied()));
    let mut result = start.map_or_else(|| Guarded::nan(expected.len()), |start| Guarded::new(start.iter().copied()));
    let mut scratch = Guarded::nan(scratch);
    kernel([operands[0].get(), operands[1].get()], result.get_mut(), scratch.get_mut());
    assert!(result.untouched(), "{what:?}: wrote outside the result");
    assert!(scratch.untouched(), "{what:?}: wrote outside the scratch");
    if let Some(at) = (0..expected.len()).find(|at| result.get()[*at] != expected[*at]) {
        panic!("{what:?}: number {at} is {:?}, not {:?}", result.get()[at], expected[at]);
    }
}

/// An axis: input, kernel, stride, dilation, padding before and after.
fn axis(input: usize, kernel: usize, stride: usize, dilation: usize, before: usize, after: usize) -> Axis {
    Axis { input, output: 0, kernel, stride, dilation, before, after }.slide(false)
}

const ONE: Axis = Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

fn conv(in_channels: usize, out_channels: usize, groups: usize, axes: [Axis; 3]) -> ConvGeometry {
    ConvGeometry { in_channels, out_channels, groups, axes }
}

/// Geometries chosen for what they are on the border of.
fn chosen() -> Vec<ConvGeometry> {
    let same = |size, kernel| axis(size, kernel, 1, 1, kernel / 2, kernel / 2);
    let mut all = vec![
        // The simplest case, for debugging.
        conv(1, 1, 1, [ONE, ONE, axis(1, 1, 1, 1, 0, 0)]),
        conv(1, 1, 1, [ONE, ONE, axis(5, 3, 1, 1, 0, 0)]),
        conv(1, 1, 1, [ONE, axis(5, 3, 1, 1, 1, 1), axis(5, 3, 1, 1, 1, 1)]),
        // What the networks of the examples have.
        conv(1, 16, 1, [ONE, same(8, 3), same(8, 3)]),
        conv(16, 32, 1, [ONE, same(8, 3), same(8, 3)]),
        conv(1, 6, 1, [ONE, same(28, 5), same(28, 5)]),
        conv(6, 16, 1, [ONE, axis(14, 5, 1, 1, 0, 0), axis(14, 5, 1, 1, 0, 0)]),
        conv(3, 8, 1, [ONE, axis(31, 7, 2, 1, 3, 3), axis(31, 7, 2, 1, 3, 3)]),
        // Sums longer than a block of steps, by one, and twice as long.
        conv(29, 3, 1, [ONE, same(4, 3), same(4, 3)]),
        conv(257, 5, 1, [ONE, ONE, axis(9, 1, 1, 1, 0, 0)]),
        conv(256, 5, 1, [ONE, ONE, axis(9, 1, 1, 1, 0, 0)]),
        conv(61, 9, 1, [ONE, same(5, 3), same(3, 3)]),
        // The same for the sums of the gradients, over output channels and over outputs.
        conv(3, 259, 1, [ONE, ONE, same(7, 3)]),
        conv(2, 67, 1, [ONE, same(5, 2), same(5, 2)]),
        // Lines of outputs longer than a block, in one dimension and in two.
        conv(2, 3, 1, [ONE, ONE, same(259, 3)]),
        conv(1, 2, 1, [ONE, ONE, axis(1031, 4, 2, 3, 5, 1)]),
        conv(2, 5, 1, [ONE, same(3, 3), same(300, 3)]),
        conv(1, 3, 1, [ONE, same(300, 3), same(3, 3)]),
        // Gradients as dot products of some lines, of a part of one, and of more channels than are laid out at once.
        conv(3, 8, 1, [ONE, same(40, 3), same(40, 3)]),
        conv(2, 7, 1, [ONE, ONE, same(2500, 3)]),
        conv(41, 16, 1, [ONE, same(16, 3), same(32, 3)]),
        conv(4, 6, 2, [ONE, axis(9, 3, 1, 1, 1, 1), axis(26, 5, 2, 1, 2, 2)]),
        // Input gradients of all four places between two windows together: with and without gaps between lines, odd sizes, groups.
        conv(16, 32, 1, [ONE, axis(32, 3, 2, 1, 1, 1), axis(32, 3, 2, 1, 1, 1)]),
        conv(9, 5, 1, [ONE, axis(13, 5, 2, 1, 2, 2), axis(22, 2, 2, 1, 0, 0)]),
        conv(6, 4, 2, [ONE, axis(7, 2, 2, 1, 0, 0), axis(37, 3, 2, 1, 0, 1)]),
        conv(3, 70, 1, [ONE, axis(3, 4, 2, 1, 1, 1), axis(5, 7, 2, 1, 3, 3)]),
        // Lines that are laid out once for each entry, with and without strides.
        conv(34, 64, 1, [ONE, same(8, 3), same(8, 3)]),
        conv(5, 40, 1, [ONE, axis(16, 3, 2, 1, 1, 1), axis(16, 3, 2, 1, 1, 1)]),
        conv(40, 5, 1, [ONE, axis(12, 3, 1, 2, 2, 2), axis(9, 4, 1, 2, 3, 3)]),
        // Lines of whole vectors, which lie apart: one and two to a line, strides, a line cut into pieces, one line alone.
        conv(9, 21, 1, [ONE, same(16, 3), same(16, 3)]),
        conv(16, 16, 1, [ONE, same(32, 3), same(32, 3)]),
        conv(7, 19, 1, [ONE, axis(11, 3, 2, 1, 1, 1), axis(95, 5, 2, 1, 2, 2)]),
        conv(4, 6, 2, [ONE, axis(5, 3, 1, 2, 2, 2), axis(48, 3, 1, 2, 2, 2)]),
        conv(2, 3, 1, [ONE, same(3, 3), same(6400, 3)]),
        // Few weights, whose gradients are dot products for many channels, and one more.
        conv(32, 37, 1, [ONE, axis(16, 1, 2, 1, 0, 0), axis(16, 1, 2, 1, 0, 0)]),
        conv(33, 37, 1, [ONE, axis(8, 1, 1, 1, 0, 0), axis(8, 1, 1, 1, 0, 0)]),
        conv(3, 50, 1, [ONE, same(9, 3), same(16, 3)]),
        // Windows that see nothing but padding, and padding wider than the input.
        conv(2, 3, 1, [ONE, axis(2, 2, 1, 1, 5, 4), axis(2, 2, 1, 1, 5, 4)]),
        conv(2, 3, 1, [ONE, axis(1, 3, 2, 4, 4, 9), axis(3, 2, 3, 5, 6, 2)]),
        // Inputs behind the last window.
        conv(3, 4, 1, [ONE, axis(10, 2, 4, 1, 0, 0), axis(11, 3, 5, 1, 0, 0)]),
        // Strides longer than the window.
        conv(3, 4, 1, [ONE, axis(17, 1, 3, 1, 0, 0), axis(18, 2, 5, 1, 1, 0)]),
        conv(20, 40, 1, [ONE, axis(14, 1, 2, 1, 0, 0), axis(14, 1, 2, 1, 0, 0)]),
        // Depthwise, with one and two outputs for a channel, and groups beyond.
        conv(7, 7, 7, [ONE, same(6, 3), same(9, 3)]),
        conv(64, 64, 64, [ONE, same(12, 3), same(12, 3)]),
        conv(5, 10, 5, [ONE, axis(9, 3, 2, 1, 1, 0), axis(23, 5, 1, 2, 3, 4)]),
        conv(3, 3, 3, [axis(5, 2, 1, 1, 1, 0), axis(6, 3, 2, 1, 0, 1), axis(7, 2, 3, 2, 1, 1)]),
        conv(4, 4, 2, [ONE, same(5, 3), same(18, 3)]),
        conv(4, 4, 4, [ONE, axis(2, 2, 1, 1, 5, 4), axis(20, 2, 3, 1, 5, 4)]),
        // More lines, and longer ones, than are laid out at once; windows of more weights than have their sums in registers; wide padding.
        conv(2, 2, 2, [ONE, same(61, 3), same(70, 3)]),
        conv(2, 4, 2, [ONE, ONE, axis(1100, 3, 1, 1, 1, 1)]),
        conv(2, 6, 2, [ONE, axis(4100, 2, 2, 1, 0, 1), axis(3, 2, 1, 1, 1, 0)]),
        conv(3, 3, 3, [ONE, same(12, 11), same(13, 11)]),
        conv(3, 3, 3, [ONE, same(100, 3), same(3, 3)]),
        conv(2, 2, 2, [ONE, axis(7, 5, 1, 2, 6, 1), axis(9, 3, 1, 3, 2, 7)]),
        conv(2, 2, 2, [same(4, 3), same(5, 3), same(6, 3)]),
        conv(6, 9, 3, [ONE, same(5, 3), same(5, 3)]),
        conv(12, 8, 4, [ONE, axis(8, 3, 2, 1, 1, 1), axis(8, 3, 2, 1, 1, 1)]),
        conv(40, 60, 2, [ONE, same(7, 3), same(7, 3)]),
        // Vectors of channels: more weights than are packed at once, more lines than are laid out at once, groups, other windows, no padding.
        conv(300, 70, 1, [ONE, same(6, 3), same(6, 3)]),
        conv(64, 16, 1, [ONE, axis(20, 2, 1, 1, 1, 0), axis(70, 2, 1, 1, 0, 1)]),
        conv(40, 13, 1, [ONE, axis(40, 3, 2, 1, 1, 1), axis(61, 3, 2, 1, 1, 1)]),
        conv(32, 30, 2, [ONE, same(9, 3), same(11, 3)]),
        conv(8, 12, 1, [ONE, same(7, 5), same(9, 5)]),
        conv(8, 31, 1, [ONE, axis(9, 4, 1, 1, 0, 0), axis(13, 4, 1, 1, 0, 0)]),
        conv(17, 130, 1, [ONE, axis(13, 3, 2, 1, 0, 0), axis(23, 3, 2, 1, 0, 0)]),
        conv(8, 8, 8, [ONE, ONE, axis(35, 9, 1, 1, 8, 0)]),
        // Three dimensions.
        conv(2, 3, 1, [same(4, 3), same(5, 3), same(6, 3)]),
        conv(3, 5, 1, [axis(7, 3, 2, 2, 1, 3), axis(5, 2, 1, 3, 2, 1), axis(9, 4, 3, 1, 2, 0)]),
        conv(4, 6, 2, [axis(5, 5, 1, 1, 0, 0), axis(4, 1, 2, 1, 0, 0), axis(33, 3, 1, 1, 1, 1)]),
    ];
    // Rows and columns around the sizes of every register tile.
    for out_channels in 1..=17 {
        all.push(conv(2, out_channels, 1, [ONE, ONE, axis(5 + out_channels, 3, 1, 1, 1, 1)]));
    }
    for size in (1..=34).chain([47, 48, 49, 63, 64, 65, 79, 80, 81, 95, 96, 97, 127, 128, 129]) {
        all.push(conv(2, 3, 1, [ONE, ONE, axis(size, 3, 1, 1, 1, 1)]));
    }
    // Narrow depthwise ones.
    for width in 1..=8 {
        all.push(conv(70, 70, 70, [ONE, same(3, 3), same(width, 3)]));
        all.push(conv(3, 6, 3, [ONE, axis(9, 3, 2, 1, 1, 1), axis(2 * width, 3, 2, 1, 1, 1)]));
    }
    // Gradients that slide along lines: every padding, lines of every length, heights of the window and of the input, channels that fill vectors and do not, groups, more lines
    // than are turned around at once.
    for kernel in 3..=5 {
        for before in 0..kernel {
            for after in 0..kernel {
                let line = axis(10 + 6 * kernel, kernel, 1, 1, before, after);
                all.push(conv(4, 12, 1, [ONE, same(5, 3), line]));
            }
        }
        for rows in 5..=19 {
            all.push(conv(rows, 13, 1, [ONE, same(3, 1), same(11, kernel)]));
        }
    }
    for width in 8..=20 {
        all.push(conv(6, 14, 2, [ONE, axis(width - 7, 2, 1, 1, 1, 1), same(width, 3)]));
    }
    for width in 15..=24 {
        for after in 0..2 {
            let down = axis(width - 9, 3, 1 + width % 2, 1 + after, 1, after);
            all.push(conv(5, 16, 1, [ONE, down, axis(width, 3, 2, 1, 1, after)]));
        }
    }
    for rows in 1..=11 {
        all.push(conv(rows, 16, 1, [ONE, axis(7, 8, 1, 1, 2, 4), same(9, 3)]));
    }
    all.push(conv(9, 100, 1, [ONE, axis(9, 3, 1, 1, 4, 0), same(10, 3)]));
    all.push(conv(5, 65, 1, [ONE, same(37, 3), same(33, 3)]));
    all.push(conv(9, 15, 1, [ONE, ONE, same(700, 3)]));
    // Vectors of neighbours along lines: every padding, lines of every length and number, groups, more weights than are packed and longer planes than are laid out at once.
    for before in 0..3 {
        for after in 0..3 {
            let (short, long) = (axis(17 - after, 3, 1, 1, before, after), axis(31, 3, 1, 1, before, after));
            all.push(conv(8, 8, 1, [ONE, same(4, 3), long]));
            all.push(conv(8, 8, 1, [ONE, axis(5, 3, 1, 1, before, after), short]));
            all.push(conv(3, 8, 1, [ONE, axis(3, 3, 1, 1, after, before), long]));
        }
    }
    for width in 1..=50 {
        all.push(conv(8, 8, 1, [ONE, same(1 + width % 8, 3), same(width, 3)]));
        all.push(conv(1, 8, 1, [ONE, same(1 + width % 5, 3), same(width, 3)]));
    }
    all.push(conv(16, 32, 2, [ONE, same(7, 3), same(31, 3)]));
    all.push(conv(24, 40, 1, [ONE, same(5, 3), same(32, 3)]));
    all.push(conv(100, 104, 1, [ONE, same(3, 3), same(32, 3)]));
    all.push(conv(60, 8, 1, [ONE, same(64, 3), same(16, 3)]));
    all.push(conv(8, 300, 1, [ONE, same(17, 3), same(12, 3)]));
    all.push(conv(300, 8, 1, [ONE, axis(14, 3, 1, 1, 1, 0), axis(15, 3, 1, 1, 1, 0)]));
    all.push(conv(300, 8, 1, [ONE, same(28, 3), same(7, 3)]));
    // Two by two places of the input for each of the output: lines that halves of vectors fill, an odd number of halves, groups, more weights than are packed and more lines than
    // are laid out at once.
    for width in 1..=26 {
        let half = axis(2 * width, 3, 2, 1, 1, width % 2);
        all.push(conv(2 + width % 3, 3, 1, [ONE, axis(2 + 2 * (width % 4), 3, 2, 1, 1, 1), half]));
        all.push(conv(4, 2, 1, [ONE, half, axis(16 * (1 + width % 3), 3, 2, 1, 1, 0)]));
    }
    all.push(conv(8, 6, 2, [ONE, axis(10, 3, 2, 1, 1, 1), axis(16, 3, 2, 1, 1, 1)]));
    all.push(conv(80, 100, 1, [ONE, axis(6, 3, 2, 1, 1, 1), axis(16, 3, 2, 1, 1, 1)]));
    all.push(conv(4, 128, 1, [ONE, axis(42, 3, 2, 1, 1, 0), axis(32, 3, 2, 1, 1, 0)]));
    for out_channels in [23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 97, 129] {
        all.push(conv(3, out_channels, 1, [ONE, same(3, 2), same(4, 3)]));
        all.push(conv(out_channels, 3, 1, [ONE, same(3, 2), same(4, 3)]));
    }
    all
}

/// A geometry out of anything small.
fn any(random: &mut Random) -> ConvGeometry {
    let mut below = |end: usize| random.next_u32() as usize % end;
    let dims = 1 + below(3);
    let largest = [0, 60, 14, 6][dims];
    let axes = core::array::from_fn(|index| {
        if index < 3 - dims {
            return ONE;
        }
        loop {
            let (input, kernel) = (1 + below(largest), 1 + below(5));
            let (stride, dilation) = (1 + below(2) * below(5), 1 + below(2) * below(3));
            let (before, after) = (below(2) * below(5), below(2) * below(5));
            let symmetric = below(2) == 0;
            let axis = axis(input, kernel, stride, dilation, before, if symmetric { before } else { after });
            if axis.output > 0 {
                return axis;
            }
        }
    });
    let groups = [1, 1, 1, 2, 3, 5][below(6)];
    let (group_in, group_out) = (1 + below(2) * below(9), 1 + below(9));
    conv(groups * group_in, groups * group_out, groups, axes)
}

fn check_conv<E: Float + Kernels + Debug>(
    alone: &MutexGuard<'_, ()>,
    geometry: &ConvGeometry,
    batch: usize,
    random: &mut Random,
) {
    let g = geometry;
    if batch * g.weights() * g.output_plane() > MOST {
        return;
    }
    let (inputs, outputs) = (batch * g.input_len(), batch * g.output_len());
    let (x, w, b) =
        (integers::<E>(inputs, random), integers::<E>(g.weights(), random), integers::<E>(g.out_channels, random));
    let (dy, before) = (integers::<E>(outputs, random), integers::<E>(inputs, random));
    let start = integers::<E>(g.weights(), random);

    let mut y = vec![nan::<E>(); outputs];
    reference::conv_forward(g, batch, &x, &w, Some(&b), &mut y);
    let mut y_no_bias = vec![nan::<E>(); outputs];
    reference::conv_forward(g, batch, &x, &w, None, &mut y_no_bias);
    let mut dx = vec![nan::<E>(); inputs];
    reference::conv_backward_input(g, batch, &dy, &w, &mut dx, false);
    let sum: Vec<E> = dx.iter().zip(&before).map(|(a, b)| *a + *b).collect();
    let mut dw = start.clone();
    reference::conv_backward_weight(g, batch, &x, &dy, &mut dw);
    let mut db = b.clone();
    reference::bias_backward(g.out_channels, g.output_plane(), batch, &dy, &mut db);

    let (forward, backward) = (tile::conv_forward_scratch(g), tile::conv_backward_scratch(g));
    on_every_isa(alone, |isa| {
        hold(&("forward", isa, batch, g), [&x, &w], None, forward, &y, |[x, w], y, scratch| {
            E::conv_forward(g, batch, x, w, Some(&b), y, scratch)
        });
        hold(&("forward without bias", isa, batch, g), [&x, &w], None, forward, &y_no_bias, |[x, w], y, scratch| {
            E::conv_forward(g, batch, x, w, None, y, scratch)
        });
        hold(&("to input", isa, batch, g), [&dy, &w], None, backward, &dx, |[dy, w], dx, scratch| {
            E::conv_backward_input(g, batch, dy, w, dx, false, scratch)
        });
        hold(&("added to input", isa, batch, g), [&dy, &w], Some(&before), backward, &sum, |[dy, w], dx, scratch| {
            E::conv_backward_input(g, batch, dy, w, dx, true, scratch)
        });
        hold(&("to weight", isa, batch, g), [&x, &dy], Some(&start), backward, &dw, |[x, dy], dw, scratch| {
            E::conv_backward_weight(g, batch, x, dy, dw, scratch)
        });
        hold(&("to bias", isa, batch, g), [&dy, &[]], Some(&b), 0, &db, |[dy, _], db, _| {
            E::bias_backward(g.out_channels, g.output_plane(), batch, dy, db)
        });
    });
}

fn check_linear<E: Float + Kernels + Debug>(alone: &MutexGuard<'_, ()>, [rows, i, o]: [usize; 3], random: &mut Random) {
    if rows * i * o > MOST {
        return;
    }
    let (x, w, b) = (integers::<E>(rows * i, random), integers::<E>(i * o, random), integers::<E>(o, random));
    let (dy, before, start) =
        (integers::<E>(rows * o, random), integers::<E>(rows * i, random), integers::<E>(i * o, random));

    let mut y = vec![nan::<E>(); rows * o];
    reference::linear_forward(rows, i, o, &x, &w, Some(&b), &mut y);
    let mut y_no_bias = vec![nan::<E>(); rows * o];
    reference::linear_forward(rows, i, o, &x, &w, None, &mut y_no_bias);
    let mut dx = vec![nan::<E>(); rows * i];
    reference::linear_backward_input(rows, i, o, &dy, &w, &mut dx, false);
    let sum: Vec<E> = dx.iter().zip(&before).map(|(a, b)| *a + *b).collect();
    let mut dw = start.clone();
    reference::linear_backward_weight(rows, i, o, &x, &dy, &mut dw);
    let mut written = vec![E::ZERO; i * o];
    reference::linear_backward_weight(rows, i, o, &x, &dy, &mut written);
    let mut db = b.clone();
    reference::bias_backward(o, 1, rows, &dy, &mut db);

    let scratch = tile::linear_scratch(i, o);
    on_every_isa(alone, |isa| {
        let size = [rows, i, o];
        hold(&("linear forward", isa, size), [&x, &w], None, scratch, &y, |[x, w], y, scratch| {
            E::linear_forward(rows, i, o, x, w, Some(&b), y, scratch)
        });
        hold(&("linear forward without bias", isa, size), [&x, &w], None, scratch, &y_no_bias, |[x, w], y, scratch| {
            E::linear_forward(rows, i, o, x, w, None, y, scratch)
        });
        hold(&("linear to input", isa, size), [&dy, &w], None, scratch, &dx, |[dy, w], dx, scratch| {
            E::linear_backward_input(rows, i, o, dy, w, dx, false, scratch)
        });
        hold(&("linear added to input", isa, size), [&dy, &w], Some(&before), scratch, &sum, |[dy, w], dx, scratch| {
            E::linear_backward_input(rows, i, o, dy, w, dx, true, scratch)
        });
        hold(&("linear to weight", isa, size), [&x, &dy], Some(&start), scratch, &dw, |[x, dy], dw, scratch| {
            E::linear_backward_weight(rows, i, o, x, dy, dw, true, scratch)
        });
        hold(&("linear written to weight", isa, size), [&x, &dy], None, scratch, &written, |[x, dy], dw, scratch| {
            E::linear_backward_weight(rows, i, o, x, dy, dw, false, scratch)
        });
        hold(&("linear to bias", isa, size), [&dy, &[]], Some(&b), 0, &db, |[dy, _], db, _| {
            E::bias_backward(o, 1, rows, dy, db)
        });
    });
}

#[test]
fn the_expected_instruction_sets_run() {
    let alone = alone();
    let mut ran = Vec::new();
    on_every_isa(&alone, |isa| {
        assert_eq!(Isa::current(), isa);
        ran.push(format!("{isa:?}"));
    });
    // Past the capture of what tests print: what a run covered must be seen when all is well, too.
    let line = format!("instruction sets run: {}\n", ran.join(", ").to_lowercase());
    std::io::stderr().write_all(line.as_bytes()).expect("stderr is open");
    for expected in std::env::var("NN_EXPECT_ISA").unwrap_or_default().split(',').filter(|name| !name.is_empty()) {
        assert!(
            ran.iter().any(|isa| isa.eq_ignore_ascii_case(expected)),
            "{expected} did not run, only {}",
            ran.join(", ")
        );
    }
}

#[test]
fn an_absent_instruction_set_cannot_be_forced() {
    let _alone = alone();
    let before = Isa::current();
    for isa in Isa::ALL.into_iter().filter(|isa| !isa.is_available()) {
        assert_eq!(force_isa(Some(isa)), Err(isa));
        assert_eq!(Isa::current(), before);
    }
}

#[test]
fn chosen_convolutions() {
    let (alone, mut random) = (alone(), seed(1));
    for geometry in chosen().into_iter().step_by(EVERY) {
        assert!(geometry.output_len() > 0, "no window fits: {geometry:?}");
        check_conv::<f32>(&alone, &geometry, 1, &mut random);
        check_conv::<f64>(&alone, &geometry, 3, &mut random);
    }
}

#[test]
fn random_convolutions() {
    let (alone, mut random) = (alone(), seed(2));
    for _ in 0..300 / EVERY {
        let geometry = any(&mut random);
        check_conv::<f32>(&alone, &geometry, 3, &mut random);
        check_conv::<f64>(&alone, &geometry, 1, &mut random);
    }
}

#[test]
fn linear_layers() {
    let (alone, mut random) = (alone(), seed(3));
    for rows in [1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 33, 65].into_iter().step_by(EVERY) {
        for [i, o] in [
            [1, 1],
            [1, 7],
            [7, 1],
            [3, 5],
            [4, 8],
            [15, 13],
            [16, 16],
            [17, 31],
            [64, 10],
            [65, 67],
            [259, 9],
            [9, 259],
        ] {
            check_linear::<f32>(&alone, [rows, i, o], &mut random);
            check_linear::<f64>(&alone, [rows, i, o], &mut random);
        }
    }
    check_linear::<f32>(&alone, [300, 5, 6], &mut random);
    check_linear::<f32>(&alone, [3, 515, 37], &mut random);
    check_linear::<f32>(&alone, [30, 33, 17], &mut random);
    check_linear::<f32>(&alone, [61, 515, 41], &mut random);
    check_linear::<f64>(&alone, [31, 300, 19], &mut random);
    // Outputs that lie a power of two apart, with room to lay them elsewhere and without.
    check_linear::<f32>(&alone, [32, 40, 256], &mut random);
    check_linear::<f32>(&alone, [100, 9, 128], &mut random);
    check_linear::<f64>(&alone, [9, 70, 64], &mut random);
}

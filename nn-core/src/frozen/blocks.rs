//! Blocks of output channels over planes, for convolutions of a batch: the tiles of frozen networks on weights that change from call to call.

use super::conv::{Job, Next, each_block};
use super::cut::{Cut, index, width};
use super::few;
use super::lines::Lines;
use super::overlap::Overlap;
use super::part::{Part, Target};
use super::tile::Window;
use crate::simd::{Lanes, Vector, with_current_vectors};
use crate::{Float, Isa};

/// Windows over planes that lie one behind the other.
#[derive(Clone, Copy)]
pub(crate) struct Windows {
    /// How many planes, and from one to the next.
    pub(crate) planes: usize,
    pub(crate) plane: usize,
    /// Height and width of the window.
    pub(crate) window: [usize; 2],
    /// From one line of a plane to the next.
    pub(crate) pitch: usize,
    /// Lines of windows and windows of each, and how far they move.
    pub(crate) counts: [usize; 2],
    pub(crate) strides: [usize; 2],
}

impl Windows {
    fn window(&self) -> Window {
        let counts = [self.planes, self.window[0], 1];
        Window { counts, strides: [self.plane, self.pitch, 0], run: self.window[1], pixel: self.strides[1] }
    }

    /// The windows as a frozen convolution of so many channels has them, which are written channels last.
    fn lines(&self, channels: usize) -> Lines {
        let [lines, len] = self.counts;
        Lines {
            counts: [1, lines],
            strides: [0, self.strides[0] * self.pitch],
            len,
            row: [len, 0],
            window: self.window(),
            outputs: channels,
            groups: 1,
            group_in: 0,
            first: 0,
            apart: [0, len * channels, channels],
        }
    }

    /// How the tiles of so many channels are cut.
    pub(crate) fn tiles<E: Lanes>(&self, channels: usize) -> Tiles {
        fn best<V: Vector>(windows: &Windows, channels: usize) -> Tiles {
            let (lines, vectors) = (windows.lines(channels), channels.div_ceil(V::LANES));
            let steps = [lines.steps(), lines.window.run];
            let cut = Cut::best::<V>(lines.len, vectors, steps, Overlap::of(&lines.window));
            Tiles { cut, lanes: V::LANES, few: few::fits::<V>(windows, channels) }
        }
        match Isa::of::<E>() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => best::<E::Avx512>(self, channels),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => best::<E::Avx2>(self, channels),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => best::<E::Neon>(self, channels),
            _ => best::<E::Portable>(self, channels),
        }
    }
}

/// The tiles of a convolution.
pub(crate) struct Tiles {
    cut: Cut,
    lanes: usize,
    /// Whether they are those of [`few`].
    few: bool,
}

impl Tiles {
    /// The widest block, of at most `most` channels, for so many that are left: its channels, in whole vectors.
    pub(crate) fn block(&self, left: usize, most: usize) -> usize {
        let widest = if self.few { few::WIDE } else { self.cut.widest };
        width(left.min(most).div_ceil(self.lanes).min(widest)) * self.lanes
    }

    /// The pixels of a tile of a block.
    fn pixels(&self, block: usize) -> usize {
        self.cut.pixels[index(block / self.lanes)].max(1)
    }
}

/// What a block of channels is computed from.
#[derive(Clone, Copy)]
pub(crate) struct Operands<'a, E> {
    pub(crate) source: &'a [E],
    /// A number for each channel.
    pub(crate) bias: &'a [E],
    /// For each plane, line and column of the window a number for each channel.
    pub(crate) weight: &'a [E],
    /// Where numbers begin that are needed next, and how many: a hint, which need not be valid.
    pub(crate) next: (*const E, usize),
}

/// `output[place][channel] = bias[channel] + Σ weight[step][channel] · source[place + step]` for all windows; the channels are those of one [`Tiles::block`].
///
/// # Panics
/// If an operand is too short.
pub(crate) fn multiply<E: Lanes>(windows: &Windows, tiles: &Tiles, operands: Operands<'_, E>, output: &mut [E]) {
    let channels = operands.bias.len();
    let steps = windows.planes * windows.window.iter().product::<usize>();
    assert!(channels > 0 && tiles.block(channels, channels) == channels, "the channels are one block");
    assert!(operands.weight.len() == channels * steps, "the weights of a block");
    // SAFETY: the weights are as long as the block needs them, as just asserted, and `tiles` are those of the current instruction set, as is asserted
    // there of the block's width.
    unsafe { each(windows, tiles, operands, output) }
}

with_current_vectors! {
    /// # Safety
    /// What [`multiply`] asserts.
    unsafe fn each<E: Lanes>(windows: &Windows, tiles: &Tiles, operands: Operands<'_, E>, output: &mut [E]) = each_body;
}

/// # Safety
/// As for [`each`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn each_body<V: Vector>(
    windows: &Windows,
    tiles: &Tiles,
    operands: Operands<'_, V::Element>,
    output: &mut [V::Element],
) {
    assert!(tiles.lanes == V::LANES, "the tiles of the current instruction set");
    if tiles.few {
        // SAFETY: passed on to the caller.
        return unsafe { few::run::<V>(windows, operands, output) };
    }
    let Operands { source, bias, weight, next: (from, len) } = operands;
    let lines = &windows.lines(bias.len());
    // A tile takes several pixels a step. Where there are many more steps than numbers, these are few beside the products.
    let steps = lines.steps() * lines.counts[1] * lines.len.div_ceil(tiles.pixels(bias.len()));
    let next = Some(Next { from, share: if steps > 4 * len { 0 } else { len.div_ceil(steps) } });
    let bounds = [V::Element::NEG_INFINITY, V::Element::ZERO - V::Element::NEG_INFINITY];
    let (part, cut, output) = (Part::ALL, &tiles.cut, Target::new(output));
    // SAFETY: passed on to the caller; `each_block` asserts where windows and outputs lie.
    unsafe {
        each_block::<V>(Job { lines, part, cut, group: 0, source, beside: &[], bias, weight, bounds, output, next })
    }
}

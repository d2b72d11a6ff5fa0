//! Frozen convolutions and linear layers: the loops around the tile.

use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;

use super::cut::{Cut, Order, Tiling, index, width};
use super::lines::{Lines, blocks};
use super::overlap::Overlap;
use super::part::{self, Part, Target, Way};
use super::pixels::{ACROSS, Block, PAIRED, each_pixel};
use super::run::Operands;
use super::single::single;
use super::{across, pairs};
use crate::Workers;
use crate::simd::{Vector, apart};

/// The place in front of packed weights that holds the side of the squares that a convolution is done in, or 0.
pub(super) const SIDE: usize = HEADER - 1;

/// All of a convolution or a linear layer, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn share_out<V: Vector>(
    lines: &Lines,
    mut operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let source = operands.source();
    let (beside, packed, output) = (operands.inputs[1], operands.packed, Target::new(operands.output));
    let joined =
        if const { across::exists::<V>() } && Cut::read(packed).order == Order::Across { lines.joined() } else { None };
    let lines = joined.as_ref().unwrap_or(lines);
    // SAFETY: passed on to the caller; no two parts have an output in common.
    let run = |part| unsafe { each_group::<V>(lines, part, source, beside, packed, bounds, output) };
    if workers.is_none() {
        return run(Part::ALL);
    }
    let count = match lines.pixels() {
        1 => part::parts_of_row(workers, lines.macs()),
        _ => part::parts(workers, lines.macs()),
    };
    let way = lines.way::<V>(packed, count);
    part::each(workers, count, |index| run(Part { way, index, count }));
}

/// A part of the groups of a convolution, or of a linear layer.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed. Nobody else touches the part's outputs.
unsafe fn each_group<V: Vector>(
    lines: &Lines,
    part: Part,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    output: Target<'_, V::Element>,
) {
    let steps = lines.steps();
    let whole = (lines.outputs / lines.groups).next_multiple_of(MAX_LANES);
    let group_len = whole * (steps + 1);
    let cut = Cut::read(packed);
    assert!(packed.len() >= HEADER + lines.groups * group_len, "the weights are there");
    for group in 0..lines.groups {
        let packed = &packed[HEADER + group * group_len..][..group_len];
        let (bias, weight) = packed.split_at(whole);
        // SAFETY: passed on to the caller.
        unsafe {
            each_block::<V>(Job {
                lines,
                part,
                cut: &cut,
                group,
                source,
                beside,
                bias,
                weight,
                bounds,
                output,
                next: None,
            })
        }
    }
}

/// The sums of a group of output channels over all windows.
pub(super) struct Job<'a, E> {
    pub(super) lines: &'a Lines,
    /// What is done of it.
    pub(super) part: Part,
    pub(super) cut: &'a Cut,
    pub(super) group: usize,
    pub(super) source: &'a [E],
    /// What is added, if anything.
    pub(super) beside: &'a [E],
    pub(super) bias: &'a [E],
    pub(super) weight: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) output: Target<'a, E>,
    /// What is read or written next, if that is not weights.
    pub(super) next: Option<Next<E>>,
}

/// Numbers that are asked for now and needed later: from where on, and how many for each step of a tile. A hint, which need not be valid.
#[derive(Clone, Copy)]
pub(super) struct Next<E> {
    pub(super) from: *const E,
    pub(super) share: usize,
}

apart! {
    /// The output channels of a group, block by block.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody else touches the part's outputs.
    pub(super) unsafe fn each_block<'a, V>(job: Job<'a, V::Element>) = each_block_body;
}

/// # Safety
/// As for [`each_block`].
#[inline(always)]
unsafe fn each_block_body<V: Vector>(job: Job<'_, V::Element>) {
    let Job { lines, part, cut, group, source, beside, bias, weight, bounds, output, next } = job;
    let steps = lines.steps();
    let group_out = lines.outputs / lines.groups;
    let pixels = lines.pixels();
    assert!(group < lines.groups && lines.furthest() <= source.len(), "the windows lie in the input");
    assert!(lines.end() <= output.len(), "the outputs are no more than there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    let vectors = group_out.div_ceil(V::LANES);
    let alone = pixels == 1 && lines.window.run == steps;
    let share = if part.count > 1 { part.of(Way::Blocks, blocks(vectors, cut.widest)) } else { 0..vectors };
    let (mut vector, mut number) = (0, 0);
    while vector < vectors {
        let wide = width((vectors - vector).min(cut.widest));
        let ours = share.contains(&number);
        number += 1;
        if !ours {
            vector += wide.max(1);
            continue;
        }
        let tile_pixels = cut.pixels[index(wide)];
        assert!(wide > 0 && (1..=lines.len).contains(&tile_pixels), "the weights were packed for this");
        let overlap = match cut.order {
            Order::Each => None,
            Order::Pairs => {
                assert!(pairs::fits::<V>(group_out, lines.window.run), "the weights were packed in pairs");
                None
            }
            Order::Overlap => {
                Some(Overlap::of(&lines.window).expect("the weights were packed for windows that overlap"))
            }
            Order::Across => {
                assert!(wide == across::WIDE && across::exists::<V>(), "the weights were packed for such tiles");
                None
            }
        };
        let channel = vector * V::LANES;
        let block = Block {
            group,
            channel,
            wide,
            order: cut.order,
            taps: overlap.map_or(1, |overlap| overlap.taps),
            tiling: Tiling::new::<V>(lines.len, wide, tile_pixels, cut.order),
            count: (group_out - channel).min(wide * V::LANES),
            weight: &weight[channel * steps..][..wide * V::LANES * steps],
            bias: &bias[channel..][..wide * V::LANES],
            bounds,
            next,
        };
        // SAFETY: the furthest window lies in the input and the pixels in the output, as asserted; tiles are no longer than lines. The
        // instruction set is the caller's to vouch for.
        unsafe {
            if alone {
                let to = lines.first + group * group_out + channel;
                let tile = block.tile(source.as_ptr(), beside, output, to, lines.apart[2]);
                single::<V>(wide, [steps, 0], core::ptr::null(), &tile);
            } else {
                let wide = if cut.order == Order::Pairs { PAIRED } else { wide };
                let alone = if cut.order == Order::Across { ACROSS } else { [1, 1] };
                match (wide, overlap.map_or(alone, |overlap| [overlap.taps, overlap.stride])) {
                    (PAIRED, _) => each_pixel::<V, PAIRED, 1, 1>(lines, part, &block, source, beside, output),
                    (across::WIDE, ACROSS) if const { across::exists::<V>() } => {
                        each_pixel::<V, { across::WIDE }, 1, 0>(lines, part, &block, source, beside, output)
                    }
                    (1, [3, 1]) => each_pixel::<V, 1, 3, 1>(lines, part, &block, source, beside, output),
                    (2, [3, 1]) => each_pixel::<V, 2, 3, 1>(lines, part, &block, source, beside, output),
                    (1, [3, 2]) => each_pixel::<V, 1, 3, 2>(lines, part, &block, source, beside, output),
                    (2, [3, 2]) => each_pixel::<V, 2, 3, 2>(lines, part, &block, source, beside, output),
                    (1, [5, 1]) => each_pixel::<V, 1, 5, 1>(lines, part, &block, source, beside, output),
                    (2, [5, 1]) => each_pixel::<V, 2, 5, 1>(lines, part, &block, source, beside, output),
                    (1, [2, 1]) => each_pixel::<V, 1, 2, 1>(lines, part, &block, source, beside, output),
                    (2, [2, 1]) => each_pixel::<V, 2, 2, 1>(lines, part, &block, source, beside, output),
                    (1, [4, 1]) => each_pixel::<V, 1, 4, 1>(lines, part, &block, source, beside, output),
                    (2, [4, 1]) => each_pixel::<V, 2, 4, 1>(lines, part, &block, source, beside, output),
                    (1, _) => each_pixel::<V, 1, 1, 1>(lines, part, &block, source, beside, output),
                    (2, _) => each_pixel::<V, 2, 1, 1>(lines, part, &block, source, beside, output),
                    (3, _) => each_pixel::<V, 3, 1, 1>(lines, part, &block, source, beside, output),
                    (4, _) => each_pixel::<V, 4, 1, 1>(lines, part, &block, source, beside, output),
                    _ => each_pixel::<V, 8, 1, 1>(lines, part, &block, source, beside, output),
                }
            }
        }
        vector += wide;
    }
}

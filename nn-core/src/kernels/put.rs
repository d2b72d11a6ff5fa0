//! Where a register tile goes whose columns do not all go side by side.

use super::tile::Target;
use super::windows::load_evens;
use crate::Float;
use crate::simd::Vector;

/// What is added to a row.
///
/// # Safety
/// The bias has a number for the row, if there is one.
#[inline(always)]
unsafe fn bias<E: Float>(target: &Target<'_, E>, row: usize) -> E {
    match target.bias {
        // SAFETY: passed on to the caller.
        Some(bias) => unsafe { *bias.get_unchecked(row) },
        None => E::ZERO,
    }
}

/// Puts a tile where it goes. Without closures: what is not inlined loses its instructions, and a closure cannot be made to be.
///
/// # Safety
/// The machine has the vector's instruction set, the target holds what `TileKernel::run` asserts, and `tile` is valid for reading `rows * vectors`
/// vectors.
#[inline(always)]
pub(super) unsafe fn put<V: Vector>(
    first: usize,
    rows: usize,
    vectors: usize,
    tile: *const V::Element,
    target: &Target<'_, V::Element>,
    to: *mut V::Element,
) {
    // SAFETY: the columns of the target are columns of the tile and, from each row's offset on, go inside the target, as `TileKernel::run`
    // asserted; where they are dense, as many as bits are set go side by side from `start` to `end`. The instruction set is the caller's to vouch for.
    unsafe {
        let (width, step) = (vectors * V::LANES, target.columns.lines.step);
        let values = to.add(target.first + first * target.row_step);
        if V::KEEPS && target.columns.dense {
            let mut to = target.columns.start;
            for v in 0..vectors {
                let lanes = ((target.columns.kept >> (v * V::LANES)) & ((1 << V::LANES) - 1)) as u16;
                let count = lanes.count_ones() as usize;
                for row in 0..rows {
                    let to = values.add(row * target.row_step + to);
                    let beside = if target.add { V::load_part(to, count) } else { V::splat(bias(target, first + row)) };
                    V::load(tile.add(row * width + v * V::LANES)).keep(lanes).add(beside).store_part(to, count);
                }
                to += count;
            }
            return;
        }
        for (at, count, to) in target.columns.lines() {
            if step > 2 {
                for row in 0..rows {
                    let (from, to) = (tile.add(row * width + at), values.add(row * target.row_step + to));
                    for column in 0..count {
                        let (to, value) = (to.add(column * step), *from.add(column));
                        *to = if target.add { *to + value } else { value + bias(target, first + row) };
                    }
                }
                continue;
            }
            let mut column = 0;
            while column < count {
                let part = (count - column).min(V::LANES);
                for row in 0..rows {
                    let from = tile.add(row * width + at + column);
                    let to = values.add(row * target.row_step + to + column * step);
                    let bias = V::splat(bias(target, first + row));
                    if step == 2 {
                        let beside = if target.add { load_evens::<V>(to, part) } else { bias };
                        V::load_part(from, part).add(beside).store_evens(to, part);
                    } else if part == V::LANES {
                        let beside = if target.add { V::load(to) } else { bias };
                        V::load(from).add(beside).store(to);
                    } else {
                        let beside = if target.add { V::load_part(to, part) } else { bias };
                        V::load_part(from, part).add(beside).store_part(to, part);
                    }
                }
                column += part;
            }
        }
    }
}

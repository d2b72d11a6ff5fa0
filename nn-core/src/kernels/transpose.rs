//! Matrices with rows for columns.

use core::mem::MaybeUninit;

use nn_shape::tile::MAX_LANES;

use crate::simd::{Lanes, Vector, unknown, with_current_vectors};

/// `to[step * width + column] = from[column * stride + step]`; zero in the columns beyond.
pub(super) fn transpose<E: Lanes>(from: &[E], stride: usize, columns: usize, steps: usize, to: &mut [E], width: usize) {
    if columns == 0 || steps == 0 {
        return to.fill(E::ZERO);
    }
    assert!((columns - 1) * stride + steps <= from.len() && columns <= width && steps * width <= to.len());
    // SAFETY: as just asserted.
    unsafe { transpose_panel(from, stride, columns, steps, to, width) }
}

with_current_vectors! {
    /// # Safety
    /// `from` has `columns` rows of `steps` numbers, `stride` apart, and `to` has `steps` rows of `width`, which is not less than `columns`.
    unsafe fn transpose_panel<E: Lanes>(
        from: &[E], stride: usize, columns: usize, steps: usize, to: &mut [E], width: usize,
    ) = transpose_body;
}

/// # Safety
/// As for [`transpose_panel`]; the machine has the vector's instruction set.
#[inline(always)]
pub(crate) unsafe fn transpose_body<V: Vector>(
    from: &[V::Element],
    stride: usize,
    columns: usize,
    steps: usize,
    to: &mut [V::Element],
    width: usize,
) {
    for first in (0..width).step_by(V::LANES) {
        for step in (0..steps).step_by(V::LANES) {
            let (rows, part) = (columns.saturating_sub(first).min(V::LANES), (steps - step).min(V::LANES));
            // SAFETY: passed on to the caller.
            unsafe {
                let (from, to) =
                    (from.as_ptr().wrapping_add(first * stride + step), to.as_mut_ptr().add(step * width + first));
                let mut block = [V::splat(V::Element::default()); MAX_LANES];
                if (rows, part) == (V::LANES, V::LANES) {
                    for row in 0..V::LANES {
                        block[row] = V::load(from.add(row * stride));
                    }
                    block = V::transpose(block);
                    for row in 0..V::LANES {
                        block[row].store(to.add(row * width));
                    }
                } else {
                    for row in 0..rows {
                        block[row] = V::load_part(from.add(row * stride), part);
                    }
                    block = V::transpose(block);
                    let written = (width - first).min(V::LANES);
                    for row in 0..part {
                        let to = to.add(row * width);
                        if written == V::LANES { block[row].store(to) } else { block[row].store_part(to, written) }
                    }
                }
            }
        }
    }
}

/// `to[column * stride + row] (+)= beside[row] + from[row * width + column]` for some rows and columns; where it is added to what is there, without
/// `beside`.
///
/// # Panics
/// If an operand is too short.
pub(super) fn place<E: Lanes>(
    from: &[E],
    width: usize,
    [rows, columns]: [usize; 2],
    beside: Beside<'_, E>,
    to: &mut [E],
    stride: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(
        columns <= width && (rows - 1) * width + columns <= from.len() && (columns - 1) * stride + rows <= to.len()
    );
    assert!(match beside {
        Beside::Numbers(numbers) => numbers.len() == rows,
        _ => true,
    });
    // SAFETY: as just asserted.
    unsafe { place_rows(from, width, [rows, columns], beside, to, stride) }
}

/// What is added to what [`place`] brings.
#[derive(Clone, Copy)]
pub(super) enum Beside<'a, E> {
    Nothing,
    /// What is there.
    There,
    /// A number for each row.
    Numbers(&'a [E]),
}

with_current_vectors! {
    /// # Safety
    /// What [`place`] asserts.
    unsafe fn place_rows<E: Lanes>(
        from: &[E], width: usize, sides: [usize; 2], beside: Beside<'_, E>, to: &mut [E], stride: usize,
    ) = place_body;
}

/// # Safety
/// As for [`place_rows`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn place_body<V: Vector>(
    from: &[V::Element],
    width: usize,
    [rows, columns]: [usize; 2],
    beside: Beside<'_, V::Element>,
    to: &mut [V::Element],
    stride: usize,
) {
    // Down the rows first: a cache line that one block writes half of, the next one fills, before those of too many columns drive it out.
    for column in (0..columns).step_by(V::LANES) {
        let part = (columns - column).min(V::LANES);
        let mut row = 0;
        while row < rows {
            let left = if part == V::LANES { (rows - row) / V::LANES } else { 0 };
            let blocks = if left >= BLOCKS { BLOCKS } else { 1 };
            let count = (rows - row).min(blocks * V::LANES);
            // SAFETY: passed on to the caller: `count` rows from `row` on and `part` columns from `column` on are inside of both matrices, and whole blocks if there
            // are some left.
            unsafe {
                let from = unknown(from.as_ptr().add(row * width + column));
                let to = unknown(to.as_mut_ptr().add(column * stride + row)).cast_mut();
                let numbers = match beside {
                    Beside::Numbers(numbers) => &numbers[row..][..count],
                    _ => &[],
                };
                match left {
                    0 => place_part::<V>(from, width, [count, part], beside, numbers, to, stride),
                    BLOCKS.. => place_blocks::<V, BLOCKS>(from, width, beside, numbers, to, stride),
                    _ => place_blocks::<V, 1>(from, width, beside, numbers, to, stride),
                }
            }
            row += count;
        }
    }
}

/// Blocks that are turned around before they are placed: rows of a result may lie a multiple of 4 KiB apart, and lines of one set drive each other out of the cache unless
/// each is followed by its neighbours.
const BLOCKS: usize = 4;

/// Some whole blocks, one below the other.
///
/// # Safety
/// The machine has the vector's instruction set; `BLOCKS * LANES` rows of a vector, `width` apart, are valid for reading from `from` on, `LANES` rows of `BLOCKS` vectors,
/// `stride` apart, for reading and writing from `to` on, and there is a number beside each row, if there are numbers.
#[inline(always)]
unsafe fn place_blocks<V: Vector, const BLOCKS: usize>(
    from: *const V::Element,
    width: usize,
    beside: Beside<'_, V::Element>,
    numbers: &[V::Element],
    to: *mut V::Element,
    stride: usize,
) {
    let mut turned = [[const { MaybeUninit::<V>::uninit() }; BLOCKS]; MAX_LANES];
    // SAFETY: the first `LANES` rows of `turned` are written before they are read; the rest is passed on to the caller.
    unsafe {
        for b in 0..BLOCKS {
            let mut block = [V::splat(V::Element::default()); MAX_LANES];
            for i in 0..V::LANES {
                block[i] = V::load(from.add((b * V::LANES + i) * width));
            }
            let block = V::transpose(block);
            for i in 0..V::LANES {
                turned[i][b].write(block[i]);
            }
        }
        // Read from memory: the optimiser would rather keep as much as it can in registers, and store that row by row.
        let mut from = unknown(turned.as_ptr().cast::<V>());
        let mut to = to;
        macro_rules! each {
            (|$b:ident, $to:ident, $sums:ident| $finished:expr) => {
                for _ in 0..V::LANES {
                    for $b in 0..BLOCKS {
                        let ($sums, $to) = (*from.add($b), to.add($b * V::LANES));
                        $finished.store($to);
                    }
                    // Behind the last row they may point anywhere.
                    (from, to) = (from.wrapping_add(BLOCKS), to.wrapping_add(stride));
                }
            };
        }
        // Asked once, not for each vector.
        match beside {
            Beside::Nothing => each!(|b, to, sums| sums),
            Beside::There => each!(|b, to, sums| sums.add(V::load(to))),
            Beside::Numbers(_) => each!(|b, to, sums| sums.add(V::load(numbers.as_ptr().add(b * V::LANES)))),
        }
    }
}

/// A part of a block, `[rows, columns]`.
///
/// # Safety
/// As for [`place_blocks`], of that many rows and columns, neither more than a vector.
#[inline(always)]
unsafe fn place_part<V: Vector>(
    from: *const V::Element,
    width: usize,
    [rows, columns]: [usize; 2],
    beside: Beside<'_, V::Element>,
    numbers: &[V::Element],
    to: *mut V::Element,
    stride: usize,
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut block = [V::splat(V::Element::default()); MAX_LANES];
        for i in 0..rows {
            block[i] = V::load_part(from.add(i * width), columns);
        }
        let block = V::transpose(block);
        for i in 0..columns {
            let to = to.add(i * stride);
            match beside {
                Beside::Nothing => block[i],
                Beside::There => block[i].add(V::load_part(to, rows)),
                Beside::Numbers(_) => block[i].add(V::load_part(numbers.as_ptr(), rows)),
            }
            .store_part(to, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Beside, place, transpose};

    /// The number at a place of the matrix that is turned around.
    fn number(row: usize, column: usize) -> f32 {
        (1 + row * 100 + column) as f32
    }

    /// Whole blocks, as many as are placed together and more, parts of one to each side, and both.
    const SIDES: [[usize; 2]; 11] =
        [[1, 1], [16, 16], [3, 20], [20, 3], [17, 33], [15, 16], [16, 15], [5, 8], [31, 4], [67, 18], [145, 16]];
    /// Numbers of the largest matrix, with some beyond.
    const ROOM: usize = 148 * 47;

    #[test]
    fn every_number_goes_to_its_place() {
        for [columns, steps] in SIDES {
            for beyond in [0, 1, 13] {
                let (stride, width) = (steps + 2, columns + beyond);
                let mut from = [f32::NAN; ROOM];
                for column in 0..columns {
                    for step in 0..steps {
                        from[column * stride + step] = number(column, step);
                    }
                }
                let mut to = [f32::NAN; ROOM];
                transpose(&from, stride, columns, steps, &mut to[..steps * width], width);
                for (at, found) in to[..steps * width].iter().enumerate() {
                    let (step, column) = (at / width, at % width);
                    let expected = if column < columns { number(column, step) } else { 0.0 };
                    assert_eq!(*found, expected, "column {column} of {columns}, step {step} of {steps}, width {width}");
                }
                assert!(to[steps * width..].iter().all(|number| number.is_nan()), "{columns} x {steps}");
            }
        }
    }

    #[test]
    fn every_number_is_added_to_what_is_beside_it() {
        for [rows, columns] in SIDES {
            let (width, stride) = (columns + 2, rows + 3);
            let mut from = [f32::NAN; ROOM];
            for row in 0..rows {
                for column in 0..columns {
                    from[row * width + column] = number(row, column);
                }
            }
            let numbers: [f32; 145] = core::array::from_fn(|row| 0.5 * row as f32);
            for (beside, there) in
                [(Beside::Nothing, f32::NAN), (Beside::There, 7.0), (Beside::Numbers(&numbers[..rows]), f32::NAN)]
            {
                let mut to = [there; ROOM];
                place(&from, width, [rows, columns], beside, &mut to, stride);
                for (at, found) in to.iter().enumerate() {
                    let (column, row) = (at / stride, at % stride);
                    if row < rows && column < columns {
                        let beside = match beside {
                            Beside::Nothing => 0.0,
                            Beside::There => there,
                            Beside::Numbers(numbers) => numbers[row],
                        };
                        assert_eq!(*found, number(row, column) + beside, "{rows} x {columns}: {row}, {column}");
                    } else {
                        assert!(*found == there || found.is_nan() && there.is_nan(), "{rows} x {columns}: {at}");
                    }
                }
            }
        }
    }
}

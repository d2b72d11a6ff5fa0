//! The register tile: the product of a few rows with a panel a few vectors wide, held in registers. Every matrix product and every
//! convolution is made of it.
//!
//! `rows × vectors` accumulators; for each step of the sum one number of each row is spread over a vector and multiplied with the panel's
//! vectors. At least 16 accumulators hide the latency of four cycles on two multipliers; 24 leave room for the panel's vectors.

use core::mem::MaybeUninit;

use nn_shape::tile::{MAX_ROWS, MAX_VECTORS, MAX_WIDTH};

use super::columns::Columns;
use super::put::put;
use super::steps::{SEVERAL, Steps};
use crate::simd::{Isa, Lanes, Vector, apart, unknown};

/// The rows of the left operand: entry `(row, step)` is `values[rows(row) + steps.left(step)]`.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) rows: Rows<'a>,
}

/// Where rows begin.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    /// The first, and each so far from the one before.
    Even(usize, usize),
    /// Each where it says.
    Listed(&'a [usize]),
}

impl<'a, E> Left<'a, E> {
    /// Rows `first..` of a matrix, `stride` apart.
    pub(crate) fn matrix(values: &'a [E], first: usize, stride: usize) -> Self {
        Left { values, rows: Rows::Even(first * stride, stride) }
    }
}

impl Rows<'_> {
    /// Where the furthest of some rows, at least one, begins.
    ///
    /// # Panics
    /// If there are fewer.
    fn furthest(&self, count: usize) -> usize {
        match *self {
            Rows::Even(first, step) => first + (count - 1) * step,
            Rows::Listed(rows) => rows[..count].iter().fold(0, |most, row| most.max(*row)),
        }
    }
}

/// The panel of the right operand: for each step the numbers from `values[at + steps.right(step)]` on.
#[derive(Clone, Copy)]
pub(crate) struct Right<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) at: usize,
}

/// Whether a tile of that size takes [`SEVERAL`] steps at a time: it has many sums, and its operands do not take all registers that those leave.
const fn takes_several(rows: usize, vectors: usize) -> bool {
    rows * vectors >= 8 && vectors <= MAX_VECTORS
}

/// Where a tile goes: each row to the places of its columns from `first + row * row_step` on.
pub(crate) struct Target<'a, E> {
    pub(crate) values: &'a mut [E],
    pub(crate) first: usize,
    pub(crate) row_step: usize,
    pub(crate) columns: &'a Columns,
    /// Whether it is added to what is there.
    pub(crate) add: bool,
    /// What is added to each number of a row, where it is not.
    pub(crate) bias: Option<&'a [E]>,
}

/// The most vectors of a tile of few rows.
const MAX_NARROW: usize = 8;
/// The most rows of a tile, by its vectors.
const fn most_rows(accumulators: usize) -> [usize; MAX_NARROW + 1] {
    let mut rows = [0; MAX_NARROW + 1];
    let mut vectors = 1;
    while vectors <= MAX_NARROW {
        let mut most = if vectors > MAX_VECTORS { 3 } else { MAX_ROWS };
        while most > 1 && !exists(accumulators, most, vectors) {
            most -= 1;
        }
        rows[vectors] = most;
        vectors += 1;
    }
    rows
}

/// Whether there is a tile of that size. Where its operands take all that sixteen registers leave, the optimiser keeps a sum in memory, and each step
/// waits for the one before to get it back.
const fn exists(accumulators: usize, rows: usize, vectors: usize) -> bool {
    let sums = rows * vectors;
    sums <= accumulators && (rows == 1 || accumulators != 12 || sums + vectors < 15)
}

/// Rows cut into tiles, as even as possible: the first ones may have a row more.
#[derive(Clone, Copy)]
struct TileRows {
    few: usize,
    longer: usize,
}

impl TileRows {
    #[inline(always)]
    fn new(rows: usize, most: usize) -> Self {
        // A division takes as long as a row of a small tile.
        let tiles = if rows <= most { 1 } else { rows.div_ceil(most) };
        if tiles == 1 {
            return TileRows { few: rows, longer: 0 };
        }
        TileRows { few: rows / tiles, longer: rows % tiles }
    }
}

/// Numbers of the largest tile.
const TILE: usize = MAX_ROWS * MAX_WIDTH;

type Run<E> = unsafe fn(usize, usize, &Left<'_, E>, &Right<'_, E>, &Steps, &mut Target<'_, E>);

/// The tile kernel of one instruction set.
#[derive(Clone, Copy)]
pub(crate) struct TileKernel<E: Lanes> {
    run: Run<E>,
    /// Numbers in a vector.
    pub(crate) lanes: usize,
    accumulators: usize,
    /// The most rows of a tile, by its vectors.
    rows: [usize; MAX_NARROW + 1],
    /// Whether columns that nobody wants are dropped with one instruction.
    pub(crate) keeps: bool,
}

impl<E: Lanes> TileKernel<E> {
    /// The kernel of the current instruction set.
    pub(crate) fn current() -> Self {
        fn kernel<V: Vector>(run: Run<V::Element>) -> TileKernel<V::Element>
        where
            V::Element: Lanes,
        {
            TileKernel {
                run,
                lanes: V::LANES,
                accumulators: V::ACCUMULATORS,
                rows: const { most_rows(V::ACCUMULATORS) },
                keeps: V::KEEPS,
            }
        }
        match Isa::of::<E>() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 if const { crate::simd::has_avx512::<E>() } => kernel::<E::Avx512>(avx512::<E>),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => kernel::<E::Avx2>(avx2::<E>),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => kernel::<E::Neon>(neon::<E>),
            _ => kernel::<E::Portable>(portable::<E>),
        }
    }

    /// The most rows of a tile that is `vectors` wide.
    pub(crate) fn rows(&self, vectors: usize) -> usize {
        self.rows[vectors]
    }

    /// The most vectors of a tile that is packed.
    pub(crate) fn vectors(&self) -> usize {
        MAX_VECTORS.min(self.accumulators / 6).max(2)
    }

    /// The vectors of a tile that takes `rows` by `columns` in the least time: as many accumulators as possible, without small remainders.
    pub(crate) fn best_vectors(&self, rows: usize, columns: usize) -> usize {
        let needed = columns.div_ceil(self.lanes);
        if needed == 1 || rows == 1 {
            return needed.min(MAX_NARROW).min(self.accumulators);
        }
        let cost = |most: usize| {
            let panels = needed.div_ceil(most);
            let tiles = rows.div_ceil(self.rows(needed.div_ceil(panels)));
            // Two products a cycle, and what a step of a tile costs beside them; at least the latency of a product.
            (rows * needed + 2 * panels * tiles).max(8 * panels * tiles)
        };
        if rows <= 3 {
            return (1..=MAX_NARROW.min(self.accumulators / rows)).rev().min_by_key(|most| cost(*most)).unwrap_or(1);
        }
        // Eight rows or as many as possible, or a vector more and fewer rows.
        let most = (self.accumulators / MAX_ROWS).max(2);
        if cost(most) < cost(most + 1) { most } else { most + 1 }
    }

    /// `target[row][column] (+)= bias[row] + Σ left(row, step) · right(step, column)`, in as many tiles as the rows need.
    ///
    /// # Panics
    /// If an operand or the target is too short.
    pub(crate) fn run(
        &self,
        rows: usize,
        vectors: usize,
        left: &Left<'_, E>,
        right: &Right<'_, E>,
        steps: &Steps,
        target: &mut Target<'_, E>,
    ) {
        let width = vectors * self.lanes;
        assert!((1..=MAX_NARROW).contains(&vectors), "a tile of that width does not exist");
        if rows == 0 {
            return;
        }
        let furthest = left.rows.furthest(rows);
        if steps.len() > 0 {
            let left_end = furthest + steps.most()[0];
            assert!(left_end < left.values.len(), "the left operand is too short");
            assert!(right.at + steps.most()[1] + width <= right.values.len(), "the right operand is too short");
            assert!(steps.most()[0].max(steps.most()[1]) <= u32::MAX as usize, "an operand is too long");
        }
        assert!(target.columns.len <= width, "the tile is too narrow for the target");
        let target_end = Rows::Even(target.first, target.row_step).furthest(rows) + target.columns.end;
        assert!(target_end <= target.values.len(), "the target is too short");
        assert!(target.bias.is_none_or(|bias| bias.len() == rows), "the bias has a number for each row");
        // SAFETY: `current` chose `run` for an instruction set that the machine has. `run` reads the offset of each row, all of which are listed if any
        // are, as `furthest` saw, `left.values` at each row's offset plus that of a step and `width` numbers of `right.values` from `right.at` plus the
        // offset of a step on, and writes `target.values` at each row's offset plus the places of the columns: all inside, as asserted above,
        // `steps.most()` and `columns.end` being the largest of all steps and columns, and no step's offset having been cut.
        unsafe { (self.run)(rows, vectors, left, right, steps, target) }
    }
}

/// # Safety
/// As for [`body`]; the machine has AVX-512 F, VL, DQ and BW.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
unsafe fn avx512<E: Lanes>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, E>,
    right: &Right<'_, E>,
    steps: &Steps,
    target: &mut Target<'_, E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx512>(rows, vectors, left, right, steps, target) }
}

/// # Safety
/// As for [`body`]; the machine has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<E: Lanes>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, E>,
    right: &Right<'_, E>,
    steps: &Steps,
    target: &mut Target<'_, E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx2>(rows, vectors, left, right, steps, target) }
}

/// # Safety
/// As for [`body`].
#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
unsafe fn neon<E: Lanes>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, E>,
    right: &Right<'_, E>,
    steps: &Steps,
    target: &mut Target<'_, E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Neon>(rows, vectors, left, right, steps, target) }
}

/// # Safety
/// As for [`body`].
unsafe fn portable<E: Lanes>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, E>,
    right: &Right<'_, E>,
    steps: &Steps,
    target: &mut Target<'_, E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Portable>(rows, vectors, left, right, steps, target) }
}

/// Goes down the rows.
///
/// # Safety
/// The machine has the vector's instruction set; the operands hold what [`TileKernel::run`] asserts.
#[inline(always)]
unsafe fn body<V: Vector>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, V::Element>,
    right: &Right<'_, V::Element>,
    steps: &Steps,
    target: &mut Target<'_, V::Element>,
) {
    let TileRows { few, longer } = TileRows::new(rows, const { most_rows(V::ACCUMULATORS) }[vectors]);
    let to = target.values.as_mut_ptr();
    let (mut first, mut index) = (0, 0);
    while first < rows {
        let count = few + usize::from(index < longer);
        // SAFETY: passed on to the caller.
        unsafe { tile::<V>([first, count, vectors], left, right, steps, target, to) }
        (first, index) = (first + count, index + 1);
    }
}

apart! {
    /// One tile, `[first, rows, vectors]`; `to` are the target's values.
    ///
    /// # Safety
    /// As for [`body`].
    unsafe fn tile<'a, V>(
        sizes: [usize; 3], left: &'a Left<'a, V::Element>, right: &'a Right<'a, V::Element>, steps: &'a Steps,
        target: &'a Target<'a, V::Element>, to: *mut V::Element,
    ) = tile_body;
}

/// Turns the size of the tile into constants.
///
/// # Safety
/// As for [`body`].
#[inline(always)]
unsafe fn tile_body<V: Vector>(
    [first, rows, vectors]: [usize; 3],
    left: &Left<'_, V::Element>,
    right: &Right<'_, V::Element>,
    steps: &Steps,
    target: &Target<'_, V::Element>,
    to: *mut V::Element,
) {
    let mut tile = [const { MaybeUninit::<V::Element>::uninit() }; TILE];
    macro_rules! sizes {
        ($($vectors:literal: $($rows:literal)*;)*) => {
            match (vectors, rows) {
                $($(($vectors, $rows) if const { exists(V::ACCUMULATORS, $rows, $vectors) } => {
                    // SAFETY: passed on to the caller; `tile` has room for the largest tile.
                    unsafe { fixed::<V, $rows, $vectors>(first, left, right, steps, target, to, tile.as_mut_ptr().cast()) }
                })*)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    let done = sizes! {
        1: 1 2 3 4 5 6 7 8;
        2: 1 2 3 4 5 6 7 8;
        3: 1 2 3 4 5 6 7 8;
        4: 1 2 3 4 5 6;
        5: 1 2 3;
        6: 1 2 3;
        7: 1 2 3;
        8: 1 2 3;
    };
    if !done {
        // SAFETY: passed on to the caller; `fixed` has written the tile.
        unsafe { put::<V>(first, rows, vectors, tile.as_ptr().cast(), target, to) }
    }
}

/// The sums; straight into the target where all columns go side by side, else into `tile`. Whether it was the target.
///
/// # Safety
/// As for [`body`]; `tile` is valid for writing `ROWS * VECTORS` vectors.
#[inline(always)]
unsafe fn fixed<V: Vector, const ROWS: usize, const VECTORS: usize>(
    first: usize,
    left: &Left<'_, V::Element>,
    right: &Right<'_, V::Element>,
    steps: &Steps,
    target: &Target<'_, V::Element>,
    to: *mut V::Element,
    tile: *mut V::Element,
) -> bool {
    // SAFETY: every offset is one that `TileKernel::run` asserted to be inside: each row, as many as are listed, plus that of a step in the left
    // operand, `width` numbers from each step on in the right one. The instruction set is the caller's to vouch for.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); VECTORS]; ROWS];
        let panel = right.values.as_ptr().wrapping_add(right.at);
        // Of each row, so that a step adds its offset alone.
        let mut places = [left.values.as_ptr(); ROWS];
        for row in 0..ROWS {
            places[row] = unknown(places[row].wrapping_add(match left.rows {
                Rows::Even(start, step) => start + (first + row) * step,
                Rows::Listed(rows) => *rows.get_unchecked(first + row),
            }));
        }
        macro_rules! step {
            ($left:expr, $panel:expr) => {
                let (left, panel) = ($left, $panel);
                let mut vectors = [V::splat(V::Element::default()); VECTORS];
                for v in 0..VECTORS {
                    vectors[v] = V::load(panel.add(v * V::LANES));
                }
                for row in 0..ROWS {
                    let value = V::splat(*places[row].add(left));
                    for v in 0..VECTORS {
                        sums[row][v] = sums[row][v].add_product(value, vectors[v]);
                    }
                }
            };
        }
        let mut rest = steps.table();
        if const { takes_several(ROWS, VECTORS) } {
            let (several, few) = rest.as_chunks::<SEVERAL>();
            if steps.are_even(VECTORS * V::LANES) {
                for several in several {
                    let (left, panel) = (several[0][0] as usize, panel.add(several[0][1] as usize));
                    for step in 0..SEVERAL {
                        step!(left + step, panel.add(step * VECTORS * V::LANES));
                    }
                }
            } else {
                for several in several {
                    for step in 0..SEVERAL {
                        step!(several[step][0] as usize, panel.add(several[step][1] as usize));
                    }
                }
            }
            rest = few;
        }
        for step in rest {
            step!(step[0] as usize, panel.add(step[1] as usize));
        }
        let columns = target.columns;
        let direct = columns.dense && columns.end - columns.start == VECTORS * V::LANES;
        if direct {
            let values = to.add(target.first + first * target.row_step + columns.start);
            macro_rules! each {
                (|$row:ident, $to:ident, $sum:ident| $store:expr) => {
                    for $row in 0..ROWS {
                        for v in 0..VECTORS {
                            let ($to, $sum) = (values.add($row * target.row_step + v * V::LANES), sums[$row][v]);
                            $store
                        }
                    }
                };
            }
            // Asked once, not for each vector.
            match target.bias {
                _ if target.add => each!(|row, to, sum| sum.add(V::load(to)).store(to)),
                Some(bias) => each!(|row, to, sum| sum.add(V::splat(*bias.get_unchecked(first + row))).store(to)),
                None => each!(|row, to, sum| sum.store(to)),
            }
        } else {
            for row in 0..ROWS {
                for v in 0..VECTORS {
                    sums[row][v].store(tile.add((row * VECTORS + v) * V::LANES));
                }
            }
        }
        direct
    }
}

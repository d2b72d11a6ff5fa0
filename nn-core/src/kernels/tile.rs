//! The register tile: the product of a few rows with a panel a few vectors wide, held in registers. Every matrix product and every
//! convolution is made of it.
//!
//! `rows × vectors` accumulators; for each step of the sum one number of each row is spread over a vector and multiplied with the panel's
//! vectors. At least 16 accumulators hide the latency of four cycles on two multipliers; 24 leave room for the panel's vectors.

use nn_shape::tile::{MAX_ROWS, MAX_VECTORS, MAX_WIDTH};

use crate::simd::{Isa, Lanes, Vector};

/// The rows of the left operand: entry `(row, step)` is `values[rows[row] + outer * outer_stride + inner * inner_stride]`, where `step`
/// counts `inner_len` inner steps within each outer one.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) rows: [usize; MAX_ROWS],
    pub(crate) outer_len: usize,
    pub(crate) outer_stride: usize,
    pub(crate) inner_len: usize,
    pub(crate) inner_stride: usize,
}

impl<'a, E> Left<'a, E> {
    /// Rows `first..` of a matrix with entry `(row, step)` at `row * row_stride + step * step_stride`.
    pub(crate) fn matrix(values: &'a [E], first: usize, row_stride: usize, step_stride: usize, steps: usize) -> Self {
        let rows = core::array::from_fn(|row| (first + row) * row_stride);
        Left { values, rows, outer_len: 1, outer_stride: 0, inner_len: steps, inner_stride: step_stride }
    }

    /// The steps of the sum.
    fn steps(&self) -> usize {
        self.outer_len * self.inner_len
    }
}

/// The panel of the right operand: step after step, `vectors · lanes` numbers each, `stride` apart.
#[derive(Clone, Copy)]
pub(crate) struct Right<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) stride: usize,
}

/// A finished tile: `rows` rows of `width` numbers, `width` apart.
pub(crate) type Tile<E> = [E; MAX_ROWS * MAX_WIDTH];

type Run<E> = unsafe fn(usize, usize, &Left<'_, E>, &Right<'_, E>, &mut Tile<E>);

/// The tile kernel of one instruction set.
#[derive(Clone, Copy)]
pub(crate) struct TileKernel<E: Lanes> {
    run: Run<E>,
    /// Numbers in a vector.
    pub(crate) lanes: usize,
    accumulators: usize,
}

impl<E: Lanes> TileKernel<E> {
    /// The kernel of the current instruction set.
    pub(crate) fn current() -> Self {
        fn kernel<V: Vector>(run: Run<V::Element>) -> TileKernel<V::Element>
        where
            V::Element: Lanes,
        {
            TileKernel { run, lanes: V::LANES, accumulators: V::ACCUMULATORS }
        }
        match Isa::current() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => kernel::<E::Avx512>(avx512::<E>),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => kernel::<E::Avx2>(avx2::<E>),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => kernel::<E::Neon>(neon::<E>),
            _ => kernel::<E::Portable>(portable::<E>),
        }
    }

    /// The most rows of a tile that is `vectors` wide.
    pub(crate) fn rows(&self, vectors: usize) -> usize {
        (self.accumulators / vectors).min(MAX_ROWS)
    }

    /// The most vectors of a tile.
    pub(crate) fn vectors(&self) -> usize {
        MAX_VECTORS.min(self.accumulators / 4)
    }

    /// `tile[row][column] = Σ left(row, step) · right[step][column]`.
    ///
    /// # Panics
    /// If an operand is too short.
    pub(crate) fn run(&self, rows: usize, vectors: usize, left: &Left<'_, E>, right: &Right<'_, E>, tile: &mut Tile<E>) {
        let (steps, width) = (left.steps(), vectors * self.lanes);
        assert!(vectors >= 1 && vectors <= self.vectors() && rows >= 1 && rows <= self.rows(vectors), "a tile of that size does not exist");
        if steps == 0 {
            tile[..rows * width].fill(E::ZERO);
            return;
        }
        let last = (left.outer_len - 1) * left.outer_stride + (left.inner_len - 1) * left.inner_stride;
        assert!(left.rows[..rows].iter().all(|row| row + last < left.values.len()), "the left operand is too short");
        assert!((steps - 1) * right.stride + width <= right.values.len(), "the right operand is too short");
        // SAFETY: `current` chose `run` for an instruction set that the machine has. `run` reads `left.values` at each row's offset plus at
        // most `last`, `right.values` up to the end of its last step, and writes `rows * width <= MAX_ROWS * MAX_WIDTH` numbers of
        // `tile`: all inside, as asserted above.
        unsafe { (self.run)(rows, vectors, left, right, tile) }
    }
}

/// # Safety
/// As for [`body`]; the machine has AVX-512 F, VL, DQ and BW.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
unsafe fn avx512<E: Lanes>(rows: usize, vectors: usize, left: &Left<'_, E>, right: &Right<'_, E>, tile: &mut Tile<E>) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx512>(rows, vectors, left, right, tile) }
}

/// # Safety
/// As for [`body`]; the machine has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<E: Lanes>(rows: usize, vectors: usize, left: &Left<'_, E>, right: &Right<'_, E>, tile: &mut Tile<E>) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx2>(rows, vectors, left, right, tile) }
}

/// # Safety
/// As for [`body`].
#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
unsafe fn neon<E: Lanes>(rows: usize, vectors: usize, left: &Left<'_, E>, right: &Right<'_, E>, tile: &mut Tile<E>) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Neon>(rows, vectors, left, right, tile) }
}

/// # Safety
/// As for [`body`].
unsafe fn portable<E: Lanes>(rows: usize, vectors: usize, left: &Left<'_, E>, right: &Right<'_, E>, tile: &mut Tile<E>) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Portable>(rows, vectors, left, right, tile) }
}

/// Turns the size of the tile into constants.
///
/// # Safety
/// The machine has the vector's instruction set; the operands hold what [`TileKernel::run`] asserts.
#[inline(always)]
unsafe fn body<V: Vector>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, V::Element>,
    right: &Right<'_, V::Element>,
    tile: &mut Tile<V::Element>,
) {
    macro_rules! sizes {
        ($($vectors:literal: $($rows:literal)*;)*) => {
            match (vectors, rows) {
                // SAFETY: passed on to the caller.
                $($(($vectors, $rows) if const { $vectors * $rows <= V::ACCUMULATORS } => unsafe { fixed::<V, $rows, $vectors>(left, right, tile) },)*)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes! {
        1: 1 2 3 4 5 6 7 8;
        2: 1 2 3 4 5 6 7 8;
        3: 1 2 3 4 5 6 7 8;
        4: 1 2 3 4 5 6;
    }
}

/// # Safety
/// As for [`body`].
#[inline(always)]
unsafe fn fixed<V: Vector, const ROWS: usize, const VECTORS: usize>(
    left: &Left<'_, V::Element>,
    right: &Right<'_, V::Element>,
    tile: &mut Tile<V::Element>,
) {
    // SAFETY: every offset is one that `TileKernel::run` asserted to be inside: each row plus at most the last step of the left operand,
    // `width` numbers at each step of the right one, `ROWS * width` numbers of the tile. The instruction set is the caller's to vouch for.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); VECTORS]; ROWS];
        let mut panel = right.values.as_ptr();
        for outer in 0..left.outer_len {
            let mut column = left.values.as_ptr().add(outer * left.outer_stride);
            for inner in 0..left.inner_len {
                let mut vectors = [V::splat(V::Element::default()); VECTORS];
                for v in 0..VECTORS {
                    vectors[v] = V::load(panel.add(v * V::LANES));
                }
                for row in 0..ROWS {
                    let value = V::splat(*column.add(left.rows[row]));
                    for v in 0..VECTORS {
                        sums[row][v] = sums[row][v].add_product(value, vectors[v]);
                    }
                }
                panel = panel.wrapping_add(right.stride);
                if inner + 1 < left.inner_len {
                    column = column.add(left.inner_stride);
                }
            }
        }
        for row in 0..ROWS {
            for v in 0..VECTORS {
                sums[row][v].store(tile.as_mut_ptr().add((row * VECTORS + v) * V::LANES));
            }
        }
    }
}

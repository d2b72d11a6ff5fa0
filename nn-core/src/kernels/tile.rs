//! The register tile: the product of a few rows with a panel a few vectors wide, held in registers. Every matrix product and every
//! convolution is made of it.
//!
//! `rows × vectors` accumulators; for each step of the sum one number of each row is spread over a vector and multiplied with the panel's
//! vectors. At least 16 accumulators hide the latency of four cycles on two multipliers; 24 leave room for the panel's vectors.

use nn_shape::tile::{MAX_ROWS, MAX_VECTORS, MAX_WIDTH, STEPS};

use crate::simd::{Isa, Lanes, Vector};

/// The rows of the left operand: entry `(row, step)` is `values[rows[row] + steps.left(step)]`.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) rows: [usize; MAX_ROWS],
}

impl<'a, E> Left<'a, E> {
    /// Rows `first..` of a matrix, `stride` apart.
    pub(crate) fn matrix(values: &'a [E], first: usize, stride: usize) -> Self {
        Left { values, rows: core::array::from_fn(|row| (first + row) * stride) }
    }
}

/// The panel of the right operand: for each step the numbers from `values[at + steps.right(step)]` on.
#[derive(Clone, Copy)]
pub(crate) struct Right<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) at: usize,
}

/// Where the operands of each step of a sum lie.
pub(crate) struct Steps {
    table: [[usize; 2]; STEPS],
    len: usize,
    /// The furthest.
    most: [usize; 2],
}

impl Steps {
    pub(crate) fn new() -> Self {
        Steps { table: [[0; 2]; STEPS], len: 0, most: [0; 2] }
    }

    /// `count` steps, each as far from the one before.
    pub(crate) fn even(count: usize, left: usize, right: usize) -> Self {
        let mut steps = Steps::new();
        for step in 0..count {
            steps.push(step * left, step * right);
        }
        steps
    }

    /// # Panics
    /// If there are [`STEPS`] already.
    pub(crate) fn push(&mut self, left: usize, right: usize) {
        self.table[self.len] = [left, right];
        self.len += 1;
        self.most = [self.most[0].max(left), self.most[1].max(right)];
    }

    pub(crate) fn clear(&mut self) {
        (self.len, self.most) = (0, [0; 2]);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == STEPS
    }
}

/// A finished tile: `rows` rows of `width` numbers, `width` apart.
pub(crate) type Tile<E> = [E; MAX_ROWS * MAX_WIDTH];

type Run<E> = unsafe fn(usize, usize, &Left<'_, E>, &Right<'_, E>, &Steps, &mut Tile<E>);

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

    /// `tile[row][column] = Σ left(row, step) · right(step, column)`.
    ///
    /// # Panics
    /// If an operand is too short.
    pub(crate) fn run(
        &self,
        rows: usize,
        vectors: usize,
        left: &Left<'_, E>,
        right: &Right<'_, E>,
        steps: &Steps,
        tile: &mut Tile<E>,
    ) {
        let width = vectors * self.lanes;
        assert!(vectors >= 1 && vectors <= self.vectors(), "a tile of that width does not exist");
        assert!(rows >= 1 && rows <= self.rows(vectors), "a tile of that height does not exist");
        if steps.len == 0 {
            return tile[..rows * width].fill(E::ZERO);
        }
        let furthest = left.rows[..rows].iter().fold(0usize, |furthest, row| furthest.max(*row));
        assert!(furthest + steps.most[0] < left.values.len(), "the left operand is too short");
        assert!(right.at + steps.most[1] + width <= right.values.len(), "the right operand is too short");
        // SAFETY: `current` chose `run` for an instruction set that the machine has. `run` reads `left.values` at each row's offset plus
        // that of a step, `width` numbers of `right.values` from `right.at` plus the offset of a step on, and writes
        // `rows * width <= MAX_ROWS * MAX_WIDTH` numbers of `tile`: all inside, as asserted above, `steps.most` being the largest of
        // the first `steps.len` offsets.
        unsafe { (self.run)(rows, vectors, left, right, steps, tile) }
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
    tile: &mut Tile<E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx512>(rows, vectors, left, right, steps, tile) }
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
    tile: &mut Tile<E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx2>(rows, vectors, left, right, steps, tile) }
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
    tile: &mut Tile<E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Neon>(rows, vectors, left, right, steps, tile) }
}

/// # Safety
/// As for [`body`].
unsafe fn portable<E: Lanes>(
    rows: usize,
    vectors: usize,
    left: &Left<'_, E>,
    right: &Right<'_, E>,
    steps: &Steps,
    tile: &mut Tile<E>,
) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Portable>(rows, vectors, left, right, steps, tile) }
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
    steps: &Steps,
    tile: &mut Tile<V::Element>,
) {
    macro_rules! sizes {
        ($($vectors:literal: $($rows:literal)*;)*) => {
            match (vectors, rows) {
                // SAFETY: passed on to the caller.
                $($(($vectors, $rows) if const { $vectors * $rows <= V::ACCUMULATORS } => unsafe { fixed::<V, $rows, $vectors>(left, right, steps, tile) },)*)*
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
    steps: &Steps,
    tile: &mut Tile<V::Element>,
) {
    // SAFETY: every offset is one that `TileKernel::run` asserted to be inside: each row plus that of a step in the left operand, `width`
    // numbers from each step on in the right one, `ROWS * width` numbers of the tile. The instruction set is the caller's to vouch for.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); VECTORS]; ROWS];
        let (column, panel) = (left.values.as_ptr(), right.values.as_ptr().add(right.at));
        for step in steps.table.get_unchecked(..steps.len) {
            let (column, panel) = (column.add(step[0]), panel.add(step[1]));
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
        }
        for row in 0..ROWS {
            for v in 0..VECTORS {
                sums[row][v].store(tile.as_mut_ptr().add((row * VECTORS + v) * V::LANES));
            }
        }
    }
}

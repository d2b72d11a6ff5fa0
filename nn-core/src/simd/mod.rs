//! Instruction sets: chosen at run time, so that one binary is fast everywhere.
//!
//! A kernel is written once, generic over a [`Vector`], and compiled once for each set under a `#[target_feature]` function of its own.
//! Everything below such a function must be `#[inline(always)]`: what is not inlined into it loses its instructions. Vectors wrap the
//! machine's registers, because arrays of numbers, left to the optimiser, are cut to pieces once loops over them are unrolled.

mod apart;
mod entries;
mod isa;
mod lanes;
mod loops;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_functions;
#[cfg(target_arch = "x86_64")]
mod x86_gates;
#[cfg(target_arch = "x86_64")]
mod x86_order;
#[cfg(target_arch = "x86_64")]
mod x86_pieces;

#[cfg(target_arch = "aarch64")]
mod neon;

use nn_shape::tile::MAX_LANES;

use crate::Float;
use crate::kernels::math;

pub(crate) use apart::{Apart, apart};
pub(crate) use entries::with_current_vectors;
#[cfg(target_arch = "x86_64")]
pub(crate) use isa::has_avx512;
pub use isa::{Isa, force_isa};
pub(crate) use lanes::{Lanes, accumulators};
pub(crate) use loops::{bound_by_memory, on_every_isa};

/// A register of numbers. Its methods carry no target feature: they are inlined into functions that do.
pub(crate) trait Vector: Copy {
    /// What it holds.
    type Element: Float;
    /// How many.
    const LANES: usize;
    /// The vector for so few numbers that half of the lanes would idle: half as long, if the set has such registers.
    type Narrow: Vector<Element = Self::Element>;
    /// Accumulators that fit beside the operands of a product: rows times vectors of a register tile.
    const ACCUMULATORS: usize;
    /// Whether kernels are compiled in all their sizes for it, or in few: it need not be as fast as can be.
    const MANY_SIZES: bool = true;

    /// Calls what [`apart`] declared: as a function of its own, compiled for the instruction set.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, and what the function says.
    unsafe fn apart<F: Apart<Self>>(given: F::Given<'_>);

    /// The same number in every lane.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn splat(value: Self::Element) -> Self;

    /// # Safety
    /// The machine has the vector's instruction set, and `from` is valid for reading `LANES` numbers.
    unsafe fn load(from: *const Self::Element) -> Self;

    /// # Safety
    /// The machine has the vector's instruction set, and `to` is valid for writing `LANES` numbers.
    unsafe fn store(self, to: *mut Self::Element);

    /// The first `count` numbers; the rest of the lanes are 0.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, `count <= LANES`, and `from` is valid for reading `count` numbers.
    #[inline(always)]
    unsafe fn load_part(from: *const Self::Element, count: usize) -> Self {
        let mut lanes = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set and for `count` readable numbers; `lanes` has room for `LANES`.
        unsafe {
            for lane in 0..count {
                *lanes.get_unchecked_mut(lane) = *from.add(lane);
            }
            Self::load(lanes.as_ptr())
        }
    }

    /// Stores the first `count` numbers and touches no other.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, `count <= LANES`, and `to` is valid for writing `count` numbers.
    #[inline(always)]
    unsafe fn store_part(self, to: *mut Self::Element, count: usize) {
        let mut lanes = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set and for room for `count` numbers; `lanes` has room for `LANES`.
        unsafe {
            self.store(lanes.as_mut_ptr());
            for lane in 0..count {
                *to.add(lane) = *lanes.get_unchecked(lane);
            }
        }
    }

    /// The first `count` numbers, which were stored a moment ago in pieces of 16 bytes or more; the rest of the lanes are 0. What a store holds back is
    /// found there by loads of no more than that, and by no loads with a mask.
    ///
    /// # Safety
    /// As for [`Vector::load_part`].
    #[inline(always)]
    unsafe fn load_pieces(from: *const Self::Element, count: usize) -> Self {
        // SAFETY: passed on to the caller.
        unsafe { if count == Self::LANES { Self::load(from) } else { Self::load_part(from, count) } }
    }

    /// Stores the first `count` numbers and touches no other. Loads find them before they are in memory: see [`Vector::load_pieces`].
    ///
    /// # Safety
    /// As for [`Vector::store_part`].
    #[inline(always)]
    unsafe fn store_pieces(self, to: *mut Self::Element, count: usize) {
        // SAFETY: passed on to the caller.
        unsafe { if count == Self::LANES { self.store(to) } else { self.store_part(to, count) } }
    }

    /// A zero, and then the numbers from `from` on but for the last.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, and `from` is valid for reading `LANES - 1` numbers.
    #[inline(always)]
    unsafe fn load_behind(from: *const Self::Element) -> Self {
        let mut lanes = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set and for as many numbers; `lanes` has room for them.
        unsafe {
            for lane in 1..Self::LANES {
                lanes[lane] = *from.add(lane - 1);
            }
            Self::load(lanes.as_ptr())
        }
    }

    /// Whether [`Vector::keep`] is one instruction.
    const KEEPS: bool = false;

    /// The lanes whose bits are set, side by side from the first lane on; the rest of the lanes are 0.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn keep(self, lanes: u16) -> Self {
        let (mut all, mut kept) = ([Self::Element::default(); MAX_LANES], [Self::Element::default(); MAX_LANES]);
        // SAFETY: the caller vouches for the instruction set; the arrays have room for `LANES` numbers.
        unsafe {
            self.store(all.as_mut_ptr());
            let mut count = 0;
            for lane in 0..Self::LANES {
                if lanes >> lane & 1 == 1 {
                    kept[count] = all[lane];
                    count += 1;
                }
            }
            Self::load(kept.as_ptr())
        }
    }

    /// Whether [`Vector::spread`] is one instruction.
    const SPREADS: bool = false;

    /// Two neighbouring numbers, side by side in every two lanes.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, and `from` is valid for reading two numbers.
    #[inline(always)]
    unsafe fn spread(from: *const Self::Element) -> Self {
        let mut lanes = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set and for two readable numbers; `lanes` has room for `LANES`.
        unsafe {
            for lane in 0..Self::LANES {
                lanes[lane] = *from.add(lane % 2);
            }
            Self::load(lanes.as_ptr())
        }
    }

    /// Whether [`Vector::quad`] is one instruction, and [`Vector::fold`] are a few.
    const QUADS: bool = false;

    /// Four neighbouring numbers, side by side in every four lanes.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which has [`Vector::QUADS`], and `from` is valid for reading four numbers.
    #[inline(always)]
    unsafe fn quad(_from: *const Self::Element) -> Self {
        unreachable!("inputs have vectors of their own")
    }

    /// In lane `j` of every four the sum of these four of vector `j`.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which has [`Vector::QUADS`].
    #[inline(always)]
    unsafe fn fold(_vectors: [Self; 4]) -> Self {
        unreachable!("inputs have vectors of their own")
    }

    /// Whether [`Vector::shift`] is for so many lines of such a length, of which each gets so many new numbers.
    #[inline(always)]
    fn shifts(_lines: usize, _len: usize, _new: usize) -> bool {
        false
    }

    /// Each line of `past` without its first number, and behind them the next of `next`. All of it is written in pieces of 16 bytes that no other store touches,
    /// and read in the same pieces: see [`Vector::load_pieces`]. Worth it only where the sizes are constants.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which [`Vector::shifts`] lines of that length by one; `past` is valid for reading all of their numbers, `next` for one
    /// of each, and `to` for writing as many as `past` has.
    #[inline(always)]
    unsafe fn shift(
        _lines: usize,
        _len: usize,
        _past: *const Self::Element,
        _next: *const Self::Element,
        _to: *mut Self::Element,
    ) {
        unreachable!("lines are copied in runs")
    }

    /// Every second number, from the first on: of this vector, then of the other.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn evens(self, other: Self) -> Self {
        // SAFETY: passed on to the caller.
        unsafe { every_second(self, other, 0) }
    }

    /// Every second number, from the second on: of this vector, then of the other.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn odds(self, other: Self) -> Self {
        // SAFETY: passed on to the caller.
        unsafe { every_second(self, other, 1) }
    }

    /// The second half of this vector, then the first half of the other.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn between(self, other: Self) -> Self {
        let mut both = [Self::Element::default(); 2 * MAX_LANES];
        // SAFETY: the caller vouches for the instruction set; the array has room for both vectors.
        unsafe {
            self.store(both.as_mut_ptr());
            other.store(both.as_mut_ptr().add(Self::LANES));
            Self::load(both.as_ptr().add(Self::LANES / 2))
        }
    }

    /// The numbers of both in turn: of the first halves, and of the second halves.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn zip(self, other: Self) -> [Self; 2] {
        let mut both = [Self::Element::default(); 2 * MAX_LANES];
        let (mut one, mut two) = ([Self::Element::default(); MAX_LANES], [Self::Element::default(); MAX_LANES]);
        // SAFETY: the caller vouches for the instruction set; the arrays have room for as many numbers.
        unsafe {
            self.store(one.as_mut_ptr());
            other.store(two.as_mut_ptr());
            for lane in 0..Self::LANES {
                both[2 * lane] = one[lane];
                both[2 * lane + 1] = two[lane];
            }
            [Self::load(both.as_ptr()), Self::load(both.as_ptr().add(Self::LANES))]
        }
    }

    /// Stores the first `count` numbers, one at every second place, and touches no other.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, `1 <= count <= LANES`, and `to` is valid for writing `2 * count - 1` numbers.
    #[inline(always)]
    unsafe fn store_evens(self, to: *mut Self::Element, count: usize) {
        let mut lanes = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set and for the places; `lanes` has room for `LANES` numbers.
        unsafe {
            self.store(lanes.as_mut_ptr());
            for lane in 0..count {
                *to.add(2 * lane) = *lanes.get_unchecked(lane);
            }
        }
    }

    /// The transpose of the matrix whose rows are the first `LANES` vectors.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn transpose(rows: [Self; MAX_LANES]) -> [Self; MAX_LANES] {
        let (mut from, mut to) = ([[Self::Element::default(); MAX_LANES]; MAX_LANES], rows);
        // SAFETY: the caller vouches for the instruction set; rows of `from` have room for `LANES` numbers.
        unsafe {
            for row in 0..Self::LANES {
                rows[row].store(from[row].as_mut_ptr());
            }
            for column in 0..Self::LANES {
                let mut numbers = [Self::Element::default(); MAX_LANES];
                for row in 0..Self::LANES {
                    numbers[row] = from[row][column];
                }
                to[column] = Self::load(numbers.as_ptr());
            }
        }
        to
    }

    /// Asks for the cache line of an address, which need not be valid: it will be read soon, but not at once.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn fetch(from: *const Self::Element) {
        let _ = from;
    }

    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn add(self, other: Self) -> Self;

    /// The sum of the lanes.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn sum(self) -> Self::Element;

    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn mul(self, other: Self) -> Self;

    /// The larger of each number and its bound; NaN stays.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn at_least(self, bound: Self) -> Self;

    /// The smaller of each number and its bound; NaN stays.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn at_most(self, bound: Self) -> Self;

    /// The larger of two numbers; NaN if one is NaN.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn maximum(self, other: Self) -> Self;

    /// `self + a * b`, rounded once where the set has that instruction.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    unsafe fn add_product(self, a: Self, b: Self) -> Self;

    /// The sums of the first `LANES` vectors, one in each lane, with the bits of [`Vector::sum`].
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn sums(vectors: [Self; MAX_LANES]) -> Self {
        let mut sums = [Self::Element::default(); MAX_LANES];
        // SAFETY: the caller vouches for the instruction set; `sums` has room for `LANES` numbers.
        unsafe {
            for lane in 0..Self::LANES {
                sums[lane] = vectors[lane].sum();
            }
            Self::load(sums.as_ptr())
        }
    }

    /// What the sum of a gate is multiplied by in front of a sigmoid, and in front of a hyperbolic tangent: a set may want the exponent of a power of two.
    const SCALES: [f64; 2] = [1.0, 1.0];

    /// The hyperbolic tangent of what was multiplied for it, within 3.5 units of the last place.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn tanh(self) -> Self {
        // SAFETY: passed on to the caller.
        unsafe { each(self, |x| x.tanh()) }
    }

    /// The sigmoid of what was multiplied for it, within 3 units of the last place, or 3e-13.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn sigmoid(self) -> Self {
        // SAFETY: passed on to the caller.
        unsafe { each(self, math::sigmoid) }
    }

    /// An LSTM's next cell and hidden numbers, from the sums of its input, forget, cell and output gate, multiplied by [`Vector::SCALES`], and from the cell
    /// before.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn lstm([input, forget, new, out]: [Self; 4], c: Self) -> [Self; 2] {
        // SAFETY: passed on to the caller.
        unsafe {
            let [input, forget, out] = [input, forget, out].map(|sum| each(sum, math::sigmoid));
            let c = forget.mul(c).add_product(input, new.tanh());
            [c, out.mul(c.tanh())]
        }
    }

    /// A GRU's next hidden numbers, from the sums of its reset and update gate and of both parts of its new gate, multiplied by [`Vector::SCALES`], and from
    /// those before.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn gru([reset, update, new, own]: [Self; 4], h: Self) -> Self {
        // SAFETY: passed on to the caller.
        unsafe {
            let [reset, update] = [reset, update].map(|sum| each(sum, math::sigmoid));
            let new = new.add_product(reset, own).tanh();
            new.add_product(update, h.add_product(new, Self::splat(-Self::Element::ONE)))
        }
    }

    /// Whether all gates of a few numbers may share registers, side by side: four gates in the quarters of one, or in the halves of two.
    const SHARES: bool = false;

    /// `self + a * b` in the lanes whose bits are set; the others stay.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which [`Vector::SHARES`].
    #[inline(always)]
    unsafe fn add_product_in(self, _a: Self, _b: Self, _lanes: u16) -> Self {
        unreachable!("gates have vectors of their own")
    }

    /// [`Vector::lstm`] for gates that share one or two vectors; results lie in front.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which [`Vector::SHARES`].
    #[inline(always)]
    unsafe fn lstm_shared<const VECTORS: usize>(_sums: [Self; VECTORS], _c: Self) -> [Self; 2] {
        unreachable!("gates have vectors of their own")
    }

    /// [`Vector::gru`] for sums that share one or two vectors; results lie in front.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, which [`Vector::SHARES`].
    #[inline(always)]
    unsafe fn gru_shared<const VECTORS: usize>(_sums: [Self; VECTORS], _h: Self) -> Self {
        unreachable!("gates have vectors of their own")
    }
}

/// A function of each lane.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn each<V: Vector>(vector: V, function: impl Fn(V::Element) -> V::Element) -> V {
    let mut lanes = [V::Element::default(); MAX_LANES];
    // SAFETY: the caller vouches for the instruction set; `lanes` has room for `LANES` numbers.
    unsafe {
        vector.store(lanes.as_mut_ptr());
        for lane in &mut lanes[..V::LANES] {
            *lane = function(*lane);
        }
        V::load(lanes.as_ptr())
    }
}

/// Asks for the cache line of an address, which need not be valid: it will be read soon, but not at once.
#[inline(always)]
pub(crate) fn fetch<E>(from: *const E) {
    // SAFETY: every x86-64 machine has the instruction, which does nothing where the address is not valid.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T1 }>(from.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = from;
}

/// The same place, of which the optimiser learns nothing. What it knows to lie at equal distances, it counts from one to the next again in each round of a
/// loop, and these additions take the units of products.
// Nothing is read at that place.
#[allow(clippy::pointers_in_nomem_asm_block)]
#[inline(always)]
pub(crate) fn unknown<E>(place: *const E) -> *const E {
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    let place = {
        let mut place = place;
        // SAFETY: no instruction at all.
        unsafe { core::arch::asm!("/* {0} */", inout(reg) place, options(pure, nomem, nostack, preserves_flags)) };
        place
    };
    place
}

/// Every second number of two vectors, from number `first` on, which is 0 or 1.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn every_second<V: Vector>(one: V, other: V, first: usize) -> V {
    let (mut both, mut seconds) = ([V::Element::default(); 2 * MAX_LANES], [V::Element::default(); MAX_LANES]);
    // SAFETY: the caller vouches for the instruction set; the arrays have room for as many numbers.
    unsafe {
        one.store(both.as_mut_ptr());
        other.store(both.as_mut_ptr().add(V::LANES));
        for lane in 0..V::LANES {
            seconds[lane] = both[2 * lane + first];
        }
        V::load(seconds.as_ptr())
    }
}

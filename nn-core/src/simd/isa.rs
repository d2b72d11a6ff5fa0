//! Which instruction sets there are, which the machine has, and which kernels run on.

use core::sync::atomic::{AtomicU8, Ordering};

/// An instruction set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Isa {
    /// What every machine of the target has.
    Portable = 0,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX-512 F, VL, DQ and BW, and with AVX2 and FMA, whose kernels serve `f64` here, and what waits for memory anyway.
    Avx512,
    /// aarch64.
    Neon,
}

impl Isa {
    /// Every set, whether the machine has it or not, each at the place of its number; of those of one machine, the best comes last.
    pub const ALL: [Isa; 4] = [Isa::Portable, Isa::Avx2, Isa::Avx512, Isa::Neon];

    /// Its name here.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Isa::Portable => "Portable",
            Isa::Avx2 => "Avx2",
            Isa::Avx512 => "Avx512",
            Isa::Neon => "Neon",
        }
    }

    /// Whether some machine that the program is compiled for has it; without `std`, which asks the machine, whether all have.
    pub(crate) const fn may_be_available(self) -> bool {
        match self {
            Isa::Portable => true,
            Isa::Neon => cfg!(target_arch = "aarch64"),
            Isa::Avx2 | Isa::Avx512 if cfg!(all(target_arch = "x86_64", feature = "std")) => true,
            Isa::Avx2 => cfg!(all(target_feature = "avx2", target_feature = "fma")),
            Isa::Avx512 => cfg!(all(
                target_feature = "avx2",
                target_feature = "fma",
                target_feature = "avx512f",
                target_feature = "avx512vl",
                target_feature = "avx512dq",
                target_feature = "avx512bw"
            )),
        }
    }

    /// Whether this machine has it.
    pub fn is_available(self) -> bool {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        match self {
            Isa::Avx2 => return std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"),
            Isa::Avx512 => {
                return Isa::Avx2.is_available()
                    && std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512vl")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512bw");
            }
            Isa::Portable | Isa::Neon => {}
        }
        self.may_be_available()
    }

    /// # Panics
    /// If this machine does not have it.
    #[inline]
    pub(crate) fn expect(self) {
        #[cold]
        fn look(isa: Isa) {
            let found = Isa::found();
            assert!(found & isa.bit() != 0, "nn: the network was frozen for {isa:?}, which this machine does not have");
        }
        // Small networks feel more than that.
        if FOUND.load(Ordering::Relaxed) & self.bit() == 0 {
            look(self);
        }
    }

    /// The set that kernels run on: the one that was forced, or the best that the machine has.
    pub fn current() -> Isa {
        match FORCED.load(Ordering::Relaxed) {
            0 => Isa::ALL[Isa::found().ilog2() as usize],
            code => Isa::ALL[usize::from(code) - 1],
        }
    }

    /// The bits of all sets that the machine has.
    fn found() -> u8 {
        match FOUND.load(Ordering::Relaxed) {
            0 => {
                let available = Isa::ALL.into_iter().filter(|isa| isa.is_available());
                let found = available.fold(0, |found, isa| found | isa.bit());
                FOUND.store(found, Ordering::Relaxed);
                found
            }
            found => found,
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The set that kernels of an element run on: see [`has_avx512`].
    pub(crate) fn of<E>() -> Isa {
        match Isa::current() {
            Isa::Avx512 if !has_avx512::<E>() => Isa::Avx2,
            isa => isa,
        }
    }
}

/// A bit for each set that the machine has; 0 until it was looked at. Apart from [`FORCED`]: who looks at the machine must not undo what another thread
/// forces meanwhile.
static FOUND: AtomicU8 = AtomicU8::new(0);

/// One more than the number of a set; 0 where the best will do.
static FORCED: AtomicU8 = AtomicU8::new(0);

/// Makes every kernel of the program run on one instruction set, for results that are the same on every machine that has it; `None`
/// goes back to the best. Sets differ in the last bits because they sum in another order.
///
/// # Errors
/// If the machine does not have the set: nothing is changed then.
pub fn force_isa(isa: Option<Isa>) -> Result<(), Isa> {
    match isa {
        Some(isa) if !isa.is_available() => Err(isa),
        isa => {
            FORCED.store(isa.map_or(0, |isa| isa as u8 + 1), Ordering::Relaxed);
            Ok(())
        }
    }
}

/// Whether kernels of an element are compiled for AVX-512: those of `f64`, of which there are few, would take as long to build as those of `f32`.
pub(crate) const fn has_avx512<E>() -> bool {
    size_of::<E>() == 4
}

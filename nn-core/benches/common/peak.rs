//! What benchmarks share: a clock, and the processor's peak, which is multiply-adds in registers alone.

use std::time::{Duration, Instant};

use nn_core::Isa;

/// How long the peak is measured.
const BUDGET: Duration = Duration::from_micros(400);

/// How long [`share`] measures.
#[allow(dead_code)]
const SHARED: Duration = Duration::from_millis(100);

/// Seconds that this thread had of the processor: what others take does not count.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub(crate) fn now() -> f64 {
    #[repr(C)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Time) -> i32;
    }
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut time = Time { seconds: 0, nanoseconds: 0 };
    // SAFETY: the C library's function, which writes to `time` alone; with 64 bits both fields are as it has them.
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.seconds as f64 + time.nanoseconds as f64 * 1e-9
}

/// Seconds since the first call.
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
pub(crate) fn now() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Rounds of one call, and independent sums in each.
const ROUNDS: usize = 20_000;
const SUMS: usize = 12;

/// Rounds of a short call, some microseconds, in which the clock stays as it is.
const FEW: usize = 2_000;

macro_rules! peak {
    ($name:ident, $features:literal, $lanes:literal, $splat:ident, $fma:expr) => {
        /// The operations of one call.
        ///
        /// # Safety
        /// The machine has the set.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        unsafe fn $name(rounds: usize) -> f64 {
            use core::arch::x86_64::*;
            let fma = $fma;
            let (a, b) = ($splat(0.999), $splat(0.001));
            // Unknown to the compiler, so that no two sums are one.
            let mut sums: [_; SUMS] = core::array::from_fn(|sum| $splat(std::hint::black_box(sum as f32)));
            for _ in 0..rounds {
                for sum in &mut sums {
                    *sum = fma(*sum, a, b);
                }
            }
            std::hint::black_box(sums);
            (2 * rounds * SUMS * $lanes) as f64
        }
    };
}

peak!(avx512, "avx512f,avx512vl,avx512dq,avx512bw", 16, _mm512_set1_ps, |s, a, b| _mm512_fmadd_ps(s, a, b));
peak!(avx2, "avx2,fma", 8, _mm256_set1_ps, |s, a, b| _mm256_fmadd_ps(s, a, b));
peak!(portable, "sse2", 4, _mm_set1_ps, |s, a, b| _mm_add_ps(_mm_mul_ps(s, a), b));

/// Multiply-adds in registers alone; how many operations they are.
fn multiply_add(rounds: usize) -> f64 {
    // SAFETY: the current set is one that the machine has, and SSE2 belongs to every x86-64 machine.
    unsafe {
        match Isa::current() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => avx512(rounds),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => avx2(rounds),
            #[cfg(target_arch = "x86_64")]
            Isa::Portable => portable(rounds),
            _ => f64::NAN,
        }
    }
}

/// The most GFLOP/s of the current set.
pub(crate) fn peak() -> f64 {
    let (start, mut best) = (Instant::now(), 0.0f64);
    while start.elapsed() < BUDGET {
        let start = now();
        let flops = multiply_add(ROUNDS);
        best = best.max(flops / (now() - start) / 1e9);
    }
    best
}

/// The part that so many operations reach of what multiply-adds alone would at the same clock. Processors slow down under vectors that are loaded and
/// multiplied all the time, by a sixth and more, and recover in some hundred microseconds: [`peak`], measured later, is that of another clock. Here some
/// microseconds of multiply-adds stand before and behind each of many calls; counted are those before and behind which they were as fast. The median
/// of the calls' parts.
#[allow(dead_code)]
pub(crate) fn share(flops: f64, mut call: impl FnMut()) -> f64 {
    let timed = |call: &mut dyn FnMut()| {
        let start = Instant::now();
        call();
        start.elapsed().as_secs_f64()
    };
    let calls = (40e-6 / timed(&mut call).max(20e-9)).clamp(1.0, 5000.0) as usize;
    let rate = || {
        let start = Instant::now();
        multiply_add(FEW) / start.elapsed().as_secs_f64()
    };
    let (start, mut all, mut before) = (Instant::now(), Vec::new(), rate());
    while start.elapsed() < SHARED {
        let seconds = timed(&mut || (0..calls).for_each(|_| call())) / calls as f64;
        let behind = rate();
        if (before / behind - 1.0).abs() < 0.02 {
            all.push(flops / seconds / before.max(behind));
        }
        before = behind;
    }
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Bytes that are read again and again: more than the first cache holds, less than the second does.
const READ: usize = 512 * 1024;

macro_rules! read {
    ($name:ident, $features:literal, $zero:ident, $load:ident, $add:ident) => {
        /// # Safety
        /// The machine has the set.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        unsafe fn $name(numbers: &[f32]) {
            use core::arch::x86_64::*;
            let mut sums = [$zero(); 8];
            let lanes = size_of_val(&sums[0]) / size_of::<f32>();
            for chunk in numbers.chunks_exact(8 * lanes) {
                for (part, sum) in chunk.chunks_exact(lanes).zip(&mut sums) {
                    // SAFETY: a part is as long as a vector.
                    *sum = $add(*sum, unsafe { $load(part.as_ptr()) });
                }
            }
            std::hint::black_box(sums);
        }
    };
}

read!(read512, "avx512f", _mm512_setzero_ps, _mm512_loadu_ps, _mm512_add_ps);
read!(read256, "avx2", _mm256_setzero_ps, _mm256_loadu_ps, _mm256_add_ps);
read!(read128, "sse2", _mm_setzero_ps, _mm_loadu_ps, _mm_add_ps);

/// The most GB/s that the current set reads from the second-level cache.
#[allow(dead_code)]
pub(crate) fn bandwidth() -> f64 {
    // A load that crosses lines of the cache costs two.
    let numbers = vec![1.0f32; READ / 4 + 16];
    let numbers = &numbers[numbers.as_ptr().align_offset(64)..][..READ / 4];
    let mut best = 0.0f64;
    for _ in 0..200 {
        let start = now();
        // SAFETY: as in `multiply_add`.
        unsafe {
            match Isa::current() {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => read512(numbers),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => read256(numbers),
                #[cfg(target_arch = "x86_64")]
                Isa::Portable => read128(numbers),
                _ => return f64::NAN,
            }
        }
        best = best.max(READ as f64 / (now() - start) / 1e9);
    }
    best
}

/// Makes every kernel run on the set that `NN_ISA` names.
pub(crate) fn choose_isa() {
    if let Ok(name) = std::env::var("NN_ISA") {
        let isa = Isa::ALL.into_iter().find(|isa| format!("{isa:?}").eq_ignore_ascii_case(&name));
        nn_core::force_isa(Some(isa.expect("NN_ISA names an instruction set"))).expect("the machine has the set");
    }
}

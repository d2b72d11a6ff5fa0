//! Inference by several threads: the bits of one, and no heap on any of them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nn::prelude::*;
use nn::{Frozen, Isa, Rng, Sample, Threads, Workers, Zeroable, force_isa};

struct Counting;

/// Of all threads but the one that allocates first: the harness's, which says after a minute that a test still runs.
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

static IS_FIRST: AtomicBool = AtomicBool::new(true);

thread_local! {
    static IS_HARNESS: Cell<bool> = const { Cell::new(false) };
}

// SAFETY: passes every call on to the system's allocator, and counts it in places that need no allocation.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_FIRST.swap(false, Ordering::Relaxed) {
            IS_HARNESS.set(true);
        }
        if !IS_HARNESS.get() {
            ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: the caller's promises, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises, passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One thread that does the parts from the last on: what one part leaves to another shows in the result.
struct Backwards(usize, usize);

// SAFETY: each part is called once.
unsafe impl Workers for Backwards {
    fn count(&self) -> usize {
        self.0
    }
    fn run(&mut self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
        (0..parts).rev().for_each(part);
        self.1 += 1;
    }
}

/// Checks a network whose inference form shares out at least `shared` steps.
fn check<N: Freeze<Element = f32>>(shared: usize) {
    let mut random = nn::seed(3);
    let network = N::init(&mut random);
    let mut input: Box<N::Input> = Box::new(Zeroable::zeroed());
    input.part_mut(0).iter_mut().for_each(|value| *value = random.next_u32() as f32 / u32::MAX as f32 - 0.5);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let (frozen, squares) = (network.freeze(), network.freeze_with(FreezeOptions { winograd_error: 1e-3 }));
        let mut workspace = Frozen::<N>::workspace();
        let mut outputs: [Box<N::Output>; 2] = std::array::from_fn(|_| Box::new(Zeroable::zeroed()));
        let mut expected: [Box<N::Output>; 2] = std::array::from_fn(|_| Box::new(Zeroable::zeroed()));
        frozen.forward(&input, &mut workspace, &mut expected[0]);
        squares.forward(&input, &mut workspace, &mut expected[1]);
        let mut hold = |workers: &mut dyn Workers, what: &str| {
            // What is not written shows.
            workspace = Frozen::<N>::workspace();
            outputs.iter_mut().for_each(|output| output.part_mut(0).fill(f32::NAN));
            let [plain, approximate] = &mut outputs;
            // With `--test-threads=1` tests run on the harness's thread.
            IS_HARNESS.set(false);
            let before = ALLOCATIONS.load(Ordering::Relaxed);
            frozen.forward_with(workers, &input, &mut workspace, plain);
            let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
            squares.forward_with(workers, &input, &mut workspace, approximate);
            assert_eq!(allocations, 0, "{} with {what}", N::NAME);
            for (output, expected) in outputs.iter().zip(&expected) {
                assert!(output.part(0) == expected.part(0), "{} on {isa:?} with {what}", N::NAME);
            }
        };
        // The portable set is slow where its checks are on, and cuts steps as the others do.
        let (all, counts): (&[usize], &[usize]) =
            if isa == Isa::Portable { (&[3, 40], &[2]) } else { (&[1, 2, 3, 4, 7, 16, 40], &[1, 2, 3]) };
        for &parts in all {
            let mut backwards = Backwards(parts, 0);
            hold(&mut backwards, &format!("{parts} parts from the last on"));
            assert!(
                parts == 1 || backwards.1 >= shared,
                "{}: {} steps are shared out on {isa:?} into {parts}",
                std::any::type_name::<N>(),
                backwards.1
            );
        }
        for &count in counts {
            let mut threads = Threads::new(count);
            assert_eq!(threads.count(), count);
            for _ in 0..counts.len() {
                hold(&mut threads, &format!("{count} threads"));
            }
        }
    }
    force_isa(None).expect("the best is available");
}

mod residual {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 181, 149] -> [10] {
            stem: Conv2d(3, 20, 7, stride = 2, padding = 3), bn: BatchNorm2d(20),
            a1: Conv2d(20, 20, 3, padding = 1), an: BatchNorm2d(20), a2: Conv2d(20, 20, 3, padding = 1),
            b1: Conv2d(20, 67, 3, stride = 2, padding = 1), b2: Conv2d(67, 67, 3, padding = 1), bs: Conv2d(20, 67, 1, stride = 2),
            wide: Conv2d(67, 530, 3, stride = 2, padding = 1), fc: Linear(530, 410), last: Linear(410, 10),
        }
        forward(x) {
            let x = max_pool2d(relu(bn(stem(x))), 3, stride = 2, padding = 1);
            let x = relu(an(a1(x))) + x;
            let x = relu(a2(x) + x);
            let x = relu(b2(relu(b1(x))) + bs(x));
            let x = adaptive_avg_pool2d(relu(wide(x)), 1);
            last(relu(fc(flatten(x, 1))))
        }
    }
}

mod matrices {
    use nn::prelude::*;
    network! {
        pub struct Net: [16, 47, 41] -> [437, 21] {
            point: Conv2d(16, 64, 1), depth: Conv2d(64, 64, 3, padding = 1, groups = 64), groups: Conv2d(64, 70, (3, 2), groups = 2, padding = 1),
            back: Conv2d(70, 48, 1), rows: Linear(48, 50), more: Linear(50, 21),
        }
        forward(x) {
            let x = relu(back(groups(relu(depth(relu(point(x)))))));
            let x = narrow(flatten(x, 2), 2, 0, 437);
            more(tanh(rows(transpose(x, 1, 2))))
        }
    }
}

mod volume {
    use nn::prelude::*;
    network! {
        pub struct Net: [2, 7, 13, 11] -> [9, 7, 13, 11] {
            a: Conv3d(2, 33, 3, padding = 1), b: Conv3d(33, 17, (3, 1, 2), padding = "same"), c: Conv3d(17, 9, 3, padding = 1, dilation = 1),
        }
        forward(x) { c(relu(b(relu(a(x))))) }
    }
}

mod signal {
    use nn::prelude::*;
    network! {
        pub struct Net: [8, 601] -> [32, 597] (Conv1d(8, 48, 5, padding = 2), ReLU, Conv1d(48, 32, 3, dilation = 2));
    }
}

mod picture {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 61, 58] -> [3, 120, 116] {
            ReflectionPad2d((3, 2, 4, 1)), Conv2d(3, 40, 5), InstanceNorm2d(40), ReLU, Conv2d(40, 36, 3, padding = 1, padding_mode = "reflect"), GroupNorm(4, 36), ReLU,
            ConvTranspose2d(36, 22, (3, 4), stride = 2, padding = 1, output_padding = (1, 0)), InstanceNorm2d(22), ReLU, ReplicationPad2d(1), Conv2d(22, 3, (7, 5)), Tanh,
        }
    }
}

mod linear {
    use nn::prelude::*;
    network! {
        pub struct Net: [700] -> [3] (Linear(700, 611), ReLU, Linear(611, 400), Tanh, Linear(400, 3));
    }
}

mod squares {
    use nn::prelude::*;
    network! {
        // Weights that stay in the second cache, in several rounds; and such as do not, in one round and in several.
        pub struct Net: [18, 41, 37] -> [150, 13, 12] {
            a: Conv2d(18, 32, 3, padding = 1), b: Conv2d(32, 63, 3, padding = 1), c: Conv2d(63, 150, 3, padding = 1), d: Conv2d(150, 159, 3),
            e: Conv2d(159, 150, 3, padding = (0, 1), stride = 3), f: Conv2d(150, 150, 3, padding = 1),
        }
        forward(x) {
            let x = relu(e(relu(d(relu(c(relu(b(relu(a(x))))))))));
            relu(f(x) + x)
        }
    }
}

mod short_lines {
    use nn::prelude::*;
    network! {
        pub struct Net: [64, 11, 13] -> [96, 6, 7] (Conv2d(64, 128, 3, padding = 1), ReLU, Conv2d(128, 96, 3, stride = 2, padding = 1));
    }
}

mod padded {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 70, 73] -> [25, 35, 36] { a: Conv2d(3, 25, 3, padding = 1), b: Conv2d(25, 25, 3) }
        forward(x) {
            let x = relu(a(x));
            max_pool2d(relu(b(pad(x, (1, 1, 1, 1), mode = "reflect")) + x), 2)
        }
    }
}

mod planes {
    use nn::prelude::*;
    network! {
        pub struct Net: [9, 45, 47] -> [35, 45, 47] (Conv2d(9, 34, 3, padding = 1), ReLU, Conv2d(34, 35, (4, 3), padding = (2, 1)), ReLU, Conv2d(35, 35, (2, 3), padding = (0, 1)));
    }
}

mod depths {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 124, 126] -> [33, 62, 63] {
            Conv2d(3, 8, 3, padding = 1), ReLU, Conv2d(8, 8, 3, padding = 1, groups = 8), ReLU, Conv2d(8, 33, 1), ReLU,
            Conv2d(33, 33, 3, stride = 2, padding = 1, groups = 33), ReLU, Conv2d(33, 33, 5, padding = 2, groups = 33), AvgPool2d(3, stride = 1, padding = 1),
        }
    }
}

/// One test: the counter counts all threads, the harness's too.
#[test]
fn threads_give_the_bits_of_one_without_heap() {
    check::<residual::Net>(18);
    check::<matrices::Net>(12);
    check::<volume::Net>(8);
    check::<signal::Net>(4);
    check::<linear::Net>(4);
    check::<picture::Net>(22);
    check::<padded::Net>(6);
    check::<planes::Net>(6);
    check::<short_lines::Net>(6);
    check::<depths::Net>(14);
    // Each convolution once or twice as it is; in squares once those of few weights, three times and more those of many.
    check::<squares::Net>(20);
    a_panic_reaches_the_caller();
}

fn a_panic_reaches_the_caller() {
    let mut threads = Threads::new(3);
    for bad in [0, 7, 19] {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            threads.run(20, &|part| assert!(part != bad, "as it should be"));
        }));
        assert!(result.is_err());
        // And the threads still work.
        let sum = AtomicUsize::new(0);
        threads.run(20, &|part| {
            sum.fetch_add(part, Ordering::Relaxed);
        });
        assert_eq!(sum.into_inner(), 190);
    }
}

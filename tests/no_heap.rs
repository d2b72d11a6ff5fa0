//! Nothing allocates once the memory is there: forward and backward passes, losses and optimiser steps, under a counting allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nn::prelude::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: passes every call on to the system's allocator, and counts it in a cell that needs no allocation.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
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

fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    run();
    ALLOCATIONS.with(Cell::get) - before
}

network! {
    struct Everything: [3, 9, 9] -> [5] {
        conv1: Conv2d(3, 8, 3, padding = 1, padding_mode = "reflect"),
        bn1: BatchNorm2d(8),
        conv2: Conv2d(8, 8, 3, padding = 1, groups = 2),
        depthwise: Conv2d(8, 8, 3, padding = "same", groups = 8),
        pool: MaxPool2d(2, ceil_mode = true),
        up: ConvTranspose2d(8, 4, 3, stride = 2),
        drop: Dropout(0.3),
        fc: Linear(_, 5),
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        let h = h + conv2(h) * depthwise(h);
        let (a, b) = chunk(pool(h), 2, dim = 1);
        let h = up(cat([a, b], dim = 1));
        log_softmax(fc(flatten(drop(h), 1)), dim = 1)
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(Box::new(1))), 1);
}

#[test]
fn nothing_allocates_in_the_hot_paths() {
    let mut network = Everything::init(&mut nn::seed(7));
    let mut gradients = Everything::gradients();
    let (mut workspace, mut batch_workspace) = (Everything::workspace::<1>(), Everything::workspace::<4>());
    let mut tape = Everything::tape::<4>();
    let input = Box::new([Tensor3([[[0.1; 9]; 9]; 3]); 4]);
    let mut output = [Tensor1([0.0; 5]); 4];
    let count = allocations(|| {
        network.forward(&input[0], &mut workspace, &mut output[0]);
        network.forward_batch(&input, &mut batch_workspace, &mut output);
        let output = *network.forward_train(&input, &mut tape);
        network.backward(&mut tape, &output, &mut gradients);
        network.backward_parameters(&mut tape, &output, &mut gradients);
        gradients.set_zero();
    });
    assert_eq!(count, 0);
}

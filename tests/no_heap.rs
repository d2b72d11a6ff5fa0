//! Nothing allocates once the memory is there: forward and backward passes, losses and optimiser steps, under a counting allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nn::loss::{CTCLoss, CTCWorkspace, CosineEmbeddingLoss, GaussianNLLLoss, NLLLoss, TripletMarginLoss};
use nn::optim::{Adagrad, Adam, AdamW, OneCycleLR, RMSprop, SGD, clip_grad_norm};
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
        groups: GroupNorm(2, 4),
        instances: InstanceNorm2d(4, affine = true, track_running_stats = true),
        response: LocalResponseNorm(3),
        slope: PReLU(4),
        drop: Dropout(0.3),
        alpha: FeatureAlphaDropout(0.2),
        last: LayerNorm(_),
        random: RReLU,
        attn: MultiheadAttention(_, 11, dropout = 0.2),
        fc: Linear(_, 5),
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        let h = h + conv2(h) * depthwise(h);
        let (a, b) = chunk(pool(h), 2, dim = 1);
        let h = slope(response(instances(groups(up(cat([a, b], dim = 1))))));
        let h = flatten(alpha(h) * glu(cat([h, h], dim = 1), dim = 1), 2);
        let h = random(last(rms_norm(normalize(h, dim = 2), (121,))));
        let (h, _) = attn(h, h, h);
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
    let (frozen, mut arena) = (network.freeze(), nn::Frozen::<Everything>::workspace());
    let mut tape = Everything::tape::<4>();
    let input = Box::new([Tensor3([[[0.1; 9]; 9]; 3]); 4]);
    let mut output = [Tensor1([0.0; 5]); 4];
    let mut sgd = SGD::<Everything>::boxed(0.1);
    let mut momentum = SGD::<Everything, 1>::with_momentum(0.1, 0.9);
    let mut adam = Adam::<Everything, 1>::amsgrad(0.01);
    let mut adamw = AdamW::<Everything>::boxed(0.01);
    let mut rmsprop = RMSprop::<Everything, 1, 1>::centered_with_momentum(0.01, 0.9);
    let mut adagrad = Adagrad::<Everything>::boxed(0.01);
    let count = allocations(|| {
        network.forward(&input[0], &mut workspace, &mut output[0]);
        network.forward_batch(&input, &mut batch_workspace, &mut output);
        frozen.forward(&input[0], &mut arena, &mut output[0]);
        let output = network.forward_train(&input, &mut tape);
        let mut output_gradients = [Tensor1([0.0; 5]); 4];
        NLLLoss::new().forward(output, &[0u32, 4, 2, 1], &mut output_gradients);
        network.backward(&mut tape, &output_gradients, &mut gradients);
        network.forward_train(&input, &mut tape);
        network.backward_parameters(&mut tape, &output_gradients, &mut gradients);
        clip_grad_norm(&mut *gradients, 1.0, 2.0);
        sgd.step(&mut network, &gradients);
        momentum.step(&mut network, &gradients);
        adam.step(&mut network, &gradients);
        OneCycleLR::new(0.1, 10).apply(3, &mut adamw);
        adamw.step(&mut network, &gradients);
        rmsprop.step(&mut network, &gradients);
        adagrad.step(&mut network, &gradients);
        gradients.set_zero();
    });
    assert_eq!(count, 0);
}

network! {
    struct Sequences: ([6, 4], [u32; 6], [[u32; 3]; 2]) -> [5] {
        table: Embedding(9, 4, padding_idx = 0, max_norm = 2.0),
        sums: EmbeddingBag(7, 8, mode = "max"),
        encoder: TransformerEncoderLayer(8, 2, dim_feedforward = 10, dropout = 0.1),
        lstm: LSTM(8, 6, num_layers = 2, dropout = 0.2, bidirectional = true, proj_size = 3),
        decoder: LSTM(8, 6, num_layers = 2, bidirectional = true, proj_size = 3),
        gru: GRU(6, 8, bias = false),
        rnn: RNN(8, 8, nonlinearity = "relu"),
        cell: GRUCell(8, 8),
        long: LSTMCell(8, 8),
        small: RNNCell(8, 8),
        pool: MaxPool1d(2, return_indices = true),
        unpool: MaxUnpool1d(2),
        fc: Linear(8, 5),
    }
    forward(x, words, bags) {
        let (y, state) = lstm(encoder(cat([x, table(words)], dim = 2)));
        let (z, _) = decoder(sums(bags), state);
        let (y, h) = gru(cat([y, z], dim = 1));
        let (y, _) = rnn(y, h);
        let (most, places) = pool(y);
        let first = select(unpool(most, places), 1, 0);
        let (h, c) = long(first);
        let (h, _) = long(cell(first, h), (h, c));
        log_softmax(fc(small(first, h)), dim = 1)
    }
}

#[test]
fn nothing_allocates_in_sequences_and_indices() {
    let mut network = Sequences::init(&mut nn::seed(7));
    let mut gradients = Sequences::gradients();
    let (mut workspace, mut batch_workspace) = (Sequences::workspace::<1>(), Sequences::workspace::<3>());
    let mut tape = Sequences::tape::<3>();
    let input = [(Tensor2([[0.5; 4]; 6]), Tensor1([3, 1, 8, 1, 0, 0]), Tensor2([[0, 6, 6], [1, 2, 3]])); 3];
    let mut output = [Tensor1([0.0; 5]); 3];
    let mut adam = Adam::<Sequences>::boxed(0.01);
    let count = allocations(|| {
        network.forward(&input[0], &mut workspace, &mut output[0]);
        network.forward_batch(&input, &mut batch_workspace, &mut output);
        let output = network.forward_train(&input, &mut tape);
        let mut output_gradients = [Tensor1([0.0; 5]); 3];
        NLLLoss::new().forward(output, &[0u32, 4, 2], &mut output_gradients);
        network.backward(&mut tape, &output_gradients, &mut gradients);
        network.forward_train(&input, &mut tape);
        network.backward_parameters(&mut tape, &output_gradients, &mut gradients);
        clip_grad_norm(&mut *gradients, 1.0, 2.0);
        adam.step(&mut network, &gradients);
        gradients.set_zero();
    });
    assert_eq!(count, 0);
}

#[test]
fn nothing_allocates_in_losses_of_several_inputs() {
    let [anchor, positive, negative] = [0.1, 0.2, 0.4].map(|x| [Tensor1([x, -x, 1.0 - x]); 4]);
    let [mut a, mut b, mut c] = [anchor; 3];
    let log_probs = [Tensor2([[0.25f32.ln(); 4]; 9]); 2];
    let mut log_probs_gradient = log_probs;
    let mut workspace = CTCWorkspace::new();
    let count = allocations(|| {
        TripletMarginLoss::new().swap(true).forward(&anchor, &positive, &negative, [&mut a, &mut b, &mut c]);
        GaussianNLLLoss::new().forward(&anchor, &positive, &[1.0; 4], &mut a, &mut [0.0; 4]);
        CosineEmbeddingLoss::new().forward(&anchor, &positive, &[1.0; 4], &mut a, &mut b);
        let (target, gradient) = ([Tensor1([1u8, 1, 2]); 2], &mut log_probs_gradient);
        CTCLoss::new().forward(&log_probs, &target, &[9, 7], &[3, 2], gradient, &mut workspace);
    });
    assert_eq!(count, 0);
}

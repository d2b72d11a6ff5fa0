//! What memory a network takes: the constants against the real sizes, the planner, and networks too big for any stack.

use nn::prelude::*;

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5, padding = 2),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(6, 16, 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(400, 120),
        ReLU,
        fc2: Linear(120, 84),
        ReLU,
        fc3: Linear(84, 10),
    }
}

const FEATURES: usize = 7;

network! {
    #[element(f64)]
    struct Odd: ([3, 5], [FEATURES]) -> ([2, 5], [FEATURES]) {
        conv: Conv1d(3, 2, 3, padding = 1),
        norm: BatchNorm1d(2),
        fc: Linear(FEATURES, FEATURES, bias = false),
    }
    forward(a, b) {
        (relu(norm(conv(a))), tanh(fc(b)))
    }
}

fn sizes_agree<M: Network>(training_bytes: fn(usize) -> usize) {
    assert_eq!(M::INFERENCE_BYTES, size_of::<Workspace<M>>(), "{}", M::NAME);
    assert_eq!(training_bytes(1), size_of::<Tape<M, 1>>() + size_of::<M>(), "{}", M::NAME);
    assert_eq!(training_bytes(3), size_of::<Tape<M, 3>>() + size_of::<M>(), "{}", M::NAME);
    assert_eq!(training_bytes(64), size_of::<Tape<M, 64>>() + size_of::<M>(), "{}", M::NAME);
    let mut parameters = 0;
    M::gradients().visit_parameters(&mut |_, values| parameters += values.len());
    assert_eq!(M::PARAMETERS, parameters, "{}", M::NAME);
    assert_eq!(M::DESCRIPTION.modules.iter().map(|module| module.parameters).sum::<usize>(), parameters, "{}", M::NAME);
}

#[test]
fn constants_are_the_real_sizes() {
    sizes_agree::<LeNet5>(LeNet5::training_bytes);
    sizes_agree::<Odd>(Odd::training_bytes);
    assert_eq!(LeNet5::PARAMETERS, 61_706);
    assert_eq!(LeNet5::MACS, 6 * 25 * 784 + 16 * 150 * 100 + 400 * 120 + 120 * 84 + 84 * 10);
}

/// The two largest neighbours are conv1's output and its copy behind ReLU; nothing else may add to them.
#[test]
fn inference_reuses_memory() {
    let two_largest = 2 * 6 * 28 * 28 * 4;
    let scratch = nn_shape_scratch();
    assert!(LeNet5::INFERENCE_BYTES <= two_largest + scratch + 256, "{} bytes", LeNet5::INFERENCE_BYTES);
}

/// Room for the kernels' panels: a sum of at most 256 steps, 64 columns wide.
fn nn_shape_scratch() -> usize {
    256 * 64 * 4
}

const _: () = assert!(LeNet5::INFERENCE_BYTES <= 128 * 1024, "a budget that the compiler holds");

network! {
    struct Huge: [5000] -> [5000] (Linear(5000, 5000), ReLU, Linear(5000, 64), Linear(64, 5000));
}

/// 100 MB of parameters, in a debug build, on the 2 MB stack of a test thread.
#[test]
fn big_networks_never_lie_on_the_stack() {
    assert!(size_of::<Huge>() > 100_000_000);
    let mut network = Huge::init(&mut nn::seed(1));
    let mut input = Box::new([Tensor1([0.5; 5000]); 2]);
    input[1][0] = -0.5;
    let mut tape = Huge::tape::<2>();
    network.forward_train(&input, &mut tape);
    let mut gradients = Huge::gradients();
    let cotangent = Box::new([Tensor1([1.0; 5000]); 2]);
    network.backward(&mut tape, &cotangent, &mut gradients);
    let mut total = 0.0;
    gradients.visit_parameters(&mut |_, values| total += values.iter().map(|value| value.abs()).sum::<f32>());
    assert!(total > 0.0 && total.is_finite());
    let output = network.predict(&input[0]);
    assert!(output.iter().all(|value| value.is_finite()));
}

network! {
    struct Small: [3] -> [2] (Linear(3, 4), Tanh, Linear(4, 2));
}

/// Gradients take the memory of values: what a second backward pass would read is gone.
#[test]
#[should_panic(expected = "this tape holds no forward pass")]
fn a_backward_pass_uses_up_its_tape() {
    let (mut network, mut tape, mut gradients) =
        (Small::init(&mut nn::seed(1)), Small::tape::<1>(), Small::gradients());
    let (input, cotangent) = ([Tensor1([0.5; 3])], [Tensor1([1.0; 2])]);
    for _ in 0..2 {
        network.forward_train(&input, &mut tape);
        Small::seed(&mut tape, 7);
        network.backward(&mut tape, &cotangent, &mut gradients);
    }
    network.grad(&mut tape, &cotangent, &mut gradients);
}

#[test]
#[should_panic(expected = "this tape holds no forward pass")]
fn an_empty_tape_has_no_gradients() {
    Small::init(&mut nn::seed(1)).backward_parameters(
        &mut Small::tape::<1>(),
        &[Tensor1([1.0; 2])],
        &mut Small::gradients(),
    );
}

/// Memory that was never initialised is enough: a `static`, say.
#[test]
fn networks_are_made_in_place() {
    let mut memory = Box::<LeNet5>::new_uninit();
    let network = LeNet5::init_in(&mut memory, &mut nn::seed(3));
    let boxed = LeNet5::init(&mut nn::seed(3));
    assert_eq!(network.conv1.weight, boxed.conv1.weight);
    assert_eq!(network.fc3.bias, boxed.fc3.bias);
}

/// What a step of a plan is handed out: `Memory::step`.
mod steps {
    use std::panic::catch_unwind;

    use nn::__private::{Extra, Memory, Slot, Slots, Words};

    type Small = Memory<f32, 12, 7, 5, 3>;

    /// Reads, writes and what a step has for itself, and whether they may be handed out together.
    fn takes(reads: [Slot; 2], writes: [Slot; 2], own: [Slot; 3]) -> bool {
        let [scratch, saved_batch, saved_sample] = own;
        let extra = Extra { scratch, saved_batch, saved_sample, saved_words: Slot::EMPTY };
        catch_unwind(|| {
            Small::new().step(&Slots::new(reads, writes, Words::NONE, extra));
        })
        .is_ok()
    }

    #[test]
    fn values_lie_where_the_plan_says() {
        let mut memory = Small::new();
        let words = Words { reads: [Slot::sample(0, 2)], writes: [Slot::sample(2, 2)] };
        let extra = Extra {
            scratch: Slot::batch(3, 4),
            saved_batch: Slot::batch(0, 2),
            saved_sample: Slot::sample(9, 3),
            saved_words: Slot::sample(4, 1),
        };
        let (reads, writes) = ([Slot::sample(0, 4); 2], [Slot::sample(4, 5), Slot::EMPTY]);
        let step = memory.step(&Slots::new(reads, writes, words, extra));
        assert_eq!(step.reads.map(<[f32]>::len), [12, 12]);
        assert_eq!((step.writes[0].len(), step.writes[1].len()), (15, 0));
        assert_eq!((step.scratch.len(), step.saved.batch.len(), step.saved.sample.len()), (4, 2, 9));
        assert_eq!((step.index_reads[0].len(), step.index_writes[0].len(), step.saved.words.len()), (6, 6, 3));
        step.writes[0].fill(1.0);
        step.index_writes[0].fill(2);
        step.scratch.fill(3.0);
        assert_eq!(memory.read(Slot::sample(3, 7)), [[0.0; 3].as_slice(), &[1.0; 15], &[0.0; 3]].concat());
        assert_eq!(memory.read(Slot::batch(2, 5)), [0.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(memory.read_indices(Slot::sample(1, 4)), [[0; 3].as_slice(), &[2; 6], &[0; 3]].concat());
    }

    #[test]
    fn what_is_written_meets_nothing() {
        let (none, a, b, both) = (Slot::EMPTY, Slot::sample(0, 4), Slot::sample(4, 4), Slot::sample(3, 2));
        assert!(takes([a, a], [b, none], [none; 3]));
        assert!(takes([a, b], [Slot::batch(0, 7), none], [none; 3]), "another space");
        assert!(takes([a, none], [Slot::sample(2, 0), b], [none; 3]), "nothing meets nothing");
        for wrong in [a, both, Slot::sample(0, 12), Slot::sample(1, 1)] {
            assert!(!takes([b, a], [Slot::sample(8, 4), wrong], [none; 3]), "{wrong:?} is read");
            assert!(!takes([none, none], [a, wrong], [none; 3]), "{wrong:?} is written twice");
            for place in 0..3 {
                let mut own = [none; 3];
                own[place] = wrong;
                assert!(!takes([none, none], [none, a], own), "{wrong:?} is written, and the step's own");
                assert!(!takes([none, a], [none, none], own), "{wrong:?} is read, and the step's own");
                own[(place + 1) % 3] = a;
                assert!(!takes([none, none], [none, none], own), "{wrong:?} is the step's own twice");
            }
        }
    }

    #[test]
    fn nothing_lies_outside() {
        assert!(!takes([Slot::sample(9, 4), Slot::EMPTY], [Slot::EMPTY; 2], [Slot::EMPTY; 3]));
        assert!(!takes([Slot::EMPTY; 2], [Slot::batch(7, 1), Slot::EMPTY], [Slot::EMPTY; 3]));
        let outside = Words { reads: [Slot::sample(4, 2)], writes: [] };
        let elsewhere = Words { reads: [Slot::sample(0, 2)], writes: [Slot::batch(0, 2)] };
        assert!(catch_unwind(|| Slots::new([], [], elsewhere, Extra::NONE)).is_err(), "words have one part");
        let slots = Slots::new([], [], outside, Extra::NONE);
        assert!(catch_unwind(|| Small::new().step(&slots).index_reads[0].len()).is_err());
        assert!(catch_unwind(|| Small::new().read(Slot::sample(9, 4)).len()).is_err());
        assert!(catch_unwind(|| Small::new().write(Slot::batch(7, 1)).len()).is_err());
        let last = Slot::sample(usize::MAX, 2);
        assert!(!takes([last, Slot::EMPTY], [Slot::EMPTY; 2], [Slot::EMPTY; 3]), "their sum is 1");
    }
}

//! Ten steps are five steps, a file, and five steps: to the last bit.

use nn::loss::CrossEntropyLoss;
use nn::optim::{Adagrad, Adam, AdamW, OptimizerState, RMSprop, SGD};
use nn::prelude::*;
use nn::weights::{Checkpoint, WeightsError};
use nn::{Random, init};

network! {
    struct Net: [6] -> [3] {
        Linear(6, 12),
        BatchNorm1d(12),
        ReLU,
        Dropout(0.3),
        Linear(12, 3),
    }
}

struct Training<O> {
    net: Box<Net>,
    optimizer: Box<O>,
    random: Random,
    step: u64,
}

impl<O: OptimizerState<Net>> Training<O> {
    fn new(optimizer: Box<O>, seed: u64) -> Training<O> {
        let mut random = nn::seed(seed);
        Training { net: Net::init(&mut random), optimizer, random, step: 0 }
    }

    fn run(&mut self, steps: usize) {
        let (mut tape, mut gradients) = (Net::tape::<4>(), Net::gradients());
        for _ in 0..steps {
            let mut input = [Tensor1([0.0; 6]); 4];
            input.iter_mut().for_each(|x| init::normal().fill(&mut x[..], &[6], &mut self.random));
            Net::seed(&mut tape, self.step);
            let output = self.net.forward_train(&input, &mut tape);
            let mut output_gradients = [Tensor1([0.0; 3]); 4];
            CrossEntropyLoss::new().forward(output, &[0u32, 1, 2, 0], &mut output_gradients);
            gradients.set_zero();
            self.net.backward_parameters(&mut tape, &output_gradients, &mut gradients);
            self.optimizer.set_lr(0.1 / (1 + self.step) as f64);
            self.optimizer.step(&mut self.net, &gradients);
            self.step += 1;
        }
    }

    fn checkpoint(&mut self) -> Checkpoint<'_> {
        Checkpoint::new()
            .network(&mut *self.net)
            .optimizer(&mut *self.optimizer)
            .random("random", &mut self.random)
            .count("step", &mut self.step)
    }
}

fn resumes_exactly<O: OptimizerState<Net>>(optimizer: impl Fn() -> Box<O>) {
    let mut straight = Training::new(optimizer(), 1);
    straight.run(5);
    let saved = straight.checkpoint().to_bytes();
    straight.run(5);
    let mut resumed = Training::new(optimizer(), 2);
    resumed.run(3);
    resumed.checkpoint().load_bytes(&saved).unwrap();
    assert!(resumed.checkpoint().to_bytes() == saved);
    resumed.run(5);
    assert!(resumed.checkpoint().to_bytes() == straight.checkpoint().to_bytes());
    assert_eq!(resumed.step, 10);
}

#[test]
fn every_optimiser_resumes_with_the_same_bits() {
    resumes_exactly(|| SGD::boxed(0.1));
    resumes_exactly(|| SGD::with_momentum(0.1, 0.9));
    resumes_exactly(|| Adam::boxed(0.01));
    resumes_exactly(|| AdamW::amsgrad(0.01));
    resumes_exactly(|| RMSprop::centered_with_momentum(0.01, 0.9));
    resumes_exactly(|| Adagrad::boxed(0.01));
}

#[test]
fn a_checkpoint_of_something_else_changes_nothing() {
    let mut sgd = Training::new(SGD::with_momentum(0.1, 0.9), 1);
    let saved = sgd.checkpoint().to_bytes();
    let mut adam = Training::new(Adam::boxed(0.01), 2);
    let before = adam.checkpoint().to_bytes();
    let error = adam.checkpoint().load_bytes(&saved).unwrap_err();
    assert!(adam.checkpoint().to_bytes() == before);
    let WeightsError::Mismatch { faults, .. } = &error else { panic!("{error}") };
    let text = error.to_string();
    assert!(text.contains("missing     optimizer.exp_avg.0.weight: the network has [12, 6]"), "{text}");
    assert!(text.contains("unexpected  optimizer.momentum_buffer.0.weight: the file has [12, 6]"), "{text}");
    assert!(text.contains("a checkpoint is for the network, the optimiser"), "{text}");
    // beta1, beta2, eps, step, twice four moments and twice two of the norm; momentum, dampening, nesterov, filled, six buffers.
    assert_eq!(faults.len(), 4 + 2 * 6 + 4 + 6);
}

#[test]
fn the_network_of_a_checkpoint_loads_alone() {
    let mut training = Training::new(SGD::boxed(0.1), 1);
    training.run(2);
    let saved = training.checkpoint().to_bytes();
    let mut net = Net::init(&mut nn::seed(3));
    nn::weights::Weights::from_bytes(&saved).unwrap().prefix("network.").load_into(&mut *net).unwrap();
    assert!(net.to_safetensors() == training.net.to_safetensors());
}

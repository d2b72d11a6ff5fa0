//! The training loop: the same bits for any number of threads and through any interruption; and its options.

use nn::data::{Dataset, below};
use nn::loss::{CrossEntropyLoss, MSELoss};
use nn::optim::{Adam, AdamW, OneCycleLR, SGD};
use nn::prelude::*;
use nn::train::{Criterion, Epoch, Observer, Plan, Remainder, Step, TrainError, Trainer, accuracy};

network! {
    struct Net: [6] -> [3] {
        Linear(6, 12),
        BatchNorm1d(12),
        ReLU,
        Dropout(0.2),
        Linear(12, 3),
    }
}

/// The class is the third that holds the largest number.
fn samples(count: usize, seed: u64) -> Vec<(Tensor1<6>, u32)> {
    let mut random = nn::seed(seed);
    let mut sample = || {
        let mut x = Tensor1([0.0f32; 6]);
        nn::init::normal().fill(&mut x[..], &[6], &mut random);
        let largest = (0..6).max_by(|a, b| x[*a].total_cmp(&x[*b])).unwrap();
        (x, largest as u32 / 2)
    };
    (0..count).map(|_| sample()).collect()
}

type Example<'a> = Trainer<'a, Net, AdamW<Net>, CrossEntropyLoss<3>, u32>;

fn trainer<'a>() -> Example<'a> {
    Trainer::new(Net::init(&mut nn::seed(1)), AdamW::boxed(0.02), CrossEntropyLoss::new()).seed(5)
}

/// An augmentation that draws.
fn noisy(data: &Vec<(Tensor1<6>, u32)>) -> impl Dataset<Input = Tensor1<6>, Target = u32> + '_ {
    data.augment(|x: &mut Tensor1<6>, class, random| {
        x[below(6, random)] += 0.01;
        class
    })
}

#[test]
fn it_learns() {
    let (data, test) = (samples(512, 1), samples(101, 2));
    let mut trainer = trainer().epochs(12).metric("accuracy", accuracy).validate(&test);
    let epochs = trainer.fit::<32>(&data).unwrap();
    let last = epochs.last().unwrap();
    let validation = last.validation.as_ref().unwrap();
    assert!(validation.metric("accuracy").unwrap() > 0.85, "{last}");
    assert!(last.train.loss < epochs[0].train.loss / 2.0, "{last}");

    // The remainder of 101 samples counts as much as any other sample.
    let net = trainer.network;
    let each = test.iter().map(|(x, y)| f64::from(CrossEntropyLoss::new().value(&[net.predict(x)], &[*y])));
    assert!((validation.loss - each.sum::<f64>() / 101.0).abs() < 1e-6);
    let right = test.iter().map(|(x, y)| accuracy(&net.predict(x), y)).sum::<f64>();
    assert_eq!(validation.metric("accuracy"), Some(right / 101.0));
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let data = samples(8 * 11, 3);
    let train = |threads| {
        let mut trainer = trainer().epochs(2).accumulate(4).threads(threads).clip_grad_norm(0.5);
        let epochs = trainer.fit::<8>(&noisy(&data)).unwrap();
        (trainer.network.to_safetensors(), epochs[1].train.clone())
    };
    let one = train(1);
    for threads in [2, 3, 4, 7] {
        assert!(train(threads) == one, "{threads} threads");
    }
}

network! { struct Plain: [6] -> [3] (Linear(6, 12), Tanh, Linear(12, 3)); }

/// Without BatchNorm, parts of a batch make the whole.
#[test]
fn accumulated_gradients_are_those_of_the_large_batch() {
    let data = samples(64, 4);
    let train = || Trainer::new(Plain::init(&mut nn::seed(1)), SGD::boxed(0.5), CrossEntropyLoss::new()).epochs(3);
    let (mut parts, mut whole) = (train().accumulate(4), train());
    let (a, b) = (parts.fit::<8>(&data).unwrap(), whole.fit::<32>(&data).unwrap());
    assert!((a[2].train.loss - b[2].train.loss).abs() < 1e-5);
    for (a, b) in parts.network.0.weight.as_flattened().iter().zip(whole.network.0.weight.as_flattened()) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

/// Each part starts from the same statistics; afterwards they are the mean over the parts, and one batch has been counted.
#[test]
fn running_statistics_move_once_a_step() {
    let data = samples(16, 5);
    let mut parts = trainer().shuffle(false).accumulate(2);
    parts.fit::<8>(&data).unwrap();
    let of_half = |half: &[(Tensor1<6>, u32)]| {
        let mut trainer = trainer().shuffle(false);
        trainer.fit::<8>(&half.to_vec()).unwrap();
        trainer.network._1.running_mean
    };
    let (a, b) = (of_half(&data[..8]), of_half(&data[8..]));
    assert_eq!(parts.network._1.num_batches_tracked.0, 1);
    for (channel, mean) in parts.network._1.running_mean.iter().enumerate() {
        assert!((mean - (a[channel] + b[channel]) / 2.0).abs() < 1e-6);
    }
}

#[test]
fn a_training_goes_on_from_its_checkpoint_with_the_same_bits() {
    let (data, test) = (samples(100, 6), samples(20, 7));
    let path = std::env::temp_dir().join(format!("nn_trainer_{}.safetensors", std::process::id()));
    let build = |epochs| {
        let schedule = OneCycleLR::new(0.05, 10 * 12);
        trainer().epochs(epochs).validate(&test).keep_best().early_stopping(8).schedule(move |optimizer, step| {
            optimizer.set_lr(schedule.lr(step));
            optimizer.betas.0 = schedule.momentum(step);
        })
    };
    let mut straight = build(10);
    let expected = straight.fit::<8>(&noisy(&data)).unwrap();
    build(5).checkpoint(&path).fit::<8>(&noisy(&data)).unwrap();
    let mut resumed = build(10).seed(77);
    resumed.resume(&path).unwrap();
    let epochs = resumed.fit::<8>(&noisy(&data)).unwrap();
    assert_eq!((epochs[0].number, epochs.len()), (6, expected.len() - 5));
    for (a, b) in epochs.iter().zip(&expected[5..]) {
        assert_eq!((&a.train, &a.validation, a.lr), (&b.train, &b.validation, b.lr));
    }
    assert!(resumed.network.to_safetensors() == straight.network.to_safetensors());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_plateau_goes_on_where_it_was() {
    let data = samples(16, 5);
    let path = std::env::temp_dir().join(format!("nn_train_plateau_{}.safetensors", std::process::id()));
    let build = |epochs| {
        let mut plateau = nn::optim::ReduceLROnPlateau::new(0.05);
        // Nothing falls so fast: the learning rate is halved after each three epochs.
        (plateau.threshold, plateau.patience, plateau.factor, plateau.cooldown) = (0.9, 1, 0.5, 1);
        trainer().epochs(epochs).validate(&data).plateau(plateau)
    };
    let expected = build(10).fit::<8>(&data).unwrap();
    let rates: Vec<_> = expected.iter().map(|epoch| epoch.lr).collect();
    assert_eq!((rates[0], rates[2], rates[3], rates[9]), (0.05, 0.05, 0.025, 0.00625), "{rates:?}");
    build(5).checkpoint(&path).fit::<8>(&data).unwrap();
    let mut resumed = build(10);
    resumed.resume(&path).unwrap();
    let epochs = resumed.fit::<8>(&data).unwrap();
    assert_eq!(epochs.iter().map(|epoch| epoch.lr).collect::<Vec<_>>(), rates[5..]);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_an_error() {
    let error = trainer().checkpoint("no/such/folder/x.safetensors").fit::<4>(&samples(8, 1)).unwrap_err();
    assert!(error.to_string().starts_with("the checkpoint: no/such/folder/x.safetensors: No such file"), "{error}");
}

#[test]
fn early_stopping_keeps_the_best() {
    let (data, test) = (samples(32, 8), samples(32, 9));
    let mut trainer = trainer().epochs(500).validate(&test).early_stopping(6).keep_best();
    let epochs = trainer.fit::<16>(&data).unwrap();
    assert!(epochs.len() < 500, "it overfits at some time");
    let lowest = epochs.iter().map(Epoch::loss).fold(f64::INFINITY, f64::min);
    let best = epochs.iter().position(|epoch| epoch.loss() == lowest).unwrap();
    assert_eq!(epochs.len(), best + 1 + 6);
    let each = test.iter().map(|(x, y)| f64::from(CrossEntropyLoss::new().value(&[trainer.network.predict(x)], &[*y])));
    assert!((each.sum::<f64>() / 32.0 - lowest).abs() < 1e-6);
}

/// Interrupted between the best epoch and the one that it would have stopped at.
#[test]
fn early_stopping_goes_on_counting() {
    let (data, test) = (samples(32, 8), samples(32, 9));
    let path = std::env::temp_dir().join(format!("nn_train_stopping_{}.safetensors", std::process::id()));
    let build = |epochs| trainer().epochs(epochs).validate(&test).early_stopping(6).keep_best();
    let mut straight = build(500);
    let expected = straight.fit::<16>(&data).unwrap().len();
    build(expected - 3).checkpoint(&path).fit::<16>(&data).unwrap();
    let mut resumed = build(500);
    resumed.resume(&path).unwrap();
    assert_eq!(resumed.fit::<16>(&data).unwrap().len(), 3);
    assert!(resumed.network.to_safetensors() == straight.network.to_safetensors());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn samples_that_do_not_fill_a_batch() {
    let data = samples(10, 1);
    let error = trainer().fit::<16>(&data).unwrap_err();
    assert!(matches!(error, TrainError::TooFew { samples: 10, batch: 16 }));
    let text = "10 samples do not fill a batch of 16: take a smaller batch, or `.remainder(Remainder::Wrap)`";
    assert_eq!(error.to_string(), text);
    assert!(trainer().remainder(Remainder::Wrap).fit::<16>(&data).is_ok());
    assert!(trainer().remainder(Remainder::Wrap).fit::<16>(&Vec::new()).is_err());

    let steps = std::cell::RefCell::new(Vec::new());
    struct Steps<'a>(&'a std::cell::RefCell<Vec<usize>>);
    impl Observer for Steps<'_> {
        fn begin(&mut self, plan: &Plan) {
            self.0.borrow_mut().push(plan.steps);
        }
        fn step(&mut self, step: &Step) {
            self.0.borrow_mut().push(step.step);
        }
    }
    trainer().epochs(2).observe(Steps(&steps)).fit::<4>(&data).unwrap();
    trainer().remainder(Remainder::Wrap).observe(Steps(&steps)).fit::<4>(&data).unwrap();
    trainer().remainder(Remainder::Wrap).accumulate(2).observe(Steps(&steps)).fit::<4>(&data).unwrap();
    assert_eq!(*steps.borrow(), [2, 1, 2, 3, 4, 3, 1, 2, 3, 2, 1, 2]);
}

#[test]
fn a_loss_of_ones_own_for_several_outputs() {
    network! {
        struct Two: [2] -> ([1], [2]) { value: Linear(2, 1), policy: Linear(2, 2) }
        forward(x) { (value(x), policy(x)) }
    }
    struct Both;
    impl Criterion<(Tensor1<1>, Tensor1<2>), (Tensor1<1>, u32)> for Both {
        fn forward<const N: usize>(
            &self,
            output: &[(Tensor1<1>, Tensor1<2>); N],
            target: &[(Tensor1<1>, u32); N],
            gradient: &mut [(Tensor1<1>, Tensor1<2>); N],
        ) -> f64 {
            let (mut values, mut policies) = ([Tensor1([0.0]); N], [Tensor1([0.0; 2]); N]);
            let a = MSELoss::new().forward(&output.map(|o| o.0), &target.map(|t| t.0), &mut values);
            let b = CrossEntropyLoss::new().forward(&output.map(|o| o.1), &target.map(|t| t.1), &mut policies);
            *gradient = std::array::from_fn(|i| (values[i], policies[i]));
            f64::from(a + b)
        }
        fn value<const N: usize>(
            &self,
            output: &[(Tensor1<1>, Tensor1<2>); N],
            target: &[(Tensor1<1>, u32); N],
        ) -> f64 {
            self.forward(output, target, &mut [(Tensor1([0.0]), Tensor1([0.0; 2])); N])
        }
    }
    let sample = |x: f32| (Tensor1([x, 1.0 - x]), (Tensor1([x]), u32::from(x > 0.5)));
    let data: Vec<_> = (0..16).map(|i| sample(i as f32 / 16.0)).collect();
    let mut trainer = Trainer::new(Two::init(&mut nn::seed(1)), Adam::boxed(0.1), Both).epochs(40);
    let epochs = trainer.fit::<16>(&data).unwrap();
    assert!(epochs[39].train.loss < epochs[0].train.loss / 3.0);
}

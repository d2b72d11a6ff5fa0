//! The contract of a layer, checked: every slice as long as `needs()` say, and NaN before; what is not asked for is empty.

use std::sync::RwLock;

use nn_core::shape::Needs;
use nn_core::{Backward, Forward, Gradient, Isa, Layer, Random, Rng, Saved, force_isa, seed};

/// The instruction set belongs to the whole program: who compares the bits of two runs on one set reads this, who forces a set writes it.
static ISA: RwLock<()> = RwLock::new(());

/// Runs `check` on every set that the machine has.
pub(crate) fn on_every_isa(mut check: impl FnMut(Isa)) {
    let _alone = ISA.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("the set is available");
        check(isa);
    }
    force_isa(None).expect("the best set is available");
}

/// One layer at work on one batch.
pub(crate) struct Case<'a, L: Layer<Element = f64>> {
    pub(crate) config: &'a L::Config,
    pub(crate) needs: Needs,
    pub(crate) layer: L,
    pub(crate) batch: usize,
    pub(crate) input: Vec<f64>,
    /// Numbers that the layer gives for the whole batch.
    pub(crate) output_len: usize,
}

/// What a training pass leaves.
struct Trained {
    output: Vec<f64>,
    batch: Vec<f64>,
    sample: Vec<f64>,
    words: Vec<u32>,
}

/// Numbers in -1..1.
pub(crate) fn noise(len: usize, random: &mut Random) -> Vec<f64> {
    (0..len).map(|_| (random.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0).collect()
}

/// Numbers of which no two are close, in no order.
pub(crate) fn distinct(len: usize) -> Vec<f64> {
    (0..len).map(|i| ((i * 7919 + 13) % 10007) as f64 / 1000.0 - 5.0).collect()
}

/// Fills the parameters of a layer.
pub(crate) fn randomize<L: Layer<Element = f64>>(layer: &mut L, random: &mut Random) {
    layer.visit_parameters_mut(&mut |_, values| values.copy_from_slice(&noise(values.len(), random)));
}

#[track_caller]
pub(crate) fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        let close = a == b || (a - b).abs() <= tolerance * (1.0 + b.abs()) || (a.is_nan() && b.is_nan());
        assert!(close, "{what}[{i}]: found {a}, expected {b}");
    }
}

impl<L: Layer<Element = f64>> Case<'_, L> {
    pub(crate) fn evaluate(&self) -> Vec<f64> {
        let mut output = vec![f64::NAN; self.output_len];
        self.layer.forward(
            self.config,
            Forward {
                batch: self.batch,
                inputs: &[&self.input],
                indices: &[],
                outputs: &mut [&mut output],
                index_outputs: &mut [],
                saved: Saved { batch: &mut [], sample: &mut [], words: &mut [] },
                scratch: &mut vec![f64::NAN; self.needs.forward_scratch],
                random: &mut seed(0),
            },
        );
        output
    }

    fn train(&mut self) -> Trained {
        let mut trained = Trained {
            output: vec![f64::NAN; self.output_len],
            batch: vec![f64::NAN; self.needs.saved_batch],
            sample: vec![f64::NAN; self.needs.saved_sample * self.batch],
            words: vec![u32::MAX; self.needs.saved_words * self.batch],
        };
        let Trained { output, batch, sample, words } = &mut trained;
        self.layer.forward_train(
            self.config,
            Forward {
                batch: self.batch,
                inputs: &[&self.input],
                indices: &[],
                outputs: &mut [output],
                index_outputs: &mut [],
                saved: Saved { batch, sample, words },
                scratch: &mut vec![f64::NAN; self.needs.forward_scratch],
                random: &mut seed(0),
            },
        );
        trained
    }

    pub(crate) fn train_output(&mut self) -> Vec<f64> {
        self.train().output
    }

    fn backward(&self, trained: &mut Trained, cotangent: &[f64], input: Gradient<'_, f64>, gradients: Option<&mut L>) {
        let Trained { output, batch, sample, words } = trained;
        self.layer.backward(
            self.config,
            Backward {
                batch: self.batch,
                inputs: &[if self.needs.inputs { &self.input } else { &[] }],
                indices: &[],
                outputs: &[if self.needs.outputs { output } else { &[] }],
                index_outputs: &[],
                output_gradients: &[cotangent],
                fresh: false,
                input_gradients: &mut [input],
                saved: Saved { batch, sample, words },
                scratch: &mut vec![f64::NAN; self.needs.backward_scratch],
            },
            gradients,
        );
    }

    /// Training and, unless it differs, evaluation give `expected`.
    pub(crate) fn gives(&mut self, expected: &[f64], evaluation: Option<&[f64]>) {
        assert_close("evaluation", &self.evaluate(), evaluation.unwrap_or(expected), 1e-10);
        assert_close("training", &self.train_output(), expected, 1e-10);
    }

    /// The gradients of `Σ cotangent * output` are its finite differences; they are added to what is there.
    pub(crate) fn has_gradients(&mut self) {
        let _same_isa = ISA.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let cotangent = noise(self.output_len, &mut seed(99));
        let slope = |case: &mut Self, change: &mut dyn FnMut(&mut Self, f64)| {
            let mut value = |case: &mut Self, step: f64| {
                change(case, step);
                let output = case.train_output();
                change(case, -step);
                output.iter().zip(&cotangent).map(|(a, b)| a * b).sum::<f64>()
            };
            const STEP: f64 = 1e-5;
            (value(case, STEP) - value(case, -STEP)) / (2.0 * STEP)
        };
        let expected: Vec<_> =
            (0..self.input.len()).map(|i| slope(self, &mut |case, step| case.input[i] += step)).collect();
        let mut expected_parameters = Vec::new();
        let mut count = 0;
        self.layer.visit_parameters(&mut |_, values| count += values.len());
        for i in 0..count {
            expected_parameters.push(slope(self, &mut |case, step| {
                let mut first = 0;
                case.layer.visit_parameters_mut(&mut |_, values| {
                    if (first..first + values.len()).contains(&i) {
                        values[i - first] += step;
                    }
                    first += values.len();
                });
            }));
        }

        let mut trained = self.train();
        let mut fresh = vec![f64::NAN; self.input.len()];
        let mut gradients = L::zeroed();
        self.backward(&mut trained, &cotangent, Gradient::new(&mut fresh, true), Some(&mut gradients));
        assert_close("input gradient", &fresh, &expected, 1e-6);
        assert_close("parameter gradients", &parameters(&gradients), &expected_parameters, 1e-6);

        let mut added = vec![1.0; self.input.len()];
        self.backward(&mut trained, &cotangent, Gradient::new(&mut added, false), Some(&mut gradients));
        let once_more = |values: &[f64], by: &[f64]| values.iter().zip(by).map(|(a, b)| a + b).collect::<Vec<_>>();
        assert_close("added input gradient", &added, &once_more(&vec![1.0; fresh.len()], &fresh), 1e-10);
        let twice = once_more(&expected_parameters, &expected_parameters);
        assert_close("added parameter gradients", &parameters(&gradients), &twice, 1e-6);

        // Frozen, and an input whose gradient nobody wants.
        let mut frozen = vec![f64::NAN; self.input.len()];
        self.backward(&mut trained, &cotangent, Gradient::new(&mut frozen, true), None);
        assert_close("input gradient of a frozen layer", &frozen, &fresh, 0.0);
        let mut alone = L::zeroed();
        self.backward(&mut trained, &cotangent, Gradient::unwanted(), Some(&mut alone));
        assert_close("parameter gradients alone", &parameters(&alone), &expected_parameters, 1e-6);
    }
}

fn parameters<L: Layer<Element = f64>>(layer: &L) -> Vec<f64> {
    let mut all = Vec::new();
    layer.visit_parameters(&mut |_, values| all.extend_from_slice(values));
    all
}

//! A layer at work, without a network: its forward pass, its backward pass, and what finite differences say of that.

use nn_core::shape::{Arg, Needs, Shape};
use nn_core::{Backward, Forward, Gradient, Layer, Rng, Saved, seed};

/// A layer at work on `batch` samples.
pub(crate) struct Bench<'a, L: Layer<Element = f64>> {
    layer: L,
    config: &'a L::Config,
    needs: Needs,
    batch: usize,
    pub(crate) inputs: Vec<Vec<f64>>,
    /// Elements of each output for one sample.
    outputs: Vec<usize>,
    saved: [Vec<f64>; 2],
    words: Vec<u32>,
}

impl<'a, L: Layer<Element = f64>> Bench<'a, L> {
    pub(crate) fn new(config: &'a L::Config, needs: Needs, batch: usize, inputs: &[Shape], outputs: &[Shape]) -> Self {
        let mut random = seed(inputs.iter().map(|shape| shape.len() as u64).sum());
        let mut layer = L::zeroed();
        layer.reset(&mut random);
        // Halves between whole numbers, away from every kink at 0 and from division by it.
        let mut number = || (random.next_u64() % 9) as f64 / 2.0 - 2.25;
        let inputs = inputs.iter().map(|shape| (0..batch * shape.len()).map(|_| number()).collect()).collect();
        Bench {
            layer,
            config,
            needs,
            batch,
            inputs,
            outputs: outputs.iter().map(Shape::len).collect(),
            saved: [vec![f64::NAN; needs.saved_batch], vec![f64::NAN; batch * needs.saved_sample]],
            words: vec![0xAAAA_AAAA; batch * needs.saved_words],
        }
    }

    pub(crate) fn forward(&mut self, training: bool) -> Vec<Vec<f64>> {
        let mut outputs: Vec<_> = self.outputs.iter().map(|len| vec![f64::NAN; self.batch * len]).collect();
        let inputs: Vec<_> = self.inputs.iter().map(|input| &input[..]).collect();
        let mut slices: Vec<_> = outputs.iter_mut().map(|output| &mut output[..]).collect();
        let mut scratch = vec![f64::NAN; self.needs.forward_scratch];
        let [batch, sample] = &mut self.saved;
        let pass = Forward {
            batch: self.batch,
            inputs: &inputs,
            indices: &[],
            outputs: &mut slices,
            index_outputs: &mut [],
            saved: Saved { batch, sample, words: &mut self.words },
            scratch: &mut scratch,
            random: &mut seed(7),
        };
        if training {
            self.layer.forward_train(self.config, pass)
        } else {
            self.layer.forward(self.config, pass)
        }
        outputs
    }

    /// Gradients of the inputs, which hold `before` already unless they are fresh, and of the parameters.
    pub(crate) fn backward(
        &mut self,
        outputs: &[Vec<f64>],
        cotangents: &[Vec<f64>],
        before: Option<f64>,
    ) -> (Vec<Vec<f64>>, L) {
        let mut gradients: Vec<_> =
            self.inputs.iter().map(|input| vec![before.unwrap_or(f64::NAN); input.len()]).collect();
        let mut parameters = L::zeroed();
        let slices = |wanted: bool, all: &'_ [Vec<f64>]| -> Vec<Vec<f64>> {
            all.iter().map(|values| if wanted { values.clone() } else { Vec::new() }).collect()
        };
        let (inputs, outputs) = (slices(self.needs.inputs, &self.inputs), slices(self.needs.outputs, outputs));
        let inputs: Vec<_> = inputs.iter().map(|input| &input[..]).collect();
        let outputs: Vec<_> = outputs.iter().map(|output| &output[..]).collect();
        let cotangents: Vec<_> = cotangents.iter().map(|cotangent| &cotangent[..]).collect();
        let mut targets: Vec<_> = gradients.iter_mut().map(|values| Gradient::new(values, before.is_none())).collect();
        let mut scratch = vec![f64::NAN; self.needs.backward_scratch];
        let [batch, sample] = &mut self.saved;
        let pass = Backward {
            batch: self.batch,
            inputs: &inputs,
            indices: &[],
            outputs: &outputs,
            index_outputs: &[],
            output_gradients: &cotangents,
            fresh: false,
            input_gradients: &mut targets,
            saved: Saved { batch, sample, words: &mut self.words },
            scratch: &mut scratch,
        };
        self.layer.backward(self.config, pass, Some(&mut parameters));
        (gradients, parameters)
    }

    fn cotangents(&self) -> Vec<Vec<f64>> {
        let mut random = seed(3);
        let mut number = || (random.next_u64() % 17) as f64 / 8.0 - 1.0;
        self.outputs.iter().map(|len| (0..self.batch * len).map(|_| number()).collect()).collect()
    }

    /// Σ outputs · cotangents
    fn objective(&mut self, cotangents: &[Vec<f64>]) -> f64 {
        let outputs = self.forward(true);
        outputs.iter().flatten().zip(cotangents.iter().flatten()).map(|(y, c)| y * c).sum()
    }

    /// The gradients of inputs and parameters are those of finite differences; what is there already is added to.
    pub(crate) fn check(mut self, what: &str) {
        let cotangents = self.cotangents();
        let outputs = self.forward(true);
        let (fresh, parameters) = self.backward(&outputs, &cotangents, None);
        let (added, _) = self.backward(&outputs, &cotangents, Some(1.5));
        const STEP: f64 = 1e-6;
        for input in 0..self.inputs.len() {
            for place in 0..self.inputs[input].len() {
                let x = self.inputs[input][place];
                let mut objective = |x| {
                    self.inputs[input][place] = x;
                    self.objective(&cotangents)
                };
                let expected = (objective(x + STEP) - objective(x - STEP)) / (2.0 * STEP);
                objective(x);
                let found = fresh[input][place];
                let at = format!("{what}: gradient {place} of input {input}");
                assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{at} is {found}, not {expected}");
                let difference = added[input][place] - (1.5 + found);
                assert!(
                    difference.abs() <= 1e-12 * found.abs().max(1.0),
                    "{at}, added to 1.5, differs by {difference}"
                );
            }
        }
        let mut found = Vec::new();
        parameters.visit_parameters(&mut |_, values| found.extend_from_slice(values));
        for (place, found) in found.into_iter().enumerate() {
            let mut objective = |step: f64| {
                let mut first = 0;
                self.layer.visit_parameters_mut(&mut |_, values| {
                    if let Some(value) = place.checked_sub(first).and_then(|place| values.get_mut(place)) {
                        *value += step;
                    }
                    first += values.len();
                });
                self.objective(&cotangents)
            };
            let expected = (objective(STEP) - objective(-2.0 * STEP)) / (2.0 * STEP);
            objective(STEP);
            let close = (found - expected).abs() <= 1e-6 * expected.abs().max(1.0);
            assert!(close, "{what}: gradient of parameter {place} is {found}, not {expected}");
        }
    }
}

/// Checks a layer with this operation on inputs of these shapes.
macro_rules! check {
    ($layer:ident, $operation:ident :: $constructor:ident ($axes:expr, $args:expr), $inputs:expr) => {
        check!($layer, $operation::$constructor($axes, $args), $inputs, 1)
    };
    ($layer:ident, $operation:ident :: $constructor:ident ($axes:expr, $args:expr), $inputs:expr, $outputs:expr) => {{
        let inputs: Vec<Shape> = $inputs.iter().map(|sizes| Shape::new(&sizes[..])).collect();
        let config = shape::$operation::$constructor($axes, $args, &inputs);
        let outputs: Vec<_> = (0..$outputs).map(|index| config.output(index)).collect();
        for batch in [1, 3] {
            let what = format!("{} {:?} on {:?}", stringify!($layer), $args, $inputs);
            Bench::<$layer<f64>>::new(&config, config.needs(), batch, &inputs, &outputs).check(&what);
        }
    }};
}

pub(crate) const NONE: &[Arg] = &[];
pub(crate) const FLAG: Arg = Arg::Flag(true);

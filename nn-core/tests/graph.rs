//! Activations, softmax, dropout, arithmetic, joining, rearranging, reducing, products, Bilinear: through the contract of a layer, forward
//! against naive loops and backward against finite differences, in f64 and at odd shapes.

use nn_core::layers::*;
use nn_core::shape::{self, Arg, Needs, Shape};
use nn_core::{Backward, Forward, Gradient, Layer, Rng, Saved, seed};

/// A layer at work on `batch` samples.
struct Bench<'a, L: Layer<Element = f64>> {
    layer: L,
    config: &'a L::Config,
    needs: Needs,
    batch: usize,
    inputs: Vec<Vec<f64>>,
    /// Elements of each output for one sample.
    outputs: Vec<usize>,
    saved: [Vec<f64>; 2],
    words: Vec<u32>,
}

impl<'a, L: Layer<Element = f64>> Bench<'a, L> {
    fn new(config: &'a L::Config, needs: Needs, batch: usize, inputs: &[Shape], outputs: &[Shape]) -> Self {
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

    fn forward(&mut self, training: bool) -> Vec<Vec<f64>> {
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
    fn backward(&mut self, outputs: &[Vec<f64>], cotangents: &[Vec<f64>], before: Option<f64>) -> (Vec<Vec<f64>>, L) {
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
            output_gradients: &cotangents,
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
    fn check(mut self, what: &str) {
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

const NONE: &[Arg] = &[];
const FLAG: Arg = Arg::Flag(true);

#[test]
fn pointwise() {
    let shapes = [&[1][..], &[7], &[3, 5], &[2, 3, 17]];
    for shape in shapes {
        check!(ReLU, Pointwise::relu(0, &[FLAG]), [shape]);
        check!(LeakyReLU, Pointwise::leaky_relu(0, &[Arg::Real(0.3), FLAG]), [shape]);
        check!(Sigmoid, Pointwise::sigmoid(0, NONE), [shape]);
        check!(Tanh, Pointwise::tanh(0, NONE), [shape]);
        check!(GELU, Pointwise::gelu(0, &[Arg::Word("none")]), [shape]);
        check!(GELU, Pointwise::gelu(0, &[Arg::Word("tanh")]), [shape]);
        check!(Neg, Pointwise::neg(0, NONE), [shape]);
        check!(AddScalar, Pointwise::add(0, &[Arg::Real(2.5)]), [shape]);
        check!(SubScalar, Pointwise::subtract(0, &[Arg::Real(2.5)]), [shape]);
        check!(RsubScalar, Pointwise::subtract_from(0, &[Arg::Real(2.5)]), [shape]);
        check!(MulScalar, Pointwise::multiply(0, &[Arg::Real(-2.5)]), [shape]);
        check!(DivScalar, Pointwise::divide(0, &[Arg::Real(-2.5)]), [shape]);
        check!(RdivScalar, Pointwise::divide_into(0, &[Arg::Real(-2.5)]), [shape]);
    }
}

#[test]
fn softmax() {
    for (shape, dims) in
        [(&[1][..], 1..=1), (&[7], 1..=1), (&[3, 5], 1..=2), (&[2, 3, 17], 1..=3), (&[2, 1, 3, 5], -4..=-1)]
    {
        for dim in dims {
            let dim = &[Arg::Int(dim)];
            check!(Softmax, Softmax::softmax(0, dim), [shape]);
            check!(LogSoftmax, Softmax::log_softmax(0, dim), [shape]);
            check!(Softmin, Softmax::softmin(0, dim), [shape]);
        }
    }
    check!(Softmax2d, Softmax::softmax2d(0, NONE), [[3, 2, 5]]);
}

#[test]
fn arithmetic() {
    // Every way in which up to three axes can be repeated.
    for pattern in 0..64 {
        let size = |axis: usize| if pattern >> axis & 1 == 0 { [2, 3, 5][axis % 3] } else { 1 };
        for rank in 1..=3 {
            let inputs = [(0..rank).map(size).collect::<Vec<_>>(), (3..3 + rank).map(size).collect()];
            check!(Add, Arithmetic::add(0, NONE), inputs);
            check!(Sub, Arithmetic::subtract(0, NONE), inputs);
            check!(Mul, Arithmetic::multiply(0, NONE), inputs);
            check!(Div, Arithmetic::divide(0, NONE), inputs);
        }
    }
    for inputs in [[&[2, 1, 3, 1][..], &[2, 2, 3, 2]], [&[], &[]], [&[1, 2, 1, 2, 1, 2], &[2, 1, 2, 2, 1, 1]]] {
        check!(Div, Arithmetic::divide(0, NONE), inputs);
    }
}

#[test]
fn arithmetic_repeats_what_has_size_1() {
    let inputs = [Shape::new(&[2, 1, 3]), Shape::new(&[1, 4, 3])];
    let config = shape::Arithmetic::subtract(0, NONE, &inputs);
    let mut bench = Bench::<Sub<f64>>::new(&config, config.needs(), 2, &inputs, &[config.output(0)]);
    let output = bench.forward(false).remove(0);
    let [left, right] = [&bench.inputs[0], &bench.inputs[1]];
    let mut place = 0;
    for sample in 0..2 {
        for i in 0..2 {
            for j in 0..4 {
                for k in 0..3 {
                    let expected = left[(sample * 2 + i) * 3 + k] - right[(sample * 4 + j) * 3 + k];
                    assert_eq!(output[place], expected, "sample {sample}, place [{i}, {j}, {k}]");
                    place += 1;
                }
            }
        }
    }
}

#[test]
fn joining_and_splitting() {
    check!(Cat, Join::cat(0, &[Arg::Int(1)]), [[2, 3], [1, 3], [4, 3]]);
    check!(Cat, Join::cat(0, &[Arg::Int(-1)]), [[2, 3], [2, 1]]);
    check!(Cat, Join::cat(0, &[Arg::Int(2)]), [[2, 3, 2], [2, 1, 2]]);
    check!(Stack, Join::stack(0, &[Arg::Int(1)]), [[2, 3], [2, 3], [2, 3]]);
    check!(Stack, Join::stack(0, &[Arg::Int(-1)]), [[2, 3], [2, 3]]);
    check!(Chunk, Split::chunk(0, &[Arg::Int(3), Arg::Int(1)]), [[7, 2]], 3);
    check!(Chunk, Split::chunk(0, &[Arg::Int(4), Arg::Int(-1)]), [[2, 5]], 3);
    check!(Split, Split::split(0, &[Arg::Int(2), Arg::Int(2)]), [[3, 5, 2]], 3);
    check!(Split, Split::split(0, &[Arg::sizes(&[1, 4]), Arg::Int(1)]), [[5]], 2);
}

/// The sizes of a sample that has no two alike.
const SIZES: [usize; 4] = [2, 3, 5, 4];

/// The place of `index` in a tensor of `sizes`.
fn place(sizes: &[usize], index: &[usize]) -> usize {
    sizes.iter().zip(index).fold(0, |place, (size, index)| place * size + index)
}

/// Every index of a tensor of [`SIZES`].
fn indices() -> impl Iterator<Item = [usize; 4]> {
    (0..SIZES.iter().product()).map(|mut place: usize| {
        let mut index = [0; 4];
        for axis in (0..4).rev() {
            index[axis] = place % SIZES[axis];
            place /= SIZES[axis];
        }
        index
    })
}

#[test]
fn permutations() {
    for code in 0..256usize {
        let order = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3];
        if (0..4).any(|axis| !order.contains(&axis)) {
            continue;
        }
        let dims: Vec<_> = [0].into_iter().chain(order.map(|axis| axis as isize + 1)).collect();
        let args = [Arg::ints(&dims)];
        check!(Permute, Permute::permute(0, &args), [SIZES]);

        let inputs = [Shape::new(&SIZES)];
        let config = shape::Permute::permute(0, &args, &inputs);
        let mut bench = Bench::<Permute<f64>>::new(&config, config.needs(), 2, &inputs, &[config.output(0)]);
        let output = bench.forward(false).remove(0);
        let len = inputs[0].len();
        for index in indices() {
            let to = place(&order.map(|axis| SIZES[axis]), &order.map(|axis| index[axis]));
            for sample in 0..2 {
                let expected = bench.inputs[0][sample * len + place(&SIZES, &index)];
                assert_eq!(output[sample * len + to], expected, "{order:?} at {index:?}");
            }
        }
    }
    check!(Transpose, Permute::transpose(0, &[Arg::Int(1), Arg::Int(-1)]), [[2, 3, 5]]);
    check!(Transpose, Permute::transpose(0, &[Arg::Int(2), Arg::Int(1)]), [[17, 33]]);
}

#[test]
fn reductions() {
    for subset in 1..16usize {
        let dims: Vec<_> = (0..4).filter(|axis| subset >> axis & 1 == 1).map(|axis| axis as isize + 1).collect();
        let args = [Arg::ints(&dims), Arg::Flag(subset % 2 == 0)];
        check!(Sum, Reduce::sum(0, &args), [SIZES]);
        check!(Mean, Reduce::mean(0, &args), [SIZES]);

        let inputs = [Shape::new(&SIZES)];
        let config = shape::Reduce::sum(0, &args, &inputs);
        let mut bench = Bench::<Sum<f64>>::new(&config, config.needs(), 1, &inputs, &[config.output(0)]);
        let output = bench.forward(false).remove(0);
        let kept: Vec<_> = (0..4).filter(|axis| subset >> axis & 1 == 0).collect();
        let mut expected = vec![0.0; output.len()];
        for index in indices() {
            let sizes: Vec<_> = kept.iter().map(|axis| SIZES[*axis]).collect();
            let index_kept: Vec<_> = kept.iter().map(|axis| index[*axis]).collect();
            expected[place(&sizes, &index_kept)] += bench.inputs[0][place(&SIZES, &index)];
        }
        // Multiples of 1/4: sums are exact.
        assert_eq!(output, expected, "sum along {dims:?}");
    }
}

#[test]
fn products() {
    for (n, m, p) in [(1, 1, 1), (2, 3, 4), (5, 1, 3), (1, 7, 1), (9, 5, 17)] {
        check!(Matmul, Matmul::new(0, NONE), [[n, m], [m, p]]);
    }
    check!(Matmul, Matmul::new(0, NONE), [[2, 3, 4], [2, 4, 2]]);
    check!(Matmul, Matmul::new(0, NONE), [[2, 1, 3, 2], [2, 1, 2, 3]]);
}

#[test]
fn bilinear() {
    type Layer = Bilinear<3, 4, 2, f64>;
    type Bare = Bilinear<3, 4, 2, f64, nn_core::Absent>;
    for shape in [&[][..], &[2], &[2, 3]] {
        let with = |last: usize| Shape::new(&shape.iter().copied().chain([last]).collect::<Vec<_>>());
        let inputs = [with(3), with(4)];
        for bias in [true, false] {
            let args = [Arg::Int(3), Arg::Int(4), Arg::Int(2), Arg::Flag(bias)];
            let config = shape::Bilinear::new(0, &args, &inputs);
            let outputs = [config.output(0)];
            if bias {
                Bench::<Layer>::new(&config, config.needs(), 3, &inputs, &outputs).check("Bilinear");
            } else {
                Bench::<Bare>::new(&config, config.needs(), 3, &inputs, &outputs).check("Bilinear without bias");
            }
        }
    }
}

#[test]
fn reshaping_copies_where_it_is_run() {
    check!(Flatten, Reshape::flatten(0, &[Arg::Int(1), Arg::Int(-1)]), [[2, 3]]);
    check!(Identity, Reshape::identity(0, NONE), [[2, 3]]);
}

#[test]
fn dropout_is_a_product_with_a_mask() {
    for p in [0.0, 0.25, 1.0] {
        check!(Dropout, Dropout::new(0, &[Arg::Real(p), FLAG]), [[5, 7]]);
        check!(Dropout1d, Dropout::new(1, &[Arg::Real(p), FLAG]), [[33, 2]]);
        check!(Dropout2d, Dropout::new(2, &[Arg::Real(p), FLAG]), [[3, 2, 4]]);
        check!(Dropout3d, Dropout::new(3, &[Arg::Real(p), FLAG]), [[3, 2, 2, 2]]);
    }
}

#[test]
fn dropout_drops_so_many_and_keeps_the_mean() {
    let inputs = [Shape::new(&[100, 10])];
    for (axes, unit) in [(0, 1), (1, 10)] {
        let config = shape::Dropout::new(axes, &[Arg::Real(0.3), FLAG], &inputs);
        let mut bench = Bench::<Dropout<f64>>::new(&config, config.needs(), 100, &inputs, &inputs);
        bench.inputs[0].fill(1.0);
        let output = bench.forward(true).remove(0);
        let units = output.len() / unit;
        let dropped = output.chunks_exact(unit).filter(|unit| unit.iter().all(|value| *value == 0.0)).count();
        let kept = output.chunks_exact(unit).filter(|unit| unit.iter().all(|value| *value == 1.0 / 0.7)).count();
        assert_eq!(dropped + kept, units, "each unit is dropped or kept as a whole");
        let share = dropped as f64 / units as f64;
        // Five standard deviations.
        let tolerance = 5.0 * (0.3 * 0.7 / units as f64).sqrt();
        assert!((share - 0.3).abs() < tolerance, "{share} of the units were dropped");
        // The samples of a batch draw apart from each other.
        let (first, second) = (&output[..1000], &output[1000..2000]);
        assert_ne!(first, second);
        assert_eq!(bench.forward(false).remove(0), bench.inputs[0], "evaluation changes nothing");
    }
}

#[test]
fn kinks_and_nan_are_pytorchs() {
    let input = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1.0, -1.0];
    let nan = f64::NAN;
    // What PyTorch 2.15.0 gives for a gradient of 2.
    let cases = [
        (
            shape::Pointwise::relu as fn(usize, &[Arg], &[Shape]) -> shape::Pointwise,
            [2.0, 2.0, 0.0, 0.0, 0.0, 2.0, 0.0],
        ),
        (shape::Pointwise::leaky_relu, [0.5, 2.0, 0.5, 0.5, 0.5, 2.0, 0.5]),
        (shape::Pointwise::sigmoid, [nan, 0.0, 0.0, 0.5, 0.5, 0.3932238664829637, 0.3932238664829637]),
        (shape::Pointwise::tanh, [nan, 0.0, 0.0, 2.0, 2.0, 0.8399486832280523, 0.8399486832280523]),
    ];
    for (constructor, expected) in cases {
        let inputs = [Shape::new(&[7])];
        let config = constructor(0, &[Arg::Real(0.25)], &inputs);
        let mut bench = Bench::<ReLU<f64>>::new(&config, config.needs(), 1, &inputs, &inputs);
        bench.inputs[0] = input.to_vec();
        let outputs = bench.forward(true);
        let (found, _) = bench.backward(&outputs, &[vec![2.0; 7]], None);
        for (found, expected) in found[0].iter().zip(expected) {
            let close = (found - expected).abs() < 1e-12 || (found.is_nan() && expected.is_nan());
            assert!(close, "{:?}: {found}, not {expected}", config.function);
        }
    }
}

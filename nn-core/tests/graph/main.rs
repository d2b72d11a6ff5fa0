//! Activations, softmax, dropout, norms, distances, arithmetic, joining, rearranging, reducing, products, Bilinear: through the contract of a layer, forward
//! against naive loops and backward against finite differences, in f64 and at odd shapes.

#[macro_use]
mod bench;
mod each_sample;

use nn_core::layers::*;
use nn_core::shape::{self, Arg, Shape};

use bench::{Bench, FLAG, NONE};

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
        check!(ReLU6, Pointwise::relu6(0, &[FLAG]), [shape]);
        check!(ELU, Pointwise::elu(0, &[Arg::Real(0.7), FLAG]), [shape]);
        check!(SELU, Pointwise::selu(0, &[FLAG]), [shape]);
        check!(CELU, Pointwise::celu(0, &[Arg::Real(0.7), FLAG]), [shape]);
        check!(SiLU, Pointwise::silu(0, &[FLAG]), [shape]);
        check!(Mish, Pointwise::mish(0, &[FLAG]), [shape]);
        check!(Hardshrink, Pointwise::hardshrink(0, &[Arg::Real(0.6)]), [shape]);
        check!(Softshrink, Pointwise::softshrink(0, &[Arg::Real(0.6)]), [shape]);
        check!(Tanhshrink, Pointwise::tanhshrink(0, NONE), [shape]);
        check!(Softsign, Pointwise::softsign(0, NONE), [shape]);
        check!(Softplus, Pointwise::softplus(0, &[Arg::Real(1.5), Arg::Real(2.0)]), [shape]);
        check!(LogSigmoid, Pointwise::log_sigmoid(0, NONE), [shape]);
        check!(Hardsigmoid, Pointwise::hardsigmoid(0, &[FLAG]), [shape]);
        check!(Hardswish, Pointwise::hardswish(0, &[FLAG]), [shape]);
        check!(
            Hardtanh,
            Pointwise::hardtanh(0, &[Arg::Real(-1.1), Arg::Real(0.6), FLAG, Arg::None, Arg::None]),
            [shape]
        );
        check!(Threshold, Pointwise::threshold(0, &[Arg::Real(0.6), Arg::Real(7.0), FLAG]), [shape]);
        check!(Exp, Pointwise::exp(0, NONE), [shape]);
        check!(Abs, Pointwise::abs(0, NONE), [shape]);
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

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

/// Where the functions bend, and where numbers end.
const CORNERS: [f64; 13] = [NAN, INF, -INF, 0.0, 1.0, -1.0, 6.0, 3.0, -3.0, 0.5, -0.5, 25.0, -25.0];

/// The values of each function at [`CORNERS`], and the gradients for a gradient of 2, as PyTorch 2.15.0 gives them in f64.
// The numbers are PyTorch's, whatever they are close to.
#[allow(clippy::approx_constant)]
#[rustfmt::skip]
fn corners() -> Vec<(shape::Pointwise, [f64; 13], [f64; 13])> {
    use shape::Pointwise;
    let x = &[Shape::new(&[13])];
    vec![
        (Pointwise::relu(0, &[FLAG], x), [NAN, INF, 0.0, 0.0, 1.0, 0.0, 6.0, 3.0, 0.0, 0.5, 0.0, 25.0, 0.0],
         [2.0, 2.0, 0.0, 0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0]),
        (Pointwise::relu6(0, &[FLAG], x), [NAN, 6.0, 0.0, 0.0, 1.0, 0.0, 6.0, 3.0, 0.0, 0.5, 0.0, 6.0, 0.0],
         [0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0, 0.0, 0.0]),
        (Pointwise::leaky_relu(0, &[Arg::Real(0.25), FLAG], x), [NAN, INF, -INF, 0.0, 1.0, -0.25, 6.0, 3.0, -0.75, 0.5, -0.125, 25.0, -6.25],
         [0.5, 2.0, 0.5, 0.5, 2.0, 0.5, 2.0, 2.0, 0.5, 2.0, 0.5, 2.0, 0.5]),
        (Pointwise::sigmoid(0, NONE, x), [NAN, 1.0, 0.0, 0.5, 0.731058578630005, 0.268941421369995, 0.997527376843365, 0.952574126822433, 0.0474258731775668, 0.622459331201855, 0.377540668798145, 0.999999999986112, 1.38879438647711e-11],
         [NAN, 0.0, 0.0, 0.5, 0.393223866482964, 0.393223866482964, 0.00493301858271986, 0.090353319461824, 0.0903533194618243, 0.470007424403189, 0.470007424403189, 2.77760037188963e-11, 2.77758877291565e-11]),
        (Pointwise::tanh(0, NONE, x), [NAN, 1.0, -1.0, 0.0, 0.761594155955765, -0.761594155955765, 0.999987711650796, 0.99505475368673, -0.99505475368673, 0.46211715726001, -0.46211715726001, 1.0, -1.0],
         [NAN, 0.0, 0.0, 2.0, 0.839948683228052, 0.839948683228052, 4.91530948106059e-05, 0.0197320743308803, 0.0197320743308803, 1.57289546593185, 1.57289546593185, 0.0, 0.0]),
        (Pointwise::elu(0, &[Arg::Real(0.5), FLAG], x), [NAN, INF, -0.5, 0.0, 1.0, -0.316060279414279, 6.0, 3.0, -0.475106465816068, 0.5, -0.196734670143683, 25.0, -0.499999999993056],
         [NAN, 2.0, 0.0, 1.0, 2.0, 0.367879441171442, 2.0, 2.0, 0.0497870683678639, 2.0, 0.606530659712633, 2.0, 1.3887943864964e-11]),
        (Pointwise::selu(0, &[FLAG], x), [NAN, INF, -1.75809934084738, 0.0, 1.05070098735548, -1.11133073781256, 6.30420592413288, 3.15210296206644, -1.67056872876711, 0.52535049367774, -0.691758187802871, 26.267524683887, -1.75809934082296],
         [NAN, 2.10140197471096, 0.0, 3.51619868169475, 2.10140197471096, 1.29353720606963, 2.10140197471096, 2.10140197471096, 0.17506122416053, 2.10140197471096, 2.13268230608901, 2.10140197471096, 4.88327699094372e-11]),
        (Pointwise::celu(0, &[Arg::Real(0.5), FLAG], x), [NAN, INF, -0.5, 0.0, 1.0, -0.432332358381694, 6.0, 3.0, -0.498760623911667, 0.5, -0.316060279414279, 25.0, -0.5],
         [NAN, 2.0, 0.0, 2.0, 2.0, 0.270670566473225, 2.0, 2.0, 0.00495750435333272, 2.0, 0.735758882342885, 2.0, 3.85749969592784e-22]),
        (Pointwise::silu(0, &[FLAG], x), [NAN, INF, NAN, 0.0, 0.731058578630005, -0.268941421369995, 5.98516426106019, 2.8577223804673, -0.1422776195327, 0.311229665600927, -0.188770334399073, 24.9999999996528, -3.47198596619279e-10],
         [NAN, NAN, NAN, 1.0, 1.85534102374297, 0.144658976257027, 2.02465286518305, 2.17620821203034, -0.176208212030339, 1.4799223746053, 0.520077625394696, 2.00000000066662, -6.66621305499371e-10]),
        (Pointwise::mish(0, &[FLAG], x), [NAN, INF, NAN, 0.0, 0.86509838826731, -0.303401461374109, 5.99992663406525, 2.98653500496796, -0.145647461275625, 0.375245211304895, -0.22074377465173, 25.0, -3.4719859662169e-10],
         [NAN, NAN, NAN, 1.2, 2.09807244019958, 0.11843351175479, 2.00026828101242, 2.04221382185889, -0.186786229064642, 1.77284875071545, 0.579021355827025, 2.0, -6.66621305508822e-10]),
        (Pointwise::hardshrink(0, &[Arg::Real(0.5)], x), [NAN, INF, -INF, 0.0, 1.0, -1.0, 6.0, 3.0, -3.0, 0.0, 0.0, 25.0, -25.0],
         [0.0, 2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0, 0.0, 2.0, 2.0]),
        (Pointwise::softshrink(0, &[Arg::Real(0.5)], x), [NAN, INF, -INF, 0.0, 0.5, -0.5, 5.5, 2.5, -2.5, 0.0, 0.0, 24.5, -24.5],
         [0.0, 2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0, 0.0, 2.0, 2.0]),
        (Pointwise::tanhshrink(0, NONE, x), [NAN, INF, -INF, 0.0, 0.238405844044235, -0.238405844044235, 5.0000122883492, 2.00494524631327, -2.00494524631327, 0.0378828427399902, -0.0378828427399902, 24.0, -24.0],
         [NAN, 2.0, 2.0, 0.0, 1.16005131677195, 1.16005131677195, 1.99995084690519, 1.98026792566912, 1.98026792566912, 0.427104534068145, 0.427104534068145, 2.0, 2.0]),
        (Pointwise::softsign(0, NONE, x), [NAN, NAN, NAN, 0.0, 0.5, -0.5, 0.857142857142857, 0.75, -0.75, 0.333333333333333, -0.333333333333333, 0.961538461538462, -0.961538461538462],
         [NAN, NAN, NAN, 2.0, 0.5, 0.5, 0.0408163265306122, 0.125, 0.125, 0.888888888888889, 0.888888888888889, 0.00295857988165681, 0.00295857988165681]),
        (Pointwise::softplus(0, &[Arg::Real(2.0), Arg::Real(3.0)], x), [NAN, INF, 0.0, 0.346573590279973, 1.06346400552149, 0.0634640055214862, 6.0, 3.0, 0.00123784256886522, 0.656630843759111, 0.156630843759111, 25.0, 9.64374923981959e-23],
         [NAN, 2.0, 0.0, 1.0, 1.76159415595576, 0.238405844044235, 2.0, 2.0, 0.00494524631326955, 1.46211715726001, 0.53788284273999, 2.0, 3.85749969592784e-22]),
        (Pointwise::log_sigmoid(0, NONE, x), [NAN, 0.0, -INF, -0.693147180559945, -0.313261687518223, -1.31326168751822, -0.00247568513773045, -0.0485873515737421, -3.04858735157374, -0.474076984180107, -0.974076984180107, -1.38879438648676e-11, -25.0000000000139],
         [NAN, 0.0, 2.0, 1.0, 0.53788284273999, 1.46211715726001, 0.00494524631326955, 0.0948517463551336, 1.90514825364487, 0.755081337596291, 1.24491866240371, 2.77758877295423e-11, 1.99999999997222]),
        (Pointwise::hardsigmoid(0, &[FLAG], x), [NAN, 1.0, 0.0, 0.5, 0.666666666666667, 0.333333333333333, 1.0, 1.0, 0.0, 0.583333333333333, 0.416666666666667, 1.0, 0.0],
         [0.0, 0.0, 0.0, 0.333333343267441, 0.333333343267441, 0.333333343267441, 0.0, 0.0, 0.0, 0.333333343267441, 0.333333343267441, 0.0, 0.0]),
        (Pointwise::hardswish(0, &[FLAG], x), [NAN, INF, NAN, 0.0, 0.666666666666667, -0.333333333333333, 6.0, 3.0, -0.0, 0.291666666666667, -0.208333333333333, 25.0, -0.0],
         [NAN, 2.0, 0.0, 1.0, 1.66666666666667, 0.333333333333333, 2.0, 2.0, 0.0, 1.33333333333333, 0.666666666666667, 2.0, 0.0]),
        (Pointwise::hardtanh(0, &[Arg::Real(-3.0), Arg::Real(0.5), FLAG, Arg::None, Arg::None], x), [NAN, 0.5, -3.0, 0.0, 0.5, -1.0, 0.5, 0.5, -3.0, 0.5, -0.5, 0.5, -3.0],
         [0.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0]),
        (Pointwise::threshold(0, &[Arg::Real(0.5), Arg::Real(7.0), FLAG], x), [NAN, INF, 7.0, 7.0, 1.0, 7.0, 6.0, 3.0, 7.0, 7.0, 7.0, 25.0, 7.0],
         [2.0, 2.0, 0.0, 0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 2.0, 0.0]),
        (Pointwise::exp(0, NONE, x), [NAN, INF, 0.0, 1.0, 2.71828182845905, 0.367879441171442, 403.428793492735, 20.0855369231877, 0.0497870683678639, 1.64872127070013, 0.606530659712633, 72004899337.3859, 1.3887943864964e-11],
         [NAN, INF, 0.0, 2.0, 5.43656365691809, 0.735758882342885, 806.85758698547, 40.1710738463753, 0.0995741367357279, 3.29744254140026, 1.21306131942527, 144009798674.772, 2.7775887729928e-11]),
        (Pointwise::log(0, NONE, x), [NAN, INF, NAN, -INF, 0.0, NAN, 1.79175946922805, 1.09861228866811, NAN, -0.693147180559945, NAN, 3.2188758248682, NAN],
         [NAN, 0.0, -0.0, INF, 2.0, -2.0, 0.333333333333333, 0.666666666666667, -0.666666666666667, 4.0, -4.0, 0.08, -0.08]),
        (Pointwise::sqrt(0, NONE, x), [NAN, INF, NAN, 0.0, 1.0, NAN, 2.44948974278318, 1.73205080756888, NAN, 0.707106781186547, NAN, 5.0, NAN],
         [NAN, 0.0, NAN, INF, 1.0, NAN, 0.408248290463863, 0.577350269189626, NAN, 1.4142135623731, NAN, 0.2, NAN]),
        (Pointwise::abs(0, NONE, x), [NAN, INF, INF, 0.0, 1.0, 1.0, 6.0, 3.0, 3.0, 0.5, 0.5, 25.0, 25.0],
         [0.0, 2.0, -2.0, 0.0, 2.0, -2.0, 2.0, 2.0, -2.0, 2.0, -2.0, 2.0, -2.0]),
    ]
}

#[test]
fn kinks_and_nan_are_pytorchs() {
    let inputs = [Shape::new(&[13])];
    for (config, values, gradients) in corners() {
        let mut bench = Bench::<ReLU<f64>>::new(&config, config.needs(), 1, &inputs, &inputs);
        bench.inputs[0] = CORNERS.to_vec();
        let outputs = bench.forward(true);
        let (found, _) = bench.backward(&outputs, &[vec![2.0; 13]], None);
        let pairs = outputs[0].iter().zip(values).chain(found[0].iter().zip(gradients));
        for (place, (found, expected)) in pairs.enumerate() {
            let tolerance = 1e-12 * expected.abs().max(1.0);
            let close =
                *found == expected || (found - expected).abs() < tolerance || (found.is_nan() && expected.is_nan());
            let what = if place < 13 { "value" } else { "gradient" };
            assert!(close, "{:?}: {what} at {}: {found}, not {expected}", config.function, CORNERS[place % 13]);
        }
    }
}

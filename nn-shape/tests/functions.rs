//! Activations, softmax, dropout, arithmetic, reshaping, joining, rearranging, reducing, products, Bilinear: shapes against a table, and
//! every violation with the argument that it blames and the numbers that it names.

use nn_shape::*;

const AT: At = At { network: "Net", layer: "layer", sources: &["left", "right", "third"], makers: &[], infers: true };
const NONE: &[Arg] = &[];
const FALSE: Arg = Arg::Flag(false);

fn int(value: i64) -> Arg {
    Arg::Int(value)
}

fn shape(sizes: &[usize]) -> Shape {
    Shape::new(sizes)
}

/// The operation breaks no rule and gives these shapes.
macro_rules! gives {
    ($operation:ident :: $constructor:ident ($args:expr), $inputs:expr => $($output:expr),+) => {
        gives!($operation::$constructor(0, $args), $inputs => $($output),+)
    };
    ($operation:ident :: $constructor:ident ($axes:expr, $args:expr), $inputs:expr => $($output:expr),+) => {{
        let inputs: Vec<Shape> = $inputs.iter().map(|sizes| shape(&sizes[..])).collect();
        let operation = $operation::$constructor($axes, $args, &inputs);
        if let Some(violation) = operation.check(&AT) {
            panic!("{:?} on {:?}: {}", $args, $inputs, violation.message.as_str());
        }
        let outputs: &[&[usize]] = &[$(&$output),+];
        for (index, output) in outputs.iter().enumerate() {
            let found = operation.output(index);
            assert!(found.is_valid() && found.same(&shape(output)), "{:?} on {:?}: {found:?}", $args, $inputs);
        }
        operation
    }};
}

/// The operation breaks a rule, blames this argument, and its message names all of these.
macro_rules! blames {
    ($operation:ident :: $constructor:ident ($args:expr), $inputs:expr, $argument:expr, [$($text:expr),+]) => {
        blames!($operation::$constructor(0, $args), $inputs, $argument, [$($text),+])
    };
    ($operation:ident :: $constructor:ident ($axes:expr, $args:expr), $inputs:expr, $argument:expr, [$($text:expr),+]) => {{
        let inputs: Vec<Shape> = $inputs.iter().map(|sizes| shape(&sizes[..])).collect();
        let operation = $operation::$constructor($axes, $args, &inputs);
        expect(operation.check(&AT), $argument, &[$($text),+]);
        // A mistake in the input was reported where it was made.
        let broken = vec![Shape::INVALID; inputs.len()];
        let silent = $operation::$constructor($axes, $args, &broken);
        assert!(!silent.output(0).is_valid() || stringify!($operation) == "Softmax");
        operation
    }};
}

fn expect(violation: Option<Violation>, argument: usize, texts: &[&str]) {
    let violation = violation.unwrap_or_else(|| panic!("no violation with {texts:?}"));
    let message = violation.message.as_str();
    assert_eq!(violation.argument, argument, "{message}");
    assert!(message.starts_with("Net.layer: ") && message.contains("\n  rule : "), "{message}");
    assert!(message.contains("\n  found: ") && message.contains("\n  fix  : "), "{message}");
    for text in texts {
        assert!(message.contains(text), "`{text}` is not in\n{message}");
    }
}

#[test]
fn pointwise_keeps_the_shape() {
    gives!(Pointwise::relu(&[FALSE]), [[2, 3]] => [2, 3]);
    gives!(Pointwise::gelu(&[Arg::Word("tanh")]), [&[0usize; 0]] => []);
    let index = Pointwise::relu(0, &[FALSE], &[Shape::index(&[4])]);
    expect(index.check(&AT), LAYER, &["indices", "`left` produces [u32; 4]", "Embedding"]);
    blames!(Pointwise::divide(&[Arg::Real(0.0)]), [[2]], 0, ["division by zero"]);
    // 097
    let hardtanh = |min, max| [Arg::Real(min), Arg::Real(max), FALSE, Arg::None, Arg::None];
    gives!(Pointwise::hardtanh(&hardtanh(-1.0, 1.0)), [[2]] => [2]);
    blames!(Pointwise::hardtanh(&hardtanh(1.0, 1.0)), [[2]], 1, ["min_val = 1.0, max_val = 1.0"]);
    blames!(Pointwise::hardtanh(&hardtanh(0.0, f64::NAN)), [[2]], 1, ["max_val = NaN"]);
    blames!(Pointwise::celu(&[Arg::Real(0.0), FALSE]), [[2]], 0, ["alpha = 0"]);
    blames!(Pointwise::softplus(&[Arg::Real(0.0), Arg::Real(20.0)]), [[2]], 0, ["beta = 0"]);
    blames!(Pointwise::softshrink(&[Arg::Real(-0.5)]), [[2]], 0, ["lambd = -0.5"]);
    assert!(Pointwise::relu(0, &[FALSE], &[Shape::INVALID]).check(&AT).is_none());
}

#[test]
fn softmax_takes_an_axis_of_the_sample() {
    let softmax = gives!(Softmax::softmax(&[int(2)]), [[2, 3, 4]] => [2, 3, 4]);
    assert_eq!((softmax.outer, softmax.size, softmax.inner), (2, 3, 4));
    let softmax = gives!(Softmax::log_softmax(&[int(-3)]), [[2, 3, 4]] => [2, 3, 4]);
    assert_eq!((softmax.outer, softmax.size, softmax.inner), (1, 2, 12));
    gives!(Softmax::softmax2d(NONE), [[2, 3, 4]] => [2, 3, 4]);
    // 092, 093, 160a, 094
    blames!(Softmax::softmax(&[int(2)]), [[4]], 0, ["dim = 2 is no axis", "`left` produces [4]", "dim is 1 or -1"]);
    blames!(Softmax::log_softmax(&[int(-3)]), [[4]], 0, ["dim = -3 is no axis", "dim is 1 or -1"]);
    blames!(Softmax::softmax(&[int(0)]), [[4, 5]], 0, ["dim = 0 is the batch", "write dim = 1, or -1"]);
    blames!(Softmax::softmax(&[int(-3)]), [[4, 5]], 0, ["dim = -3 is the batch"]);
    blames!(Softmax::softmax(&[int(1)]), [&[0usize; 0]], 0, ["no axis beside the batch"]);
    blames!(Softmax::softmax2d(NONE), [[4, 5]], LAYER, ["Softmax2d", "`left` produces [4, 5]"]);
}

#[test]
fn dropout_takes_a_probability_and_channels() {
    let dropout = gives!(Dropout::new(0, &[Arg::Real(0.5), FALSE]), [[5, 7]] => [5, 7]);
    assert_eq!((dropout.units, dropout.unit, dropout.needs().saved_words), (35, 1, 2));
    let dropout = gives!(Dropout::new(2, &[Arg::Real(1.0), FALSE]), [[33, 7, 2]] => [33, 7, 2]);
    assert_eq!((dropout.units, dropout.unit, dropout.needs().saved_words), (33, 14, 2));
    // 095, 096, 161a, 162a
    for (p, text) in [(1.1, "p = 1.1"), (-0.1, "p = -0.1"), (f64::NAN, "p = NaN")] {
        blames!(Dropout::new(0, &[Arg::Real(p), FALSE]), [[4]], 0, [text, "0 <= p <= 1"]);
    }
    let half = &[Arg::Real(0.5), FALSE];
    blames!(Dropout::new(2, half), [[4, 6]], LAYER, ["Dropout2d", "`left` produces [4, 6]", "Dropout1d"]);
    blames!(Dropout::new(2, half), [[6]], LAYER, ["use Dropout"]);
    blames!(Dropout::new(1, half), [[4, 6, 2]], LAYER, ["Dropout1d zeroes", "use Dropout2d"]);
    blames!(Dropout::new(3, half), [[4, 6, 2]], LAYER, ["[channels, depth, height, width]"]);
}

#[test]
fn flatten_and_unflatten() {
    gives!(Reshape::flatten(&[int(1), int(-1)]), [[2, 3, 4]] => [24]);
    gives!(Reshape::flatten(&[int(2), int(3)]), [[2, 3, 4, 5]] => [2, 12, 5]);
    gives!(Reshape::flatten(&[int(-3), int(-2)]), [[2, 3, 4]] => [6, 4]);
    gives!(Reshape::flatten(&[int(2), int(2)]), [[2, 3, 4]] => [2, 3, 4]);
    gives!(Reshape::unflatten(&[int(1), Arg::ints(&[2, 3])]), [[6]] => [2, 3]);
    gives!(Reshape::unflatten(&[int(-1), Arg::ints(&[-1, 2])]), [[3, 8]] => [3, 4, 2]);
    gives!(Reshape::identity(NONE), [[3, 8]] => [3, 8]);
    assert!(Reshape::identity(0, NONE, &[Shape::index(&[3])]).output(0).same(&Shape::index(&[3])));
    // 074, 075
    blames!(Reshape::unflatten(&[int(1), Arg::ints(&[2, 4])]), [[6]], 1, ["multiply to 8", "axis 1 has size 6"]);
    blames!(Reshape::unflatten(&[int(1), Arg::ints(&[4, -1])]), [[6]], 1, ["do not divide", "multiply to 4"]);
    blames!(Reshape::unflatten(&[int(1), Arg::ints(&[-1, -1])]), [[6]], 1, ["more than one -1"]);
    blames!(Reshape::unflatten(&[int(1), Arg::ints(&[0, -1])]), [[6]], 1, ["positive", "found: 0"]);
    blames!(Reshape::unflatten(&[int(0), Arg::ints(&[2, 3])]), [[6]], 0, ["dim = 0 is the batch"]);
    blames!(Reshape::unflatten(&[int(1), Arg::ints(&[1; 7])]), [[1]], 1, ["at most 6 axes", "7 axes"]);
    blames!(Reshape::flatten(&[int(3), int(2)]), [[2, 3, 4]], 0, ["start_dim = 3, end_dim = 2", "[2, 3, 4]"]);
    blames!(Reshape::flatten(&[int(0), int(-1)]), [[2, 3]], 0, ["start_dim = 0 is the batch", "start_dim = 1"]);
    blames!(Reshape::flatten(&[int(1), int(3)]), [[2, 3]], 1, ["end_dim = 3 is no axis"]);
}

#[test]
fn reshape_squeeze_unsqueeze() {
    gives!(Reshape::reshape(&[Arg::ints(&[-1, 3, 4])]), [[2, 6]] => [3, 4]);
    gives!(Reshape::reshape(&[Arg::ints(&[-1, 12])]), [[2, 6]] => [12]);
    gives!(Reshape::reshape(&[Arg::ints(&[-1])]), [[1]] => []);
    gives!(Reshape::unsqueeze(&[int(1)]), [[2, 3]] => [1, 2, 3]);
    gives!(Reshape::unsqueeze(&[int(-1)]), [[2, 3]] => [2, 3, 1]);
    gives!(Reshape::unsqueeze(&[int(1)]), [&[0usize; 0]] => [1]);
    gives!(Reshape::squeeze(&[int(1)]), [[1, 3]] => [3]);
    gives!(Reshape::squeeze(&[int(2)]), [[1, 3]] => [1, 3]);
    gives!(Reshape::squeeze(&[Arg::ints(&[1, -1])]), [[1, 3, 1]] => [3]);
    blames!(Reshape::reshape(&[Arg::ints(&[3, 4])]), [[2, 6]], 0, ["begin with the batch", "write (-1, 3, 4)"]);
    blames!(Reshape::reshape(&[Arg::ints(&[-1, 3, 5])]), [[2, 6]], 0, ["multiply to 15", "[2, 6] = 12 values"]);
    blames!(Reshape::reshape(&[Arg::ints(&[-1, -1, -1])]), [[2, 6]], 0, ["behind the batch's"]);
    blames!(Reshape::unsqueeze(&[int(0)]), [[2]], 0, ["dim = 0 is the batch", "between 1 and 2"]);
    blames!(Reshape::unsqueeze(&[int(4)]), [[2, 3]], 0, ["dim = 4 is no axis"]);
    blames!(Reshape::unsqueeze(&[int(1)]), [[1; 6]], LAYER, ["at most 6 axes", "7 axes"]);
    blames!(Reshape::squeeze(&[int(3)]), [[2, 3]], 0, ["dim = 3 is no axis"]);
}

#[test]
fn arithmetic_broadcasts() {
    gives!(Arithmetic::add(NONE), [[3, 4], [3, 4]] => [3, 4]);
    gives!(Arithmetic::multiply(NONE), [[3, 1], [1, 4]] => [3, 4]);
    gives!(Arithmetic::divide(NONE), [[5, 1, 1], [5, 2, 3]] => [5, 2, 3]);
    gives!(Arithmetic::subtract(NONE), [[0usize; 0], [0; 0]] => []);
    let sum = gives!(Arithmetic::add(NONE), [[2, 3, 4, 5], [2, 1, 1, 5]] => [2, 3, 4, 5]);
    let Broadcast { rank, sizes, left, right } = sum.broadcast;
    assert_eq!((rank, &sizes[..3], &left[..3], &right[..3]), (3, &[2, 12, 5][..], &[60, 5, 1][..], &[5, 0, 1][..]));
    // 155
    let texts = ["`left` produces [4, 56]", "`right` produces [5, 56]", "axis 1: 4 and 5"];
    blames!(Arithmetic::add(NONE), [[4, 56], [5, 56]], LAYER, [texts[0], texts[1], texts[2]]);
    blames!(
        Arithmetic::add(NONE),
        [&[4, 1, 1][..], &[4]],
        LAYER,
        ["numbers of axes", "give `right` axes", "unsqueeze"]
    );
    blames!(Arithmetic::add(NONE), [&[3][..], &[2, 3]], LAYER, ["give `left` axes"]);
}

#[test]
fn joining() {
    gives!(Join::cat(&[int(1)]), [[2, 3], [4, 3], [1, 3]] => [7, 3]);
    gives!(Join::cat(&[int(-1)]), [[2, 3], [2, 1]] => [2, 4]);
    gives!(Join::stack(&[int(1)]), [[2, 3], [2, 3]] => [2, 2, 3]);
    gives!(Join::stack(&[int(-1)]), [[2, 3], [2, 3], [2, 3]] => [2, 3, 3]);
    // 152, 153, 154
    blames!(
        Join::cat(&[int(1)]),
        [[2, 4], [2, 4], [2, 5]],
        LAYER,
        ["`left` produces [2, 4]", "`third` produces [2, 5]"]
    );
    blames!(Join::cat(&[int(1)]), [&[2][..], &[2, 3]], LAYER, ["numbers of axes", "`right` produces [2, 3]"]);
    blames!(Join::stack(&[int(1)]), [[2, 3], [1, 3]], LAYER, ["different shapes", "`right` produces [1, 3]"]);
    blames!(Join::cat(&[int(0)]), [[2], [3]], 0, ["dim = 0 is the batch"]);
    blames!(Join::cat(&[int(3)]), [[2, 3], [2, 3]], 0, ["dim = 3 is no axis"]);
    blames!(Join::stack(&[int(0)]), [[2], [2]], 0, ["dim = 0 is the batch"]);
    blames!(Join::stack(&[int(1)]), [[1; 6], [1; 6]], LAYER, ["at most 6 axes"]);
    blames!(Join::cat(&[int(1)]), [[0usize; 1]; 0], LAYER, ["none", "0 values"]);
    blames!(Join::cat(&[int(1)]), [[1]; MAX_PIECES + 1], LAYER, ["65 values"]);
    let index = Join::cat(0, &[int(1)], &[shape(&[2]), Shape::index(&[2])]);
    expect(index.check(&AT), LAYER, &["indices"]);
}

#[test]
fn splitting() {
    let chunk = gives!(Split::chunk(&[int(3), int(1)]), [[7, 2]] => [3, 2], [3, 2], [1, 2]);
    assert_eq!(chunk.outputs(), 3);
    let chunk = gives!(Split::chunk(&[int(4), int(1)]), [[5]] => [2], [2], [1]);
    assert_eq!(chunk.outputs(), 3);
    assert!(!chunk.output(3).is_valid());
    assert!(chunk.check_outputs(&AT, 3).is_none());
    expect(chunk.check_outputs(&AT, 4), LAYER, &["5 along dim in pieces of 2 gives 3 values, but 4 names"]);
    gives!(Split::split(&[int(2), int(-1)]), [[3, 5]] => [3, 2], [3, 2], [3, 1]);
    let split = gives!(Split::split(&[Arg::sizes(&[1, 4]), int(1)]), [[5]] => [1], [4]);
    expect(split.check_outputs(&AT, 1), LAYER, &["in sections gives 2 values, but 1 name takes them"]);
    blames!(Split::chunk(&[int(0), int(1)]), [[5]], 0, ["chunks is at least 1"]);
    blames!(Split::split(&[int(0), int(1)]), [[5]], 0, ["split_size_or_sections is at least 1"]);
    blames!(Split::split(&[Arg::sizes(&[2, 2]), int(1)]), [[5]], 0, ["add up to 4", "size along dim is 5"]);
    blames!(Split::split(&[Arg::sizes(&[5, 0]), int(1)]), [[5]], 0, ["piece of size 0"]);
    blames!(Split::chunk(&[int(2), int(0)]), [[5]], 1, ["dim = 0 is the batch"]);
    blames!(Split::split(&[int(1), int(1)]), [[usize::MAX]], 0, ["too many pieces"]);
}

#[test]
fn rearranging() {
    gives!(Permute::permute(&[Arg::ints(&[0, 3, 1, 2])]), [[2, 3, 4]] => [4, 2, 3]);
    gives!(Permute::permute(&[Arg::ints(&[-4, -1, -3, -2])]), [[2, 3, 4]] => [4, 2, 3]);
    gives!(Permute::transpose(&[int(1), int(-1)]), [[2, 3, 4]] => [4, 3, 2]);
    // Channels to the back: two axes are left, and the input is contiguous along the first.
    let permute = gives!(Permute::permute(&[Arg::ints(&[0, 2, 3, 1])]), [[3, 4, 5]] => [4, 5, 3]);
    assert_eq!(
        (permute.walk.rank, &permute.walk.sizes[..2], &permute.walk.strides[..2]),
        (2, &[20, 3][..], &[1, 20][..])
    );
    for dims in [&[0, 1][..], &[1, 0, 2], &[0, 1, 1], &[0, 1, 3], &[0, 1, 2, 3]] {
        blames!(Permute::permute(&[Arg::ints(dims)]), [[2, 3]], 0, ["dims = (", "`left` produces [2, 3]", "1 to 2"]);
    }
    blames!(Permute::transpose(&[int(0), int(1)]), [[2, 3]], 0, ["dim0 = 0 is the batch", "transpose(x, 1, 2)"]);
    blames!(Permute::transpose(&[int(2), int(0)]), [[2, 3, 4]], 1, ["dim1 = 0 is the batch", "transpose(x, 3, 1)"]);
    blames!(Permute::transpose(&[int(0), int(2)]), [[2, 3]], 0, ["transpose(x, 1, 2)"]);
    blames!(Permute::transpose(&[int(1), int(5)]), [[2, 3]], 1, ["dim1 = 5 is no axis"]);
}

#[test]
fn reducing() {
    gives!(Reduce::mean(&[int(1), FALSE]), [[4, 3]] => [3]);
    gives!(Reduce::sum(&[Arg::ints(&[2, -1]), Arg::Flag(true)]), [[4, 3, 2]] => [4, 1, 1]);
    gives!(Reduce::sum(&[Arg::ints(&[1, 2]), FALSE]), [[4, 3]] => []);
    let mean = gives!(Reduce::mean(&[Arg::ints(&[1, 3]), FALSE]), [[2, 3, 5]] => [3]);
    assert_eq!((mean.terms, mean.rank, &mean.strides[..3]), (10, 3, &[0, 1, 0][..]));
    blames!(Reduce::mean(&[int(0), FALSE]), [[4]], 0, ["dim = 0 is the batch"]);
    blames!(Reduce::mean(&[Arg::ints(&[1, 4]), FALSE]), [[4, 2]], 0, ["dim = 4 is no axis"]);
    blames!(Reduce::mean(&[Arg::ints(&[1, -2]), FALSE]), [[4, 2]], 0, ["one twice", "dim = (1, -2)"]);
    blames!(Reduce::mean(&[Arg::ints(&[]), FALSE]), [[4, 2]], 0, ["names no axis"]);
}

#[test]
fn products_of_matrices() {
    let product = gives!(Matmul::new(NONE), [[2, 3], [3, 4]] => [2, 4]);
    assert_eq!(product.macs(), 24);
    gives!(Matmul::new(NONE), [[7, 2, 3], [7, 3, 4]] => [7, 2, 4]);
    blames!(Matmul::new(NONE), [[3], [3]], LAYER, ["not matrices", "`left` produces [3]"]);
    blames!(Matmul::new(NONE), [&[2, 3][..], &[5, 3, 4]], LAYER, ["numbers of axes", "give `left`"]);
    blames!(Matmul::new(NONE), [[2, 3], [4, 3]], LAYER, ["do not fit", "transpose(`right`, 1, 2)"]);
    blames!(Matmul::new(NONE), [[2, 3], [4, 5]], LAYER, ["make `right` produce [3, 5]"]);
    blames!(Matmul::new(NONE), [[2, 2, 3], [4, 3, 5]], LAYER, ["in front of the matrices differ", "[4, 3, 5]"]);
}

#[test]
fn bilinear() {
    let args = &[int(3), int(4), int(2), Arg::Flag(true)];
    let layer = gives!(Bilinear::new(args), [[5, 3], [5, 4]] => [5, 2]);
    assert_eq!((layer.parameters(), layer.generics()[..3].to_vec(), layer.rows), (26, vec![3, 4, 2], 5));
    // 072, 073
    blames!(Bilinear::new(args), [[3], [5]], 1, ["in2_features = 4", "`right` produces [5]", "write in2_features = 5"]);
    blames!(Bilinear::new(args), [[2], [4]], 0, ["in1_features = 3", "`left` produces [2]"]);
    blames!(Bilinear::new(args), [[2, 3], [3, 4]], LAYER, ["`left` produces [2, 3], `right` produces [3, 4]"]);
    blames!(Bilinear::new(&[int(3), int(4), int(0), FALSE]), [[3], [4]], 2, ["out_features = 0"]);
}

/// Every operation of the catalogue is total: wild arguments and shapes give a violation or a shape, never a panic.
#[test]
fn nothing_panics() {
    let numbers = [i64::MIN, -7, -2, -1, 0, 1, 2, 3, 7, i64::MAX];
    let shapes = [
        Shape::INVALID,
        shape(&[]),
        shape(&[0]),
        shape(&[5]),
        shape(&[2, 3]),
        shape(&[usize::MAX, usize::MAX, 2]),
        shape(&[1; 6]),
        Shape::index(&[4]),
    ];
    let tables = [
        "Pointwise",
        "Softmax",
        "Dropout",
        "Reshape",
        "Arithmetic",
        "Join",
        "Split",
        "Permute",
        "Reduce",
        "Matmul",
        "Bilinear",
    ];
    let mut tried = 0;
    for entry in catalogue::entries().filter(|entry| tables.contains(&entry.operation)) {
        for a in numbers {
            for b in numbers {
                let values =
                    [int(a), int(b), Arg::Ints([a, b, a, b, -1, 0, 1, 2], 8), Arg::Ints([b, a, 0, 0, 0, 0, 0, 0], 2)];
                for first in values.into_iter().chain([Arg::Real(f64::NAN), Arg::None]) {
                    let args = [first, int(b), int(a), Arg::Flag(true), Arg::None];
                    for left in shapes {
                        for right in shapes {
                            (entry.evaluate)(entry.axes, &args, &[left, right], (b & 3) as usize);
                            tried += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 100_000);
}

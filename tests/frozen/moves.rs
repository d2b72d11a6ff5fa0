//! Windows over all of their input, and operations that only move numbers, of plain values and of those that lie channels last.

use crate::check::{self, frozen};

frozen! {
    stream(2, 2) Net: {
        pub struct Net: ([4, 1], [4, 2]) -> ([4, 1], [4, 2]) { layer: Conv1d(4, 4, 3) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (layer(window), narrow(window, 2, 1, 2))
        }
    }
    wide_stream(2, 2) Net: {
        pub struct Net: ([21, 2], [21, 17]) -> ([33, 1], [21, 17]) { layer: Conv1d(21, 33, 19, bias = false), bn: BatchNorm1d(33) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (relu(bn(layer(window))), narrow(window, 2, 2, 17))
        }
    }
    stream_of_eight(2, 2) Net: {
        pub struct Net: ([8, 1], [8, 6]) -> ([8, 1], [8, 6]) { layer: Conv1d(8, 8, 7), bn: BatchNorm1d(8) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (bn(layer(window)), narrow(window, 2, -6, 6))
        }
    }
    stream_of_a_block(2, 3) Net: {
        pub struct Net: ([12, 4], [12, 9]) -> ([5, 1], [12, 9], [2, 1]) { layer: Conv1d(12, 5, 13), other: Conv1d(12, 2, 13, bias = false) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (hardtanh(layer(window)), narrow(window, 2, 4, 9), other(window))
        }
    }
    streams_behind_each_other(3, 3) Net: {
        pub struct Net: ([4, 1], [4, 2], [16, 3]) -> ([9, 1], [4, 2], [16, 3]) { first: Conv1d(4, 16, 3), second: Conv1d(16, 9, 4) }
        forward(x, past, between) {
            let window = cat([past, x], dim = 2);
            let middle = cat([between, tanh(first(window))], dim = 2);
            (second(middle), narrow(window, 2, 1, 2), narrow(middle, 2, 1, 3))
        }
    }
    pieces_for_some(2, 5) Net: {
        pub struct Net: ([6, 1], [6, 4]) -> ([6, 1], [6, 4], [6, 3], [6, 5], [6, 1]) { layer: Conv1d(6, 6, 5), own: Conv1d(6, 6, 5) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (layer(window), narrow(window, 2, 1, 4), narrow(window, 2, 0, 3), tanh(window), own(window) + x)
        }
    }
    swapped_stream(2, 2) Net: {
        pub struct Net: ([5, 3], [5, 2]) -> ([4, 1], [5, 3]) { layer: Conv1d(5, 4, 5) }
        forward(x, y) {
            let window = cat([y, x], dim = 2);
            (layer(window), narrow(window, 2, 2, 3))
        }
    }
    joined_numbers(3, 3) Net: {
        pub struct Net: ([12], [20], [7]) -> ([17], [3], [20]) { wide: Linear(32, 17), few: Linear(19, 3), stays: Linear(32, 20) }
        forward(x, y, z) {
            let both = cat([x, y], dim = 1);
            (relu(wide(both)), few(cat([x, z], dim = 1)), stays(both) + y)
        }
    }
    joined_channels(2, 2) Net: {
        pub struct Net: ([3, 4, 5], [2, 4, 5]) -> ([11, 1, 1], [3, 4, 5]) { layer: Conv2d(5, 11, (4, 5)) }
        forward(x, y) {
            let both = cat([x, y], dim = 1);
            (layer(both), narrow(both, 1, 2, 3))
        }
    }
    whole_windows(1, 1) Net: {
        pub struct Net: [3, 6, 5] -> [11] {
            a: Conv2d(3, 9, 3), whole: Conv2d(9, 17, (4, 3)), bn: BatchNorm2d(17), plain: Conv2d(3, 17, (6, 5), bias = false), own: Conv2d(17, 17, 1), fc: Linear(17, 11),
        }
        forward(x) {
            let y = relu6(bn(whole(a(x))) + plain(x));
            fc(flatten(relu(own(y) + y), 1))
        }
    }
    whole_volume(1, 1) Net: { pub struct Net: [2, 3, 4, 5] -> [70, 1, 1, 1] { Conv3d(2, 3, 1), ReLU, Conv3d(3, 70, (3, 4, 5)), Hardtanh } }
    nearly_whole(1, 1) Net: {
        pub struct Net: [6, 1, 2] -> [6, 1, 1] {
            around: Conv2d(6, 6, (1, 3), padding = (0, 1), stride = 2), three: Conv2d(6, 6, 3, padding = 1), mirrored: Conv2d(6, 6, (1, 4), padding = (0, 1), padding_mode = "reflect"),
            groups: Conv2d(6, 6, (1, 2), groups = 3), each: Conv2d(6, 6, (1, 2), groups = 6), moved: Conv2d(6, 6, 1, stride = 2),
        }
        forward(x) { three(around(x)) + mirrored(x) + groups(x) + each(x) + moved(x) }
    }
    squeezed(1, 1) Net: {
        pub struct Net: [8, 5, 6] -> [8, 5, 6] { a: Conv2d(8, 8, 3, padding = 1), down: Conv2d(8, 3, 1), up: Conv2d(3, 8, 1), last: Conv2d(8, 8, 1) }
        forward(x) {
            let x = a(x);
            last(x * sigmoid(up(relu(down(adaptive_avg_pool2d(x, 1))))))
        }
    }
    pyramid(1, 1) Net: {
        pub struct Net: [4, 6, 6] -> [7, 6, 6] { a: Conv2d(4, 5, 3, padding = 1), whole: Conv2d(5, 3, 6), last: Conv2d(8, 7, 1) }
        forward(x) {
            let x = a(x);
            last(cat([x, interpolate(whole(x), 6)], dim = 1))
        }
    }
    plain_parts(1, 6) Net: {
        pub struct Net: [5, 7, 6] -> ([2, 7, 6], [5, 1, 6], [5, 7, 4], [7, 6], [5, 6], [5, 7]) {}
        forward(x) { (narrow(x, 1, 2, 2), narrow(x, 2, -1, 1), narrow(x, 3, 1, 4), select(x, 1, 4), select(x, 2, 3), select(x, 3, -2)) }
    }
    last_parts(1, 6) Net: {
        pub struct Net: [3, 7, 6] -> ([2, 7, 6], [17, 1, 6], [17, 7, 4], [7, 6], [17, 6], [17, 7]) { a: Conv2d(3, 17, 3, padding = 1), stays: Conv2d(17, 17, 1) }
        forward(x) {
            let x = relu(a(x));
            (narrow(x, 1, 2, 2), stays(narrow(x, 2, -1, 1)), stays(narrow(x, 3, 1, 4)), select(x, 1, 4), tanh(select(x, 2, 3)), select(x, 3, -2))
        }
    }
    selected(1, 2) Net: {
        pub struct Net: [3, 1, 4] -> ([6, 1], [6]) { a: Conv2d(3, 6, (1, 3), padding = (0, 1)), b: Conv1d(6, 6, 4) }
        forward(x) {
            let x = relu(a(x));
            (b(select(x, 2, 0)), select(select(x, 3, 2), 2, -1))
        }
    }
    shuffled(1, 1) Net: {
        pub struct Net: [6, 5, 8] -> [10, 5, 8] { a: Conv2d(6, 10, 1), b: Conv2d(5, 5, 3, padding = 1, groups = 5), c: Conv2d(10, 10, 1) }
        forward(x) {
            let (left, right) = chunk(relu(a(x)), 2, dim = 1);
            c(cat([left, relu(b(right))], dim = 1))
        }
    }
    plain_pieces(1, 1) Net: {
        pub struct Net: [7, 9] -> [20, 14] {}
        forward(x) {
            let (a, b, c) = chunk(x, 3, dim = 2);
            let (d, e) = split(x, [2, 5], dim = 1);
            let wide = cat([cat([c, a], dim = 2), cat([b, b], dim = 2)], dim = 1);
            let high = cat([d, e, narrow(x, 1, 0, 6)], dim = 1);
            let high = narrow(cat([high, x], dim = 1), 1, 0, 14);
            cat([transpose(narrow(high, 2, 1, 6), 1, 2), narrow(transpose(cat([wide, narrow(x, 2, 0, 6)], dim = 1), 1, 2), 2, 3, 14), transpose(high, 1, 2) - 1.0], dim = 1).narrow(1, 1, 20)
        }
    }
    last_pieces(1, 2) Net: {
        pub struct Net: [2, 6, 5] -> ([18, 10, 8], [18, 4, 8]) { a: Conv2d(2, 18, 3, padding = 1), b: Conv2d(18, 18, 1), c: Conv2d(18, 18, 3, padding = 1) }
        forward(x) {
            let x = relu(a(x));
            let (top, bottom) = split(x, 4, dim = 2);
            let high = cat([x, b(top)], dim = 2);
            let (left, _) = chunk(high, 2, dim = 3);
            (c(cat([left, high], dim = 3)), cat([narrow(cat([bottom, top], dim = 2), 2, 1, 4), narrow(x, 2, 2, 4).narrow(3, 1, 3)], dim = 3))
        }
    }
    one_channel(2, 1) Net: {
        pub struct Net: ([1, 3, 5], [1, 4, 5]) -> [1, 7, 5] { a: Conv2d(1, 1, 3, padding = 1), b: Conv2d(1, 1, 1) }
        forward(x, y) { cat([a(x), b(y)], dim = 2) }
    }
    half_last(2, 2) Net: {
        pub struct Net: ([3, 4, 5], [3, 4, 2]) -> ([3, 4, 7], [6, 4]) { a: Conv2d(3, 3, 3, padding = 1) }
        forward(x, y) { (cat([a(x), y], dim = 3), cat([select(a(x), 3, 1), select(y, 3, 1)], dim = 1)) }
    }
    stacked(2, 3) Net: {
        pub struct Net: ([3, 4], [3, 4]) -> ([2, 3, 4], [3, 2, 4], [3, 4, 3]) { a: Conv1d(3, 3, 1) }
        forward(x, y) { (stack([x, y], dim = 1), stack([a(x), y], dim = 2), stack([y, a(y), x], dim = 3)) }
    }
    turned(1, 1) Net: {
        pub struct Net: [11, 6] -> [11, 9] { a: Conv1d(6, 17, 3, padding = 1), bn: BatchNorm1d(17), fc: Linear(17, 9) }
        forward(x) { fc(transpose(relu(bn(a(transpose(x, 1, 2)))), -1, -2)) }
    }
    permuted(1, 5) Net: {
        pub struct Net: [3, 4, 5] -> ([4, 5, 7], [5, 3, 4], [4, 3, 5], [20, 7], [4, 5, 3]) { a: Conv2d(3, 7, 1), b: Conv2d(5, 5, 1) }
        forward(x) {
            let y = a(x);
            (permute(y, (0, 2, 3, 1)), b(permute(x, (0, 3, 1, 2))), permute(x, (0, 2, 1, 3)), transpose(flatten(y, 2), 1, 2), permute(x, (0, 2, 3, 1)))
        }
    }
    thrice(1, 2) Net: {
        pub struct Net: [2, 6] -> ([6, 2], [3, 4]) { a: BatchNorm1d(6), b: BatchNorm1d(3), c: BatchNorm1d(2) }
        forward(x) {
            let y = a(transpose(x, 1, 2)) + a(reshape(x, (-1, 6, 2)));
            (y + a(transpose(c(x), 1, 2)), b(reshape(x, (-1, 3, 4))))
        }
    }
    shared_results(1, 6) Net: {
        pub struct Net: [3, 4, 5] -> ([7, 4, 5], [140], [7, 4, 5], [7, 4, 5], [140], [3, 4, 5]) { a: Conv2d(3, 7, 1), b: Conv2d(7, 7, 1) }
        forward(x) {
            let y = relu(a(x));
            let z = tanh(b(y));
            (z, flatten(z, 1), y, z, flatten(y, 1), x)
        }
    }
    cells_and_layers(3, 4) Net: {
        pub struct Net: ([6], [9], [9]) -> ([9], [9], [9], [6]) { cell: LSTMCell(6, 9), norm: LayerNorm(6) }
        forward(x, h, c) {
            let (h, c) = cell(x, (h, c));
            (c, softmax(h, dim = 1), h, norm(x))
        }
    }
    one_recurrent(2, 1) Net: { pub struct Net: ([6], [9]) -> [9] { cell: GRUCell(6, 9) } forward(x, h) { cell(x, h) } }
    double_stream(2, 2) Net: {
        #[element(f64)]
        pub struct Net: ([5, 1], [5, 3]) -> ([5, 1], [5, 3]) { layer: Conv1d(5, 5, 4) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (layer(window), narrow(window, 2, 1, 3))
        }
    }
}

/// A stream's window is never laid out in one piece: a linear layer, and what is remembered.
#[test]
fn a_window_stays_in_pieces() {
    use nn_core::frozen::Work;
    fn steps<N: nn::Freeze>() -> [usize; 3] {
        let count = |is: fn(&Work) -> bool| N::PROGRAM.iter().filter(|step| is(&step.work)).count();
        let joined = count(|work| matches!(work, Work::Joined { .. }));
        [joined, count(|work| matches!(work, Work::Shift { .. })), N::PROGRAM.len()]
    }
    assert_eq!([steps::<stream::Net>(), steps::<stream_of_eight::Net>()], [[1, 1, 2]; 2]);
    assert_eq!(steps::<wide_stream::Net>(), [1, 1, 2]);
    assert_eq!(steps::<stream_of_a_block::Net>(), [2, 1, 3]);
    assert_eq!(steps::<streams_behind_each_other::Net>(), [2, 2, 5]);
}

/// Nothing of these is left to layers that run as they are.
#[test]
fn what_moves_is_a_step_of_its_own() {
    fn layers<N: nn::Freeze>() -> usize {
        N::LAYER_STEPS.len()
    }
    let found = [layers::<stream::Net>(), layers::<last_parts::Net>(), layers::<plain_pieces::Net>()];
    assert_eq!(found, [0; 3]);
    assert_eq!([layers::<stacked::Net>(), layers::<permuted::Net>(), layers::<turned::Net>()], [0; 3]);
}

//! gumbel_softmax: what records of PyTorch, which draws other numbers, cannot show.

use nn::prelude::*;

network! {
    #[element(f64)]
    struct Soft: [4, 3] -> [4, 3] { }
    forward(x) { gumbel_softmax(x, tau = 0.7, dim = 1) }
}

network! {
    #[element(f64)]
    struct Hard: [4, 3] -> [4, 3] { }
    forward(x) { gumbel_softmax(x, tau = 0.7, hard = true, dim = 1) }
}

network! {
    #[element(f64)]
    struct Choice: [3] -> [3] { }
    forward(x) { gumbel_softmax(x, hard = true) }
}

fn input() -> [Tensor2<4, 3, f64>; 2] {
    [0.3, -0.8].map(|step| Tensor2(std::array::from_fn(|i| std::array::from_fn(|j| step * i as f64 - 0.4 * j as f64))))
}

fn shares(x: &[Tensor2<4, 3, f64>; 2]) -> [Tensor2<4, 3, f64>; 2] {
    let mut tape = Soft::tape::<2>();
    Soft::seed(&mut tape, 7);
    *Soft::init(&mut nn::seed(1)).forward_train(x, &mut tape)
}

/// Training draws shares; for the same draws the gradient is their slope, and that of the hard result is the same.
#[test]
fn the_gradient_is_that_of_the_shares() {
    let (x, drawn) = (input(), shares(&input()));
    for column in drawn.iter().flat_map(|sample| (0..3).map(|j| sample.iter().map(|row| row[j]).sum::<f64>())) {
        assert!((column - 1.0).abs() < 1e-12, "{column}");
    }
    let cotangent = [1.0, -0.5].map(|c| Tensor2(std::array::from_fn(|i| [c, c * i as f64, 2.0 - i as f64])));
    let (mut tape, mut gradients) = (Soft::tape::<2>(), Soft::gradients());
    let mut soft = Soft::init(&mut nn::seed(1));
    Soft::seed(&mut tape, 7);
    soft.forward_train(&x, &mut tape);
    let slopes = *soft.backward(&mut tape, &cotangent, &mut gradients);

    let (mut hard_tape, mut hard_gradients) = (Hard::tape::<2>(), Hard::gradients());
    let mut hard = Hard::init(&mut nn::seed(1));
    Hard::seed(&mut hard_tape, 7);
    let chosen = *hard.forward_train(&x, &mut hard_tape);
    assert_eq!(*hard.backward(&mut hard_tape, &cotangent, &mut hard_gradients), slopes);
    for (sample, row, column) in (0..24).map(|at| (at / 12, at / 3 % 4, at % 3)) {
        let largest = drawn[sample].iter().map(|row| row[column]).fold(0.0, f64::max);
        let expected = if drawn[sample][row][column] == largest { 1.0 } else { 0.0 };
        assert_eq!(chosen[sample][row][column], expected);

        let moved = |by: f64| {
            let mut x = x;
            x[sample][row][column] += by;
            let values = shares(&x).into_iter().zip(&cotangent);
            values
                .map(|(y, c)| y.iter().flatten().zip(c.iter().flatten()).map(|(y, c)| y * c).sum::<f64>())
                .sum::<f64>()
        };
        let (slope, own) = ((moved(1e-5) - moved(-1e-5)) / 2e-5, slopes[sample][row][column]);
        assert!((slope - own).abs() < 1e-8, "{slope} against {own}");
    }
}

/// In evaluation mode nothing is drawn: softmax(x / tau), or its largest.
#[test]
fn evaluation_draws_nothing() {
    let x = input()[0];
    let (soft, hard) = (Soft::init(&mut nn::seed(1)).predict(&x), Hard::init(&mut nn::seed(1)).predict(&x));
    for column in 0..3 {
        let powers: [f64; 4] = std::array::from_fn(|row| (x[row][column] / 0.7).exp());
        for row in 0..4 {
            assert!((soft[row][column] - powers[row] / powers.iter().sum::<f64>()).abs() < 1e-12);
            assert_eq!(hard[row][column], if row == 3 { 1.0 } else { 0.0 });
        }
    }
}

/// Each class is chosen as often as softmax says: that is what Gumbel noise is for.
#[test]
fn classes_are_drawn_by_their_shares() {
    const DRAWS: usize = 500;
    let (mut net, mut tape) = (Choice::init(&mut nn::seed(1)), Choice::tape::<DRAWS>());
    let share: [f64; 3] = [0.2, 0.7, 0.1];
    let x = [Tensor1(share.map(f64::ln)); DRAWS];
    let mut counts = [0.0; 3];
    for step in 0..40 {
        Choice::seed(&mut tape, step);
        for y in net.forward_train(&x, &mut tape) {
            counts.iter_mut().zip(y.iter()).for_each(|(count, y)| *count += y);
        }
    }
    for (count, share) in counts.iter().zip(share) {
        // Of 20000 draws the deviation is at most 0.0033.
        assert!((count / 20_000.0 - share).abs() < 0.015, "{counts:?}");
    }
}

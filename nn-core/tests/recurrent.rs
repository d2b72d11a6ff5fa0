//! Evaluation of recurrent layers against the reference, step by step, on every instruction set that the machine has.
//!
//! Room and results are NaN beforehand, as is what lies behind the slices: a read where nothing was written shows.

use nn_core::kernels::{Kernels, Passage, RecurrentWeights, reference};
use nn_core::shape::{Cell, Sequence, tile};
use nn_core::{Float, Isa, Random, Rng, force_isa, seed};

fn numbers<E: Float>(len: usize, random: &mut Random) -> Vec<E> {
    (0..len).map(|_| E::from_f64(f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0)).collect()
}

/// `len` numbers with NaN behind them.
fn room<E: Float>(len: usize) -> Vec<E> {
    vec![E::from_f64(f64::NAN); len + 32]
}

/// The steps one after the other, as their definition says.
fn expected<E: Float>(
    sequence: &Sequence,
    weights: &RecurrentWeights<'_, E>,
    input: &[E],
    states: &[Vec<E>; 2],
) -> (Vec<E>, Vec<E>) {
    let (rows, n, out) = (sequence.rows(), sequence.hidden, sequence.output);
    let [mut h, mut c] = states.clone();
    let mut output = vec![E::ZERO; sequence.steps * out];
    for step in 0..sequence.steps {
        let time = if sequence.reverse { sequence.steps - 1 - step } else { step };
        let (mut own, mut hidden) = (vec![E::ZERO; rows], vec![E::ZERO; rows]);
        let [first, second] = [weights.biases.map(|both| both[0]), weights.biases.map(|both| both[1])];
        let x = &input[time * sequence.input..][..sequence.input];
        reference::linear_forward(1, sequence.input, rows, x, weights.input, first, &mut own);
        reference::linear_forward(1, out, rows, &h, weights.hidden, second, &mut hidden);
        let mut next = if sequence.projects { vec![E::ZERO; n] } else { h.clone() };
        reference::recurrent_step(sequence.cell, &own, &hidden, &mut next, &mut c);
        match weights.projection {
            Some(projection) => reference::linear_forward(1, n, out, &next, projection, None, &mut h),
            None => h = next,
        }
        output[time * out..][..out].copy_from_slice(&h);
    }
    (output, c)
}

fn check<E: Float + Kernels>(
    isa: Isa,
    cell: Cell,
    [steps, input, hidden, projection]: [usize; 4],
    random: &mut Random,
) {
    let output = if projection > 0 { projection } else { hidden };
    let whole = Sequence {
        cell,
        steps,
        input,
        hidden,
        output,
        projects: projection > 0,
        width: output + 3,
        first: 2,
        reverse: random.next_u32() % 2 == 1,
    };
    let rows = whole.rows();
    let [weight, own, first, second, projected] =
        [rows * input, rows * output, rows, rows, whole.raw() * output].map(|len| numbers::<E>(len, random));
    let weights = RecurrentWeights {
        input: &weight,
        hidden: &own,
        biases: (random.next_u32() % 2 == 1).then_some([&first[..], &second[..]]),
        projection: whole.projects.then_some(&projected[..]),
    };
    let given = random.next_u32() % 2 == 1;
    let states = [output, hidden].map(|len| if given { numbers::<E>(len, random) } else { vec![E::ZERO; len] });
    let x = numbers::<E>(steps * input, random);
    let (expected, expected_c) = expected(&whole, &weights, &x, &states);

    let mut found = room::<E>(steps * whole.width);
    let (mut h, mut c) = (room::<E>(output), room::<E>(hidden));
    let asks = random.next_u32() % 2 == 1;
    let [mut gates, mut hidden_gates] = [room::<E>(rows + tile::MAX_LANES), room::<E>(rows + tile::MAX_LANES)];
    let mut raw = room::<E>(whole.raw());
    let before = if given { [&states[0][..], &states[1][..]] } else { [&[][..]; 2] };
    let is_lstm = cell == Cell::Lstm;
    let passage = Passage {
        input: &x,
        before: if is_lstm { before } else { [before[0], &[]] },
        output: &mut found[..steps * whole.width],
        h: if asks { &mut h[..output] } else { &mut [] },
        c: if is_lstm { &mut c[..hidden] } else { &mut [] },
    };
    let len = rows + tile::MAX_LANES;
    let room = [&mut gates[..len], &mut hidden_gates[..len], &mut raw[..whole.raw()]];
    E::recurrent_evaluate(&whole, &weights, passage, room);

    let largest = expected.iter().fold(1.0, |largest: f64, value| largest.max(value.to_f64().abs()));
    let near = |found: E, expected: E, what: &str| {
        let error = (found.to_f64() - expected.to_f64()).abs();
        assert!(error <= 200.0 * E::EPSILON.to_f64() * largest, "{isa:?} {whole:?}, {what}: {found}, not {expected}");
    };
    for (time, row) in found[..steps * whole.width].chunks(whole.width).enumerate() {
        for (i, value) in row.iter().enumerate() {
            match i.checked_sub(whole.first).filter(|i| *i < output) {
                Some(i) => near(*value, expected[time * output + i], "h"),
                None => assert!(value.is_nan(), "it wrote beside its part"),
            }
        }
    }
    if asks {
        let last = if whole.reverse { 0 } else { steps - 1 };
        h[..output]
            .iter()
            .zip(&expected[last * output..])
            .for_each(|(found, expected)| near(*found, *expected, "last h"));
    }
    if is_lstm {
        c[..hidden].iter().zip(&expected_c).for_each(|(found, expected)| near(*found, *expected, "c"));
    }
    let behind = [
        (&found, steps * whole.width),
        (&h, output),
        (&c, hidden),
        (&gates, len),
        (&hidden_gates, len),
        (&raw, whole.raw()),
    ];
    for (values, len) in behind {
        assert!(values[len..].iter().all(|value| value.is_nan()), "{isa:?} {whole:?}: it wrote behind a slice");
    }
}

#[test]
fn evaluation_against_the_reference() {
    let mut random = seed(5);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("the set is available");
        for (steps, input, hidden) in [
            (1, 1, 1),
            (3, 1, 20),
            (5, 2, 8),
            (2, 7, 5),
            (4, 16, 16),
            (2, 33, 17),
            (3, 19, 31),
            (1, 64, 64),
            (2, 300, 47),
        ] {
            for cell in [Cell::Rnn { relu: false }, Cell::Rnn { relu: true }, Cell::Gru, Cell::Lstm] {
                for _ in 0..4 {
                    check::<f32>(isa, cell, [steps, input, hidden, 0], &mut random);
                    check::<f64>(isa, cell, [steps, input, hidden, 0], &mut random);
                }
            }
            if hidden > 1 {
                check::<f32>(isa, Cell::Lstm, [steps, input, hidden, hidden / 2], &mut random);
                check::<f64>(isa, Cell::Lstm, [steps, input, hidden, 1], &mut random);
            }
        }
    }
    force_isa(None).expect("the best set is available");
}

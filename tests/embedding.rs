//! Embeddings among other layers: what records of PyTorch, which take one layer at a time, do not show.

use nn::prelude::*;

network! {
    #[element(f64)]
    struct Reader: [u32; 5] -> [4] {
        table: Embedding(7, 3, padding_idx = 0),
        lstm: LSTM(3, 4),
    }
    forward(words) {
        let (_, (h, _)) = lstm(table(words));
        flatten(h, 1)
    }
}

network! {
    #[element(f64)]
    struct Rows: [5, 3] -> [4] { lstm: LSTM(3, 4) }
    forward(x) {
        let (_, (h, _)) = lstm(x);
        flatten(h, 1)
    }
}

/// The LSTM sees the rows, and each row's gradient is the sum of those of its places; that of padding is dropped.
#[test]
fn an_lstm_reads_rows() {
    let mut reader = Reader::init(&mut nn::seed(3));
    let mut rows = Rows::init(&mut nn::seed(4));
    rows.lstm.first = core::mem::replace(&mut reader.lstm.first, rows.lstm.first);
    let saved = rows.to_safetensors();
    nn::weights::Weights::from_bytes(&saved).unwrap().strict(false).load_into(&mut *reader).unwrap();

    let words = [Tensor1([2, 6, 0, 2, 2]), Tensor1([0, 0, 5, 1, 6])];
    let looked_up = words.map(|words| Tensor2(words.map(|word| reader.table.weight[word as usize])));
    let cotangent = [Tensor1([1.0, -0.5, 0.25, 2.0]), Tensor1([0.5, 1.0, -1.0, 0.0])];
    let (mut reader_tape, mut reader_gradients) = (Reader::tape::<2>(), Reader::gradients());
    let (mut rows_tape, mut rows_gradients) = (Rows::tape::<2>(), Rows::gradients());
    assert_eq!(reader.forward_train(&words, &mut reader_tape), rows.forward_train(&looked_up, &mut rows_tape));
    reader.backward(&mut reader_tape, &cotangent, &mut reader_gradients);
    let inputs = *rows.backward(&mut rows_tape, &cotangent, &mut rows_gradients);

    let mut expected = [[0.0; 3]; 7];
    for (word, row) in words.iter().zip(&inputs).flat_map(|(words, rows)| words.iter().zip(rows.iter())) {
        if *word != 0 {
            expected[*word as usize].iter_mut().zip(row).for_each(|(sum, part)| *sum += part);
        }
    }
    for (own, expected) in reader_gradients.table.weight.iter().flatten().zip(expected.iter().flatten()) {
        assert!((own - expected).abs() < 1e-12, "{own} instead of {expected}");
    }
    assert!(reader_gradients.table.weight[2].iter().any(|slope| *slope != 0.0));
    let weights = |gradients: &[_]| format!("{gradients:?}");
    let (mut a, mut b) = (Vec::new(), Vec::new());
    reader_gradients.visit_parameters(&mut |parameter, values| {
        if parameter.name != "table.weight" {
            a.push(weights(values));
        }
    });
    rows_gradients.visit_parameters(&mut |_, values| b.push(weights(values)));
    assert_eq!(a, b);
}

network! {
    struct Large: [u32; 2] -> [2, 64] (Embedding(500, 64, padding_idx = -1));
}

network! {
    struct LargeBag: [u32; 2] -> [64] (EmbeddingBag(500, 64, padding_idx = 3));
}

/// N(0, 1), but for the row of padding, which is zeros.
#[test]
fn tables_begin_as_in_pytorch() {
    fn check(table: &[[f32; 64]], padding: usize) {
        assert!(table[padding].iter().all(|x| *x == 0.0));
        let others = || table.iter().enumerate().filter(|(row, _)| *row != padding).flat_map(|(_, row)| row);
        let count = others().count() as f32;
        let mean = others().sum::<f32>() / count;
        let variance = others().map(|x| (x - mean) * (x - mean)).sum::<f32>() / count;
        // Of 31936 draws the mean has a deviation of 0.0056, the variance one of 0.0079.
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean}, {variance}");
        assert!(others().all(|x| *x != 0.0));
    }
    check(&*Large::init(&mut nn::seed(1)).0.weight, 499);
    check(&*LargeBag::init(&mut nn::seed(2)).0.weight, 3);
}

network! {
    struct Padded: [u32; 3] -> [2] {
        table: Embedding(4, 2, padding_idx = 1, max_norm = 1.0),
    }
    forward(x) { sum(table(x), dim = 1) }
}

/// Nothing moves the row of padding but weight decay, as in PyTorch; looking rows up in training shortens them, evaluation does not.
#[test]
fn padding_is_never_learnt_and_norms_are_bounded() {
    let mut net = Padded::init(&mut nn::seed(1));
    net.table.weight.0 = [[3.0, 4.0], [0.0, 0.0], [0.3, 0.4], [6.0, 8.0]];
    let (mut tape, mut gradients) = (Padded::tape::<1>(), Padded::gradients());
    let mut adam = nn::optim::Adam::<Padded>::boxed(0.1);

    let before = net.table.weight;
    let y = net.predict(&Tensor1([0, 2, 1]));
    assert!((y[0] - 0.9).abs() < 1e-6 && (y[1] - 1.2).abs() < 1e-6, "{y:?}");
    assert_eq!(net.table.weight, before);

    net.forward_train(&[Tensor1([0, 2, 1])], &mut tape);
    let near = |row: [f32; 2], to: [f32; 2]| row.iter().zip(&to).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(near(net.table.weight[0], [0.6, 0.8]), "{:?}", net.table.weight[0]);
    // Short enough, and not looked up.
    assert_eq!((net.table.weight[2], net.table.weight[3]), ([0.3, 0.4], [6.0, 8.0]));
    net.backward_parameters(&mut tape, &[Tensor1([1.0, 1.0])], &mut gradients);
    assert_eq!(gradients.table.weight.0, [[1.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]);
    adam.step(&mut net, &gradients);
    assert_eq!(net.table.weight[1], [0.0, 0.0]);
}

network! {
    #[element(f64)]
    struct Bounded: [u32; 2] -> [2] {
        table: Embedding(4, 2, max_norm = 1.0),
    }
    forward(x) { sum(table(x), dim = 1) }
}

/// Each part of a batch shortens the rows that it looks up before it computes with them, and the step moves the shortened rows, as in PyTorch:
/// `for x in parts: (net(x) ** 2).mean().div(3).backward()`, then `SGD(lr = 0.5)`.
#[test]
fn norms_are_bounded_by_each_part_of_a_batch() {
    use nn::loss::MSELoss;
    use nn::train::Trainer;
    let data: Vec<(Tensor1<2, u32>, Tensor1<2, f64>)> =
        [[0, 0], [0, 1], [3, 1]].map(|words| (Tensor1(words), Tensor1([0.0; 2]))).to_vec();
    let expected = [
        [0.19999999700000004, -1.333333221609223e-9],
        [-0.5499999940000001, 0.4666666640000001],
        [5.0, 12.0],
        [0.349999999, -0.46666666533333334],
    ];
    for threads in 1..=3 {
        let mut net = Bounded::init(&mut nn::seed(1));
        net.table.weight.0 = [[3.0, 4.0], [-6.0, 8.0], [5.0, 12.0], [0.3, -0.4]];
        let sgd = nn::optim::SGD::<Bounded>::boxed(0.5);
        let mut trainer =
            Trainer::new(net, sgd, MSELoss::new()).epochs(1).shuffle(false).accumulate(3).threads(threads);
        trainer.fit::<1>(&data).unwrap();
        for (own, expected) in trainer.network.table.weight.iter().flatten().zip(expected.iter().flatten()) {
            assert!((own - expected).abs() < 1e-12, "{own} instead of {expected}, {threads} threads");
        }
    }
}

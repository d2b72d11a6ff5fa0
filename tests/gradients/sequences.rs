//! Random networks of sequences. Written by sequences.py: change that, not this.

case! { sequence0,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 3], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 2, mode = "sum", padding_idx = 1),
            l5: EmbeddingBag(5, 1, mode = "max"),
            l7: GRUCell(2, 4, bias = false),
            l12: EmbeddingBag(5, 3, mode = "mean", padding_idx = 1),
            l14: Linear(11, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(bags);
            let s8 = l7(select(v4, 1, 2), l7(select(v4, 1, 0)));
            let v9 = unsqueeze(s8, 1);
            let v10 = cat([x, v2], dim = 1);
            let v11 = v6 - v6;
            let v13 = l12(bags);
            l14(cat([mean(v9, dim = 1), mean(v10, dim = 1), mean(v11, dim = 1), mean(v13, dim = 1)], dim = 1))
        }
    }
}

case! { sequence1,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 4], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "max", padding_idx = 1),
            l5: LayerNorm(2, eps = 0.1),
            l9: GRU(4, 1, num_layers = 3, bias = false),
            l11: GRU(2, 1, num_layers = 3, bias = false),
            l14: GRUCell(1, 2, bias = false),
            l17: RNNCell(1, 4),
            l20: Linear(6, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(v4);
            let v7 = x * x;
            let (v10, s8) = l9(v7);
            let (v12, _) = l11(v6, s8);
            let v13 = cat([v2, v10], dim = 1);
            let s15 = l14(select(v12, 1, 2), l14(select(v12, 1, 0)));
            let v16 = unsqueeze(s15, 1);
            let s18 = l17(select(v13, 1, 3), l17(select(v13, 1, 0)));
            let v19 = unsqueeze(s18, 1);
            l20(cat([mean(v16, dim = 1), mean(v19, dim = 1)], dim = 1))
        }
    }
}

case! { sequence2,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 3, mode = "max", padding_idx = 1),
            l6: LSTM(4, 2, bidirectional = true),
            l10: LSTM(3, 2, bidirectional = true),
            l12: LSTMCell(3, 2, bias = false),
            l19: EmbeddingBag(5, 1, mode = "mean"),
            l22: RNN(2, 1),
            l25: LSTM(4, 1, num_layers = 2, bias = false),
            l28: Linear(7, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, (s8, s9)) = l6(x);
            let (v11, _) = l10(v2, (s8, s9));
            let (s13, s14) = l12(select(v4, 1, 0));
            let (s15, s14) = l12(select(v4, 1, 0), (s13, s14));
            let v16 = unsqueeze(s15 + s14, 1);
            let v17 = v11 + v11;
            let v18 = sigmoid(v7);
            let v20 = l19(bags);
            let (v23, _) = l22(v16);
            let (v26, _) = l25(v17);
            let v27 = tanh(v18);
            l28(cat([mean(v20, dim = 1), mean(v23, dim = 1), mean(v26, dim = 1), mean(v27, dim = 1)], dim = 1))
        }
    }
}

case! { sequence3,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 2, mode = "mean"),
            l5: EmbeddingBag(5, 3, mode = "max"),
            l8: RNN(2, 3),
            l10: RNN(3, 3),
            l13: RNN(3, 3, bias = false),
            l15: Linear(14, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(bags);
            let (v9, s7) = l8(x);
            let (v11, _) = l10(v6, s7);
            let (v14, _) = l13(v6);
            l15(cat([mean(v2, dim = 1), mean(v4, dim = 1), mean(v9, dim = 1), mean(v11, dim = 1), mean(v14, dim = 1)], dim = 1))
        }
    }
}

case! { sequence4,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 1, mode = "max"),
            l6: MultiheadAttention(3, 1, kdim = 4, vdim = 4),
            l9: RNN(1, 3, num_layers = 2, bias = false, bidirectional = true),
            l11: Linear(13, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x - x;
            let (v7, _) = l6(v2, x, x);
            let (v10, _) = l9(v4);
            l11(cat([mean(v5, dim = 1), mean(v7, dim = 1), mean(v10, dim = 1)], dim = 1))
        }
    }
}

case! { sequence5,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 4], [u32; 4], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 1, mode = "max"),
            l8: GRU(4, 2, bias = false),
            l10: GRU(2, 2, bias = false),
            l13: GRU(1, 2, num_layers = 3, bidirectional = true),
            l15: LayerNorm(1, eps = 0.1),
            l17: Linear(2, 4),
            l20: LSTM(4, 3, bias = false, bidirectional = true, proj_size = 2),
            l24: LSTM(2, 3, bias = false, bidirectional = true, proj_size = 2),
            l27: LSTM(1, 2, num_layers = 2, bidirectional = true),
            l31: LSTM(4, 2, num_layers = 2, bidirectional = true),
            l33: Linear(16, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x * x;
            let v6 = flip(v2, 1);
            let (v9, s7) = l8(v5);
            let (v11, _) = l10(v9, s7);
            let (v14, _) = l13(v4);
            let v16 = l15(v6);
            let v18 = l17(v11);
            let (v21, (s22, s23)) = l20(v14);
            let (v25, _) = l24(v9, (s22, s23));
            let (v28, (s29, s30)) = l27(v16);
            let (v32, _) = l31(v18, (s29, s30));
            l33(cat([mean(v21, dim = 1), mean(v25, dim = 1), mean(v28, dim = 1), mean(v32, dim = 1)], dim = 1))
        }
    }
}

case! { sequence6,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 3], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 3, mode = "max", padding_idx = 1),
            l6: RNN(3, 2, num_layers = 2, bias = false, bidirectional = true),
            l8: RNN(3, 2, num_layers = 2, bias = false, bidirectional = true),
            l14: EmbeddingBag(5, 3, mode = "sum", padding_idx = 1),
            l16: Linear(17, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, s5) = l6(x);
            let (v9, _) = l8(v2, s5);
            let v10 = gelu(v2);
            let v11 = v4 + x;
            let v12 = flip(v11, 1);
            let v13 = v7 + v7;
            let v15 = l14(bags);
            l16(cat([mean(v9, dim = 1), mean(v10, dim = 1), mean(v12, dim = 1), mean(v13, dim = 1), mean(v15, dim = 1)], dim = 1))
        }
    }
}

case! { sequence7,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 4], [u32; 4], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l6: RNN(1, 1, bias = false, bidirectional = true),
            l8: RNN(4, 1, bias = false, bidirectional = true),
            l10: EmbeddingBag(5, 3, mode = "mean"),
            l13: RNN(2, 1, num_layers = 3, bidirectional = true),
            l15: RNN(2, 1, num_layers = 3, bidirectional = true),
            l18: LSTM(2, 1, bias = false),
            l20: EmbeddingBag(5, 1, mode = "max", padding_idx = 1),
            l22: Linear(9, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, s5) = l6(v2);
            let (v9, _) = l8(x, s5);
            let v11 = l10(bags);
            let (v14, s12) = l13(v4);
            let (v16, _) = l15(v7, s12);
            let (v19, _) = l18(v9);
            let v21 = l20(bags);
            l22(cat([mean(v11, dim = 1), mean(v14, dim = 1), mean(v16, dim = 1), mean(v19, dim = 1), mean(v21, dim = 1)], dim = 1))
        }
    }
}

case! { sequence8,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "max", padding_idx = 1),
            l6: GRU(2, 1, bidirectional = true),
            l9: LSTM(4, 3, num_layers = 3, bias = false, bidirectional = true),
            l12: LSTM(1, 1, num_layers = 2, bias = false),
            l16: LSTM(2, 1, num_layers = 2, bias = false),
            l18: Linear(8, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(v2);
            let (v10, _) = l9(x);
            let (v13, (s14, s15)) = l12(v4);
            let (v17, _) = l16(v7, (s14, s15));
            l18(cat([mean(v10, dim = 1), mean(v13, dim = 1), mean(v17, dim = 1)], dim = 1))
        }
    }
}

case! { sequence9,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 3], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2, padding_idx = 4),
            l3: EmbeddingBag(5, 3, mode = "sum", padding_idx = 1),
            l5: LayerNorm(3, eps = 0.1),
            l8: GRU(2, 1),
            l10: MultiheadAttention(3, 1, kdim = 3, vdim = 3),
            l13: Linear(7, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(x);
            let (v9, _) = l8(v2);
            let (v11, _) = l10(v4, x, x);
            let v12 = v6 + x;
            l13(cat([mean(v9, dim = 1), mean(v11, dim = 1), mean(v12, dim = 1)], dim = 1))
        }
    }
}

case! { sequence10,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 3], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "max", padding_idx = 1),
            l7: LSTM(2, 2, num_layers = 3, bias = false),
            l11: LSTM(2, 2, num_layers = 3, bias = false),
            l14: GRU(3, 3, bias = false),
            l17: GRU(2, 1, bias = false, bidirectional = true),
            l20: GRU(3, 2, num_layers = 3),
            l22: MultiheadAttention(2, 2, kdim = 3, vdim = 3),
            l24: LayerNorm(2, eps = 0.1),
            l27: Linear(6, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x + x;
            let (v8, (s9, s10)) = l7(v2);
            let (v12, _) = l11(v4, (s9, s10));
            let (v15, _) = l14(v5);
            let (v18, _) = l17(v8);
            let (v21, _) = l20(v15);
            let (v23, _) = l22(v12, v5, v5);
            let v25 = l24(v18);
            let v26 = flip(v21, 1);
            l27(cat([mean(v23, dim = 1), mean(v25, dim = 1), mean(v26, dim = 1)], dim = 1))
        }
    }
}

case! { sequence11,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 2], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2, padding_idx = 4),
            l3: EmbeddingBag(5, 3, mode = "mean"),
            l6: LSTM(2, 2, bias = false, proj_size = 1),
            l9: RNNCell(1, 1),
            l12: Linear(2, 4),
            l15: RNNCell(1, 4, bias = false),
            l20: RNN(4, 2, bidirectional = true),
            l22: RNN(4, 2, bidirectional = true),
            l24: Linear(15, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(x);
            let v8 = cat([v7, v7], dim = 1);
            let s10 = l9(select(v8, 1, 3), l9(select(v8, 1, 0)));
            let v11 = unsqueeze(s10, 1);
            let v13 = l12(v2);
            let v14 = cat([v4, v4], dim = 1);
            let s16 = l15(select(v11, 1, 0), l15(select(v11, 1, 0)));
            let v17 = unsqueeze(s16, 1);
            let v18 = sigmoid(v17);
            let (v21, s19) = l20(v13);
            let (v23, _) = l22(v13, s19);
            l24(cat([mean(v14, dim = 1), mean(v18, dim = 1), mean(v21, dim = 1), mean(v23, dim = 1)], dim = 1))
        }
    }
}

case! { sequence12,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 2, mode = "sum", padding_idx = 1),
            l5: GRUCell(2, 4),
            l8: Linear(4, 4),
            l13: Linear(13, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let s6 = l5(select(v4, 1, 0), l5(select(v4, 1, 0)));
            let v7 = unsqueeze(s6, 1);
            let v9 = l8(v7);
            let v10 = flip(v7, 1);
            let v11 = x - x;
            let v12 = v2 + v2;
            l13(cat([mean(v9, dim = 1), mean(v10, dim = 1), mean(v11, dim = 1), mean(v12, dim = 1)], dim = 1))
        }
    }
}

case! { sequence13,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 1], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 1, mode = "sum"),
            l6: LSTMCell(1, 2),
            l12: LSTM(1, 2, num_layers = 2, bias = false, proj_size = 1),
            l16: LSTM(1, 2, num_layers = 2, bias = false, proj_size = 1),
            l20: LSTM(2, 3, proj_size = 2),
            l22: EmbeddingBag(5, 1, mode = "sum", padding_idx = 1),
            l25: LSTM(1, 1, num_layers = 2, bias = false),
            l29: LSTM(1, 1, num_layers = 2, bias = false),
            l31: Linear(7, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = v2 * v2;
            let (s7, s8) = l6(select(x, 1, 0));
            let (s9, s8) = l6(select(x, 1, 4), (s7, s8));
            let v10 = unsqueeze(s9 + s8, 1);
            let (v13, (s14, s15)) = l12(v2);
            let (v17, _) = l16(v4, (s14, s15));
            let v18 = flip(x, 1);
            let (v21, _) = l20(v10);
            let v23 = l22(bags);
            let (v26, (s27, s28)) = l25(v5);
            let (v30, _) = l29(v13, (s27, s28));
            l31(cat([mean(v17, dim = 1), mean(v18, dim = 1), mean(v21, dim = 1), mean(v23, dim = 1), mean(v26, dim = 1), mean(v30, dim = 1)], dim = 1))
        }
    }
}

case! { sequence14,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 2], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "sum", padding_idx = 1),
            l6: LSTM(2, 2, num_layers = 2, bias = false, bidirectional = true, proj_size = 1),
            l8: MultiheadAttention(2, 1, kdim = 3, vdim = 3),
            l11: RNNCell(2, 2, bias = false),
            l15: EmbeddingBag(5, 2, mode = "mean"),
            l17: Linear(6, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(x);
            let (v9, _) = l8(x, v2, v2);
            let v10 = cat([v4, v9], dim = 1);
            let s12 = l11(select(v7, 1, 0), l11(select(v7, 1, 0)));
            let v13 = unsqueeze(s12, 1);
            let v14 = gelu(v10);
            let v16 = l15(bags);
            l17(cat([mean(v13, dim = 1), mean(v14, dim = 1), mean(v16, dim = 1)], dim = 1))
        }
    }
}

case! { sequence15,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 1], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l6: MultiheadAttention(1, 1, kdim = 1, vdim = 1),
            l8: RNNCell(3, 4, bias = false),
            l13: LSTM(1, 2, num_layers = 3, bidirectional = true),
            l16: Linear(10, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = sigmoid(x);
            let (v7, _) = l6(x, v5, v5);
            let s9 = l8(select(v2, 1, 0), l8(select(v2, 1, 0)));
            let v10 = unsqueeze(s9, 1);
            let v11 = cat([v4, v4], dim = 1);
            let (v14, _) = l13(v7);
            let v15 = flip(v10, 1);
            l16(cat([mean(v11, dim = 1), mean(v14, dim = 1), mean(v15, dim = 1)], dim = 1))
        }
    }
}

case! { sequence16,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 1], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l7: GRU(1, 1, bias = false),
            l9: GRU(2, 1, bias = false),
            l11: EmbeddingBag(5, 3, mode = "sum"),
            l14: LSTM(1, 3, proj_size = 2),
            l18: LSTM(1, 3, proj_size = 2),
            l20: EmbeddingBag(5, 3, mode = "mean", padding_idx = 1),
            l24: LSTM(3, 3, bias = false, proj_size = 2),
            l26: Linear(10, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = gelu(x);
            let (v8, s6) = l7(v2);
            let (v10, _) = l9(v4, s6);
            let v12 = l11(bags);
            let (v15, (s16, s17)) = l14(v5);
            let (v19, _) = l18(v10, (s16, s17));
            let v21 = l20(bags);
            let v22 = gelu(v8);
            let (v25, _) = l24(v12);
            l26(cat([mean(v15, dim = 1), mean(v19, dim = 1), mean(v21, dim = 1), mean(v22, dim = 1), mean(v25, dim = 1)], dim = 1))
        }
    }
}

case! { sequence17,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 1], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 3, mode = "max", padding_idx = 1),
            l6: MultiheadAttention(3, 1, kdim = 1, vdim = 1),
            l9: LSTM(3, 3, bias = false, bidirectional = true, proj_size = 2),
            l13: Linear(8, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x + x;
            let (v7, _) = l6(v2, x, x);
            let (v10, _) = l9(v4);
            let v11 = v5 * v5;
            let v12 = cat([v7, v2], dim = 1);
            l13(cat([mean(v10, dim = 1), mean(v11, dim = 1), mean(v12, dim = 1)], dim = 1))
        }
    }
}

case! { sequence18,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 1, mode = "sum"),
            l7: LSTM(2, 1, bidirectional = true),
            l9: EmbeddingBag(5, 2, mode = "sum", padding_idx = 1),
            l11: Linear(8, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x * x;
            let (v8, _) = l7(x);
            let v10 = l9(bags);
            l11(cat([mean(v2, dim = 1), mean(v4, dim = 1), mean(v5, dim = 1), mean(v8, dim = 1), mean(v10, dim = 1)], dim = 1))
        }
    }
}

case! { sequence19,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 3, mode = "mean"),
            l6: LSTM(3, 3, num_layers = 3),
            l9: Linear(2, 4),
            l13: RNN(4, 3, num_layers = 3, bias = false, bidirectional = true),
            l16: LSTM(4, 1, num_layers = 3, bidirectional = true),
            l20: LSTM(3, 1, num_layers = 3, bidirectional = true),
            l23: LSTM(6, 1),
            l25: Linear(5, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(v4);
            let v8 = cat([x, x], dim = 1);
            let v10 = l9(v2);
            let v11 = v7 + v4;
            let (v14, _) = l13(v8);
            let (v17, (s18, s19)) = l16(v10);
            let (v21, _) = l20(v11, (s18, s19));
            let (v24, _) = l23(v14);
            l25(cat([mean(v17, dim = 1), mean(v21, dim = 1), mean(v24, dim = 1)], dim = 1))
        }
    }
}

case! { sequence20,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 4], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "max", padding_idx = 1),
            l6: LSTM(4, 3, num_layers = 2),
            l10: LSTM(2, 3, num_layers = 2),
            l12: LSTMCell(1, 2, bias = false),
            l18: GRU(3, 2, bias = false),
            l20: GRU(3, 2, bias = false),
            l22: Linear(6, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, (s8, s9)) = l6(x);
            let (v11, _) = l10(v2, (s8, s9));
            let (s13, s14) = l12(select(v4, 1, 0));
            let (s15, s14) = l12(select(v4, 1, 0), (s13, s14));
            let v16 = unsqueeze(s15 + s14, 1);
            let (v19, s17) = l18(v7);
            let (v21, _) = l20(v11, s17);
            l22(cat([mean(v16, dim = 1), mean(v19, dim = 1), mean(v21, dim = 1)], dim = 1))
        }
    }
}

case! { sequence21,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 1], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 1, mode = "mean", padding_idx = 1),
            l5: RNNCell(1, 1),
            l9: LSTMCell(3, 4, bias = false),
            l14: EmbeddingBag(5, 3, mode = "sum"),
            l16: GRUCell(1, 1),
            l19: MultiheadAttention(1, 1, kdim = 1, vdim = 1),
            l21: Linear(9, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let s6 = l5(select(x, 1, 0), l5(select(x, 1, 0)));
            let v7 = unsqueeze(s6, 1);
            let v8 = v2 - v2;
            let (s10, s11) = l9(select(v8, 1, 0));
            let (s12, s11) = l9(select(v8, 1, 0), (s10, s11));
            let v13 = unsqueeze(s12 + s11, 1);
            let v15 = l14(bags);
            let s17 = l16(select(v4, 1, 2), l16(select(v4, 1, 0)));
            let v18 = unsqueeze(s17, 1);
            let (v20, _) = l19(v7, v7, v7);
            l21(cat([mean(v13, dim = 1), mean(v15, dim = 1), mean(v18, dim = 1), mean(v20, dim = 1)], dim = 1))
        }
    }
}

case! { sequence22,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 2], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "mean", padding_idx = 1),
            l5: RNNCell(2, 2),
            l8: LayerNorm(2, eps = 0.1),
            l10: GRUCell(2, 2),
            l13: Linear(5, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let s6 = l5(select(x, 1, 4), l5(select(x, 1, 0)));
            let v7 = unsqueeze(s6, 1);
            let v9 = l8(v2);
            let s11 = l10(select(v7, 1, 0), l10(select(v7, 1, 0)));
            let v12 = unsqueeze(s11, 1);
            l13(cat([mean(v4, dim = 1), mean(v9, dim = 1), mean(v12, dim = 1)], dim = 1))
        }
    }
}

case! { sequence23,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 4], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1, padding_idx = 4),
            l3: EmbeddingBag(5, 3, mode = "sum", padding_idx = 1),
            l5: MultiheadAttention(4, 1, kdim = 4, vdim = 4),
            l7: RNNCell(1, 2),
            l10: GRUCell(3, 2, bias = false),
            l14: GRU(4, 3, num_layers = 2, bias = false),
            l17: RNN(2, 2, num_layers = 3),
            l19: RNN(2, 2, num_layers = 3),
            l21: Linear(7, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v6, _) = l5(x, x, x);
            let s8 = l7(select(v2, 1, 0), l7(select(v2, 1, 0)));
            let v9 = unsqueeze(s8, 1);
            let s11 = l10(select(v4, 1, 2), l10(select(v4, 1, 0)));
            let v12 = unsqueeze(s11, 1);
            let (v15, _) = l14(v6);
            let (v18, s16) = l17(v9);
            let (v20, _) = l19(v12, s16);
            l21(cat([mean(v15, dim = 1), mean(v18, dim = 1), mean(v20, dim = 1)], dim = 1))
        }
    }
}

case! { sequence24,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 1], [u32; 4], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 2, mode = "max", padding_idx = 1),
            l6: LSTM(1, 3, num_layers = 3, bias = false, bidirectional = true, proj_size = 2),
            l10: LSTM(1, 3, num_layers = 3, bias = false, bidirectional = true, proj_size = 2),
            l13: LSTM(2, 2, num_layers = 3, bias = false),
            l17: LSTM(4, 2, num_layers = 3, bias = false),
            l21: LSTM(4, 2, num_layers = 2, bidirectional = true, proj_size = 1),
            l25: LSTM(4, 2, num_layers = 2, bidirectional = true, proj_size = 1),
            l27: Linear(9, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, (s8, s9)) = l6(x);
            let (v11, _) = l10(v2, (s8, s9));
            let (v14, (s15, s16)) = l13(v4);
            let (v18, _) = l17(v7, (s15, s16));
            let v19 = v2 + v2;
            let (v22, (s23, s24)) = l21(v7);
            let (v26, _) = l25(v11, (s23, s24));
            l27(cat([mean(v14, dim = 1), mean(v18, dim = 1), mean(v19, dim = 1), mean(v22, dim = 1), mean(v26, dim = 1)], dim = 1))
        }
    }
}

case! { sequence25,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 3], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 3, mode = "mean", padding_idx = 1),
            l5: MultiheadAttention(3, 1, kdim = 3, vdim = 3),
            l9: Linear(12, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v6, _) = l5(x, x, x);
            let v7 = x - x;
            let v8 = cat([v2, v2], dim = 1);
            l9(cat([mean(v4, dim = 1), mean(v6, dim = 1), mean(v7, dim = 1), mean(v8, dim = 1)], dim = 1))
        }
    }
}

case! { sequence26,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 4], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 1, mode = "sum", padding_idx = 1),
            l6: GRUCell(4, 4),
            l10: LSTM(1, 3, bias = false),
            l12: Linear(8, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = v2 + v2;
            let s7 = l6(select(x, 1, 1), l6(select(x, 1, 0)));
            let v8 = unsqueeze(s7, 1);
            let (v11, _) = l10(v4);
            l12(cat([mean(v5, dim = 1), mean(v8, dim = 1), mean(v11, dim = 1)], dim = 1))
        }
    }
}

case! { sequence27,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 1, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "mean"),
            l6: LSTMCell(1, 1, bias = false),
            l13: LSTM(4, 3, bidirectional = true),
            l17: LSTM(2, 2, num_layers = 2, proj_size = 1),
            l21: LSTM(6, 2, num_layers = 2, proj_size = 1),
            l23: Linear(3, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = sigmoid(x);
            let (s7, s8) = l6(select(v2, 1, 0));
            let (s9, s8) = l6(select(v2, 1, 0), (s7, s8));
            let v10 = unsqueeze(s9 + s8, 1);
            let v11 = gelu(v4);
            let (v14, _) = l13(v5);
            let v15 = v10 * v2;
            let (v18, (s19, s20)) = l17(v11);
            let (v22, _) = l21(v14, (s19, s20));
            l23(cat([mean(v15, dim = 1), mean(v18, dim = 1), mean(v22, dim = 1)], dim = 1))
        }
    }
}

case! { sequence28,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 2], [u32; 4], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l7: LSTM(2, 2, num_layers = 2),
            l10: LSTMCell(2, 2, bias = false),
            l17: LSTM(2, 2, bias = false, proj_size = 1),
            l19: EmbeddingBag(5, 3, mode = "mean"),
            l21: Linear(8, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = tanh(v2);
            let (v8, _) = l7(x);
            let v9 = flip(v4, 1);
            let (s11, s12) = l10(select(v5, 1, 0));
            let (s13, s12) = l10(select(v5, 1, 3), (s11, s12));
            let v14 = unsqueeze(s13 + s12, 1);
            let v15 = flip(v8, 1);
            let (v18, _) = l17(v9);
            let v20 = l19(bags);
            l21(cat([mean(v14, dim = 1), mean(v15, dim = 1), mean(v18, dim = 1), mean(v20, dim = 1)], dim = 1))
        }
    }
}

case! { sequence29,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 1, mode = "mean", padding_idx = 1),
            l6: RNN(2, 1, bias = false),
            l8: RNN(2, 1, bias = false),
            l11: LSTM(3, 3, num_layers = 3, bidirectional = true),
            l15: LSTM(1, 3, num_layers = 3, bidirectional = true),
            l18: LSTM(1, 1),
            l22: LSTM(2, 1),
            l24: MultiheadAttention(1, 1, kdim = 1, vdim = 1),
            l27: Linear(15, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, s5) = l6(x);
            let (v9, _) = l8(x, s5);
            let (v12, (s13, s14)) = l11(v2);
            let (v16, _) = l15(v4, (s13, s14));
            let (v19, (s20, s21)) = l18(v7);
            let (v23, _) = l22(x, (s20, s21));
            let (v25, _) = l24(v4, v9, v9);
            let v26 = v12 * v12;
            l27(cat([mean(v16, dim = 1), mean(v19, dim = 1), mean(v23, dim = 1), mean(v25, dim = 1), mean(v26, dim = 1)], dim = 1))
        }
    }
}

case! { sequence30,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 3], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l5: LayerNorm(3, eps = 0.1),
            l9: LSTM(2, 3, num_layers = 2, bidirectional = true),
            l13: LSTM(2, 3, num_layers = 2, bidirectional = true),
            l16: LSTMCell(2, 2, bias = false),
            l21: Linear(17, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(x);
            let v7 = tanh(v2);
            let (v10, (s11, s12)) = l9(v4);
            let (v14, _) = l13(v2, (s11, s12));
            let v15 = x * v6;
            let (s17, s18) = l16(select(v7, 1, 0));
            let (s19, s18) = l16(select(v7, 1, 0), (s17, s18));
            let v20 = unsqueeze(s19 + s18, 1);
            l21(cat([mean(v10, dim = 1), mean(v14, dim = 1), mean(v15, dim = 1), mean(v20, dim = 1)], dim = 1))
        }
    }
}

case! { sequence31,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 4], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 2, mode = "sum"),
            l6: LSTM(4, 2, num_layers = 2, bias = false, bidirectional = true, proj_size = 1),
            l10: LSTM(2, 2, num_layers = 2, bias = false, bidirectional = true, proj_size = 1),
            l12: EmbeddingBag(5, 3, mode = "sum", padding_idx = 1),
            l14: LayerNorm(2, eps = 0.1),
            l17: LSTM(2, 1, bidirectional = true),
            l21: LSTM(2, 1, bidirectional = true),
            l23: EmbeddingBag(5, 2, mode = "sum"),
            l26: LSTM(2, 1, num_layers = 3),
            l29: RNN(2, 2, num_layers = 2, bias = false),
            l31: Linear(12, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, (s8, s9)) = l6(x);
            let (v11, _) = l10(v7, (s8, s9));
            let v13 = l12(bags);
            let v15 = l14(v2);
            let (v18, (s19, s20)) = l17(v4);
            let (v22, _) = l21(v18, (s19, s20));
            let v24 = l23(bags);
            let (v27, _) = l26(v11);
            let (v30, _) = l29(v11);
            l31(cat([mean(v13, dim = 1), mean(v15, dim = 1), mean(v22, dim = 1), mean(v24, dim = 1), mean(v27, dim = 1), mean(v30, dim = 1)], dim = 1))
        }
    }
}

case! { sequence32,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "sum", padding_idx = 1),
            l5: Linear(2, 2),
            l9: LSTM(1, 1, num_layers = 3, bias = false),
            l13: LSTM(2, 1, num_layers = 3, bias = false),
            l15: LSTMCell(2, 4),
            l22: GRUCell(2, 1),
            l26: LSTM(4, 1, num_layers = 3, bidirectional = true),
            l28: Linear(6, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v6 = l5(x);
            let v7 = v2 - v2;
            let (v10, (s11, s12)) = l9(v4);
            let (v14, _) = l13(v6, (s11, s12));
            let (s16, s17) = l15(select(v7, 1, 0));
            let (s18, s17) = l15(select(v7, 1, 3), (s16, s17));
            let v19 = unsqueeze(s18 + s17, 1);
            let v20 = v6 + x;
            let v21 = cat([v10, v14], dim = 1);
            let s23 = l22(select(v2, 1, 3), l22(select(v2, 1, 0)));
            let v24 = unsqueeze(s23, 1);
            let (v27, _) = l26(v19);
            l28(cat([mean(v20, dim = 1), mean(v21, dim = 1), mean(v24, dim = 1), mean(v27, dim = 1)], dim = 1))
        }
    }
}

case! { sequence33,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 1], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 2, mode = "sum"),
            l9: GRUCell(2, 4, bias = false),
            l12: Linear(7, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x * x;
            let v6 = v2 - v2;
            let v7 = flip(v4, 1);
            let v8 = cat([v5, x], dim = 1);
            let s10 = l9(select(v6, 1, 0), l9(select(v6, 1, 0)));
            let v11 = unsqueeze(s10, 1);
            l12(cat([mean(v7, dim = 1), mean(v8, dim = 1), mean(v11, dim = 1)], dim = 1))
        }
    }
}

case! { sequence34,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 3], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "max"),
            l6: LSTM(3, 3),
            l10: LSTM(2, 3),
            l12: MultiheadAttention(1, 1, kdim = 3, vdim = 3),
            l14: MultiheadAttention(3, 1, kdim = 3, vdim = 3),
            l17: LSTM(1, 2, bias = false),
            l21: LSTM(3, 2, bias = false),
            l23: MultiheadAttention(2, 1, kdim = 2, vdim = 2),
            l25: Linear(2, 3),
            l28: Linear(5, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, (s8, s9)) = l6(x);
            let (v11, _) = l10(v2, (s8, s9));
            let (v13, _) = l12(v4, v11, v11);
            let (v15, _) = l14(v7, v7, v7);
            let (v18, (s19, s20)) = l17(v13);
            let (v22, _) = l21(v15, (s19, s20));
            let (v24, _) = l23(v18, v22, v22);
            let v26 = l25(v24);
            let v27 = flip(v2, 1);
            l28(cat([mean(v26, dim = 1), mean(v27, dim = 1)], dim = 1))
        }
    }
}

case! { sequence35,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 3], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 3, mode = "sum", padding_idx = 1),
            l6: EmbeddingBag(5, 2, mode = "max"),
            l8: Linear(2, 1),
            l11: RNN(3, 1, num_layers = 3, bias = false),
            l14: Linear(9, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = cat([v2, v2], dim = 1);
            let v7 = l6(bags);
            let v9 = l8(v2);
            let (v12, _) = l11(x);
            let v13 = cat([v4, x], dim = 1);
            l14(cat([mean(v5, dim = 1), mean(v7, dim = 1), mean(v9, dim = 1), mean(v12, dim = 1), mean(v13, dim = 1)], dim = 1))
        }
    }
}

case! { sequence36,
    network! {
        #[element(f64)]
        pub struct Net: ([3, 1], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 1),
            l3: EmbeddingBag(5, 1, mode = "sum", padding_idx = 1),
            l5: GRUCell(1, 2, bias = false),
            l9: LSTM(1, 3, num_layers = 3, bias = false, bidirectional = true),
            l13: EmbeddingBag(5, 2, mode = "max", padding_idx = 1),
            l17: Linear(9, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let s6 = l5(select(x, 1, 2), l5(select(x, 1, 0)));
            let v7 = unsqueeze(s6, 1);
            let (v10, _) = l9(v2);
            let v11 = v4 - v2;
            let v12 = flip(v7, 1);
            let v14 = l13(bags);
            let v15 = v12 - v14;
            let v16 = flip(v10, 1);
            l17(cat([mean(v11, dim = 1), mean(v15, dim = 1), mean(v16, dim = 1)], dim = 1))
        }
    }
}

case! { sequence37,
    network! {
        #[element(f64)]
        pub struct Net: ([5, 1], [u32; 1], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 2),
            l3: EmbeddingBag(5, 1, mode = "sum"),
            l6: Linear(2, 4),
            l8: EmbeddingBag(5, 3, mode = "mean", padding_idx = 1),
            l11: LSTM(1, 2, num_layers = 2, bidirectional = true, proj_size = 1),
            l15: LSTM(1, 2, num_layers = 2, bidirectional = true, proj_size = 1),
            l18: Linear(12, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let v5 = x + x;
            let v7 = l6(v2);
            let v9 = l8(bags);
            let (v12, (s13, s14)) = l11(v4);
            let (v16, _) = l15(v4, (s13, s14));
            let v17 = tanh(v5);
            l18(cat([mean(v7, dim = 1), mean(v9, dim = 1), mean(v12, dim = 1), mean(v16, dim = 1), mean(v17, dim = 1)], dim = 1))
        }
    }
}

case! { sequence38,
    network! {
        #[element(f64)]
        pub struct Net: ([2, 1], [u32; 1], [[u32; 2]; 3]) -> [3] {
            l1: Embedding(5, 3),
            l3: EmbeddingBag(5, 2, mode = "mean", padding_idx = 1),
            l6: LSTM(2, 2, num_layers = 2, proj_size = 1),
            l9: EmbeddingBag(5, 2, mode = "sum"),
            l11: MultiheadAttention(3, 1, kdim = 1, vdim = 1),
            l13: EmbeddingBag(5, 2, mode = "max"),
            l15: EmbeddingBag(5, 3, mode = "mean"),
            l17: MultiheadAttention(1, 1, kdim = 3, vdim = 3),
            l19: Linear(11, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(v4);
            let v8 = flip(x, 1);
            let v10 = l9(bags);
            let (v12, _) = l11(v2, v8, v8);
            let v14 = l13(bags);
            let v16 = l15(bags);
            let (v18, _) = l17(v7, v2, v2);
            l19(cat([mean(v10, dim = 1), mean(v12, dim = 1), mean(v14, dim = 1), mean(v16, dim = 1), mean(v18, dim = 1)], dim = 1))
        }
    }
}

case! { sequence39,
    network! {
        #[element(f64)]
        pub struct Net: ([1, 2], [u32; 4], [[u32; 2]; 1]) -> [3] {
            l1: Embedding(5, 3, padding_idx = 4),
            l3: EmbeddingBag(5, 2, mode = "sum"),
            l6: LSTM(2, 2, num_layers = 2, bidirectional = true, proj_size = 1),
            l9: RNN(3, 2, bias = false),
            l12: LSTM(2, 3, num_layers = 3, bias = false, bidirectional = true),
            l16: LSTM(2, 3, num_layers = 3, bias = false, bidirectional = true),
            l18: EmbeddingBag(5, 2, mode = "max", padding_idx = 1),
            l20: Linear(16, 3),
        }
        forward(x, words, bags) {
            let v2 = l1(words);
            let v4 = l3(bags);
            let (v7, _) = l6(x);
            let (v10, _) = l9(v2);
            let (v13, (s14, s15)) = l12(v4);
            let (v17, _) = l16(v7, (s14, s15));
            let v19 = l18(bags);
            l20(cat([mean(v10, dim = 1), mean(v13, dim = 1), mean(v17, dim = 1), mean(v19, dim = 1)], dim = 1))
        }
    }
}

//! Random networks. Written by generate.py: change that, not this.

case! { random0,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 3] -> [3] {
            l1: Conv2d(4, 6, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l4: AvgPool2d(2, stride = 1),
            l6: Conv2d(6, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l10: ConvTranspose2d(6, 2, 2, stride = 1),
            l12: Conv2d(1, 2, 2, stride = 2, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l14: Conv2d(6, 6, 3, padding = 1),
            l17: Linear(10, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = sigmoid(v2);
            let v5 = l4(x);
            let v7 = l6(v3);
            let v8 = pixel_shuffle(v5, 2);
            let v9 = gelu(v2);
            let v11 = l10(v7);
            let v13 = l12(v8);
            let v15 = l14(v9);
            let v16 = l14(tanh(v15));
            l17(cat([mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random1,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 3] -> [3] {
            l2: GroupNorm(1, 1, 0.1),
            l5: Conv2d(1, 6, 3, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l7: ConvTranspose2d(1, 2, 2, stride = 1),
            l9: LocalResponseNorm(3, 0.5),
            l11: Conv2d(2, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l15: Linear(8, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v3 = l2(v1);
            let v4 = tanh(v3);
            let v6 = l5(v4);
            let v8 = l7(v3);
            let v10 = l9(v6);
            let v12 = l11(v8);
            let v13 = transpose(v10, 2, 3);
            let v14 = 1.5 - v12;
            l15(cat([mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random2,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 3] -> [3] {
            l3: AvgPool2d(2, stride = 1),
            l7: Linear(8, 3),
        }
        forward(x) {
            let v1 = x * x;
            let v2 = transpose(v1, 2, 3);
            let v4 = l3(v2);
            let v5 = v4 + v4;
            let v6 = interpolate(v4, size = (5, 4), mode = "nearest");
            l7(cat([mean(v5, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random3,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 4] -> [3] {
            l1: MultiheadAttention(20, 1, add_bias_kv = true, kdim = 20, vdim = 20),
            l10: BatchNorm2d(2),
            l12: Conv2d(2, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l14: Conv2d(6, 6, 3, padding = 1),
            l18: MultiheadAttention(20, 1, bias = false, kdim = 42, vdim = 42),
            l23: LocalResponseNorm(3, 0.5),
            l25: Linear(6, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3);
            let v5 = unflatten(v4, 2, (5, 4));
            let v6 = pad(v5, (1, -1, 0, 0), mode = "constant");
            let v7 = glu(v6, dim = 1);
            let v8 = channel_shuffle(v7, 2);
            let v9 = v8 * 0.5;
            let v11 = l10(v9);
            let v13 = l12(v11);
            let v15 = l14(v13);
            let v16 = l14(tanh(v15));
            let v17 = sigmoid(v16);
            let v19 = flatten(v7, 2);
            let v20 = flatten(v17, 2);
            let (v21, _) = l18(v19, v20, v20, need_weights = false);
            let v22 = unflatten(v21, 2, (5, 4));
            let v24 = l23(v6);
            l25(cat([mean(v22, dim = (2, 3)), mean(v24, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random4,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 4] -> [3] {
            l2: BatchNorm2d(4),
            l4: Conv2d(4, 6, 1, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l6: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l8: Conv2d(4, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l10: Conv2d(4, 6, 2, stride = 1, padding = 1, groups = 1, padding_mode = "circular"),
            l12: AvgPool2d(2, stride = 1),
            l14: Linear(22, 3),
        }
        forward(x) {
            let v1 = tanh(x);
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v7 = l6(v3);
            let v9 = l8(v3);
            let v11 = l10(v1);
            let v13 = l12(v5);
            l14(cat([mean(v7, dim = (2, 3)), mean(v9, dim = (2, 3)), mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random5,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l1: RMSNorm((4, 7, 8), 0.1),
            l7: ConvTranspose2d(4, 3, 2, stride = 1),
            l9: Conv2d(3, 3, 3, padding = 1),
            l15: Linear(9, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = pixel_shuffle(v2, 2);
            let v4 = pad(v3, (0, 0, -1, -1), mode = "constant");
            let v5 = v3 + v3;
            let v6 = v4 * v4;
            let v8 = l7(v2);
            let v10 = l9(v8);
            let v11 = l9(tanh(v10));
            let v12 = pixel_unshuffle(v5, 2);
            let v13 = v5 * v5;
            let v14 = pad(v6, (0, 1, 0, 1), mode = "constant");
            l15(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random6,
    network! {
        #[element(f64)]
        pub struct Net: [3, 3, 2] -> [3] {
            l2: Conv2d(3, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate"),
            l4: Conv2d(2, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l6: Conv2d(4, 4, 3, padding = 1),
            l14: LayerNorm((4, 3), 0.1, bias = false),
            l16: Linear(6, 3),
        }
        forward(x) {
            let v1 = interpolate(x, size = (5, 3), mode = "area");
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v7 = l6(v5);
            let v8 = l6(tanh(v7));
            let v9 = -v8;
            let v10 = glu(v9, dim = 1);
            let v11 = sigmoid(v10);
            let v12 = channel_shuffle(v11, 2);
            let v13 = transpose(v5, 2, 3);
            let v15 = l14(v12);
            l16(cat([mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random7,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: Conv2d(1, 6, 2, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l6: Conv2d(6, 6, 2, stride = 2, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l8: AvgPool2d(2, stride = 1),
            l11: Linear(7, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = transpose(x, 2, 3);
            let v7 = l6(v4);
            let v9 = l8(v5);
            let v10 = v7 * 0.5;
            l11(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random8,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 4] -> [3] {
            l1: Conv2d(4, 6, 1, stride = 2, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l4: Conv2d(6, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l6: BatchNorm2d(6),
            l8: AvgPool2d(2, stride = 1),
            l10: Linear(16, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * v2;
            let v5 = l4(v3);
            let v7 = l6(v3);
            let v9 = l8(x);
            l10(cat([mean(v5, dim = (2, 3)), mean(v7, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random9,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l4: MultiheadAttention(12, 3, add_bias_kv = true, kdim = 12, vdim = 12),
            l9: Linear(2, 3),
        }
        forward(x) {
            let v1 = interpolate(x, size = (2, 6), mode = "nearest-exact");
            let v2 = tanh(v1);
            let v3 = tanh(v2);
            let v5 = flatten(v3, 2);
            let v6 = flatten(v1, 2);
            let (v7, _) = l4(v5, v6, v6, need_weights = false);
            let v8 = unflatten(v7, 2, (2, 6));
            l9(mean(v8, dim = (2, 3)))
        }
    }
}

case! { random10,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l3: ConvTranspose2d(2, 3, 2, stride = 1),
            l6: Conv2d(3, 3, 3, padding = 1),
            l11: BatchNorm2d(4),
            l15: Linear(9, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v2 = transpose(x, 2, 3);
            let v4 = l3(v2);
            let v5 = interpolate(v1, size = (4, 6), mode = "nearest-exact");
            let v7 = l6(v4);
            let v8 = l6(tanh(v7));
            let v9 = cat([v5, v5], dim = 1);
            let v10 = interpolate(v8, size = (5, 4), mode = "nearest-exact");
            let v12 = l11(v9);
            let v13 = tanh(x);
            let v14 = transpose(v10, 2, 3);
            l15(cat([mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random11,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 4] -> [3] {
            l2: MultiheadAttention(20, 1, add_zero_attn = true, kdim = 20, vdim = 20),
            l8: ConvTranspose2d(3, 1, 2, stride = 1),
            l14: BatchNorm2d(3),
            l16: Conv2d(3, 2, 2, stride = 1, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l18: Linear(9, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v3 = flatten(v1, 2);
            let v4 = flatten(x, 2);
            let (v5, _) = l2(v3, v4, v4, need_weights = false);
            let v6 = unflatten(v5, 2, (5, 4));
            let v7 = v6 * v1;
            let v9 = l8(v7);
            let v10 = transpose(v6, 2, 3);
            let v11 = pad(v7, (-1, 1, -1, 1), mode = "replicate");
            let v12 = interpolate(v9, size = (5, 6), mode = "nearest");
            let v13 = v7 - v6;
            let v15 = l14(v10);
            let v17 = l16(v11);
            l18(cat([mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3)), mean(v17, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random12,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 3] -> [3] {
            l3: LocalResponseNorm(3, 0.5),
            l6: MultiheadAttention(12, 1, add_zero_attn = true, kdim = 12, vdim = 12),
            l12: Conv2d(3, 3, 3, padding = 1),
            l15: BatchNorm2d(6),
            l17: ConvTranspose2d(3, 2, 2, stride = 1),
            l19: Linear(11, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v2 = v1 * v1;
            let v4 = l3(v2);
            let v5 = transpose(v4, 2, 3);
            let v7 = flatten(v4, 2);
            let v8 = flatten(v5, 2);
            let (v9, _) = l6(v7, v8, v8, is_causal = true);
            let v10 = unflatten(v9, 2, (4, 3));
            let v11 = cat([v1, v10], dim = 1);
            let v13 = l12(v5);
            let v14 = l12(tanh(v13));
            let v16 = l15(v11);
            let v18 = l17(x);
            l19(cat([mean(v14, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random13,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 6] -> [3] {
            l1: LayerNorm(6, eps = 0.1),
            l3: Conv2d(4, 4, 3, padding = 1),
            l7: LayerNorm(6, eps = 0.1),
            l11: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = l3(tanh(v4));
            let v6 = v5 + v4;
            let v8 = l7(v6);
            let v9 = gelu(v8);
            let v10 = sigmoid(v9);
            l11(mean(v10, dim = (2, 3)))
        }
    }
}

case! { random14,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l2: GroupNorm(1, 1, 0.1),
            l5: Conv2d(1, 2, 2, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l7: Linear(3, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v3 = l2(v1);
            let v4 = pad(v3, (1, 0, 1, 0), mode = "constant");
            let v6 = l5(v1);
            l7(cat([mean(v4, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random15,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 5] -> [3] {
            l2: LocalResponseNorm(3, 0.5),
            l5: AvgPool2d(2, stride = 1),
            l7: Conv2d(1, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l11: BatchNorm2d(4),
            l14: Linear(8, 3),
        }
        forward(x) {
            let v1 = x - x;
            let v3 = l2(x);
            let v4 = transpose(v1, 2, 3);
            let v6 = l5(v3);
            let v8 = l7(v4);
            let v9 = pixel_unshuffle(v6, 2);
            let v10 = -v8;
            let v12 = l11(v9);
            let v13 = tanh(v12);
            l14(cat([mean(v10, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random16,
    network! {
        #[element(f64)]
        pub struct Net: [3, 7, 8] -> [3] {
            l3: LayerNorm((9, 9), 0.1, bias = false),
            l5: ConvTranspose2d(3, 2, 2, stride = 1),
            l11: Linear(6, 3),
        }
        forward(x) {
            let v1 = normalize(x, p = 2.0, dim = 1);
            let v2 = pad(v1, (1, 0, 1, 1), mode = "circular");
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = v6 / 2.0;
            let v8 = cat([v7, v7], dim = 1);
            let v9 = v7 + v7;
            let v10 = gelu(v8);
            l11(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random17,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l5: Conv2d(8, 2, 2, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l7: Linear(6, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = x - x;
            let v3 = interpolate(v1, size = (5, 4), mode = "area");
            let v4 = -v2;
            let v6 = l5(v3);
            l7(cat([mean(v4, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random18,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: AvgPool2d(2, stride = 1),
            l6: BatchNorm2d(4),
            l8: Conv2d(4, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "replicate"),
            l10: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(x);
            let v5 = interpolate(v2, size = (2, 3), mode = "bicubic");
            let v7 = l6(v4);
            let v9 = l8(v5);
            l10(cat([mean(v7, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random19,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 4] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l4: AvgPool2d(2, stride = 1),
            l6: Linear(1, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 - v2;
            let v5 = l4(v3);
            l6(mean(v5, dim = (2, 3)))
        }
    }
}

case! { random20,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: GroupNorm(1, 1, 0.1),
            l5: BatchNorm2d(1),
            l8: Conv2d(1, 1, 3, padding = 1),
            l13: Linear(2, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 - v2;
            let v4 = transpose(v3, 2, 3);
            let v6 = l5(v4);
            let v7 = pad(v6, (1, 1, -1, -1), mode = "reflect");
            let v9 = l8(v6);
            let v10 = l8(tanh(v9));
            let v11 = v7 + v7;
            let v12 = v10 / 2.0;
            l13(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random21,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 4] -> [3] {
            l1: RMSNorm((2, 4, 4), 0.1),
            l3: ConvTranspose2d(2, 2, 2, stride = 1),
            l7: LayerNorm(5, eps = 0.1),
            l9: AvgPool2d(2, stride = 1),
            l11: Conv2d(1, 1, 3, padding = 1),
            l14: MultiheadAttention(16, 1, add_zero_attn = true, kdim = 16, vdim = 16),
            l19: RMSNorm((1, 4, 4), 0.1),
            l22: Linear(3, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = v4 - v4;
            let v6 = glu(v5, dim = 1);
            let v8 = l7(v6);
            let v10 = l9(v8);
            let v12 = l11(v10);
            let v13 = l11(tanh(v12));
            let v15 = flatten(v13, 2);
            let v16 = flatten(x, 2);
            let (v17, _) = l14(v15, v16, v16, need_weights = false);
            let v18 = unflatten(v17, 2, (4, 4));
            let v20 = l19(v18);
            let v21 = -v4;
            l22(cat([mean(v20, dim = (2, 3)), mean(v21, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random22,
    network! {
        #[element(f64)]
        pub struct Net: [2, 7, 8] -> [3] {
            l1: Conv2d(2, 6, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l4: BatchNorm2d(6),
            l6: MultiheadAttention(56, 1, add_bias_kv = true, kdim = 56, vdim = 56),
            l11: LocalResponseNorm(3, 0.5),
            l14: ConvTranspose2d(6, 3, 2, stride = 1),
            l17: Conv2d(6, 6, 2, stride = 2, padding = 1, groups = 2, padding_mode = "replicate", bias = false),
            l19: Linear(21, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 + v2;
            let v5 = l4(v3);
            let v7 = flatten(v2, 2);
            let v8 = flatten(v2, 2);
            let (v9, _) = l6(v7, v8, v8, is_causal = true);
            let v10 = unflatten(v9, 2, (7, 8));
            let v12 = l11(v5);
            let v13 = pad(v10, (1, 0, 1, -1), mode = "constant");
            let v15 = l14(v2);
            let v16 = interpolate(v12, size = (2, 3), mode = "bicubic");
            let v18 = l17(v12);
            l19(cat([mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random23,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 7] -> [3] {
            l6: ConvTranspose2d(2, 1, 2, stride = 1),
            l8: Linear(3, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v2 = glu(v1, dim = 1);
            let v3 = cat([v1, v1], dim = 1);
            let v4 = transpose(v2, 2, 3);
            let v5 = pixel_shuffle(v3, 2);
            let v7 = l6(v4);
            l8(cat([mean(v5, dim = (2, 3)), mean(v7, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random24,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l2: ConvTranspose2d(1, 2, 2, stride = 1),
            l4: ConvTranspose2d(1, 2, 2, stride = 1),
            l7: Conv2d(1, 2, 3, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l11: InstanceNorm2d(2, 0.1, affine = true),
            l14: Linear(7, 3),
        }
        forward(x) {
            let v1 = interpolate(x, size = (5, 4), mode = "bilinear", align_corners = true);
            let v3 = l2(x);
            let v5 = l4(v1);
            let v6 = pad(v3, (1, 0, 1, 1), mode = "constant");
            let v8 = l7(x);
            let v9 = sigmoid(v5);
            let v10 = v6 + v6;
            let v12 = l11(v8);
            let v13 = transpose(x, 2, 3);
            l14(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random25,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 2] -> [3] {
            l3: BatchNorm2d(4),
            l5: Conv2d(4, 4, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l10: Linear(4, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = v1 / 2.0;
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = interpolate(v6, size = (4, 3), mode = "nearest");
            let v8 = v7 / 2.0;
            let v9 = transpose(v8, 2, 3);
            l10(mean(v9, dim = (2, 3)))
        }
    }
}

case! { random26,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l2: ConvTranspose2d(1, 2, 2, stride = 1),
            l6: InstanceNorm2d(2, 0.1, affine = true),
            l8: MultiheadAttention(64, 2, add_bias_kv = true, kdim = 49, vdim = 49),
            l13: Conv2d(2, 2, 3, padding = 1),
            l17: Linear(4, 3),
        }
        forward(x) {
            let v1 = x - x;
            let v3 = l2(v1);
            let v4 = v3 * v3;
            let v5 = v3 + v3;
            let v7 = l6(v4);
            let v9 = flatten(v5, 2);
            let v10 = flatten(v1, 2);
            let (v11, _) = l8(v9, v10, v10);
            let v12 = unflatten(v11, 2, (8, 8));
            let v14 = l13(v7);
            let v15 = l13(tanh(v14));
            let v16 = v12 / 2.0;
            l17(cat([mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random27,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 2] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: GroupNorm(1, 1, 0.1),
            l7: Conv2d(1, 6, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l10: GroupNorm(1, 6, 0.1),
            l12: BatchNorm2d(1),
            l15: Conv2d(1, 1, 3, padding = 1),
            l18: MultiheadAttention(12, 2, kdim = 6, vdim = 6),
            l23: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = interpolate(v4, size = (5, 6), mode = "bilinear", align_corners = true);
            let v6 = x * x;
            let v8 = l7(x);
            let v9 = interpolate(v5, size = (4, 3), mode = "bicubic", align_corners = true);
            let v11 = l10(v8);
            let v13 = l12(v4);
            let v14 = v13 + v2;
            let v16 = l15(v6);
            let v17 = l15(tanh(v16));
            let v19 = flatten(v9, 2);
            let v20 = flatten(v17, 2);
            let (v21, _) = l18(v19, v20, v20);
            let v22 = unflatten(v21, 2, (4, 3));
            l23(cat([mean(v11, dim = (2, 3)), mean(v14, dim = (2, 3)), mean(v22, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random28,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l2: Conv2d(4, 4, 3, padding = 1),
            l5: Conv2d(4, 6, 1, stride = 1, padding = 0, groups = 2, padding_mode = "zeros"),
            l11: LayerNorm(8, eps = 0.1),
            l13: Linear(18, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v3 = l2(x);
            let v4 = l2(tanh(v3));
            let v6 = l5(v1);
            let v7 = 1.5 - x;
            let v8 = cat([v4, v1], dim = 1);
            let v9 = interpolate(v6, size = (5, 4), mode = "nearest");
            let v10 = v7 * 0.5;
            let v12 = l11(v8);
            l13(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random29,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 5] -> [3] {
            l6: RMSNorm((6, 4, 6), 0.1),
            l8: BatchNorm2d(6),
            l10: RMSNorm((6, 4, 6), 0.1),
            l13: InstanceNorm2d(12, 0.1, affine = true),
            l15: Linear(12, 3),
        }
        forward(x) {
            let v1 = x - x;
            let v2 = cat([v1, v1], dim = 1);
            let v3 = v2 * 0.5;
            let v4 = pad(v3, (1, 0, -1, 1), mode = "constant");
            let v5 = 1.5 - v4;
            let v7 = l6(v5);
            let v9 = l8(v7);
            let v11 = l10(v9);
            let v12 = cat([v11, v11], dim = 1);
            let v14 = l13(v12);
            l15(mean(v14, dim = (2, 3)))
        }
    }
}

case! { random30,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 8] -> [3] {
            l3: BatchNorm2d(1),
            l7: Linear(2, 3),
        }
        forward(x) {
            let v1 = interpolate(x, size = (2, 4), mode = "nearest-exact");
            let v2 = gelu(v1);
            let v4 = l3(v2);
            let v5 = v2 * v2;
            let v6 = v4 - v4;
            l7(cat([mean(v5, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random31,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: Conv2d(1, 6, 2, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l4: GroupNorm(1, 1, 0.1),
            l12: Linear(14, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = pad(x, (-1, -1, -1, 1), mode = "constant");
            let v5 = l4(x);
            let v6 = 1.5 - v2;
            let v7 = interpolate(v3, size = (5, 4), mode = "area");
            let v8 = transpose(v5, 2, 3);
            let v9 = cat([v6, v6], dim = 1);
            let v10 = pad(v7, (-1, 0, -1, -1), mode = "replicate");
            let v11 = pad(v8, (1, -1, 0, 1), mode = "replicate");
            l12(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v11, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random32,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l3: Conv2d(4, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "replicate"),
            l5: Conv2d(4, 4, 3, stride = 1, padding = 0, groups = 1, padding_mode = "replicate"),
            l8: AvgPool2d(2, stride = 1),
            l10: BatchNorm2d(4),
            l14: Linear(10, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v2 = sigmoid(v1);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = transpose(x, 2, 3);
            let v9 = l8(v6);
            let v11 = l10(x);
            let v12 = v7 / 2.0;
            let v13 = glu(v9, dim = 1);
            l14(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random33,
    network! {
        #[element(f64)]
        pub struct Net: [2, 5, 5] -> [3] {
            l2: AvgPool2d(2, stride = 1),
            l4: Conv2d(1, 1, 3, padding = 1),
            l8: Conv2d(1, 1, 3, padding = 1),
            l11: Linear(1, 3),
        }
        forward(x) {
            let v1 = glu(x, dim = 1);
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v6 = l4(tanh(v5));
            let v7 = tanh(v6);
            let v9 = l8(v7);
            let v10 = l8(tanh(v9));
            l11(mean(v10, dim = (2, 3)))
        }
    }
}

case! { random34,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 2] -> [3] {
            l1: Conv2d(1, 1, 3, padding = 1),
            l4: Conv2d(1, 1, 3, padding = 1),
            l9: MultiheadAttention(6, 1, kdim = 6, vdim = 6),
            l14: Linear(3, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v5 = l4(x);
            let v6 = l4(tanh(v5));
            let v7 = tanh(v3);
            let v8 = gelu(v6);
            let v10 = flatten(v5, 2);
            let v11 = flatten(v5, 2);
            let (v12, _) = l9(v10, v11, v11);
            let v13 = unflatten(v12, 2, (3, 2));
            l14(cat([mean(v7, dim = (2, 3)), mean(v8, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random35,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 4] -> [3] {
            l1: Conv2d(4, 2, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l4: AvgPool2d(2, stride = 1),
            l6: Conv2d(2, 2, 3, padding = 1),
            l11: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 / 2.0;
            let v5 = l4(v3);
            let v7 = l6(v5);
            let v8 = l6(tanh(v7));
            let v9 = pad(v2, (1, 1, 1, 0), mode = "constant");
            let v10 = tanh(v8);
            l11(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random36,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 4] -> [3] {
            l1: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l4: Conv2d(4, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l6: Conv2d(6, 2, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l8: Conv2d(2, 2, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l10: Linear(2, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = pad(v2, (-1, 1, 1, -1), mode = "constant");
            let v5 = l4(v3);
            let v7 = l6(v5);
            let v9 = l8(v7);
            l10(mean(v9, dim = (2, 3)))
        }
    }
}

case! { random37,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 8] -> [3] {
            l1: ConvTranspose2d(1, 2, 2, stride = 1),
            l4: Conv2d(2, 6, 1, stride = 2, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l6: Conv2d(2, 2, 2, stride = 2, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l11: MultiheadAttention(72, 2, add_zero_attn = true, kdim = 16, vdim = 16),
            l16: LayerNorm((8, 9), 0.1, bias = false),
            l18: LayerNorm((4, 5), 0.1, bias = false),
            l21: Linear(24, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * v2;
            let v5 = l4(v3);
            let v7 = l6(v3);
            let v8 = cat([v5, v5], dim = 1);
            let v9 = sigmoid(v7);
            let v10 = transpose(v5, 2, 3);
            let v12 = flatten(v2, 2);
            let v13 = flatten(v7, 2);
            let (v14, _) = l11(v12, v13, v13, is_causal = true);
            let v15 = unflatten(v14, 2, (8, 9));
            let v17 = l16(v2);
            let v19 = l18(v8);
            let v20 = pad(v17, (0, 1, 0, 1), mode = "constant");
            l21(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v15, dim = (2, 3)), mean(v19, dim = (2, 3)), mean(v20, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random38,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: ConvTranspose2d(1, 1, 2, stride = 1),
            l3: MultiheadAttention(9, 1, add_bias_kv = true, kdim = 9, vdim = 9),
            l8: Conv2d(1, 2, 3, stride = 2, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l11: AvgPool2d(2, stride = 1),
            l13: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = flatten(x, 2);
            let v5 = flatten(x, 2);
            let (v6, _) = l3(v4, v5, v5, is_causal = true);
            let v7 = unflatten(v6, 2, (3, 3));
            let v9 = l8(v7);
            let v10 = pad(x, (-1, 1, 0, -1), mode = "reflect");
            let v12 = l11(v2);
            l13(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random39,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 5] -> [3] {
            l1: Conv2d(2, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l3: ConvTranspose2d(2, 3, 2, stride = 1),
            l7: MultiheadAttention(20, 2, kdim = 20, vdim = 20),
            l12: Linear(7, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(x);
            let v5 = interpolate(v2, size = (5, 4), mode = "nearest");
            let v6 = transpose(v4, 2, 3);
            let v8 = flatten(v5, 2);
            let v9 = flatten(v2, 2);
            let (v10, _) = l7(v8, v9, v9, is_causal = true);
            let v11 = unflatten(v10, 2, (5, 4));
            l12(cat([mean(v6, dim = (2, 3)), mean(v11, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random40,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 5] -> [3] {
            l4: Conv2d(6, 6, 3, padding = 1),
            l10: Linear(18, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = v1 * v1;
            let v3 = gelu(v2);
            let v5 = l4(v1);
            let v6 = l4(tanh(v5));
            let v7 = cat([v3, v5], dim = 1);
            let v8 = v6 - v1;
            let v9 = cat([v7, v8], dim = 1);
            l10(mean(v9, dim = (2, 3)))
        }
    }
}

case! { random41,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 4] -> [3] {
            l1: Conv2d(4, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l3: MultiheadAttention(16, 2, kdim = 16, vdim = 16),
            l9: GroupNorm(1, 2, 0.1),
            l11: Conv2d(2, 4, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l15: ConvTranspose2d(4, 1, 2, stride = 1),
            l17: LocalResponseNorm(3, 0.5),
            l19: Linear(5, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = flatten(v2, 2);
            let v5 = flatten(x, 2);
            let (v6, _) = l3(v4, v5, v5, is_causal = true);
            let v7 = unflatten(v6, 2, (4, 4));
            let v8 = interpolate(v7, size = (2, 6), mode = "area");
            let v10 = l9(v8);
            let v12 = l11(v10);
            let v13 = tanh(v12);
            let v14 = v13 * v13;
            let v16 = l15(v12);
            let v18 = l17(v14);
            l19(cat([mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random42,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 4] -> [3] {
            l5: Linear(2, 3),
        }
        forward(x) {
            let v1 = -x;
            let v2 = v1 + v1;
            let v3 = -v2;
            let v4 = v3 - x;
            l5(mean(v4, dim = (2, 3)))
        }
    }
}

case! { random43,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 5] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l8: Conv2d(3, 6, 3, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l10: Linear(12, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = x * x;
            let v4 = v2 - v2;
            let v5 = transpose(v2, 2, 3);
            let v6 = normalize(v3, p = 2.0, dim = 1);
            let v7 = v3 + v6;
            let v9 = l8(v4);
            l10(cat([mean(v5, dim = (2, 3)), mean(v7, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random44,
    network! {
        #[element(f64)]
        pub struct Net: [2, 5, 5] -> [3] {
            l1: LayerNorm((5, 5), 0.1, bias = false),
            l7: MultiheadAttention(12, 1, bias = false, kdim = 25, vdim = 25),
            l14: AvgPool2d(2, stride = 1),
            l17: Linear(1, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = channel_shuffle(v2, 2);
            let v4 = interpolate(v3, size = (4, 3), mode = "area");
            let v5 = gelu(v4);
            let v6 = v5 * v5;
            let v8 = flatten(v6, 2);
            let v9 = flatten(v2, 2);
            let (v10, _) = l7(v8, v9, v9, is_causal = true);
            let v11 = unflatten(v10, 2, (4, 3));
            let v12 = glu(v11, dim = 1);
            let v13 = sigmoid(v12);
            let v15 = l14(v13);
            let v16 = transpose(v15, 2, 3);
            l17(mean(v16, dim = (2, 3)))
        }
    }
}

case! { random45,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l1: ConvTranspose2d(1, 2, 2, stride = 1),
            l4: AvgPool2d(2, stride = 1),
            l6: RMSNorm((1, 7, 9), 0.1),
            l8: AvgPool2d(2, stride = 1),
            l10: Conv2d(2, 4, 1, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l12: BatchNorm2d(1),
            l16: Conv2d(1, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l19: Linear(11, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = pad(x, (1, 1, 1, -1), mode = "constant");
            let v5 = l4(v2);
            let v7 = l6(v3);
            let v9 = l8(v2);
            let v11 = l10(v5);
            let v13 = l12(v7);
            let v14 = pad(v9, (-1, 0, 0, -1), mode = "replicate");
            let v15 = -v11;
            let v17 = l16(v13);
            let v18 = interpolate(v7, size = (5, 4), mode = "bilinear", align_corners = true);
            l19(cat([mean(v14, dim = (2, 3)), mean(v15, dim = (2, 3)), mean(v17, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random46,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l5: Conv2d(8, 8, 3, padding = 1),
            l8: BatchNorm2d(2),
            l10: ConvTranspose2d(8, 1, 2, stride = 1),
            l12: MultiheadAttention(42, 2, kdim = 42, vdim = 42),
            l17: Linear(3, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = glu(x, dim = 1);
            let v3 = v1 * v1;
            let v4 = -v2;
            let v6 = l5(v3);
            let v7 = l5(tanh(v6));
            let v9 = l8(v4);
            let v11 = l10(v7);
            let v13 = flatten(v9, 2);
            let v14 = flatten(v2, 2);
            let (v15, _) = l12(v13, v14, v14);
            let v16 = unflatten(v15, 2, (7, 6));
            l17(cat([mean(v11, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random47,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 5] -> [3] {
            l1: MultiheadAttention(25, 1, bias = false, kdim = 25, vdim = 25),
            l6: ConvTranspose2d(1, 3, 2, stride = 1),
            l8: Conv2d(3, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l10: ConvTranspose2d(4, 3, 2, stride = 1),
            l16: Linear(3, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3);
            let v5 = unflatten(v4, 2, (5, 5));
            let v7 = l6(v5);
            let v9 = l8(v7);
            let v11 = l10(v9);
            let v12 = v11 - v11;
            let v13 = v12 / 2.0;
            let v14 = pad(v13, (0, -1, 1, 1), mode = "constant");
            let v15 = normalize(v14, p = 2.0, dim = 1);
            l16(mean(v15, dim = (2, 3)))
        }
    }
}

case! { random48,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 4] -> [3] {
            l1: Conv2d(3, 4, 2, stride = 1, padding = 1, groups = 1, padding_mode = "circular"),
            l3: Conv2d(4, 4, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l5: Conv2d(4, 2, 2, stride = 1, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l7: AvgPool2d(2, stride = 1),
            l9: Conv2d(2, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l12: MultiheadAttention(9, 1, add_bias_kv = true, kdim = 30, vdim = 30),
            l17: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v6);
            let v10 = l9(v8);
            let v11 = cat([v10, v10], dim = 1);
            let v13 = flatten(v11, 2);
            let v14 = flatten(v8, 2);
            let (v15, _) = l12(v13, v14, v14, need_weights = false);
            let v16 = unflatten(v15, 2, (3, 3));
            l17(mean(v16, dim = (2, 3)))
        }
    }
}

case! { random49,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 2] -> [3] {
            l2: Conv2d(4, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l8: ConvTranspose2d(2, 3, 2, stride = 1),
            l12: Conv2d(2, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l15: Linear(8, 3),
        }
        forward(x) {
            let v1 = 1.5 - x;
            let v3 = l2(v1);
            let v4 = glu(v1, dim = 1);
            let v5 = glu(x, dim = 1);
            let v6 = v3 * 0.5;
            let v7 = channel_shuffle(v4, 2);
            let v9 = l8(v3);
            let v10 = -v5;
            let v11 = glu(v6, dim = 1);
            let v13 = l12(v7);
            let v14 = v9 + v9;
            l15(cat([mean(v10, dim = (2, 3)), mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random50,
    network! {
        #[element(f64)]
        pub struct Net: [3, 7, 7] -> [3] {
            l1: Conv2d(3, 4, 2, stride = 1, padding = 1, groups = 1, padding_mode = "circular"),
            l5: MultiheadAttention(64, 2, add_bias_kv = true, kdim = 64, vdim = 64),
            l13: MultiheadAttention(64, 1, add_zero_attn = true, kdim = 64, vdim = 64),
            l19: Linear(6, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = glu(v2, dim = 1);
            let v4 = channel_shuffle(v3, 2);
            let v6 = flatten(v4, 2);
            let v7 = flatten(v3, 2);
            let (v8, _) = l5(v6, v7, v7);
            let v9 = unflatten(v8, 2, (8, 8));
            let v10 = -v9;
            let v11 = cat([v10, v3], dim = 1);
            let v12 = v11 + v11;
            let v14 = flatten(v12, 2);
            let v15 = flatten(v10, 2);
            let (v16, _) = l13(v14, v15, v15, need_weights = false);
            let v17 = unflatten(v16, 2, (8, 8));
            let v18 = cat([v17, v10], dim = 1);
            l19(mean(v18, dim = (2, 3)))
        }
    }
}

case! { random51,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: MultiheadAttention(9, 1, bias = false, kdim = 9, vdim = 9),
            l6: Conv2d(1, 1, 3, padding = 1),
            l9: GroupNorm(1, 1, 0.1),
            l11: BatchNorm2d(1),
            l13: ConvTranspose2d(1, 3, 2, stride = 1),
            l15: MultiheadAttention(16, 2, add_bias_kv = true, kdim = 9, vdim = 9),
            l20: BatchNorm2d(3),
            l24: LayerNorm((3, 3), 0.1, bias = false),
            l26: Linear(5, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3, is_causal = true);
            let v5 = unflatten(v4, 2, (3, 3));
            let v7 = l6(v5);
            let v8 = l6(tanh(v7));
            let v10 = l9(v8);
            let v12 = l11(v10);
            let v14 = l13(v12);
            let v16 = flatten(v14, 2);
            let v17 = flatten(x, 2);
            let (v18, _) = l15(v16, v17, v17);
            let v19 = unflatten(v18, 2, (4, 4));
            let v21 = l20(v19);
            let v22 = interpolate(v21, size = (5, 3), mode = "bilinear", align_corners = true);
            let v23 = x - v10;
            let v25 = l24(v7);
            l26(cat([mean(v22, dim = (2, 3)), mean(v23, dim = (2, 3)), mean(v25, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random52,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l5: Conv2d(2, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l8: Linear(2, 3),
        }
        forward(x) {
            let v1 = pad(x, (0, -1, 0, -1), mode = "circular");
            let v2 = v1 * v1;
            let v3 = interpolate(v2, size = (5, 4), mode = "nearest-exact");
            let v4 = v3 * v3;
            let v6 = l5(v4);
            let v7 = gelu(v6);
            l8(mean(v7, dim = (2, 3)))
        }
    }
}

case! { random53,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 6] -> [3] {
            l3: Conv2d(3, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l6: InstanceNorm2d(4, 0.1, affine = true),
            l9: InstanceNorm2d(4, 0.1, affine = true),
            l13: Linear(14, 3),
        }
        forward(x) {
            let v1 = normalize(x, p = 2.0, dim = 1);
            let v2 = transpose(v1, 2, 3);
            let v4 = l3(v2);
            let v5 = cat([x, x], dim = 1);
            let v7 = l6(v4);
            let v8 = v5 - v5;
            let v10 = l9(v7);
            let v11 = v8 * v5;
            let v12 = cat([v10, v4], dim = 1);
            l13(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random54,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 4] -> [3] {
            l2: LayerNorm((3, 4), 0.1, bias = false),
            l4: BatchNorm2d(1),
            l7: Conv2d(1, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "circular", bias = false),
            l11: Linear(8, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v3 = l2(x);
            let v5 = l4(v1);
            let v6 = cat([v3, v3], dim = 1);
            let v8 = l7(v5);
            let v9 = pad(v6, (1, 0, 0, 0), mode = "replicate");
            let v10 = transpose(v6, 2, 3);
            l11(cat([mean(v8, dim = (2, 3)), mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random55,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l3: ConvTranspose2d(1, 3, 2, stride = 1),
            l9: Linear(8, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v2 = transpose(v1, 2, 3);
            let v4 = l3(v2);
            let v5 = v1 + v2;
            let v6 = transpose(v1, 2, 3);
            let v7 = cat([v6, v5], dim = 1);
            let v8 = cat([v4, v4], dim = 1);
            l9(cat([mean(v7, dim = (2, 3)), mean(v8, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random56,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l2: InstanceNorm2d(2, 0.1, affine = true),
            l6: Conv2d(2, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l8: BatchNorm2d(4),
            l11: Linear(4, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v3 = l2(v1);
            let v4 = pad(v3, (1, -1, 0, 1), mode = "circular");
            let v5 = pad(v4, (-1, 0, -1, 1), mode = "replicate");
            let v7 = l6(v5);
            let v9 = l8(v7);
            let v10 = tanh(v9);
            l11(mean(v10, dim = (2, 3)))
        }
    }
}

case! { random57,
    network! {
        #[element(f64)]
        pub struct Net: [2, 7, 7] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l6: Conv2d(2, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l8: AvgPool2d(2, stride = 1),
            l10: GroupNorm(1, 2, 0.1),
            l12: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 + v2;
            let v4 = transpose(v2, 2, 3);
            let v5 = channel_shuffle(v3, 2);
            let v7 = l6(v4);
            let v9 = l8(v5);
            let v11 = l10(v7);
            l12(cat([mean(v9, dim = (2, 3)), mean(v11, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random58,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 3] -> [3] {
            l2: ConvTranspose2d(3, 1, 2, stride = 1),
            l4: Conv2d(1, 6, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l7: Linear(9, 3),
        }
        forward(x) {
            let v1 = tanh(x);
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v6 = x - v1;
            l7(cat([mean(v5, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random59,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 4] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: Conv2d(1, 6, 1, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l6: LocalResponseNorm(3, 0.5),
            l8: Linear(6, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = v4 - v4;
            let v7 = l6(v5);
            l8(mean(v7, dim = (2, 3)))
        }
    }
}

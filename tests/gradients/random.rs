//! Random networks. Written by generate.py: change that, not this.

case! { random0,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 3] -> [3] {
            l1: Conv2d(4, 6, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l3: ConvTranspose2d(6, 2, 2, stride = 1),
            l5: ConvTranspose2d(4, 1, 2, stride = 1),
            l8: AvgPool2d(2, stride = 1),
            l11: AvgPool2d(2, stride = 1),
            l13: ConvTranspose2d(2, 3, 2, stride = 1),
            l16: Linear(11, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(x);
            let v7 = 1.5 - v6;
            let v9 = l8(v6);
            let v10 = cat([x, v9], dim = 1);
            let v12 = l11(v10);
            let v14 = l13(v4);
            let v15 = cat([v7, v4], dim = 1);
            l16(cat([mean(v12, dim = (2, 3)), mean(v14, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random1,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 3] -> [3] {
            l1: Conv2d(1, 1, 3, padding = 1),
            l5: Conv2d(2, 2, 3, padding = 1),
            l11: Conv2d(2, 2, 2, stride = 2, padding = 0, groups = 2, padding_mode = "zeros", bias = false),
            l15: BatchNorm2d(2),
            l17: Linear(9, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v4 = cat([v3, v3], dim = 1);
            let v6 = l5(v4);
            let v7 = l5(tanh(v6));
            let v8 = v7 + v4;
            let v9 = cat([v7, v4], dim = 1);
            let v10 = cat([v4, v3], dim = 1);
            let v12 = l11(v8);
            let v13 = tanh(v9);
            let v14 = v10 + v10;
            let v16 = l15(v12);
            l17(cat([mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random2,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 3] -> [3] {
            l1: BatchNorm2d(4),
            l5: ConvTranspose2d(8, 1, 2, stride = 1),
            l9: Linear(1, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * 0.5;
            let v4 = cat([v3, x], dim = 1);
            let v6 = l5(v4);
            let v7 = gelu(v6);
            let v8 = 1.5 - v7;
            l9(mean(v8, dim = (2, 3)))
        }
    }
}

case! { random3,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 4] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l4: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l9: Conv2d(4, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l12: ConvTranspose2d(6, 1, 2, stride = 1),
            l14: Conv2d(6, 6, 3, padding = 1),
            l18: Linear(7, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = sigmoid(v2);
            let v5 = l4(v3);
            let v6 = v5 * 0.5;
            let v7 = gelu(v6);
            let v8 = v7 - v6;
            let v10 = l9(v8);
            let v11 = tanh(v10);
            let v13 = l12(v10);
            let v15 = l14(v11);
            let v16 = l14(tanh(v15));
            let v17 = transpose(v13, 2, 3);
            l18(cat([mean(v16, dim = (2, 3)), mean(v17, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random4,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 4] -> [3] {
            l1: Conv2d(4, 4, 3, padding = 1),
            l5: Conv2d(4, 4, 3, padding = 1),
            l9: Conv2d(4, 6, 1, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l11: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l14: Linear(18, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v4 = gelu(v3);
            let v6 = l5(v2);
            let v7 = l5(tanh(v6));
            let v8 = transpose(v4, 2, 3);
            let v10 = l9(v7);
            let v12 = l11(v7);
            let v13 = cat([v8, v8], dim = 1);
            l14(cat([mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random5,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l1: MultiheadAttention(56, 1, add_zero_attn = true, kdim = 56, vdim = 56),
            l8: BatchNorm2d(4),
            l10: AvgPool2d(2, stride = 1),
            l12: ConvTranspose2d(4, 3, 2, stride = 1),
            l14: Conv2d(4, 6, 2, stride = 2, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l19: Linear(13, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3);
            let v5 = unflatten(v4, 2, (7, 8));
            let v6 = v5 + x;
            let v7 = v6 * 0.5;
            let v9 = l8(v6);
            let v11 = l10(v7);
            let v13 = l12(v9);
            let v15 = l14(v5);
            let v16 = transpose(v13, 2, 3);
            let v17 = v11 - v11;
            let v18 = v17 + v11;
            l19(cat([mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random6,
    network! {
        #[element(f64)]
        pub struct Net: [3, 3, 2] -> [3] {
            l1: MultiheadAttention(6, 3, bias = false, kdim = 6, vdim = 6),
            l6: Conv2d(3, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate"),
            l8: Conv2d(2, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l12: MultiheadAttention(6, 1, add_zero_attn = true, kdim = 6, vdim = 6),
            l19: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l21: Conv2d(4, 6, 2, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l23: Linear(6, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3, need_weights = false);
            let v5 = unflatten(v4, 2, (3, 2));
            let v7 = l6(v5);
            let v9 = l8(v7);
            let v10 = sigmoid(v9);
            let v11 = sigmoid(v10);
            let v13 = flatten(v11, 2);
            let v14 = flatten(v11, 2);
            let (v15, _) = l12(v13, v14, v14, is_causal = true);
            let v16 = unflatten(v15, 2, (3, 2));
            let v17 = v16 + v16;
            let v18 = transpose(v17, 2, 3);
            let v20 = l19(v18);
            let v22 = l21(v20);
            l23(mean(v22, dim = (2, 3)))
        }
    }
}

case! { random7,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l1: ConvTranspose2d(1, 1, 2, stride = 1),
            l4: AvgPool2d(2, stride = 1),
            l8: MultiheadAttention(16, 1, add_bias_kv = true, kdim = 25, vdim = 25),
            l13: Linear(3, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * 0.5;
            let v5 = l4(v3);
            let v6 = cat([x, x], dim = 1);
            let v7 = gelu(v2);
            let v9 = flatten(v5, 2);
            let v10 = flatten(v7, 2);
            let (v11, _) = l8(v9, v10, v10, need_weights = false);
            let v12 = unflatten(v11, 2, (4, 4));
            l13(cat([mean(v6, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random8,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 4] -> [3] {
            l1: Conv2d(4, 6, 1, stride = 2, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l3: BatchNorm2d(6),
            l5: Conv2d(6, 2, 3, stride = 1, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l7: Conv2d(6, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l9: BatchNorm2d(2),
            l11: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v2);
            let v10 = l9(v6);
            l11(cat([mean(v8, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random9,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l3: Conv2d(4, 2, 1, stride = 2, padding = 1, groups = 2, padding_mode = "zeros"),
            l6: Conv2d(2, 6, 1, stride = 2, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l8: Linear(10, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = x - x;
            let v4 = l3(v1);
            let v5 = v2 * x;
            let v7 = l6(v2);
            l8(cat([mean(v4, dim = (2, 3)), mean(v5, dim = (2, 3)), mean(v7, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random10,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l3: Conv2d(2, 6, 2, stride = 1, padding = 0, groups = 2, padding_mode = "circular", bias = false),
            l6: Conv2d(2, 6, 2, stride = 2, padding = 0, groups = 2, padding_mode = "zeros"),
            l8: Conv2d(6, 6, 3, padding = 1),
            l11: Conv2d(6, 6, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l13: MultiheadAttention(9, 3, bias = false, kdim = 9, vdim = 9),
            l18: Conv2d(6, 6, 3, padding = 1),
            l21: Linear(14, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v2 = transpose(x, 2, 3);
            let v4 = l3(v2);
            let v5 = v2 + v2;
            let v7 = l6(v1);
            let v9 = l8(v7);
            let v10 = l8(tanh(v9));
            let v12 = l11(v4);
            let v14 = flatten(v5, 2);
            let v15 = flatten(v5, 2);
            let (v16, _) = l13(v14, v15, v15, need_weights = false);
            let v17 = unflatten(v16, 2, (3, 3));
            let v19 = l18(v10);
            let v20 = l18(tanh(v19));
            l21(cat([mean(v12, dim = (2, 3)), mean(v17, dim = (2, 3)), mean(v20, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random11,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 4] -> [3] {
            l1: Conv2d(3, 4, 3, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l4: MultiheadAttention(6, 2, bias = false, kdim = 20, vdim = 20),
            l10: Conv2d(4, 2, 1, stride = 2, padding = 1, groups = 2, padding_mode = "zeros"),
            l12: BatchNorm2d(4),
            l14: BatchNorm2d(4),
            l16: Conv2d(4, 6, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l18: Conv2d(2, 6, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l20: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l22: Linear(16, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = -v2;
            let v5 = flatten(v3, 2);
            let v6 = flatten(x, 2);
            let (v7, _) = l4(v5, v6, v6);
            let v8 = unflatten(v7, 2, (3, 2));
            let v9 = sigmoid(v3);
            let v11 = l10(v8);
            let v13 = l12(v2);
            let v15 = l14(v13);
            let v17 = l16(v9);
            let v19 = l18(v11);
            let v21 = l20(v15);
            l22(cat([mean(v17, dim = (2, 3)), mean(v19, dim = (2, 3)), mean(v21, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random12,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 3] -> [3] {
            l1: ConvTranspose2d(3, 2, 2, stride = 1),
            l3: BatchNorm2d(2),
            l7: Conv2d(2, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "circular", bias = false),
            l12: Conv2d(3, 4, 3, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l14: Conv2d(2, 2, 3, padding = 1),
            l17: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = tanh(v4);
            let v6 = -v5;
            let v8 = l7(v6);
            let v9 = transpose(v8, 2, 3);
            let v10 = v9 - v9;
            let v11 = 1.5 - v6;
            let v13 = l12(x);
            let v15 = l14(v10);
            let v16 = l14(tanh(v15));
            l17(cat([mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random13,
    network! {
        #[element(f64)]
        pub struct Net: [4, 5, 6] -> [3] {
            l3: Conv2d(4, 2, 2, stride = 2, padding = 1, groups = 2, padding_mode = "zeros"),
            l5: BatchNorm2d(2),
            l7: Conv2d(2, 2, 3, padding = 1),
            l11: Linear(6, 3),
        }
        forward(x) {
            let v1 = x + x;
            let v2 = sigmoid(v1);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v6);
            let v9 = l7(tanh(v8));
            let v10 = gelu(v2);
            l11(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random14,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l3: Conv2d(1, 1, 3, padding = 1),
            l6: AvgPool2d(2, stride = 1),
            l8: Linear(1, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v2 = v1 - v1;
            let v4 = l3(v2);
            let v5 = l3(tanh(v4));
            let v7 = l6(v5);
            l8(mean(v7, dim = (2, 3)))
        }
    }
}

case! { random15,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 5] -> [3] {
            l1: BatchNorm2d(1),
            l5: MultiheadAttention(25, 1, bias = false, kdim = 25, vdim = 25),
            l10: Conv2d(1, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l13: BatchNorm2d(4),
            l15: ConvTranspose2d(1, 1, 2, stride = 1),
            l17: Conv2d(4, 6, 1, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l19: ConvTranspose2d(1, 1, 2, stride = 1),
            l21: Linear(7, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * 0.5;
            let v4 = x - v2;
            let v6 = flatten(v3, 2);
            let v7 = flatten(v3, 2);
            let (v8, _) = l5(v6, v7, v7, is_causal = true);
            let v9 = unflatten(v8, 2, (5, 5));
            let v11 = l10(v4);
            let v12 = transpose(v9, 2, 3);
            let v14 = l13(v11);
            let v16 = l15(v12);
            let v18 = l17(v14);
            let v20 = l19(v16);
            l21(cat([mean(v18, dim = (2, 3)), mean(v20, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random16,
    network! {
        #[element(f64)]
        pub struct Net: [3, 7, 8] -> [3] {
            l4: Conv2d(3, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l7: BatchNorm2d(6),
            l11: ConvTranspose2d(6, 2, 2, stride = 1),
            l13: Linear(7, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v2 = sigmoid(x);
            let v3 = v1 * v1;
            let v5 = l4(v2);
            let v6 = sigmoid(v2);
            let v8 = l7(v3);
            let v9 = tanh(v6);
            let v10 = 1.5 - v5;
            let v12 = l11(v8);
            l13(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random17,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l2: BatchNorm2d(4),
            l7: Linear(8, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v3 = l2(x);
            let v4 = -v1;
            let v5 = transpose(v4, 2, 3);
            let v6 = v3 - v3;
            l7(cat([mean(v5, dim = (2, 3)), mean(v6, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random18,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l2: ConvTranspose2d(4, 3, 2, stride = 1),
            l5: MultiheadAttention(56, 1, add_zero_attn = true, kdim = 56, vdim = 56),
            l11: Linear(19, 3),
        }
        forward(x) {
            let v1 = x / 2.0;
            let v3 = l2(x);
            let v4 = cat([x, x], dim = 1);
            let v6 = flatten(v4, 2);
            let v7 = flatten(v1, 2);
            let (v8, _) = l5(v6, v7, v7);
            let v9 = unflatten(v8, 2, (7, 8));
            let v10 = v4 * v4;
            l11(cat([mean(v3, dim = (2, 3)), mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random19,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 4] -> [3] {
            l1: Conv2d(1, 1, 3, padding = 1),
            l5: Conv2d(1, 1, 3, padding = 1),
            l8: BatchNorm2d(1),
            l10: BatchNorm2d(1),
            l12: Linear(1, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v4 = v3 - x;
            let v6 = l5(v4);
            let v7 = l5(tanh(v6));
            let v9 = l8(v7);
            let v11 = l10(v9);
            l12(mean(v11, dim = (2, 3)))
        }
    }
}

case! { random20,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l2: BatchNorm2d(1),
            l5: Conv2d(1, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l10: Conv2d(1, 2, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l12: ConvTranspose2d(2, 3, 2, stride = 1),
            l14: Conv2d(2, 2, 1, stride = 1, padding = 1, groups = 2, padding_mode = "circular"),
            l16: Linear(7, 3),
        }
        forward(x) {
            let v1 = x * x;
            let v3 = l2(v1);
            let v4 = v3 - v1;
            let v6 = l5(v4);
            let v7 = tanh(v6);
            let v8 = -v7;
            let v9 = sigmoid(v8);
            let v11 = l10(v3);
            let v13 = l12(v7);
            let v15 = l14(v9);
            l16(cat([mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random21,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 4] -> [3] {
            l2: Conv2d(2, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate"),
            l4: ConvTranspose2d(2, 2, 2, stride = 1),
            l6: AvgPool2d(2, stride = 1),
            l9: MultiheadAttention(9, 1, bias = false, kdim = 16, vdim = 16),
            l18: Linear(10, 3),
        }
        forward(x) {
            let v1 = x - x;
            let v3 = l2(v1);
            let v5 = l4(v1);
            let v7 = l6(v3);
            let v8 = sigmoid(v5);
            let v10 = flatten(v7, 2);
            let v11 = flatten(x, 2);
            let (v12, _) = l9(v10, v11, v11, is_causal = true);
            let v13 = unflatten(v12, 2, (3, 3));
            let v14 = v13 + v7;
            let v15 = v8 + v8;
            let v16 = transpose(v14, 2, 3);
            let v17 = v14 * 0.5;
            l18(cat([mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v17, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random22,
    network! {
        #[element(f64)]
        pub struct Net: [2, 7, 8] -> [3] {
            l1: Conv2d(2, 6, 1, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l6: Conv2d(6, 2, 2, stride = 2, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l12: Linear(26, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = cat([v2, v2], dim = 1);
            let v4 = sigmoid(v3);
            let v5 = v4 * 0.5;
            let v7 = l6(v2);
            let v8 = sigmoid(v5);
            let v9 = v7 + v7;
            let v10 = 1.5 - v3;
            let v11 = gelu(v8);
            l12(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3)), mean(v11, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random23,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 7] -> [3] {
            l3: Conv2d(4, 4, 3, padding = 1),
            l9: Linear(8, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v2 = transpose(v1, 2, 3);
            let v4 = l3(v2);
            let v5 = l3(tanh(v4));
            let v6 = tanh(v5);
            let v7 = v6 * x;
            let v8 = v1 * v5;
            l9(cat([mean(v7, dim = (2, 3)), mean(v8, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random24,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l2: AvgPool2d(2, stride = 1),
            l4: Conv2d(1, 1, 3, padding = 1),
            l9: Conv2d(1, 4, 2, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l11: Conv2d(2, 2, 2, stride = 2, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l13: MultiheadAttention(16, 1, add_zero_attn = true, kdim = 36, vdim = 36),
            l18: Conv2d(1, 2, 2, stride = 2, padding = 0, groups = 1, padding_mode = "circular"),
            l20: Linear(8, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v6 = l4(tanh(v5));
            let v7 = tanh(v6);
            let v8 = cat([v1, v1], dim = 1);
            let v10 = l9(v7);
            let v12 = l11(v8);
            let v14 = flatten(v10, 2);
            let v15 = flatten(v3, 2);
            let (v16, _) = l13(v14, v15, v15, is_causal = true);
            let v17 = unflatten(v16, 2, (4, 4));
            let v19 = l18(v1);
            l20(cat([mean(v12, dim = (2, 3)), mean(v17, dim = (2, 3)), mean(v19, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random25,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 2] -> [3] {
            l3: Conv2d(4, 2, 1, stride = 1, padding = 0, groups = 2, padding_mode = "replicate"),
            l5: Conv2d(2, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l10: Linear(10, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v2 = cat([v1, v1], dim = 1);
            let v4 = l3(v2);
            let v6 = l5(x);
            let v7 = 1.5 - v4;
            let v8 = v6 / 2.0;
            let v9 = -v1;
            l10(cat([mean(v7, dim = (2, 3)), mean(v8, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random26,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l2: AvgPool2d(2, stride = 1),
            l4: Conv2d(2, 2, 3, padding = 1),
            l10: Conv2d(4, 4, 1, stride = 2, padding = 1, groups = 2, padding_mode = "zeros"),
            l12: ConvTranspose2d(4, 1, 2, stride = 1),
            l16: Linear(3, 3),
        }
        forward(x) {
            let v1 = cat([x, x], dim = 1);
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v6 = l4(tanh(v5));
            let v7 = v6 * v5;
            let v8 = tanh(v7);
            let v9 = cat([v8, v6], dim = 1);
            let v11 = l10(v9);
            let v13 = l12(v11);
            let v14 = sigmoid(v7);
            let v15 = sigmoid(v13);
            l16(cat([mean(v14, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random27,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 2] -> [3] {
            l1: ConvTranspose2d(1, 3, 2, stride = 1),
            l3: Conv2d(3, 3, 3, padding = 1),
            l7: Conv2d(3, 3, 3, padding = 1),
            l13: Conv2d(6, 6, 3, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l15: Conv2d(3, 4, 2, stride = 1, padding = 1, groups = 1, padding_mode = "circular"),
            l17: MultiheadAttention(12, 1, add_bias_kv = true, kdim = 12, vdim = 12),
            l23: Linear(16, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = l3(tanh(v4));
            let v6 = transpose(v5, 2, 3);
            let v8 = l7(v6);
            let v9 = l7(tanh(v8));
            let v10 = transpose(v9, 2, 3);
            let v11 = cat([v10, v5], dim = 1);
            let v12 = gelu(v10);
            let v14 = l13(v11);
            let v16 = l15(v12);
            let v18 = flatten(v11, 2);
            let v19 = flatten(v4, 2);
            let (v20, _) = l17(v18, v19, v19, is_causal = true);
            let v21 = unflatten(v20, 2, (4, 3));
            let v22 = v14 - v14;
            l23(cat([mean(v16, dim = (2, 3)), mean(v21, dim = (2, 3)), mean(v22, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random28,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 8] -> [3] {
            l1: Conv2d(4, 4, 3, padding = 1),
            l5: Conv2d(4, 6, 3, stride = 1, padding = 0, groups = 2, padding_mode = "zeros"),
            l8: MultiheadAttention(56, 2, bias = false, kdim = 56, vdim = 56),
            l13: Conv2d(4, 4, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l15: Conv2d(6, 6, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l17: Conv2d(4, 2, 1, stride = 1, padding = 0, groups = 2, padding_mode = "replicate"),
            l19: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v4 = tanh(v3);
            let v6 = l5(v4);
            let v7 = v6 / 2.0;
            let v9 = flatten(v2, 2);
            let v10 = flatten(v3, 2);
            let (v11, _) = l8(v9, v10, v10, need_weights = false);
            let v12 = unflatten(v11, 2, (7, 8));
            let v14 = l13(v12);
            let v16 = l15(v7);
            let v18 = l17(v14);
            l19(cat([mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random29,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 5] -> [3] {
            l1: MultiheadAttention(20, 1, add_bias_kv = true, kdim = 20, vdim = 20),
            l6: BatchNorm2d(3),
            l10: Conv2d(6, 2, 1, stride = 1, padding = 0, groups = 2, padding_mode = "zeros"),
            l14: Conv2d(6, 2, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l17: Conv2d(3, 3, 3, padding = 1),
            l20: Linear(7, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3, is_causal = true);
            let v5 = unflatten(v4, 2, (4, 5));
            let v7 = l6(v5);
            let v8 = v7 - v7;
            let v9 = cat([v8, v5], dim = 1);
            let v11 = l10(v9);
            let v12 = v9 / 2.0;
            let v13 = v11 + v11;
            let v15 = l14(v12);
            let v16 = tanh(v13);
            let v18 = l17(x);
            let v19 = l17(tanh(v18));
            l20(cat([mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v19, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random30,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 8] -> [3] {
            l2: Conv2d(1, 1, 3, padding = 1),
            l6: Conv2d(1, 2, 2, stride = 1, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l8: Conv2d(1, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "circular", bias = false),
            l11: Linear(6, 3),
        }
        forward(x) {
            let v1 = -x;
            let v3 = l2(v1);
            let v4 = l2(tanh(v3));
            let v5 = 1.5 - v4;
            let v7 = l6(v1);
            let v9 = l8(v5);
            let v10 = v7 - v7;
            l11(cat([mean(v9, dim = (2, 3)), mean(v10, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random31,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: Conv2d(1, 6, 2, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l3: AvgPool2d(2, stride = 1),
            l5: Conv2d(1, 2, 3, stride = 2, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l7: Conv2d(6, 6, 3, stride = 2, padding = 1, groups = 1, padding_mode = "circular"),
            l10: MultiheadAttention(1, 1, kdim = 1, vdim = 1),
            l15: Conv2d(6, 4, 2, stride = 2, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l17: Conv2d(2, 6, 3, stride = 2, padding = 1, groups = 1, padding_mode = "circular", bias = false),
            l20: Linear(14, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(x);
            let v6 = l5(x);
            let v8 = l7(v2);
            let v9 = tanh(v4);
            let v11 = flatten(v6, 2);
            let v12 = flatten(v6, 2);
            let (v13, _) = l10(v11, v12, v12, is_causal = true);
            let v14 = unflatten(v13, 2, (1, 1));
            let v16 = l15(v8);
            let v18 = l17(v6);
            let v19 = 1.5 - v4;
            l20(cat([mean(v9, dim = (2, 3)), mean(v14, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v18, dim = (2, 3)), mean(v19, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random32,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l1: ConvTranspose2d(4, 3, 2, stride = 1),
            l3: ConvTranspose2d(3, 2, 2, stride = 1),
            l5: Conv2d(2, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "replicate"),
            l9: Conv2d(4, 2, 2, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l12: AvgPool2d(2, stride = 1),
            l15: Linear(10, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = cat([v4, v4], dim = 1);
            let v8 = v6 / 2.0;
            let v10 = l9(v7);
            let v11 = transpose(v8, 2, 3);
            let v13 = l12(v7);
            let v14 = -v10;
            l15(cat([mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random33,
    network! {
        #[element(f64)]
        pub struct Net: [2, 5, 5] -> [3] {
            l2: Conv2d(2, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "circular"),
            l4: Conv2d(4, 2, 2, stride = 2, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l8: Linear(6, 3),
        }
        forward(x) {
            let v1 = 1.5 - x;
            let v3 = l2(v1);
            let v5 = l4(v3);
            let v6 = v3 * 0.5;
            let v7 = sigmoid(v5);
            l8(cat([mean(v6, dim = (2, 3)), mean(v7, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random34,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 2] -> [3] {
            l2: Conv2d(1, 1, 3, padding = 1),
            l6: Conv2d(1, 4, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l8: ConvTranspose2d(1, 3, 2, stride = 1),
            l10: Linear(7, 3),
        }
        forward(x) {
            let v1 = sigmoid(x);
            let v3 = l2(x);
            let v4 = l2(tanh(v3));
            let v5 = tanh(v1);
            let v7 = l6(v4);
            let v9 = l8(v5);
            l10(cat([mean(v7, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random35,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 4] -> [3] {
            l1: Conv2d(4, 2, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l6: Conv2d(2, 2, 3, padding = 1),
            l10: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = gelu(v2);
            let v4 = tanh(v3);
            let v5 = sigmoid(v4);
            let v7 = l6(v5);
            let v8 = l6(tanh(v7));
            let v9 = v3 + v2;
            l10(cat([mean(v8, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random36,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 4] -> [3] {
            l1: Conv2d(4, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l3: Conv2d(4, 4, 3, padding = 1),
            l6: MultiheadAttention(30, 1, kdim = 30, vdim = 30),
            l11: BatchNorm2d(4),
            l14: Linear(12, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v5 = l3(tanh(v4));
            let v7 = flatten(v5, 2);
            let v8 = flatten(v2, 2);
            let (v9, _) = l6(v7, v8, v8);
            let v10 = unflatten(v9, 2, (5, 6));
            let v12 = l11(v2);
            let v13 = transpose(v4, 2, 3);
            l14(cat([mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3)), mean(v13, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random37,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 8] -> [3] {
            l3: ConvTranspose2d(1, 3, 2, stride = 1),
            l5: Conv2d(3, 3, 3, padding = 1),
            l8: Conv2d(3, 2, 2, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l10: Conv2d(3, 6, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l12: MultiheadAttention(56, 2, add_zero_attn = true, kdim = 56, vdim = 56),
            l17: AvgPool2d(2, stride = 1),
            l19: BatchNorm2d(6),
            l23: Linear(10, 3),
        }
        forward(x) {
            let v1 = x * 0.5;
            let v2 = gelu(v1);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = l5(tanh(v6));
            let v9 = l8(v7);
            let v11 = l10(v4);
            let v13 = flatten(v9, 2);
            let v14 = flatten(v9, 2);
            let (v15, _) = l12(v13, v14, v14, is_causal = true);
            let v16 = unflatten(v15, 2, (7, 8));
            let v18 = l17(v1);
            let v20 = l19(v11);
            let v21 = sigmoid(v16);
            let v22 = cat([v18, v18], dim = 1);
            l23(cat([mean(v20, dim = (2, 3)), mean(v21, dim = (2, 3)), mean(v22, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random38,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: Conv2d(1, 2, 3, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l4: Conv2d(2, 6, 3, stride = 1, padding = 1, groups = 2, padding_mode = "circular", bias = false),
            l6: MultiheadAttention(1, 1, bias = false, kdim = 1, vdim = 1),
            l12: Linear(6, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = v2 * v2;
            let v5 = l4(v3);
            let v7 = flatten(v5, 2);
            let v8 = flatten(v2, 2);
            let (v9, _) = l6(v7, v8, v8);
            let v10 = unflatten(v9, 2, (1, 1));
            let v11 = 1.5 - v10;
            l12(mean(v11, dim = (2, 3)))
        }
    }
}

case! { random39,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 5] -> [3] {
            l1: Conv2d(2, 4, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l3: Conv2d(2, 6, 2, stride = 2, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l5: Conv2d(4, 4, 3, padding = 1),
            l8: AvgPool2d(2, stride = 1),
            l10: ConvTranspose2d(4, 3, 2, stride = 1),
            l12: Linear(9, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(x);
            let v6 = l5(v2);
            let v7 = l5(tanh(v6));
            let v9 = l8(v4);
            let v11 = l10(v7);
            l12(cat([mean(v9, dim = (2, 3)), mean(v11, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random40,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 5] -> [3] {
            l2: Conv2d(3, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l5: BatchNorm2d(4),
            l10: Linear(8, 3),
        }
        forward(x) {
            let v1 = x / 2.0;
            let v3 = l2(v1);
            let v4 = gelu(v3);
            let v6 = l5(v4);
            let v7 = cat([v6, v4], dim = 1);
            let v8 = gelu(v7);
            let v9 = v8 - v7;
            l10(mean(v9, dim = (2, 3)))
        }
    }
}

case! { random41,
    network! {
        #[element(f64)]
        pub struct Net: [4, 4, 4] -> [3] {
            l1: Conv2d(4, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l3: AvgPool2d(2, stride = 1),
            l5: Conv2d(2, 6, 1, stride = 1, padding = 0, groups = 2, padding_mode = "zeros"),
            l7: BatchNorm2d(6),
            l9: ConvTranspose2d(6, 3, 2, stride = 1),
            l12: ConvTranspose2d(3, 1, 2, stride = 1),
            l15: AvgPool2d(2, stride = 1),
            l18: Linear(9, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v6);
            let v10 = l9(v8);
            let v11 = transpose(v10, 2, 3);
            let v13 = l12(v11);
            let v14 = v8 * v8;
            let v16 = l15(v2);
            let v17 = tanh(v13);
            l18(cat([mean(v14, dim = (2, 3)), mean(v16, dim = (2, 3)), mean(v17, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random42,
    network! {
        #[element(f64)]
        pub struct Net: [2, 4, 4] -> [3] {
            l1: MultiheadAttention(16, 2, add_zero_attn = true, kdim = 16, vdim = 16),
            l6: Conv2d(2, 2, 3, padding = 1),
            l9: AvgPool2d(2, stride = 1),
            l12: Linear(2, 3),
        }
        forward(x) {
            let v2 = flatten(x, 2);
            let v3 = flatten(x, 2);
            let (v4, _) = l1(v2, v3, v3, is_causal = true);
            let v5 = unflatten(v4, 2, (4, 4));
            let v7 = l6(v5);
            let v8 = l6(tanh(v7));
            let v10 = l9(v8);
            let v11 = -v10;
            l12(mean(v11, dim = (2, 3)))
        }
    }
}

case! { random43,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 5] -> [3] {
            l4: ConvTranspose2d(6, 2, 2, stride = 1),
            l6: BatchNorm2d(6),
            l10: Linear(8, 3),
        }
        forward(x) {
            let v1 = x * 0.5;
            let v2 = sigmoid(v1);
            let v3 = cat([v2, v2], dim = 1);
            let v5 = l4(v3);
            let v7 = l6(v3);
            let v8 = tanh(v7);
            let v9 = v5 / 2.0;
            l10(cat([mean(v8, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random44,
    network! {
        #[element(f64)]
        pub struct Net: [2, 5, 5] -> [3] {
            l1: Conv2d(2, 2, 3, padding = 1),
            l5: Conv2d(2, 4, 1, stride = 1, padding = 1, groups = 2, padding_mode = "zeros"),
            l7: BatchNorm2d(2),
            l9: BatchNorm2d(4),
            l12: Conv2d(4, 2, 3, stride = 2, padding = 0, groups = 2, padding_mode = "replicate"),
            l14: BatchNorm2d(2),
            l19: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v4 = transpose(v3, 2, 3);
            let v6 = l5(v2);
            let v8 = l7(v4);
            let v10 = l9(v6);
            let v11 = v8 + v4;
            let v13 = l12(v10);
            let v15 = l14(v11);
            let v16 = v13 / 2.0;
            let v17 = -v15;
            let v18 = v16 - v16;
            l19(cat([mean(v17, dim = (2, 3)), mean(v18, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random45,
    network! {
        #[element(f64)]
        pub struct Net: [1, 7, 7] -> [3] {
            l1: Conv2d(1, 1, 3, padding = 1),
            l4: Conv2d(1, 6, 2, stride = 2, padding = 0, groups = 1, padding_mode = "zeros"),
            l6: ConvTranspose2d(6, 3, 2, stride = 1),
            l9: ConvTranspose2d(1, 1, 2, stride = 1),
            l11: AvgPool2d(2, stride = 1),
            l13: Conv2d(3, 3, 3, padding = 1),
            l17: Conv2d(3, 4, 1, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l20: Conv2d(1, 4, 1, stride = 2, padding = 1, groups = 1, padding_mode = "replicate", bias = false),
            l22: Linear(11, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v5 = l4(v3);
            let v7 = l6(v5);
            let v8 = sigmoid(v7);
            let v10 = l9(v2);
            let v12 = l11(v7);
            let v14 = l13(v8);
            let v15 = l13(tanh(v14));
            let v16 = v10 * v10;
            let v18 = l17(v12);
            let v19 = sigmoid(v15);
            let v21 = l20(v16);
            l22(cat([mean(v18, dim = (2, 3)), mean(v19, dim = (2, 3)), mean(v21, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random46,
    network! {
        #[element(f64)]
        pub struct Net: [4, 7, 6] -> [3] {
            l3: Conv2d(4, 4, 3, padding = 1),
            l6: BatchNorm2d(4),
            l9: ConvTranspose2d(4, 2, 2, stride = 1),
            l11: ConvTranspose2d(4, 3, 2, stride = 1),
            l14: Conv2d(3, 4, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l16: Linear(6, 3),
        }
        forward(x) {
            let v1 = tanh(x);
            let v2 = transpose(x, 2, 3);
            let v4 = l3(v1);
            let v5 = l3(tanh(v4));
            let v7 = l6(v2);
            let v8 = gelu(v5);
            let v10 = l9(v7);
            let v12 = l11(v8);
            let v13 = v10 - v10;
            let v15 = l14(v12);
            l16(cat([mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random47,
    network! {
        #[element(f64)]
        pub struct Net: [1, 5, 5] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: Conv2d(1, 2, 1, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l5: AvgPool2d(2, stride = 1),
            l7: BatchNorm2d(2),
            l11: BatchNorm2d(2),
            l13: ConvTranspose2d(4, 2, 2, stride = 1),
            l15: Linear(4, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v6);
            let v9 = cat([v8, v8], dim = 1);
            let v10 = v9 - v9;
            let v12 = l11(v4);
            let v14 = l13(v10);
            l15(cat([mean(v12, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random48,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 4] -> [3] {
            l1: Conv2d(3, 4, 2, stride = 1, padding = 1, groups = 1, padding_mode = "circular"),
            l3: Conv2d(4, 4, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l5: Conv2d(4, 4, 3, padding = 1),
            l8: MultiheadAttention(30, 1, add_zero_attn = true, kdim = 30, vdim = 30),
            l13: AvgPool2d(2, stride = 1),
            l17: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = l5(tanh(v6));
            let v9 = flatten(v7, 2);
            let v10 = flatten(v6, 2);
            let (v11, _) = l8(v9, v10, v10);
            let v12 = unflatten(v11, 2, (6, 5));
            let v14 = l13(v12);
            let v15 = v14 / 2.0;
            let v16 = v2 + v6;
            l17(cat([mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random49,
    network! {
        #[element(f64)]
        pub struct Net: [4, 3, 2] -> [3] {
            l2: Conv2d(4, 2, 2, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l7: Conv2d(2, 6, 2, stride = 2, padding = 1, groups = 1, padding_mode = "replicate"),
            l9: Conv2d(4, 4, 2, stride = 2, padding = 1, groups = 2, padding_mode = "replicate"),
            l11: BatchNorm2d(2),
            l13: BatchNorm2d(6),
            l17: Linear(12, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v3 = l2(v1);
            let v4 = sigmoid(v3);
            let v5 = x / 2.0;
            let v6 = v4 + v4;
            let v8 = l7(v3);
            let v10 = l9(v5);
            let v12 = l11(v6);
            let v14 = l13(v8);
            let v15 = tanh(v10);
            let v16 = tanh(v12);
            l17(cat([mean(v14, dim = (2, 3)), mean(v15, dim = (2, 3)), mean(v16, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random50,
    network! {
        #[element(f64)]
        pub struct Net: [3, 7, 7] -> [3] {
            l2: Conv2d(3, 2, 2, stride = 2, padding = 1, groups = 1, padding_mode = "circular"),
            l9: MultiheadAttention(16, 2, bias = false, kdim = 16, vdim = 16),
            l15: Linear(9, 3),
        }
        forward(x) {
            let v1 = transpose(x, 2, 3);
            let v3 = l2(v1);
            let v4 = -v3;
            let v5 = sigmoid(v4);
            let v6 = transpose(v5, 2, 3);
            let v7 = transpose(v3, 2, 3);
            let v8 = v6 - v5;
            let v10 = flatten(v5, 2);
            let v11 = flatten(v6, 2);
            let (v12, _) = l9(v10, v11, v11, is_causal = true);
            let v13 = unflatten(v12, 2, (4, 4));
            let v14 = v1 * v1;
            l15(cat([mean(v7, dim = (2, 3)), mean(v8, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random51,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l1: Conv2d(1, 1, 3, padding = 1),
            l4: BatchNorm2d(1),
            l6: Conv2d(1, 2, 2, stride = 1, padding = 1, groups = 1, padding_mode = "zeros", bias = false),
            l8: MultiheadAttention(9, 1, add_bias_kv = true, kdim = 16, vdim = 16),
            l13: Conv2d(1, 6, 1, stride = 2, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l15: ConvTranspose2d(6, 2, 2, stride = 1),
            l19: AvgPool2d(2, stride = 1),
            l21: Conv2d(4, 4, 2, stride = 1, padding = 0, groups = 2, padding_mode = "zeros"),
            l24: Linear(12, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = l1(tanh(v2));
            let v5 = l4(x);
            let v7 = l6(v5);
            let v9 = flatten(v3, 2);
            let v10 = flatten(v7, 2);
            let (v11, _) = l8(v9, v10, v10, need_weights = false);
            let v12 = unflatten(v11, 2, (3, 3));
            let v14 = l13(v12);
            let v16 = l15(v14);
            let v17 = cat([v16, v16], dim = 1);
            let v18 = v17 - v17;
            let v20 = l19(v18);
            let v22 = l21(v20);
            let v23 = cat([v17, v17], dim = 1);
            l24(cat([mean(v22, dim = (2, 3)), mean(v23, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random52,
    network! {
        #[element(f64)]
        pub struct Net: [2, 3, 3] -> [3] {
            l1: AvgPool2d(2, stride = 1),
            l3: BatchNorm2d(2),
            l5: Conv2d(2, 6, 2, stride = 2, padding = 1, groups = 1, padding_mode = "circular", bias = false),
            l7: Conv2d(2, 2, 1, stride = 1, padding = 0, groups = 2, padding_mode = "replicate"),
            l9: Conv2d(6, 6, 3, padding = 1),
            l13: Linear(8, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v8 = l7(v4);
            let v10 = l9(v6);
            let v11 = l9(tanh(v10));
            let v12 = transpose(v8, 2, 3);
            l13(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random53,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 6] -> [3] {
            l3: Conv2d(3, 2, 1, stride = 1, padding = 1, groups = 1, padding_mode = "replicate"),
            l5: Conv2d(2, 4, 3, stride = 1, padding = 1, groups = 2, padding_mode = "zeros", bias = false),
            l7: MultiheadAttention(30, 1, add_bias_kv = true, kdim = 56, vdim = 56),
            l12: Conv2d(3, 4, 3, stride = 1, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l16: MultiheadAttention(12, 3, kdim = 12, vdim = 12),
            l21: Linear(4, 3),
        }
        forward(x) {
            let v1 = -x;
            let v2 = v1 * x;
            let v4 = l3(x);
            let v6 = l5(v4);
            let v8 = flatten(v2, 2);
            let v9 = flatten(v6, 2);
            let (v10, _) = l7(v8, v9, v9);
            let v11 = unflatten(v10, 2, (5, 6));
            let v13 = l12(v11);
            let v14 = transpose(v13, 2, 3);
            let v15 = sigmoid(v14);
            let v17 = flatten(v15, 2);
            let v18 = flatten(v13, 2);
            let (v19, _) = l16(v17, v18, v18, need_weights = false);
            let v20 = unflatten(v19, 2, (4, 3));
            l21(mean(v20, dim = (2, 3)))
        }
    }
}

case! { random54,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 4] -> [3] {
            l1: Conv2d(1, 4, 3, stride = 1, padding = 0, groups = 1, padding_mode = "zeros"),
            l5: Conv2d(8, 6, 3, stride = 2, padding = 1, groups = 1, padding_mode = "circular", bias = false),
            l7: MultiheadAttention(2, 2, add_zero_attn = true, kdim = 2, vdim = 2),
            l13: Linear(14, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = cat([v2, v2], dim = 1);
            let v4 = tanh(v3);
            let v6 = l5(v4);
            let v8 = flatten(v3, 2);
            let v9 = flatten(v4, 2);
            let (v10, _) = l7(v8, v9, v9);
            let v11 = unflatten(v10, 2, (1, 2));
            let v12 = v6 * v6;
            l13(cat([mean(v11, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random55,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 3] -> [3] {
            l2: Conv2d(1, 1, 3, padding = 1),
            l7: MultiheadAttention(9, 1, add_bias_kv = true, kdim = 9, vdim = 9),
            l12: AvgPool2d(2, stride = 1),
            l15: Linear(3, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v3 = l2(v1);
            let v4 = l2(tanh(v3));
            let v5 = v4 / 2.0;
            let v6 = 1.5 - v5;
            let v8 = flatten(v6, 2);
            let v9 = flatten(v4, 2);
            let (v10, _) = l7(v8, v9, v9, need_weights = false);
            let v11 = unflatten(v10, 2, (3, 3));
            let v13 = l12(v3);
            let v14 = sigmoid(v1);
            l15(cat([mean(v11, dim = (2, 3)), mean(v13, dim = (2, 3)), mean(v14, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random56,
    network! {
        #[element(f64)]
        pub struct Net: [1, 4, 4] -> [3] {
            l2: MultiheadAttention(16, 1, add_zero_attn = true, kdim = 16, vdim = 16),
            l9: Conv2d(2, 2, 3, padding = 1),
            l12: MultiheadAttention(16, 1, bias = false, kdim = 16, vdim = 16),
            l18: Linear(3, 3),
        }
        forward(x) {
            let v1 = gelu(x);
            let v3 = flatten(v1, 2);
            let v4 = flatten(v1, 2);
            let (v5, _) = l2(v3, v4, v4);
            let v6 = unflatten(v5, 2, (4, 4));
            let v7 = v1 - v6;
            let v8 = cat([v7, x], dim = 1);
            let v10 = l9(v8);
            let v11 = l9(tanh(v10));
            let v13 = flatten(v11, 2);
            let v14 = flatten(v6, 2);
            let (v15, _) = l12(v13, v14, v14);
            let v16 = unflatten(v15, 2, (4, 4));
            let v17 = tanh(v6);
            l18(cat([mean(v16, dim = (2, 3)), mean(v17, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random57,
    network! {
        #[element(f64)]
        pub struct Net: [2, 7, 7] -> [3] {
            l1: ConvTranspose2d(2, 2, 2, stride = 1),
            l3: Conv2d(2, 2, 3, stride = 1, padding = 1, groups = 1, padding_mode = "zeros"),
            l5: Conv2d(2, 2, 3, padding = 1),
            l8: Conv2d(2, 6, 3, stride = 1, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l11: Conv2d(6, 6, 3, padding = 1),
            l14: Conv2d(2, 4, 3, stride = 2, padding = 1, groups = 1, padding_mode = "zeros"),
            l16: Linear(10, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v4 = l3(v2);
            let v6 = l5(v4);
            let v7 = l5(tanh(v6));
            let v9 = l8(v7);
            let v10 = v7 + v7;
            let v12 = l11(v9);
            let v13 = l11(tanh(v12));
            let v15 = l14(v10);
            l16(cat([mean(v13, dim = (2, 3)), mean(v15, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random58,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4, 3] -> [3] {
            l2: Conv2d(3, 4, 1, stride = 2, padding = 0, groups = 1, padding_mode = "circular"),
            l4: Conv2d(3, 4, 2, stride = 2, padding = 0, groups = 1, padding_mode = "replicate", bias = false),
            l6: MultiheadAttention(4, 1, bias = false, kdim = 12, vdim = 12),
            l11: BatchNorm2d(4),
            l13: Linear(8, 3),
        }
        forward(x) {
            let v1 = x + x;
            let v3 = l2(v1);
            let v5 = l4(x);
            let v7 = flatten(v3, 2);
            let v8 = flatten(v1, 2);
            let (v9, _) = l6(v7, v8, v8);
            let v10 = unflatten(v9, 2, (2, 2));
            let v12 = l11(v5);
            l13(cat([mean(v10, dim = (2, 3)), mean(v12, dim = (2, 3))], dim = 1))
        }
    }
}

case! { random59,
    network! {
        #[element(f64)]
        pub struct Net: [1, 3, 4] -> [3] {
            l1: ConvTranspose2d(1, 1, 2, stride = 1),
            l4: Conv2d(1, 1, 3, padding = 1),
            l7: Conv2d(1, 6, 3, stride = 2, padding = 0, groups = 1, padding_mode = "zeros", bias = false),
            l10: Linear(9, 3),
        }
        forward(x) {
            let v2 = l1(x);
            let v3 = gelu(v2);
            let v5 = l4(v2);
            let v6 = l4(tanh(v5));
            let v8 = l7(x);
            let v9 = tanh(v2);
            l10(cat([mean(v3, dim = (2, 3)), mean(v6, dim = (2, 3)), mean(v8, dim = (2, 3)), mean(v9, dim = (2, 3))], dim = 1))
        }
    }
}

//! Gradients that take the place of others: behind an operation that works in place nobody reads that of its output any more, and both gradients of a sum may
//! be one, unless somebody writes one of them.

// Two normalisations behind a sum whose gradients are one.
case! { norms_behind_a_sum,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 5] -> [4, 5, 5] {
            conv1: Conv2d(3, 4, 3, padding = 1), bn1: BatchNorm2d(4), conv2: Conv2d(3, 4, 1), bn2: BatchNorm2d(4),
        }
        forward(x) { relu(bn1(conv1(x)) + bn2(conv2(x))) }
    }
}

// Only one gradient of the sum is added to; then the other one.
case! { one_of_both_goes_on,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 5] -> [3, 5, 5] { conv: Conv2d(3, 3, 3, padding = 1), bn: BatchNorm2d(3) }
        forward(x) {
            let a = conv(x);
            let b = tanh(bn(a)) + a;
            let c = b + sin(b);
            relu(conv(c) + c)
        }
    }
}

// Residual blocks: what is added to the value comes after the other gradient was read; here not: the function itself adds to it.
case! { residual,
    network! {
        #[element(f64)]
        pub struct Net: [3, 5, 5] -> [3, 5, 5] {
            stem: Conv2d(3, 3, 1), bn: BatchNorm2d(3), conv1: Conv2d(3, 3, 3, padding = 1), bn1: BatchNorm2d(3),
            conv2: Conv2d(3, 3, 3, padding = 1), bn2: BatchNorm2d(3),
        }
        forward(x) {
            let x = relu(bn(stem(x)));
            let x = relu(x + bn2(conv2(relu(bn1(conv1(x))))));
            let x = bn1(conv1(x)) + x;
            x + bn2(x)
        }
    }
}

// Both are functions of one value, and one of the other.
case! { crossed,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4] -> [3, 4] { a: Linear(4, 4) }
        forward(x) {
            let y = a(x);
            let z = tanh(y);
            let w = sin(z);
            let u = cos(y);
            (w + z) + (u + y)
        }
    }
}

// A value twice; the input, of which no parameter is behind; a sum with a sum, all of whose gradients are one.
case! { sums_of_sums,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4] -> [3, 4] { a: Linear(4, 4), b: Linear(4, 4), c: Linear(4, 4) }
        forward(x) {
            let twice = a(x) + a(x);
            let y = twice + twice;
            let z = (b(y) + c(y)) + (sigmoid(y) + tanh(x));
            z + x
        }
    }
}

// Chains of functions, some of which read what they gave, some what they got, some neither; a value that others have read before.
case! { functions,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4] -> [3, 4] { a: Linear(4, 4), bn: BatchNorm1d(3), b: Linear(4, 4) }
        forward(x) {
            let y = gelu(bn(a(x)) * 0.5);
            let z = 1.0 - exp(sin(b(y)));
            let w = softplus(leaky_relu(z)) + silu(y);
            w * z + elu(w)
        }
    }
}

// A value that all samples share.
case! { parameters,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4] -> [3, 4] { p: Parameter(3, 4), q: Parameter(3, 4), a: Linear(4, 4) }
        forward(x) { relu(a(x) + p) + tanh(tanh(p) + q) }
    }
}

// Functions of the input alone: only its own gradient is wanted.
case! { no_parameters,
    network! {
        #[element(f64)]
        pub struct Net: [3, 4] -> [3, 4] {}
        forward(x) {
            let y = tanh(x) + sin(x);
            (y + cos(y)) + exp(x)
        }
    }
}

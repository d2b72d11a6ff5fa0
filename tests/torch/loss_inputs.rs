//! Losses of several inputs against PyTorch's, as recorded: `inputs_case!` reads a loss as PyTorch's Python spells it.

/// One loss: `inputs_case! { name: f32, batch 3, inputs [4] [4] [4], MarginRankingLoss(margin = 0.0, reduction = "mean") }`
macro_rules! inputs_case {
    ($name:ident: $element:ident, batch $batch:literal, inputs $($shape:tt)+) => {
        inputs_case!(@split $name, $element, $batch, [] $($shape)+);
    };
    (@split $name:ident, $element:ident, $batch:literal, [$($shape:tt)*], $loss:ident($($options:tt)*)) => {
        mod $name {
            #[test]
            fn agrees_with_pytorch() {
                #[allow(unused_imports)]
                use nn::{Tensor0, Tensor1, Tensor2, Tensor3, Zeroable, loss::*};

                let case = super::RECORD.case::<$element>(stringify!($name));
                let loss = loss_case!(@options [] ($loss::new()) $($options)*);
                let is_each = stringify!($($options)*).contains("\"none\"");
                inputs_case!(@run $loss, $element, $batch, case, loss, is_each, $($shape)*);
            }
        }
    };
    (@split $name:ident, $element:ident, $batch:literal, [$($shapes:tt)*] $shape:tt $($rest:tt)*) => {
        inputs_case!(@split $name, $element, $batch, [$($shapes)* $shape] $($rest)*);
    };

    (@load $case:ident $key:literal $element:ident $batch:literal $shape:tt) => {{
        let mut values = [<loss_case!(@tensor $element $shape)>::zeroed(); $batch];
        $crate::loss::load(&$case, $key, &mut values);
        values
    }};
    // One number for a scalar, a tensor for `reduction = "none"`.
    (@compare $case:ident $key:literal $values:expr) => { $case.compare($key, &$crate::loss::Flat::all(&$values)) };

    // Two inputs and a third that is the target or the variance: `forward(a, b, c, to_1, to_2)`, and the gradient of what is left.
    (@beside $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, [$a:tt $c:tt], $($to:literal $from:ident)*; $target:literal $target_from:ident) => {
        let a = inputs_case!(@load $case "input0" $element $batch $a);
        let b = inputs_case!(@load $case "input1" $element $batch $a);
        let c = inputs_case!(@load $case "input2" $element $batch $c);
        let (mut first, mut second, mut target) = inputs_case!(@gradients a b c $($from)* $target_from);
        if $each {
            let mut losses = a;
            $loss.each(&a, &b, &c, &mut losses);
            inputs_case!(@compare $case "loss" losses);
            let cotangent = inputs_case!(@load $case "cotangent" $element $batch $a);
            $loss.each_backward(&a, &b, &c, &cotangent, &mut first, &mut second);
            $loss.each_backward_target(&a, &b, &c, &cotangent, &mut target);
        } else {
            $case.compare("loss", &[$loss.forward(&a, &b, &c, &mut first, &mut second)]);
            $case.compare("loss", &[$loss.value(&a, &b, &c)]);
            $loss.backward_target(&a, &b, &c, &mut target);
        }
        inputs_case!(@results $case first second target $($to)* $target);
    };
    (@gradients $a:ident $b:ident $c:ident a b c) => { ($a, $b, $c) };
    (@gradients $a:ident $b:ident $c:ident a c b) => { ($a, $c, $b) };
    (@results $case:ident $first:ident $second:ident $target:ident $one:literal $two:literal $three:literal) => {
        inputs_case!(@compare $case $one $first);
        inputs_case!(@compare $case $two $second);
        inputs_case!(@compare $case $three $target);
    };

    (@run MarginRankingLoss, $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, $a:tt $b:tt $c:tt) => {
        inputs_case!(@beside $element, $batch, $case, $loss, $each, [$a $c], "grad0" a "grad1" b; "grad2" c);
    };
    (@run GaussianNLLLoss, $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, $a:tt $b:tt $c:tt) => {
        inputs_case!(@beside $element, $batch, $case, $loss, $each, [$a $c], "grad0" a "grad2" c; "grad1" b);
    };
    (@run CosineEmbeddingLoss, $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, $a:tt $b:tt $c:tt) => {
        let a = inputs_case!(@load $case "input0" $element $batch $a);
        let b = inputs_case!(@load $case "input1" $element $batch $b);
        let target = inputs_case!(@load $case "input2" $element $batch $c);
        let (mut to_a, mut to_b) = (a, b);
        if $each {
            let mut losses = target;
            $loss.each(&a, &b, &target, &mut losses);
            inputs_case!(@compare $case "loss" losses);
            let cotangent = inputs_case!(@load $case "cotangent" $element $batch $c);
            $loss.each_backward(&a, &b, &target, &cotangent, &mut to_a, &mut to_b);
        } else {
            $case.compare("loss", &[$loss.forward(&a, &b, &target, &mut to_a, &mut to_b)]);
            $case.compare("loss", &[$loss.value(&a, &b, &target)]);
        }
        inputs_case!(@compare $case "grad0" to_a);
        inputs_case!(@compare $case "grad1" to_b);
    };
    (@run CTCLoss, $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, $steps:tt [$labels:literal]) => {
        let log_probs = inputs_case!(@load $case "input0" $element $batch $steps);
        let target = inputs_case!(@load $case "target" i64 $batch [$labels]);
        let inputs = inputs_case!(@load $case "input_lengths" i64 $batch []).map(|length| length as usize);
        let targets = inputs_case!(@load $case "target_lengths" i64 $batch []).map(|length| length as usize);
        let (mut gradient, mut workspace) = (log_probs, CTCWorkspace::new());
        if $each {
            let mut losses = [0.0; $batch];
            $loss.each(&log_probs, &target, &inputs, &targets, &mut losses, &mut workspace);
            $case.compare("loss", &losses);
            let cotangent = inputs_case!(@load $case "cotangent" $element $batch []);
            $loss.each_backward(&log_probs, &target, &inputs, &targets, &cotangent, &mut gradient, &mut workspace);
        } else {
            $case.compare("loss", &[$loss.forward(&log_probs, &target, &inputs, &targets, &mut gradient, &mut workspace)]);
            $case.compare("loss", &[$loss.value(&log_probs, &target, &inputs, &targets, &mut workspace)]);
        }
        inputs_case!(@compare $case "grad0" gradient);
    };
    (@run $triplet:ident, $element:ident, $batch:literal, $case:ident, $loss:ident, $each:ident, $a:tt $p:tt $n:tt) => {
        let a = inputs_case!(@load $case "input0" $element $batch $a);
        let p = inputs_case!(@load $case "input1" $element $batch $p);
        let n = inputs_case!(@load $case "input2" $element $batch $n);
        let (mut to_a, mut to_p, mut to_n) = (a, p, n);
        let gradients = [&mut to_a, &mut to_p, &mut to_n];
        if $each {
            let mut losses = [0.0; $batch];
            $loss.each(&a, &p, &n, &mut losses);
            $case.compare("loss", &losses);
            let cotangent = inputs_case!(@load $case "cotangent" $element $batch []);
            $loss.each_backward(&a, &p, &n, &cotangent, gradients);
        } else {
            $case.compare("loss", &[$loss.forward(&a, &p, &n, gradients)]);
            $case.compare("loss", &[$loss.value(&a, &p, &n)]);
        }
        inputs_case!(@compare $case "grad0" to_a);
        inputs_case!(@compare $case "grad1" to_p);
        inputs_case!(@compare $case "grad2" to_n);
    };
}

//! Losses against PyTorch's, as recorded: `loss_case!` reads a loss as PyTorch's Python spells it.

use nn::Element;
use nn::{Tensor, Tensor1, Tensor2, Tensor3};
use safetensors::Dtype;

use crate::record::Case;

/// One loss: `loss_case! { name: f32, batch 3, input [4], target [4], MSELoss(reduction = "mean") }`
macro_rules! loss_case {
    ($name:ident: $element:ident, batch $batch:literal, input $input:tt, target $target:tt, $loss:ident($($options:tt)*)) => {
        loss_case!(@test $name, $element, $batch, $input, loss_case!(@tensor $element $target), $loss, [$($options)*]);
    };
    ($name:ident: $element:ident, batch $batch:literal, input $input:tt, indices $target:tt, $loss:ident($($options:tt)*)) => {
        loss_case!(@test $name, $element, $batch, $input, loss_case!(@tensor i64 $target), $loss, [$($options)*]);
    };
    (@test $name:ident, $element:ident, $batch:literal, $input:tt, $target:ty, $loss:ident, [$($options:tt)*]) => {
        mod $name {
            #[test]
            fn agrees_with_pytorch() {
                #[allow(unused_imports)]
                use nn::{Tensor1, Tensor2, Tensor3, Zeroable, loss::*};
                use $crate::loss::{Flat, load};

                let case = super::RECORD.case::<$element>(stringify!($name));
                let mut input = <[loss_case!(@tensor $element $input); $batch]>::zeroed();
                let mut target = <[$target; $batch]>::zeroed();
                let mut gradient = input;
                load(&case, "input", &mut input);
                load(&case, "target", &mut target);
                let loss = loss_case!(@options $input ($loss::new()) $($options)*);
                loss_case!(@run [$($options)*] $batch, case, loss, input, target, gradient);
                case.compare("grad", &Flat::all(&gradient));
                loss_case!(@target $loss, [$($options)*] $batch, case, loss, input, target);
            }
        }
    };

    (@tensor $element:ident []) => { $element };
    (@tensor $element:ident [$a:literal]) => { Tensor1<$a, $element> };
    (@tensor $element:ident [$a:literal, $b:literal]) => { Tensor2<$a, $b, $element> };
    (@tensor $element:ident [$a:literal, $b:literal, $c:literal]) => { Tensor3<$a, $b, $c, $element> };

    (@options $input:tt ($loss:expr)) => { $loss };
    (@options $input:tt ($loss:expr) , $($rest:tt)*) => { loss_case!(@options $input ($loss) $($rest)*) };
    (@options $input:tt ($loss:expr) weight = None $($rest:tt)*) => { loss_case!(@options $input ($loss) $($rest)*) };
    (@options $input:tt ($loss:expr) distance_function = None $($rest:tt)*) => { loss_case!(@options $input ($loss) $($rest)*) };
    (@options $input:tt ($loss:expr) pos_weight = None $($rest:tt)*) => { loss_case!(@options $input ($loss) $($rest)*) };
    // One weight for each element of a sample of two axes.
    (@options $input:tt ($loss:expr) weight = [$([$($weight:literal),*]),*] $($rest:tt)*) => {
        loss_case!(@options $input ($loss.weight(Tensor2([$([$($weight),*]),*]))) $($rest)*)
    };
    (@options $input:tt ($loss:expr) weight = $weight:tt $($rest:tt)*) => {
        loss_case!(@options $input ($loss.weight($weight)) $($rest)*)
    };
    // One weight for each channel.
    (@options $input:tt ($loss:expr) pos_weight = [$([[$weight:literal]]),*] $($rest:tt)*) => {
        loss_case!(@options $input ($loss.pos_weight([$($weight),*])) $($rest)*)
    };
    // One weight for all.
    (@options [5] ($loss:expr) pos_weight = [$weight:literal] $($rest:tt)*) => {
        loss_case!(@options [5] ($loss.pos_weight($weight)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) pos_weight = $weight:tt $($rest:tt)*) => {
        loss_case!(@options $input ($loss.pos_weight($weight)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) ignore_index = - $index:literal $($rest:tt)*) => {
        loss_case!(@options $input ($loss.ignore_index(-$index)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) ignore_index = $index:literal $($rest:tt)*) => {
        loss_case!(@options $input ($loss.ignore_index($index)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) reduction = "sum" $($rest:tt)*) => {
        loss_case!(@options $input ($loss.reduction(Reduction::Sum)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) reduction = "batchmean" $($rest:tt)*) => {
        loss_case!(@options $input ($loss.batchmean(true)) $($rest)*)
    };
    (@options $input:tt ($loss:expr) reduction = $other:literal $($rest:tt)*) => { loss_case!(@options $input ($loss) $($rest)*) };
    (@options $input:tt ($loss:expr) $option:ident = $value:expr $(, $($rest:tt)*)?) => {
        loss_case!(@options $input ($loss.$option($value)) $($($rest)*)?)
    };

    (@run [] $batch:literal, $case:ident, $loss:ident, $input:ident, $target:ident, $gradient:ident) => {
        let value = $loss.forward(&$input, &$target, &mut $gradient);
        $case.compare("loss", &[value]);
        $case.compare("loss", &[$loss.value(&$input, &$target)]);
    };
    (@run [reduction = "none" $($rest:tt)*] $batch:literal, $case:ident, $loss:ident, $input:ident, $target:ident, $gradient:ident) => {
        let (mut losses, mut cotangent) = ([Zeroable::zeroed(); $batch], [Zeroable::zeroed(); $batch]);
        $loss.each(&$input, &$target, &mut losses);
        load(&$case, "cotangent", &mut cotangent);
        $loss.each_backward(&$input, &$target, &cotangent, &mut $gradient);
        $case.compare("loss", &Flat::all(&losses));
    };
    (@run [$skipped:tt $($rest:tt)*] $($names:tt)*) => { loss_case!(@run [$($rest)*] $($names)*); };

    // The gradient of the target, where the loss has one.
    (@target CrossEntropyLoss, $($rest:tt)*) => {};
    (@target NLLLoss, $($rest:tt)*) => {};
    (@target HingeEmbeddingLoss, $($rest:tt)*) => {};
    (@target SoftMarginLoss, $($rest:tt)*) => {};
    (@target MultiMarginLoss, $($rest:tt)*) => {};
    (@target MultiLabelMarginLoss, $($rest:tt)*) => {};
    (@target $name:ident, [] $batch:literal, $case:ident, $loss:ident, $input:ident, $target:ident) => {
        let mut gradient = $target;
        $loss.backward_target(&$input, &$target, &mut gradient);
        $case.compare("target_grad", &Flat::all(&gradient));
    };
    (@target $name:ident, [reduction = "none" $($rest:tt)*] $batch:literal, $case:ident, $loss:ident, $input:ident, $target:ident) => {
        let (mut cotangent, mut gradient) = ([Zeroable::zeroed(); $batch], $target);
        load(&$case, "cotangent", &mut cotangent);
        $loss.each_backward_target(&$input, &$target, &cotangent, &mut gradient);
        $case.compare("target_grad", &Flat::all(&gradient));
    };
    (@target $name:ident, [$skipped:tt $($rest:tt)*] $($names:tt)*) => { loss_case!(@target $name, [$($rest)*] $($names)*); };
}

/// Tensors, or the numbers of one axis less.
pub(crate) trait Flat<E>: Sized {
    fn numbers(&mut self) -> &mut [E];

    fn all(batch: &[Self]) -> Vec<E>
    where
        Self: Copy,
        E: Copy,
    {
        batch.iter().flat_map(|sample| { *sample }.numbers().to_vec()).collect()
    }
}

macro_rules! flat {
    ($($number:ident)*) => {$(
        impl Flat<$number> for $number {
            fn numbers(&mut self) -> &mut [$number] {
                std::slice::from_mut(self)
            }
        }
        impl<const A: usize> Flat<$number> for Tensor1<A, $number> {
            fn numbers(&mut self) -> &mut [$number] {
                self.as_mut_slice()
            }
        }
        impl<const A: usize, const B: usize> Flat<$number> for Tensor2<A, B, $number> {
            fn numbers(&mut self) -> &mut [$number] {
                self.as_mut_slice()
            }
        }
        impl<const A: usize, const B: usize, const C: usize> Flat<$number> for Tensor3<A, B, C, $number> {
            fn numbers(&mut self) -> &mut [$number] {
                self.as_mut_slice()
            }
        }
    )*};
}

flat!(f32 f64 i64);

/// Numbers as a record holds them.
pub(crate) trait Recorded: Copy {
    fn read<E: Element>(case: &Case<'_, E>, key: &str) -> Vec<Self>;
}

macro_rules! recorded {
    ($($number:ident $dtype:ident $bytes:literal;)*) => {$(
        impl Recorded for $number {
            fn read<E: Element>(case: &Case<'_, E>, key: &str) -> Vec<$number> {
                let view = case.view(key);
                assert_eq!(view.dtype(), Dtype::$dtype, "{key}");
                let chunks = view.data().chunks_exact($bytes);
                chunks.map(|bytes| $number::from_le_bytes(bytes.try_into().unwrap())).collect()
            }
        }
    )*};
}

recorded! { f32 F32 4; f64 F64 8; i64 I64 8; }

/// Reads one tensor of the record.
pub(crate) fn load<E: Element, X: Flat<R>, R: Recorded>(case: &Case<'_, E>, key: &str, batch: &mut [X]) {
    let mut values = R::read(case, key).into_iter();
    for sample in batch {
        for number in sample.numbers() {
            *number = values.next().unwrap_or_else(|| panic!("{key} is too short"));
        }
    }
    assert!(values.next().is_none(), "{key} is too long");
}

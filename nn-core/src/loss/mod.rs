//! The losses of torch.nn: how far a network's outputs are from their targets.
//!
//! ```
//! use nn_core::loss::CrossEntropyLoss;
//! use nn_core::Tensor1;
//!
//! let loss = CrossEntropyLoss::new().label_smoothing(0.1);
//! let output = [Tensor1([2.0, -1.0, 0.5]), Tensor1([0.0, 3.0, 0.0])];
//! let mut gradient = [Tensor1([0.0; 3]); 2];
//! let value: f32 = loss.forward(&output, &[0u32, 1], &mut gradient);
//! assert!((value - 0.343).abs() < 1e-3);
//! ```
//!
//! Every loss is a plain value with PyTorch's options, which can be a `const`, and has the same four methods:
//!
//! | method | gives |
//! |---|---|
//! | `forward(&output, &target, &mut gradient)` | the value, and its gradient with respect to the outputs, for [`backward`](crate::Network::backward) |
//! | `value(&output, &target)` | the value alone |
//! | `each(&output, &target, &mut losses)` | PyTorch's `reduction = 'none'`: the loss of each element, or of each place |
//! | `each_backward(&output, &target, &cotangent, &mut gradient)` | the gradient of `Σ losses · cotangent` |
//!
//! Outputs and targets are batches, `[T; N]`. A target of another shape or batch does not compile; PyTorch would broadcast it.
//! Nothing is allocated. The gradient with respect to the target is minus that with respect to the output for [`MSELoss`] and
//! [`L1Loss`]; where it is something else it is not computed.

mod bce;
mod classes;
mod cross_entropy;
mod elementwise;

pub use bce::{BCEWithLogitsLoss, Unweighted, Weights};
pub use classes::{ClassLabel, ClassTarget, Classes};
pub use cross_entropy::{CrossEntropyLoss, NLLLoss};
pub use elementwise::{L1Loss, MSELoss};

use crate::{Element, Tensor};

/// What the losses of a batch are brought together to. PyTorch's third, `'none'`, is the method `each`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reduction {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

/// A loss between outputs `T` and targets `Y`: for code that works with any loss.
pub trait Loss<T: Tensor, Y> {
    /// The value, and its gradient with respect to the outputs.
    fn forward<const N: usize>(&self, output: &[T; N], target: &[Y; N], gradient: &mut [T; N]) -> T::Element;

    /// The value alone.
    fn value<const N: usize>(&self, output: &[T; N], target: &[Y; N]) -> T::Element;
}

/// The sum of the losses, or their mean over `count`.
fn reduce<E: Element>(reduction: Reduction, sum: E, count: E) -> E {
    match reduction {
        Reduction::Mean => sum / count,
        Reduction::Sum => sum,
    }
}

/// What each loss's derivative is multiplied by.
fn scale<E: Element>(reduction: Reduction, count: E) -> E {
    reduce(reduction, E::ONE, count)
}

/// Implements [`Loss`] by the methods of the same names.
macro_rules! impl_loss {
    ([$($generics:tt)*] $loss:ty, $target:ty) => {
        impl<$($generics)*> $crate::loss::Loss<T, $target> for $loss {
            fn forward<const N: usize>(&self, output: &[T; N], target: &[$target; N], gradient: &mut [T; N]) -> E {
                self.forward(output, target, gradient)
            }

            fn value<const N: usize>(&self, output: &[T; N], target: &[$target; N]) -> E {
                self.value(output, target)
            }
        }
    };
}
use impl_loss;

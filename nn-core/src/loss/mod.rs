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
//! Outputs and targets are batches, `[T; N]`. A target of another shape or batch does not compile; PyTorch would broadcast it:
//!
//! ```compile_fail,E0308
//! # use nn_core::{Tensor1, loss::MSELoss};
//! let (output, mut gradient) = ([Tensor1([0.0; 3]); 2], [Tensor1([0.0; 3]); 2]);
//! MSELoss::new().forward(&output, &[Tensor1([0.0; 1]); 2], &mut gradient); // one number where there are three
//! ```
//! ```compile_fail,E0308
//! # use nn_core::{Tensor1, loss::MSELoss};
//! let (output, mut gradient) = ([Tensor1([0.0; 3]); 2], [Tensor1([0.0; 3]); 2]);
//! MSELoss::new().forward(&output, &[Tensor1([0.0; 3]); 3], &mut gradient); // three samples where there are two
//! ```
//! ```compile_fail,E0277
//! # use nn_core::{Tensor1, Tensor2, Tensor3, loss::CrossEntropyLoss};
//! let output = [Tensor3([[[0.0; 6]; 5]; 4]); 2];
//! CrossEntropyLoss::new().value(&output, &[Tensor2([[0u32; 5]; 6]); 2]); // height and width exchanged
//! ```
//! ```compile_fail,E0277
//! # use nn_core::{Tensor1, loss::CrossEntropyLoss};
//! let loss = CrossEntropyLoss::new().weight([1.0, 2.0, 3.0]);
//! loss.value(&[Tensor1([0.0; 4]); 2], &[0u32, 1]); // weights of three classes for four
//! ```
//! ```compile_fail,E0080
//! # use nn_core::loss::CrossEntropyLoss;
//! const LOSS: CrossEntropyLoss<10> = CrossEntropyLoss::new().label_smoothing(1.5); // not between 0 and 1
//! ```
//!
//! Targets that are numbers have a gradient too, for where they are computed by something that learns: `backward_target` and
//! `each_backward_target`. Nothing is allocated.
//!
//! Losses of more than two inputs have the same methods with more arguments: a gradient for each input that has one.
//!
//! | loss | its `forward` takes |
//! |---|---|
//! | `MarginRankingLoss`, `CosineEmbeddingLoss` | `&input1, &input2, &target, &mut gradient1, &mut gradient2` |
//! | `GaussianNLLLoss` | `&output, &target, &var, &mut gradient, &mut var_gradient` |
//! | `TripletMarginLoss`, `TripletMarginWithDistanceLoss` | `&anchor, &positive, &negative, [&mut to_anchor, &mut to_positive, &mut to_negative]` |
//! | `CTCLoss` | `&log_probs, &target, &input_lengths, &target_lengths, &mut gradient, &mut workspace` |

mod bce;
mod classes;
mod cross_entropy;
mod ctc;
mod elementwise;
mod embedding;
mod log_probability;
mod samples;
mod triples;
mod triplet;

pub use bce::{BCELoss, BCEWithLogitsLoss, Unweighted, Weights};
pub use classes::{ClassLabel, ClassTarget, Classes, Label, SignedLabel};
pub use cross_entropy::{CrossEntropyLoss, NLLLoss};
pub use ctc::{CTCLoss, CTCWorkspace};
pub use elementwise::{
    HingeEmbeddingLoss, HuberLoss, KLDivLoss, L1Loss, MSELoss, PoissonNLLLoss, SmoothL1Loss, SoftMarginLoss,
};
pub use embedding::CosineEmbeddingLoss;
pub use log_probability::LogProbabilityLoss;
pub use samples::{MultiLabelMarginLoss, MultiLabelSoftMarginLoss, MultiMarginLoss};
pub use triples::{GaussianNLLLoss, MarginRankingLoss, Variance};
pub use triplet::{Distance, PairwiseDistance, TripletMarginLoss, TripletMarginWithDistanceLoss};

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
    ([$($generics:tt)*] $loss:ty, $target:ty) => { $crate::loss::impl_loss! { [$($generics)*] $loss, $target; for T } };
    ([$($generics:tt)*] $loss:ty, $target:ty; for $output:ty) => {
        impl<$($generics)*> $crate::loss::Loss<$output, $target> for $loss {
            fn forward<const N: usize>(&self, output: &[$output; N], target: &[$target; N], gradient: &mut [$output; N]) -> E {
                self.forward(output, target, gradient)
            }

            fn value<const N: usize>(&self, output: &[$output; N], target: &[$target; N]) -> E {
                self.value(output, target)
            }
        }
    };
}
use impl_loss;

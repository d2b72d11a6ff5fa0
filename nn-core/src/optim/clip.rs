//! Gradient clipping, and all parameters as one vector: torch.nn.utils.

use crate::kernels::Kernels;
use crate::{Float, Parameters};

/// Scales all gradients so that their norm is at most `max_norm`, and gives the norm that they had;
/// [`torch.nn.utils.clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html).
///
/// `norm_type` is the exponent: 2.0 for the Euclidean norm, `f64::INFINITY` for the largest absolute value. The factor is
/// `max_norm / (norm + 1e-6)`, and at most 1. Frozen layers have no gradients and do not count.
///
/// If a gradient is NaN or infinite, so is the norm, and the gradients are not fit for a step: ask `is_finite()` where that can happen.
///
/// ```
/// use nn_core::{Zeroable, layers::Linear, optim::clip_grad_norm};
///
/// let mut gradients = Linear::<2, 1>::zeroed();
/// gradients.weight[0] = [3.0, -4.0];
/// assert_eq!(clip_grad_norm(&mut gradients, 1.0, 2.0), 5.0);
/// assert!((gradients.weight[0][1] + 0.8).abs() < 1e-6);
/// ```
///
/// # Panics
/// If `norm_type` is not positive.
pub fn clip_grad_norm<T: Parameters>(gradients: &mut T, max_norm: f64, norm_type: f64) -> f64 {
    assert!(norm_type > 0.0, "nn: the norm_type is positive");
    let mut sum: f64 = 0.0;
    gradients.visit_parameters(&mut |parameter, values| {
        if parameter.trainable {
            let part = T::Element::power_sum(norm_type, values);
            sum = if norm_type == f64::INFINITY { Float::maximum(sum, part) } else { sum + part };
        }
    });
    let norm = if norm_type == f64::INFINITY { sum } else { libm::pow(sum, 1.0 / norm_type) };
    let factor = max_norm / (norm + 1e-6);
    if factor < 1.0 || factor.is_nan() {
        gradients.visit_parameters_mut(&mut |_, values| T::Element::scale(T::Element::from_f64(factor), values));
    }
    norm
}

/// Clamps every gradient to `[-clip_value, clip_value]`;
/// [`torch.nn.utils.clip_grad_value_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html).
pub fn clip_grad_value<T: Parameters>(gradients: &mut T, clip_value: f64) {
    let bound = T::Element::from_f64(clip_value);
    gradients.visit_parameters_mut(&mut |_, values| T::Element::clip(bound, values));
}

/// Copies all parameters, in order, into one vector;
/// [`torch.nn.utils.parameters_to_vector`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html).
///
/// # Panics
/// If the vector is shorter than the parameters.
pub fn parameters_to_vector<T: Parameters>(network: &T, mut vector: &mut [T::Element]) {
    network.visit_parameters(&mut |_, values| {
        let (head, rest) = core::mem::take(&mut vector).split_at_mut(values.len());
        head.copy_from_slice(values);
        vector = rest;
    });
}

/// Copies one vector into all parameters, in order;
/// [`torch.nn.utils.vector_to_parameters`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html).
///
/// # Panics
/// If the vector is shorter than the parameters.
pub fn vector_to_parameters<T: Parameters>(mut vector: &[T::Element], network: &mut T) {
    network.visit_parameters_mut(&mut |_, values| {
        let (head, rest) = vector.split_at(values.len());
        values.copy_from_slice(head);
        vector = rest;
    });
}

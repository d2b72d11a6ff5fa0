//! Gradient clipping, and all parameters as one vector: torch.nn.utils.

use crate::kernels::Kernels;
use crate::{Element, Float, Parameters};

/// Scales all gradients so that their norm is at most `max_norm`, and gives the norm that they had;
/// [`torch.nn.utils.clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html).
///
/// `norm_type` is the exponent: 2.0 for the Euclidean norm, `f64::INFINITY` for the largest absolute value. The factor is
/// `max_norm / (norm + 1e-6)`, and at most 1.
pub fn clip_grad_norm<T: Parameters>(gradients: &mut T, max_norm: f64, norm_type: f64) -> f64 {
    let mut sum: f64 = 0.0;
    gradients.visit_parameters(&mut |_, values| {
        if norm_type == f64::INFINITY {
            sum = values.iter().map(|value| value.to_f64().abs()).fold(sum, f64::max);
        } else {
            sum += powers(values, norm_type);
        }
    });
    let norm = if norm_type == f64::INFINITY { sum } else { libm::pow(sum, 1.0 / norm_type) };
    let factor = max_norm / (norm + 1e-6);
    if factor < 1.0 {
        gradients.visit_parameters_mut(&mut |_, values| T::Element::scale(T::Element::from_f64(factor), values));
    }
    norm
}

fn powers<E: Element>(values: &[E], exponent: f64) -> f64 {
    let absolute = values.iter().map(|value| value.to_f64().abs());
    if exponent == 2.0 {
        absolute.map(|value| value * value).sum()
    } else {
        absolute.map(|value| libm::pow(value, exponent)).sum()
    }
}

/// Clamps every gradient to `[-clip_value, clip_value]`;
/// [`torch.nn.utils.clip_grad_value_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html).
pub fn clip_grad_value<T: Parameters>(gradients: &mut T, clip_value: f64) {
    let bound = T::Element::from_f64(clip_value);
    gradients.visit_parameters_mut(&mut |_, values| {
        for value in values {
            *value = value.minimum(bound).maximum(-bound);
        }
    });
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

/// Copies one vector into all parameters, in order.
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

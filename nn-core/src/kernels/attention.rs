//! Attention of one sample, head by head: `softmax(scale · Q Kᵀ + masks) V`.
//!
//! Between the two products lies a matrix with a row for each query, in which scale, masks and softmax are one walk. With `P` the
//! weights, `D` their dropout, `A = D(P)` and `O = A V`:
//!
//! ```text
//! dV = Aᵀ dO      dA = dO Vᵀ (+ what the shown weights are given)      dP = D(dA)
//! dX = P (dP - Σ dP P), row by row      dQ = scale · dX K      dK = scale · dXᵀ Q      d masks = Σ dX
//! ```

use nn_shape::{Dropout, Heads, Places};

use super::dropout;
use super::gemm::Size;
use super::softmax::{dot, fold};
use super::strided::{Matrix, product};
use crate::Float;
use crate::simd::{Lanes, on_every_isa};

/// What one sample's attention reads.
#[derive(Clone, Copy)]
pub struct Attended<'a, E> {
    /// The queries.
    pub query: &'a [E],
    /// The keys.
    pub key: &'a [E],
    /// The values.
    pub value: &'a [E],
    /// What is added to the products.
    pub masks: [Option<&'a [E]>; 2],
    /// The bits of the weights that dropout keeps, where it is at work.
    pub words: Option<&'a [u32]>,
}

/// Where the gradients of one sample's attention go: each overwritten, or added to.
pub struct AttendedGradients<'a, E> {
    /// The gradient of the queries.
    pub query: Option<(&'a mut [E], bool)>,
    /// The gradient of the keys.
    pub key: Option<(&'a mut [E], bool)>,
    /// The gradient of the values.
    pub value: Option<(&'a mut [E], bool)>,
    /// The gradients of the masks, only ever added to.
    pub masks: [Option<&'a mut [E]>; 2],
}

/// The rows of one head, from its first number on.
fn head<E>(values: &[E], places: Places, head: usize) -> Matrix<'_, E> {
    Matrix::rows(&values[head * places.head..], places.row)
}

/// Dropout of one head's weights, and its bits.
fn kept<'a>(heads: &Heads, words: &'a [u32], head: usize) -> (Dropout, &'a [u32]) {
    let dropout = Dropout::of_elements(heads.dropout, heads.weights());
    let count = dropout.units.div_ceil(32);
    (dropout, &words[head * count..][..count])
}

/// The results of all heads. `weights` keeps those of every head for the backward pass, or, if it is shorter, is working space. `shown`
/// gets the weights, after dropout, of every head, or, if it is shorter, their mean.
pub(super) fn forward<E: Lanes>(
    heads: &Heads,
    given: &Attended<'_, E>,
    weights: &mut [E],
    output: &mut [E],
    mut shown: Option<&mut [E]>,
    scratch: &mut [E],
) {
    let len = heads.weights();
    let (dropped, panel) = scratch.split_at_mut(if given.words.is_some() { len } else { 0 });
    for h in 0..heads.count {
        let (own, weights) = (h / heads.group, part(weights, h, len));
        let (query, key) = (head(given.query, heads.query, h), head(given.key, heads.key, own));
        let size = Size { rows: heads.queries, columns: heads.keys, steps: heads.size };
        product(size, panel, query, key.transposed(), weights, heads.keys, false);
        softmax(heads, given.masks, h, weights);
        let applied = match given.words {
            Some(words) => {
                let (dropout, words) = kept(heads, words, h);
                dropout::forward(&dropout, 1, words, weights, dropped);
                &*dropped
            }
            None => &*weights,
        };
        let value = head(given.value, heads.value, own);
        let size = Size { rows: heads.queries, columns: heads.value_size, steps: heads.keys };
        let result = &mut output[h * heads.output.head..];
        product(size, panel, Matrix::rows(applied, heads.keys), value, result, heads.output.row, false);
        if let Some(shown) = shown.as_deref_mut() {
            show(heads.count, h, applied, shown);
        }
    }
}

/// The part of a head, in a slice for all heads or for one.
fn part<E>(values: &mut [E], head: usize, len: usize) -> &mut [E] {
    let first = if values.len() > len { head * len } else { 0 };
    &mut values[first..][..len]
}

/// Shows a head's weights: as they are, or as their share of the mean.
fn show<E: Float>(count: usize, head: usize, weights: &[E], shown: &mut [E]) {
    if shown.len() > weights.len() {
        shown[head * weights.len()..][..weights.len()].copy_from_slice(weights);
        return;
    }
    let share = E::ONE / E::from_f64(count as f64);
    for (shown, weight) in shown.iter_mut().zip(weights) {
        let before = if head == 0 { E::ZERO } else { *shown };
        *shown = before + share * *weight;
    }
}

on_every_isa! {
    /// Products become weights, row by row: scaled, masked, and shares of one.
    fn softmax<E: Float>(heads: &Heads, masks: [Option<&[E]>; 2], head: usize, weights: &mut [E]) = softmax_body;
}

#[inline(always)]
fn softmax_body<E: Float>(heads: &Heads, masks: [Option<&[E]>; 2], head: usize, weights: &mut [E]) {
    let scale = E::from_f64(heads.scale);
    for (query, row) in weights.chunks_exact_mut(heads.keys.max(1)).enumerate() {
        for x in row.iter_mut() {
            *x *= scale;
        }
        for (mask, steps) in masks.into_iter().zip(heads.masks) {
            let Some(mask) = mask else { continue };
            let first = head * steps[0] + query * steps[1];
            let row = &mut row[..heads.masked_keys];
            match steps[2] {
                0 => row.iter_mut().for_each(|x| *x += mask[first]),
                _ => row.iter_mut().zip(&mask[first..]).for_each(|(x, mask)| *x += *mask),
            }
        }
        let mut row = row;
        if heads.causal && query + 1 < heads.masked_keys {
            if heads.masked_keys == heads.keys {
                // What comes later has no part in the sum.
                let (past, future) = row.split_at_mut(query + 1);
                future.fill(E::ZERO);
                row = past;
            } else {
                row[query + 1..heads.masked_keys].fill(E::NEG_INFINITY);
            }
        }
        let largest = fold(row, E::NEG_INFINITY, |x| x, |a, b| b.maximum(a));
        if heads.safe && largest == E::NEG_INFINITY {
            row.fill(E::ZERO);
            continue;
        }
        for x in row.iter_mut() {
            *x = (*x - largest).exp();
        }
        let sum = fold(row, E::ZERO, |x| x, |a, b| a + b);
        for x in row.iter_mut() {
            *x /= sum;
        }
    }
}

/// The gradients, from the weights that the forward pass left, and from the gradients of results and shown weights.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Lanes>(
    heads: &Heads,
    given: &Attended<'_, E>,
    weights: &[E],
    output_gradient: &[E],
    shown_gradient: Option<&[E]>,
    mut gradients: AttendedGradients<'_, E>,
    scratch: &mut [E],
) {
    let len = heads.weights();
    let (inner, scratch) = scratch.split_at_mut(len);
    let (dropped, panel) = scratch.split_at_mut(if given.words.is_some() { len } else { 0 });
    let keys = heads.keys;
    for h in 0..heads.count {
        let own = h / heads.group;
        // Heads that share keys and values add to their gradients.
        let later = h % heads.group > 0;
        let weights = &weights[h * len..][..len];
        let results = head(output_gradient, heads.output, h);
        let value = head(given.value, heads.value, own);
        let size = Size { rows: heads.queries, columns: keys, steps: heads.value_size };
        product(size, panel, results, value.transposed(), inner, keys, false);
        if let Some(shown) = shown_gradient {
            add_shown(heads.count, h, shown, inner);
        }
        let mut applied = weights;
        if let Some(words) = given.words {
            let (dropout, words) = kept(heads, words, h);
            dropout::backward(&dropout, 1, words, inner, dropped, false);
            inner.copy_from_slice(dropped);
            dropout::forward(&dropout, 1, words, weights, dropped);
            applied = dropped;
        }
        if let Some((to, add)) = &mut gradients.value {
            let size = Size { rows: keys, columns: heads.value_size, steps: heads.queries };
            let (to, step) = (&mut to[own * heads.value.head..], heads.value.row);
            product(size, panel, Matrix::rows(applied, keys).transposed(), results, to, step, *add || later);
        }
        softmax_backward(keys, weights, inner);
        for (mask, steps) in gradients.masks.iter_mut().zip(heads.masks) {
            if let Some(mask) = mask.as_deref_mut() {
                add_mask(heads, h, steps, inner, mask);
            }
        }
        let scale = E::from_f64(heads.scale);
        for x in inner.iter_mut() {
            *x *= scale;
        }
        if let Some((to, add)) = &mut gradients.query {
            let size = Size { rows: heads.queries, columns: heads.size, steps: keys };
            let (to, step, key) = (&mut to[h * heads.query.head..], heads.query.row, head(given.key, heads.key, own));
            product(size, panel, Matrix::rows(inner, keys), key, to, step, *add);
        }
        if let Some((to, add)) = &mut gradients.key {
            let size = Size { rows: keys, columns: heads.size, steps: heads.queries };
            let (to, step, query) = (&mut to[own * heads.key.head..], heads.key.row, head(given.query, heads.query, h));
            product(size, panel, Matrix::rows(inner, keys).transposed(), query, to, step, *add || later);
        }
    }
}

/// Adds the gradient of the shown weights to that of one head's.
fn add_shown<E: Float>(count: usize, head: usize, shown: &[E], inner: &mut [E]) {
    let (from, share) = if shown.len() > inner.len() {
        (&shown[head * inner.len()..], E::ONE)
    } else {
        (shown, E::ONE / E::from_f64(count as f64))
    };
    for (inner, shown) in inner.iter_mut().zip(from) {
        *inner += share * *shown;
    }
}

on_every_isa! {
    /// `p (g - Σ g p)` in each row.
    fn softmax_backward<E: Float>(keys: usize, weights: &[E], inner: &mut [E]) = softmax_backward_body;
}

#[inline(always)]
fn softmax_backward_body<E: Float>(keys: usize, weights: &[E], inner: &mut [E]) {
    for (row, weights) in inner.chunks_exact_mut(keys.max(1)).zip(weights.chunks_exact(keys.max(1))) {
        let sum = dot(row, weights);
        for (g, p) in row.iter_mut().zip(weights) {
            *g = *p * (*g - sum);
        }
    }
}

/// Adds the gradient of a mask.
fn add_mask<E: Float>(heads: &Heads, head: usize, steps: [usize; 3], inner: &[E], mask: &mut [E]) {
    for (query, row) in inner.chunks_exact(heads.keys.max(1)).enumerate() {
        let first = head * steps[0] + query * steps[1];
        for (key, g) in row[..heads.masked_keys].iter().enumerate() {
            mask[first + key * steps[2]] += *g;
        }
    }
}

//! Logarithms of probabilities of many classes: a head, and clusters of rarer classes behind smaller layers.
//!
//! Rows are taken in blocks: those whose class lies in the same cluster are brought together, so that each weight is read once for several.
//! Backward computes the logarithms again, because keeping them would take a number for each row and class.

use nn_shape::{AdaptiveLogSoftmax as Config, MAX_ENTRIES};

use super::linear;
use super::softmax::fold;
use crate::Float;
use crate::simd::{Lanes, on_every_isa};

/// The layers' weights: those of a cluster are `[features, in]` and `[classes, features]`.
#[derive(Clone, Copy, Debug)]
pub struct AdaptiveWeights<'a, E> {
    /// `[head, in]`.
    pub head: &'a [E],
    /// One number for each of the head's.
    pub bias: Option<&'a [E]>,
    /// Those of each cluster.
    pub tail: [[&'a [E]; 2]; MAX_ENTRIES],
}

/// Their gradients, to be added to.
#[derive(Debug)]
pub struct AdaptiveGradients<'a, E> {
    /// `[head, in]`.
    pub head: &'a mut [E],
    /// One number for each of the head's.
    pub bias: Option<&'a mut [E]>,
    /// Those of each cluster.
    pub tail: [[&'a mut [E]; 2]; MAX_ENTRIES],
}

/// Working space for a block of rows.
struct Room<'a, E> {
    /// The rows' features, and their gradients.
    input: [&'a mut [E]; 2],
    /// The cluster's features, and their gradients.
    hidden: [&'a mut [E]; 2],
    /// A number for each row and class, first logarithms, then gradients.
    classes: &'a mut [E],
    /// The matrix products' own.
    product: &'a mut [E],
}

impl<'a, E> Room<'a, E> {
    fn cut(config: &Config, backward: bool, scratch: &'a mut [E]) -> Self {
        let ([features, classes], rows) = (config.widths(), config.block());
        let back = usize::from(backward) * rows;
        let (input, scratch) = scratch.split_at_mut(rows * config.in_features);
        let (input_gradient, scratch) = scratch.split_at_mut(back * config.in_features);
        let (hidden, scratch) = scratch.split_at_mut(rows * features);
        let (hidden_gradient, scratch) = scratch.split_at_mut(back * features);
        let (classes, product) = scratch.split_at_mut(rows * classes);
        Room { input: [input, input_gradient], hidden: [hidden, hidden_gradient], classes, product }
    }
}

/// Rows that are computed together.
const BLOCK: usize = 16;

/// Calls `visit` for blocks of the rows that need a cluster: all of them, or those whose class lies there.
fn blocks(config: &Config, rows: usize, targets: Option<&[u32]>, cluster: usize, mut visit: impl FnMut(&[usize])) {
    let (first, count) = (config.first(cluster), config.classes(cluster));
    let needed = |row: &usize| targets.is_none_or(|t| (first..first + count).contains(&(t[*row] as usize)));
    let (mut block, mut len) = ([0; BLOCK], 0);
    for row in (0..rows).filter(needed) {
        block[len] = row;
        len += 1;
        if len == BLOCK {
            visit(&block);
            len = 0;
        }
    }
    if len > 0 {
        visit(&block[..len]);
    }
}

/// The place in the head of a class: its own, or its cluster's.
///
/// # Panics
/// If there is no such class.
fn place(config: &Config, class: u32) -> usize {
    let class = class as usize;
    assert!(class < config.n_classes, "class {class} is out of bounds for {} classes", config.n_classes);
    match (0..config.clusters).rev().find(|cluster| config.first(*cluster) <= class) {
        Some(cluster) => config.first(0) + cluster,
        None => class,
    }
}

fn check<E>(config: &Config, rows: usize, input: &[E], targets: Option<&[u32]>, output: &[E]) {
    assert_eq!(config.block(), BLOCK, "rows of a block");
    assert_eq!(input.len(), rows * config.in_features, "input of an adaptive softmax");
    assert!(targets.is_none_or(|targets| targets.len() == rows), "targets of an adaptive softmax");
    let len = if targets.is_some() { 1 } else { config.n_classes };
    assert_eq!(output.len(), rows * len, "output of an adaptive softmax");
}

/// The logarithm of each row's class; without targets those of all classes.
pub(super) fn forward<E: Lanes>(
    config: &Config,
    rows: usize,
    input: &[E],
    targets: Option<&[u32]>,
    weights: &AdaptiveWeights<'_, E>,
    output: &mut [E],
    scratch: &mut [E],
) {
    check(config, rows, input, targets, output);
    let (len, head, frequent) = (config.in_features, config.head(), config.first(0));
    let mut room = Room::cut(config, false, scratch);
    for first in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - first);
        let logarithms = &mut room.classes[..count * head];
        linear::forward(
            count,
            len,
            head,
            &input[first * len..][..count * len],
            weights.head,
            weights.bias,
            logarithms,
            room.product,
        );
        log_softmax(head, logarithms);
        for (row, logarithms) in (first..).zip(logarithms.chunks_exact(head)) {
            if let Some(targets) = targets {
                output[row] = logarithms[place(config, targets[row])];
                continue;
            }
            let output = &mut output[row * config.n_classes..][..config.n_classes];
            output[..frequent].copy_from_slice(&logarithms[..frequent]);
            for (cluster, logarithm) in logarithms[frequent..].iter().enumerate() {
                output[config.first(cluster)..][..config.classes(cluster)].fill(*logarithm);
            }
        }
    }
    for cluster in 0..config.clusters {
        let (start, classes) = (config.first(cluster), config.classes(cluster));
        blocks(config, rows, targets, cluster, |block| {
            let logarithms = cluster_logarithms(config, cluster, block, input, weights, &mut room);
            for (row, logarithms) in block.iter().zip(logarithms.chunks_exact(classes)) {
                match targets {
                    Some(targets) => output[*row] += logarithms[targets[*row] as usize - start],
                    None => add(logarithms, &mut output[row * config.n_classes + start..][..classes]),
                }
            }
        });
    }
}

/// The logarithms of a cluster's classes for a block of rows; leaves the rows and their features in the room.
fn cluster_logarithms<'r, E: Lanes>(
    config: &Config,
    cluster: usize,
    block: &[usize],
    input: &[E],
    weights: &AdaptiveWeights<'_, E>,
    room: &'r mut Room<'_, E>,
) -> &'r mut [E] {
    let (len, features, classes) = (config.in_features, config.features(cluster), config.classes(cluster));
    let rows = block.len();
    for (row, to) in block.iter().zip(room.input[0].chunks_exact_mut(len)) {
        to.copy_from_slice(&input[row * len..][..len]);
    }
    let [down, up] = weights.tail[cluster];
    let hidden = &mut room.hidden[0][..rows * features];
    linear::forward(rows, len, features, &room.input[0][..rows * len], down, None, hidden, room.product);
    let logarithms = &mut room.classes[..rows * classes];
    linear::forward(rows, features, classes, hidden, up, None, logarithms, room.product);
    log_softmax(classes, logarithms);
    logarithms
}

/// Adds the gradients of the weights and of the input.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Lanes>(
    config: &Config,
    rows: usize,
    input: &[E],
    targets: Option<&[u32]>,
    weights: &AdaptiveWeights<'_, E>,
    output_gradient: &[E],
    mut gradients: Option<AdaptiveGradients<'_, E>>,
    mut input_gradient: Option<&mut [E]>,
    scratch: &mut [E],
) {
    check(config, rows, input, targets, output_gradient);
    let mut room = Room::cut(config, true, scratch);
    let (len, head) = (config.in_features, config.head());
    for first in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - first);
        let input = &input[first * len..][..count * len];
        let values = &mut room.classes[..count * head];
        linear::forward(count, len, head, input, weights.head, weights.bias, values, room.product);
        log_softmax(head, values);
        for (row, values) in (first..).zip(values.chunks_exact_mut(head)) {
            head_gradient(config, targets.map(|targets| targets[row]), output_gradient, row, values);
        }
        if let Some(gradients) = &mut gradients {
            linear::backward_weight(count, len, head, input, values, gradients.head, true, room.product);
            if let Some(bias) = &mut gradients.bias {
                super::bias::backward(head, 1, count, values, bias);
            }
        }
        if let Some(gradient) = &mut input_gradient {
            let gradient = &mut gradient[first * len..][..count * len];
            linear::backward_input(count, len, head, values, weights.head, gradient, true, room.product);
        }
    }
    for cluster in 0..config.clusters {
        blocks(config, rows, targets, cluster, |block| {
            let (start, classes) = (config.first(cluster), config.classes(cluster));
            let values = cluster_logarithms(config, cluster, block, input, weights, &mut room);
            for (row, values) in block.iter().zip(values.chunks_exact_mut(classes)) {
                match targets {
                    Some(targets) => one_gradient(output_gradient[*row], targets[*row] as usize - start, values),
                    None => all_gradients(&output_gradient[row * config.n_classes + start..][..classes], values),
                }
            }
            cluster_backward(config, cluster, block, weights, &mut gradients, input_gradient.as_deref_mut(), &mut room);
        });
    }
}

/// From the gradients of a cluster's numbers, which lie in the room, those of its weights and of the rows.
fn cluster_backward<E: Lanes>(
    config: &Config,
    cluster: usize,
    block: &[usize],
    weights: &AdaptiveWeights<'_, E>,
    gradients: &mut Option<AdaptiveGradients<'_, E>>,
    input_gradient: Option<&mut [E]>,
    room: &mut Room<'_, E>,
) {
    let (len, features, classes) = (config.in_features, config.features(cluster), config.classes(cluster));
    let rows = block.len();
    let [down, up] = weights.tail[cluster];
    let [input, from_input] = room.input.each_mut().map(|values| &mut values[..rows * len]);
    let [hidden, from_hidden] = room.hidden.each_mut().map(|values| &mut values[..rows * features]);
    let values = &room.classes[..rows * classes];
    linear::backward_input(rows, features, classes, values, up, from_hidden, false, room.product);
    if let Some(gradients) = gradients {
        let [down, up] = &mut gradients.tail[cluster];
        linear::backward_weight(rows, features, classes, hidden, values, up, true, room.product);
        linear::backward_weight(rows, len, features, input, from_hidden, down, true, room.product);
    }
    if let Some(gradient) = input_gradient {
        linear::backward_input(rows, len, features, from_hidden, down, from_input, false, room.product);
        for (row, from) in block.iter().zip(from_input.chunks_exact(len)) {
            add(from, &mut gradient[row * len..][..len]);
        }
    }
}

/// Turns the head's logarithms of a row into the gradients of its numbers: a cluster's gradient is the sum of its classes'.
fn head_gradient<E: Lanes>(config: &Config, target: Option<u32>, output_gradient: &[E], row: usize, values: &mut [E]) {
    if let Some(class) = target {
        return one_gradient(output_gradient[row], place(config, class), values);
    }
    let given = &output_gradient[row * config.n_classes..][..config.n_classes];
    let sum = |values: &[E]| fold(values, E::ZERO, |value| value, |a, b| a + b);
    let total = sum(given);
    let frequent = config.first(0);
    for (place, value) in values.iter_mut().enumerate() {
        let own = match place.checked_sub(frequent) {
            None => given[place],
            Some(cluster) => sum(&given[config.first(cluster)..][..config.classes(cluster)]),
        };
        *value = own - value.exp() * total;
    }
}

on_every_isa! {
    /// Turns numbers into logarithms of probabilities, row by row.
    fn log_softmax<E: Float>(len: usize, values: &mut [E]) = log_softmax_body;
}

#[inline(always)]
fn log_softmax_body<E: Float>(len: usize, values: &mut [E]) {
    for row in values.chunks_exact_mut(len) {
        let largest = fold(row, E::NEG_INFINITY, |x| x, |a, b| b.maximum(a));
        let logarithm = fold(row, E::ZERO, |x| (x - largest).exp(), |a, b| a + b).ln();
        for value in row {
            *value = *value - largest - logarithm;
        }
    }
}

on_every_isa! {
    /// Turns a row's logarithms into the gradients of its numbers, where only one of them has a gradient.
    fn one_gradient<E: Float>(gradient: E, place: usize, values: &mut [E]) = one_gradient_body;
}

#[inline(always)]
fn one_gradient_body<E: Float>(gradient: E, place: usize, values: &mut [E]) {
    for value in &mut *values {
        *value = -(value.exp() * gradient);
    }
    values[place] += gradient;
}

on_every_isa! {
    /// The same where each has one: `g - exp(y) Σ g`.
    fn all_gradients<E: Float>(gradients: &[E], values: &mut [E]) = all_gradients_body;
}

#[inline(always)]
fn all_gradients_body<E: Float>(gradients: &[E], values: &mut [E]) {
    let total = fold(gradients, E::ZERO, |gradient| gradient, |a, b| a + b);
    for (value, gradient) in values.iter_mut().zip(gradients) {
        *value = *gradient - value.exp() * total;
    }
}

fn add<E: Float>(from: &[E], to: &mut [E]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}

//! Connectionist temporal classification ([Graves et al. 2006](https://www.cs.toronto.edu/~graves/icml_2006.pdf)).
//!
//! The labels with a blank before, between and behind them are the states of a path through time: state `2 i` is the blank before label
//! `i`, state `2 i + 1` is label `i`. A path stays in its state, goes to the next, or jumps over a blank between two labels that differ.

use super::class_loss::Labels;
use crate::Float;

/// What a path must spell.
#[derive(Clone, Copy, Debug)]
pub struct CtcPath<'a> {
    /// The labels of all samples.
    pub labels: Labels<'a>,
    /// The place of the first.
    pub first: usize,
    /// How many there are.
    pub len: usize,
    /// Steps of time.
    pub steps: usize,
    /// Classes at each step, the blank among them.
    pub classes: usize,
    /// The class that spells nothing.
    pub blank: usize,
}

/// A number for each state at some steps of time; where there is room for `width` labels, that are `2 width + 1` for each.
#[derive(Debug)]
pub struct CtcStates<'a, E> {
    /// Of the blanks before the labels, `[steps, width]`.
    pub blanks: &'a mut [E],
    /// Of the labels, `[steps, width]`.
    pub labels: &'a mut [E],
    /// Of the blank behind `width` labels, `[steps]`.
    pub last: &'a mut [E],
    /// Room for so many labels.
    pub width: usize,
}

impl<E: Float> CtcStates<'_, E> {
    fn at(&self, step: usize, state: usize) -> E {
        match state {
            _ if state / 2 == self.width => self.last[step],
            _ if state.is_multiple_of(2) => self.blanks[step * self.width + state / 2],
            _ => self.labels[step * self.width + state / 2],
        }
    }

    fn set(&mut self, step: usize, state: usize, value: E) {
        match state {
            _ if state / 2 == self.width => self.last[step] = value,
            _ if state.is_multiple_of(2) => self.blanks[step * self.width + state / 2] = value,
            _ => self.labels[step * self.width + state / 2] = value,
        }
    }
}

impl CtcPath<'_> {
    /// Behind the last state.
    fn states(&self) -> usize {
        2 * self.len + 1
    }

    /// What a state spells.
    fn class(&self, state: usize) -> usize {
        if state.is_multiple_of(2) {
            return self.blank;
        }
        let label = self.labels.at(self.first + state / 2);
        let class = usize::try_from(label).ok().filter(|class| *class < self.classes);
        class.unwrap_or_else(|| panic!("target {label} is out of bounds for {} classes", self.classes))
    }

    /// Whether a path may go from `state` to `state + 2`.
    fn jumps(&self, state: usize) -> bool {
        state + 2 < self.states() && self.class(state) != self.class(state + 2)
    }
}

/// The logarithm of the sum of numbers that are given as logarithms.
fn log_sum<E: Float, const N: usize>(logarithms: [E; N]) -> E {
    let largest = logarithms.into_iter().fold(E::NEG_INFINITY, |largest, x| if x > largest { x } else { largest });
    if largest == E::NEG_INFINITY {
        return largest;
    }
    let mut sum = E::ZERO;
    for x in logarithms {
        sum += (x - largest).exp();
    }
    sum.ln() + largest
}

/// `-log` of the probability of all paths. `alpha` gets the logarithm of the probability of the paths that lead to each state.
pub(super) fn forward<E: Float>(path: &CtcPath<'_>, log_probs: &[E], alpha: &mut CtcStates<'_, E>) -> E {
    if path.steps == 0 {
        return if path.len == 0 { E::ZERO } else { -E::NEG_INFINITY };
    }
    for step in 0..path.steps {
        for state in 0..path.states() {
            let before = |state: Option<usize>| match state {
                Some(state) if step > 0 => alpha.at(step - 1, state),
                _ => E::NEG_INFINITY,
            };
            let ways = match step {
                // A path begins with the first blank or the first label.
                0 if state < 2 => E::ZERO,
                0 => E::NEG_INFINITY,
                _ => {
                    let jump = state.checked_sub(2).filter(|from| path.jumps(*from));
                    log_sum([before(Some(state)), before(state.checked_sub(1)), before(jump)])
                }
            };
            let value = ways + log_probs[step * path.classes + path.class(state)];
            alpha.set(step, state, value);
        }
    }
    let last =
        |back: usize| path.states().checked_sub(back).map_or(E::NEG_INFINITY, |state| alpha.at(path.steps - 1, state));
    -log_sum([last(1), last(2)])
}

/// `(exp(log_prob) - paths through the class / all paths) · scale`: as in PyTorch, the gradient for logarithms that a log_softmax has made.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Float>(
    path: &CtcPath<'_>,
    log_probs: &[E],
    alpha: &CtcStates<'_, E>,
    beta: &mut CtcStates<'_, E>,
    loss: E,
    scale: E,
    gradient: &mut [E],
) {
    let used = path.steps * path.classes;
    gradient[used..].fill(E::ZERO);
    gradient[..used].fill(E::NEG_INFINITY);
    for step in (0..path.steps).rev() {
        let rows = step * path.classes..(step + 1) * path.classes;
        let (log_probs, gradient) = (&log_probs[rows.clone()], &mut gradient[rows]);
        let is_last = step + 1 == path.steps;
        // Upwards, so that the states behind one still hold what belongs to the next step.
        for state in 0..path.states() {
            let ways = if is_last {
                if state + 2 >= path.states() { E::ZERO } else { E::NEG_INFINITY }
            } else {
                let next = if state + 1 < path.states() { beta.at(0, state + 1) } else { E::NEG_INFINITY };
                let jump = if path.jumps(state) { beta.at(0, state + 2) } else { E::NEG_INFINITY };
                log_sum([beta.at(0, state), next, jump])
            };
            let class = path.class(state);
            let value = ways + log_probs[class];
            beta.set(0, state, value);
            gradient[class] = log_sum([gradient[class], alpha.at(step, state) + value]);
        }
        for (gradient, log_prob) in gradient.iter_mut().zip(log_probs) {
            *gradient = (log_prob.exp() - (*gradient + loss - *log_prob).exp()) * scale;
        }
    }
}

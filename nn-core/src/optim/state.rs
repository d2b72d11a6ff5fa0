//! What an optimiser keeps from step to step: for checkpoints.

use super::{Adagrad, Adam, AdamW, Optimizer, RMSprop, SGD};
use crate::Parameters;

/// An optimiser whose options and state can be saved and brought back.
pub trait OptimizerState<T: Parameters>: Optimizer<T> {
    /// Visits everything that decides about the steps to come, under PyTorch's names, always the same in the same order.
    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, State<'_, T>));
}

/// One part of an optimiser's options and state.
#[derive(Debug)]
#[non_exhaustive]
pub enum State<'a, T> {
    /// An option.
    Number(&'a mut f64),
    /// A count, of steps say.
    Count(&'a mut u64),
    /// An option, or whether something has happened yet.
    Flag(&'a mut bool),
    /// A number for each of the network's: moments and the like.
    Values(&'a mut T),
}

impl<T: Parameters, const BUFFERS: usize> OptimizerState<T> for SGD<T, BUFFERS> {
    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, State<'_, T>)) {
        visit("lr", State::Number(&mut self.lr));
        visit("momentum", State::Number(&mut self.momentum));
        visit("dampening", State::Number(&mut self.dampening));
        visit("weight_decay", State::Number(&mut self.weight_decay));
        visit("nesterov", State::Flag(&mut self.nesterov));
        visit("maximize", State::Flag(&mut self.maximize));
        for buffer in &mut self.buffers {
            visit("momentum_buffer_filled", State::Flag(&mut self.filled));
            visit("momentum_buffer", State::Values(buffer));
        }
    }
}

macro_rules! adam_state {
    ($($name:ident)*) => {$(
        impl<T: Parameters, const AMSGRAD: usize> OptimizerState<T> for $name<T, AMSGRAD> {
            fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, State<'_, T>)) {
                visit("lr", State::Number(&mut self.lr));
                visit("beta1", State::Number(&mut self.betas.0));
                visit("beta2", State::Number(&mut self.betas.1));
                visit("eps", State::Number(&mut self.eps));
                visit("weight_decay", State::Number(&mut self.weight_decay));
                visit("maximize", State::Flag(&mut self.maximize));
                visit("step", State::Count(&mut self.steps));
                let [first, second] = &mut self.moments;
                visit("exp_avg", State::Values(first));
                visit("exp_avg_sq", State::Values(second));
                for largest in &mut self.largest {
                    visit("max_exp_avg_sq", State::Values(largest));
                }
            }
        }
    )*};
}

adam_state!(Adam AdamW);

impl<T: Parameters, const BUFFERS: usize, const CENTERED: usize> OptimizerState<T> for RMSprop<T, BUFFERS, CENTERED> {
    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, State<'_, T>)) {
        visit("lr", State::Number(&mut self.lr));
        visit("momentum", State::Number(&mut self.momentum));
        visit("alpha", State::Number(&mut self.alpha));
        visit("eps", State::Number(&mut self.eps));
        visit("weight_decay", State::Number(&mut self.weight_decay));
        visit("maximize", State::Flag(&mut self.maximize));
        visit("square_avg", State::Values(&mut self.squares));
        for buffer in &mut self.buffers {
            visit("momentum_buffer", State::Values(buffer));
        }
        for mean in &mut self.means {
            visit("grad_avg", State::Values(mean));
        }
    }
}

impl<T: Parameters> OptimizerState<T> for Adagrad<T> {
    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, State<'_, T>)) {
        visit("lr", State::Number(&mut self.lr));
        visit("lr_decay", State::Number(&mut self.lr_decay));
        visit("eps", State::Number(&mut self.eps));
        visit("weight_decay", State::Number(&mut self.weight_decay));
        visit("initial_accumulator_value", State::Number(&mut self.initial_accumulator_value));
        visit("maximize", State::Flag(&mut self.maximize));
        visit("step", State::Count(&mut self.steps));
        visit("sum", State::Values(&mut self.sums));
    }
}

//! `Debug` of what users keep in structs of their own: names and settings, without the numbers, of which there may be millions.

use core::fmt;

use crate::Memory;
use crate::frozen::{Block, Freeze, Frozen, Numbers};
use crate::optim::{Adagrad, Adam, AdamW, RMSprop, SGD};
use crate::run::Tape;

macro_rules! debug {
    ($([$($generics:tt)*] $type:ty, $name:literal, |$this:ident| [$($field:ident = $value:expr),*];)*) => {$(
        impl<$($generics)*> fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $this = self;
                f.debug_struct($name)$(.field(stringify!($field), &$value))*.finish_non_exhaustive()
            }
        }
    )*};
}

debug! {
    [E, const S: usize, const B: usize, const W: usize, const N: usize] Memory<E, S, B, W, N>, "Memory", |_this| [samples = N];
    [M, G, O, const N: usize] Tape<M, G, O, N>, "Tape", |_this| [samples = N];
    [E, const N: usize] Block<E, N>, "Block", |_this| [numbers = N];
    [N: Freeze, P: Numbers<Element = N::Element>] Frozen<N, P>, "Frozen", |this| [
        network = N::DESCRIPTION.modules[0].class, isa = this.isa()
    ];
    [T, const B: usize] SGD<T, B>, "SGD", |this| [
        lr = this.lr, momentum = this.momentum, dampening = this.dampening, weight_decay = this.weight_decay, nesterov = this.nesterov,
        maximize = this.maximize
    ];
    [T, const A: usize] Adam<T, A>, "Adam", |this| [
        lr = this.lr, betas = this.betas, eps = this.eps, weight_decay = this.weight_decay, amsgrad = A == 1, maximize = this.maximize
    ];
    [T, const A: usize] AdamW<T, A>, "AdamW", |this| [
        lr = this.lr, betas = this.betas, eps = this.eps, weight_decay = this.weight_decay, amsgrad = A == 1, maximize = this.maximize
    ];
    [T, const B: usize, const C: usize] RMSprop<T, B, C>, "RMSprop", |this| [
        lr = this.lr, alpha = this.alpha, eps = this.eps, weight_decay = this.weight_decay, momentum = this.momentum, centered = C == 1,
        maximize = this.maximize
    ];
    [T] Adagrad<T>, "Adagrad", |this| [
        lr = this.lr, lr_decay = this.lr_decay, weight_decay = this.weight_decay,
        initial_accumulator_value = this.initial_accumulator_value, eps = this.eps, maximize = this.maximize
    ];
}

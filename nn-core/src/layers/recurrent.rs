//! RNN, LSTM, GRU and their cells.

use core::mem::offset_of;

use nn_shape::Recurrent;
use rand_core::Rng;

use super::recurrent_passes::{backward, evaluate, train};
use crate::kernels::{RecurrentGradients, RecurrentWeights};
use crate::{
    Backward, Element, Field, Forward, Layer, Layout, Parameters, Presence, Present, Region, Tensor1, Tensor2, Tensor3,
    Tensor4, Zeroable, init, parameters,
};

/// One direction of one layer. `SIDES` directions of the layer below come in, `IN` numbers from each.
#[repr(C)]
pub struct Direction<
    const GATES: usize,
    const HIDDEN: usize,
    const SIDES: usize,
    const IN: usize,
    const OUT: usize,
    E: Element,
    B: Presence,
    P: Presence,
> {
    /// `[gates · hidden_size, input]` in PyTorch, here gate by gate.
    pub weight_ih: Tensor4<GATES, HIDDEN, SIDES, IN, E>,
    /// `[gates · hidden_size, output]`.
    pub weight_hh: Tensor3<GATES, HIDDEN, OUT, E>,
    /// What is added to the inputs' part of the gates.
    pub bias_ih: B::Of<Tensor2<GATES, HIDDEN, E>>,
    /// What is added to the hidden numbers' part.
    pub bias_hh: B::Of<Tensor2<GATES, HIDDEN, E>>,
    /// The projection `[proj_size, hidden_size]`.
    pub weight_hr: P::Of<Tensor2<OUT, HIDDEN, E>>,
}

impl<
    const GATES: usize,
    const HIDDEN: usize,
    const SIDES: usize,
    const IN: usize,
    const OUT: usize,
    E: Element,
    B: Presence,
    P: Presence,
> Direction<GATES, HIDDEN, SIDES, IN, OUT, E, B, P>
{
    const SHAPES: [&'static [usize]; 4] =
        [&[GATES * HIDDEN, SIDES * IN], &[GATES * HIDDEN, OUT], &[GATES * HIDDEN], &[OUT, HIDDEN]];

    fn weights(&self) -> RecurrentWeights<'_, E> {
        RecurrentWeights {
            input: self.weight_ih.values(),
            hidden: self.weight_hh.values(),
            biases: self.bias_ih.optional().zip(self.bias_hh.optional()).map(|(input, hidden)| [input, hidden]),
            projection: self.weight_hr.optional(),
        }
    }

    fn gradients(&mut self) -> RecurrentGradients<'_, E> {
        RecurrentGradients {
            input: self.weight_ih.values_mut(),
            hidden: self.weight_hh.values_mut(),
            biases: self.bias_ih.optional_mut().zip(self.bias_hh.optional_mut()).map(|(input, hidden)| [input, hidden]),
            projection: self.weight_hr.optional_mut(),
        }
    }
}

// SAFETY: its fields are `Field`s, which are `Zeroable`.
unsafe impl<
    const GATES: usize,
    const HIDDEN: usize,
    const SIDES: usize,
    const IN: usize,
    const OUT: usize,
    E: Element,
    B: Presence,
    P: Presence,
> Zeroable for Direction<GATES, HIDDEN, SIDES, IN, OUT, E, B, P>
{
}

// SAFETY: the places are the fields' own, and the functions give the fields' own types.
unsafe impl<
    const GATES: usize,
    const HIDDEN: usize,
    const SIDES: usize,
    const IN: usize,
    const OUT: usize,
    E: Element,
    B: Presence,
    P: Presence,
> Layout for Direction<GATES, HIDDEN, SIDES, IN, OUT, E, B, P>
{
    const REGIONS: &'static [Region] = &[
        Region::parameter("weight_ih", offset_of!(Self, weight_ih), |own: &Self| &own.weight_ih)
            .shaped(Self::SHAPES[0]),
        Region::parameter("weight_hh", offset_of!(Self, weight_hh), |own: &Self| &own.weight_hh)
            .shaped(Self::SHAPES[1]),
        Region::parameter("bias_ih", offset_of!(Self, bias_ih), |own: &Self| &own.bias_ih).shaped(Self::SHAPES[2]),
        Region::parameter("bias_hh", offset_of!(Self, bias_hh), |own: &Self| &own.bias_hh).shaped(Self::SHAPES[2]),
        Region::parameter("weight_hr", offset_of!(Self, weight_hr), |own: &Self| &own.weight_hr)
            .shaped(Self::SHAPES[3]),
    ];
}

impl<
    const GATES: usize,
    const HIDDEN: usize,
    const SIDES: usize,
    const IN: usize,
    const OUT: usize,
    E: Element,
    B: Presence,
    P: Presence,
> Parameters for Direction<GATES, HIDDEN, SIDES, IN, OUT, E, B, P>
{
    type Element = E;

    fn reset(&mut self, random: &mut dyn Rng) {
        init::uniform_fan_in(self.weight_ih.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.weight_hh.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.bias_ih.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.bias_hh.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.weight_hr.values_mut(), HIDDEN, random);
    }
}

/// Directions of layers, by number.
pub(super) trait Stack<E: Element> {
    fn weights(&self, layer: usize, direction: usize) -> RecurrentWeights<'_, E>;
    fn gradients(&mut self, layer: usize, direction: usize) -> RecurrentGradients<'_, E>;
}

macro_rules! stack {
    ($(#[$doc:meta])* $name:ident [$($generics:tt)*] <$($argument:ident),*>, $gates:literal, $out:ident, $projection:ident $(, $phantom:ident)?) => {
        $(#[$doc])*
        ///
        /// `IN` numbers come in, `HIDDEN` are kept, in `D` directions and `1 + DEEP` layers. All parameters begin as U(±1/√HIDDEN).
        #[repr(C)]
        pub struct $name<$($generics)*> {
            /// The directions of the first layer.
            pub first: [Direction<$gates, HIDDEN, 1, IN, $out, E, B, $projection>; D],
            /// Those of the layers above it.
            pub deeper: [[Direction<$gates, HIDDEN, D, $out, $out, E, B, $projection>; D]; DEEP],
        }

        stack!(@implement $name [$($generics)*] <$($argument),*>);
    };
    (@implement $name:ident [$(const $size:ident: usize,)* E: Element = f32, B: Presence = Present $(, $p:ident: Presence = $absent:ty)?] <$($argument:ident),*>) => {
        // SAFETY: arrays of directions, whose fields are `Field`s, which are `Zeroable`.
        unsafe impl<$(const $size: usize,)* E: Element, B: Presence $(, $p: Presence)?> Zeroable for $name<$($argument),*> {}

        // SAFETY: the places are the fields' own, and the functions give the fields' own types.
        unsafe impl<$(const $size: usize,)* E: Element, B: Presence $(, $p: Presence)?> Layout for $name<$($argument),*> {
            const REGIONS: &'static [Region] = &[
                Region::layer(offset_of!(Self, first), |own: &Self| &own.first),
                Region::layers(offset_of!(Self, deeper), |own: &Self| &own.deeper),
            ];
        }

        impl<$(const $size: usize,)* E: Element, B: Presence $(, $p: Presence)?> Parameters for $name<$($argument),*> {
            type Element = E;

            fn reset(&mut self, random: &mut dyn Rng) {
                self.first.iter_mut().for_each(|direction| direction.reset(random));
                self.deeper.iter_mut().flatten().for_each(|direction| direction.reset(random));
            }
        }

        impl<$(const $size: usize,)* E: Element, B: Presence $(, $p: Presence)?> Stack<E> for $name<$($argument),*> {
            fn weights(&self, layer: usize, direction: usize) -> RecurrentWeights<'_, E> {
                match layer.checked_sub(1) {
                    None => self.first[direction].weights(),
                    Some(layer) => self.deeper[layer][direction].weights(),
                }
            }

            fn gradients(&mut self, layer: usize, direction: usize) -> RecurrentGradients<'_, E> {
                match layer.checked_sub(1) {
                    None => self.first[direction].gradients(),
                    Some(layer) => self.deeper[layer][direction].gradients(),
                }
            }
        }

        impl<$(const $size: usize,)* E: Element, B: Presence $(, $p: Presence)?> Layer for $name<$($argument),*> {
            type Config = Recurrent;

            fn forward(&self, config: &Recurrent, pass: Forward<'_, E>) {
                evaluate(self, config, pass);
            }

            fn forward_train(&mut self, config: &Recurrent, pass: Forward<'_, E>) {
                train(self, config, 1, pass);
            }

            fn backward(&self, config: &Recurrent, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let mut gradients = gradients;
                let stack = gradients.as_mut().map(|gradients| &mut **gradients as &mut dyn Stack<E>);
                backward(self, config, 1, pass, stack);
            }
        }
    };
}

stack! {
    /// A recurrent layer; [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html).
    RNN [const IN: usize, const HIDDEN: usize, const D: usize, const DEEP: usize, E: Element = f32, B: Presence = Present]
    <IN, HIDDEN, D, DEEP, E, B>, 1, HIDDEN, Never
}
stack! {
    /// Gated recurrent units; [`torch.nn.GRU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html).
    GRU [const IN: usize, const HIDDEN: usize, const D: usize, const DEEP: usize, E: Element = f32, B: Presence = Present]
    <IN, HIDDEN, D, DEEP, E, B>, 3, HIDDEN, Never
}
stack! {
    /// Long short-term memory; [`torch.nn.LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html). `OUT` numbers go out, fewer than
    /// `HIDDEN` with a projection.
    LSTM [const IN: usize, const HIDDEN: usize, const D: usize, const DEEP: usize, const OUT: usize, E: Element = f32, B: Presence = Present, P: Presence = Present]
    <IN, HIDDEN, D, DEEP, OUT, E, B, P>, 4, OUT, P
}

type Never = crate::Absent;

macro_rules! cell {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `IN` numbers come in, `HIDDEN` are kept; `ROWS` is `HIDDEN` times the gates. All parameters begin as U(±1/√HIDDEN).
        #[repr(C)]
        pub struct $name<const IN: usize, const HIDDEN: usize, const ROWS: usize, E: Element = f32, B: Presence = Present> {
            /// One row of weights for each gate and hidden number.
            pub weight_ih: Tensor2<ROWS, IN, E>,
            /// The same for the hidden numbers.
            pub weight_hh: Tensor2<ROWS, HIDDEN, E>,
            /// What is added to the inputs' part of the gates.
            pub bias_ih: B::Of<Tensor1<ROWS, E>>,
            /// What is added to the hidden numbers' part.
            pub bias_hh: B::Of<Tensor1<ROWS, E>>,
        }

        parameters! {
            impl [const IN: usize, const HIDDEN: usize, const ROWS: usize, E: Element, B: Presence] $name<IN, HIDDEN, ROWS, E, B> {
                element: E,
                parameters: [weight_ih, weight_hh, bias_ih, bias_hh],
                reset: |layer, random| {
                    init::uniform_fan_in(layer.weight_ih.values_mut(), HIDDEN, random);
                    init::uniform_fan_in(layer.weight_hh.values_mut(), HIDDEN, random);
                    init::uniform_fan_in(layer.bias_ih.values_mut(), HIDDEN, random);
                    init::uniform_fan_in(layer.bias_hh.values_mut(), HIDDEN, random);
                },
            }
        }

        impl<const IN: usize, const HIDDEN: usize, const ROWS: usize, E: Element, B: Presence> Stack<E>
            for $name<IN, HIDDEN, ROWS, E, B>
        {
            fn weights(&self, _layer: usize, _direction: usize) -> RecurrentWeights<'_, E> {
                let biases = self.bias_ih.optional().zip(self.bias_hh.optional());
                RecurrentWeights {
                    input: self.weight_ih.values(),
                    hidden: self.weight_hh.values(),
                    biases: biases.map(|(input, hidden)| [input, hidden]),
                    projection: None,
                }
            }

            fn gradients(&mut self, _layer: usize, _direction: usize) -> RecurrentGradients<'_, E> {
                let biases = self.bias_ih.optional_mut().zip(self.bias_hh.optional_mut());
                RecurrentGradients {
                    input: self.weight_ih.values_mut(),
                    hidden: self.weight_hh.values_mut(),
                    biases: biases.map(|(input, hidden)| [input, hidden]),
                    projection: None,
                }
            }
        }

        impl<const IN: usize, const HIDDEN: usize, const ROWS: usize, E: Element, B: Presence> Layer
            for $name<IN, HIDDEN, ROWS, E, B>
        {
            type Config = Recurrent;

            fn forward(&self, config: &Recurrent, pass: Forward<'_, E>) {
                evaluate(self, config, pass);
            }

            fn forward_train(&mut self, config: &Recurrent, pass: Forward<'_, E>) {
                train(self, config, 0, pass);
            }

            fn backward(&self, config: &Recurrent, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let mut gradients = gradients;
                let stack = gradients.as_mut().map(|gradients| &mut **gradients as &mut dyn Stack<E>);
                backward(self, config, 0, pass, stack);
            }
        }
    };
}

cell! {
    /// One step of an RNN; [`torch.nn.RNNCell`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html).
    RNNCell
}
cell! {
    /// One step of an LSTM; [`torch.nn.LSTMCell`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html).
    LSTMCell
}
cell! {
    /// One step of a GRU; [`torch.nn.GRUCell`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html).
    GRUCell
}

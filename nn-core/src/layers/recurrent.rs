//! RNN, LSTM, GRU and their cells.

use core::mem::offset_of;

use nn_shape::Recurrent;
use rand_core::Rng;

use crate::kernels::{Record, RecurrentGradients, RecurrentWeights, StepRoom};
use crate::{
    Backward, Element, Field, Forward, Gradient, Layer, Layout, Parameters, Path, Presence, Present, Random, Region,
    Tensor1, Tensor2, Tensor3, Tensor4, Zeroable, Zip, init, parameters,
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

    fn reset(&mut self, random: &mut dyn Rng) {
        init::uniform_fan_in(self.weight_ih.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.weight_hh.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.bias_ih.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.bias_hh.values_mut(), HIDDEN, random);
        init::uniform_fan_in(self.weight_hr.values_mut(), HIDDEN, random);
    }

    fn zip<const R: usize, const W: usize>(
        read: [&Self; R],
        mut write: [&mut Self; W],
        path: &Path<'_>,
        place: (usize, bool),
        visit: &mut Zip<'_, E, R, W>,
    ) {
        macro_rules! field {
            ($field:ident, $shape:expr) => {
                let name = stringify!($field);
                let parameter = path.numbered_parameter(name, place, Self::SHAPES[$shape]);
                let write = write.each_mut().map(|own| own.$field.values_mut());
                visit(parameter, read.map(|own| own.$field.values()), write);
            };
        }
        field!(weight_ih, 0);
        field!(weight_hh, 1);
        if <B::Of<Tensor2<GATES, HIDDEN, E>> as Field>::SHAPE.is_some() {
            field!(bias_ih, 2);
            field!(bias_hh, 2);
        }
        if <P::Of<Tensor2<OUT, HIDDEN, E>> as Field>::SHAPE.is_some() {
            field!(weight_hr, 3);
        }
    }

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
        Region::tensor("weight_ih", offset_of!(Self, weight_ih), |own: &Self| &own.weight_ih).shaped(Self::SHAPES[0]),
        Region::tensor("weight_hh", offset_of!(Self, weight_hh), |own: &Self| &own.weight_hh).shaped(Self::SHAPES[1]),
        Region::tensor("bias_ih", offset_of!(Self, bias_ih), |own: &Self| &own.bias_ih).shaped(Self::SHAPES[2]),
        Region::tensor("bias_hh", offset_of!(Self, bias_hh), |own: &Self| &own.bias_hh).shaped(Self::SHAPES[2]),
        Region::tensor("weight_hr", offset_of!(Self, weight_hr), |own: &Self| &own.weight_hr).shaped(Self::SHAPES[3]),
    ];
}

/// Directions of layers, by number.
trait Stack<E: Element> {
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

            fn zip<const R: usize, const W: usize>(
                read: [&Self; R],
                mut write: [&mut Self; W],
                path: &Path<'_>,
                visit: &mut Zip<'_, E, R, W>,
            ) {
                for side in 0..D {
                    let write = write.each_mut().map(|own| &mut own.first[side]);
                    Direction::zip(read.map(|own| &own.first[side]), write, path, (0, side == 1), visit);
                }
                for layer in 0..DEEP {
                    for side in 0..D {
                        let write = write.each_mut().map(|own| &mut own.deeper[layer][side]);
                        let read = read.map(|own| &own.deeper[layer][side]);
                        Direction::zip(read, write, path, (layer + 1, side == 1), visit);
                    }
                }
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
                evaluate(self, config, 1, pass);
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
                evaluate(self, config, 0, pass);
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

/// The memory of all layers for a batch.
struct Room<'a, E> {
    batch: usize,
    config: &'a Recurrent,
    records: &'a mut [E],
    outputs: &'a mut [E],
    factors: &'a mut [E],
    step: StepRoom<'a, E>,
    /// Sequences between layers.
    between: [&'a mut [E]; 2],
}

impl<'a, E: Element> Room<'a, E> {
    fn cut(config: &'a Recurrent, batch: usize, memory: &'a mut [E]) -> Room<'a, E> {
        let one = config.sequence(0, 0);
        let sizes = config.records();
        let mut rest = memory;
        let mut next = |len: usize| {
            let (own, behind) = core::mem::take(&mut rest).split_at_mut(batch * len);
            rest = behind;
            own
        };
        let [records, outputs, factors] = sizes.map(&mut next);
        let step = StepRoom {
            gates: next(one.rows()),
            h: next(one.output),
            c: next(one.hidden),
            before: [next(one.output), next(one.hidden)],
            earlier: [next(one.output), next(one.hidden)],
            raw: [next(one.hidden), next(one.hidden)],
        };
        let between = [next(one.steps * one.width), next(one.steps * one.width)];
        Room { batch, config, records, outputs, factors, step, between }
    }
}

/// The record of one direction of one layer.
fn record<'r, E>(
    config: &Recurrent,
    batch: usize,
    records: &'r mut [E],
    layer: usize,
    direction: usize,
) -> Record<'r, E> {
    let one = config.sequence(layer, direction);
    let (len, all) = (batch * one.record(), batch * one.steps);
    let own = &mut records[(layer * config.directions + direction) * len..][..len];
    let (gates, own) = own.split_at_mut(all * one.rows());
    let (extra, raw) = own.split_at_mut(all * one.extra());
    Record { gates, extra, raw }
}

/// What a state holds for one direction of one layer: copied from, or to, `[batch, layers · directions, size]`.
fn rows<E>(values: &[E], batch: usize, all: usize, place: usize, sample: usize) -> core::ops::Range<usize> {
    let size = values.len() / (batch * all);
    let start = (sample * all + place) * size;
    start..start + size
}

/// All layers over a batch. `states` are the given ones, `finals` receives those behind the last step.
fn run<E: Element>(
    stack: &dyn Stack<E>,
    room: &mut Room<'_, E>,
    input: &[E],
    states: &[&[E]],
    finals: &mut [&mut [E]],
    mut random: Option<&mut Random>,
    scratch: &mut [E],
) {
    let (config, batch) = (room.config, room.batch);
    let (all, len) = (config.layers * config.directions, batch * config.steps * config.width());
    for layer in 0..config.layers {
        if layer > 0 {
            let from = &room.outputs[(layer - 1) * len..][..len];
            match &mut random {
                Some(random) if config.dropout > 0.0 => {
                    let factors = &mut room.factors[(layer - 1) * len..][..len];
                    draw(config.dropout, factors, random);
                    for ((to, from), factor) in room.between[0].iter_mut().zip(from).zip(&*factors) {
                        *to = *from * *factor;
                    }
                }
                _ => room.between[0].copy_from_slice(from),
            }
        }
        for direction in 0..config.directions {
            let place = layer * config.directions + direction;
            for (index, to) in [&mut *room.step.h, &mut *room.step.c].into_iter().enumerate() {
                let size = to.len() / batch;
                match states.get(index) {
                    Some(state) => {
                        for sample in 0..batch {
                            let from = &state[rows(state, batch, all, place, sample)];
                            to[sample * size..][..size].copy_from_slice(from);
                        }
                    }
                    None => to.fill(E::ZERO),
                }
            }
            let input = if layer == 0 { input } else { &*room.between[0] };
            let output = &mut room.outputs[layer * len..][..len];
            let mut record = record(config, batch, room.records, layer, direction);
            let sequence = config.sequence(layer, direction);
            let weights = stack.weights(layer, direction);
            E::recurrent_forward(&sequence, batch, input, &weights, &mut record, &mut room.step, output, scratch);
            for (index, to) in finals.iter_mut().enumerate() {
                let from = if index == 0 { &*room.step.h } else { &*room.step.c };
                let size = from.len() / batch;
                for sample in 0..batch {
                    let range = rows(to, batch, all, place, sample);
                    to[range].copy_from_slice(&from[sample * size..][..size]);
                }
            }
        }
    }
}

/// What each number is multiplied by: 0, or 1 / (1 - p).
fn draw<E: Element>(p: f64, factors: &mut [E], random: &mut Random) {
    let stays = E::from_f64(if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 });
    let zeros = (p * 4_294_967_296.0) as u64;
    for factor in factors {
        *factor = if u64::from(random.next_u32()) >= zeros { stays } else { E::ZERO };
    }
}

/// Sample by sample. `first` is where the states begin among the outputs: 1 behind a sequence, 0 of a cell.
fn evaluate<E: Element>(stack: &dyn Stack<E>, config: &Recurrent, first: usize, pass: Forward<'_, E>) {
    let Forward { batch, inputs, outputs, scratch, .. } = pass;
    let len = config.steps * config.width();
    for sample in 0..batch {
        let mut room = Room::cut(config, 1, scratch);
        let one = |values: &'_ [E]| values.len() / batch * sample..values.len() / batch * (sample + 1);
        let mut states: [&[E]; 2] = [&[]; 2];
        let count = inputs.len() - 1;
        for (to, from) in states.iter_mut().zip(&inputs[1..]) {
            *to = &from[one(from)];
        }
        let (sequence, finals) = outputs.split_at_mut(first);
        let mut rest: [&mut [E]; 2] = [&mut [], &mut []];
        let used = finals.len();
        for (to, from) in rest.iter_mut().zip(finals) {
            let range = one(from);
            *to = &mut from[range];
        }
        let input = &inputs[0][one(inputs[0])];
        run(stack, &mut room, input, &states[..count], &mut rest[..used], None, &mut []);
        if let [output] = sequence {
            output[sample * len..][..len].copy_from_slice(&room.outputs[(config.layers - 1) * len..][..len]);
        }
    }
}

fn train<E: Element>(stack: &dyn Stack<E>, config: &Recurrent, first: usize, pass: Forward<'_, E>) {
    let Forward { batch, inputs, outputs, scratch, saved, random, .. } = pass;
    let mut room = Room::cut(config, batch, saved.sample);
    let (sequence, finals) = outputs.split_at_mut(first);
    run(stack, &mut room, inputs[0], &inputs[1..], finals, Some(random), scratch);
    if let [output] = sequence {
        let len = output.len();
        output.copy_from_slice(&room.outputs[(config.layers - 1) * len..][..len]);
    }
}

fn backward<E: Element>(
    stack: &dyn Stack<E>,
    config: &Recurrent,
    first: usize,
    pass: Backward<'_, E>,
    mut gradients: Option<&mut dyn Stack<E>>,
) {
    let Backward { batch, inputs, output_gradients, input_gradients, saved, scratch, .. } = pass;
    let mut room = Room::cut(config, batch, saved.sample);
    let (all, len) = (config.layers * config.directions, batch * config.steps * config.width());
    let (own, states) = input_gradients.split_at_mut(1);
    // The gradient of the last layer's output.
    match output_gradients[..first] {
        [output] => room.between[1].copy_from_slice(output),
        _ => room.between[1].fill(E::ZERO),
    }
    for layer in (0..config.layers).rev() {
        let [below, gradient] = &mut room.between;
        // What came in, as dropout left it.
        let (before, output) = room.outputs.split_at(layer * len);
        let output = &output[..len];
        let inner = before.len().checked_sub(len).map(|start| &before[start..]);
        let factors = (config.dropout > 0.0 && layer > 0).then(|| &room.factors[(layer - 1) * len..][..len]);
        if let Some(inner) = inner {
            match factors {
                Some(factors) => {
                    for ((to, from), factor) in below.iter_mut().zip(inner).zip(factors) {
                        *to = *from * *factor;
                    }
                }
                None => below.copy_from_slice(inner),
            }
        }
        for direction in 0..config.directions {
            let place = layer * config.directions + direction;
            let sequence = config.sequence(layer, direction);
            let finals = &output_gradients[first..];
            for (index, to) in [&mut *room.step.h, &mut *room.step.c].into_iter().enumerate() {
                gather(to, finals.get(index).copied(), batch, all, place);
            }
            let [h_before, c_before] = &mut room.step.before;
            gather(h_before, inputs.get(1).copied(), batch, all, place);
            gather(c_before, inputs.get(2).copied(), batch, all, place);
            let input = if layer == 0 { inputs[0] } else { &**below };
            let mut record = record(config, batch, room.records, layer, direction);
            let weights = stack.weights(layer, direction);
            let own_gradients = gradients.as_mut().map(|gradients| gradients.gradients(layer, direction));
            E::recurrent_backward(
                &sequence,
                batch,
                input,
                &weights,
                &mut record,
                &mut room.step,
                (output, gradient),
                own_gradients,
                scratch,
            );
            for (index, to) in states.iter_mut().enumerate() {
                let from = if index == 0 { &*room.step.h } else { &*room.step.c };
                scatter(to, from, batch, all, place);
            }
        }
        // All directions add to what came in.
        for direction in 0..config.directions {
            let sequence = config.sequence(layer, direction);
            let record = record(config, batch, room.records, layer, direction);
            let target = if layer == 0 { own[0].target() } else { Some((&mut **gradient, direction > 0)) };
            let Some((to, accumulate)) = target else { continue };
            let (steps, weight) = (batch * config.steps, stack.weights(layer, direction).input);
            E::linear_backward_input(
                steps,
                sequence.input,
                sequence.rows(),
                record.gates,
                weight,
                to,
                accumulate,
                scratch,
            );
        }
        if let (Some(factors), true) = (factors, layer > 0) {
            for (to, factor) in gradient.iter_mut().zip(factors) {
                *to *= *factor;
            }
        }
    }
}

/// `to[sample] = from[sample, place]`, or 0.
fn gather<E: Element>(to: &mut [E], from: Option<&[E]>, batch: usize, all: usize, place: usize) {
    let size = to.len() / batch;
    match from {
        Some(from) => {
            for sample in 0..batch {
                to[sample * size..][..size].copy_from_slice(&from[rows(from, batch, all, place, sample)]);
            }
        }
        None => to.fill(E::ZERO),
    }
}

/// The gradient of a given state.
fn scatter<E: Element>(to: &mut Gradient<'_, E>, from: &[E], batch: usize, all: usize, place: usize) {
    let size = from.len() / batch;
    let Some(to) = to.accumulator() else { return };
    for sample in 0..batch {
        let range = rows(to, batch, all, place, sample);
        for (to, from) in to[range].iter_mut().zip(&from[sample * size..][..size]) {
            *to += *from;
        }
    }
}

//! MultiheadAttention.

use nn_shape::MultiheadAttention as Config;

use super::Linear;
use super::attention::draw;
use super::samples::{SampleOf, Samples};
use crate::kernels::{Attended, AttendedGradients};
use crate::{
    Backward, Element, Field, Forward, Gradient, Layer, Presence, Present, Tensor1, Tensor2, Tensor3, init, parameters,
};

/// Every query gets a mean of the values, weighted by how well their keys match, in several heads;
/// [`torch.nn.MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html).
///
/// `P` tells whether queries, keys and values have as many features, so that one weight projects all three (`PACKED` is `3 · EMBED`);
/// `B` whether there are biases, `A` whether a learnt key and value are added. Weights begin as Xavier's uniform law says, biases as 0.
#[repr(C)]
pub struct MultiheadAttention<
    const EMBED: usize,
    const PACKED: usize,
    const KDIM: usize,
    const VDIM: usize,
    E: Element = f32,
    P: Presence = Present,
    B: Presence = Present,
    A: Presence = Present,
> {
    /// The projections of queries, keys and values, one below the other.
    pub in_proj_weight: P::Of<Tensor2<PACKED, EMBED, E>>,
    /// The projection of queries, where there is no `in_proj_weight`.
    pub q_proj_weight: <P::Not as Presence>::Of<Tensor2<EMBED, EMBED, E>>,
    /// The projection of keys, where there is no `in_proj_weight`.
    pub k_proj_weight: <P::Not as Presence>::Of<Tensor2<EMBED, KDIM, E>>,
    /// The projection of values, where there is no `in_proj_weight`.
    pub v_proj_weight: <P::Not as Presence>::Of<Tensor2<EMBED, VDIM, E>>,
    /// What is added to queries, keys and values.
    pub in_proj_bias: B::Of<Tensor1<PACKED, E>>,
    /// A key that is added to all others.
    pub bias_k: A::Of<Tensor3<1, 1, EMBED, E>>,
    /// Its value.
    pub bias_v: A::Of<Tensor3<1, 1, EMBED, E>>,
    /// The projection of what the heads give.
    pub out_proj: Linear<EMBED, EMBED, E, B>,
}

parameters! {
    impl [
        const EMBED: usize, const PACKED: usize, const KDIM: usize, const VDIM: usize, E: Element, P: Presence, B: Presence, A: Presence
    ] MultiheadAttention<EMBED, PACKED, KDIM, VDIM, E, P, B, A> {
        element: E,
        parameters: [in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, in_proj_bias, bias_k, bias_v],
        layers: [out_proj: Linear<EMBED, EMBED, E, B>],
        reset: |layer, random| {
            layer.out_proj.reset(random);
            layer.out_proj.bias.values_mut().fill(E::ZERO);
            layer.in_proj_bias.values_mut().fill(E::ZERO);
            xavier(&mut layer.in_proj_weight, init::xavier_uniform(), random);
            xavier(&mut layer.q_proj_weight, init::xavier_uniform(), random);
            xavier(&mut layer.k_proj_weight, init::xavier_uniform(), random);
            xavier(&mut layer.v_proj_weight, init::xavier_uniform(), random);
            xavier(&mut layer.bias_k, init::xavier_normal(), random);
            xavier(&mut layer.bias_v, init::xavier_normal(), random);
        },
    }
}

/// Fills a parameter, if it is there.
fn xavier<F: Field>(field: &mut F, law: init::Init, random: &mut dyn crate::Rng)
where
    F::Element: Element,
{
    if let Some(shape) = F::SHAPE {
        law.fill(field.values_mut(), shape, random);
    }
}

/// What lies between the projections, for a batch: queries, keys, values, and what the heads give.
struct Room<'a, E> {
    query: &'a mut [E],
    key: &'a mut [E],
    value: &'a mut [E],
    attended: &'a mut [E],
}

impl<'a, E> Room<'a, E> {
    /// Cuts it from the front of some memory; the rest is for the weights.
    fn cut(config: &Config, batch: usize, memory: &'a mut [E]) -> (Self, &'a mut [E]) {
        let [queries, keys] = config.projected().map(|len| len * batch);
        let (query, memory) = memory.split_at_mut(queries);
        let (key, memory) = memory.split_at_mut(keys);
        let (value, memory) = memory.split_at_mut(keys);
        let (attended, memory) = memory.split_at_mut(queries);
        (Room { query, key, value, attended }, memory)
    }
}

/// The three projections: weight, features of the input, bias.
type Projections<'a, E> = [(&'a [E], usize, Option<&'a [E]>); 3];

impl<
    const EMBED: usize,
    const PACKED: usize,
    const KDIM: usize,
    const VDIM: usize,
    E: Element,
    P: Presence,
    B: Presence,
    A: Presence,
> MultiheadAttention<EMBED, PACKED, KDIM, VDIM, E, P, B, A>
{
    fn projections(&self) -> Projections<'_, E> {
        let third = |third: usize| self.in_proj_bias.optional().map(|bias| &bias[third * EMBED..][..EMBED]);
        let packed = |third: usize| self.in_proj_weight.optional().map(|weight| weight.sample(3, third));
        [
            (packed(0).unwrap_or(self.q_proj_weight.values()), EMBED, third(0)),
            (packed(1).unwrap_or(self.k_proj_weight.values()), KDIM, third(1)),
            (packed(2).unwrap_or(self.v_proj_weight.values()), VDIM, third(2)),
        ]
    }

    /// The weight and the bias of one projection, for writing.
    fn projection_mut(&mut self, index: usize) -> (&mut [E], Option<&mut [E]>) {
        let bias = self.in_proj_bias.optional_mut().map(|bias| bias.sample_mut(3, index));
        let weight = match (self.in_proj_weight.optional_mut(), index) {
            (Some(weight), _) => weight.sample_mut(3, index),
            (None, 0) => self.q_proj_weight.values_mut(),
            (None, 1) => self.k_proj_weight.values_mut(),
            (None, _) => self.v_proj_weight.values_mut(),
        };
        (weight, bias)
    }

    /// Projects the inputs of a batch, and adds keys and values.
    fn project(&self, config: &Config, batch: usize, inputs: [&[E]; 3], room: &mut Room<'_, E>, scratch: &mut [E]) {
        let projections = self.projections();
        let added = [None, self.bias_k.optional(), self.bias_v.optional()];
        let to = [&mut *room.query, &mut *room.key, &mut *room.value];
        for (index, to) in to.into_iter().enumerate() {
            let (weight, features, bias) = projections[index];
            let (own, all) = match index {
                0 => (config.heads.queries, config.heads.queries),
                _ => (config.keys, config.heads.keys),
            };
            // Where nothing is added, the samples are one matrix.
            let (pieces, rows) = if own == all { (1, own * batch) } else { (batch, own) };
            for piece in 0..pieces {
                let (to, rest) = to.sample_mut(pieces, piece).split_at_mut(rows * EMBED);
                let input = inputs[index].sample(pieces, piece);
                E::linear_forward(rows, features, EMBED, input, weight, bias, to, scratch);
                rest.fill(E::ZERO);
                if let Some(added) = added[index] {
                    rest[..EMBED].copy_from_slice(added);
                }
            }
        }
    }

    /// One sample of one projection, backwards: `from` is the gradient of all that it gave, with what was added.
    #[allow(clippy::too_many_arguments)]
    fn project_backward(
        &self,
        config: &Config,
        index: usize,
        input: &[E],
        from: &[E],
        target: Option<(&mut [E], bool)>,
        gradients: Option<&mut Self>,
        scratch: &mut [E],
    ) {
        let rows = if index == 0 { config.heads.queries } else { config.keys };
        let (weight, features, _) = self.projections()[index];
        let (from, added) = from.split_at(rows * EMBED);
        if let Some((target, accumulate)) = target {
            E::linear_backward_input(rows, features, EMBED, from, weight, target, accumulate, scratch);
        }
        let Some(gradients) = gradients else { return };
        let (weight, bias) = gradients.projection_mut(index);
        E::linear_backward_weight(rows, features, EMBED, input, from, weight, true, scratch);
        if let Some(bias) = bias {
            E::bias_backward(EMBED, 1, rows, from, bias);
        }
        let learnt = match index {
            0 => None,
            1 => gradients.bias_k.optional_mut(),
            _ => gradients.bias_v.optional_mut(),
        };
        if let Some(learnt) = learnt {
            E::accumulate(&added[..EMBED], learnt);
        }
    }

    /// Attends, sample by sample, and projects what the heads give.
    #[allow(clippy::too_many_arguments)]
    fn attend(
        &self,
        config: &Config,
        batch: usize,
        masks: [Option<&[E]>; 2],
        words: Option<&[u32]>,
        room: &mut Room<'_, E>,
        weights: &mut [E],
        outputs: &mut [&mut [E]],
        first: usize,
        scratch: &mut [E],
    ) {
        let [output, shown] = outputs else { return };
        let all = output.len() / config.projected()[0].max(1);
        for sample in 0..batch {
            let given = Attended {
                query: room.query.sample(batch, sample),
                key: room.key.sample(batch, sample),
                value: room.value.sample(batch, sample),
                masks: masks.map(|mask| mask.map(|mask| mask.sample(all, first + sample))),
                words: words.map(|words| words.sample(batch, sample)),
            };
            let attended = room.attended.sample_mut(batch, sample);
            let shown = config.need_weights.then(|| shown.sample_mut(all, first + sample));
            let weights = weights.sample_mut(batch, sample);
            E::attention_forward(&config.heads, &given, weights, attended, shown, scratch);
        }
        let rows = config.heads.queries * batch;
        let output = &mut output[first * config.projected()[0]..][..rows * EMBED];
        let (weight, bias) = (self.out_proj.weight.values(), self.out_proj.bias.optional());
        E::linear_forward(rows, EMBED, EMBED, room.attended, weight, bias, output, scratch);
    }
}

impl<
    const EMBED: usize,
    const PACKED: usize,
    const KDIM: usize,
    const VDIM: usize,
    E: Element,
    P: Presence,
    B: Presence,
    A: Presence,
> Layer for MultiheadAttention<EMBED, PACKED, KDIM, VDIM, E, P, B, A>
{
    type Config = Config;

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        let (mut room, scratch) = Room::cut(config, 1, pass.scratch);
        let (weights, scratch) = scratch.split_at_mut(config.heads.weights());
        for sample in 0..pass.batch {
            let inputs = [0, 1, 2].map(|input| pass.inputs[input].sample(pass.batch, sample));
            self.project(config, 1, inputs, &mut room, scratch);
            let masks = config.masks.map(|mask| mask.map(|place| pass.inputs[place]));
            self.attend(config, 1, masks, None, &mut room, weights, pass.outputs, sample, scratch);
        }
    }

    fn forward_train(&mut self, config: &Config, pass: Forward<'_, E>) {
        let words = draw::<E>(&config.heads, pass.batch, pass.saved.words, pass.random);
        let (mut room, weights) = Room::cut(config, pass.batch, pass.saved.sample);
        let inputs = [0, 1, 2].map(|input| pass.inputs[input]);
        let masks = config.masks.map(|mask| mask.map(|place| pass.inputs[place]));
        self.project(config, pass.batch, inputs, &mut room, pass.scratch);
        self.attend(config, pass.batch, masks, words, &mut room, weights, pass.outputs, 0, pass.scratch);
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, mut gradients: Option<&mut Self>) {
        let (batch, heads) = (pass.batch, &config.heads);
        let words = (!pass.saved.words.is_empty()).then_some(&*pass.saved.words);
        let (room, weights) = Room::cut(config, batch, pass.saved.sample);
        let (inner, scratch) = Room::cut(config, 1, pass.scratch);
        let output = pass.output_gradients[0];
        if let Some(gradients) = &mut gradients {
            let (rows, weight) = (heads.queries * batch, gradients.out_proj.weight.values_mut());
            E::linear_backward_weight(rows, EMBED, EMBED, room.attended, output, weight, true, scratch);
            if let Some(bias) = gradients.out_proj.bias.optional_mut() {
                E::bias_backward(EMBED, 1, rows, output, bias);
            }
        }
        let (operands, masks) = pass.input_gradients.split_at_mut(3);
        let [query, key, value] = operands else { return };
        let mut targets = [query.target(), key.target(), value.target()];
        let mut masks = accumulators(config, masks);
        for sample in 0..batch {
            let given = Attended {
                query: room.query.sample(batch, sample),
                key: room.key.sample(batch, sample),
                value: room.value.sample(batch, sample),
                // The weights know what was masked.
                masks: [None, None],
                words: words.map(|words| words.sample(batch, sample)),
            };
            let attended = &mut *inner.attended;
            let (weight, output) = (self.out_proj.weight.values(), output.sample(batch, sample));
            E::linear_backward_input(heads.queries, EMBED, EMBED, output, weight, attended, false, scratch);
            let shown = config.need_weights.then(|| pass.output_gradients[1].sample(batch, sample));
            let inside = AttendedGradients {
                query: Some((&mut *inner.query, false)),
                key: Some((&mut *inner.key, false)),
                value: Some((&mut *inner.value, false)),
                masks: masks.each_mut().map(|mask| mask.as_deref_mut().map(|mask| mask.sample_mut(batch, sample))),
            };
            E::attention_backward(heads, &given, weights.sample(batch, sample), attended, shown, inside, scratch);
            for (index, from) in [&*inner.query, &*inner.key, &*inner.value].into_iter().enumerate() {
                let input = pass.inputs[index].sample(batch, sample);
                let target = targets[index].sample_of(batch, sample);
                self.project_backward(config, index, input, from, target, gradients.as_deref_mut(), scratch);
            }
        }
    }
}

/// The gradients of `attn_mask` and `key_padding_mask`.
fn accumulators<'a, E: Element>(config: &Config, gradients: &'a mut [Gradient<'_, E>]) -> [Option<&'a mut [E]>; 2] {
    let mut masks = [None, None];
    for (index, gradient) in gradients.iter_mut().enumerate() {
        let which = usize::from(config.masks[1] == Some(index + 3));
        masks[which] = gradient.accumulator();
    }
    masks
}

//! scaled_dot_product_attention.

use nn_shape::{Dropout, Heads, ScaledDotProductAttention as Config};

use super::samples::{SampleOf, Samples};
use crate::kernels::{Attended, AttendedGradients};
use crate::{Backward, Element, Forward, Layer, parameters};

/// `softmax(scale · Q Kᵀ + attn_mask) V` for each head; see
/// [`torch.nn.functional.scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html).
#[derive(Clone, Copy, Debug)]
pub struct ScaledDotProductAttention<E: Element = f32>(core::marker::PhantomData<E>);

parameters! {
    impl [E: Element] ScaledDotProductAttention<E> {
        element: E,
        parameters: [],
        reset: |_, _| {},
    }
}

impl<E: Element> Layer for ScaledDotProductAttention<E> {
    type Config = Config;

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        let (weights, scratch) = pass.scratch.split_at_mut(config.heads.weights());
        for sample in 0..pass.batch {
            let given = given(config, pass.batch, pass.inputs, None, sample);
            E::attention_forward(
                &config.heads,
                &given,
                weights,
                pass.outputs[0].sample_mut(pass.batch, sample),
                None,
                scratch,
            );
        }
    }

    fn forward_train(&mut self, config: &Config, pass: Forward<'_, E>) {
        let words = draw::<E>(&config.heads, pass.batch, pass.saved.words, pass.random);
        for sample in 0..pass.batch {
            let given = given(config, pass.batch, pass.inputs, words, sample);
            let weights = pass.saved.sample.sample_mut(pass.batch, sample);
            let output = pass.outputs[0].sample_mut(pass.batch, sample);
            E::attention_forward(&config.heads, &given, weights, output, None, pass.scratch);
        }
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
        let words = (!pass.saved.words.is_empty()).then_some(&*pass.saved.words);
        let (operands, masks) = pass.input_gradients.split_at_mut(3);
        let [query, key, value] = operands else { return };
        let (mut query, mut key, mut value) = (query.target(), key.target(), value.target());
        let mut mask = masks.first_mut().and_then(|mask| mask.accumulator());
        for sample in 0..pass.batch {
            let given = given(config, pass.batch, pass.inputs, words, sample);
            let gradients = AttendedGradients {
                query: query.sample_of(pass.batch, sample),
                key: key.sample_of(pass.batch, sample),
                value: value.sample_of(pass.batch, sample),
                masks: [mask.as_deref_mut().map(|mask| mask.sample_mut(pass.batch, sample)), None],
            };
            let weights = pass.saved.sample.sample(pass.batch, sample);
            let output = pass.output_gradients[0].sample(pass.batch, sample);
            E::attention_backward(&config.heads, &given, weights, output, None, gradients, pass.scratch);
        }
    }
}

fn given<'a, E: Element>(
    config: &Config,
    batch: usize,
    inputs: &[&'a [E]],
    words: Option<&'a [u32]>,
    sample: usize,
) -> Attended<'a, E> {
    Attended {
        query: inputs[0].sample(batch, sample),
        key: inputs[1].sample(batch, sample),
        value: inputs[2].sample(batch, sample),
        masks: [config.mask.map(|place| inputs[place].sample(batch, sample)), None],
        words: words.map(|words| words.sample(batch, sample)),
    }
}

/// Draws which weights stay: `None` without dropout.
pub(super) fn draw<'a, E: Element>(
    heads: &Heads,
    batch: usize,
    words: &'a mut [u32],
    random: &mut crate::Random,
) -> Option<&'a [u32]> {
    if words.is_empty() {
        return None;
    }
    E::dropout_draw(&Dropout::of_elements(heads.dropout, heads.weights()), batch * heads.count, words, random);
    Some(words)
}

//! Embedding, EmbeddingBag.

use nn_shape::{BagMode, Embedding as Rows, EmbeddingBag as Config, Table};

use crate::kernels::Bagged;
use crate::{Backward, Element, Forward, Layer, Parameters, Rng, Tensor, Tensor2, init, parameters};

/// For each index `i` of the input the row `weight[i]` of a table: indices `[[u32; n]; m]` give `[m, n, DIM]`;
/// [`torch.nn.Embedding`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html).
///
/// The table begins as N(0, 1), and the row of `padding_idx` as zeros; that row has no gradient. With `max_norm`, rows that are longer are
/// shortened to it: training writes them back into the table. An index that is not below `NUM` panics.
#[repr(C)]
pub struct Embedding<const NUM: usize, const DIM: usize, E: Element = f32> {
    /// One row of numbers for each index.
    pub weight: Tensor2<NUM, DIM, E>,
}

/// For each bag of indices the sum, the mean or the maximum of their rows of a table, zeros if the bag is empty:
/// [`torch.nn.EmbeddingBag`](https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html).
///
/// Indices `[u32; n]` are a bag and give `[DIM]`; `[[u32; n]; b]` are `b` bags and give `[b, DIM]`; with `offsets: [u32; b]`, which say where the
/// bags begin, `[u32; n]` gives `[b, DIM]`. With `mode = "sum"`, `per_sample_weights` multiplies each row. `padding_idx` is left out of
/// bags. The table begins as N(0, 1), and the row of `padding_idx` as zeros. An index that is not below `NUM` panics, and so do offsets
/// that do not ascend from 0 to at most `n`.
#[repr(C)]
pub struct EmbeddingBag<const NUM: usize, const DIM: usize, E: Element = f32> {
    /// One row of numbers for each index.
    pub weight: Tensor2<NUM, DIM, E>,
}

macro_rules! tables {
    ($($name:ident)*) => {$(
        parameters! {
            impl [const NUM: usize, const DIM: usize, E: Element] $name<NUM, DIM, E> {
                element: E,
                parameters: [weight],
                reset: |layer, random| init::normal().fill(layer.weight.as_mut_slice(), &[NUM, DIM], random),
            }
        }

        impl<const NUM: usize, const DIM: usize, E: Element> $name<NUM, DIM, E> {
            fn clear_padding(&mut self, table: &Table) {
                if let Some(row) = table.padding {
                    self.weight[row].fill(E::ZERO);
                }
            }
        }
    )*};
}

tables!(Embedding EmbeddingBag);

impl<const NUM: usize, const DIM: usize, E: Element> Layer for Embedding<NUM, DIM, E> {
    type Config = Rows;

    fn initialize(&mut self, config: &Rows, random: &mut dyn Rng) {
        self.reset(random);
        self.clear_padding(&config.table);
    }

    fn forward(&self, config: &Rows, pass: Forward<'_, E>) {
        E::embedding_forward(&config.table, self.weight.as_slice(), pass.indices[0], pass.outputs[0]);
    }

    fn forward_train(&mut self, config: &Rows, pass: Forward<'_, E>) {
        E::embedding_renormalise(&config.table, pass.indices[0], self.weight.as_mut_slice());
        self.forward(config, pass);
    }

    fn backward(&self, config: &Rows, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let Some(gradients) = gradients else { return };
        let (indices, output) = (pass.indices[0], pass.output_gradients[0]);
        E::embedding_backward(&config.table, indices, output, gradients.weight.as_mut_slice(), pass.scratch);
    }
}

fn bagged<'a, E>(config: &Config, indices: &[&'a [u32]], inputs: &[&'a [E]]) -> Bagged<'a, E> {
    let offsets = (config.bags.offsets > 0).then(|| indices[1]);
    Bagged { indices: indices[0], offsets, weights: inputs.first().copied() }
}

impl<const NUM: usize, const DIM: usize, E: Element> Layer for EmbeddingBag<NUM, DIM, E> {
    type Config = Config;

    fn initialize(&mut self, config: &Config, random: &mut dyn Rng) {
        self.reset(random);
        self.clear_padding(&config.table);
    }

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        let bagged = bagged(config, pass.indices, pass.inputs);
        let places = (!pass.saved.words.is_empty()).then_some(pass.saved.words);
        let weight = self.weight.as_slice();
        E::bag_forward(&config.table, &config.bags, pass.batch, weight, bagged, pass.outputs[0], places);
    }

    fn forward_train(&mut self, config: &Config, pass: Forward<'_, E>) {
        E::embedding_renormalise(&config.table, pass.indices[0], self.weight.as_mut_slice());
        self.forward(config, pass);
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let (table, bags, output) = (&config.table, &config.bags, pass.output_gradients[0]);
        let bagged = bagged(config, pass.indices, pass.inputs);
        if let Some(gradients) = gradients {
            let weight = gradients.weight.as_mut_slice();
            E::bag_backward(table, bags, pass.batch, bagged, output, pass.saved.words, weight, pass.scratch);
        }
        debug_assert!(pass.input_gradients.is_empty() || bags.mode == BagMode::Sum, "weights go with sums");
        if let Some(factors) = pass.input_gradients.first_mut().and_then(|gradient| gradient.accumulator()) {
            let weight = self.weight.as_slice();
            E::bag_backward_factors(table, bags, pass.batch, weight, bagged, output, factors);
        }
    }
}

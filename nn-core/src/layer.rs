//! The contract of a layer.

use crate::{Element, Gradient, Parameters, Random, Rng};

/// A layer: parameters and buffers, a forward and a backward pass.
///
/// Built-in layers and a user's own are the same to `network!`: it writes these calls, with slices cut from a planned memory. Batches are
/// contiguous: a slice holds `batch` samples, one after the other. What is fixed at compile time, the arguments and all shapes, comes as
/// the constant `config`, an operation of `nn-shape`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no passes yet",
    label = "no `impl Layer`",
    note = "behind `layer!` stands an `impl Layer` with `type Config`, `forward` and `backward`: the guide to layers of one's own shows one"
)]
pub trait Layer: Parameters {
    /// The operation that fixes arguments and shapes.
    type Config;

    /// Whether [`Layer::backward`] overwrites the gradients of all its parameters where [`Backward::fresh`] says so. Where it does not, they are set to
    /// zero before: for a layer with few numbers that is as fast.
    const WRITES_GRADIENTS: bool = false;

    /// PyTorch's default initialisation: [`Parameters::reset`], unless the layer's arguments have a say in it.
    fn initialize(&mut self, config: &Self::Config, random: &mut dyn Rng) {
        let _ = config;
        self.reset(random);
    }

    /// Evaluation mode: reads `pass.inputs`, writes all of `pass.outputs`, whose content is undefined before.
    fn forward(&self, config: &Self::Config, pass: Forward<'_, Self::Element>);

    /// Training mode: as [`Layer::forward`], and leaves in `pass.saved` what [`Layer::backward`] needs. May update buffers.
    fn forward_train(&mut self, config: &Self::Config, pass: Forward<'_, Self::Element>) {
        self.forward(config, pass);
    }

    /// Given the gradients of the outputs, gives those of the inputs (each that is wanted must be written, be it with zeros) and adds those of the parameters to `gradients`
    /// (`None` if they are frozen); with [`Layer::WRITES_GRADIENTS`], writes them where they are fresh.
    fn backward(&self, config: &Self::Config, pass: Backward<'_, Self::Element>, gradients: Option<&mut Self>);
}

/// What a forward pass works on.
pub struct Forward<'a, E> {
    /// Samples in each slice.
    pub batch: usize,
    /// The inputs that hold numbers, in their order.
    pub inputs: &'a [&'a [E]],
    /// The inputs that hold indices, in theirs.
    pub indices: &'a [&'a [u32]],
    /// The outputs that hold numbers, to be overwritten.
    pub outputs: &'a mut [&'a mut [E]],
    /// The outputs that hold indices, to be overwritten.
    pub index_outputs: &'a mut [&'a mut [u32]],
    /// In training mode, room for what the backward pass needs: as long as the operation's `needs()` say. Empty in evaluation mode.
    pub saved: Saved<'a, E>,
    /// Working space: as long as `needs()` say.
    pub scratch: &'a mut [E],
    /// Random numbers for training mode.
    pub random: &'a mut Random,
}

/// What a forward pass in training mode leaves for the backward pass.
pub struct Saved<'a, E> {
    /// Once for the batch.
    pub batch: &'a mut [E],
    /// For each sample.
    pub sample: &'a mut [E],
    /// Words for each sample.
    pub words: &'a mut [u32],
}

/// What a backward pass works on.
pub struct Backward<'a, E: Element> {
    /// Samples in each slice.
    pub batch: usize,
    /// The inputs of the forward pass that hold numbers; empty unless `needs()` ask for them.
    pub inputs: &'a [&'a [E]],
    /// The inputs of the forward pass that hold indices.
    pub indices: &'a [&'a [u32]],
    /// The outputs of the forward pass that hold numbers; empty unless `needs()` ask for them.
    pub outputs: &'a [&'a [E]],
    /// The outputs of the forward pass that hold indices.
    pub index_outputs: &'a [&'a [u32]],
    /// The gradients of the outputs that hold numbers; empty where an input's gradient lies there and takes its place ([`crate::Content::OfOutput`]).
    pub output_gradients: &'a [&'a [E]],
    /// Whether the memory for the parameters' gradients holds nothing yet; only ever with [`Layer::WRITES_GRADIENTS`].
    pub fresh: bool,
    /// The gradients of the inputs, one for each of `inputs`.
    pub input_gradients: &'a mut [Gradient<'a, E>],
    /// What the forward pass left.
    pub saved: Saved<'a, E>,
    /// Working space: as long as `needs()` say.
    pub scratch: &'a mut [E],
}

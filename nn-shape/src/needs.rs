//! What an operation asks of the memory plan.

/// What an operation asks of the memory plan, in elements for one sample unless said otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Needs {
    /// The backward pass reads the inputs.
    pub inputs: bool,
    /// The backward pass reads the outputs.
    pub outputs: bool,
    /// What the forward pass in training mode leaves for the backward pass, once for the whole batch (batch statistics).
    pub saved_batch: usize,
    /// The same for each sample.
    pub saved_sample: usize,
    /// The same in `u32` words for each sample (indices of maxima, masks).
    pub saved_words: usize,
    /// Working space of the forward pass, once for the whole batch.
    pub forward_scratch: usize,
    /// Working space of the backward pass, once for the whole batch.
    pub backward_scratch: usize,
}

impl Needs {
    /// Nothing at all.
    pub const NOTHING: Needs = Needs {
        inputs: false,
        outputs: false,
        saved_batch: 0,
        saved_sample: 0,
        saved_words: 0,
        forward_scratch: 0,
        backward_scratch: 0,
    };
    /// The inputs.
    pub const INPUTS: Needs = Needs { inputs: true, ..Needs::NOTHING };
    /// The outputs.
    pub const OUTPUTS: Needs = Needs { outputs: true, ..Needs::NOTHING };
}

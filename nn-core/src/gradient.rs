//! Where a backward pass puts the gradient of a value.

use crate::Float;

/// The gradient of one value, to which every use of the value adds.
///
/// The first use finds it [fresh](Gradient::is_fresh): what the memory holds is left over from another value and must be overwritten.
/// A layer that does not care calls [`Gradient::accumulator`], which zeroes fresh memory, and adds.
pub struct Gradient<'a, E> {
    values: Option<&'a mut [E]>,
    content: Content,
}

/// What the memory of a gradient holds before a backward pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// What is left over from another value.
    Stale,
    /// What other uses of the value gave.
    Sum,
    /// The gradient of the layer's output, which nobody else will read, and which the pass has nowhere else: it becomes the one that is asked for, in its
    /// place. Only layers that `network!` knows to do so meet it.
    OfOutput,
}

impl<'a, E: Float> Gradient<'a, E> {
    /// A gradient to add to, or, if `fresh`, to overwrite.
    pub fn new(values: &'a mut [E], fresh: bool) -> Self {
        Gradient::with(values, if fresh { Content::Stale } else { Content::Sum })
    }

    pub(crate) fn with(values: &'a mut [E], content: Content) -> Self {
        Gradient { values: Some(values), content }
    }

    /// The gradient of a value that nobody asks for.
    pub const fn unwanted() -> Self {
        Gradient { values: None, content: Content::Sum }
    }

    /// Whether anybody asks for it.
    pub fn is_wanted(&self) -> bool {
        self.values.is_some()
    }

    /// Whether the memory holds nothing yet.
    pub fn is_fresh(&self) -> bool {
        self.content == Content::Stale
    }

    /// Whether the memory holds the gradient of the layer's output.
    pub(crate) fn is_of_output(&self) -> bool {
        self.content == Content::OfOutput
    }

    /// The memory with a meaningful content, to add to; `None` if the gradient is unwanted.
    pub fn accumulator(&mut self) -> Option<&mut [E]> {
        let values = self.values.as_deref_mut()?;
        if self.content == Content::Stale {
            values.fill(E::ZERO);
        }
        self.content = Content::Sum;
        Some(values)
    }

    /// The memory and whether to add to it (`true`) or to overwrite it; `None` if the gradient is unwanted.
    /// After this call the gradient counts as written.
    pub fn target(&mut self) -> Option<(&mut [E], bool)> {
        let accumulate = self.content == Content::Sum;
        self.content = Content::Sum;
        self.values.as_deref_mut().map(|values| (values, accumulate))
    }
}

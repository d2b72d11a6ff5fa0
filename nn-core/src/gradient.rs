//! Where a backward pass puts the gradient of a value.

use crate::Float;

/// The gradient of one value, to which every use of the value adds.
///
/// The first use finds it [fresh](Gradient::is_fresh): what the memory holds is left over from another value and must be overwritten.
/// A layer that does not care calls [`Gradient::accumulator`], which zeroes fresh memory, and adds.
pub struct Gradient<'a, E> {
    values: Option<&'a mut [E]>,
    fresh: bool,
}

impl<'a, E: Float> Gradient<'a, E> {
    /// A gradient to add to, or, if `fresh`, to overwrite.
    pub fn new(values: &'a mut [E], fresh: bool) -> Self {
        Gradient { values: Some(values), fresh }
    }

    /// The gradient of a value that nobody asks for.
    pub const fn unwanted() -> Self {
        Gradient { values: None, fresh: false }
    }

    /// Whether anybody asks for it.
    pub fn is_wanted(&self) -> bool {
        self.values.is_some()
    }

    /// Whether the memory holds nothing yet.
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The memory with a meaningful content, to add to; `None` if the gradient is unwanted.
    pub fn accumulator(&mut self) -> Option<&mut [E]> {
        let values = self.values.as_deref_mut()?;
        if self.fresh {
            values.fill(E::ZERO);
            self.fresh = false;
        }
        Some(values)
    }

    /// The memory and whether to add to it (`true`) or to overwrite it; `None` if the gradient is unwanted.
    /// After this call the gradient counts as written.
    pub fn target(&mut self) -> Option<(&mut [E], bool)> {
        let accumulate = !self.fresh;
        self.fresh = false;
        self.values.as_deref_mut().map(|values| (values, accumulate))
    }
}

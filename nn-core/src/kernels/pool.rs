//! Where the windows of a pool lie.

use core::ops::Range;

use nn_shape::{Axis, PoolGeometry};

/// One place of a window on one axis.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    /// The first entry over the input.
    pub(crate) first: usize,
    /// No entry over the input lies here or behind.
    pub(crate) end: usize,
    /// The entries over the input and its padding; of windows without dilation.
    pub(crate) padded: usize,
}

/// The places of a window on one axis, in order.
#[derive(Clone)]
pub(crate) struct Spans<'a> {
    axis: &'a Axis,
    adaptive: bool,
    place: usize,
    /// `place * input / output` and what remains of the division: adding replaces dividing.
    share: usize,
    rest: usize,
}

impl<'a> Spans<'a> {
    /// The spans of one of the axes.
    pub(crate) fn new(geometry: &'a PoolGeometry, axis: usize) -> Self {
        Spans { axis: &geometry.axes[axis], adaptive: geometry.adaptive, place: 0, share: 0, rest: 0 }
    }

    /// The spans from a place on; not for adaptive windows.
    pub(crate) fn from(mut self, place: usize) -> Self {
        self.place = place;
        self
    }

    #[inline]
    fn sliding(&self) -> Span {
        let axis = self.axis;
        let start = self.place * axis.stride;
        let end = (start + axis.extent()).min(axis.input + axis.before);
        let first = match axis.before.checked_sub(start) {
            None | Some(0) => start - axis.before,
            // The window starts in the padding: its first entry behind that.
            Some(padding) => padding.div_ceil(axis.dilation) * axis.dilation - padding,
        };
        let padded = (start + axis.kernel).min(axis.input + axis.before + axis.after) - start;
        Span { first, end: end.saturating_sub(axis.before).max(first), padded }
    }

    #[inline]
    fn adaptive(&mut self) -> Span {
        let (input, output) = (self.axis.input, self.axis.output);
        let first = self.share;
        self.share += input / output;
        self.rest += input % output;
        if self.rest >= output {
            self.rest -= output;
            self.share += 1;
        }
        let end = self.share + usize::from(self.rest > 0);
        Span { first, end, padded: end - first }
    }
}

impl Iterator for Spans<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        if self.place == self.axis.output {
            return None;
        }
        let span = if self.adaptive { self.adaptive() } else { self.sliding() };
        self.place += 1;
        Some(span)
    }
}

/// The places along the last axis whose windows lie entirely over the input: there the rows of a window are passes over a row.
pub(super) fn inside(geometry: &PoolGeometry) -> Range<usize> {
    let axis = &geometry.axes[2];
    let room = axis.input + axis.before;
    if geometry.adaptive || room < axis.extent() {
        return 0..0;
    }
    let end = ((room - axis.extent()) / axis.stride + 1).min(axis.output);
    axis.before.div_ceil(axis.stride).min(end)..end
}

/// The channels of a batch: pairs of an input plane and an output plane, by index.
pub(super) fn planes(geometry: &PoolGeometry, batch: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let (input, output) = (geometry.input_plane(), geometry.output_plane());
    (0..batch * geometry.channels)
        .map(move |plane| (plane * input..(plane + 1) * input, plane * output..(plane + 1) * output))
}

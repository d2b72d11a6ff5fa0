//! What a broken rule looks like, and how it reaches the user's own argument.

use crate::{Element, Message, Shape};

/// The argument of a [`Violation`] that is not about an argument: the layer's own name is underlined.
pub const LAYER: usize = usize::MAX;

/// Where an operation stands: for the headline of its errors.
#[derive(Clone, Copy)]
pub struct At {
    /// The network's name.
    pub network: &'static str,
    /// The layer's name, or the function's.
    pub layer: &'static str,
    /// The names of what produces its inputs.
    pub sources: &'static [&'static str],
    /// Who decides how many channels or features its inputs have.
    pub makers: &'static [Maker],
    /// Whether `_` may stand for a size that follows from the input: not where a block's parameter stands, which may say more than that.
    pub infers: bool,
}

/// Who decides how many channels or features a value has: behind `ReLU` and `MaxPool2d` it is still the convolution in front of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Maker {
    /// The header of the network.
    Header,
    /// The layer of this name.
    Layer(&'static str),
    /// Nobody in particular.
    Nobody,
}

impl At {
    /// Nowhere in particular.
    pub const NOWHERE: At = At { network: "", layer: "", sources: &[], makers: &[], infers: true };

    /// The name of what produces an input.
    pub const fn source(&self, input: usize) -> &'static str {
        if input < self.sources.len() { self.sources[input] } else { "input" }
    }

    /// Who decides how many channels or features an input has.
    pub const fn maker(&self, input: usize) -> Maker {
        if input < self.makers.len() { self.makers[input] } else { Maker::Nobody }
    }
}

/// A broken rule: the argument at fault, by its place in the signature, and the message.
#[derive(Clone, Copy)]
pub struct Violation {
    /// The argument's place in the catalogue's signature, or [`LAYER`].
    pub argument: usize,
    /// Headline, rule, what was found, fix.
    pub message: Message,
}

/// Fails the compilation if `argument` is at fault. The expansion gives the call the span of that argument,
/// and `track_caller` makes rustc underline it.
#[track_caller]
pub const fn report(violation: &Option<Violation>, argument: usize) {
    if let Some(violation) = violation
        && violation.argument == argument
    {
        panic!("{}", violation.message.as_str())
    }
}

/// The same where a block makes the argument of its parameters, and says how.
#[track_caller]
pub const fn report_formula(violation: &Option<Violation>, argument: usize, formula: &str) {
    if let Some(violation) = violation
        && violation.argument == argument
    {
        panic!("{}", violation.message.text("\n  block: it says ").text(formula).as_str())
    }
}

/// Fails the compilation if anything but the arguments that were `written` is at fault.
#[track_caller]
pub const fn report_rest(violation: &Option<Violation>, written: &[usize]) {
    if let Some(violation) = violation {
        let mut i = 0;
        while i < written.len() {
            if violation.argument == written[i] {
                return;
            }
            i += 1;
        }
        panic!("{}", violation.message.as_str())
    }
}

/// What is wrong at a later use of a block, unless the same is wrong at an earlier one; `own` are the arguments that each use writes itself.
pub const fn unless_repeated(earlier: Option<Violation>, later: Option<Violation>, own: &[usize]) -> Option<Violation> {
    match (&earlier, &later) {
        (Some(earlier), Some(later)) if earlier.argument == later.argument => {}
        _ => return later,
    }
    let mut i = 0;
    while i < own.len() {
        if let Some(violation) = &later
            && violation.argument == own[i]
        {
            return later;
        }
        i += 1;
    }
    None
}

/// Whether a violation leaves no shape that was meant: it is about one of the arguments that give the output its shape, or about the input.
pub const fn spoils(violation: &Option<Violation>, shaping: &[usize]) -> bool {
    let Some(violation) = violation else { return false };
    let mut spoiled = violation.argument == LAYER;
    let mut i = 0;
    while i < shaping.len() {
        spoiled |= violation.argument == shaping[i];
        i += 1;
    }
    spoiled
}

/// No size in the header is 0, and their product is not absurd. `what` is "input" or "output".
pub const fn check_header(network: &'static str, what: &'static str, shape: Shape) -> Option<Violation> {
    let (at, shape) = (At { network, layer: what, ..At::NOWHERE }, shape.written());
    if shape.len() > Shape::MOST {
        return Message::title(&at, "the shape is too large")
            .text("\n  rule : a shape holds at most ")
            .number(Shape::MOST)
            .text(" values")
            .found("")
            .shape(shape)
            .fix("write smaller sizes")
            .blame(LAYER);
    }
    if !shape.is_empty() {
        return None;
    }
    Message::title(&at, "an axis of size 0")
        .rule("every axis has at least size 1")
        .found("")
        .shape(shape)
        .fix("make the size positive, or leave the axis out")
        .blame(LAYER)
}

/// The output that the header declares must be what the network gives.
pub const fn check_output(at: &At, declared: Shape, found: Shape) -> Option<Violation> {
    if !declared.is_valid() || !found.is_valid() || declared.same(&found) {
        return None;
    }
    let text = Message::title(at, "the network does not give what its header declares")
        .rule("the shape behind `->` is the shape of the result")
        .found("the header declares ")
        .shape(declared)
        .text(", but ")
        .source(at, 0, found)
        .fix("write -> ")
        .shape(found);
    if matches!(declared.element(), Element::Index) && matches!(found.element(), Element::Real) {
        return text.text("; a class is `argmax(x, dim = 1)` of it").blame(LAYER);
    }
    text.text(", or make `").text(at.source(0)).text("` produce ").shape(declared).blame(LAYER)
}

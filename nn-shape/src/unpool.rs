//! MaxUnpool1d, MaxUnpool2d, MaxUnpool3d: maxima back in their places.

use crate::catalogue::{Channels, Entry, Inputs, Kind, Parameter, operation, optional, required, with_default};
use crate::conv::{check_positive, check_rank};
use crate::dims::all_valid;
use crate::unit::without_parameters;
use crate::window::{narrow, size};
use crate::{Arg, At, Axis, Element, LAYER, Message, Needs, PoolGeometry, Shape, Violation};

/// `MaxUnpool1d`, `MaxUnpool2d`, `MaxUnpool3d`: each value at the place that its index says, zeros elsewhere.
///
/// Per axis `output = (input - 1) * stride - 2 * padding + kernel_size`, or at the call `output_size`, which differs from that by less than
/// `stride`; see [`torch.nn.MaxUnpool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html).
///
/// Beyond PyTorch, one number stands for all axes in `output_size`, and indices that a pool gives are refused where some of them may lie
/// outside of the output, of which PyTorch knows only when it happens.
#[derive(Clone, Copy, Debug)]
pub struct MaxUnpool {
    /// Sizes of the planes.
    pub geometry: PoolGeometry,
    axes: usize,
    input: Shape,
    indices: Shape,
    /// The sizes without `output_size`, which may be negative; those that it asks for.
    usual: [i128; 3],
    asked: Option<[usize; 3]>,
}

// Places in the signature.
const KERNEL_SIZE: usize = 0;
const STRIDE: usize = 1;
const PADDING: usize = 2;
const OUTPUT_SIZE: usize = 3;

impl MaxUnpool {
    /// From the arguments `kernel_size, stride, padding`, and at the call `output_size`; the inputs are values and indices.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> MaxUnpool {
        let (input, indices) = (inputs[0], inputs[1]);
        let kernel = args[KERNEL_SIZE].axes(axes, 1);
        let stride = if args[STRIDE].is_none() { kernel } else { args[STRIDE].axes(axes, 1) };
        let padding = args[PADDING].axes(axes, 0);
        let asked = args[OUTPUT_SIZE].axes(axes, 1);
        let asked = if args[OUTPUT_SIZE].is_none() { None } else { Some(asked) };
        let sizes = input.three(axes);
        let mut usual = [1; 3];
        let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 3 - axes;
        while axis < 3 {
            let steps = (sizes[axis] as i128 - 1).saturating_mul(stride[axis] as i128);
            usual[axis] = steps.saturating_add(kernel[axis] as i128).saturating_sub(2 * padding[axis] as i128);
            let output = match asked {
                Some(asked) => asked[axis],
                None => size(usual[axis]),
            };
            windows[axis] = Axis {
                input: sizes[axis],
                output,
                kernel: kernel[axis],
                stride: stride[axis],
                dilation: 1,
                before: padding[axis],
                after: padding[axis],
            };
            axis += 1;
        }
        let geometry = PoolGeometry { channels: input.dim(0), axes: windows, adaptive: false };
        MaxUnpool { geometry, axes, input, indices, usual, asked }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !all_valid(&[self.input, self.indices]) {
            return None;
        }
        if let Some(violation) = check_rank("unpooling", at, self.axes, self.input) {
            return Some(violation);
        }
        if let Some(violation) = self.check_indices(at) {
            return Some(violation);
        }
        let mut axis = 3 - self.axes;
        while axis < 3 {
            let window = &self.geometry.axes[axis];
            if let Some(violation) = check_positive(at, window, [KERNEL_SIZE, STRIDE, LAYER, PADDING]) {
                return Some(violation);
            }
            let found = match self.asked {
                Some(asked) => self.check_output_size(at, axis, asked[axis]),
                None => self.check_usual(at, axis),
            };
            if found.is_some() {
                return found;
            }
            axis += 1;
        }
        self.check_bound(at)
    }

    const fn check_indices(&self, at: &At) -> Option<Violation> {
        if !matches!(self.indices.element(), Element::Index) {
            return Message::title(at, "the second value holds numbers")
                .rule("the second value holds the indices that a pool gives with return_indices = true")
                .found("")
                .source(at, 1, self.indices)
                .fix("give it those indices: `let (y, indices) = pool(x);`")
                .blame(LAYER);
        }
        if self.indices.same(&self.input.with_element(Element::Index)) {
            return None;
        }
        Message::title(at, "values and indices differ in shape")
            .rule("there is an index for each value")
            .found("")
            .source(at, 0, self.input)
            .text(", and ")
            .source(at, 1, self.indices)
            .fix("give it values of the shape that the indices have, or the indices of another pool")
            .blame(LAYER)
    }

    const fn check_usual(&self, at: &At, axis: usize) -> Option<Violation> {
        let window = &self.geometry.axes[axis];
        if window.output > 0 {
            return None;
        }
        let most = self.usual[axis].saturating_add(2 * window.before as i128).saturating_sub(1) / 2;
        Message::title(at, "nothing is left of the output: the padding takes all away")
            .rule("(size - 1) * stride - 2 * padding + kernel_size >= 1")
            .found("(")
            .number(window.input)
            .text(" - 1) * ")
            .number(window.stride)
            .text(" - 2 * ")
            .number(window.before)
            .text(" + ")
            .number(window.kernel)
            .text(" = ")
            .integer(narrow(self.usual[axis]))
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write padding <= ")
            .number(size(most))
            .blame(PADDING)
    }

    const fn check_output_size(&self, at: &At, axis: usize, asked: usize) -> Option<Violation> {
        let (usual, stride) = (self.usual[axis], self.geometry.axes[axis].stride);
        let least = usual.saturating_sub(stride as i128 - 1);
        let most = usual.saturating_add(stride as i128 - 1);
        let least = if least < 1 { 1 } else { least };
        if asked as i128 >= least && asked as i128 <= most {
            return None;
        }
        let text = Message::title(at, "the output cannot have this size")
            .rule("output_size differs from (size - 1) * stride - 2 * padding + kernel_size by less than stride")
            .found("output_size = ")
            .number(asked)
            .text(", possible are ")
            .integer(narrow(least))
            .text(" to ")
            .integer(narrow(most))
            .text(" (")
            .source(at, 0, self.input)
            .text(", stride = ")
            .number(stride)
            .text(")");
        if most < 1 {
            return text.fix("give the layer less padding").blame(OUTPUT_SIZE);
        }
        text.fix("write a size from ").number(size(least)).text(" to ").number(size(most)).blame(OUTPUT_SIZE)
    }

    /// Whether every index that the pool may give lies in the output.
    const fn check_bound(&self, at: &At) -> Option<Violation> {
        let (bound, places) = (self.indices.bound(), self.geometry.output_plane());
        if bound == usize::MAX || bound <= places {
            return None;
        }
        Message::title(at, "the output is smaller than what was pooled")
            .rule("every index is a place of the output, counted along its rows")
            .found("indices from 0 to ")
            .number(bound.saturating_sub(1))
            .text(" (`")
            .text(at.source(1))
            .text("`), but the output ")
            .shape(self.output(0))
            .text(" has ")
            .number(places)
            .text(if places == 1 { " place" } else { " places" })
            .text(" in each channel")
            .fix("write output_size = the size that was pooled")
            .blame(if self.asked.is_some() { OUTPUT_SIZE } else { LAYER })
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let [depth, height, width] = self.geometry.axes;
        if !all_valid(&[self.input, self.indices]) || self.input.rank() != self.axes + 1 {
            return Shape::INVALID;
        }
        Shape::spatial(self.geometry.channels, self.axes, [depth.output, height.output, width.output])
    }

    /// The indices alone.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { MaxUnpool, |_| 0 }

const PARAMETERS: &[Parameter] = &[
    required("kernel_size", Kind::Axes, "size of the window of the pool"),
    optional("stride", Kind::Axes, "its step; None for its size"),
    with_default("padding", Kind::Axes, Arg::Int(0), "its padding"),
];

const CALL: &[Parameter] = &[optional(
    "output_size",
    Kind::Axes,
    "size of the output: of what was pooled, which the pool may have rounded off",
)];

const fn unpool(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: PARAMETERS,
        call: CALL,
        repr: "kernel_size*, stride*|stride=kernel_size*, padding*",
        inputs: Inputs::Exactly(2),
        channels: Channels::Input,
        doc: "the maxima of a pool back in their places, zeros elsewhere",
        shape: "values and indices [C, L..] -> [C, L'..], L' = (L - 1)·stride - 2·padding + kernel_size, or output_size, less than stride from it",
        ..operation!(MaxUnpool::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    unpool("MaxUnpool1d", "max_unpool1d", 1),
    unpool("MaxUnpool2d", "max_unpool2d", 2),
    unpool("MaxUnpool3d", "max_unpool3d", 3),
];

//! FractionalMaxPool: maxima of windows that lie at random distances.

use crate::catalogue::{Channels, Entry, Kind, Outputs, Parameter, operation, optional, required, with_default};
use crate::conv::{check_positive, check_rank};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Axis, LAYER, Message, Needs, PoolGeometry, Shape, Violation};

/// `FractionalMaxPool2d` and `FractionalMaxPool3d`.
///
/// With `α = (input - kernel_size) / (output - 1)` and a number `u` in [0, 1), window `i` begins at `floor((i + u) · α) - floor(u · α)`, the last
/// one at `input - kernel_size`. In training mode `u` is drawn for each axis of each channel; in evaluation mode, where PyTorch draws too,
/// it is 1/2, so that evaluation gives the same result each time. See
/// [`torch.nn.FractionalMaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html).
///
/// Refused although PyTorch accepts it: an output of size 0.
#[derive(Clone, Copy, Debug)]
pub struct FractionalPool {
    /// Sizes of input, output and window.
    pub geometry: PoolGeometry,
    axes: usize,
    size: Arg,
    ratio: Arg,
    return_indices: bool,
    input: Shape,
}

// Places in the signature.
const KERNEL_SIZE: usize = 0;
const OUTPUT_SIZE: usize = 1;
const OUTPUT_RATIO: usize = 2;
const RETURN_INDICES: usize = 3;

impl FractionalPool {
    /// From `kernel_size, output_size, output_ratio, return_indices`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> FractionalPool {
        let (input, size, ratio) = (inputs[0], args[OUTPUT_SIZE], args[OUTPUT_RATIO]);
        let (sizes, kernel) = (input.three(axes), args[KERNEL_SIZE].axes(axes, 1));
        let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 0;
        while axis < axes {
            let window = &mut windows[3 - axes + axis];
            window.input = sizes[3 - axes + axis];
            window.kernel = kernel[3 - axes + axis];
            window.output = if size.is_none() {
                (window.input as f64 * ratio.real_entry(axis)) as usize
            } else if size.entry(axis) < 0 {
                0
            } else {
                size.entry(axis) as usize
            };
            axis += 1;
        }
        let geometry = PoolGeometry { channels: input.dim(0), axes: windows, adaptive: false };
        FractionalPool { geometry, axes, size, ratio, return_indices: args[RETURN_INDICES].is_true(), input }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if let Some(violation) = self.check_arguments(at) {
            return Some(violation);
        }
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if let Some(violation) = check_rank("pool", at, self.axes, self.input) {
            return Some(violation);
        }
        let mut axis = 3 - self.axes;
        while axis < 3 {
            let found = self.check_axis(at, &self.geometry.axes[axis]);
            if found.is_some() {
                return found;
            }
            axis += 1;
        }
        None
    }

    /// What the arguments tell without the input.
    const fn check_arguments(&self, at: &At) -> Option<Violation> {
        const RULE: &str = "one of output_size and output_ratio says how large the output is";
        if self.size.is_none() && self.ratio.is_none() {
            return Message::title(at, "neither output_size nor output_ratio is given")
                .rule(RULE)
                .found("none of them")
                .fix("write output_size = ... or output_ratio = ...")
                .blame(LAYER);
        }
        if !self.size.is_none() && !self.ratio.is_none() {
            return Message::title(at, "output_size and output_ratio are both given")
                .rule(RULE)
                .found("both of them")
                .fix("leave one of them out")
                .blame(OUTPUT_RATIO);
        }
        if self.ratio.is_none() {
            return None;
        }
        if matches!(self.ratio, Arg::Ints(..) | Arg::Reals(..)) && self.ratio.entries() != self.axes {
            return Message::title(at, "output_ratio has the wrong number of entries")
                .rule("one number, or one for each of the ")
                .number(self.axes)
                .text(" axes")
                .found("")
                .number(self.ratio.entries())
                .text(if self.ratio.entries() == 1 { " number" } else { " numbers" })
                .fix("write one number, or ")
                .number(self.axes)
                .blame(OUTPUT_RATIO);
        }
        let mut axis = 0;
        while axis < self.axes {
            let ratio = self.ratio.real_entry(axis);
            if !(ratio > 0.0 && ratio < 1.0) {
                return Message::title(at, "output_ratio is no part of the whole")
                    .rule("0 < output_ratio < 1 on every axis")
                    .found("output_ratio = ")
                    .real(ratio)
                    .fix("write a number between 0 and 1, such as 0.5")
                    .blame(OUTPUT_RATIO);
            }
            axis += 1;
        }
        None
    }

    const fn check_axis(&self, at: &At, window: &Axis) -> Option<Violation> {
        if let Some(violation) = check_positive(at, window, [KERNEL_SIZE, LAYER, LAYER, LAYER]) {
            return Some(violation);
        }
        let place = if self.size.is_none() { OUTPUT_RATIO } else { OUTPUT_SIZE };
        if window.output == 0 {
            return Message::title(at, "nothing is left of an axis")
                .rule(if place == OUTPUT_SIZE { "output_size >= 1" } else { "size * output_ratio >= 1" })
                .text(" on every axis")
                .found("output size = 0, size = ")
                .number(window.input)
                .text(" (")
                .source(at, 0, self.input)
                .text(")")
                .fix(if place == OUTPUT_SIZE { "write output_size >= 1" } else { "write a larger output_ratio" })
                .blame(place);
        }
        // PyTorch leaves room for one more place in volumes.
        let room = if self.axes == 3 { window.input.saturating_sub(1) } else { window.input };
        if window.output.saturating_add(window.kernel - 1) <= room {
            return None;
        }
        let fitting = room.saturating_sub(window.kernel - 1);
        let text = Message::title(at, "the windows do not fit into the input")
            .rule("output size + kernel_size - 1 ")
            .text(if self.axes == 3 { "< size" } else { "<= size" })
            .found("")
            .number(window.output)
            .text(" + ")
            .number(window.kernel)
            .text(" - 1 ")
            .text(if self.axes == 3 { ">= " } else { "> " })
            .number(window.input)
            .text(" (")
            .source(at, 0, self.input)
            .text(")");
        if fitting == 0 {
            return text.fix("write a smaller kernel_size").blame(KERNEL_SIZE);
        }
        let text = if place == OUTPUT_SIZE {
            text.fix("write output_size <= ")
        } else {
            text.fix("write an output_ratio that gives at most ")
        };
        text.number(fitting).text(", or a smaller kernel_size").blame(place)
    }

    /// The shape of the output, and of the places of the maxima.
    pub const fn output(&self, index: usize) -> Shape {
        let none = self.size.is_none() && self.ratio.is_none();
        if !self.input.is_valid() || self.input.rank() != self.axes + 1 || none {
            return Shape::INVALID;
        }
        let [depth, height, width] = self.geometry.axes;
        let shape = Shape::spatial(self.geometry.channels, self.axes, [depth.output, height.output, width.output]);
        // The last windows end with the input.
        if index == 0 { shape } else { shape.below(self.geometry.input_plane()) }
    }

    /// The place of each maximum, unless that is an output.
    pub const fn needs(&self) -> Needs {
        let places = self.geometry.channels.saturating_mul(self.geometry.output_plane());
        Needs { saved_words: if self.return_indices { 0 } else { places }, ..Needs::NOTHING }
    }
}

without_parameters! { FractionalPool, |_| 0 }

const PARAMETERS: &[Parameter] = &[
    required("kernel_size", Kind::Axes, "size of the window"),
    optional("output_size", Kind::Axes, "size of the output"),
    optional("output_ratio", Kind::Reals, "size of the output as a part of the input's"),
    with_default(
        "return_indices",
        Kind::Flag,
        Arg::Flag(false),
        "whether to give the place of each maximum in its channel, too",
    ),
];

const fn pool(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: PARAMETERS,
        outputs: Outputs::WithIndices,
        index_outputs: &[1],
        channels: Channels::Input,
        doc: "the maxima of windows at random distances",
        shape: "[C, L..] -> [C, output_size..], or ⌊L·output_ratio⌋ on each axis; twice with return_indices",
        ..operation!(FractionalPool::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] =
    &[pool("FractionalMaxPool2d", "fractional_max_pool2d", 2), pool("FractionalMaxPool3d", "fractional_max_pool3d", 3)];

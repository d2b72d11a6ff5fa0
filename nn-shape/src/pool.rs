//! MaxPool, AvgPool, AdaptiveMaxPool and AdaptiveAvgPool over one, two and three axes.

use crate::catalogue::{Channels, Entry, Kind, Outputs, Parameter, operation, optional, required, with_default};
use crate::conv::{check_positive, check_rank};
use crate::{Arg, At, Axis, Message, Needs, Shape, Violation};

/// What a pool must know of its windows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PoolGeometry {
    /// Channels: each is pooled for itself.
    pub channels: usize,
    /// Depth, height, width.
    pub axes: [Axis; 3],
    /// The windows share the input among them: window `i` of `output` is `floor(i * input / output)..ceil((i + 1) * input / output)`.
    /// Of an axis only `input` and `output` count then.
    pub adaptive: bool,
}

impl PoolGeometry {
    /// Values of one channel of the input.
    pub const fn input_plane(&self) -> usize {
        self.axes[0].input.saturating_mul(self.axes[1].input).saturating_mul(self.axes[2].input)
    }

    /// What the places that windows see lie below: in a channel of the input, counted along its rows.
    pub const fn places(&self) -> usize {
        let mut last: usize = 0;
        let mut axis = 0;
        while axis < 3 {
            let window = &self.axes[axis];
            // Windows that share the input end with it.
            let end = window.output.saturating_sub(1).saturating_mul(window.stride).saturating_add(window.extent());
            let end = if self.adaptive { window.input } else { end.saturating_sub(window.before) };
            let end = if end < window.input { end } else { window.input };
            last = last.saturating_mul(window.input).saturating_add(end.saturating_sub(1));
            axis += 1;
        }
        last.saturating_add(1)
    }

    /// Values of one channel of the output.
    pub const fn output_plane(&self) -> usize {
        self.axes[0].output.saturating_mul(self.axes[1].output).saturating_mul(self.axes[2].output)
    }
}

/// What a window becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// Its maximum; padding is -∞.
    Max,
    /// Its sum, divided.
    Average(Divisor),
}

/// What an average divides by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Divisor {
    /// The entries of the window over the input and its padding (`count_include_pad`).
    Padded,
    /// The entries of the window over the input.
    Inside,
    /// `divisor_override`.
    Fixed(i64),
}

/// The pools that look through windows, sliding or adaptive.
///
/// Per axis a sliding window has `output = floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1` places; with
/// `ceil_mode` the ceiling, less one if the last window would start behind the input and the padding in front of it. See
/// [`torch.nn.MaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html),
/// [`torch.nn.AvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html),
/// [`torch.nn.AdaptiveAvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html).
///
/// Refused although PyTorch accepts them: an adaptive `output_size` of 0, and a dilation so wide that a window sees nothing but padding.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// Number of spatial axes: 1, 2 or 3.
    pub axes: usize,
    /// The windows.
    pub geometry: PoolGeometry,
    /// What a window becomes.
    pub reduction: Reduction,
    input: Shape,
    ceil: bool,
    return_indices: bool,
}

// Places in the signatures; those of adaptive pools are 0 for `output_size` and 1 for `return_indices`.
const KERNEL_SIZE: usize = 0;
const STRIDE: usize = 1;
const PADDING: usize = 2;
const DILATION: usize = 3;
const DIVISOR_OVERRIDE: usize = 5;
const OUTPUT_SIZE: usize = 0;

impl Pool {
    /// MaxPool, from the arguments `kernel_size, stride, padding, dilation, return_indices, ceil_mode`.
    pub const fn max(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pool {
        Pool::sliding_max(axes, args, inputs[0], 4, 5)
    }

    /// `max_pool2d` and its like, whose last two arguments stand the other way round: `ceil_mode, return_indices`.
    pub const fn max_function(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pool {
        Pool::sliding_max(axes, args, inputs[0], 5, 4)
    }

    const fn sliding_max(axes: usize, args: &[Arg], input: Shape, indices: usize, ceil: usize) -> Pool {
        let ceil = args[ceil].is_true();
        Pool {
            axes,
            geometry: sliding(axes, args, args[DILATION].axes(axes, 1), ceil, input),
            reduction: Reduction::Max,
            input,
            ceil,
            return_indices: args[indices].is_true(),
        }
    }

    /// AvgPool, from the arguments `kernel_size, stride, padding, ceil_mode, count_include_pad` and, for two and three axes,
    /// `divisor_override`.
    pub const fn average(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pool {
        let divisor = if args.len() > DIVISOR_OVERRIDE && !args[DIVISOR_OVERRIDE].is_none() {
            Divisor::Fixed(args[DIVISOR_OVERRIDE].int_or(0))
        } else if args[4].is_true() {
            Divisor::Padded
        } else {
            Divisor::Inside
        };
        let ceil = args[3].is_true();
        Pool {
            axes,
            geometry: sliding(axes, args, [1; 3], ceil, inputs[0]),
            reduction: Reduction::Average(divisor),
            input: inputs[0],
            ceil,
            return_indices: false,
        }
    }

    /// AdaptiveMaxPool, from the arguments `output_size, return_indices`.
    pub const fn adaptive_max(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pool {
        let return_indices = args[1].is_true();
        Pool { return_indices, reduction: Reduction::Max, ..Pool::adaptive_average(axes, args, inputs) }
    }

    /// AdaptiveAvgPool, from the argument `output_size`.
    pub const fn adaptive_average(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pool {
        let input = inputs[0];
        let sizes = input.three(axes);
        let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 0;
        while axis < axes {
            let (place, wanted) = (3 - axes + axis, args[OUTPUT_SIZE].entry(axis));
            windows[place].input = sizes[place];
            let keep = wanted < 0 || args[OUTPUT_SIZE].is_none();
            windows[place].output = if keep { sizes[place] } else { wanted as usize };
            axis += 1;
        }
        Pool {
            axes,
            geometry: PoolGeometry { channels: input.dim(0), axes: windows, adaptive: true },
            reduction: Reduction::Average(Divisor::Inside),
            input,
            ceil: false,
            return_indices: false,
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_rank("pool", at, self.axes, self.input) {
            return Some(violation);
        }
        if matches!(self.reduction, Reduction::Average(Divisor::Fixed(0))) {
            return Message::title(at, "the divisor is zero")
                .rule("divisor_override is not 0")
                .found("divisor_override = 0")
                .fix("write another number, or leave it out to divide by the size of the window")
                .blame(DIVISOR_OVERRIDE);
        }
        let mut axis = 3 - self.axes;
        while axis < 3 {
            let window = &self.geometry.axes[axis];
            let found =
                if self.geometry.adaptive { self.check_adaptive(at, window) } else { self.check_sliding(at, window) };
            if found.is_some() {
                return found;
            }
            axis += 1;
        }
        None
    }

    const fn check_adaptive(&self, at: &At, window: &Axis) -> Option<Violation> {
        if window.output > 0 {
            return None;
        }
        Message::title(at, "output_size must be positive")
            .rule("output_size >= 1 on every axis, or None to keep the size of the input")
            .found("output_size = 0, size = ")
            .number(window.input)
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write output_size >= 1")
            .blame(OUTPUT_SIZE)
    }

    const fn check_sliding(&self, at: &At, window: &Axis) -> Option<Violation> {
        if let Some(violation) = check_positive(at, window, [KERNEL_SIZE, STRIDE, DILATION, PADDING]) {
            return Some(violation);
        }
        if window.before > window.kernel / 2 {
            return Message::title(at, "the padding is wider than half of the window")
                .rule("padding <= kernel_size / 2 on every axis, whatever the dilation")
                .found("padding = ")
                .number(window.before)
                .text(", kernel_size = ")
                .number(window.kernel)
                .text(" (half of it = ")
                .number(window.kernel / 2)
                .text(")")
                .fix("write padding <= ")
                .number(window.kernel / 2)
                .text(", or kernel_size >= ")
                .number(window.before.saturating_mul(2))
                .blame(PADDING);
        }
        if window.output == 0 {
            return self.blame_window(at, window);
        }
        if window.sees_input() {
            return None;
        }
        Message::title(at, "a window sees nothing but padding")
            .rule("every window covers at least one value of the input")
            .found("dilation = ")
            .number(window.dilation)
            .text(", padding = ")
            .number(window.before)
            .text(", size = ")
            .number(window.input)
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write dilation <= ")
            .number(window.input)
            .text(", or padding = 0")
            .blame(DILATION)
    }

    /// No window fits.
    const fn blame_window(&self, at: &At, window: &Axis) -> Option<Violation> {
        let slack = if self.ceil { window.stride - 1 } else { 0 };
        let room = window.padded().saturating_add(slack);
        let text = Message::title(at, "the window does not fit into the padded input")
            .text("\n  rule : ")
            .text(if self.has_dilation() { "dilation * (kernel_size - 1) + 1" } else { "kernel_size" })
            .text(" <= size + 2 * padding")
            .text(if self.ceil { " + stride - 1, with ceil_mode" } else { "" })
            .found("");
        let text = if self.has_dilation() {
            text.number(window.dilation).text(" * (").number(window.kernel).text(" - 1) + 1 = ")
        } else {
            text
        };
        let text = text.number(window.extent()).text(" > ").number(window.input).text(" + 2 * ").number(window.before);
        let text = if self.ceil { text.text(" + ").number(slack) } else { text };
        let text = text.text(" = ").number(room).text(" (").source(at, 0, self.input).text(")");
        // The largest window that fits, where the padding allows it.
        let fitting = if room == 0 { 0 } else { (room - 1) / window.dilation + 1 };
        let text = if fitting > 0 && fitting / 2 >= window.before {
            text.fix("write kernel_size <= ").number(fitting).text(", or give it at least ")
        } else {
            text.fix("give it at least ")
        };
        let least = window.extent().saturating_sub(window.before.saturating_mul(2)).saturating_sub(slack);
        text.number(least).text(" values on this axis").blame(KERNEL_SIZE)
    }

    const fn has_dilation(&self) -> bool {
        matches!(self.reduction, Reduction::Max)
    }

    /// The shape of the output, and of the places of the maxima.
    pub const fn output(&self, index: usize) -> Shape {
        let g = &self.geometry;
        if !self.input.is_valid() || self.input.rank() != self.axes + 1 {
            return Shape::INVALID;
        }
        let shape = Shape::spatial(g.channels, self.axes, [g.axes[0].output, g.axes[1].output, g.axes[2].output]);
        if index == 0 { shape } else { shape.below(g.places()) }
    }

    /// None.
    pub const fn generics(&self) -> [usize; 6] {
        [0; 6]
    }

    /// None.
    pub const fn parts(&self) -> [bool; 4] {
        [false; 4]
    }

    /// Nothing can be left to the input.
    pub const fn inferred(&self) -> usize {
        0
    }

    /// None.
    pub const fn parameters(&self) -> usize {
        0
    }

    /// None: a pool compares or adds.
    pub const fn macs(&self) -> usize {
        0
    }

    /// The place of each maximum, unless that is an output.
    pub const fn needs(&self) -> Needs {
        let places = self.geometry.channels.saturating_mul(self.geometry.output_plane());
        let saves = matches!(self.reduction, Reduction::Max) && !self.return_indices;
        Needs { saved_words: if saves { places } else { 0 }, ..Needs::NOTHING }
    }
}

/// Windows that slide, from `kernel_size, stride, padding`.
const fn sliding(axes: usize, args: &[Arg], dilation: [usize; 3], ceil: bool, input: Shape) -> PoolGeometry {
    let kernel = args[KERNEL_SIZE].axes(axes, 1);
    let stride = if args[STRIDE].is_none() { kernel } else { args[STRIDE].axes(axes, 1) };
    let padding = args[PADDING].axes(axes, 0);
    let sizes = input.three(axes);
    let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
    let mut axis = 0;
    while axis < 3 {
        let window = Axis {
            input: sizes[axis],
            output: 0,
            kernel: kernel[axis],
            stride: stride[axis],
            dilation: dilation[axis],
            before: padding[axis],
            after: padding[axis],
        };
        windows[axis] = window.slide(ceil);
        axis += 1;
    }
    PoolGeometry { channels: input.dim(0), axes: windows, adaptive: false }
}

const KERNEL: Parameter = required("kernel_size", Kind::Axes, "size of the window");
const STEP: Parameter = optional("stride", Kind::Axes, "step of the window; None for its size");
const AROUND: Parameter = with_default("padding", Kind::Axes, Arg::Int(0), "padding on both sides");
const SPREAD: Parameter =
    with_default("dilation", Kind::Axes, Arg::Int(1), "distance between the entries of the window");
const INDICES: Parameter = with_default(
    "return_indices",
    Kind::Flag,
    Arg::Flag(false),
    "whether to give the place of each maximum in its channel, too",
);
const CEIL: Parameter =
    with_default("ceil_mode", Kind::Flag, Arg::Flag(false), "whether a last window may hang over the end");
const INCLUDE: Parameter =
    with_default("count_include_pad", Kind::Flag, Arg::Flag(true), "whether padding counts in the divisor");
const OVERRIDE: Parameter =
    optional("divisor_override", Kind::Int, "the divisor, instead of the number of entries of the window");
const ADAPTIVE: Parameter =
    required("output_size", Kind::AxesOrNone, "size of the output; None in a tuple keeps the size of the input");

const MAX: &[Parameter] = &[KERNEL, STEP, AROUND, SPREAD, INDICES, CEIL];
const MAX_FUNCTION: &[Parameter] = &[KERNEL, STEP, AROUND, SPREAD, CEIL, INDICES];
const AVERAGE_1D: &[Parameter] = &[KERNEL, STEP, AROUND, CEIL, INCLUDE];
const AVERAGE: &[Parameter] = &[KERNEL, STEP, AROUND, CEIL, INCLUDE, OVERRIDE];

const fn max(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: MAX,
        repr: "kernel_size, stride|stride=kernel_size, padding, dilation, ceil_mode",
        doc: "the maximum of each window",
        shape: "[C, L..] -> [C, L'..], L' = ⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1; ⌈⌉ with ceil_mode, where the last window begins inside or in the padding before; twice with return_indices",
        outputs: Outputs::WithIndices,
        index_outputs: &[1],
        channels: Channels::Input,
        ..operation!(Pool::max)
    }
}

/// The order of the function's arguments is not the layer's.
const fn max_function(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        is_layer: false,
        function: Some(function),
        axes,
        parameters: MAX_FUNCTION,
        doc: "the maximum of each window",
        shape: "[C, L..] -> [C, L'..], L' = ⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1; ⌈⌉ with ceil_mode, where the last window begins inside or in the padding before; twice with return_indices",
        outputs: Outputs::WithIndices,
        index_outputs: &[1],
        channels: Channels::Input,
        ..operation!(Pool::max_function)
    }
}

const fn average(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: if axes == 1 { AVERAGE_1D } else { AVERAGE },
        // PyTorch makes tuples of the numbers of the first alone.
        repr: match axes {
            1 => "kernel_size*, stride*|stride=kernel_size*, padding*",
            _ => "kernel_size, stride|stride=kernel_size, padding",
        },
        doc: "the mean of each window",
        shape: "[C, L..] -> [C, L'..], L' = ⌊(L + 2·padding - kernel_size) / stride⌋ + 1; ⌈⌉ with ceil_mode, where the last window begins inside or in the padding before",
        channels: Channels::Input,
        ..operation!(Pool::average)
    }
}

const fn adaptive_max(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: &[ADAPTIVE, INDICES],
        repr: "output_size~",
        doc: "the maxima of as many windows as the output has places",
        shape: "[C, L..] -> [C, output_size..], window i being ⌊i·L/L'⌋ to ⌈(i + 1)·L/L'⌉; twice with return_indices",
        outputs: Outputs::WithIndices,
        index_outputs: &[1],
        channels: Channels::Input,
        ..operation!(Pool::adaptive_max)
    }
}

const fn adaptive_average(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: &[ADAPTIVE],
        repr: "output_size~",
        doc: "the means of as many windows as the output has places",
        shape: "[C, L..] -> [C, output_size..], window i being ⌊i·L/L'⌋ to ⌈(i + 1)·L/L'⌉",
        channels: Channels::Input,
        ..operation!(Pool::adaptive_average)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    max("MaxPool1d", 1),
    max("MaxPool2d", 2),
    max("MaxPool3d", 3),
    max_function("MaxPool1d", "max_pool1d", 1),
    max_function("MaxPool2d", "max_pool2d", 2),
    max_function("MaxPool3d", "max_pool3d", 3),
    average("AvgPool1d", "avg_pool1d", 1),
    average("AvgPool2d", "avg_pool2d", 2),
    average("AvgPool3d", "avg_pool3d", 3),
    adaptive_max("AdaptiveMaxPool1d", "adaptive_max_pool1d", 1),
    adaptive_max("AdaptiveMaxPool2d", "adaptive_max_pool2d", 2),
    adaptive_max("AdaptiveMaxPool3d", "adaptive_max_pool3d", 3),
    adaptive_average("AdaptiveAvgPool1d", "adaptive_avg_pool1d", 1),
    adaptive_average("AdaptiveAvgPool2d", "adaptive_avg_pool2d", 2),
    adaptive_average("AdaptiveAvgPool3d", "adaptive_avg_pool3d", 3),
];

//! Conv1d, Conv2d, Conv3d.

use crate::catalogue::{
    Channels, Entry, Kind, Parameter, WEIGHT_AND_BIAS, inferable, operation, required, with_default,
};
use crate::dims::check_numbers;
use crate::{
    Arg, At, Axis, ConvGeometry, LAYER, Message, Needs, PadAxis, PadGeometry, Padding, Shape, Violation, tile,
};

/// `Conv1d`, `Conv2d`, `Conv3d`: cross-correlation of the padded input with `out_channels` windows.
///
/// Per axis `output = floor((input + before + after - dilation * (kernel - 1) - 1) / stride) + 1`; see
/// [`torch.nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html).
#[derive(Clone, Copy, Debug)]
pub struct Conv {
    /// Number of spatial axes: 1, 2 or 3.
    pub axes: usize,
    /// The convolution; its padding is the layer's whatever the mode.
    pub geometry: ConvGeometry,
    /// What stands around the input.
    pub padding: Padding,
    /// Whether a bias is added.
    pub bias: bool,
    input: Shape,
    same: bool,
}

// Places in the signature.
const IN_CHANNELS: usize = 0;
const OUT_CHANNELS: usize = 1;
const KERNEL_SIZE: usize = 2;
const STRIDE: usize = 3;
const PADDING: usize = 4;
const DILATION: usize = 5;
const GROUPS: usize = 6;
const BIAS: usize = 7;
const PADDING_MODE: usize = 8;

impl Conv {
    /// From the arguments `in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> Conv {
        let input = inputs[0];
        let (kernel, stride) = (args[KERNEL_SIZE].axes(axes, 1), args[STRIDE].axes(axes, 1));
        let dilation = args[DILATION].axes(axes, 1);
        let same = args[PADDING].is("same");
        let explicit = args[PADDING].axes(axes, 0);
        let sizes = input.three(axes);
        let mut geometry = ConvGeometry {
            in_channels: args[IN_CHANNELS].size_or(input.dim(0)),
            out_channels: args[OUT_CHANNELS].size_or(0),
            groups: args[GROUPS].size_or(0),
            axes: [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3],
        };
        let mut axis = 0;
        while axis < 3 {
            let mut window = Axis {
                input: sizes[axis],
                output: 0,
                kernel: kernel[axis],
                stride: stride[axis],
                dilation: dilation[axis],
                before: explicit[axis],
                after: explicit[axis],
            };
            if same {
                let total = window.extent().saturating_sub(1);
                window.before = total / 2;
                window.after = total - total / 2;
            }
            geometry.axes[axis] = window.slide(false);
            if same && window.stride != 1 {
                // A mistake; the size that was asked for.
                geometry.axes[axis].output = window.input;
            }
            axis += 1;
        }
        let padding = if args[PADDING_MODE].is("reflect") {
            Padding::Reflect
        } else if args[PADDING_MODE].is("replicate") {
            Padding::Replicate
        } else if args[PADDING_MODE].is("circular") {
            Padding::Circular
        } else {
            Padding::Zeros
        };
        Conv { axes, geometry, padding, bias: args[BIAS].is_true(), input, same }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_rank("convolution", at, self.axes, self.input) {
            return Some(violation);
        }
        let g = &self.geometry;
        let found = check_channels(at, g.in_channels, g.out_channels, g.groups, self.input);
        if found.is_some() {
            return found;
        }
        let mut axis = 3 - self.axes;
        while axis < 3 {
            let found = self.check_axis(at, axis);
            if found.is_some() {
                return found;
            }
            axis += 1;
        }
        None
    }

    const fn check_axis(&self, at: &At, axis: usize) -> Option<Violation> {
        let window = &self.geometry.axes[axis];
        if let Some(violation) = check_positive(at, window, [KERNEL_SIZE, STRIDE, DILATION, PADDING]) {
            return Some(violation);
        }
        if self.same && window.stride != 1 {
            return Message::title(at, "padding = \"same\" needs stride 1")
                .rule("with padding = \"same\" the output has the size of the input, so the window moves by 1")
                .found("stride = ")
                .number(window.stride)
                .fix("write stride = 1, or the padding as a number")
                .blame(PADDING);
        }
        if self.padded_beyond(window) {
            return self.blame_padding(at, window);
        }
        if window.output == 0 { blame_window(at, window, self.input, self.padding_fix(window)) } else { None }
    }

    const fn padded_beyond(&self, window: &Axis) -> bool {
        let widest = if window.before > window.after { window.before } else { window.after };
        match self.padding {
            Padding::Reflect => widest >= window.input && widest > 0,
            Padding::Circular => widest > window.input,
            Padding::Zeros | Padding::Replicate => false,
        }
    }

    const fn blame_padding(&self, at: &At, window: &Axis) -> Option<Violation> {
        let widest = if window.before > window.after { window.before } else { window.after };
        let reflect = matches!(self.padding, Padding::Reflect);
        Message::title(
            at,
            if reflect { "the padding is too wide to reflect" } else { "the padding wraps around more than once" },
        )
        .rule(if reflect {
            "padding_mode = \"reflect\": padding < size"
        } else {
            "padding_mode = \"circular\": padding <= size"
        })
        .found("padding = ")
        .number(widest)
        .text(", size = ")
        .number(window.input)
        .text(" (")
        .source(at, 0, self.input)
        .text(")")
        .fix("padding <= ")
        .number(if reflect { window.input - 1 } else { window.input })
        .text(", or padding_mode = \"zeros\" or \"replicate\"")
        .blame(PADDING)
    }

    const fn padding_fix(&self, window: &Axis) -> usize {
        (window.extent().saturating_sub(window.input)).div_ceil(2)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let g = &self.geometry;
        if !self.input.is_valid()
            || self.input.rank() != self.axes + 1
            || g.axes[0].output == 0
            || g.axes[1].output == 0
            || g.axes[2].output == 0
        {
            return Shape::INVALID;
        }
        Shape::spatial(g.out_channels, self.axes, [g.axes[0].output, g.axes[1].output, g.axes[2].output])
    }

    /// `IN` (per group), `OUT`, then the kernel's axes.
    pub const fn generics(&self) -> [usize; 6] {
        let g = &self.geometry;
        kernel_generics(g.group_in(), g.out_channels, self.axes, [g.axes[0].kernel, g.axes[1].kernel, g.axes[2].kernel])
    }

    /// The bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, false, false, false]
    }

    /// `in_channels`.
    pub const fn inferred(&self) -> usize {
        self.geometry.in_channels
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.geometry.weights().saturating_add(if self.bias { self.geometry.out_channels } else { 0 })
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        self.geometry.macs()
    }

    /// The convolution that the kernels run: padding other than zeros is laid out in memory first.
    pub const fn kernel_geometry(&self) -> ConvGeometry {
        if matches!(self.padding, Padding::Zeros) { self.geometry } else { self.laid_out_geometry() }
    }

    /// The convolution over an input that has its padding.
    pub const fn laid_out_geometry(&self) -> ConvGeometry {
        let (mut geometry, mut axis) = (self.geometry, 0);
        while axis < 3 {
            geometry.axes[axis].input = geometry.axes[axis].padded();
            geometry.axes[axis].before = 0;
            geometry.axes[axis].after = 0;
            axis += 1;
        }
        geometry
    }

    /// How one sample is laid out for [`Conv::kernel_geometry`].
    pub const fn pad_geometry(&self) -> PadGeometry {
        let mut axes = [PadAxis { input: 1, before: 0, after: 0 }; 3];
        let mut axis = 0;
        while axis < 3 {
            let Axis { input, before, after, .. } = self.geometry.axes[axis];
            axes[axis] = PadAxis { input, before: signed(before), after: signed(after) };
            axis += 1;
        }
        PadGeometry { channels: self.geometry.in_channels, axes, padding: self.padding }
    }

    /// The inputs, the kernels' working space, and room for one padded sample.
    pub const fn needs(&self) -> Needs {
        if self.check(&At::NOWHERE).is_some() || !self.output(0).is_valid() {
            return Needs::INPUTS;
        }
        let geometry = self.kernel_geometry();
        let padded = if matches!(self.padding, Padding::Zeros) { 0 } else { geometry.input_len() };
        Needs {
            forward_scratch: padded + tile::conv_forward_scratch(&geometry),
            backward_scratch: 2 * padded + tile::conv_backward_scratch(&geometry),
            ..Needs::INPUTS
        }
    }
}

const fn signed(size: usize) -> isize {
    if size > isize::MAX as usize { isize::MAX } else { size as isize }
}

/// Const parameters of a layer that holds a kernel: `IN`, `OUT`, then the kernel's axes.
pub(crate) const fn kernel_generics(inputs: usize, outputs: usize, axes: usize, kernel: [usize; 3]) -> [usize; 6] {
    let mut generics = [inputs, outputs, 0, 0, 0, 0];
    let mut axis = 0;
    while axis < axes {
        generics[2 + axis] = kernel[3 - axes + axis];
        axis += 1;
    }
    generics
}

/// A spatial layer takes the channels and its axes.
pub(crate) const fn check_rank(what: &str, at: &At, axes: usize, input: Shape) -> Option<Violation> {
    if let Some(violation) = check_numbers(at, &[input]) {
        return Some(violation);
    }
    if input.rank() == axes + 1 {
        return None;
    }
    let wanted = match axes {
        1 => "[channels, length]",
        2 => "[channels, height, width]",
        _ => "[channels, depth, height, width]",
    };
    let mut text = Message::title(at, "the input has the wrong number of axes")
        .text("\n  rule : a ")
        .number(axes)
        .text("d ")
        .text(what)
        .text(" takes ")
        .text(wanted)
        .text(", the batch left out")
        .found("")
        .source(at, 0, input)
        .text(", which has ")
        .number(input.rank())
        .text(if input.rank() == 1 { " axis" } else { " axes" });
    text = if input.rank() >= 2 && input.rank() <= 4 {
        if input.rank() == axes + 2 {
            text = text.fix("if the first axis is the batch, leave it out; else use the ");
        } else {
            text = text.fix("make the input ").text(wanted).text(", or use the ");
        }
        text.number(input.rank() - 1).text("d layer")
    } else {
        text.fix("make the input ").text(wanted)
    };
    text.blame(LAYER)
}

/// Channels and groups of a convolution.
pub(crate) const fn check_channels(
    at: &At,
    inputs: usize,
    outputs: usize,
    groups: usize,
    source: Shape,
) -> Option<Violation> {
    if groups == 0 {
        return Message::title(at, "groups must be positive")
            .rule("groups >= 1")
            .found("groups = 0")
            .fix("write groups = 1, or leave it out")
            .blame(GROUPS);
    }
    if outputs == 0 {
        return Message::title(at, "out_channels must be positive")
            .rule("out_channels >= 1")
            .found("out_channels = 0")
            .fix("write out_channels >= 1")
            .blame(OUT_CHANNELS);
    }
    if source.dim(0) != inputs {
        return Message::title(at, "wrong number of input channels")
            .rule("in_channels must equal the channels of the incoming tensor")
            .found("in_channels = ")
            .number(inputs)
            .text(", but ")
            .source(at, 0, source)
            .text(" (channels = ")
            .number(source.dim(0))
            .text(")")
            .fix("write in_channels = ")
            .number(source.dim(0))
            .or_infer(at)
            .or_make(at, 0, inputs, " channels")
            .blame(IN_CHANNELS);
    }
    let (name, channels) =
        if !inputs.is_multiple_of(groups) { ("in_channels", inputs) } else { ("out_channels", outputs) };
    if channels.is_multiple_of(groups) {
        return None;
    }
    Message::title(at, "groups does not divide the channels")
        .rule("groups must divide in_channels and out_channels")
        .found(name)
        .text(" = ")
        .number(channels)
        .text(", groups = ")
        .number(groups)
        .text(", remainder ")
        .number(channels % groups)
        .fix("write groups = ")
        .number(common_divisor(inputs, outputs, groups))
        .text(", or ")
        .text(name)
        .text(" = ")
        .number(channels.div_ceil(groups) * groups)
        .blame(GROUPS)
}

/// The largest divisor of both channel counts that is not above `groups`.
const fn common_divisor(inputs: usize, outputs: usize, groups: usize) -> usize {
    let (mut all, mut rest) = (inputs, outputs);
    while rest != 0 {
        (all, rest) = (rest, all % rest);
    }
    let (mut best, mut divisor) = (1, 1);
    while divisor <= 1 << 16 && divisor <= all / divisor {
        if all.is_multiple_of(divisor) {
            let other = all / divisor;
            best = if divisor <= groups && divisor > best { divisor } else { best };
            best = if other <= groups && other > best { other } else { best };
        }
        divisor += 1;
    }
    best
}

/// The largest kernel, stride, dilation or padding: sums and products of a few of them stay far from overflow.
const LARGEST: usize = i32::MAX as usize;

/// Kernel, stride and dilation are at least 1, and none is absurdly large; `places` are their places in the signature, and the
/// padding's.
pub(crate) const fn check_positive(at: &At, window: &Axis, places: [usize; 4]) -> Option<Violation> {
    let names = ["kernel_size", "stride", "dilation", "padding"];
    let values = [window.kernel, window.stride, window.dilation, window.before];
    let mut i = 0;
    while i < 4 {
        if values[i] == 0 && i < 3 {
            return Message::title(at, names[i])
                .text(" must be positive")
                .text("\n  rule : ")
                .text(names[i])
                .text(" >= 1 on every axis")
                .found(names[i])
                .text(" = 0")
                .fix("write ")
                .text(names[i])
                .text(" >= 1")
                .blame(places[i]);
        }
        if values[i] > LARGEST {
            return Message::title(at, names[i])
                .text(" is too large")
                .text("\n  rule : ")
                .text(names[i])
                .text(" <= ")
                .number(LARGEST)
                .found(names[i])
                .text(" = ")
                .number(values[i])
                .fix("write a smaller number")
                .blame(places[i]);
        }
        i += 1;
    }
    None
}

/// The window is larger than the padded input.
pub(crate) const fn blame_window(at: &At, window: &Axis, input: Shape, padding: usize) -> Option<Violation> {
    let text = Message::title(at, "the kernel does not fit into the padded input")
        .rule("dilation * (kernel_size - 1) + 1 <= size + padding on both sides")
        .found("")
        .number(window.dilation)
        .text(" * (")
        .number(window.kernel)
        .text(" - 1) + 1 = ")
        .number(window.extent())
        .text(" > ")
        .number(window.input)
        .text(" + ")
        .number(window.before)
        .text(" + ")
        .number(window.after)
        .text(" = ")
        .number(window.padded())
        .text(" (")
        .source(at, 0, input)
        .text(")");
    let text = if window.padded() > 0 {
        let text = text.fix("kernel_size <= ").number((window.padded() - 1) / window.dilation + 1);
        let text = if window.dilation > 1 && window.padded() >= window.kernel {
            text.text(", dilation <= ").number((window.padded() - 1) / (window.kernel - 1))
        } else {
            text
        };
        text.text(", or padding >= ")
    } else {
        text.fix("padding >= ")
    };
    text.number(padding).blame(KERNEL_SIZE)
}

const CONV: &[Parameter] = &[
    inferable("in_channels", "channels of the input"),
    required("out_channels", Kind::Size, "channels of the output"),
    required("kernel_size", Kind::Axes, "size of the window"),
    with_default("stride", Kind::Axes, Arg::Int(1), "step of the window"),
    with_default("padding", Kind::AxesOr(&["same", "valid"]), Arg::Int(0), "padding on both sides"),
    with_default("dilation", Kind::Axes, Arg::Int(1), "distance between the entries of the window"),
    with_default("groups", Kind::Size, Arg::Int(1), "pieces that the channels are cut into"),
    with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
    with_default(
        "padding_mode",
        Kind::Word(&["zeros", "reflect", "replicate", "circular"]),
        Arg::Word("zeros"),
        "what stands around the input",
    ),
];

const fn conv(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: CONV,
        repr: "#in_channels, #out_channels, kernel_size*, stride*, padding*?, dilation*?, groups?, bias?, padding_mode?",
        learns: WEIGHT_AND_BIAS,
        generics: 2 + axes,
        parts: 1,
        doc: "cross-correlation with learnable windows",
        shape: "[in_channels, L..] -> [out_channels, L'..], L' = ⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1",
        channels: Channels::Own,
        ..operation!(Conv::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[conv("Conv1d", 1), conv("Conv2d", 2), conv("Conv3d", 3)];

//! ConvTranspose1d, ConvTranspose2d, ConvTranspose3d.

use crate::catalogue::{
    Channels, Entry, Kind, Parameter, WEIGHT_AND_BIAS, inferable, operation, optional, required, with_default,
};
use crate::conv::{check_channels, check_positive, check_rank, kernel_generics};
use crate::window::{narrow, size};
use crate::{Arg, At, Axis, ConvGeometry, Message, Needs, Shape, Violation, tile};

/// `ConvTranspose1d`, `ConvTranspose2d`, `ConvTranspose3d`: what a convolution does to the gradient of its input, as a layer.
///
/// Per axis `output = (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1`; see
/// [`torch.nn.ConvTranspose2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html).
///
/// `output_size` at the call chooses `output_padding` for that call, between 0 and `stride - 1`, and replaces the layer's own.
/// Beyond PyTorch, one number stands for all axes there too.
#[derive(Clone, Copy, Debug)]
pub struct ConvTranspose {
    /// Number of spatial axes: 1, 2 or 3.
    pub axes: usize,
    /// The convolution that this layer transposes: from this layer's output to its input.
    pub geometry: ConvGeometry,
    /// Whether a bias is added.
    pub bias: bool,
    input: Shape,
    /// What is added at the end of each axis; `None` if `output_size` decides.
    output_padding: Option<[usize; 3]>,
    /// The sizes without `output_padding`, which may be negative; those that `output_size` asks for.
    least: [i128; 3],
    asked: [usize; 3],
}

// Places in the signature.
const KERNEL_SIZE: usize = 2;
const STRIDE: usize = 3;
const PADDING: usize = 4;
const OUTPUT_PADDING: usize = 5;
const GROUPS: usize = 6;
const BIAS: usize = 7;
const DILATION: usize = 8;
const OUTPUT_SIZE: usize = 10;

impl ConvTranspose {
    /// From the arguments `in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    /// padding_mode`, and at the call `output_size`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> ConvTranspose {
        let input = inputs[0];
        let (kernel, stride) = (args[KERNEL_SIZE].axes(axes, 1), args[STRIDE].axes(axes, 1));
        let (dilation, padding) = (args[DILATION].axes(axes, 1), args[PADDING].axes(axes, 0));
        let output_padding = args[OUTPUT_PADDING].axes(axes, 0);
        let output_size = if args.len() > OUTPUT_SIZE { args[OUTPUT_SIZE] } else { Arg::None };
        let asked = output_size.axes(axes, 1);
        let sizes = input.three(axes);
        let mut least = [0; 3];
        let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 0;
        while axis < 3 {
            let mut window = Axis {
                input: 0,
                output: sizes[axis],
                kernel: kernel[axis],
                stride: stride[axis],
                dilation: dilation[axis],
                before: padding[axis],
                after: 0,
            };
            least[axis] = least_output(&window);
            let output = if output_size.is_none() {
                size(least[axis].saturating_add(output_padding[axis] as i128))
            } else {
                asked[axis]
            };
            window.input = output;
            // `output_padding` stands in for padding at the end of the convolution's input.
            window.after = padding[axis].saturating_sub(size((output as i128).saturating_sub(least[axis])));
            windows[axis] = window;
            axis += 1;
        }
        let geometry = ConvGeometry {
            in_channels: args[1].size_or(0),
            out_channels: args[0].size_or(input.dim(0)),
            groups: args[GROUPS].size_or(0),
            axes: windows,
        };
        let output_padding = if output_size.is_none() { Some(output_padding) } else { None };
        ConvTranspose { axes, geometry, bias: args[BIAS].is_true(), input, output_padding, least, asked }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_rank("transposed convolution", at, self.axes, self.input) {
            return Some(violation);
        }
        let g = &self.geometry;
        // The convolution's output channels are this layer's input channels.
        let found = check_channels(at, g.out_channels, g.in_channels, g.groups, self.input);
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
        let Some(output_padding) = self.output_padding else { return self.check_output_size(at, axis) };
        let limit = if window.stride > window.dilation { window.stride } else { window.dilation };
        if output_padding[axis] >= limit {
            return Message::title(at, "output_padding is too large")
                .rule("output_padding < max(stride, dilation) on every axis")
                .found("output_padding = ")
                .number(output_padding[axis])
                .text(", stride = ")
                .number(window.stride)
                .text(", dilation = ")
                .number(window.dilation)
                .fix("write output_padding <= ")
                .number(limit - 1)
                .text(", or stride >= ")
                .number(output_padding[axis].saturating_add(1))
                .blame(OUTPUT_PADDING);
        }
        if window.input == 0 { self.blame_padding(at, axis, output_padding[axis]) } else { None }
    }

    /// Nothing is left of the output.
    const fn blame_padding(&self, at: &At, axis: usize, output_padding: usize) -> Option<Violation> {
        let window = &self.geometry.axes[axis];
        // (input - 1) * stride + extent, before the padding is taken away.
        let whole = self.least[axis].saturating_add(2 * window.before as i128);
        let most = whole.saturating_add(output_padding as i128).saturating_sub(1) / 2;
        Message::title(at, "nothing is left of the output: the padding takes all away")
            .rule("(size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1 >= 1")
            .found("(")
            .number(window.output)
            .text(" - 1) * ")
            .number(window.stride)
            .text(" - 2 * ")
            .number(window.before)
            .text(" + ")
            .number(window.dilation)
            .text(" * (")
            .number(window.kernel)
            .text(" - 1) + ")
            .number(output_padding)
            .text(" + 1 = ")
            .integer(narrow(self.least[axis].saturating_add(output_padding as i128)))
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write padding <= ")
            .number(size(most))
            .blame(PADDING)
    }

    const fn check_output_size(&self, at: &At, axis: usize) -> Option<Violation> {
        let (asked, least) = (self.asked[axis], self.least[axis]);
        let stride = self.geometry.axes[axis].stride;
        let most = least.saturating_add(stride as i128 - 1);
        if asked as i128 >= least && asked as i128 <= most && asked > 0 {
            return None;
        }
        let from = if least < 1 { 1 } else { size(least) };
        let text = Message::title(at, "the output cannot have this size")
            .rule("output_size lies between (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1 and ")
            .text("stride - 1 more")
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
        text.fix("write a size from ").number(from).text(" to ").number(size(most)).blame(OUTPUT_SIZE)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let g = &self.geometry;
        if !self.input.is_valid() || self.input.rank() != self.axes + 1 {
            return Shape::INVALID;
        }
        Shape::spatial(g.in_channels, self.axes, [g.axes[0].input, g.axes[1].input, g.axes[2].input])
    }

    /// `IN`, `OUT`, `OUT` per group, then the kernel's axes.
    pub const fn generics(&self) -> [usize; 6] {
        let g = &self.geometry;
        let kernel = kernel_generics(0, 0, self.axes, [g.axes[0].kernel, g.axes[1].kernel, g.axes[2].kernel]);
        [g.out_channels, g.in_channels, g.group_in(), kernel[2], kernel[3], kernel[4]]
    }

    /// The bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, false, false, false]
    }

    /// `in_channels`.
    pub const fn inferred(&self) -> usize {
        self.geometry.out_channels
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.geometry.weights().saturating_add(if self.bias { self.geometry.in_channels } else { 0 })
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        self.geometry.macs()
    }

    /// The inputs, the kernels' working space, and room for the gradient of one sample's input.
    pub const fn needs(&self) -> Needs {
        if self.check(&At::NOWHERE).is_some() || !self.output(0).is_valid() {
            return Needs::INPUTS;
        }
        let (forward, backward) =
            (tile::conv_backward_scratch(&self.geometry), tile::conv_forward_scratch(&self.geometry));
        let both = if forward > backward { forward } else { backward };
        Needs {
            forward_scratch: forward,
            backward_scratch: both.saturating_add(self.geometry.output_len()),
            ..Needs::INPUTS
        }
    }
}

/// The size of the output without `output_padding`; not above 0 where the padding takes all away.
const fn least_output(window: &Axis) -> i128 {
    let steps = (window.output as i128 - 1).saturating_mul(window.stride as i128);
    steps.saturating_add(window.extent() as i128).saturating_sub(2 * window.before as i128)
}

const CONV_TRANSPOSE: &[Parameter] = &[
    inferable("in_channels", "channels of the input"),
    required("out_channels", Kind::Size, "channels of the output"),
    required("kernel_size", Kind::Axes, "size of the window"),
    with_default("stride", Kind::Axes, Arg::Int(1), "distance between two windows in the output"),
    with_default("padding", Kind::Axes, Arg::Int(0), "what is taken away on both sides of the output"),
    with_default("output_padding", Kind::Axes, Arg::Int(0), "what is added at the end of the output"),
    with_default("groups", Kind::Size, Arg::Int(1), "pieces that the channels are cut into"),
    with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
    with_default("dilation", Kind::Axes, Arg::Int(1), "distance between the entries of the window"),
    with_default("padding_mode", Kind::Word(&["zeros"]), Arg::Word("zeros"), "only zeros"),
];

const CALL: &[Parameter] = &[optional(
    "output_size",
    Kind::Axes,
    "size of the output, where stride leaves a choice; instead of output_padding",
)];

const REPR: &str = "#in_channels, #out_channels, kernel_size*, stride*, padding*?, dilation*?, output_padding*?, groups?, bias?, \
                    padding_mode?";

const fn conv_transpose(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: CONV_TRANSPOSE,
        call: CALL,
        repr: REPR,
        learns: WEIGHT_AND_BIAS,
        generics: 3 + axes,
        parts: 1,
        doc: "the transpose of a convolution: learnable upsampling",
        shape: "[in_channels, L..] -> [out_channels, L'..], L' = (L - 1)·stride - 2·padding + dilation·(kernel_size - 1) + output_padding + 1",
        channels: Channels::Own,
        ..operation!(ConvTranspose::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] =
    &[conv_transpose("ConvTranspose1d", 1), conv_transpose("ConvTranspose2d", 2), conv_transpose("ConvTranspose3d", 3)];

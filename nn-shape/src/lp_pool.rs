//! LPPool: the p-norm of each window.

use crate::catalogue::{Channels, Entry, Kind, Parameter, operation, optional, required, with_default};
use crate::conv::{check_positive, check_rank};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Axis, LAYER, Message, Needs, PoolGeometry, Shape, Violation};

/// `LPPool1d`, `LPPool2d`, `LPPool3d`: `(Σ xᵖ)^(1/p)` over each window, without absolute values; for an infinite `p` the largest `|x|`, for minus
/// infinity the smallest.
///
/// With `ceil_mode`, what hangs over the end counts as the mean of the rest. See
/// [`torch.nn.LPPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html).
#[derive(Clone, Copy, Debug)]
pub struct LpPool {
    /// The exponent p.
    pub norm: f64,
    /// The windows.
    pub geometry: PoolGeometry,
    axes: usize,
    ceil: bool,
    input: Shape,
}

// Places in the signature.
const NORM: usize = 0;
const KERNEL_SIZE: usize = 1;
const STRIDE: usize = 2;
const CEIL: usize = 3;

impl LpPool {
    /// From `norm_type, kernel_size, stride, ceil_mode`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> LpPool {
        let (input, ceil) = (inputs[0], args[CEIL].is_true());
        let kernel = args[KERNEL_SIZE].axes(axes, 1);
        let stride = if args[STRIDE].is_none() { kernel } else { args[STRIDE].axes(axes, 1) };
        let sizes = input.three(axes);
        let mut windows = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 0;
        while axis < 3 {
            let window =
                Axis { input: sizes[axis], kernel: kernel[axis], stride: stride[axis], output: 0, ..windows[axis] };
            windows[axis] = window.slide(ceil);
            axis += 1;
        }
        let geometry = PoolGeometry { channels: input.dim(0), axes: windows, adaptive: false };
        LpPool { norm: args[NORM].real_or(0.0), geometry, axes, ceil, input }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if self.norm == 0.0 || self.norm.is_nan() {
            return Message::title(at, "norm_type is zero or no number")
                .rule("norm_type is the exponent p of (sum of x^p)^(1/p), which is not 0")
                .found("norm_type = ")
                .real(self.norm)
                .fix("write another number: 1 adds, 2 is the Euclidean norm, f64::INFINITY the largest |x|")
                .blame(NORM);
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
            let window = &self.geometry.axes[axis];
            if let Some(violation) = check_positive(at, window, [KERNEL_SIZE, STRIDE, LAYER, LAYER]) {
                return Some(violation);
            }
            if window.output == 0 {
                return self.blame_window(at, window);
            }
            axis += 1;
        }
        None
    }

    const fn blame_window(&self, at: &At, window: &Axis) -> Option<Violation> {
        let slack = if self.ceil { window.stride - 1 } else { 0 };
        let room = window.input.saturating_add(slack);
        let text = Message::title(at, "the window does not fit into the input")
            .rule("kernel_size <= size")
            .text(if self.ceil { " + stride - 1, with ceil_mode" } else { "" })
            .found("")
            .number(window.kernel)
            .text(" > ")
            .number(window.input);
        let text = if self.ceil { text.text(" + ").number(slack) } else { text };
        text.text(" (").source(at, 0, self.input).text(")").fix("write kernel_size <= ").number(room).blame(KERNEL_SIZE)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.input.is_valid() || self.input.rank() != self.axes + 1 {
            return Shape::INVALID;
        }
        let [depth, height, width] = self.geometry.axes;
        Shape::spatial(self.geometry.channels, self.axes, [depth.output, height.output, width.output])
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { LpPool, |_| 0 }

const PARAMETERS: &[Parameter] = &[
    required("norm_type", Kind::Real, "the exponent p"),
    required("kernel_size", Kind::Axes, "size of the window"),
    optional("stride", Kind::Axes, "step of the window; None for its size"),
    with_default("ceil_mode", Kind::Flag, Arg::Flag(false), "whether a last window may hang over the end"),
];

const fn pool(name: &'static str, function: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: PARAMETERS,
        repr: "norm_type, kernel_size, stride, ceil_mode",
        channels: Channels::Input,
        doc: "the p-norm of each window",
        shape: "[C, L..] -> [C, L'..], L' = ⌊(L - kernel_size) / stride⌋ + 1; ⌈⌉ with ceil_mode, where the last window begins inside",
        ..operation!(LpPool::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] =
    &[pool("LPPool1d", "lp_pool1d", 1), pool("LPPool2d", "lp_pool2d", 2), pool("LPPool3d", "lp_pool3d", 3)];

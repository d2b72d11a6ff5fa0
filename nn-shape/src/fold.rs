//! Unfold and Fold: windows laid out as columns, and back.

use crate::catalogue::{Entry, Kind, Parameter, operation, required, with_default};
use crate::conv::{blame_window, check_positive};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Axis, LAYER, Message, Needs, PoolGeometry, Shape, Violation};

/// `Unfold` and `Fold`.
///
/// Unfold gives for each entry of a window a row with what it sees at each place: `[C, H, W]` becomes `[C · kh · kw, places]`. Fold adds
/// each of these numbers where it came from: `[C · kh · kw, places]` becomes `[C, *output_size]`. See
/// [`torch.nn.Unfold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html),
/// [`torch.nn.Fold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html).
#[derive(Clone, Copy, Debug)]
pub struct Fold {
    /// The windows over the image.
    pub geometry: PoolGeometry,
    /// Whether the image is the output.
    pub folds: bool,
    input: Shape,
}

impl Fold {
    const fn of(folds: bool, channels: usize, sizes: [usize; 3], windows: &[Arg; 4], input: Shape) -> Fold {
        let [kernel, dilation, padding, stride] = windows;
        let (kernel, dilation) = (kernel.axes(2, 1), dilation.axes(2, 1));
        let (padding, stride) = (padding.axes(2, 0), stride.axes(2, 1));
        let mut axes = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
        let mut axis = 1;
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
            axes[axis] = window.slide(false);
            axis += 1;
        }
        Fold { geometry: PoolGeometry { channels, axes, adaptive: false }, folds, input }
    }

    /// Unfold, from `kernel_size, dilation, padding, stride`.
    pub const fn unfold(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Fold {
        let input = inputs[0];
        Fold::of(false, input.dim(0), input.three(2), &[args[0], args[1], args[2], args[3]], input)
    }

    /// Fold, from `output_size, kernel_size, dilation, padding, stride`.
    pub const fn fold(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Fold {
        let input = inputs[0];
        let fold = Fold::of(true, 1, args[0].axes(2, 1), &[args[1], args[2], args[3], args[4]], input);
        let channels = match input.dim(0).checked_div(fold.window()) {
            Some(channels) => channels,
            None => 0,
        };
        Fold { geometry: PoolGeometry { channels, ..fold.geometry }, ..fold }
    }

    /// Entries of a window over one channel.
    pub const fn window(&self) -> usize {
        let [_, height, width] = self.geometry.axes;
        height.kernel.saturating_mul(width.kernel)
    }

    /// The place of the first argument about windows.
    const fn first(&self) -> usize {
        if self.folds { 1 } else { 0 }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let (input, first) = (self.input, self.first());
        if !input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[input]) {
            return Some(violation);
        }
        if self.folds && input.rank() != 2 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("Fold takes [channels * entries of the window, places of the window], the batch left out")
                .found("")
                .source(at, 0, input)
                .fix("make the input what Unfold gives")
                .blame(LAYER);
        }
        if !self.folds && input.rank() != 3 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("Unfold takes images: [channels, height, width], the batch left out")
                .found("")
                .source(at, 0, input)
                .fix("make the input [channels, height, width]")
                .blame(LAYER);
        }
        let mut axis = 1;
        while axis < 3 {
            let window = &self.geometry.axes[axis];
            // In `check_positive`'s order: kernel_size, stride, dilation, padding.
            let found = check_positive(at, window, [first, first + 3, first + 1, first + 2]);
            if found.is_some() {
                return found;
            }
            if self.folds && window.input == 0 {
                return Message::title(at, "output_size must be positive")
                    .rule("output_size >= 1 on every axis")
                    .found("output_size = 0")
                    .fix("write output_size >= 1")
                    .blame(0);
            }
            if window.output == 0 {
                return self.blame_window(at, window);
            }
            axis += 1;
        }
        if self.folds { self.check_columns(at) } else { None }
    }

    const fn blame_window(&self, at: &At, window: &Axis) -> Option<Violation> {
        if !self.folds {
            return blame_unfold(blame_window(
                at,
                window,
                self.input,
                window.extent().saturating_sub(window.input).div_ceil(2),
            ));
        }
        Message::title(at, "the window does not fit into the padded output")
            .rule("dilation * (kernel_size - 1) + 1 <= output_size + 2 * padding")
            .found("")
            .number(window.extent())
            .text(" > ")
            .number(window.input)
            .text(" + 2 * ")
            .number(window.before)
            .fix("write output_size >= ")
            .number(window.extent().saturating_sub(window.before.saturating_mul(2)))
            .blame(0)
    }

    /// As many rows as windows have entries, as many columns as they have places.
    const fn check_columns(&self, at: &At) -> Option<Violation> {
        let (input, window) = (self.input, self.window());
        if !input.dim(0).is_multiple_of(window) {
            return Message::title(at, "the rows are no windows")
                .rule("the product of kernel_size divides the first axis of the input")
                .found("the product is ")
                .number(window)
                .text(", and ")
                .source(at, 0, input)
                .fix("write another kernel_size")
                .or_make(at, 0, (input.dim(0) / window).saturating_add(1).saturating_mul(window), " rows")
                .blame(1);
        }
        let [_, height, width] = self.geometry.axes;
        let places = self.geometry.output_plane();
        if input.dim(1) == places {
            return None;
        }
        Message::title(at, "the columns are not the places of the window")
            .rule("the window has as many places over output_size as the input has columns")
            .found("")
            .number(height.output)
            .text(" * ")
            .number(width.output)
            .text(" = ")
            .number(places)
            .text(" places, and ")
            .source(at, 0, input)
            .fix("write another output_size, or give it ")
            .number(places)
            .text(if places == 1 { " column" } else { " columns" })
            .blame(0)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let g = &self.geometry;
        let rank = if self.folds { 2 } else { 3 };
        if !self.input.is_valid() || self.input.rank() != rank || g.output_plane() == 0 || g.channels == 0 {
            return Shape::INVALID;
        }
        if self.folds {
            return Shape::spatial(g.channels, 2, [1, g.axes[1].input, g.axes[2].input]);
        }
        Shape::new(&[g.channels.saturating_mul(self.window()), g.output_plane()])
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

/// A convolution's message is about its third argument.
const fn blame_unfold(violation: Option<Violation>) -> Option<Violation> {
    match violation {
        Some(violation) => Some(Violation { argument: 0, ..violation }),
        None => None,
    }
}

without_parameters! { Fold, |_| 0 }

const KERNEL: Parameter = required("kernel_size", Kind::Axes, "size of the window");
const SPREAD: Parameter =
    with_default("dilation", Kind::Axes, Arg::Int(1), "distance between the entries of the window");
const AROUND: Parameter = with_default("padding", Kind::Axes, Arg::Int(0), "zeros on both sides of the image");
const STEP: Parameter = with_default("stride", Kind::Axes, Arg::Int(1), "step of the window");

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Unfold",
        function: Some("unfold"),
        axes: 2,
        parameters: &[KERNEL, SPREAD, AROUND, STEP],
        repr: "kernel_size, dilation, padding, stride",
        doc: "windows laid out as columns",
        shape: "[C, H, W] -> [C·kernel_size, columns]",
        ..operation!(Fold::unfold)
    },
    Entry {
        name: "Fold",
        function: Some("fold"),
        axes: 2,
        parameters: &[required("output_size", Kind::Axes, "size of the image"), KERNEL, SPREAD, AROUND, STEP],
        repr: "output_size, kernel_size, dilation, padding, stride",
        doc: "columns added up to an image",
        shape: "[C·kernel_size, columns] -> [C, output_size]",
        ..operation!(Fold::fold)
    },
];

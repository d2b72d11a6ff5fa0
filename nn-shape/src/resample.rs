//! Upsample and `interpolate`: an image of another size.

use crate::catalogue::{Channels, Entry, Kind, Parameter, operation, optional, with_default};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Axis, LAYER, Message, Needs, PoolGeometry, Shape, Violation};

/// What a value between those of the input is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filter {
    /// The value at the place, rounded down: what OpenCV does.
    Nearest,
    /// The value whose centre is nearest.
    NearestExact,
    /// The line between two neighbours.
    Linear,
    /// The cubic through four neighbours, of the family with a = -3/4.
    Cubic,
}

impl Filter {
    /// How many values of the input one of the output is made of.
    pub const fn taps(&self) -> usize {
        match self {
            Filter::Nearest | Filter::NearestExact => 1,
            Filter::Linear => 2,
            Filter::Cubic => 4,
        }
    }
}

/// One axis that gets another size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ResampleAxis {
    /// Size of the input.
    pub input: usize,
    /// Size of the output.
    pub output: usize,
    /// Distance in the input between two neighbours of the output.
    pub scale: f64,
    /// How values are made.
    pub filter: Filter,
    /// Whether the first and the last values of input and output lie at the same place, rather than the edges of their pixels.
    pub align_corners: bool,
}

/// Three axes of each channel that get another size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ResampleGeometry {
    /// Channels: each is resampled for itself.
    pub channels: usize,
    /// Depth, height, width.
    pub axes: [ResampleAxis; 3],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Nearest,
    NearestExact,
    Linear,
    Bilinear,
    Bicubic,
    Trilinear,
    Area,
}

/// `Upsample`, `UpsamplingNearest2d`, `UpsamplingBilinear2d` and `interpolate`.
///
/// The size of an axis is `size`, or `floor(size of the input * scale_factor)`. Place `i` of the output lies at
/// `(i + 1/2) * scale - 1/2` of the input, with `align_corners` at `i * scale`; `scale` is `1 / scale_factor`, or, with `size` or
/// `recompute_scale_factor`, the ratio of the sizes, or, with `align_corners`, `(input - 1) / (output - 1)`. See
/// [`torch.nn.Upsample`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
///
/// Where a fractional `scale_factor` leaves an axis as it is, or doubles it, mode `nearest` copies or repeats each value, as PyTorch does for
/// images and for all gradients.
#[derive(Clone, Copy, Debug)]
pub struct Resample {
    /// Where values come from; not for mode `area`.
    pub geometry: ResampleGeometry,
    /// Mode `area`: the means of adaptive windows.
    pub area: Option<PoolGeometry>,
    mode: Mode,
    /// The spatial axes that the layer's name says.
    axes: Option<usize>,
    size: Arg,
    factor: Arg,
    align_corners: Arg,
    recompute: bool,
    antialias: bool,
    input: Shape,
}

/// Spatial axes of the input.
const fn spatial(input: &Shape) -> usize {
    input.rank().saturating_sub(1)
}

impl Resample {
    const fn of(mode: Mode, axes: Option<usize>, args: &[Arg; 4], input: Shape) -> Resample {
        let [size, factor, align_corners, recompute] = *args;
        let one = ResampleAxis { input: 1, output: 1, scale: 1.0, filter: Filter::Nearest, align_corners: false };
        let mut resample = Resample {
            geometry: ResampleGeometry { channels: input.dim(0), axes: [one; 3] },
            area: None,
            mode,
            axes,
            size,
            factor,
            align_corners,
            recompute: recompute.is_true(),
            antialias: false,
            input,
        };
        let count = spatial(&input);
        let mut axis = 0;
        while axis < count && count <= 3 {
            resample.geometry.axes[3 - count + axis] = resample.axis(axis);
            axis += 1;
        }
        if matches!(mode, Mode::Area) {
            resample.area = Some(area(&resample.geometry));
        }
        resample
    }

    const fn axis(&self, axis: usize) -> ResampleAxis {
        let input = self.input.dim(axis + 1);
        let factor = if self.factor.is_none() { None } else { Some(self.factor.real_entry(axis)) };
        let output = match factor {
            Some(factor) => (input as f64 * factor) as usize,
            None if self.size.entry(axis) < 0 => 0,
            None => self.size.entry(axis) as usize,
        };
        let align_corners = self.align_corners.is_true();
        let filter = match self.mode {
            Mode::Nearest | Mode::Area => Filter::Nearest,
            Mode::NearestExact => Filter::NearestExact,
            Mode::Bicubic => Filter::Cubic,
            // Nothing lies between the values.
            _ if input == output => Filter::Nearest,
            _ => Filter::Linear,
        };
        let scale = match (filter, factor) {
            (Filter::Nearest, _) if input == output => 1.0,
            (Filter::Nearest, _) if output == input.saturating_mul(2) => 0.5,
            (Filter::Linear | Filter::Cubic, _) if align_corners => {
                if output > 1 {
                    input.saturating_sub(1) as f64 / (output - 1) as f64
                } else {
                    0.0
                }
            }
            (_, Some(factor)) if !self.recompute && factor > 0.0 => 1.0 / factor,
            _ if output == 0 => 0.0,
            _ => input as f64 / output as f64,
        };
        ResampleAxis { input, output, scale, filter, align_corners }
    }

    /// Upsample, from `size, scale_factor, mode, align_corners, recompute_scale_factor`.
    pub const fn upsample(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Resample {
        let mode = if args[2].is("linear") {
            Mode::Linear
        } else if args[2].is("bilinear") {
            Mode::Bilinear
        } else if args[2].is("bicubic") {
            Mode::Bicubic
        } else if args[2].is("trilinear") {
            Mode::Trilinear
        } else if args[2].is("nearest-exact") {
            Mode::NearestExact
        } else if args[2].is("area") {
            Mode::Area
        } else {
            Mode::Nearest
        };
        Resample::of(mode, None, &[args[0], args[1], args[3], args[4]], inputs[0])
    }

    /// The function, which has `antialias` too.
    pub const fn interpolate(axes: usize, args: &[Arg], inputs: &[Shape]) -> Resample {
        Resample { antialias: args[5].is_true(), ..Resample::upsample(axes, args, inputs) }
    }

    /// UpsamplingNearest2d, from `size, scale_factor`.
    pub const fn nearest(axes: usize, args: &[Arg], inputs: &[Shape]) -> Resample {
        Resample::of(Mode::Nearest, Some(axes), &[args[0], args[1], Arg::None, Arg::None], inputs[0])
    }

    /// UpsamplingBilinear2d, from `size, scale_factor`; its corners are aligned.
    pub const fn bilinear(axes: usize, args: &[Arg], inputs: &[Shape]) -> Resample {
        Resample::of(Mode::Bilinear, Some(axes), &[args[0], args[1], Arg::Flag(true), Arg::None], inputs[0])
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
        let rank = self.input.rank();
        if rank < 2 || rank > 4 || !self.takes(rank - 1) {
            return self.blame_rank(at);
        }
        let (place, name, written) =
            if self.factor.is_none() { (SIZE, "size", self.size) } else { (FACTOR, "scale_factor", self.factor) };
        let is_tuple = matches!(written, Arg::Ints(..) | Arg::Reals(..));
        if is_tuple && written.entries() != rank - 1 {
            return Message::title(at, name)
                .text(" has the wrong number of entries\n  rule : one number, or one for each spatial axis")
                .found("")
                .number(written.entries())
                .text(if written.entries() == 1 { " entry, and " } else { " entries, and " })
                .source(at, 0, self.input)
                .fix("write one number, or ")
                .number(rank - 1)
                .blame(place);
        }
        let mut axis = 0;
        while axis + 1 < rank {
            let found = self.check_size(at, axis, place);
            if found.is_some() {
                return found;
            }
            axis += 1;
        }
        None
    }

    /// What the arguments tell without the input.
    const fn check_arguments(&self, at: &At) -> Option<Violation> {
        if self.size.is_none() && self.factor.is_none() {
            return Message::title(at, "neither size nor scale_factor is given")
                .rule("one of size and scale_factor says how large the output is")
                .found("none of them")
                .fix("write size = ... or scale_factor = ...")
                .blame(LAYER);
        }
        if !self.size.is_none() && !self.factor.is_none() {
            return Message::title(at, "size and scale_factor are both given")
                .rule("one of size and scale_factor says how large the output is")
                .found("both of them")
                .fix("leave one of them out")
                .blame(FACTOR);
        }
        if self.axes.is_none() && self.takes_no_corners() && !self.align_corners.is_none() {
            return Message::title(at, "align_corners has no meaning here")
                .rule("align_corners goes with the modes linear, bilinear, bicubic and trilinear")
                .found("mode = \"")
                .text(self.mode_name())
                .text("\"")
                .fix("leave align_corners out, or choose one of these modes")
                .blame(ALIGN_CORNERS);
        }
        if self.recompute && !self.size.is_none() {
            return Message::title(at, "there is no scale_factor to recompute")
                .rule("recompute_scale_factor goes with scale_factor")
                .found("size and recompute_scale_factor = true")
                .fix("leave recompute_scale_factor out")
                .blame(RECOMPUTE);
        }
        if self.antialias {
            return Message::title(at, "there is no antialiasing")
                .rule("antialias is false")
                .found("antialias = true")
                .fix("leave antialias out; mode = \"area\" makes smaller images without aliasing")
                .blame(ANTIALIAS);
        }
        None
    }

    const fn takes_no_corners(&self) -> bool {
        matches!(self.mode, Mode::Nearest | Mode::NearestExact | Mode::Area)
    }

    const fn mode_name(&self) -> &'static str {
        match self.mode {
            Mode::Nearest => "nearest",
            Mode::NearestExact => "nearest-exact",
            Mode::Linear => "linear",
            Mode::Bilinear => "bilinear",
            Mode::Bicubic => "bicubic",
            Mode::Trilinear => "trilinear",
            Mode::Area => "area",
        }
    }

    /// Whether the layer takes an input with so many spatial axes.
    const fn takes(&self, axes: usize) -> bool {
        let wanted = match self.axes {
            Some(wanted) => wanted,
            None => match self.mode {
                Mode::Linear => 1,
                Mode::Bilinear | Mode::Bicubic => 2,
                Mode::Trilinear => 3,
                _ => axes,
            },
        };
        axes == wanted
    }

    const fn blame_rank(&self, at: &At) -> Option<Violation> {
        let rank = self.input.rank();
        let any = self.takes_no_corners() && self.axes.is_none();
        let wanted = if any {
            "[channels, length], [channels, height, width] or [channels, depth, height, width]"
        } else if self.takes(1) {
            "[channels, length]"
        } else if self.takes(2) {
            "[channels, height, width]"
        } else {
            "[channels, depth, height, width]"
        };
        let text = Message::title(at, "the input has the wrong number of axes\n  rule : ");
        let text = if self.axes.is_some() || any {
            text.text("it takes ")
        } else {
            text.text("mode = \"").text(self.mode_name()).text("\" takes ")
        };
        let text = text.text(wanted).text(", the batch left out").found("").source(at, 0, self.input);
        if self.axes.is_some() || any || rank < 2 || rank > 4 {
            return text.fix("make the input ").text(wanted).blame(LAYER);
        }
        text.fix("write mode = \"")
            .text(match rank {
                2 => "linear",
                3 => "bilinear",
                _ => "trilinear",
            })
            .text("\" or \"nearest\", or make the input ")
            .text(wanted)
            .blame(MODE)
    }

    const fn check_size(&self, at: &At, axis: usize, place: usize) -> Option<Violation> {
        let (input, resampled) = (self.input.dim(axis + 1), self.axis(axis));
        if resampled.output > 0 && resampled.output < usize::MAX {
            return None;
        }
        let text = Message::title(
            at,
            if resampled.output == 0 { "nothing is left of an axis" } else { "scale_factor is no number" },
        );
        if place == SIZE {
            return text.rule("size >= 1 on every axis").found("size = 0").fix("write size >= 1").blame(place);
        }
        text.rule("size * scale_factor >= 1 on every axis")
            .found("size = ")
            .number(input)
            .text(", scale_factor = ")
            .real(self.factor.real_entry(axis))
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write a larger scale_factor: at least 1 / ")
            .number(input)
            .blame(place)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let rank = self.input.rank();
        if !self.input.is_valid() || rank < 2 || rank > 4 || (self.size.is_none() && self.factor.is_none()) {
            return Shape::INVALID;
        }
        let [depth, height, width] = self.geometry.axes;
        Shape::spatial(self.input.dim(0), rank - 1, [depth.output, height.output, width.output])
    }

    /// Places and weights along a row, and a row with a border.
    pub const fn needs(&self) -> Needs {
        if self.area.is_some() {
            return Needs::NOTHING;
        }
        let width = &self.geometry.axes[2];
        let scratch =
            width.output.saturating_mul(1 + width.filter.taps()).saturating_add(width.input.saturating_add(4));
        Needs { forward_scratch: scratch, backward_scratch: scratch, ..Needs::NOTHING }
    }
}

/// Windows that share the input among them.
const fn area(geometry: &ResampleGeometry) -> PoolGeometry {
    let mut axes = [Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }; 3];
    let mut axis = 0;
    while axis < 3 {
        axes[axis].input = geometry.axes[axis].input;
        axes[axis].output = geometry.axes[axis].output;
        axis += 1;
    }
    PoolGeometry { channels: geometry.channels, axes, adaptive: true }
}

without_parameters! { Resample, |_| 0 }

// Places in the signatures.
const SIZE: usize = 0;
const FACTOR: usize = 1;
const MODE: usize = 2;
const ALIGN_CORNERS: usize = 3;
const RECOMPUTE: usize = 4;
const ANTIALIAS: usize = 5;

const TO: Parameter = optional("size", Kind::Sizes, "size of the output: one number, or one for each spatial axis");
const BY: Parameter =
    optional("scale_factor", Kind::Reals, "how much larger the output is: one number, or one for each spatial axis");
const HOW: Parameter = with_default(
    "mode",
    Kind::Word(&["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"]),
    Arg::Word("nearest"),
    "what lies between the values of the input",
);
const CORNERS: Parameter = optional(
    "align_corners",
    Kind::Flag,
    "whether the corners of input and output are the centres of their pixels; None for false",
);
const AGAIN: Parameter = optional(
    "recompute_scale_factor",
    Kind::Flag,
    "whether places follow from the sizes rather than from scale_factor; None for false",
);
const SMOOTH: Parameter = with_default("antialias", Kind::Flag, Arg::Flag(false), "only false");

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Upsample",
        parameters: &[TO, BY, HOW, CORNERS, AGAIN],
        channels: Channels::Input,
        repr: "scale_factor.|size, mode!",
        doc: "an image of another size",
        shape: "[C, L..] -> [C, size..], or ⌊L·scale_factor⌋ on each axis",
        ..operation!(Resample::upsample)
    },
    Entry {
        name: "Upsample",
        is_layer: false,
        function: Some("interpolate"),
        parameters: &[TO, BY, HOW, CORNERS, AGAIN, SMOOTH],
        channels: Channels::Input,
        doc: "an image of another size",
        shape: "[C, L..] -> [C, size..], or ⌊L·scale_factor⌋ on each axis",
        ..operation!(Resample::interpolate)
    },
    Entry {
        name: "UpsamplingNearest2d",
        function: Some("upsample_nearest"),
        axes: 2,
        parameters: &[TO, BY],
        channels: Channels::Input,
        repr: "scale_factor.|size, 'mode='nearest''",
        doc: "a larger image of repeated values",
        shape: "[C, H, W] -> [C, size..], or ⌊L·scale_factor⌋ on each axis",
        ..operation!(Resample::nearest)
    },
    Entry {
        name: "UpsamplingBilinear2d",
        function: Some("upsample_bilinear"),
        axes: 2,
        parameters: &[TO, BY],
        channels: Channels::Input,
        repr: "scale_factor.|size, 'mode='bilinear''",
        doc: "a larger image of lines between the values, corners aligned",
        shape: "[C, H, W] -> [C, size..], or ⌊L·scale_factor⌋ on each axis",
        ..operation!(Resample::bilinear)
    },
];

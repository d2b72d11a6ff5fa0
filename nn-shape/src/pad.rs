//! What stands around a tensor: the places that padding shows; the padding layers and `pad`.

use crate::catalogue::{Channels, Entry, Kind, Parameter, operation, optional, required, with_default};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// What stands around the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Padding {
    /// Zeros, or another constant.
    Zeros,
    /// The input mirrored at its border, without repeating the border.
    Reflect,
    /// The border repeated.
    Replicate,
    /// The input continued from its other side.
    Circular,
}

/// Padding of one axis. Negative padding crops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PadAxis {
    /// Size of the input.
    pub input: usize,
    /// Places in front.
    pub before: isize,
    /// Places behind.
    pub after: isize,
}

impl PadAxis {
    /// Size of the output; 0 where all is cropped.
    pub const fn output(&self) -> usize {
        let size = self.input as i128 + self.before as i128 + self.after as i128;
        if size < 0 { 0 } else { size as usize }
    }

    /// The first place of the input that is not cropped, and how many follow from it.
    pub const fn kept(&self) -> (usize, usize) {
        let from = if self.before < 0 { self.before.unsigned_abs() } else { 0 };
        let cropped = if self.after < 0 { self.after.unsigned_abs() } else { 0 };
        (from, self.input.saturating_sub(from).saturating_sub(cropped))
    }

    /// The place of the input that a place of the output shows; `None` for the constant. Circular padding continues what is not
    /// cropped, the others the whole input.
    pub const fn source(&self, place: usize, padding: Padding) -> Option<usize> {
        let (size, place) = (self.input as i128, place as i128 - self.before as i128);
        let (from, kept) = self.kept();
        let source = match padding {
            _ if place >= 0 && place < size => place,
            Padding::Zeros => return None,
            Padding::Reflect if place < 0 => -place,
            Padding::Reflect => 2 * (size - 1) - place,
            Padding::Replicate if place < 0 => 0,
            Padding::Replicate => size - 1,
            Padding::Circular if place < 0 => place + from as i128 + kept as i128,
            Padding::Circular => place - size + from as i128,
        };
        if source >= 0 && source < size { Some(source as usize) } else { None }
    }
}

/// Padding of three axes of each channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PadGeometry {
    /// Channels: each is padded for itself.
    pub channels: usize,
    /// Depth, height, width.
    pub axes: [PadAxis; 3],
    /// What stands around.
    pub padding: Padding,
}

impl PadGeometry {
    /// Nothing around so many places.
    pub const fn nothing(channels: usize, places: usize) -> PadGeometry {
        let one = PadAxis { input: 1, before: 0, after: 0 };
        PadGeometry { channels, axes: [one, one, PadAxis { input: places, ..one }], padding: Padding::Zeros }
    }

    /// Whether nothing is cropped.
    pub const fn only_adds(&self) -> bool {
        let [depth, height, width] = &self.axes;
        let before = depth.before >= 0 && height.before >= 0 && width.before >= 0;
        before && depth.after >= 0 && height.after >= 0 && width.after >= 0
    }

    /// Values of the input.
    pub const fn input_len(&self) -> usize {
        let [depth, height, width] = &self.axes;
        self.channels.saturating_mul(depth.input).saturating_mul(height.input).saturating_mul(width.input)
    }

    /// Values of the output.
    pub const fn output_len(&self) -> usize {
        let [depth, height, width] = &self.axes;
        self.channels.saturating_mul(depth.output()).saturating_mul(height.output()).saturating_mul(width.output())
    }
}

/// The padding layers and `pad`: the last one, two or three axes get places on both sides, or, where a number is negative, lose some.
///
/// `padding` is one number for all sides, or a pair for each axis, the last axis first: `(left, right, top, bottom, front, back)`. See
/// [`torch.nn.functional.pad`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html).
///
/// Refused although PyTorch accepts it: padding that leaves an axis of size 0, and wrapping around what was cropped.
#[derive(Clone, Copy, Debug)]
pub struct Pad {
    /// Number of padded axes.
    pub axes: usize,
    /// The padding; the axes in front of the last three count as channels.
    pub geometry: PadGeometry,
    /// The constant.
    pub value: f64,
    written: Arg,
    is_function: bool,
    input: Shape,
}

/// The most axes that are padded.
const AXES: usize = 3;
/// The two sides of depth, height and width.
const SIDES: [[&str; 2]; AXES] =
    [["at the front", "at the back"], ["at the top", "at the bottom"], ["on the left", "on the right"]];

impl Pad {
    const fn of(axes: usize, padding: Padding, value: f64, written: Arg, input: Shape) -> Pad {
        let mut pads = [PadAxis { input: 1, before: 0, after: 0 }; AXES];
        let mut axis = 0;
        while axis < AXES && axis < input.rank() {
            let pad = &mut pads[AXES - 1 - axis];
            pad.input = input.dim(input.rank() - 1 - axis);
            if axis < axes {
                pad.before = written.entry(2 * axis) as isize;
                pad.after = written.entry(2 * axis + 1) as isize;
            }
            axis += 1;
        }
        let channels = input.product(0, input.rank().saturating_sub(AXES));
        let geometry = PadGeometry { channels, axes: pads, padding };
        Pad { axes, geometry, value, written, is_function: false, input }
    }

    /// ReflectionPad, from `padding`.
    pub const fn reflect(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        Pad::of(axes, Padding::Reflect, 0.0, args[0], inputs[0])
    }

    /// ReplicationPad, from `padding`.
    pub const fn replicate(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        Pad::of(axes, Padding::Replicate, 0.0, args[0], inputs[0])
    }

    /// CircularPad, from `padding`.
    pub const fn circular(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        Pad::of(axes, Padding::Circular, 0.0, args[0], inputs[0])
    }

    /// ZeroPad, from `padding`.
    pub const fn zero(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        Pad::of(axes, Padding::Zeros, 0.0, args[0], inputs[0])
    }

    /// ConstantPad, from `padding, value`.
    pub const fn constant(axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        Pad::of(axes, Padding::Zeros, args[1].real_or(0.0), args[0], inputs[0])
    }

    /// The function, from `pad, mode, value`: as many axes as `pad` has pairs.
    pub const fn function(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Pad {
        let padding = if args[1].is("reflect") {
            Padding::Reflect
        } else if args[1].is("replicate") {
            Padding::Replicate
        } else if args[1].is("circular") {
            Padding::Circular
        } else {
            Padding::Zeros
        };
        let axes = args[0].entries().div_ceil(2);
        Pad { is_function: true, ..Pad::of(axes, padding, args[2].real_or(0.0), args[0], inputs[0]) }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.has_pairs() {
            return self.blame_entries(at);
        }
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if !self.has_axes() {
            return self.blame_rank(at);
        }
        if self.is_function && !self.is_constant() && self.value != 0.0 {
            return Message::title(at, "only a constant has a value")
                .rule("value goes with mode = \"constant\"")
                .found("value = ")
                .real(self.value)
                .fix("leave value out, or write mode = \"constant\"")
                .blame(VALUE);
        }
        let mut axis = AXES;
        while axis > AXES - self.axes {
            axis -= 1;
            let found = self.check_axis(at, axis);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    const fn is_constant(&self) -> bool {
        matches!(self.geometry.padding, Padding::Zeros)
    }

    /// A pair for each axis, or, for a layer, one number.
    const fn has_pairs(&self) -> bool {
        match self.written {
            Arg::Ints(_, entries) if self.is_function => {
                entries > 0 && entries.is_multiple_of(2) && entries <= 2 * AXES
            }
            Arg::Ints(_, entries) => entries == 2 * self.axes,
            _ => !self.is_function,
        }
    }

    const fn blame_entries(&self, at: &At) -> Option<Violation> {
        const PAIRS: [&str; 3] =
            ["(left, right)", "(left, right, top, bottom)", "(left, right, top, bottom, front, back)"];
        let text = Message::title(at, if self.is_function { "pad" } else { "padding" })
            .text(" has the wrong number of entries\n  rule : ");
        let text = if self.is_function {
            text.text(PAIRS[0]).text(", ").text(PAIRS[1]).text(" or ").text(PAIRS[2]).text(": the last axis first")
        } else {
            text.text("one number for all sides, or ").text(PAIRS[if self.axes < AXES { self.axes } else { AXES } - 1])
        };
        let entries = self.written.entries();
        text.found("")
            .number(entries)
            .text(if entries == 1 { " number" } else { " numbers" })
            .fix(if self.is_function { "write two numbers for each axis" } else { "write one number, or " })
            .text(match self.axes {
                _ if self.is_function => "",
                1 => "2",
                2 => "4",
                _ => "6",
            })
            .blame(PADDING)
    }

    /// Of what is continued rather than filled, at most the channels stand in front of the padded axes, as in PyTorch.
    const fn has_axes(&self) -> bool {
        let rank = self.input.rank();
        rank >= self.axes && (self.is_constant() || rank <= self.axes + 1)
    }

    const fn blame_rank(&self, at: &At) -> Option<Violation> {
        let text = Message::title(at, "the input has the wrong number of axes\n  rule : ")
            .text("padding of ")
            .number(self.axes)
            .text(if self.axes == 1 { " axis takes " } else { " axes takes " })
            .text(match (self.is_constant(), self.axes) {
                (true, 1) => "[..., length]",
                (true, 2) => "[..., height, width]",
                (true, _) => "[..., depth, height, width]",
                (false, 1) => "[channels, length]",
                (false, 2) => "[channels, height, width]",
                (false, _) => "[channels, depth, height, width]",
            })
            .text(", the batch left out")
            .found("")
            .source(at, 0, self.input);
        let rank = self.input.rank();
        let axes = if self.is_constant() { rank } else { rank.saturating_sub(1) };
        let text = if axes == 0 || axes > AXES {
            text.fix("give it an input with channels and 1, 2 or 3 axes behind them")
        } else if self.is_function {
            let text = text.fix(if self.is_constant() { "write at most " } else { "write " }).number(2 * axes);
            text.text(" numbers: two for each axis").text(if self.is_constant() { "" } else { " behind the channels" })
        } else {
            text.fix("use the ").number(axes).text("d layer")
        };
        text.blame(if self.is_function { PADDING } else { LAYER })
    }

    const fn check_axis(&self, at: &At, axis: usize) -> Option<Violation> {
        let pad = &self.geometry.axes[axis];
        let lost = cropped(pad.before) as u128 + cropped(pad.after) as u128;
        if lost > pad.input as u128 || pad.output() == 0 || (lost == pad.input as u128 && !self.is_constant()) {
            return self.blame_cropping(at, axis);
        }
        let (_, kept) = pad.kept();
        let most = match self.geometry.padding {
            Padding::Reflect => pad.input - 1,
            Padding::Circular => kept,
            Padding::Zeros | Padding::Replicate => return None,
        };
        let behind = pad.after > pad.before;
        let widest = if behind { pad.after } else { pad.before };
        if widest <= 0 || widest.unsigned_abs() <= most {
            return None;
        }
        let reflect = matches!(self.geometry.padding, Padding::Reflect);
        let text = Message::title(
            at,
            if reflect { "the padding is too wide to reflect" } else { "the padding wraps around more than once" },
        )
        .rule(if reflect { "padding < size on every side" } else { "padding <= size on every side" })
        .text(if !reflect && kept < pad.input { ", the size that cropping leaves" } else { "" })
        .found("padding = ")
        .integer(widest as i64)
        .text(" ")
        .text(SIDES[axis][behind as usize])
        .text(", size = ")
        .number(if reflect { pad.input } else { kept })
        .text(" (")
        .source(at, 0, self.input)
        .text(")");
        text.fix("write a padding of at most ").number(most).blame(PADDING)
    }

    const fn blame_cropping(&self, at: &At, axis: usize) -> Option<Violation> {
        let pad = &self.geometry.axes[axis];
        Message::title(at, "nothing is left of an axis")
            .rule("size + padding on both sides >= 1, and no more is cropped than there is")
            .found("")
            .number(pad.input)
            .text(if pad.before < 0 { " - " } else { " + " })
            .number(pad.before.unsigned_abs())
            .text(if pad.after < 0 { " - " } else { " + " })
            .number(pad.after.unsigned_abs())
            .text(" ")
            .text(SIDES[axis][0])
            .text(" and ")
            .text(SIDES[axis][1])
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("crop less: at most ")
            .number(pad.input.saturating_sub(1))
            .text(" on both sides together")
            .blame(PADDING)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.input.is_valid() || !self.has_pairs() || !self.has_axes() {
            return Shape::INVALID;
        }
        let (rank, mut output) = (self.input.rank(), self.input);
        let mut axis = 0;
        while axis < self.axes {
            let size = self.geometry.axes[AXES - 1 - axis].output();
            if size == 0 {
                return Shape::INVALID;
            }
            output = output.with(rank - 1 - axis, size);
            axis += 1;
        }
        output
    }

    /// Whether only axes behind the channels are padded, of which there are three at most.
    pub const fn keeps_channels(&self) -> bool {
        let rank = self.input.rank();
        let channels =
            if rank >= 1 && rank <= AXES { &self.geometry.axes[AXES - rank] } else { return rank == AXES + 1 };
        channels.before == 0 && channels.after == 0
    }

    /// The same for the first axis as channels, where it [keeps](Pad::keeps_channels) them.
    pub const fn by_channel(&self) -> PadGeometry {
        let (rank, mut geometry) = (self.input.rank(), self.geometry);
        geometry.channels = self.input.dim(0);
        if rank >= 1 && rank <= AXES {
            geometry.axes[AXES - rank] = PadAxis { input: 1, before: 0, after: 0 };
        }
        geometry
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

/// How many places a number takes away.
const fn cropped(padding: isize) -> usize {
    if padding < 0 { padding.unsigned_abs() } else { 0 }
}

without_parameters! { Pad, |_| 0 }

// Places in the signatures.
const PADDING: usize = 0;
const VALUE: usize = 2;

const AROUND: Parameter = required(
    "padding",
    Kind::Ints,
    "places on all sides, or a pair for each axis, the last axis first; negative numbers crop",
);
const WITH_VALUE: &[Parameter] = &[AROUND, required("value", Kind::Real, "what stands there")];
const ONLY: &[Parameter] = &[AROUND];

/// The same layer for one, two and three axes.
const PADDED: &str = "[C, L..] -> [C, begin + L + end..]";

const fn layer(name: &'static str, axes: usize, doc: &'static str, entry: Entry) -> Entry {
    Entry { name, axes, parameters: ONLY, repr: "#padding**", channels: Channels::Input, doc, shape: PADDED, ..entry }
}

const fn constant(name: &'static str, axes: usize) -> Entry {
    Entry {
        parameters: WITH_VALUE,
        repr: "padding**, value",
        ..layer(name, axes, "a constant around the input", operation!(Pad::constant))
    }
}

const REFLECT: &str = "the input mirrored at its border";
const REPLICATE: &str = "the border repeated around the input";
const ZERO: &str = "zeros around the input";
const CIRCULAR: &str = "the input continued from its other side";

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    layer("ReflectionPad1d", 1, REFLECT, operation!(Pad::reflect)),
    layer("ReflectionPad2d", 2, REFLECT, operation!(Pad::reflect)),
    layer("ReflectionPad3d", 3, REFLECT, operation!(Pad::reflect)),
    layer("ReplicationPad1d", 1, REPLICATE, operation!(Pad::replicate)),
    layer("ReplicationPad2d", 2, REPLICATE, operation!(Pad::replicate)),
    layer("ReplicationPad3d", 3, REPLICATE, operation!(Pad::replicate)),
    layer("ZeroPad1d", 1, ZERO, operation!(Pad::zero)),
    layer("ZeroPad2d", 2, ZERO, operation!(Pad::zero)),
    layer("ZeroPad3d", 3, ZERO, operation!(Pad::zero)),
    constant("ConstantPad1d", 1),
    constant("ConstantPad2d", 2),
    constant("ConstantPad3d", 3),
    layer("CircularPad1d", 1, CIRCULAR, operation!(Pad::circular)),
    layer("CircularPad2d", 2, CIRCULAR, operation!(Pad::circular)),
    layer("CircularPad3d", 3, CIRCULAR, operation!(Pad::circular)),
    Entry {
        name: "Pad",
        is_layer: false,
        function: Some("pad"),
        parameters: &[
            required("pad", Kind::Ints, "a pair for each axis, the last axis first; negative numbers crop"),
            with_default(
                "mode",
                Kind::Word(&["constant", "reflect", "replicate", "circular"]),
                Arg::Word("constant"),
                "what stands around the input",
            ),
            optional("value", Kind::Real, "the constant; None for 0"),
        ],
        doc: "places around the input",
        shape: "[.., L..] -> [.., begin + L + end..]",
        ..operation!(Pad::function)
    },
];

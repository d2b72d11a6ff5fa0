//! affine_grid, grid_sample: values at places that are computed.

use crate::catalogue::{Channels, Entry, Inputs, Kind, Parameter, operation, optional, required, with_default};
use crate::dims::{all_valid, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// `affine_grid`: where the pixels of an image of the given size lie under an affine map. The coordinates, x in front, run from -1 to 1 over
/// each axis: over the middles of the outer pixels with `align_corners`, else over their edges.
///
/// See [`torch.nn.functional.affine_grid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html). As in `view`, the first
/// entry of `size` is -1, the batch.
#[derive(Clone, Copy, Debug)]
pub struct AffineGrid {
    /// Depth, height and width; the depth is 1 for an image.
    pub sizes: [usize; 3],
    /// Spatial axes: 2 or 3.
    pub axes: usize,
    /// Whether -1 and 1 are the middles of the outer pixels.
    pub align_corners: bool,
    theta: Shape,
    size: Arg,
}

impl AffineGrid {
    /// From `size, align_corners`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> AffineGrid {
        let size = args[0];
        let axes = if size.entries() == 5 { 3 } else { 2 };
        let mut sizes = [1; 3];
        let mut axis = 0;
        while axis < axes {
            let entry = size.entry(2 + axis);
            sizes[3 - axes + axis] = if entry < 1 { 1 } else { entry as usize };
            axis += 1;
        }
        AffineGrid { sizes, axes, align_corners: args[1].is_true(), theta: inputs[0], size }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let entries = self.size.entries();
        if entries != 4 && entries != 5 {
            return Message::title(at, "size has the wrong number of entries")
                .rule("size is (-1, channels, height, width) or (-1, channels, depth, height, width)")
                .found("")
                .number(entries)
                .text(if entries == 1 { " entry" } else { " entries" })
                .fix("write the batch as -1, the channels and two or three spatial sizes")
                .blame(0);
        }
        if self.size.entry(0) != -1 {
            return Message::title(at, "size begins with the batch")
                .rule("the first entry of size is -1, which stands for the batch")
                .found("size begins with ")
                .integer(self.size.entry(0))
                .fix("write -1 in its place")
                .blame(0);
        }
        let mut entry = 1;
        while entry < entries {
            if self.size.entry(entry) < 1 {
                return Message::title(at, "a size must be positive")
                    .rule("behind the batch every size is >= 1")
                    .found("")
                    .integer(self.size.entry(entry))
                    .fix("write a size >= 1")
                    .blame(0);
            }
            entry += 1;
        }
        if !self.theta.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.theta]) {
            return Some(violation);
        }
        let wanted = Shape::new(&[self.axes, self.axes + 1]);
        if self.theta.same(&wanted) {
            return None;
        }
        Message::title(at, "the input is no affine map")
            .rule("for an image it is [2, 3], for a volume [3, 4]: a matrix, and a shift in the last column")
            .found("")
            .source(at, 0, self.theta)
            .text(", and size has ")
            .number(self.axes)
            .text(" spatial entries")
            .fix("bring it into the shape ")
            .shape(wanted)
            .blame(LAYER)
    }

    /// The shape of the output: a place for each pixel.
    pub const fn output(&self, _index: usize) -> Shape {
        let entries = self.size.entries();
        if entries != 4 && entries != 5 {
            return Shape::INVALID;
        }
        let [depth, height, width] = self.sizes;
        if self.axes == 2 { Shape::new(&[height, width, 2]) } else { Shape::new(&[depth, height, width, 3]) }
    }

    /// Nothing: the map is linear in its input.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { AffineGrid, |grid| {
    let [depth, height, width] = grid.sizes;
    depth.saturating_mul(height).saturating_mul(width).saturating_mul(grid.axes * grid.axes)
} }

/// What lies between the values of the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sampling {
    /// The mean of the neighbours, weighted by how near they are.
    Linear,
    /// The nearest value; of two that are equally near the one with the even place.
    Nearest,
    /// Cubic curves through four neighbours on each axis.
    Cubic,
}

/// What lies outside of the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outside {
    /// Zeros.
    Zeros,
    /// The nearest value of the border.
    Border,
    /// The input, mirrored again and again.
    Reflection,
}

/// `grid_sample`: the values of an image or volume at the places that a grid holds, x in front, which run from -1 to 1 over each axis.
///
/// See [`torch.nn.functional.grid_sample`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html).
#[derive(Clone, Copy, Debug)]
pub struct GridSample {
    /// What lies between the values.
    pub sampling: Sampling,
    /// What lies outside.
    pub outside: Outside,
    /// Whether -1 and 1 are the middles of the outer pixels, not their edges.
    pub align_corners: bool,
    /// Channels.
    pub channels: usize,
    /// Spatial axes: 2 or 3.
    pub axes: usize,
    /// Depth, height and width of the input; the depth is 1 for an image.
    pub sizes: [usize; 3],
    /// Places of the grid in one sample.
    pub places: usize,
    input: Shape,
    grid: Shape,
}

impl GridSample {
    /// From `mode, padding_mode, align_corners`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> GridSample {
        let (input, grid) = (inputs[0], inputs[1]);
        let axes = if input.rank() == 4 { 3 } else { 2 };
        GridSample {
            sampling: if args[0].is("nearest") {
                Sampling::Nearest
            } else if args[0].is("bicubic") {
                Sampling::Cubic
            } else {
                Sampling::Linear
            },
            outside: if args[1].is("border") {
                Outside::Border
            } else if args[1].is("reflection") {
                Outside::Reflection
            } else {
                Outside::Zeros
            },
            align_corners: args[2].is_true(),
            channels: input.dim(0),
            axes,
            sizes: input.three(axes),
            places: grid.product(0, grid.rank().saturating_sub(1)),
            input,
            grid,
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !all_valid(&[self.input, self.grid]) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input, self.grid]) {
            return Some(violation);
        }
        let rank = self.input.rank();
        if rank != 3 && rank != 4 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("it takes [channels, height, width] or [channels, depth, height, width], the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("make the input an image or a volume with channels: `unsqueeze`")
                .blame(LAYER);
        }
        if rank == 4 && matches!(self.sampling, Sampling::Cubic) {
            return Message::title(at, "there are no cubic curves through volumes")
                .rule("mode = \"bicubic\" takes [channels, height, width], the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("write mode = \"bilinear\", which is trilinear for volumes, or \"nearest\"")
                .blame(0);
        }
        if self.grid.rank() == rank && self.grid.last() == self.axes {
            return None;
        }
        Message::title(at, "the grid does not fit the input")
            .text("\n  rule : a grid for ")
            .text(if rank == 3 { "an image is [height, width, 2]" } else { "a volume is [depth, height, width, 3]" })
            .text(", with the sizes of the output and the coordinates, x in front")
            .found("")
            .source(at, 1, self.grid)
            .text(", and ")
            .source(at, 0, self.input)
            .fix("make the grid with `affine_grid`, or bring its coordinates into the last axis: `permute`")
            .blame(LAYER)
    }

    /// The shape of the output: the input's channels at the places of the grid.
    pub const fn output(&self, _index: usize) -> Shape {
        let rank = self.grid.rank();
        if !all_valid(&[self.input, self.grid]) || rank != self.input.rank() || (rank != 3 && rank != 4) {
            return Shape::INVALID;
        }
        let mut output = Shape::new(&[self.channels]);
        let mut axis = 0;
        while axis + 1 < rank {
            output = output.push(self.grid.dim(axis));
            axis += 1;
        }
        output
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { GridSample, |sample| {
    let taps: usize = match sample.sampling {
        Sampling::Nearest => 1,
        Sampling::Linear => 1 << sample.axes,
        Sampling::Cubic => 16,
    };
    sample.places.saturating_mul(sample.channels).saturating_mul(taps)
} }

const CORNERS: Parameter = optional(
    "align_corners",
    Kind::Flag,
    "whether -1 and 1 are the middles of the outer pixels; None and false: their edges",
);

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "AffineGrid",
        is_layer: false,
        function: Some("affine_grid"),
        parameters: &[
            required(
                "size",
                Kind::Ints,
                "of the image: (-1, channels, height, width), or with a depth; -1 is the batch",
            ),
            CORNERS,
        ],
        doc: "where the pixels of an image lie under an affine map: coordinates from -1 to 1, x in front",
        shape: "[2, 3] -> [H, W, 2], [3, 4] -> [D, H, W, 3]",
        ..operation!(AffineGrid::new)
    },
    Entry {
        name: "GridSample",
        is_layer: false,
        function: Some("grid_sample"),
        inputs: Inputs::Exactly(2),
        parameters: &[
            with_default(
                "mode",
                Kind::Word(&["bilinear", "nearest", "bicubic"]),
                Arg::Word("bilinear"),
                "what lies between the values of the input",
            ),
            with_default(
                "padding_mode",
                Kind::Word(&["zeros", "border", "reflection"]),
                Arg::Word("zeros"),
                "what lies outside of the input",
            ),
            CORNERS,
        ],
        channels: Channels::Input,
        doc: "the values of an image or volume at the places that a grid holds",
        shape: "[C, H, W] and grid [h, w, 2] -> [C, h, w], [C, D, H, W] and grid [d, h, w, 3] -> [C, d, h, w]",
        ..operation!(GridSample::new)
    },
];

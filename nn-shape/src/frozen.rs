//! The program of a frozen network: what is done, in which order, where everything lies. `network!` writes it, `nn-core` packs for it and runs it.
//!
//! Between its steps, values with channels lie channels last: `[depth, height, width, channels]`, without gaps. Inputs and results of the
//! network are plain.

pub use crate::kind::Kind;
use crate::tile::MAX_LANES;
use crate::winograd::{self, SIDES};
use crate::{
    Axis, ConvGeometry, Function, Operator, PadGeometry, PoolGeometry, Recurrence, Reduction, ResampleGeometry, Walk,
    phases,
};

/// Where an operand lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Nowhere.
    None,
    /// In the network's input, which is one tensor.
    Input,
    /// In a tensor of the network's input.
    Part(usize),
    /// In the network's output, which is one tensor.
    Output,
    /// In a tensor of the network's output.
    Result(usize),
    /// In the arena, from this element on.
    Arena(usize),
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// A convolution, to channels last.
    Conv {
        /// The convolution; its padding is zeros.
        geometry: ConvGeometry,
        /// Whether its input is plain.
        planar: bool,
    },
    /// A convolution in squares of one side, which is being measured.
    Squares {
        /// The convolution.
        geometry: ConvGeometry,
        /// The side: one of [`SIDES`].
        side: usize,
    },
    /// A convolution of few channels, from plain to plain.
    Planes(ConvGeometry),
    /// A transposed convolution, channels last, [phase](crate::phases) by phase: the convolution that it transposes.
    Transposed(ConvGeometry),
    /// A linear layer over the last axis.
    Linear {
        /// Rows of the input.
        rows: usize,
        /// Numbers of each.
        inputs: usize,
        /// Numbers of each row of the output.
        outputs: usize,
    },
    /// A linear layer over one row that two values are together, side by side along an axis: what `cat` would make of them.
    Joined {
        /// The product of the axes in front.
        lines: usize,
        /// Numbers of a line of each value.
        sizes: [usize; 2],
        /// Numbers of the output.
        outputs: usize,
    },
    /// What a stream remembers, some numbers on: each line of a value without its first numbers, and behind them a line of another value.
    Shift {
        /// Lines of both.
        lines: usize,
        /// Numbers of a line of the first value, and of the result.
        len: usize,
        /// The same of the second, which are fewer.
        new: usize,
    },
    /// A pool.
    Pool {
        /// The windows.
        geometry: PoolGeometry,
        /// What a window becomes.
        reduction: Reduction,
        /// Whether input and output are plain.
        planar: bool,
    },
    /// A function of each number.
    Pointwise {
        /// The function.
        function: Function,
        /// How many numbers.
        len: usize,
    },
    /// Two values, number by number.
    Arithmetic {
        /// What is done with a pair.
        operator: Operator,
        /// How many pairs.
        len: usize,
    },
    /// A normalisation by running statistics, channels last: a factor and an addend for each channel.
    Affine {
        /// Channels.
        channels: usize,
        /// Product of the other axes.
        places: usize,
    },
    /// A normalisation of groups of neighbouring channels by their own statistics, channels last.
    Norm {
        /// Channels and their places, and what is put around the result: nothing is cropped.
        around: PadGeometry,
        /// The constant.
        value: f64,
        /// Groups, each of as many channels.
        groups: usize,
        /// What is added to the variance.
        eps: f64,
    },
    /// A larger value, or a smaller one, with the padding around.
    Pad {
        /// The padding.
        geometry: PadGeometry,
        /// The constant.
        value: f64,
        /// Whether input and output are plain.
        planar: bool,
    },
    /// A value of another size, channels last.
    Resample(ResampleGeometry),
    /// Each number moves to another place.
    Move {
        /// How the result is read.
        walk: Walk,
        /// How many numbers.
        len: usize,
    },
    /// `[channels, places]` to `[places, channels]`.
    ToLast {
        /// Channels.
        channels: usize,
        /// Product of the other axes.
        places: usize,
    },
    /// `[places, channels]` to `[channels, places]`.
    ToPlain {
        /// Channels.
        channels: usize,
        /// Product of the other axes.
        places: usize,
    },
    /// Runs of neighbouring numbers, copied; what lies between them stays as it is.
    Runs(Runs),
    /// A copy of so many numbers.
    Copy(usize),
    /// So many numbers of the network's own: a parameter or a buffer.
    Held(usize),
    /// A recurrent layer without a projection.
    Recurrent {
        /// Its layers and directions.
        recurrence: Recurrence,
        /// Where its operands are listed: input and states, results.
        operands: usize,
    },
    /// The layer behind this operation, as it is.
    Layer(usize),
}

/// Runs of neighbouring numbers, equally far apart: a part of a value along an axis, or a value that becomes one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Runs {
    /// How many.
    pub count: usize,
    /// Numbers of each.
    pub len: usize,
    /// Where the first one begins in the input, and from one to the next.
    pub from: [usize; 2],
    /// The same in the output.
    pub to: [usize; 2],
}

impl Runs {
    /// So many of such a length; one run where nothing lies between them on either side.
    pub const fn new(count: usize, len: usize, from: [usize; 2], to: [usize; 2]) -> Runs {
        if from[1] == len && to[1] == len {
            let all = count.saturating_mul(len);
            return Runs { count: 1, len: all, from: [0, all], to: [0, all] };
        }
        Runs { count, len, from, to }
    }

    /// Behind the last number on either side.
    pub const fn ends(&self) -> [usize; 2] {
        let last = self.count.saturating_sub(1);
        [self.from[0] + last * self.from[1] + self.len, self.to[0] + last * self.to[1] + self.len]
    }
}

/// The parameters that a step packs: places in the list of the network's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Sources {
    /// The weight; the bias follows. Of a recurrent layer the first of four for each direction: for the input, for the hidden numbers, their biases.
    pub weight: Option<usize>,
    /// The statistics of the normalisation behind: mean, variance, weight, bias.
    pub norm: Option<usize>,
    /// What the normalisation adds to the variance.
    pub eps: f64,
    /// Channels and places of the value that a linear layer reads as it lies, channels last; its weights expect it plain.
    pub permuted: [usize; 2],
}

impl Sources {
    /// None at all.
    pub const NONE: Sources = Sources { weight: None, norm: None, eps: 0.0, permuted: [1, 1] };
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it does.
    pub work: Work,
    /// Its operands; the second of a convolution or a linear layer is added to the result before it is bounded, that of [`Work::Joined`] is multiplied as the first.
    pub reads: [Place; 2],
    /// Its result.
    pub write: Place,
    /// Its packed parameters: their first element, and where that is if convolutions may be done in squares ([`winograd`]).
    pub packed: [usize; 2],
    /// Its working space: its first element in the arena.
    pub scratch: usize,
    /// What it packs.
    pub sources: Sources,
    /// The least and the largest value of its result.
    pub bounds: [f64; 2],
    /// How long all of these are.
    pub sizes: Sizes,
    /// What packs and runs it.
    pub kind: Kind,
}

impl Step {
    /// A step without parameters, with its working space in front.
    pub const fn new(work: Work, reads: [Place; 2], write: Place) -> Self {
        let (sizes, kind) = (Sizes::of(&work), Kind::of(&work));
        Step { work, reads, write, packed: [0; 2], scratch: 0, sources: Sources::NONE, bounds: UNBOUNDED, sizes, kind }
    }

    /// Whether it is a convolution that is done in squares if errors allow.
    #[inline(always)]
    pub const fn may_have_squares(&self) -> bool {
        self.sizes.packed[1] > self.sizes.packed[0]
    }
}

/// Elements of what a step reads and writes; known beforehand, so that a run does not compute them.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Its operands.
    pub reads: [usize; 2],
    /// Its result.
    pub write: usize,
    /// Its working space.
    pub scratch: usize,
    /// Its packed parameters, without and with squares.
    pub packed: [usize; 2],
}

impl Sizes {
    /// Those of a step that does this.
    pub const fn of(work: &Work) -> Self {
        let [first, second, write] = work.lens();
        let packed = [work.packed(), work.packed_squares()];
        Sizes { reads: [first, second], write, scratch: work.scratch(), packed }
    }
}

/// Numbers that no result leaves.
pub const UNBOUNDED: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// Elements in front of packed weights, which tell how they lie.
pub const HEADER: usize = MAX_LANES;

const fn whole(len: usize) -> usize {
    len.div_ceil(MAX_LANES).saturating_mul(MAX_LANES)
}

/// Whether each channel is convolved for itself.
pub const fn is_depthwise(geometry: &ConvGeometry) -> bool {
    geometry.groups > 1 && geometry.group_in() == 1 && geometry.group_out() == 1
}

/// Whether a convolution sees all of its input at once: it is a linear layer over the plain values, whose weights fit as they are.
pub const fn is_linear(geometry: &ConvGeometry) -> bool {
    let mut axis = 0;
    while axis < 3 {
        let Axis { input, kernel, before, after, .. } = geometry.axes[axis];
        if kernel != input || before > 0 || after > 0 {
            return false;
        }
        axis += 1;
    }
    geometry.groups == 1 && geometry.output_plane() == 1
}

/// Weights of a linear layer over one row from which on threads share it out.
pub const MANY_WEIGHTS: usize = 200_000;

/// Whether a linear layer over one row reads two values where they lie, without a `cat` of them. Of a larger one, a copy is not felt.
pub const fn joins(inputs: usize, outputs: usize) -> bool {
    inputs.saturating_mul(outputs) < MANY_WEIGHTS
}

/// Products for each number of the input from which on it pays to lay the channels of a pixel side by side: that takes about a cycle for a number.
const TURNED: usize = 256;

/// Whether a convolution sees plain input where it lies, channel by channel; else it sees all channels of a pixel side by side, of which a line of the window is
/// one long run.
pub const fn sees_planes(geometry: &ConvGeometry, planar: bool) -> bool {
    let many = geometry.in_channels >= MAX_LANES && geometry.macs() >= geometry.input_len().saturating_mul(TURNED);
    planar
        && geometry.in_channels > 1
        && !many
        && geometry.input_plane() > 1
        && geometry.axes[0].kernel == 1
        && geometry.axes[2].kernel > 1
        && !is_depthwise(geometry)
}

/// Whether the sums of a convolution are those of vectors of neighbouring inputs, channels last: few outputs of many numbers.
pub const fn has_dots(geometry: &ConvGeometry, planar: bool) -> bool {
    let run = geometry.axes[2].kernel.saturating_mul(geometry.in_channels);
    let dense = geometry.groups == 1 && geometry.axes[2].dilation == 1;
    let many = run >= 2 * MAX_LANES && geometry.in_channels.saturating_mul(geometry.window()) >= 8 * MAX_LANES;
    !planar && dense && many && geometry.out_channels <= 4 && geometry.output_plane() > 1
}

/// Whether a convolution is faster with vectors of neighbouring pixels than with vectors of channels: its input and its output are plain then, and
/// copies to and from that layout count, where others have channels last.
pub const fn prefers_planes(geometry: &ConvGeometry, plain_input: bool, plain_output: bool) -> bool {
    let [depth, height, width] = &geometry.axes;
    if geometry.groups != 1 || width.stride != 1 || has_dots(geometry, plain_input) {
        return false;
    }
    let by_channel = whole(geometry.out_channels).saturating_mul(width.output);
    let by_pixel = geometry.out_channels.saturating_mul(whole(width.output));
    let lines = depth.output.saturating_mul(height.output);
    let steps = geometry.group_in().saturating_mul(geometry.window()).saturating_mul(lines);
    // Two vectors of products in a cycle, a number copied in one.
    let saved = by_channel.saturating_sub(by_pixel).saturating_mul(steps) / (2 * MAX_LANES);
    let input = if plain_input { 0 } else { geometry.input_len() };
    let output = if plain_output { 0 } else { geometry.output_len() };
    saved > input.saturating_add(output)
}

/// From one line of the laid out input of [`Work::Planes`] to the next: whole vectors lie behind the last entry of the window too.
pub const fn planes_pitch(geometry: &ConvGeometry) -> usize {
    let width = &geometry.axes[2];
    whole(width.output).saturating_add(width.extent())
}

/// Whether a depthwise convolution sees its input where it lies, without the padding: windows of 3x3 that move by one or two pixels, a padding of one at
/// most, and channels for a vector of every instruction set.
pub const fn slides(geometry: &ConvGeometry) -> bool {
    let [depth, height, width] = &geometry.axes;
    let flat = depth.kernel == 1 && depth.before == 0 && depth.after == 0;
    let three = height.kernel == 3 && width.kernel == 3 && height.dilation == 1 && width.dilation == 1;
    let near = height.stride == width.stride && width.stride <= 2;
    let edged = height.before <= 1 && height.after <= 1 && width.before <= 1 && width.after <= 1;
    flat && three && near && edged && is_depthwise(geometry) && geometry.in_channels >= MAX_LANES / 2
}

/// Whether a convolution lays its input out with its padding first.
pub const fn is_laid_out(geometry: &ConvGeometry, planar: bool) -> bool {
    let mut padding = 0;
    let mut axis = 0;
    while axis < 3 {
        padding += geometry.axes[axis].before + geometry.axes[axis].after;
        axis += 1;
    }
    let turned = planar && geometry.in_channels > 1 && geometry.input_plane() > 1 && !sees_planes(geometry, planar);
    (padding > 0 && !slides(geometry)) || turned
}

/// Values of the input of a convolution with its padding.
pub const fn padded_len(geometry: &ConvGeometry) -> usize {
    geometry
        .in_channels
        .saturating_mul(geometry.axes[0].padded())
        .saturating_mul(geometry.axes[1].padded())
        .saturating_mul(geometry.axes[2].padded())
}

/// Elements of the packed parameters of one phase of a transposed convolution.
pub const fn packed_phase(geometry: &ConvGeometry, phase: usize) -> usize {
    let [depth, height, width] = phases::at(geometry, phase);
    let window = depth.taps.saturating_mul(height.taps).saturating_mul(width.taps);
    let steps = geometry.group_out().saturating_mul(window).saturating_add(1);
    HEADER + whole(geometry.group_in()).saturating_mul(geometry.groups).saturating_mul(steps)
}

impl Work {
    /// Elements of the packed parameters.
    pub const fn packed(&self) -> usize {
        match *self {
            Work::Conv { geometry, .. } if is_depthwise(&geometry) => {
                HEADER + whole(geometry.out_channels).saturating_mul(geometry.window() + 1)
            }
            Work::Conv { geometry, planar } if has_dots(&geometry, planar) => {
                let [depth, height, width] = &geometry.axes;
                let run = whole(width.kernel.saturating_mul(geometry.in_channels));
                let lines = depth.kernel.saturating_mul(height.kernel);
                HEADER + MAX_LANES + geometry.out_channels.saturating_mul(run).saturating_mul(lines)
            }
            Work::Conv { geometry, .. } => {
                let steps = geometry.group_in().saturating_mul(geometry.window()) + 1;
                HEADER + whole(geometry.group_out()).saturating_mul(geometry.groups).saturating_mul(steps)
            }
            Work::Squares { geometry, side } => {
                HEADER + 2 * whole(geometry.out_channels) + winograd::weights(&geometry, side)
            }
            Work::Planes(geometry) => geometry.weights().saturating_add(geometry.out_channels),
            Work::Linear { inputs, outputs, .. } => HEADER + whole(outputs).saturating_mul(inputs + 1),
            Work::Joined { lines, sizes: [first, second], outputs } => {
                HEADER + whole(outputs).saturating_mul(lines * (first + second) + 1)
            }
            Work::Transposed(geometry) => {
                let (mut len, mut phase) = (0, 0);
                while phase < phases::all(&geometry) {
                    len += packed_phase(&geometry, phase);
                    phase += 1;
                }
                len
            }
            Work::Affine { channels, .. } => 2 * whole(channels),
            Work::Held(len) => len,
            Work::Norm { around, .. } => 2 * whole(around.channels),
            Work::Recurrent { recurrence, .. } => recurrence.packed(),
            _ => 0,
        }
    }

    /// The same if a convolution may be done in squares: whichever needs most.
    pub const fn packed_squares(&self) -> usize {
        let mut most = self.packed();
        let mut side = 0;
        while side < SIDES.len() {
            if let Some(geometry) = self.squares(SIDES[side]) {
                let len = Work::Squares { geometry: *geometry, side: SIDES[side] }.packed();
                most = if len > most { len } else { most };
            }
            side += 1;
        }
        most
    }

    /// The convolution that can be done in squares of that side, and had better be on some machine.
    pub const fn squares(&self, side: usize) -> Option<&ConvGeometry> {
        match self {
            Work::Conv { geometry, planar: false } if winograd::may_be_worth(geometry, side) => Some(geometry),
            _ => None,
        }
    }

    /// Elements of the working space.
    pub const fn scratch(&self) -> usize {
        let mut most = self.direct_scratch();
        let mut side = 0;
        while side < SIDES.len() {
            if let Some(geometry) = self.squares(SIDES[side]) {
                let len = winograd::scratch(geometry, SIDES[side]);
                most = if len > most { len } else { most };
            }
            side += 1;
        }
        most
    }

    /// Elements of the working space of what is not done in squares.
    pub const fn direct_scratch(&self) -> usize {
        match *self {
            Work::Conv { geometry, planar } if is_laid_out(&geometry, planar) => padded_len(&geometry),
            Work::Recurrent { recurrence, .. } => recurrence.between(),
            Work::Norm { around, .. } => 2 * whole(around.channels),
            Work::Transposed(geometry) => {
                let laid_out = phases::laid_out(&geometry);
                if is_laid_out(&laid_out, false) { padded_len(&laid_out) } else { 0 }
            }
            Work::Squares { geometry, side } => winograd::scratch(&geometry, side),
            Work::Planes(geometry) => {
                let [depth, height, _] = &geometry.axes;
                let lines = geometry.in_channels.saturating_mul(depth.padded()).saturating_mul(height.padded());
                lines.saturating_mul(planes_pitch(&geometry))
            }
            _ => 0,
        }
    }

    /// Elements of the first input, of the second, and of the output.
    pub const fn lens(&self) -> [usize; 3] {
        match *self {
            Work::Conv { geometry, .. } | Work::Squares { geometry, .. } | Work::Planes(geometry) => {
                [geometry.input_len(), geometry.output_len(), geometry.output_len()]
            }
            Work::Linear { rows, inputs, outputs } => [rows * inputs, rows * outputs, rows * outputs],
            Work::Joined { lines, sizes: [first, second], outputs } => [lines * first, lines * second, outputs],
            Work::Shift { lines, len, new } => [lines * len, lines * new, lines * len],
            Work::Pool { geometry, .. } => {
                [geometry.channels * geometry.input_plane(), 0, geometry.channels * geometry.output_plane()]
            }
            Work::Resample(ResampleGeometry { channels, axes: [depth, height, width] }) => {
                let input = depth.input * height.input * width.input;
                [channels * input, 0, channels * depth.output * height.output * width.output]
            }
            Work::Pointwise { len, .. } | Work::Move { len, .. } | Work::Copy(len) => [len, 0, len],
            Work::Arithmetic { len, .. } => [len, len, len],
            Work::Transposed(geometry) => [geometry.output_len(), geometry.input_len(), geometry.input_len()],
            Work::Norm { around, .. } => [around.input_len(), around.input_len(), around.output_len()],
            Work::Pad { geometry, .. } => [geometry.input_len(), 0, geometry.output_len()],
            Work::Affine { channels, places }
            | Work::ToLast { channels, places }
            | Work::ToPlain { channels, places } => [channels * places, 0, channels * places],
            Work::Runs(Runs { count, from, to, .. }) => [count * from[1], 0, count * to[1]],
            Work::Held(len) => [0, 0, len],
            Work::Recurrent { .. } | Work::Layer(_) => [0, 0, 0],
        }
    }
}

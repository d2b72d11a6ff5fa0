//! The program of a frozen network: what is done, in which order, where everything lies. `network!` writes it, `nn-core` packs for it and runs it.
//!
//! Between its steps, values with channels lie channels last: `[depth, height, width, channels]`, without gaps. Inputs and results of the
//! network are plain.

use crate::tile::MAX_LANES;
use crate::{ConvGeometry, Function, Operator, PoolGeometry, Recurrence, Reduction};

/// Where an operand lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Nowhere.
    None,
    /// In the network's input, which is one tensor.
    Input,
    /// In a tensor of the network's input.
    Part(usize),
    /// In the network's output.
    Output,
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
    /// A linear layer over the last axis.
    Linear {
        /// Rows of the input.
        rows: usize,
        /// Numbers of each.
        inputs: usize,
        /// Numbers of each row of the output.
        outputs: usize,
    },
    /// A pool, channels last.
    Pool {
        /// The windows.
        geometry: PoolGeometry,
        /// What a window becomes.
        reduction: Reduction,
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
    /// A copy of so many numbers.
    Copy(usize),
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
    /// Its operands; the second of a convolution or a linear layer is added to the result before it is bounded.
    pub reads: [Place; 2],
    /// Its result.
    pub write: Place,
    /// Its packed parameters: their first element.
    pub packed: usize,
    /// Its working space: its first element in the arena.
    pub scratch: usize,
    /// What it packs.
    pub sources: Sources,
    /// The least and the largest value of its result.
    pub bounds: [f64; 2],
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

/// Whether a convolution lays its input out with its padding first.
pub const fn is_laid_out(geometry: &ConvGeometry, planar: bool) -> bool {
    let mut padding = 0;
    let mut axis = 0;
    while axis < 3 {
        padding += geometry.axes[axis].before + geometry.axes[axis].after;
        axis += 1;
    }
    padding > 0 || (planar && geometry.in_channels > 1 && geometry.input_plane() > 1)
}

/// Values of the input of a convolution with its padding.
pub const fn padded_len(geometry: &ConvGeometry) -> usize {
    geometry
        .in_channels
        .saturating_mul(geometry.axes[0].padded())
        .saturating_mul(geometry.axes[1].padded())
        .saturating_mul(geometry.axes[2].padded())
}

impl Work {
    /// Elements of the packed parameters.
    pub const fn packed(&self) -> usize {
        match *self {
            Work::Conv { geometry, .. } if is_depthwise(&geometry) => {
                HEADER + whole(geometry.out_channels).saturating_mul(geometry.window() + 1)
            }
            Work::Conv { geometry, .. } => {
                let steps = geometry.group_in().saturating_mul(geometry.window()) + 1;
                HEADER + whole(geometry.group_out()).saturating_mul(geometry.groups).saturating_mul(steps)
            }
            Work::Linear { inputs, outputs, .. } => HEADER + whole(outputs).saturating_mul(inputs + 1),
            Work::Affine { channels, .. } => 2 * whole(channels),
            Work::Recurrent { recurrence, .. } => recurrence.packed(),
            _ => 0,
        }
    }

    /// Elements of the working space.
    pub const fn scratch(&self) -> usize {
        match *self {
            Work::Conv { geometry, planar } if is_laid_out(&geometry, planar) => padded_len(&geometry),
            Work::Recurrent { recurrence, .. } => recurrence.between(),
            _ => 0,
        }
    }

    /// Elements of the first input, of the second, and of the output.
    pub const fn lens(&self) -> [usize; 3] {
        match *self {
            Work::Conv { geometry, .. } => [geometry.input_len(), geometry.output_len(), geometry.output_len()],
            Work::Linear { rows, inputs, outputs } => [rows * inputs, rows * outputs, rows * outputs],
            Work::Pool { geometry, .. } => {
                [geometry.channels * geometry.input_plane(), 0, geometry.channels * geometry.output_plane()]
            }
            Work::Pointwise { len, .. } | Work::Copy(len) => [len, 0, len],
            Work::Arithmetic { len, .. } => [len, len, len],
            Work::Affine { channels, places }
            | Work::ToLast { channels, places }
            | Work::ToPlain { channels, places } => [channels * places, 0, channels * places],
            Work::Recurrent { .. } | Work::Layer(_) => [0, 0, 0],
        }
    }
}

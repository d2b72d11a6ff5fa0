//! The kinds of steps of a frozen network.

use crate::frozen::{Work, has_dots, is_depthwise};
use crate::{Cell, ConvGeometry};

/// What packs and runs a step: steps of a kind share their code, and a program holds that of the kinds that its networks have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Convolutions and linear layers over many rows, by tiles of pixels and channels.
    Tiles,
    /// Convolutions of what may be plain, and then has kernels of its own on some machines.
    Plain,
    /// Convolutions to few channels of many.
    Dots,
    /// Convolutions of each channel for itself.
    Depthwise,
    /// Convolutions in squares; [`Step::may_have_squares`](crate::frozen::Step::may_have_squares).
    Squares,
    /// Convolutions from plain to plain.
    Planes,
    /// Transposed convolutions.
    Transposed,
    /// Linear layers over one row.
    Row,
    /// Recurrent layers with one gate.
    Rnn,
    /// LSTM.
    Lstm,
    /// GRU.
    Gru,
    /// Normalisations by a value's own statistics.
    Norm,
    /// Pools, channels last.
    Pool,
    /// Pools from plain to plain.
    PlanarPool,
    /// Paddings.
    Pad,
    /// Values of another size.
    Resample,
    /// Channels from in front of the other axes to behind them, or back.
    Turn,
    /// Functions of numbers.
    Pointwise,
    /// Numbers that move to other places.
    Move,
    /// What takes next to no code.
    Light,
    /// Layers as they are.
    Layer,
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = Kind::Layer as usize + 1;

    /// That of a step that does this.
    pub const fn of(work: &Work) -> Kind {
        match work {
            Work::Conv { geometry, planar } => Kind::of_conv(geometry, *planar),
            Work::Squares { .. } => Kind::Squares,
            Work::Planes(_) => Kind::Planes,
            Work::Transposed(_) => Kind::Transposed,
            Work::Linear { rows: 1, .. } | Work::Joined { .. } => Kind::Row,
            Work::Linear { .. } => Kind::Tiles,
            Work::Recurrent { recurrence, .. } => match recurrence.first.cell {
                Cell::Rnn { .. } => Kind::Rnn,
                Cell::Lstm => Kind::Lstm,
                Cell::Gru => Kind::Gru,
            },
            Work::Norm { .. } => Kind::Norm,
            Work::Pool { planar: false, .. } => Kind::Pool,
            Work::Pool { planar: true, .. } => Kind::PlanarPool,
            Work::Pad { .. } => Kind::Pad,
            Work::Resample(_) => Kind::Resample,
            Work::ToLast { .. } | Work::ToPlain { .. } => Kind::Turn,
            Work::Pointwise { .. } => Kind::Pointwise,
            Work::Move { .. } => Kind::Move,
            Work::Affine { .. }
            | Work::Arithmetic { .. }
            | Work::Runs(_)
            | Work::Shift { .. }
            | Work::Copy(_)
            | Work::Held(_) => Kind::Light,
            Work::Layer(_) => Kind::Layer,
        }
    }

    const fn of_conv(geometry: &ConvGeometry, planar: bool) -> Kind {
        if is_depthwise(geometry) {
            Kind::Depthwise
        } else if has_dots(geometry, planar) {
            Kind::Dots
        } else if (planar || geometry.in_channels == 1) && geometry.groups == 1 {
            Kind::Plain
        } else {
            Kind::Tiles
        }
    }
}

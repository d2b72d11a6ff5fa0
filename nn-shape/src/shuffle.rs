//! PixelShuffle, PixelUnshuffle, ChannelShuffle: an axis taken apart, the pieces in another order, and brought together again.

use crate::catalogue::{Entry, Kind, SAME, operation, required};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation, Walk};

/// `PixelShuffle`, `PixelUnshuffle` and `ChannelShuffle`: each value moves to another place.
///
/// With `r` the factor, `[..., C · r², H, W]` becomes `[..., C, H · r, W · r]`, where channel `c · r² + i · r + j` gives row `y · r + i`, column
/// `x · r + j`; PixelUnshuffle is the inverse. ChannelShuffle reads the channels as a matrix of `groups` rows and transposes it. See
/// [`torch.nn.PixelShuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html),
/// [`torch.nn.PixelUnshuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html),
/// [`torch.nn.ChannelShuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html).
#[derive(Clone, Copy, Debug)]
pub struct Shuffle {
    /// How the output is read from the input.
    pub walk: Walk,
    kind: Move,
    /// `upscale_factor`, `downscale_factor` or `groups`.
    factor: usize,
    input: Shape,
    output: Shape,
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Up,
    Down,
    Channels,
}

impl Shuffle {
    const fn of(kind: Move, factor: usize, input: Shape) -> Shuffle {
        let still = Walk::of(input, &[0, 1, 2, 3, 4, 5]);
        let nothing = Shuffle { walk: still, kind, factor, input, output: Shape::INVALID };
        if !input.is_valid() || input.rank() < nothing.least_rank() || factor == 0 {
            return nothing;
        }
        let rank = input.rank();
        let square = factor.saturating_mul(factor);
        let (before, after) = match kind {
            Move::Channels if !input.dim(0).is_multiple_of(factor) => return nothing,
            Move::Channels => {
                let apart = Shape::new(&[factor, input.dim(0) / factor, input.product(1, rank)]);
                return Shuffle { walk: Walk::of(apart, &[1, 0, 2, 3, 4, 5]), output: input, ..nothing };
            }
            Move::Up | Move::Down => {
                (input.product(0, rank - 3), [input.dim(rank - 3), input.dim(rank - 2), input.last()])
            }
        };
        let [channels, height, width] = after;
        let (apart, order, sizes) = match kind {
            Move::Up if !channels.is_multiple_of(square) => return nothing,
            Move::Up => {
                let kept = channels / square;
                let apart = Shape::new(&[before.saturating_mul(kept), factor, factor, height, width]);
                (apart, [0, 3, 1, 4, 2, 5], [kept, height.saturating_mul(factor), width.saturating_mul(factor)])
            }
            _ if !height.is_multiple_of(factor) || !width.is_multiple_of(factor) => return nothing,
            _ => {
                let (height, width) = (height / factor, width / factor);
                let apart = Shape::new(&[before.saturating_mul(channels), height, factor, width, factor]);
                (apart, [0, 2, 4, 1, 3, 5], [channels.saturating_mul(square), height, width])
            }
        };
        let output = input.with(rank - 3, sizes[0]).with(rank - 2, sizes[1]).with(rank - 1, sizes[2]);
        Shuffle { walk: Walk::of(apart, &order), output, ..nothing }
    }

    /// PixelShuffle, from `upscale_factor`.
    pub const fn up(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Shuffle {
        Shuffle::of(Move::Up, args[0].size_or(0), inputs[0])
    }

    /// PixelUnshuffle, from `downscale_factor`.
    pub const fn down(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Shuffle {
        Shuffle::of(Move::Down, args[0].size_or(0), inputs[0])
    }

    /// ChannelShuffle, from `groups`.
    pub const fn channels(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Shuffle {
        Shuffle::of(Move::Channels, args[0].size_or(0), inputs[0])
    }

    /// Whether the first axis, of several, is that of the channels.
    pub const fn is_of_channels(&self) -> bool {
        self.output.is_valid() && (self.input.rank() == 3 || matches!(self.kind, Move::Channels))
    }

    /// The same for values with their channels last, where the first axis [is theirs](Shuffle::is_of_channels).
    pub const fn last(&self) -> Walk {
        let (input, factor) = (self.input, self.factor);
        if !self.is_of_channels() || factor == 0 {
            return self.walk;
        }
        let (channels, height, width) = (input.dim(0), input.dim(1), input.last());
        match self.kind {
            Move::Up => {
                let apart = Shape::new(&[height, width, channels / factor / factor, factor, factor]);
                Walk::of(apart, &[0, 3, 1, 4, 2, 5])
            }
            Move::Down => {
                let apart = Shape::new(&[height / factor, factor, width / factor, factor, channels]);
                Walk::of(apart, &[0, 2, 4, 1, 3, 5])
            }
            Move::Channels => {
                let apart = Shape::new(&[input.product(1, input.rank()), factor, channels / factor]);
                Walk::of(apart, &[0, 2, 1, 3, 4, 5])
            }
        }
    }

    const fn least_rank(&self) -> usize {
        if matches!(self.kind, Move::Channels) { 2 } else { 3 }
    }

    const fn name(&self) -> &'static str {
        match self.kind {
            Move::Up => "upscale_factor",
            Move::Down => "downscale_factor",
            Move::Channels => "groups",
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if self.factor == 0 {
            return Message::title(at, self.name())
                .text(" must be positive")
                .text("\n  rule : ")
                .text(self.name())
                .text(" >= 1")
                .found(self.name())
                .text(" = 0")
                .fix("write ")
                .text(self.name())
                .text(" >= 1")
                .blame(0);
        }
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.input.rank() < self.least_rank() {
            let wanted =
                if matches!(self.kind, Move::Channels) { "[channels, ...]" } else { "[..., channels, height, width]" };
            return Message::title(at, "the input has too few axes")
                .rule("it takes ")
                .text(wanted)
                .text(", the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("make the input ")
                .text(wanted)
                .text(if matches!(self.kind, Move::Channels) {
                    " with at least one axis behind the channels"
                } else {
                    ""
                })
                .blame(LAYER);
        }
        if self.output.is_valid() { None } else { self.blame_division(at) }
    }

    const fn blame_division(&self, at: &At) -> Option<Violation> {
        let (input, factor) = (self.input, self.factor);
        let rank = input.rank();
        let (what, size, divisor) = match self.kind {
            Move::Up => ("channels", input.dim(rank - 3), factor.saturating_mul(factor)),
            Move::Down if !input.dim(rank - 2).is_multiple_of(factor) => ("height", input.dim(rank - 2), factor),
            Move::Down => ("width", input.last(), factor),
            Move::Channels => ("channels", input.dim(0), factor),
        };
        let text = Message::title(at, self.name()).text(" does not divide the ").text(what).text("\n  rule : ");
        let text = text.text(self.name()).text(if matches!(self.kind, Move::Up) {
            "² divides the "
        } else {
            " divides the "
        });
        let text = text.text(what).found(what).text(" = ").number(size).text(" (").source(at, 0, input).text("), ");
        let text = text.text(self.name());
        let text = if matches!(self.kind, Move::Up) { text.text("² = ") } else { text.text(" = ") };
        let text = text.number(divisor).fix("write another ");
        let text = text.text(if matches!(self.kind, Move::Channels) { "number of groups" } else { self.name() });
        if matches!(self.kind, Move::Up | Move::Channels) {
            return text
                .or_make(
                    at,
                    0,
                    size.saturating_sub(1).saturating_div(divisor).saturating_add(1).saturating_mul(divisor),
                    " channels",
                )
                .blame(0);
        }
        text.text(", or give it a ")
            .text(what)
            .text(" of ")
            .number((size / divisor).saturating_add(1).saturating_mul(divisor))
            .blame(0)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Shuffle, |_| 0 }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "PixelShuffle",
        function: Some("pixel_shuffle"),
        parameters: &[required("upscale_factor", Kind::Size, "how much larger the image becomes")],
        repr: "upscale_factor",
        doc: "channels become pixels",
        shape: "[.., C·r², H, W] -> [.., C, H·r, W·r], r = upscale_factor",
        ..operation!(Shuffle::up)
    },
    Entry {
        name: "PixelUnshuffle",
        function: Some("pixel_unshuffle"),
        parameters: &[required("downscale_factor", Kind::Size, "how much smaller the image becomes")],
        repr: "downscale_factor",
        doc: "pixels become channels",
        shape: "[.., C, H·r, W·r] -> [.., C·r², H, W], r = downscale_factor",
        ..operation!(Shuffle::down)
    },
    Entry {
        name: "ChannelShuffle",
        function: Some("channel_shuffle"),
        parameters: &[required("groups", Kind::Size, "pieces of the channels that are dealt out in turn")],
        repr: "groups",
        doc: "the channels in another order",
        shape: SAME,
        ..operation!(Shuffle::channels)
    },
];

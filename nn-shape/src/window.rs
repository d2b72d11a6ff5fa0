//! Sliding windows: the arithmetic that convolutions and pools share.
//!
//! 1d, 2d and 3d are one mechanism: three axes, of which the missing ones in front have size 1 and a window of 1.

/// One axis of a sliding window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Axis {
    /// Size of the input.
    pub input: usize,
    /// Size of the output: the number of places of the window; 0 where it does not fit.
    pub output: usize,
    /// Entries of the window.
    pub kernel: usize,
    /// Distance between two places of the window.
    pub stride: usize,
    /// Distance between two entries of the window.
    pub dilation: usize,
    /// Padding before the input.
    pub before: usize,
    /// Padding behind the input.
    pub after: usize,
}

impl Axis {
    /// The extent of the window: `dilation * (kernel - 1) + 1`.
    pub const fn extent(&self) -> usize {
        if self.kernel == 0 { 0 } else { self.dilation.saturating_mul(self.kernel - 1).saturating_add(1) }
    }

    /// The extent of the padded input.
    pub const fn padded(&self) -> usize {
        self.input.saturating_add(self.before).saturating_add(self.after)
    }

    /// The axis with `output` computed: `floor((input + before + after - extent) / stride) + 1`, or, with `ceil`, the ceiling,
    /// less one if the last window would start behind the input and the padding before it. 0 where no window fits; with `ceil` a
    /// window may hang over the end by `stride - 1`, even the first.
    ///
    /// See [`torch.nn.MaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html).
    pub const fn slide(mut self, ceil: bool) -> Axis {
        let overhang = if ceil { self.stride.saturating_sub(1) } else { 0 };
        let (extent, room) = (self.extent(), self.padded().saturating_add(overhang));
        self.output = if extent == 0 || self.stride == 0 || self.dilation == 0 || room < extent {
            0
        } else {
            let last = (room - extent) / self.stride;
            let starts_behind = last * self.stride >= self.input.saturating_add(self.before);
            if ceil && starts_behind { last } else { last.saturating_add(1) }
        };
        self
    }

    /// Whether each place of the window has an entry over the input. Windows of a pool always do, unless the dilation is wider than
    /// the input; then the first thousand places are looked at.
    pub const fn sees_input(&self) -> bool {
        if self.dilation == 0 || self.dilation <= self.input {
            return true;
        }
        let mut place = 0;
        while place < 1000 && place < self.output && self.stride.saturating_mul(place) < self.before {
            let padding = self.before - self.stride * place;
            let entry = padding.div_ceil(self.dilation);
            if entry >= self.kernel || entry.saturating_mul(self.dilation) - padding >= self.input {
                return false;
            }
            place += 1;
        }
        true
    }
}

/// What a convolution kernel must know, padding being zeros.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConvGeometry {
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Groups: input and output channels are cut into this many pieces that do not see each other.
    pub groups: usize,
    /// Depth, height, width.
    pub axes: [Axis; 3],
}

impl ConvGeometry {
    /// Values of one input sample.
    pub const fn input_len(&self) -> usize {
        self.in_channels.saturating_mul(self.input_plane())
    }

    /// Values of one output sample.
    pub const fn output_len(&self) -> usize {
        self.out_channels.saturating_mul(self.output_plane())
    }

    /// Values of one channel of the input.
    pub const fn input_plane(&self) -> usize {
        self.axes[0].input.saturating_mul(self.axes[1].input).saturating_mul(self.axes[2].input)
    }

    /// Values of one channel of the output.
    pub const fn output_plane(&self) -> usize {
        self.axes[0].output.saturating_mul(self.axes[1].output).saturating_mul(self.axes[2].output)
    }

    /// Entries of one window over one channel.
    pub const fn window(&self) -> usize {
        self.axes[0].kernel.saturating_mul(self.axes[1].kernel).saturating_mul(self.axes[2].kernel)
    }

    /// Input channels that one output channel sees.
    pub const fn group_in(&self) -> usize {
        match self.in_channels.checked_div(self.groups) {
            Some(channels) => channels,
            None => self.in_channels,
        }
    }

    /// Output channels of one group.
    pub const fn group_out(&self) -> usize {
        match self.out_channels.checked_div(self.groups) {
            Some(channels) => channels,
            None => self.out_channels,
        }
    }

    /// Weights: `out_channels * in_channels / groups * window`.
    pub const fn weights(&self) -> usize {
        self.out_channels.saturating_mul(self.group_in()).saturating_mul(self.window())
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        self.weights().saturating_mul(self.output_plane())
    }
}

/// A number as a size: 0 below, the largest size above.
pub(crate) const fn size(value: i128) -> usize {
    if value < 0 {
        0
    } else if value > usize::MAX as i128 {
        usize::MAX
    } else {
        value as usize
    }
}

/// A number as a message shows it.
pub(crate) const fn narrow(value: i128) -> i64 {
    if value < i64::MIN as i128 {
        i64::MIN
    } else if value > i64::MAX as i128 {
        i64::MAX
    } else {
        value as i64
    }
}

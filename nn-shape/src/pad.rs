//! What stands around a tensor: the places that padding shows.

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

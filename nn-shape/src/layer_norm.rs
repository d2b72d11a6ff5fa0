//! LayerNorm, RMSNorm.

use crate::catalogue::{
    Channels, Entry, Kind, Parameter, SAME, WEIGHT_AND_BIAS, operation, optional, required, with_default,
};
use crate::dims::check_numbers;
use crate::group_norm::{BIAS, EPS, check_eps};
use crate::{Arg, At, Groups, MAX_RANK, Message, Needs, Shape, Violation};

/// `LayerNorm` and `RMSNorm`: the values of the last axes, those of `normalized_shape`, brought to one scale.
///
/// LayerNorm: `y = (x - mean) / √(variance + eps) * weight + bias` with the biased variance; RMSNorm: `y = x / √(mean(x²) + eps) * weight`,
/// where `eps = None` stands for the distance between 1 and the next larger number of the element type. The weight has the shape
/// `normalized_shape`. See [`torch.nn.LayerNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html) and
/// [`torch.nn.RMSNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html).
#[derive(Clone, Copy, Debug)]
pub struct LayerNorm {
    /// The groups: one for each place on the axes in front.
    pub groups: Groups,
    /// Added to the variance; `None` for the element type's own.
    pub eps: Option<f64>,
    input: Shape,
    /// `normalized_shape`: sizes, and how many there are.
    sizes: [usize; MAX_RANK],
    axes: usize,
    weight: bool,
    bias: bool,
}

const NORMALIZED_SHAPE: usize = 0;
const EPS_PLACE: usize = 1;

impl LayerNorm {
    /// From the arguments `normalized_shape, eps, elementwise_affine, bias`.
    pub const fn layer(_axes: usize, args: &[Arg], inputs: &[Shape]) -> LayerNorm {
        let affine = args[2].is_true();
        LayerNorm::of(inputs[0], args, Some(1e-5), [affine, affine && args[3].is_true()], true)
    }

    /// From the arguments `normalized_shape, eps, elementwise_affine`.
    pub const fn rms(_axes: usize, args: &[Arg], inputs: &[Shape]) -> LayerNorm {
        LayerNorm::of(inputs[0], args, None, [args[2].is_true(), false], false)
    }

    /// From the arguments `normalized_shape, eps` of the function, which has no weights.
    pub const fn layer_function(_axes: usize, args: &[Arg], inputs: &[Shape]) -> LayerNorm {
        LayerNorm::of(inputs[0], args, Some(1e-5), [false; 2], true)
    }

    /// From the arguments `normalized_shape, eps` of the function, which has no weights.
    pub const fn rms_function(_axes: usize, args: &[Arg], inputs: &[Shape]) -> LayerNorm {
        LayerNorm::of(inputs[0], args, None, [false; 2], false)
    }

    const fn of(input: Shape, args: &[Arg], eps: Option<f64>, [weight, bias]: [bool; 2], centred: bool) -> LayerNorm {
        let written = args[NORMALIZED_SHAPE];
        let axes = written.entries();
        let mut sizes = [0; MAX_RANK];
        if let Arg::Inferred = written {
            sizes[0] = input.last();
        } else {
            let mut axis = 0;
            while axis < axes && axis < MAX_RANK {
                let size = written.entry(axis);
                sizes[axis] = if size < 0 { 0 } else { size as usize };
                axis += 1;
            }
        }
        let front = input.rank().saturating_sub(axes);
        let groups = Groups {
            count: input.product(0, front),
            period: 1,
            channels: input.product(front, input.rank()),
            plane: 1,
            centred,
        };
        let eps = match eps {
            Some(otherwise) => Some(args[EPS_PLACE].real_or(otherwise)),
            None if args[EPS_PLACE].is_none() => None,
            None => Some(args[EPS_PLACE].real_or(0.0)),
        };
        LayerNorm { groups, eps, input, sizes, axes, weight, bias }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if !self.fits() {
            return self.blame_shape(at);
        }
        match self.eps {
            Some(eps) => check_eps(at, eps, EPS_PLACE),
            None => None,
        }
    }

    /// Whether `normalized_shape` is the end of the input's shape.
    const fn fits(&self) -> bool {
        if self.axes == 0 || self.axes > self.input.rank() {
            return false;
        }
        let front = self.input.rank() - self.axes;
        let mut axis = 0;
        while axis < self.axes {
            if self.sizes[axis] != self.input.dim(front + axis) {
                return false;
            }
            axis += 1;
        }
        true
    }

    const fn blame_shape(&self, at: &At) -> Option<Violation> {
        let rank = self.input.rank();
        let text = Message::title(at, "normalized_shape is not the end of the input's shape")
            .rule("normalized_shape must equal the last axes of the incoming tensor, one or several")
            .found("normalized_shape = ");
        let text = list(text, &self.sizes, 0, self.axes).text(", but ").source(at, 0, self.input);
        if rank == 0 {
            return text.fix("give it an input with axes").blame(NORMALIZED_SHAPE);
        }
        // As many axes as were written, and as there are.
        let front = if self.axes == 0 { rank - 1 } else { rank.saturating_sub(self.axes) };
        let mut sizes = [0; MAX_RANK];
        let mut axis = 0;
        while axis < rank {
            sizes[axis] = self.input.dim(axis);
            axis += 1;
        }
        let text = list(text.fix("write normalized_shape = "), &sizes, front, rank);
        if self.axes == 1 && rank == 1 {
            return text.or_infer(at).or_make(at, 0, self.sizes[0], " values").blame(NORMALIZED_SHAPE);
        }
        if front > 0 {
            return list(text.text(", or "), &sizes, 0, rank).text(" for the whole sample").blame(NORMALIZED_SHAPE);
        }
        text.blame(NORMALIZED_SHAPE)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// `normalized_shape`, filled up with zeros.
    pub const fn generics(&self) -> [usize; 6] {
        self.sizes
    }

    /// Weight, bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.weight, self.bias, false, false]
    }

    /// `normalized_shape`: the size of the last axis.
    pub const fn inferred(&self) -> usize {
        self.sizes[0]
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        let mut len: usize = 1;
        let mut axis = 0;
        while axis < self.axes && axis < MAX_RANK {
            len = len.saturating_mul(self.sizes[axis]);
            axis += 1;
        }
        len.saturating_mul(self.weight as usize + self.bias as usize)
    }

    /// Multiply-adds for one sample: one for each value.
    pub const fn macs(&self) -> usize {
        self.input.len()
    }

    /// The inputs, with mean and 1/√(variance + eps) of each group.
    pub const fn needs(&self) -> Needs {
        self.groups.needs()
    }
}

/// Sizes as they are written: `5` or `(3, 5)`.
const fn list(text: Message, sizes: &[usize; MAX_RANK], from: usize, to: usize) -> Message {
    if to == from + 1 && from < MAX_RANK {
        return text.number(sizes[from]);
    }
    let mut text = text.text("(");
    let mut axis = from;
    while axis < to && axis < MAX_RANK {
        text = text.text(if axis > from { ", " } else { "" }).number(sizes[axis]);
        axis += 1;
    }
    text.text(if to > MAX_RANK { ", ...)" } else { ")" })
}

/// `_` stands for the size of the last axis.
const NORMALIZED: Parameter = Parameter {
    inferable: true,
    ..required("normalized_shape", Kind::Sizes, "sizes of the last axes of the input: one, or a tuple")
};
const AFFINE: Parameter =
    with_default("elementwise_affine", Kind::Flag, Arg::Flag(true), "whether there are learnable weights");
/// PyTorch's default is the element type's.
const RMS_EPS: Parameter = optional("eps", Kind::Real, "added to the mean square; None for the element type's epsilon");

/// An entry of either norm.
const fn norm(
    name: &'static str,
    parts: usize,
    parameters: &'static [Parameter],
    doc: &'static str,
    entry: Entry,
) -> Entry {
    Entry {
        name,
        parameters,
        channels: Channels::Input,
        generics: MAX_RANK,
        learns: if parts == 1 { &["weight"] } else { WEIGHT_AND_BIAS },
        takes_tensor: true,
        parts,
        repr: match parts {
            1 => "#normalized_shape*, eps, elementwise_affine",
            _ => "#normalized_shape*, eps, elementwise_affine, bias&elementwise_affine",
        },
        doc,
        shape: SAME,
        ..entry
    }
}

const LAYER_DOC: &str = "the last axes brought to mean 0 and variance 1, then scaled and shifted";
const RMS_DOC: &str = "the last axes divided by the root of their mean square, then scaled";

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    norm("LayerNorm", 2, &[NORMALIZED, EPS, AFFINE, BIAS], LAYER_DOC, operation!(LayerNorm::layer)),
    norm("RMSNorm", 1, &[NORMALIZED, RMS_EPS, AFFINE], RMS_DOC, operation!(LayerNorm::rms)),
    Entry {
        is_layer: false,
        function: Some("layer_norm"),
        ..norm("LayerNorm", 2, &[NORMALIZED, EPS], LAYER_DOC, operation!(LayerNorm::layer_function))
    },
    Entry {
        is_layer: false,
        function: Some("rms_norm"),
        ..norm("RMSNorm", 1, &[NORMALIZED, RMS_EPS], RMS_DOC, operation!(LayerNorm::rms_function))
    },
];

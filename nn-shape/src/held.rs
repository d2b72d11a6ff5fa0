//! Parameter and Buffer: tensors that the network itself holds, the same for every sample.

use crate::catalogue::{Channels, Entry, Inputs, Kind, Parameter, operation, required, with_default};
use crate::{Arg, At, MAX_RANK, Message, Needs, Shape, Violation};

/// `Parameter` and `Buffer`: a tensor of the network, which every sample of a batch takes. Its gradient is the sum over the batch.
///
/// In PyTorch it has no batch, so that it broadcasts against the last axes of a value: the shape is [shared](Shape::is_shared). With `batch_axis` its first
/// axis, of size 1, is PyTorch's batch.
///
/// See [`torch.nn.parameter.Parameter`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html) and
/// [`torch.nn.parameter.Buffer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html).
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Sizes of the tensor, filled up with zeros, and how many were written.
    sizes: [usize; MAX_RANK],
    axes: usize,
    batch_axis: bool,
    /// Whether it is trained.
    learns: bool,
}

const SIZE: usize = 0;
const BATCH_AXIS: usize = 1;

impl Held {
    /// From the arguments `size, batch_axis`.
    pub const fn parameter(_axes: usize, args: &[Arg], _inputs: &[Shape]) -> Held {
        let axes = args[SIZE].entries();
        let mut sizes = [0; MAX_RANK];
        let mut axis = 0;
        while axis < axes && axis < MAX_RANK {
            let size = args[SIZE].entry(axis);
            sizes[axis] = if size < 0 { 0 } else { size as usize };
            axis += 1;
        }
        Held { sizes, axes, batch_axis: args[BATCH_AXIS].is_true(), learns: true }
    }

    /// From the same arguments.
    pub const fn buffer(axes: usize, args: &[Arg], inputs: &[Shape]) -> Held {
        Held { learns: false, ..Held::parameter(axes, args, inputs) }
    }

    /// Numbers that are held.
    const fn len(&self) -> usize {
        let mut len: usize = 1;
        let mut axis = 0;
        while axis < self.axes && axis < MAX_RANK {
            len = len.saturating_mul(self.sizes[axis]);
            axis += 1;
        }
        len
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if self.axes > MAX_RANK {
            return Message::title(at, "too many axes")
                .text("\n  rule : a tensor has at most ")
                .number(MAX_RANK)
                .text(" axes")
                .found("")
                .number(self.axes)
                .text(" sizes")
                .fix("take neighbouring axes together")
                .blame(SIZE);
        }
        if self.len() == 0 || self.len() > Shape::MOST {
            let (title, fix) = if self.len() == 0 {
                ("an axis of size 0", "make the size positive, or leave the axis out")
            } else {
                ("the tensor is too large", "write smaller sizes")
            };
            return self
                .written(
                    Message::title(at, title)
                        .text("\n  rule : every axis has at least size 1, and all together hold at most ")
                        .number(Shape::MOST)
                        .text(" values"),
                )
                .fix(fix)
                .blame(SIZE);
        }
        if self.batch_axis && (self.axes == 0 || self.sizes[0] != 1) {
            let text = Message::title(at, "the first axis is not PyTorch's batch")
                .rule("batch_axis = true: the first axis has size 1 and stands for the batch; values have the others");
            return self.written(text).fix("begin with size 1, or leave `batch_axis` out").blame(BATCH_AXIS);
        }
        None
    }

    /// What was written.
    const fn written(&self, text: Message) -> Message {
        let mut text = text.found("size = (");
        let mut axis = 0;
        while axis < self.axes && axis < MAX_RANK {
            text = text.text(if axis > 0 { ", " } else { "" }).number(self.sizes[axis]);
            axis += 1;
        }
        text.text(")")
    }

    /// The shape of the value: the tensor's, without PyTorch's batch.
    pub const fn output(&self, _index: usize) -> Shape {
        if self.axes > MAX_RANK || self.len() == 0 || self.len() > Shape::MOST {
            return Shape::INVALID;
        }
        let first = self.batch_axis as usize;
        let mut shape = Shape::new(&[]);
        let mut axis = first;
        while axis < self.axes {
            shape = shape.push(self.sizes[axis]);
            axis += 1;
        }
        if self.batch_axis { shape } else { shape.shared() }
    }

    /// The sizes, filled up with zeros.
    pub const fn generics(&self) -> [usize; 6] {
        self.sizes
    }

    /// None.
    pub const fn parts(&self) -> [bool; 4] {
        [false; 4]
    }

    /// Nothing.
    pub const fn inferred(&self) -> usize {
        0
    }

    /// Numbers that are learnt.
    pub const fn parameters(&self) -> usize {
        if self.learns { self.len() } else { 0 }
    }

    /// None.
    pub const fn macs(&self) -> usize {
        0
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

const PARAMETERS: &[Parameter] = &[
    required(
        "size",
        Kind::Sizes,
        "sizes, one after the other or as a tuple; or `zeros(..)`, `ones(..)`, `randn(..)` with them",
    ),
    with_default(
        "batch_axis",
        Kind::Flag,
        Arg::Flag(false),
        "whether the first axis, of size 1, is PyTorch's batch, which values here do not have",
    ),
];

/// An entry of either kind.
const fn held(name: &'static str, learns: &'static [&'static str], doc: &'static str, entry: Entry) -> Entry {
    Entry {
        name,
        parameters: PARAMETERS,
        inputs: Inputs::Exactly(0),
        channels: Channels::Own,
        generics: MAX_RANK,
        learns,
        takes_tensor: true,
        doc,
        shape: "-> [size]",
        ..entry
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    held(
        "Parameter",
        &["weight"],
        "a tensor that is learnt, the same for every sample; its name alone is its value, `x * scale`",
        operation!(Held::parameter),
    ),
    held(
        "Buffer",
        &["weight"],
        "a tensor that is saved and not learnt, the same for every sample; its name alone is its value",
        operation!(Held::buffer),
    ),
];

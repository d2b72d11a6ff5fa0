//! The tables themselves.

use super::{Alias, Entry, Facts, Inputs, Kind, Outputs, Parameter};
use crate::{Arg, At, Conv, Linear};

const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, default: None, inferable: false, optional: false, doc }
}

/// A size that `_` may stand for.
const fn inferable(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { inferable: true, ..required(name, Kind::Size, doc) }
}

const fn with_default(name: &'static str, kind: Kind, default: Arg, doc: &'static str) -> Parameter {
    Parameter { default: Some(default), ..required(name, kind, doc) }
}

/// A parameter whose default is `None`.
const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { default: Some(Arg::None), optional: true, ..required(name, kind, doc) }
}

/// `operation: "Conv", constructor: "new"` and the same function for the macro's own use.
macro_rules! operation {
    ($operation:ident :: $constructor:ident) => {
        Entry {
            name: "",
            function: None,
            operation: stringify!($operation),
            constructor: stringify!($constructor),
            axes: 0,
            parameters: &[],
            call: &[],
            inputs: Inputs::Exactly(1),
            outputs: Outputs::Exactly(1),
            alias: Alias::Never,
            generics: 0,
            parts: 0,
            doc: "",
            evaluate: |axes, args, inputs, output| {
                let operation = $operation::$constructor(axes, args, inputs);
                let at = At { network: "", layer: "", sources: &[] };
                Facts {
                    output: operation.output(output),
                    generics: operation.generics(),
                    parts: operation.parts(),
                    inferred: operation.inferred(),
                    parameters: operation.parameters(),
                    macs: operation.macs(),
                    needs: operation.needs(),
                    sound: operation.check(&at).is_none(),
                }
            },
        }
    };
}

const CONV: &[Parameter] = &[
    inferable("in_channels", "channels of the input"),
    required("out_channels", Kind::Size, "channels of the output"),
    required("kernel_size", Kind::Axes, "size of the window"),
    with_default("stride", Kind::Axes, Arg::Int(1), "step of the window"),
    with_default("padding", Kind::AxesOr(&["same", "valid"]), Arg::Int(0), "padding on both sides"),
    with_default("dilation", Kind::Axes, Arg::Int(1), "distance between the entries of the window"),
    with_default("groups", Kind::Size, Arg::Int(1), "pieces that the channels are cut into"),
    with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
    with_default("padding_mode", Kind::Word(&["zeros", "reflect", "replicate", "circular"]), Arg::Word("zeros"), "what stands around the input"),
];

const fn conv(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: CONV,
        generics: 2 + axes,
        parts: 1,
        doc: "cross-correlation with learnable windows",
        ..operation!(Conv::new)
    }
}

/// The layers of torch.nn.
pub const LAYERS: &[Entry] = &[
    conv("Conv1d", 1),
    conv("Conv2d", 2),
    conv("Conv3d", 3),
    Entry {
        name: "Linear",
        parameters: &[
            inferable("in_features", "size of the last axis of the input"),
            required("out_features", Kind::Size, "size of the last axis of the output"),
            with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
        ],
        generics: 2,
        parts: 1,
        doc: "y = x Wᵀ + b over the last axis",
        ..operation!(Linear::new)
    },
];

/// The functions of torch that have no layer.
pub const FUNCTIONS: &[Entry] = &[];

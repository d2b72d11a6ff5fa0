//! "Did you mean".

use nn_shape::catalogue;
use quote::ToTokens;
use syn::{BinOp, Expr, Member, UnOp};

use crate::known::{Known, known};

/// The candidate that is closest to what was written, if any is close enough to be meant.
pub(crate) fn closest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase().replace('_', "");
    candidates
        .into_iter()
        .map(|candidate| (distance(&written, &candidate.to_lowercase().replace('_', "")), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(written.len()) / 4)
        .min_by_key(|found| *found)
        .map(|(_, candidate)| candidate)
}

/// Whether a name is one of the candidates misspelt, rather than a name of its own: nearer than [`closest`] asks.
pub(crate) fn is_misspelt<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> bool {
    let written = written.to_lowercase().replace('_', "");
    candidates.into_iter().map(|candidate| candidate.to_lowercase().replace('_', "")).any(|candidate| {
        let begins = written.len() >= 4 && candidate.starts_with(&written);
        begins || distance(&written, &candidate) <= 1 + usize::from(written.len() >= 8)
    })
}

/// `; did you mean X?`, or nothing.
pub(crate) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    closest(written, candidates).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// `; did you mean X?` for a keyword: one that is near, one of which a part was written, such as `mask` of `attn_mask`, or PyTorch's word for it.
pub(crate) fn keyword_meant(written: &str, keywords: &[&str]) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("axis", "dim"),
        ("axes", "dim"),
        ("filters", "out_channels"),
        ("units", "out_features"),
        ("rate", "p"),
        ("epsilon", "eps"),
        ("activation", "nonlinearity"),
    ];
    let is_one = |keyword: &&str| keywords.contains(keyword);
    let part = || keywords.iter().copied().filter(|keyword| keyword.split('_').any(|part| part == written));
    let word = || WORDS.iter().filter(|(other, _)| *other == written).map(|(_, here)| *here).find(is_one);
    let meant =
        closest(written, keywords.iter().copied()).or_else(|| part().min_by_key(|keyword| keyword.len())).or_else(word);
    meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// What the language has in place of PyTorch's containers.
pub(crate) fn container(name: &str) -> Option<String> {
    let instead = match name {
        "Sequential" | "ModuleList" => "a list, `[Linear(..), ReLU]`",
        "ModuleDict" => "layers with names in braces, `{ a: Linear(..), b: ReLU }`",
        _ => return None,
    };
    Some(format!("write {instead}, in place of `{name}`"))
}

/// What to write in place of an expression that `forward` does not have.
pub(crate) fn instead(expr: &Expr) -> String {
    if let Expr::Index(part) = expr {
        let (base, index) =
            (part.expr.to_token_stream(), if let Some(Known::Int(index)) = known(&part.index) { index } else { 0 });
        return part_of(&base.to_string(), index);
    }
    let message = match expr {
        Expr::While(_) | Expr::Loop(_) => {
            "`forward` is written out when it is compiled, so its loops have an end: `for i in 0..3 { ... }`, `for block in blocks { ... }`"
        }
        Expr::Match(_) => "what is chosen is chosen by `if ... { ... } else { ... }`",
        Expr::Closure(_) => "`forward` has no closures: what is used several times is a `block!`, or written out",
        Expr::Reference(_) => "values are given by their names, without `&`",
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
            "truth values are turned around by a call: `logical_not(mask)`"
        }
        Expr::Field(field) => match &field.member {
            Member::Named(name) if ["T", "mT", "H", "mH"].iter().any(|short| name == short) => {
                "axes are exchanged by a call, and axis 0 is the batch: `transpose(x, 1, 2)`"
            }
            Member::Named(name) if name == "shape" => "shapes are known: write the numbers, or `-1` for the batch",
            _ => "values have no fields: what several values are is a tuple, `let (a, b) = ...;`",
        },
        _ => "the expressions of `forward` are calls, `+ - * /`, tuples and names",
    };
    message.to_string()
}

/// What `x[0]` and `x[:, 0]` are here.
pub(crate) fn part_of(value: &str, index: i64) -> String {
    format!(
        "a part of a value is a call, and axis 0 is the batch: `select({value}, 1, {index})`, `narrow({value}, 1, 0, 2)`, `split({value}, 2, dim = 1)`"
    )
}

/// What is written in place of a method or function of torch's.
pub(crate) fn call_instead(name: &str) -> Option<&'static str> {
    const CALLS: &[(&[&str], &str)] = &[
        (&["size", "numel", "dim", "len", "shape"], "shapes are known: write the number, or `-1` for the batch"),
        (&["t", "adjoint"], "axes are exchanged by a call, and axis 0 is the batch: `transpose(x, 1, 2)`"),
        (&["contiguous", "clone", "cpu", "cuda", "to"], "leave it out: values lie where the network needs them"),
        (
            &["detach", "no_grad"],
            "gradients go through all values: what is not to be learnt is a layer with `#[frozen]` above it",
        ),
        (&["item", "numpy", "tolist"], "leave it out: the results of a network are plain arrays"),
        (&["half", "double", "bfloat16"], "the numbers of a network are of one type: `#[element(f64)]` above it"),
        (&["long", "int", "bool"], "leave it out: indices and truth values are `u32`"),
        (&["arange", "tensor"], "what is the same for all samples is a `Buffer` of the network"),
        (&["print"], "leave it out: `forward` is compiled, and prints nothing"),
    ];
    CALLS.iter().find(|(names, _)| names.contains(&name)).map(|(_, message)| *message)
}

/// The call in place of an operator that `forward` does not have.
pub(crate) fn operator_instead(op: &BinOp) -> &'static str {
    match op {
        BinOp::And(_) | BinOp::BitAnd(_) => "write `logical_and(a, b)`",
        BinOp::Or(_) | BinOp::BitOr(_) => "write `logical_or(a, b)`",
        BinOp::BitXor(_) => "write `logical_xor(a, b)`",
        _ => "the operators of `forward` are + - * / and > >= < <= == !=",
    }
}

/// What is written in place of a layer that is none here: a loss, a lazy layer of torch.nn's, or one of another library.
pub(crate) fn layer_instead(name: &str) -> Option<String> {
    let is_layer = |name: &&str| catalogue::layer(name).is_some();
    if let Some(layer) = name.strip_prefix("Lazy").filter(is_layer) {
        return Some(format!("write `{layer}(_, ...)`: `_` is the size that follows from the input"));
    }
    if LOSSES.contains(&name) {
        return Some(loss(name));
    }
    elsewhere(name).map(|here| format!("there is no layer `{name}`: torch.nn calls it `{here}`{}", own_block(name)))
}

/// How a block is written whose name is taken for that of a layer.
pub(crate) fn own_block(name: &str) -> String {
    match name.starts_with(char::is_uppercase) {
        true => format!(" (a block that is declared elsewhere is written `self::{name}`)"),
        false => String::new(),
    }
}

/// Where losses are.
pub(crate) fn loss(name: &str) -> String {
    format!("`{name}` is a loss: losses are computed from a network's outputs, outside of it, with `nn::loss`")
}

/// torch.nn's losses.
const LOSSES: &[&str] = &[
    "L1Loss",
    "MSELoss",
    "CrossEntropyLoss",
    "CTCLoss",
    "NLLLoss",
    "NLLLoss2d",
    "PoissonNLLLoss",
    "GaussianNLLLoss",
    "KLDivLoss",
    "BCELoss",
    "BCEWithLogitsLoss",
    "MarginRankingLoss",
    "HingeEmbeddingLoss",
    "MultiLabelMarginLoss",
    "HuberLoss",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "MultiLabelSoftMarginLoss",
    "CosineEmbeddingLoss",
    "MultiMarginLoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
];

/// What torch.nn calls a layer of another library.
fn elsewhere(name: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("Dense", "Linear"),
        ("FullyConnected", "Linear"),
        ("Gemm", "Linear"),
        ("Convolution", "Conv2d"),
        ("SeparableConv2D", "Conv2d` with `groups = in_channels"),
        ("DepthwiseConv2D", "Conv2d` with `groups = in_channels"),
        ("Conv2DTranspose", "ConvTranspose2d"),
        ("Deconv2d", "ConvTranspose2d"),
        ("BatchNormalization", "BatchNorm1d` to `BatchNorm3d"),
        ("LayerNormalization", "LayerNorm"),
        ("GlobalAveragePooling2D", "AdaptiveAvgPool2d(1)"),
        ("GlobalMaxPooling2D", "AdaptiveMaxPool2d(1)"),
        ("AveragePooling2D", "AvgPool2d"),
        ("MaxPooling2D", "MaxPool2d"),
        ("UpSampling2D", "Upsample"),
        ("ZeroPadding2D", "ZeroPad2d"),
        ("Reshape", "Unflatten"),
        ("Swish", "SiLU"),
        ("Activation", "ReLU` or another activation by its name, `Tanh"),
    ];
    NAMES.iter().find(|(other, _)| *other == name).map(|(_, here)| *here)
}

/// Edits (insert, remove, replace, swap neighbours) between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let best = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best.min(rows[i - 2][j - 2] + 1)
                    } else {
                        best
                    }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_recognised() {
        let names = ["Conv1d", "Conv2d", "Linear", "MaxPool2d", "kernel_size"];
        assert_eq!(closest("Conv2D", names), Some("Conv2d"));
        assert_eq!(closest("Liner", names), Some("Linear"));
        assert_eq!(closest("kernelsize", names), Some("kernel_size"));
        assert_eq!(closest("kernel", names), None);
        assert_eq!(closest("Banana", names), None);
    }

    #[test]
    fn names_of_their_own_are_not_misspelt() {
        let names = ["Conv1d", "Conv2d", "Linear", "MaxPool2d", "Fold"];
        assert!(["Conv", "Conv2D", "Liner", "conv_2d", "MaxPol2D"].iter().all(|slip| is_misspelt(slip, names)));
        assert!(["Film", "Lift", "Block", "MixPool3"].iter().all(|own| !is_misspelt(own, names)));
    }
}

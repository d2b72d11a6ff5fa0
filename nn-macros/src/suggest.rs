//! "Did you mean".

use syn::{Expr, Member};

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
pub(crate) fn instead(expr: &Expr) -> &'static str {
    match expr {
        Expr::While(_) | Expr::Loop(_) => {
            "`forward` is written out when it is compiled, so its loops have an end: `for i in 0..3 { ... }`, `for block in blocks { ... }`"
        }
        Expr::Match(_) => "what is chosen is chosen by `if ... { ... } else { ... }`",
        Expr::Closure(_) => "`forward` has no closures: what is used several times is a `block!`, or written out",
        Expr::Reference(_) => "values are given by their names, without `&`",
        Expr::Index(_) => {
            "a part of a value is a call, and axis 0 is the batch: `select(x, 1, 0)`, `narrow(x, 1, 0, 2)`, `split(x, 2, dim = 1)`"
        }
        Expr::Field(field) => match &field.member {
            Member::Named(name) if ["T", "mT", "H", "mH"].iter().any(|short| name == short) => {
                "axes are exchanged by a call, and axis 0 is the batch: `transpose(x, 1, 2)`"
            }
            Member::Named(name) if name == "shape" => "shapes are known: write the numbers, or `-1` for the batch",
            _ => "values have no fields: what several values are is a tuple, `let (a, b) = ...;`",
        },
        _ => "the expressions of `forward` are calls, `+ - * /`, tuples and names",
    }
}

/// What torch.nn calls a layer of another library.
pub(crate) fn elsewhere(name: &str) -> Option<&'static str> {
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

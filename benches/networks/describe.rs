//! Steps in words.

use nn_core::frozen::Work;

/// A step in words, its multiply-adds and its weights.
pub(crate) fn describe(work: &Work) -> (String, usize, usize) {
    match work {
        Work::Conv { geometry: g, .. } | Work::Squares { geometry: g, .. } | Work::Planes(g) => {
            let [_, h, w] = &g.axes;
            let (kernel, stride) = (format!("{}x{}", h.kernel, w.kernel), w.stride);
            let (from, to, groups) = (g.in_channels, g.out_channels, g.groups);
            let weights = to * (from / groups) * g.axes.iter().map(|axis| axis.kernel).product::<usize>();
            (format!("{from}->{to} k{kernel} s{stride} g{groups} @{}x{}", h.input, w.input), g.macs(), weights)
        }
        Work::Linear { rows, inputs, outputs } => {
            (format!("{rows} rows {inputs}->{outputs}"), rows * inputs * outputs, inputs * outputs)
        }
        Work::Recurrent { .. } => ("recurrent".into(), 0, 0),
        other => {
            let name = format!("{other:?}");
            (name.split([' ', '(']).next().unwrap_or_default().to_string() + &format!(" {:?}", other.lens()), 0, 0)
        }
    }
}

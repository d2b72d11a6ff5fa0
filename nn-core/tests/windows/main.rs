//! Convolutions with all paddings, transposed convolutions, pools and batch norm, each held against its definition, written down here
//! once more, and its gradients against finite differences, through the contract of a layer.

mod batch_norm;
mod contract;
mod conv_padding;
mod conv_transpose;
mod fractional;
mod pool;
mod spatial;

use nn_core::shape::{Arg, At, Axis};

const AT: At = At { network: "Net", layer: "layer", sources: &["input"], makers: &[], infers: true };

fn ints(values: &[usize]) -> Arg {
    Arg::sizes(values)
}

/// All places `[z, y, x]` of three axes.
fn places(sizes: [usize; 3]) -> impl Iterator<Item = [usize; 3]> {
    let [depth, height, width] = sizes;
    (0..depth).flat_map(move |z| (0..height).flat_map(move |y| (0..width).map(move |x| [z, y, x])))
}

/// The place of entry `entry` of the window at `place`, counted from the beginning of the input; it may lie in the padding.
fn look(axes: &[Axis; 3], place: [usize; 3], entry: [usize; 3]) -> [isize; 3] {
    [0, 1, 2].map(|i| (place[i] * axes[i].stride + entry[i] * axes[i].dilation) as isize - axes[i].before as isize)
}

/// The index of a place in a plane; `None` outside of it.
fn index(sizes: [usize; 3], place: [isize; 3]) -> Option<usize> {
    let inside = (0..3).all(|i| place[i] >= 0 && place[i] < sizes[i] as isize);
    inside.then(|| (place[0] as usize * sizes[1] + place[1] as usize) * sizes[2] + place[2] as usize)
}

//! Block sizes of the kernels, and the working space that they imply: the largest over all instruction sets, so that one
//! memory plan serves whichever is found at run time.

use crate::{Axis, ConvGeometry, depthwise, doubled, lines, sliding, wide};

/// The most rows of a register tile.
pub const MAX_ROWS: usize = 8;
/// The most vectors of a register tile.
pub const MAX_VECTORS: usize = 4;
/// The most numbers in a vector.
pub const MAX_LANES: usize = 16;
/// The most columns of a register tile.
pub const MAX_WIDTH: usize = MAX_VECTORS * MAX_LANES;
/// Steps of a sum that are taken before the sums go to memory.
pub const STEPS: usize = 256;
/// Numbers that a strip of a convolution's source takes, if a shorter one can do: half of them stay in the first cache, all in the second.
pub const STRIP: usize = 16384;

/// One axis of a convolution as its kernels sweep over it: each result sums the entries of a window over a source. Forward, the source
/// is the input and the results are the outputs; backward, the source is the output's gradient and the results are every `stride`th
/// place of the input's gradient.
///
/// The source is laid out in phases such that each entry, over a run of neighbouring results, sees neighbouring numbers of one phase:
/// `phase[i] = source[i * stride + origin + phase * dilation]`, zero outside, and result `t` sees `phase[t + offset]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sweep {
    /// Results of the sweep.
    pub count: usize,
    /// Size of the axis that the results lie on, the place of the first one, and the distance between two.
    pub results: usize,
    /// See `results`.
    pub first: usize,
    /// See `results`.
    pub step: usize,
    /// Size of the source's axis.
    pub source: usize,
    /// Distance in the source between what one entry shows of two neighbouring results.
    pub stride: usize,
    /// Place in the source of the start of the first phase.
    pub origin: isize,
    /// Phases that the source is laid out in.
    pub phases: usize,
    /// Distance in the source between the starts of two phases.
    pub dilation: usize,
    /// Entries of the window that the results see.
    pub entries: usize,
    /// Distance within a phase between two entries that see the same one.
    pub jump: usize,
    /// The place in the window of entry 0, and the distance to that of entry 1.
    pub kernel: usize,
    /// See `kernel`.
    pub kernel_step: isize,
}

impl Sweep {
    /// The outputs of a convolution, over its input.
    pub const fn forward(axis: &Axis) -> Sweep {
        let period = axis.stride / gcd(axis.stride, axis.dilation);
        let phases = if period < axis.kernel { period } else { axis.kernel };
        Sweep {
            count: axis.output,
            results: axis.output,
            first: 0,
            step: 1,
            source: axis.input,
            stride: axis.stride,
            origin: -(axis.before as isize),
            phases,
            dilation: axis.dilation,
            entries: axis.kernel,
            jump: period.saturating_mul(axis.dilation) / axis.stride,
            kernel: 0,
            kernel_step: 1,
        }
    }

    /// The gradients of the inputs at `first`, `first + stride`, ..., over the gradient of the output: input `i` was seen by output `o`
    /// through entry `k` if `i = o * stride + k * dilation - before`.
    pub const fn backward(axis: &Axis, first: usize) -> Sweep {
        let period = axis.stride / gcd(axis.stride, axis.dilation);
        let mut kernel = 0;
        while kernel < axis.kernel && (first + axis.before) % axis.stride != kernel * axis.dilation % axis.stride {
            kernel += 1;
            if kernel == period {
                kernel = axis.kernel;
            }
        }
        let entries = if kernel < axis.kernel { (axis.kernel - kernel).div_ceil(period) } else { 0 };
        // From the last entry to the first, so that the places in the source ascend.
        let last = if entries > 0 { kernel + (entries - 1) * period } else { 0 };
        let shown = (first + axis.before) as isize - (last * axis.dilation) as isize;
        Sweep {
            count: if first < axis.input { (axis.input - first).div_ceil(axis.stride) } else { 0 },
            results: axis.input,
            first,
            step: axis.stride,
            source: axis.output,
            stride: 1,
            origin: shown.div_euclid(axis.stride as isize),
            phases: 1,
            dilation: 0,
            entries,
            jump: period.saturating_mul(axis.dilation) / axis.stride,
            kernel: last,
            kernel_step: -(period as isize),
        }
    }

    /// [`Sweep::backward`] for both places of an axis along which windows of two entries or more move by two: whatever either sees.
    pub const fn both(axis: &Axis) -> Sweep {
        let (first, second) = (Sweep::backward(axis, 0), Sweep::backward(axis, 1));
        let origin = if first.origin < second.origin { first.origin } else { second.origin };
        let ends = [first.origin + first.entries as isize, second.origin + second.entries as isize];
        let end = if ends[0] > ends[1] { ends[0] } else { ends[1] };
        // Which entry of the window that is differs between the two.
        Sweep { origin, entries: (end - origin) as usize, kernel: 0, kernel_step: 0, ..first }
    }

    /// The same sweep with a phase for each entry: the source is laid out as often as there are entries, but such that results are as far apart as
    /// the numbers that they see.
    pub const fn spread(self) -> Sweep {
        let dilation = if self.phases == 1 { self.jump.saturating_mul(self.stride) } else { self.dilation };
        Sweep { phases: self.entries, dilation, jump: 0, ..self }
    }

    /// What a phase is longer than the run of results over it.
    pub const fn span(&self) -> usize {
        match self.entries {
            0 => 0,
            entries if self.phases == 1 => (entries - 1).saturating_mul(self.jump),
            entries => ((entries - 1) / self.phases).saturating_mul(self.jump),
        }
    }
}

const fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Room for strips of the source of a sweep, `channels` deep: of all of it, or, if that is long, of some channels, lines and columns; of
/// several groups, if those are short; and for the vector that hangs over the end.
pub const fn strip(channels: usize, groups: usize, sweeps: &[Sweep; 3]) -> usize {
    let [depth, height, width] = sweeps;
    let planes = depth.entries.saturating_mul(height.phases).saturating_mul(width.phases);
    let least_width = if width.count < MAX_WIDTH { width.count } else { MAX_WIDTH };
    let line = planes.saturating_mul(height.span().saturating_add(1));
    let least = line.saturating_mul(least_width.saturating_add(width.span()));
    let plane = planes.saturating_mul(height.count.saturating_add(height.span()));
    let group = channels.saturating_mul(plane).saturating_mul(width.count.saturating_add(width.span()));
    let most = if least > STRIP { least } else { STRIP };
    let one = if group < most { group } else { most };
    let all = group.saturating_mul(groups);
    let several = if all < STRIP / 4 { all } else { STRIP / 4 };
    (if one > several { one } else { several }).saturating_add(MAX_LANES)
}

/// The sweeps of a convolution's forward pass.
pub const fn forward_sweeps(geometry: &ConvGeometry) -> [Sweep; 3] {
    let [depth, height, width] = &geometry.axes;
    [Sweep::forward(depth), Sweep::forward(height), Sweep::forward(width)]
}

/// Sweeps as they are laid out for `rows` channels of results: with lines once for each entry of the window along them, so that no columns lie
/// between the lines, where that takes less time than those columns.
pub const fn laid_out(sweeps: [Sweep; 3], rows: usize) -> [Sweep; 3] {
    let [depth, height, width] = sweeps;
    let entries = depth.entries.saturating_mul(height.entries).saturating_mul(width.entries);
    // Two products of vectors a cycle, and about four cycles for a line. Columns are products in whole vectors.
    let dense = height.count.saturating_mul(width.count);
    let columns = dense.saturating_add(height.count.saturating_sub(1).saturating_mul(width.span()));
    let vectors = columns.div_ceil(MAX_LANES) - dense.div_ceil(MAX_LANES);
    let saved = rows.saturating_mul(entries).saturating_mul(vectors) / 2;
    let lines = depth.entries.saturating_mul(height.phases).saturating_mul(height.count.saturating_add(height.span()));
    let copies = width.entries.saturating_sub(width.phases).saturating_mul(width.count.div_ceil(MAX_LANES));
    if saved > copies.saturating_mul(lines).saturating_mul(4) { [depth, height, width.spread()] } else { sweeps }
}

/// The sweeps of the gradient of a convolution's weights, where it is made of dot products of lines: numbers of the input that meet neighbouring
/// outputs are neighbours.
pub const fn dot_sweeps(geometry: &ConvGeometry) -> [Sweep; 3] {
    let [depth, height, width] = forward_sweeps(geometry);
    // Where a line fills its last vector badly, or where it costs little, lines are to follow each other without a gap, and vectors not to cross
    // cache lines.
    let wide = width.count.div_ceil(MAX_LANES).saturating_mul(MAX_LANES);
    let is_short = wide.saturating_mul(9) > width.count.saturating_mul(10) || width.entries <= 3;
    let width = if is_short { width.spread() } else { width };
    [depth, height, width]
}

/// Outputs of a channel that dot products are taken over at once: those of both operands stay in the first cache, and the sums over the
/// lanes of their vectors cost little beside them.
pub const OUTPUTS: usize = 1024;

/// Weights of an output channel that are too few to make up for turning its gradient around: they are dot products, however many channels there are.
pub const FEW_WEIGHTS: usize = 2 * MAX_LANES;

/// The most columns and lines of the strips of [`dot_sweeps`]: of long lines a part of one, else whole ones.
pub const fn dot_lines(sweeps: &[Sweep; 3]) -> (usize, usize) {
    let [_, height, width] = sweeps;
    if width.count >= OUTPUTS {
        return (OUTPUTS, 1);
    }
    match OUTPUTS.checked_div(width.count) {
        Some(lines) if lines < height.count => (width.count, lines),
        _ => (width.count, height.count),
    }
}

/// Room for strips of [`dot_sweeps`]: of a few channels, of as many samples as make up for few outputs.
const fn dot_scratch(geometry: &ConvGeometry) -> usize {
    if geometry.group_out() > MAX_LANES && geometry.group_in().saturating_mul(geometry.window()) > FEW_WEIGHTS {
        return 0;
    }
    let sweeps = dot_sweeps(geometry);
    let [depth, height, width] = &sweeps;
    let (columns, lines) = dot_lines(&sweeps);
    let planes = depth.entries.saturating_mul(height.phases).saturating_mul(width.phases);
    let channel =
        planes.saturating_mul(lines.saturating_add(height.span())).saturating_mul(columns.saturating_add(width.span()));
    let samples = match OUTPUTS.checked_div(lines * columns) {
        Some(samples) => samples,
        None => 1,
    };
    let all = channel.saturating_mul(samples).saturating_mul(geometry.group_in());
    if all < STRIP {
        all
    } else if channel > STRIP {
        channel
    } else {
        STRIP
    }
}

/// The width of the panels that `columns` are cut into.
const fn panel_width(columns: usize) -> usize {
    let width = columns.div_ceil(MAX_LANES);
    if width < MAX_VECTORS { width * MAX_LANES } else { MAX_WIDTH }
}

/// Working space of a panel `columns` wide for a sum of `steps`.
pub const fn panel(steps: usize, columns: usize) -> usize {
    let steps = if steps < STEPS { steps } else { STEPS };
    steps * panel_width(columns)
}

/// Working space of the gradients of a linear layer: `rows` depends on the batch, so the panel is as wide as panels get. The forward pass
/// needs none.
pub const fn linear_scratch(in_features: usize, out_features: usize) -> usize {
    let steps = if in_features > out_features { in_features } else { out_features };
    panel(steps, MAX_WIDTH)
}

/// Working space of a convolution's forward pass, in elements: a strip of its input.
pub const fn conv_forward_scratch(geometry: &ConvGeometry) -> usize {
    let sweeps = laid_out(forward_sweeps(geometry), geometry.group_out());
    let strip = strip(geometry.group_in(), geometry.groups, &sweeps);
    let wide = wide::scratch(wide::forward(geometry));
    let most = if strip > wide { strip } else { wide };
    let lines = lines::scratch(lines::forward(geometry));
    if most > lines { most } else { lines }
}

/// The most entries of the window along an axis that [`halved`] is for.
pub const HALVED_ENTRIES: usize = 4;
/// Numbers that the planes of [`halved`] may have.
const HALVED_PLANES: usize = 4 * STRIP;

/// Where a convolution moves by two places along both axes of an image: what the gradients at all four places of the input between two windows
/// see of the output's gradient, as one sweep for each axis. None where that, for all channels of a group, or the four planes of the input's
/// gradient are too large to stay near.
pub const fn halved(geometry: &ConvGeometry) -> Option<[Sweep; 3]> {
    let [depth, height, width] = &geometry.axes;
    let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1 && depth.stride == 1;
    // What a single place sees is spread as fast by itself.
    let is_seen = height.kernel > 1 && width.kernel > 1;
    if !is_flat || !is_seen || height.stride != 2 || width.stride != 2 || height.dilation != 1 || width.dilation != 1 {
        return None;
    }
    let sweeps = [Sweep::backward(depth, 0), Sweep::both(height), Sweep::both(width)];
    let [_, height, width] = &sweeps;
    if height.entries > HALVED_ENTRIES || width.entries > HALVED_ENTRIES || height.count * width.count == 0 {
        return None;
    }
    let sweeps = laid_out(sweeps, geometry.group_in());
    let cells = height.count.saturating_mul(width.count);
    let fits = halved_strip(geometry, &sweeps) <= STRIP && halved_planes(cells) <= HALVED_PLANES;
    let window = height.entries * width.entries;
    if fits && geometry.group_out().saturating_mul(window) <= HALVED_STEPS { Some(sweeps) } else { None }
}

/// Steps of a sum of [`halved`]: all of them are taken at once.
const HALVED_STEPS: usize = 512;

const fn halved_strip(geometry: &ConvGeometry, sweeps: &[Sweep; 3]) -> usize {
    let [_, height, width] = sweeps;
    let lines = height.count.saturating_add(height.span()).saturating_mul(height.phases);
    let columns = width.count.saturating_add(width.span()).saturating_mul(width.phases);
    lines.saturating_mul(columns).saturating_mul(geometry.group_out())
}

const fn halved_planes(cells: usize) -> usize {
    cells.saturating_mul(4 * MAX_ROWS)
}

/// Working space of the gradient of a convolution's input, in elements: a strip of the output's gradient; of [`halved`], its planes and the weights, too.
pub const fn conv_input_scratch(geometry: &ConvGeometry) -> usize {
    let [depth, height, width] = &geometry.axes;
    let doubled = doubled::scratch(doubled::backward(geometry));
    if let Some(sweeps) = halved(geometry) {
        let cells = sweeps[1].count * sweeps[2].count;
        let planes = halved_strip(geometry, &sweeps) + MAX_LANES + halved_planes(cells);
        let most = planes.saturating_add(geometry.weights());
        return if most > doubled { most } else { doubled };
    }
    let mut most = wide::scratch(wide::backward(geometry));
    let lines = lines::scratch(lines::backward(geometry));
    most = if lines > most { lines } else { most };
    most = if doubled > most { doubled } else { most };
    let mut d = 0;
    while d < depth.stride {
        let mut h = 0;
        while h < height.stride {
            let mut w = 0;
            while w < width.stride {
                let sweeps = [Sweep::backward(depth, d), Sweep::backward(height, h), Sweep::backward(width, w)];
                let strip = strip(geometry.group_out(), geometry.groups, &laid_out(sweeps, geometry.group_in()));
                most = if strip > most { strip } else { most };
                w += 1;
            }
            h += 1;
        }
        d += 1;
    }
    most
}

/// Working space of the gradient of a convolution's weights, in elements: a strip of the input, a panel of the output's gradient, and the
/// sums of that panel; or what dot products take, or a [`Piece`](depthwise::Piece).
pub const fn conv_weight_scratch(geometry: &ConvGeometry) -> usize {
    if depthwise::suits(geometry) {
        return depthwise::Piece::of(geometry).scratch();
    }
    let slides = if sliding::suits(geometry) { sliding::Piece::of(geometry).scratch() } else { 0 };
    let sums = geometry.group_in().saturating_mul(geometry.window()).saturating_mul(panel_width(geometry.group_out()));
    let strip = strip(geometry.group_in(), geometry.groups, &forward_sweeps(geometry));
    let product = strip.saturating_add(panel(STEPS, geometry.group_out())).saturating_add(sums);
    let dots = dot_scratch(geometry);
    let most = if product > dots { product } else { dots };
    if most > slides { most } else { slides }
}

/// Working space of a convolution's backward pass, in elements.
pub const fn conv_backward_scratch(geometry: &ConvGeometry) -> usize {
    let (input, weight) = (conv_input_scratch(geometry), conv_weight_scratch(geometry));
    if input > weight { input } else { weight }
}

//! Rows of a table, chosen by indices: alone, or in bags.

use nn_shape::{BagMode, Bags, Table};

use crate::Float;

/// The row of an index.
///
/// # Panics
/// If there is none.
fn row<E>(table: &Table, weight: &[E], index: u32) -> core::ops::Range<usize> {
    let row = index as usize;
    assert!(row < table.rows, "index {index} is out of bounds for {} embeddings", table.rows);
    debug_assert_eq!(weight.len(), table.rows * table.dim, "the table's numbers");
    row * table.dim..(row + 1) * table.dim
}

/// What a row is multiplied by so that its norm is at most `max_norm`.
fn shrink<E: Float>(table: &Table, row: &[E]) -> Option<E> {
    let (limit, norm) = (table.max_norm?, norm(table.norm_type, row));
    (norm > limit).then(|| E::from_f64(limit / (norm + 1e-7)))
}

/// `(Σ |x|^p)^(1/p)`, and what is left of it at the ends: the largest, the smallest, how many are not 0.
fn norm<E: Float>(p: f64, row: &[E]) -> f64 {
    let sizes = row.iter().map(|value| value.abs().to_f64());
    if p == f64::INFINITY {
        sizes.fold(0.0, f64::max)
    } else if p == f64::NEG_INFINITY {
        sizes.fold(f64::INFINITY, f64::min)
    } else if p == 0.0 {
        sizes.filter(|size| *size != 0.0).count() as f64
    } else if p == 2.0 {
        libm::sqrt(sizes.map(|size| size * size).sum())
    } else {
        libm::pow(sizes.map(|size| libm::pow(size, p)).sum(), 1.0 / p)
    }
}

/// Shortens the rows that are looked up, in the table itself.
pub(super) fn renormalise<E: Float>(table: &Table, indices: &[u32], weight: &mut [E]) {
    if table.max_norm.is_none() {
        return;
    }
    for index in indices {
        let row = row(table, weight, *index);
        let row = &mut weight[row];
        if let Some(factor) = shrink(table, row) {
            row.iter_mut().for_each(|value| *value *= factor);
        }
    }
}

/// `output[i] = weight[indices[i]]`, shortened where the table says so.
pub(super) fn forward<E: Float>(table: &Table, weight: &[E], indices: &[u32], output: &mut [E]) {
    assert_eq!(output.len(), indices.len() * table.dim, "output of an embedding");
    for (index, output) in indices.iter().zip(output.chunks_exact_mut(table.dim)) {
        output.copy_from_slice(&weight[row(table, weight, *index)]);
        if let Some(factor) = shrink(table, output) {
            output.iter_mut().for_each(|value| *value *= factor);
        }
    }
}

/// How often each row is looked up; nothing if the table does not ask.
fn count<E: Float>(table: &Table, indices: &[u32], counts: &mut [E]) {
    if table.by_frequency {
        counts.fill(E::ZERO);
        indices.iter().for_each(|index| counts[*index as usize] += E::ONE);
    }
}

/// Adds `gradient · factor` to the row of an index, unless it is padding.
fn add<E: Float>(table: &Table, counts: &[E], index: u32, factor: E, gradient: &[E], weight_gradient: &mut [E]) {
    if table.padding == Some(index as usize) {
        return;
    }
    let factor = if table.by_frequency { factor / counts[index as usize] } else { factor };
    let row = row(table, weight_gradient, index);
    for (to, from) in weight_gradient[row].iter_mut().zip(gradient) {
        *to += *from * factor;
    }
}

/// Adds each gradient to the row that was looked up.
pub(super) fn backward<E: Float>(
    table: &Table,
    indices: &[u32],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    counts: &mut [E],
) {
    count(table, indices, counts);
    for (index, gradient) in indices.iter().zip(output_gradient.chunks_exact(table.dim)) {
        add(table, counts, *index, E::ONE, gradient, weight_gradient);
    }
}

/// What bags are made of.
#[derive(Clone, Copy)]
pub struct Bagged<'a, E> {
    /// The indices.
    pub indices: &'a [u32],
    /// Where the bags of each sample begin, unless all are of one size.
    pub offsets: Option<&'a [u32]>,
    /// A factor for each index.
    pub weights: Option<&'a [E]>,
}

impl<'a, E: Float> Bagged<'a, E> {
    /// The places of each bag's indices, sample by sample.
    fn bags(&self, bags: &Bags, batch: usize) -> impl Iterator<Item = core::ops::Range<usize>> + 'a {
        let (bags, offsets) = (*bags, self.offsets);
        assert_eq!(self.indices.len(), batch * bags.indices, "indices of bags");
        (0..batch * bags.count).map(move |bag| {
            let (sample, bag) = (bag / bags.count, bag % bags.count);
            let first = sample * bags.indices;
            let Some(offsets) = offsets else {
                let size = bags.indices / bags.count;
                return first + bag * size..first + (bag + 1) * size;
            };
            let offsets = &offsets[sample * bags.offsets..(sample + 1) * bags.offsets];
            let end = offsets.get(bag + 1).map_or(bags.indices, |end| *end as usize);
            let start = offsets[bag] as usize;
            assert!(
                offsets[0] == 0 && start <= end && end <= bags.indices,
                "offsets ascend from 0 to at most {}, the number of indices: found {start} and {end}",
                bags.indices
            );
            first + start..first + end
        })
    }

    fn factor(&self, place: usize) -> E {
        self.weights.map_or(E::ONE, |weights| weights[place])
    }
}

/// No index gave the maximum: the bag is empty.
const NOBODY: u32 = u32::MAX;

/// The sum, mean or maximum of each bag; the indices of the maxima, if they are wanted.
#[allow(clippy::too_many_arguments)]
pub(super) fn bag_forward<E: Float>(
    table: &Table,
    bags: &Bags,
    batch: usize,
    weight: &[E],
    bagged: Bagged<'_, E>,
    output: &mut [E],
    mut winners: Option<&mut [u32]>,
) {
    for (bag, (places, output)) in bagged.bags(bags, batch).zip(output.chunks_exact_mut(table.dim)).enumerate() {
        let mut winners = winners.as_deref_mut().map(|all| &mut all[bag * table.dim..(bag + 1) * table.dim]);
        if let Some(winners) = &mut winners {
            winners.fill(NOBODY);
        }
        output.fill(E::ZERO);
        let mut found = 0;
        for place in places {
            let index = bagged.indices[place];
            let row = &weight[row(table, weight, index)];
            if table.padding == Some(index as usize) {
                continue;
            }
            let factor = shrink(table, row).unwrap_or(E::ONE);
            found += 1;
            if let BagMode::Max = bags.mode {
                keep_larger(found == 1, index, factor, row, output, winners.as_deref_mut());
            } else {
                let factor = factor * bagged.factor(place);
                output.iter_mut().zip(row).for_each(|(to, from)| *to += *from * factor);
            }
        }
        if bags.mode == BagMode::Mean && found > 1 {
            let count = E::from_f64(found as f64);
            output.iter_mut().for_each(|value| *value /= count);
        }
    }
}

/// Of equal numbers the first counts.
fn keep_larger<E: Float>(
    first: bool,
    index: u32,
    factor: E,
    row: &[E],
    output: &mut [E],
    mut winners: Option<&mut [u32]>,
) {
    for (column, (best, value)) in output.iter_mut().zip(row).enumerate() {
        let value = *value * factor;
        if first || value > *best {
            *best = value;
            if let Some(winners) = &mut winners {
                winners[column] = index;
            }
        }
    }
}

/// Adds the gradients of the rows in each bag.
#[allow(clippy::too_many_arguments)]
pub(super) fn bag_backward<E: Float>(
    table: &Table,
    bags: &Bags,
    batch: usize,
    bagged: Bagged<'_, E>,
    output_gradient: &[E],
    winners: &[u32],
    weight_gradient: &mut [E],
    counts: &mut [E],
) {
    if let BagMode::Max = bags.mode {
        for (place, (winner, gradient)) in winners.iter().zip(output_gradient).enumerate() {
            if *winner != NOBODY {
                weight_gradient[*winner as usize * table.dim + place % table.dim] += *gradient;
            }
        }
        return;
    }
    count(table, bagged.indices, counts);
    for (places, gradient) in bagged.bags(bags, batch).zip(output_gradient.chunks_exact(table.dim)) {
        let indices = &bagged.indices[places.clone()];
        let found = indices.iter().filter(|index| table.padding != Some(**index as usize)).count();
        let share = if bags.mode == BagMode::Mean { E::ONE / E::from_f64(found.max(1) as f64) } else { E::ONE };
        for (place, index) in places.zip(indices) {
            add(table, counts, *index, share * bagged.factor(place), gradient, weight_gradient);
        }
    }
}

/// Adds the gradient of the factors.
pub(super) fn bag_backward_factors<E: Float>(
    table: &Table,
    bags: &Bags,
    batch: usize,
    weight: &[E],
    bagged: Bagged<'_, E>,
    output_gradient: &[E],
    factor_gradient: &mut [E],
) {
    for (places, gradient) in bagged.bags(bags, batch).zip(output_gradient.chunks_exact(table.dim)) {
        for place in places {
            let index = bagged.indices[place];
            if table.padding != Some(index as usize) {
                let row = weight[row(table, weight, index)].iter();
                factor_gradient[place] += row.zip(gradient).map(|(a, b)| *a * *b).fold(E::ZERO, |sum, part| sum + part);
            }
        }
    }
}

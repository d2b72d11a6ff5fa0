//! Indices as rows of zeros with a 1.

use crate::Float;

/// `output[i, indices[i]] = 1`, zeros elsewhere.
///
/// # Panics
/// If an index is no class.
pub(super) fn forward<E: Float>(classes: usize, indices: &[u32], output: &mut [E]) {
    assert_eq!(output.len(), indices.len() * classes, "output of one_hot");
    output.fill(E::ZERO);
    for (index, row) in indices.iter().zip(output.chunks_exact_mut(classes)) {
        assert!((*index as usize) < classes, "index {index} is out of bounds for {classes} classes");
        row[*index as usize] = E::ONE;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[should_panic(expected = "index 3 is out of bounds for 3 classes")]
    fn an_index_is_a_class() {
        super::forward(3, &[0, 3], &mut [0.0_f32; 6]);
    }
}

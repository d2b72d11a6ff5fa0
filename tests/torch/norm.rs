//! Normalisation against PyTorch, as recorded. See README.md.

#[macro_use]
mod network;
#[macro_use]
mod record;

// PyTorch's numbers are written as they came.
#[allow(clippy::approx_constant, clippy::excessive_precision)]
mod generated {
    mod group_norm;
    mod norm;
    mod weight_norm;
}

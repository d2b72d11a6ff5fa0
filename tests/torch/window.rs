//! Pooling, padding and rearrangement in space against PyTorch, as recorded. See README.md.

#[macro_use]
mod network;
#[macro_use]
mod record;

// PyTorch's numbers are written as they came.
#[allow(clippy::approx_constant, clippy::excessive_precision)]
mod generated {
    mod grid;
    mod pad;
    mod pool;
    mod spatial;
    mod special_pool;
    mod unpool;
}

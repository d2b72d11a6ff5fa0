//! `forward` bodies and the functions of torch against PyTorch, as recorded. See README.md.

#[macro_use]
mod network;
#[macro_use]
mod record;

// PyTorch's numbers are written as they came.
#[allow(clippy::approx_constant, clippy::excessive_precision)]
mod generated {
    mod choose;
    mod functional;
    mod graph;
    mod held;
    mod layer_function;
    mod mask;
    mod tensor;
}

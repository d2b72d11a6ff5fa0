//! Losses, optimisers, schedules and initial values against PyTorch, as recorded. See README.md.

#[macro_use]
mod loss;
#[macro_use]
mod loss_inputs;
#[macro_use]
mod optimisation;
#[macro_use]
mod record;

// PyTorch's numbers are written as they came.
#[allow(clippy::approx_constant, clippy::excessive_precision)]
mod generated {
    mod init;
    mod loss;
    mod loss_inputs;
    mod optim;
    mod schedule;
}

//! Several threads for one inference.

/// Who does the parts of a step at the same time: `nn::Threads`, or whatever a program has already, such as the threads that an audio host lends
/// its plug-ins, or the second core of a microcontroller.
///
/// ```
/// use nn_core::Workers;
///
/// /// No threads at all: one part after the other.
/// struct InTurn;
///
/// // SAFETY: each part is called once.
/// unsafe impl Workers for InTurn {
///     fn count(&self) -> usize {
///         2
///     }
///     fn run(&mut self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
///         (0..parts).for_each(part);
///     }
/// }
/// ```
///
/// # Safety
/// `run` calls `part` with numbers below `parts` alone, and with none of them twice: each part writes a place of its own.
pub unsafe trait Workers {
    /// How many parts can be done at the same time.
    fn count(&self) -> usize;

    /// Calls `part` with each number below `parts`, once, from any threads, and returns when all calls have returned. Part `i` should go to the same
    /// thread each time, if that one is free: it has in its caches what it wrote before.
    fn run(&mut self, parts: usize, part: &(dyn Fn(usize) + Sync));
}

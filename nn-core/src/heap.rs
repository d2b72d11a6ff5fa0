//! Memory from the heap, for those who ask for a `Box`.

use alloc::alloc::{Layout, alloc, alloc_zeroed, handle_alloc_error};
use alloc::boxed::Box;
use core::ffi::c_void;

use bytemuck::Zeroable;

/// Bytes from which on a value asks for large pages.
const LARGE: usize = 4 << 20;

/// The alignment of all memory from the heap: what needs more is not fresh from the system, but written.
const ALIGN: usize = 16;

/// Zeros on the heap: inputs, outputs, gradients and batches of them, however large. They are never on the stack, not even in a debug build, where
/// `Box::new([...])` makes its value before it moves it.
///
/// ```
/// # use nn_core::{Tensor3, zeroed_box};
/// let mut image: Box<Tensor3<3, 1024, 1024>> = zeroed_box();
/// image[0][512][512] = 1.0;
/// ```
pub fn zeroed_box<T: Zeroable>() -> Box<T> {
    let layout = Layout::new::<T>();
    // SAFETY: a box of something without a size has no memory; else it has the heap's, of the layout of `T`. All-zero bytes are a valid `T`: it is
    // `Zeroable`.
    unsafe {
        let memory = if layout.size() == 0 { core::ptr::dangling_mut() } else { zeroed(layout).cast::<T>() };
        Box::from_raw(memory)
    }
}

/// Zeros. A large network reads tens of megabytes for each sample, and finding them in pages of 4 KB takes the processor a noticeable part of that
/// time: large values ask for large pages.
///
/// # Safety
/// The layout has a size.
unsafe fn zeroed(layout: Layout) -> *mut u8 {
    let is_large = layout.size() >= LARGE;
    // Memory that is fresh from the system is zero and has not been touched.
    let is_fresh = !is_large || layout.align() <= ALIGN;
    // SAFETY: the layout has a size, as the caller says.
    let memory = unsafe { if is_fresh { alloc_zeroed(layout) } else { alloc(layout) } };
    if memory.is_null() {
        handle_alloc_error(layout);
    }
    if is_large {
        ask_for_large_pages(memory.cast(), layout.size());
    }
    if !is_fresh {
        // SAFETY: so many bytes were allocated there.
        unsafe { memory.write_bytes(0, layout.size()) };
    }
    memory
}

/// Asks Linux for pages of 2 MB where it has any; else nothing happens. It is of use before the memory is touched.
#[cfg(all(feature = "std", target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
fn ask_for_large_pages(first: *mut c_void, len: usize) {
    use core::ffi::c_int;

    unsafe extern "C" {
        /// `madvise(2)` of the C library that `std` stands on.
        fn madvise(first: *mut c_void, len: usize, advice: c_int) -> c_int;
    }

    const MADV_HUGEPAGE: c_int = 14;
    /// No page of these machines is larger, of those that are not huge.
    const PAGE: usize = 1 << 16;
    let before = first.addr().next_multiple_of(PAGE) - first.addr();
    let whole = len.saturating_sub(before) / PAGE * PAGE;
    // SAFETY: the pages lie within a value of `len` bytes; the advice changes no byte of them. Where it is not taken, all is as it was.
    let _ = unsafe { madvise(first.wrapping_byte_add(before), whole, MADV_HUGEPAGE) };
}

#[cfg(not(all(
    feature = "std",
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64"),
    not(miri)
)))]
fn ask_for_large_pages(_: *mut c_void, _: usize) {}

#[cfg(test)]
mod tests {
    use super::{LARGE, zeroed_box};
    use crate::frozen::{Block, Numbers};

    #[test]
    fn large_values_are_zero_and_lie_as_they_should() {
        let plain = zeroed_box::<[f32; LARGE / 4 + 3]>();
        let aligned = zeroed_box::<Block<f32, { LARGE / 4 + 3 }>>();
        assert!(plain.iter().all(|value| value.to_bits() == 0));
        assert!(aligned.as_slice().iter().all(|value| value.to_bits() == 0));
        assert!((&raw const *aligned).addr().is_multiple_of(64));
    }
}

//! The walks over a struct's tensors at run time: one function for all structs, which a program compiles once.

use super::{Content, Kind, Layout, Refreshing, Region, Role, count};
use crate::{Buffer, BufferMut, Name, Parameter, Parameters, Path, Zip};

/// What a walk comes by, and the bytes in front of it.
enum Found<'a> {
    Tensor(Name<'a>, bool, Kind),
    /// What is to be done after writing.
    Refresh(Refreshing),
}

/// Where a walk is.
struct At<'a> {
    path: &'a Path<'a>,
    offset: usize,
    /// What stands behind the names of the tensors here.
    number: Option<(usize, bool)>,
}

/// Goes through all tensors.
fn walk(regions: &[Region], at: &At<'_>, visit: &mut dyn FnMut(usize, Found<'_>)) {
    for region in regions {
        let offset = at.offset + region.offset;
        match region.content {
            Content::Tensor(kind) => {
                let name = at.path.name(region.name, at.number);
                visit(offset, Found::Tensor(name, at.path.trains() && region.trainable, kind));
            }
            Content::Below(inner) => {
                let path = at.path.join(region.name);
                let path = &if region.trainable { path } else { path.frozen() };
                walk(inner, &At { path, offset, number: None }, visit);
            }
            Content::Numbered(own) => {
                for part in 0..own.count {
                    let (offset, number) = (offset + part * own.stride, Some(own.number(part)));
                    walk(own.parts, &At { path: at.path, offset, number }, visit);
                }
            }
            Content::Derived(own) => {
                for part in own.parts {
                    walk(part, &At { path: at.path, offset, number: at.number }, visit);
                }
            }
            Content::Refresh(refresh) => visit(offset, Found::Refresh(refresh)),
            Content::Nothing => {}
        }
    }
}

fn start<'a>(path: &'a Path<'a>) -> At<'a> {
    At { path, offset: 0, number: None }
}

/// The numbers at a place.
///
/// # Safety
/// There lies a tensor of that kind, of numbers `E`, which nobody writes to for `'v`.
unsafe fn numbers<'v, E>(base: *const u8, offset: usize, kind: &Kind) -> &'v [E] {
    debug_assert_eq!(kind.width, size_of::<E>());
    // SAFETY: the caller's word; a field's offset lies in its struct.
    unsafe { core::slice::from_raw_parts(base.add(offset).cast::<E>(), count(kind.shape)) }
}

/// The numbers at a place, for writing.
///
/// # Safety
/// There lies a tensor of that kind, of numbers `E`, which nobody else reads or writes to for `'v`.
unsafe fn numbers_mut<'v, E>(base: *mut u8, offset: usize, kind: &Kind) -> &'v mut [E] {
    debug_assert_eq!(kind.width, size_of::<E>());
    // SAFETY: the caller's word; a field's offset lies in its struct.
    unsafe { core::slice::from_raw_parts_mut(base.add(offset).cast::<E>(), count(kind.shape)) }
}

/// Visits each parameter of several structs side by side.
pub(crate) fn zip<'v, P: Parameters, const R: usize, const W: usize>(
    read: [&'v P; R],
    mut write: [&mut P; W],
    path: &Path<'_>,
    visit: &mut Zip<'_, 'v, P::Element, R, W>,
) {
    // References to a sized type are pointers; these casts compile in no time, which `map` does not.
    let (read, write) = ((&raw const read).cast::<[*const u8; R]>(), (&raw mut write).cast::<[*mut u8; W]>());
    // SAFETY: arrays of references lie in memory as arrays of pointers; those to `P`, whose layout `P::REGIONS` is and whose parameters are
    // of its elements, are borrowed for `'v`, or for this call alone.
    unsafe { zip_at::<P::Element, R, W>(P::REGIONS, *read, *write, path, visit) }
}

/// # Safety
/// The places are of structs with those regions, all of whose parameters are of `E`: readable for `'v`, and for writing borrowed by the caller alone.
unsafe fn zip_at<'v, E: 'v, const R: usize, const W: usize>(
    regions: &[Region],
    read: [*const u8; R],
    write: [*mut u8; W],
    path: &Path<'_>,
    visit: &mut Zip<'_, 'v, E, R, W>,
) {
    walk(regions, &start(path), &mut |offset, found| match found {
        Found::Tensor(name, trainable, kind) if kind.role == Role::Parameter => {
            // SAFETY: a parameter of that kind lies there in each of them, as the caller says; slices to write end with the visit.
            let read = read.map(|base| unsafe { numbers(base, offset, &kind) });
            // SAFETY: as above.
            let write = write.map(|base| unsafe { numbers_mut(base, offset, &kind) });
            visit(Parameter { name, shape: kind.shape, trainable }, read, write);
        }
        Found::Tensor(..) => {}
        Found::Refresh(refresh) => {
            for base in write {
                // SAFETY: the struct that the region is of lies there, and nothing of it is borrowed between visits.
                unsafe { refresh(base.add(offset)) };
            }
        }
    });
}

/// Visits each buffer.
pub(crate) fn buffers<'v, P: Parameters>(
    of: &'v P,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Name<'_>, Buffer<'v, P::Element>),
) {
    let base = (&raw const *of).cast::<u8>();
    // SAFETY: `of` is borrowed for `'v`, `P::REGIONS` is its layout, and all but its counters are of its elements.
    unsafe {
        tensors_at(P::REGIONS, base, path, &mut |role, name, buffer| {
            if role != Role::Parameter {
                visit(name, buffer)
            }
        })
    }
}

/// Visits each parameter and buffer, in the order of PyTorch's state_dict.
#[cfg(feature = "alloc")]
pub(crate) fn all<'v, P: Parameters>(of: &'v P, visit: &mut dyn FnMut(Name<'_>, Buffer<'v, P::Element>)) {
    let base = (&raw const *of).cast::<u8>();
    // SAFETY: as in `buffers`.
    unsafe { tensors_at(P::REGIONS, base, &Path::ROOT, &mut |_, name, buffer| visit(name, buffer)) }
}

/// # Safety
/// At `base` lies a struct with those regions, readable for `'v`, all of whose tensors but counters are of `E`.
unsafe fn tensors_at<'v, E: 'v>(
    regions: &[Region],
    base: *const u8,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Role, Name<'_>, Buffer<'v, E>),
) {
    walk(regions, &start(path), &mut |offset, found| {
        let Found::Tensor(name, _, kind) = found else { return };
        // SAFETY: a tensor of that kind lies there, as the caller says; counters are `i64`.
        let buffer = unsafe {
            match kind.role {
                Role::Counter => numbers(base, offset, &kind).first().map(Buffer::Count),
                Role::Parameter | Role::Buffer => Some(Buffer::Real(numbers(base, offset, &kind), kind.shape)),
            }
        };
        if let Some(buffer) = buffer {
            visit(kind.role, name, buffer);
        }
    });
}

/// Visits each buffer for writing.
pub(crate) fn buffers_mut<P: Parameters>(
    of: &mut P,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Name<'_>, BufferMut<'_, P::Element>),
) {
    let base = (&raw mut *of).cast::<u8>();
    // SAFETY: `of` is borrowed for this call alone, `P::REGIONS` is its layout, and all but its counters are of its elements.
    unsafe { buffers_mut_at(P::REGIONS, base, path, visit) }
}

/// # Safety
/// At `base` lies a struct with those regions, borrowed by the caller alone, all of whose tensors but counters are of `E`.
unsafe fn buffers_mut_at<E>(
    regions: &[Region],
    base: *mut u8,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Name<'_>, BufferMut<'_, E>),
) {
    walk(regions, &start(path), &mut |offset, found| {
        let Found::Tensor(name, _, kind) = found else { return };
        // SAFETY: a tensor of that kind lies there, as the caller says, and slices end with the visit; counters are `i64`.
        let buffer = unsafe {
            match kind.role {
                Role::Parameter => None,
                Role::Counter => numbers_mut(base, offset, &kind).first_mut().map(BufferMut::Count),
                Role::Buffer => Some(BufferMut::Real(numbers_mut(base, offset, &kind), kind.shape)),
            }
        };
        if let Some(buffer) = buffer {
            visit(name, buffer);
        }
    });
}

/// Copies all parameters and buffers of a struct to another.
pub(crate) fn copy<P: Layout>(from: &P, to: &mut P) {
    let (from, to) = ((&raw const *from).cast::<u8>(), (&raw mut *to).cast::<u8>());
    // SAFETY: two structs of the layout `P::REGIONS`, of which one is borrowed for this call alone.
    unsafe { copy_at(P::REGIONS, from, to) }
}

/// # Safety
/// The places are of two structs with those regions: one that nobody writes to, one that the caller alone has borrowed.
unsafe fn copy_at(regions: &[Region], from: *const u8, to: *mut u8) {
    walk(regions, &start(&Path::ROOT), &mut |offset, found| match found {
        Found::Tensor(_, _, kind) => {
            let bytes = count(kind.shape) * kind.width;
            // SAFETY: so many bytes of a tensor lie there in both, apart from each other, as the caller says.
            unsafe { core::ptr::copy_nonoverlapping(from.add(offset), to.add(offset), bytes) };
        }
        // SAFETY: the struct that the region is of lies there, and nothing of it is borrowed.
        Found::Refresh(refresh) => unsafe { refresh(to.add(offset)) },
    });
}

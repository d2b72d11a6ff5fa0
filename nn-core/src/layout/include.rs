//! Weights that rustc puts into a network while it compiles: `include_weights!`.

use core::mem::MaybeUninit;

use super::{Content, Derived, Kind, Layout, Region, count, same_text};

/// A tensor of a file, as the macro found it there.
#[derive(Clone, Copy, Debug)]
pub struct Included {
    /// [`hash`] of its name; entries are sorted by it.
    pub hash: u64,
    /// Its name.
    pub name: &'static str,
    /// Its type, in the words of the format.
    pub dtype: &'static str,
    /// Its shape.
    pub shape: &'static [usize],
    /// Where it begins in the file.
    pub begin: usize,
}

/// What an empty name is hashed to.
pub const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of what was hashed before and `text`.
pub const fn hash(before: u64, text: &str) -> u64 {
    let (bytes, mut hash, mut i) = (text.as_bytes(), before, 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

/// The entry of that hash: a binary search.
const fn find(entries: &[Included], hash: u64) -> Option<&Included> {
    let (mut low, mut high) = (0, entries.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if entries[middle].hash < hash {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low < entries.len() && entries[low].hash == hash { Some(&entries[low]) } else { None }
}

/// A network whose tensors are those of the file; zeros where one does not fit, which [`check`] reports.
pub const fn include<N: Layout>(file: &[u8], entries: &[Included]) -> N {
    let mut network = MaybeUninit::<N>::zeroed();
    let to = Target { base: network.as_mut_ptr().cast(), size: size_of::<N>(), file, entries };
    walk(N::REGIONS, &At::ROOT, &mut Task::Fill(&to));
    // SAFETY: all-zero bytes are a valid `N`, because it is `Zeroable`; what was written over them are numbers where `Layout` says that
    // there are numbers.
    unsafe { network.assume_init() }
}

/// Where a walk over regions is.
struct At<'a> {
    parent: Option<&'a At<'a>>,
    name: &'static str,
    /// Bytes in front of it.
    offset: usize,
    /// Of all names down to here, with their dots.
    hash: u64,
    /// What stands behind the names of the tensors here.
    number: Option<(usize, bool)>,
}

impl At<'_> {
    const ROOT: At<'static> = At { parent: None, name: "", offset: 0, hash: EMPTY, number: None };

    /// Of a tensor's whole name.
    const fn hash_of(&self, last: &str) -> u64 {
        let name = hash(self.hash, last);
        match self.number {
            Some((number, reverse)) => {
                let name = hash(hash(name, "_l"), nn_shape::Message::new().number(number).as_str());
                hash(name, if reverse { "_reverse" } else { "" })
            }
            None => name,
        }
    }
}

/// What a walk is for: constant functions take no closures.
enum Task<'a> {
    Fill(&'a Target<'a>),
    Compare(&'a [Included], &'a mut Report),
    /// Whether there is a tensor whose name has that hash.
    Seek {
        wanted: u64,
        found: bool,
    },
}

/// Goes through all tensors.
const fn walk(places: &[Region], at: &At<'_>, task: &mut Task<'_>) {
    let mut i = 0;
    while i < places.len() {
        let Region { name, offset, content, .. } = places[i];
        let offset = at.offset + offset;
        match content {
            Content::Below(places) => {
                let hash = hash(hash(at.hash, name), ".");
                walk(places, &At { parent: Some(at), name, offset, hash, number: None }, task);
            }
            Content::Numbered(own) => {
                let mut part = 0;
                while part < own.count {
                    let (offset, number) = (offset + part * own.stride, Some(own.number(part)));
                    walk(own.parts, &At { parent: at.parent, name: at.name, offset, hash: at.hash, number }, task);
                    part += 1;
                }
            }
            Content::Tensor(kind) => visit(name, offset, &kind, at, task),
            Content::Derived(Derived { parts: [before, behind], name, reason }) => {
                if let Task::Compare(_, report) = task {
                    report.fault("computed    ");
                    report.name(at, name);
                    report.push(": ");
                    report.push(reason);
                }
                let at = At { parent: at.parent, name: at.name, offset, hash: at.hash, number: at.number };
                walk(before, &at, task);
                walk(behind, &at, task);
            }
            Content::Refresh(_) | Content::Nothing => {}
        }
        i += 1;
    }
}

const fn visit(name: &'static str, offset: usize, kind: &Kind, at: &At<'_>, task: &mut Task<'_>) {
    let hash = at.hash_of(name);
    match task {
        Task::Fill(to) => {
            if let Some(entry) = find(to.entries, hash)
                && fits(entry, kind)
            {
                copy(entry.begin, offset, kind, to);
            }
        }
        Task::Compare(entries, report) => compare(find(entries, hash), kind, at, name, report),
        Task::Seek { wanted, found } => *found |= hash == *wanted,
    }
}

struct Target<'a> {
    base: *mut u8,
    size: usize,
    file: &'a [u8],
    entries: &'a [Included],
}

/// Copies one tensor: a single operation of rustc's evaluator, however large it is.
const fn copy(begin: usize, offset: usize, kind: &Kind, to: &Target<'_>) {
    let len = count(kind.shape) * kind.width;
    assert!(begin <= to.file.len() && len <= to.file.len() - begin, "nn: the tensor lies in the file");
    assert!(offset <= to.size && len <= to.size - offset, "nn: the tensor lies in the network");
    if cfg!(target_endian = "big") {
        let mut i = 0;
        while i < len {
            let mirrored = i / kind.width * kind.width + (kind.width - 1 - i % kind.width);
            // SAFETY: `offset + i` lies in the struct behind `base`, as asserted above.
            unsafe { *to.base.add(offset + i) = to.file[begin + mirrored] };
            i += 1;
        }
        return;
    }
    // SAFETY: `len` bytes from `begin` on lie in the file, and `len` bytes from `offset` on in the struct behind `base`, as asserted
    // above; the struct is being made, so that the two do not overlap.
    unsafe { core::ptr::copy_nonoverlapping(to.file.as_ptr().add(begin), to.base.add(offset), len) };
}

const fn fits(entry: &Included, kind: &Kind) -> bool {
    same_text(entry.dtype, kind.dtype()) && same_shape(entry.shape, kind.shape)
}

const fn same_shape(a: &[usize], b: &[usize]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// Fails to evaluate, at the caller, if the file's tensors are not the network's; the message lists all that differ.
#[track_caller]
pub const fn check<N: Layout>(file: &str, network: &str, entries: &[Included]) {
    let mut report = Report::EMPTY;
    walk(N::REGIONS, &At::ROOT, &mut Task::Compare(entries, &mut report));
    let mut i = 0;
    // Only if some are left is it worth asking which.
    while report.matched < entries.len() && i < entries.len() {
        let mut seek = Task::Seek { wanted: entries[i].hash, found: false };
        walk(N::REGIONS, &At::ROOT, &mut seek);
        if let Task::Seek { found: false, .. } = seek {
            report.fault("unexpected  ");
            report.unexpected += 1;
            report.push(entries[i].name);
            report.push(": the file has ");
            report.shape(entries[i].shape);
        }
        i += 1;
    }
    report.hint(file, network);
    if report.faults > 0 {
        let mut title = Report::EMPTY;
        title.push(file);
        title.push(" does not fit ");
        title.push(network);
        title.push(": ");
        title.number(report.faults);
        title.push(if report.faults == 1 { " tensor" } else { " tensors" });
        title.push(report.as_str());
        panic!("{}", title.as_str());
    }
}

const fn compare(entry: Option<&Included>, kind: &Kind, at: &At<'_>, name: &str, report: &mut Report) {
    let Some(entry) = entry else {
        report.fault("missing     ");
        report.missing += 1;
        report.name(at, name);
        report.push(": the network has ");
        report.shape(kind.shape);
        return;
    };
    report.matched += 1;
    if !same_shape(entry.shape, kind.shape) {
        report.fault("shape       ");
        report.name(at, name);
        report.push(": ");
        report.shape(kind.shape);
        report.push(" in the network, ");
        report.shape(entry.shape);
        report.push(" in the file");
    } else if !same_text(entry.dtype, kind.dtype()) {
        // Counts are not converted.
        report.types += !same_text(kind.dtype(), "I64") as usize;
        report.doubles += same_text(kind.dtype(), "F64") as usize;
        report.fault("type        ");
        report.name(at, name);
        report.push(": ");
        report.push(kind.dtype());
        report.push(" in the network, ");
        report.push(entry.dtype);
        report.push(" in the file");
    }
}

/// More than anyone reads; what does not fit is cut.
const CAPACITY: usize = 16 * 1024;

/// A list of what differs, written by `const fn`s.
struct Report {
    text: [u8; CAPACITY],
    len: usize,
    faults: usize,
    /// Faults that are about types.
    types: usize,
    /// Of these, where the network has `f64`.
    doubles: usize,
    missing: usize,
    unexpected: usize,
    /// Entries that the network has, too.
    matched: usize,
}

impl Report {
    const EMPTY: Report =
        Report { text: [0; CAPACITY], len: 0, faults: 0, types: 0, doubles: 0, missing: 0, unexpected: 0, matched: 0 };

    const fn fault(&mut self, kind: &str) {
        self.faults += 1;
        self.push("\n  ");
        self.push(kind);
    }

    /// What would help.
    const fn hint(&mut self, file: &str, network: &str) {
        let option = if self.types > 0 && self.doubles > 0 {
            "convert = f64"
        } else if self.types > 0 {
            "convert"
        } else if self.missing > 0 && self.unexpected > 0 {
            "rename = [(\"the network's name\", \"the file's\")]"
        } else {
            return;
        };
        self.push("\n  fix  : `include_weights!(\"");
        self.push(file);
        self.push("\", ");
        self.push(network);
        self.push(", ");
        self.push(option);
        self.push(if self.types > 0 {
            ")` rounds numbers to the network's type"
        } else {
            ")` if names differ, `prefix = \"model.\"` for a part of a file"
        });
    }

    /// The whole text or nothing of it, so that no character is cut apart.
    const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        if bytes.len() > CAPACITY - self.len {
            return;
        }
        let mut i = 0;
        while i < bytes.len() {
            self.text[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
    }

    const fn number(&mut self, number: usize) {
        self.push(nn_shape::Message::new().number(number).as_str());
    }

    const fn shape(&mut self, shape: &[usize]) {
        let mut axis = 0;
        self.push("[");
        while axis < shape.len() {
            if axis > 0 {
                self.push(", ");
            }
            self.number(shape[axis]);
            axis += 1;
        }
        self.push("]");
    }

    const fn name(&mut self, at: &At<'_>, last: &str) {
        self.way(at);
        self.push(last);
        if let Some((number, reverse)) = at.number {
            self.push("_l");
            self.number(number);
            self.push(if reverse { "_reverse" } else { "" });
        }
    }

    const fn way(&mut self, at: &At<'_>) {
        if let Some(parent) = at.parent {
            self.way(parent);
            self.push(at.name);
            self.push(".");
        }
    }

    const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.text.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

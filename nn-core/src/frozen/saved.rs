//! A frozen network as bytes: saved once, then read, or put into a program by `include_frozen!`, without packing again.

use core::fmt;
use core::mem::MaybeUninit;

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};
use nn_shape::Message;
use nn_shape::packed::{Fault, HEAD, Head};

use super::{Freeze, Frozen, Numbers};
#[cfg(feature = "alloc")]
use crate::Buffer;
use crate::{BufferMut, Isa, Parameters, Path};

/// Why bytes are not the frozen network that was asked for.
///
/// Its `Debug` is its `Display`: `unwrap` prints what a reader needs.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrozenError {
    /// They do not come from [`Frozen::to_bytes`].
    Other,
    /// They come from another version of this crate, which packs otherwise.
    Version,
    /// They are fewer, or more, than were written.
    Length {
        /// How many were written.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// They have changed since they were written.
    Damaged,
    /// They are of a network that was declared otherwise, or by another version of this crate.
    Network,
    /// They are of [`Network::freeze_with`](crate::Network::freeze_with), which allows squares, and the type is that of [`Network::freeze`](crate::Network::freeze), or the other way round.
    Squares {
        /// Whether they allow squares.
        found: bool,
    },
    /// They are packed for an instruction set that this machine does not have.
    Isa(Isa),
}

impl fmt::Display for FrozenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrozenError::Other => write!(f, "these are not the bytes of a frozen network"),
            FrozenError::Version => {
                write!(f, "the frozen network comes from another version of `nn`: freeze and save it again")
            }
            FrozenError::Length { expected, found } => {
                write!(f, "the frozen network has {expected} bytes, and here are {found}: was all of it copied?")
            }
            FrozenError::Damaged => write!(f, "some bytes of the frozen network have changed since it was saved"),
            FrozenError::Network => write!(
                f,
                "the bytes are of a frozen network that was declared otherwise, or by another version of `nn`: freeze and save it again"
            ),
            FrozenError::Squares { found: true } => write!(
                f,
                "the frozen network may do convolutions in squares: its type is `Frozen<N, <N as Freeze>::PackedSquares>`"
            ),
            FrozenError::Squares { found: false } => {
                write!(f, "the frozen network does no convolutions in squares: its type is `Frozen<N>`")
            }
            FrozenError::Isa(isa) => write!(
                f,
                "the network was frozen for {isa:?}, which this machine does not have: freeze it here, or with `force_isa` for a set that it has"
            ),
        }
    }
}

impl fmt::Debug for FrozenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for FrozenError {}

impl<N: Freeze, P: Numbers<Element = N::Element>> Frozen<N, P> {
    /// All of it, as bytes that are the same on every machine: for a file, from which [`Frozen::from_bytes`] has it back without packing, or `include_frozen!`
    /// puts it into a program.
    ///
    /// It stays packed for the instruction set that it was frozen for; [`force_isa`](crate::force_isa) chooses one, and [`Isa::Portable`] runs
    /// everywhere.
    ///
    /// ```
    /// # mod nn { pub use nn_core::*; }
    /// # fn f<N: nn::Freeze>(net: &N) -> Result<(), Box<dyn std::error::Error>> {
    /// std::fs::write("lenet.frozen", net.freeze().to_bytes())?;
    /// let frozen: Box<nn::Frozen<N>> = nn::Frozen::from_bytes(&std::fs::read("lenet.frozen")?)?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "alloc")]
    pub fn to_bytes(&self) -> Vec<u8> {
        let packed = size_of_val(self.packed.as_slice());
        let mut bytes = alloc::vec![0; HEAD];
        append(&mut bytes, self.packed.as_slice());
        if let Some(kept) = N::kept(&self.kept) {
            kept.visit_parameters(&mut |_, values| append(&mut bytes, values));
            kept.visit_buffers(&Path::ROOT, &mut |_, buffer| match buffer {
                Buffer::Real(values, _) => append(&mut bytes, values),
                Buffer::Count(count) => append(&mut bytes, &[*count]),
            });
        }
        let kept = (bytes.len() - HEAD - packed) as u64;
        Head { kept, isa: self.isa as u8, squares: self.squares > 0, ..Self::head() }.write(&mut bytes);
        bytes
    }

    /// The frozen network of these bytes, which [`Frozen::to_bytes`] wrote.
    ///
    /// # Errors
    /// If they are not, are damaged, are of another network, or of an instruction set that this machine does not have.
    #[cfg(feature = "alloc")]
    pub fn from_bytes(bytes: &[u8]) -> Result<Box<Self>, FrozenError> {
        let mut frozen: Box<Self> = crate::heap::zeroed_box();
        frozen.fill(bytes)?;
        Ok(frozen)
    }

    /// The same in memory of the caller's, which need not be initialised before.
    ///
    /// # Errors
    /// As for [`Frozen::from_bytes`]; there is no frozen network in the memory then.
    pub fn from_bytes_in<'m>(memory: &'m mut MaybeUninit<Self>, bytes: &[u8]) -> Result<&'m mut Self, FrozenError> {
        let frozen = super::zeroed_in(memory);
        frozen.fill(bytes)?;
        Ok(frozen)
    }

    /// What the head of this type's bytes has in common.
    const fn head() -> Head {
        Head {
            isa: 0,
            squares: false,
            width: size_of::<N::Element>() as u8,
            fingerprint: N::FINGERPRINT,
            packed: (P::LEN * size_of::<N::Element>()) as u64,
            kept: 0,
        }
    }

    /// Whether that head is of a network of this type.
    const fn accept(found: &Head) -> Result<(), FrozenError> {
        let own = Self::head();
        if found.fingerprint != own.fingerprint || found.width != own.width {
            return Err(FrozenError::Network);
        }
        // Where nothing can be done in squares, both forms are one type.
        if found.packed != own.packed {
            return Err(FrozenError::Squares { found: found.squares });
        }
        if found.isa as usize >= Isa::ALL.len() {
            return Err(FrozenError::Other);
        }
        Ok(())
    }

    fn fill(&mut self, bytes: &[u8]) -> Result<(), FrozenError> {
        let found = bytes.len() as u64;
        let head = Head::check(bytes).map_err(|fault| match fault {
            Fault::Other => FrozenError::Other,
            Fault::Version => FrozenError::Version,
            Fault::Length { expected } => FrozenError::Length { expected, found },
            Fault::Damaged => FrozenError::Damaged,
        })?;
        Self::accept(&head)?;
        let isa = Isa::ALL[usize::from(head.isa)];
        if !isa.is_available() {
            return Err(FrozenError::Isa(isa));
        }
        let mut rest = Rest { bytes: &bytes[HEAD..] };
        rest.take(self.packed.as_mut_slice()).ok_or(FrozenError::Network)?;
        if let Some(kept) = N::kept_mut(&mut self.kept) {
            rest.take_all(kept).ok_or(FrozenError::Network)?;
        }
        if !rest.bytes.is_empty() {
            return Err(FrozenError::Network);
        }
        (self.isa, self.squares) = (isa, u8::from(head.squares));
        Ok(())
    }
}

/// What has not been read yet.
struct Rest<'a> {
    bytes: &'a [u8],
}

impl Rest<'_> {
    /// Reads so many numbers, if there are as many.
    fn take<T: bytemuck::Pod>(&mut self, to: &mut [T]) -> Option<()> {
        let (own, rest) = self.bytes.split_at_checked(size_of_val(to))?;
        bytemuck::cast_slice_mut(to).copy_from_slice(own);
        mirror(to);
        self.bytes = rest;
        Some(())
    }

    /// Reads parameters and buffers.
    fn take_all<N: Parameters>(&mut self, to: &mut N) -> Option<()> {
        let mut whole = Some(());
        to.visit_parameters_mut(&mut |_, values| whole = whole.and_then(|()| self.take(values)));
        to.visit_buffers_mut(&Path::ROOT, &mut |_, buffer| {
            whole = whole.and_then(|()| match buffer {
                BufferMut::Real(values, _) => self.take(values),
                BufferMut::Count(count) => self.take(core::slice::from_mut(count)),
            });
        });
        whole
    }
}

#[cfg(feature = "alloc")]
fn append<T: bytemuck::Pod>(bytes: &mut Vec<u8>, values: &[T]) {
    let mut values = values.to_vec();
    mirror(&mut values);
    bytes.extend_from_slice(bytemuck::cast_slice(&values));
}

/// From the order of bytes of this machine to that of the file, or back.
fn mirror<T: bytemuck::Pod>(values: &mut [T]) {
    if cfg!(target_endian = "big") {
        bytemuck::cast_slice_mut::<T, u8>(values).chunks_exact_mut(size_of::<T>()).for_each(<[u8]>::reverse);
    }
}

/// For `include_frozen!`, which has looked at the bytes: whether they are of a network of this type.
#[track_caller]
pub const fn check<N: Freeze, P: Numbers<Element = N::Element>>(bytes: &[u8], file: &str, network: &str) {
    if size_of::<N::Kept>() > 0 {
        let message = Message::new().text(file).text(": a static cannot hold ").text(network).text(" as it is frozen");
        let message = message.rule("each layer with tensors has a packed form").found(N::KEPT_LAYERS);
        let message = message.text(", which runs as it is");
        panic!("{}", message.fix("read the bytes when the program starts: `Frozen::from_bytes`").as_str());
    }
    // The numbers are copied as they lie.
    if cfg!(target_endian = "big") {
        panic!("nn: a machine of the other order of bytes reads them: `Frozen::from_bytes`");
    }
    let accepted = match Head::read(bytes) {
        Ok(head) if Frozen::<N, P>::accept(&head).is_ok() => Some(Isa::ALL[head.isa as usize]),
        _ => None,
    };
    if let Some(isa) = accepted
        && !isa.may_be_available()
    {
        let message = Message::new().text(file).text(": it is packed for ").text(isa.name());
        let message = message.text(", which no machine of this target has");
        let message = message
            .rule("a program runs the instruction sets of its target, and each has an order of weights of its own");
        let message = message.found(isa.name());
        let fix = "call `nn::force_isa(Some(nn::Isa::Portable))` before `freeze()`: such a network runs everywhere";
        panic!("{}", message.fix(fix).as_str());
    }
    if accepted.is_none() {
        let message = Message::new().text(file).text(": it is not ").text(network).text(" that was frozen there");
        let message = message.rule("the network was declared as it is now, and frozen by this version of `nn`");
        let message = message.found("another declaration, or another version");
        panic!("{}", message.fix("freeze and save it again, or name the network that it is of").as_str());
    }
}

/// The frozen network of these bytes, for a `static`; all zeros where [`check`] fails.
pub const fn include<N: Freeze, P: Numbers<Element = N::Element>>(bytes: &[u8]) -> Frozen<N, P> {
    let mut frozen = MaybeUninit::<Frozen<N, P>>::zeroed();
    let len = P::LEN * size_of::<N::Element>();
    if let Ok(head) = Head::read(bytes)
        && Frozen::<N, P>::accept(&head).is_ok()
    {
        let frozen = frozen.as_mut_ptr();
        assert!(bytes.len() >= HEAD + len && size_of::<P>() >= len, "nn: the packed numbers are all there");
        // SAFETY: `len` bytes behind the head lie in `bytes`, and as many numbers at the start of `P`, as asserted; the two do not overlap, and any
        // bytes are numbers.
        unsafe {
            core::ptr::copy_nonoverlapping(bytes.as_ptr().add(HEAD), (&raw mut (*frozen).packed).cast::<u8>(), len);
            (*frozen).isa = Isa::ALL[head.isa as usize];
            (*frozen).squares = head.squares as u8;
        }
    }
    // SAFETY: all-zero bytes are a valid `Frozen`, because it is `Zeroable`, and what was written over them are numbers.
    unsafe { frozen.assume_init() }
}

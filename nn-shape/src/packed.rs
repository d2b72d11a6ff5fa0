//! The bytes of a frozen network: a head that says what it is, then its packed numbers as they lie in memory, then those of the layers that run as they are.

/// Bytes of the head. What follows lies at a multiple of as many, as in memory.
pub const HEAD: usize = 64;

const MAGIC: &[u8; 8] = b"nnfrozen";

/// Another order of packed numbers needs another version.
const VERSION: u32 = 10;

/// What stands in front.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// The instruction set: a place in the list of all.
    pub isa: u8,
    /// Whether convolutions may be done in squares.
    pub squares: bool,
    /// Bytes of a number.
    pub width: u8,
    /// Of the network's declaration.
    pub fingerprint: u64,
    /// Bytes of the packed numbers.
    pub packed: u64,
    /// Bytes of the kept ones.
    pub kept: u64,
}

/// Where the checksum lies, of all in front of it and behind it.
const CHECKSUM: usize = 40;

/// Why bytes are no frozen network, or not a whole one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// They begin otherwise.
    Other,
    /// They are of another version of the format, or of the crate.
    Version,
    /// There are fewer than the head says, or more.
    Length {
        /// What the head says.
        expected: u64,
    },
    /// The checksum differs.
    Damaged,
}

impl Head {
    /// Writes the head in front of a file whose other bytes are there, and the checksum of all.
    ///
    /// # Panics
    /// If there is no room for a head.
    pub fn write(&self, file: &mut [u8]) {
        file[..HEAD].copy_from_slice(&self.bytes());
        seal(file);
    }

    /// The head as bytes, without a checksum.
    const fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        put(&mut bytes, 0, MAGIC);
        put(&mut bytes, 8, &VERSION.to_le_bytes());
        put(&mut bytes, 12, &[self.isa, self.squares as u8, self.width]);
        put(&mut bytes, 16, &self.fingerprint.to_le_bytes());
        put(&mut bytes, 24, &self.packed.to_le_bytes());
        put(&mut bytes, 32, &self.kept.to_le_bytes());
        bytes
    }

    /// The head of these bytes. What follows it is not looked at but for its length.
    ///
    /// # Errors
    /// If they are none, or not as many as the head says.
    pub const fn read(bytes: &[u8]) -> Result<Head, Fault> {
        let magic = u64::from_le_bytes(*MAGIC);
        if bytes.len() < HEAD || number(bytes, 0) != magic {
            return Err(Fault::Other);
        }
        if number(bytes, 8) as u32 != VERSION {
            return Err(Fault::Version);
        }
        let head = Head {
            isa: bytes[12],
            squares: bytes[13] != 0,
            width: bytes[14],
            fingerprint: number(bytes, 16),
            packed: number(bytes, 24),
            kept: number(bytes, 32),
        };
        let expected = head.packed.saturating_add(head.kept).saturating_add(HEAD as u64);
        if expected == bytes.len() as u64 { Ok(head) } else { Err(Fault::Length { expected }) }
    }

    /// The same, having looked at all of it.
    ///
    /// # Errors
    /// As [`Head::read`], and if a byte has changed.
    pub fn check(bytes: &[u8]) -> Result<Head, Fault> {
        let head = Head::read(bytes)?;
        if checksum_of(bytes) == number(bytes, CHECKSUM) { Ok(head) } else { Err(Fault::Damaged) }
    }
}

const fn put(bytes: &mut [u8; HEAD], at: usize, what: &[u8]) {
    let mut index = 0;
    while index < what.len() {
        bytes[at + index] = what[index];
        index += 1;
    }
}

const fn number(bytes: &[u8], at: usize) -> u64 {
    let (mut number, mut index) = (0, 8);
    while index > 0 {
        index -= 1;
        number = number << 8 | bytes[at + index] as u64;
    }
    number
}

/// Writes the checksum of a file's other bytes.
///
/// # Panics
/// If there is no room for it.
pub fn seal(file: &mut [u8]) {
    let checksum = checksum_of(file);
    file[CHECKSUM..][..8].copy_from_slice(&checksum.to_le_bytes());
}

/// Of a file, but for the checksum itself.
fn checksum_of(file: &[u8]) -> u64 {
    go_on(checksum(&file[..CHECKSUM]), &file[CHECKSUM + 8..])
}

/// FNV-1a by words of eight bytes. Every single word that changes changes it.
pub fn checksum(bytes: &[u8]) -> u64 {
    go_on(0xcbf2_9ce4_8422_2325, bytes)
}

fn go_on(sum: u64, bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(sum, |sum, word| step(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    fn file() -> Vec<u8> {
        let mut file: Vec<u8> = [0; HEAD].into_iter().chain(0..29).collect();
        Head { isa: 2, squares: true, width: 4, fingerprint: u64::MAX - 3, packed: 24, kept: 5 }.write(&mut file);
        file
    }

    #[test]
    fn a_head_reads_back() {
        let file = file();
        let head = Head::check(&file).unwrap();
        assert_eq!((head.packed, head.kept), (24, 5));
        assert_eq!((head.isa, head.squares, head.width, head.fingerprint), (2, true, 4, u64::MAX - 3));
    }

    #[test]
    fn every_changed_bit_and_every_length_is_noticed() {
        let whole = file();
        for place in 0..8 * whole.len() {
            let mut damaged = whole.clone();
            damaged[place / 8] ^= 1 << (place % 8);
            let fault = Head::check(&damaged).unwrap_err();
            match place / 8 {
                0..8 => assert_eq!(fault, Fault::Other),
                8..12 => assert_eq!(fault, Fault::Version),
                24..40 => assert!(matches!(fault, Fault::Length { .. })),
                _ => assert_eq!(fault, Fault::Damaged),
            }
        }
        for len in 0..HEAD {
            assert_eq!(Head::check(&whole[..len]), Err(Fault::Other));
        }
        for len in HEAD..whole.len() {
            assert_eq!(Head::check(&whole[..len]), Err(Fault::Length { expected: whole.len() as u64 }));
        }
        let longer = [&whole[..], &[0]].concat();
        assert_eq!(Head::check(&longer), Err(Fault::Length { expected: whole.len() as u64 }));
    }
}

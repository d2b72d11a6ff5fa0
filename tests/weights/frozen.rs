//! Frozen networks that are saved: the same bits from the same bytes, and an error for every other byte.

use nn::prelude::*;
use nn::{Frozen, FrozenError, Isa, Tensor};

use crate::{Small, fresh};

network! {
    struct Wide: [16, 12, 12] -> [16, 12, 12] {
        first: Conv2d(16, 16, 3, padding = 1), ReLU, second: Conv2d(16, 16, 3, padding = 1),
    }
}

network! {
    struct Voice: [9, 1] -> [9, 20] {
        lstm: LSTM(1, 20),
    }
    forward(x) {
        let (y, _) = lstm(x);
        y
    }
}

// The middle runs as the layer that it is.
network! {
    struct Mixed: [6, 8] -> [6, 8] {
        inward: Linear(8, 8),
        norm: BatchNorm1d(6),
        attention: MultiheadAttention(8, 2),
    }
    forward(x) {
        let x = norm(relu(inward(x)));
        let (x, _) = attention(x, x, x);
        x
    }
}

network! {
    #[element(f64)]
    struct Double: [5] -> [3] { fc: Linear(5, 4), Tanh, out: Linear(4, 3) }
}

/// A number for each place.
fn filled<T: Tensor<Element = f32>>() -> T {
    let mut tensor = T::zeroed();
    tensor.as_mut_slice().iter_mut().enumerate().for_each(|(place, value)| *value = (place as f32 * 0.7).sin());
    tensor
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The same bits after saving and reading.
fn round_trip<N, P>(frozen: &Frozen<N, P>) -> Vec<u8>
where
    N: Freeze<Element = f32, Input: Tensor<Element = f32>, Output: Tensor<Element = f32>>,
    P: nn::__private::frozen::Numbers<Element = f32>,
{
    let bytes = frozen.to_bytes();
    let read = Frozen::<N, P>::from_bytes(&bytes).unwrap();
    assert_eq!(read.isa(), frozen.isa());
    assert_eq!(bits(read.predict(&filled()).as_slice()), bits(frozen.predict(&filled()).as_slice()));
    assert!(read.to_bytes() == bytes);
    bytes
}

#[test]
fn what_is_read_gives_the_bits_of_what_was_saved() {
    round_trip(&*fresh().freeze());
    let wide = Wide::init(&mut nn::seed(3));
    let plain = round_trip(&*wide.freeze());
    let squares = round_trip(&*wide.freeze_with(nn::FreezeOptions::default()));
    assert!(squares.len() > plain.len());
    round_trip(&*Voice::init(&mut nn::seed(4)).freeze());
    round_trip(&*Mixed::init(&mut nn::seed(5)).freeze());

    let double = Double::init(&mut nn::seed(6));
    let (frozen, input) = (double.freeze(), Tensor1([0.1, -0.2, 0.3, -0.4, 0.5]));
    let read = Frozen::<Double>::from_bytes(&frozen.to_bytes()).unwrap();
    assert_eq!(read.predict(&input), frozen.predict(&input));
}

#[test]
fn without_heap() {
    let frozen = fresh().freeze();
    let mut memory = std::mem::MaybeUninit::uninit();
    let read = Frozen::<Small>::from_bytes_in(&mut memory, &frozen.to_bytes()).unwrap();
    assert_eq!(read.predict(&filled()), frozen.predict(&filled()));
}

#[test]
fn a_static_holds_the_same() {
    use nn::__private::frozen::{check, include};
    type Squares = <Wide as Freeze>::PackedSquares;

    let frozen = fresh().freeze();
    let bytes = frozen.to_bytes();
    check::<Small, <Small as Freeze>::Packed>(&bytes, "small.frozen", "Small");
    let included: Frozen<Small> = include(&bytes);
    assert!(included.to_bytes() == bytes);
    assert_eq!(included.predict(&filled()), frozen.predict(&filled()));

    let squares = Wide::init(&mut nn::seed(3)).freeze_with(nn::FreezeOptions::default()).to_bytes();
    check::<Wide, Squares>(&squares, "wide.frozen", "Wide");
    assert!(include::<Wide, Squares>(&squares).to_bytes() == squares);
}

#[test]
fn a_static_is_frozen_when_it_is_first_used() {
    use std::sync::LazyLock;
    static WEIGHTS: &Small = nn::include_weights!("files/small.safetensors", Small);
    static FROZEN: LazyLock<Box<Frozen<Small>>> = LazyLock::new(|| WEIGHTS.freeze());
    let answers = std::thread::scope(|scope| {
        [(); 2].map(|()| scope.spawn(|| FROZEN.predict(&filled()))).map(|thread| thread.join().unwrap())
    });
    assert_eq!(answers[0], answers[1]);
}

/// The bytes with others in their place.
fn with(bytes: &[u8], at: usize, others: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..][..others.len()].copy_from_slice(others);
    bytes
}

/// The same, the checksum with them.
fn sealed(bytes: &[u8], at: usize, others: &[u8]) -> Vec<u8> {
    let mut bytes = with(bytes, at, others);
    nn::__private::shape::packed::seal(&mut bytes);
    bytes
}

/// What is wrong with the bytes of a `Frozen<N>`.
fn error<N: Freeze>(bytes: &[u8]) -> FrozenError {
    Frozen::<N>::from_bytes(bytes).expect_err("something is wrong")
}

#[test]
fn every_other_byte_is_an_error() {
    let whole = fresh().freeze().to_bytes();
    for len in [0, 7, 63] {
        assert_eq!(error::<Small>(&whole[..len]), FrozenError::Other);
    }
    let cut = error::<Small>(&whole[..whole.len() - 1]);
    assert_eq!(cut, FrozenError::Length { expected: whole.len() as u64, found: whole.len() as u64 - 1 });
    assert_eq!(error::<Small>(&with(&whole, 0, b"N")), FrozenError::Other);
    assert_eq!(error::<Small>(&with(&whole, 8, &[200])), FrozenError::Version);
    for at in (12..24).chain(40..64).chain((64..whole.len()).step_by(13)) {
        assert_eq!(error::<Small>(&with(&whole, at, &[whole[at] ^ 4])), FrozenError::Damaged, "byte {at}");
    }
    assert_eq!(error::<Wide>(&whole), FrozenError::Network);
    assert_eq!(error::<Small>(&Mixed::init(&mut nn::seed(5)).freeze().to_bytes()), FrozenError::Network);
    let missing = Isa::ALL.into_iter().position(|isa| !isa.is_available()).expect("no machine has all");
    assert_eq!(error::<Small>(&sealed(&whole, 12, &[missing as u8])), FrozenError::Isa(Isa::ALL[missing]));
    assert_eq!(error::<Small>(&sealed(&whole, 12, &[77])), FrozenError::Other);

    let squares = Wide::init(&mut nn::seed(3)).freeze_with(nn::FreezeOptions::default()).to_bytes();
    assert_eq!(error::<Wide>(&squares), FrozenError::Squares { found: true });
    let text = error::<Wide>(&squares).to_string();
    assert!(text.ends_with("its type is `Frozen<N, <N as Freeze>::PackedSquares>`"), "{text}");
}

/// Bytes that were changed on purpose, the checksum with them, may stop a run, but no more.
#[test]
fn numbers_of_an_enemy_stay_in_their_places() {
    let wide = Wide::init(&mut nn::seed(3));
    std::panic::set_hook(Box::new(|_| {}));
    attack(&*fresh().freeze());
    attack(&*wide.freeze());
    attack(&*wide.freeze_with(nn::FreezeOptions::default()));
    attack(&*Voice::init(&mut nn::seed(4)).freeze());
    let _ = std::panic::take_hook();
}

/// Changes the instruction set, and the numbers in front of the packed ones of each step, which tell how those lie.
fn attack<N, P>(frozen: &Frozen<N, P>)
where
    N: Freeze<Element = f32, Input: Tensor<Element = f32>, Output: Tensor<Element = f32>>,
    P: nn::__private::frozen::Numbers<Element = f32>,
{
    let bytes = frozen.to_bytes();
    let run = |changed: &[u8]| {
        let read = Frozen::<N, P>::from_bytes(changed).unwrap();
        let run = std::panic::AssertUnwindSafe(|| read.predict(&filled()));
        let _ = std::panic::catch_unwind(run);
    };
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        run(&sealed(&bytes, 12, &[isa as u8]));
    }
    for step in N::PROGRAM {
        let way = usize::from(bytes[13]);
        for number in 0..step.sizes.packed[way].min(16) {
            for value in [0.0, -1.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 14.0, 15.0, 1e9, f32::NAN, f32::INFINITY] {
                run(&sealed(&bytes, 64 + 4 * (step.packed[way] + number), &f32::to_le_bytes(value)));
            }
        }
    }
}

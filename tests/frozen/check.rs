//! Networks with weights away from where they begin, and their inference form against themselves on every instruction set that the machine has.

use nn::prelude::*;
use nn::{BufferMut, Element, Float, Frozen, Isa, Path, Random, Rng, Sample, force_isa};

pub(crate) fn random<E: Element>(random: &mut Random) -> E {
    E::from_f64(f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0)
}

/// A network with statistics and weights away from where they begin.
pub(crate) fn trained<N: Network>(generator: &mut Random) -> Box<N> {
    let mut network = N::init(generator);
    network.visit_parameters_mut(&mut |_, values| {
        values.iter_mut().for_each(|value| *value += random::<N::Element>(generator) * N::Element::from_f64(0.1))
    });
    network.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let BufferMut::Real(values, _) = buffer {
            let lowest = if name.to_string().ends_with("running_var") { 1.5 } else { 0.0 };
            values.iter_mut().for_each(|value| *value = random::<N::Element>(generator) + N::Element::from_f64(lowest));
        }
    });
    network
}

/// Parts, and the length of each.
pub(crate) fn check<N: Freeze>(inputs: usize, outputs: usize) {
    let mut generator = nn::seed(7);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let network = trained::<N>(&mut generator);
        let mut input: N::Input = nn::Zeroable::zeroed();
        for part in 0..inputs {
            input.part_mut(part).iter_mut().for_each(|value| *value = random(&mut generator));
        }
        let expected = network.predict(&input);
        let frozen = network.freeze();
        assert_eq!(frozen.isa(), isa);
        let mut workspace = Frozen::<N>::workspace();
        let mut found: N::Output = nn::Zeroable::zeroed();
        // Twice in the same memory: nothing may depend on what it held.
        for _ in 0..2 {
            frozen.forward(&input, &mut workspace, &mut found);
            for part in 0..outputs {
                let (found, expected) = (found.part(part), expected.part(part));
                let largest = expected.iter().fold(1.0, |largest: f64, value| largest.max(value.to_f64().abs()));
                for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                    let error = (found.to_f64() - expected.to_f64()).abs();
                    let bound = 100.0 * N::Element::EPSILON.to_f64() * largest;
                    assert!(error <= bound, "{} on {isa:?}, {part}[{index}]: {found}, not {expected}", N::NAME);
                }
            }
        }
    }
    force_isa(None).expect("there is always a best");
}

/// The instruction set belongs to the whole program: one test at a time.
pub(crate) static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Networks that are checked.
macro_rules! frozen {
    ($($name:ident($inputs:literal, $outputs:literal) $net:ident: { $($tokens:tt)* })*) => {$(
        mod $name {
            use nn::prelude::*;
            network! { $($tokens)* }
        }
        #[test]
        fn $name() {
            let _alone = check::ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            check::check::<$name::$net>($inputs, $outputs);
        }
    )*};
}
pub(crate) use frozen;

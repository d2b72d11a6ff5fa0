//! Weights that are part of the program.

use nn::prelude::*;
use nn::weights::Weights;

use crate::{Small, fresh, path, read};

static SMALL: &Small = nn::include_weights!("files/small.safetensors", Small);

#[test]
fn what_is_included_is_what_is_loaded() {
    let mut net = fresh();
    net.load_safetensors(path("small.safetensors")).unwrap();
    assert!(SMALL.to_safetensors() == net.to_safetensors());
    assert_eq!(SMALL.bn.num_batches_tracked.0, 2);
    // From the package's folder; one place in memory for all uses.
    let again: &'static Small = nn::include_weights!("tests/weights/files/small.safetensors", crate::Small);
    assert!(again.to_safetensors() == net.to_safetensors());
}

network! {
    #[element(f64)]
    struct Double: [18] -> [5] { fc: Linear(18, 5, bias = false) }
}

block! {
    pub Stage(features) { fc: Linear(_, features), BatchNorm1d(features) }
}

network! {
    struct Nested: [4] -> [3] {
        #[key = "stem.0"]
        first: Linear(4, 5),
        stages: [Stage(6), Stage(7)],
        #[frozen]
        inner: net(Inner),
        PReLU,
        last: Linear(_, 3, bias = false),
    }
}

network! { struct Inner: [7] -> [7] (LayerNorm(7)); }

/// Regions are those of the walks, whatever is nested in what.
#[test]
fn every_region_is_found() {
    fn agrees<M: Network + nn::__private::Layout>() {
        let net = M::init(&mut nn::seed(7));
        let bytes = net.to_safetensors();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let header = bytes.len() - tensors.iter().map(|(_, view)| view.data().len()).sum::<usize>();
        let mut entries: Vec<_> = tensors
            .iter()
            .map(|(name, view)| nn::__private::layout::Included {
                hash: nn::__private::layout::hash(nn::__private::layout::EMPTY, name),
                name: name.to_string().leak(),
                dtype: view.dtype().to_string().leak(),
                shape: view.shape().to_vec().leak(),
                begin: header + (view.data().as_ptr() as usize - bytes[header..].as_ptr() as usize),
            })
            .collect();
        entries.sort_by_key(|entry| entry.hash);
        nn::__private::layout::check::<M>("file", M::NAME, &entries);
        let included: M = nn::__private::layout::include(&bytes, &entries);
        assert!(included.to_safetensors() == bytes, "{}", M::NAME);
    }
    agrees::<Small>();
    agrees::<Double>();
    agrees::<Nested>();
}

#[test]
fn f64_is_included() {
    network! {
        #[element(f64)]
        struct Small: [1, 7, 5] -> [2] {
            conv: Conv2d(1, 3, 3, stride = 2),
            bn: BatchNorm2d(3),
            ReLU,
            Flatten,
            fc: Linear(3 * 3 * 2, 5, bias = false),
            Tanh,
            out: Linear(5, 2),
        }
    }
    let included: &Small = nn::include_weights!("files/small_f64.safetensors", Small);
    let mut loaded = Small::init(&mut nn::seed(1));
    Weights::from_bytes(&read("small_f64.safetensors")).unwrap().load_into(&mut *loaded).unwrap();
    assert!(included.to_safetensors() == loaded.to_safetensors());
}

//! The kernels of attention: results against the definition, gradients against slopes, on every instruction set that the machine has.
//!
//! Scratch, and what must be overwritten, is NaN beforehand: a read where nothing was written shows in the result.

use std::sync::Mutex;

use nn_core::kernels::{Attended, AttendedGradients, Kernels};
use nn_core::shape::{Dropout, Heads, Places, tile};
use nn_core::{Float, Isa, Random, Rng, force_isa, seed};

/// The instruction set belongs to the whole program: one test at a time.
static ISA: Mutex<()> = Mutex::new(());

/// One attention and all that it reads, in f64.
struct Case {
    heads: Heads,
    /// Query, key, value, masks.
    values: [Vec<f64>; 5],
    has_mask: [bool; 2],
    words: Vec<u32>,
    /// Whether the weights of each head are shown, or their mean.
    each: bool,
}

fn numbers(len: usize, random: &mut Random) -> Vec<f64> {
    (0..len).map(|_| f64::from(random.next_u32() % 2001) / 1000.0 - 1.0).collect()
}

impl Case {
    fn any(random: &mut Random) -> Case {
        let mut below = |end: usize| random.next_u32() as usize % end;
        let (group, own) = (1 + below(2) * below(3), 1 + below(3));
        let (count, added) = (group * own, below(2) * below(3));
        let large = if below(8) == 0 { 70 } else { 9 };
        let (queries, masked_keys, size) = (1 + below(large), 1 + below(large), 1 + below(9));
        let (keys, value_size) = (masked_keys + added, if group > 1 || below(2) == 0 { 1 + below(9) } else { size });
        let beside = group == 1 && value_size == size && below(2) == 0;
        let places = |rows: usize, size: usize| match beside {
            true => Places { head: size, row: count * size },
            false => Places { head: rows * size, row: size },
        };
        let each = below(2) == 0;
        let mask =
            [if below(2) == 0 { queries * masked_keys } else { 0 }, if below(3) > 0 { masked_keys } else { 0 }, 1];
        let dropout = if below(2) == 0 { 0.0 } else { 0.25 };
        let heads = Heads {
            count,
            group,
            queries,
            keys,
            masked_keys,
            size,
            value_size,
            query: places(queries, size),
            key: places(keys, size),
            value: places(keys, value_size),
            output: places(queries, value_size),
            scale: 0.75,
            causal: below(3) == 0,
            safe: below(2) == 0,
            masks: [mask, [0, 0, usize::from(below(2) == 0)]],
            dropout,
        };
        let has_mask = [below(2) == 0, below(2) == 0];
        let lens = [
            count * queries * size,
            own * keys * size,
            own * keys * value_size,
            count * queries * masked_keys,
            masked_keys,
        ];
        let values = lens.map(|len| numbers(len, random));
        let mut words = vec![0; if dropout > 0.0 { count * heads.weights().div_ceil(32) } else { 0 }];
        if dropout > 0.0 {
            f64::dropout_draw(&Dropout::of_elements(dropout, heads.weights()), count, &mut words, random);
        }
        Case { heads, values, has_mask, words, each }
    }

    /// Results and shown weights by the definition.
    fn define(&self) -> (Vec<f64>, Vec<f64>) {
        let h = &self.heads;
        let [query, key, value, attn, padding] = &self.values;
        let mut output = vec![f64::NAN; h.count * h.queries * h.value_size];
        let mut shown = vec![0.0; h.weights() * if self.each { h.count } else { 1 }];
        for head in 0..h.count {
            let own = head / h.group;
            for i in 0..h.queries {
                let mut row: Vec<f64> = (0..h.keys)
                    .map(|j| {
                        let dot: f64 = (0..h.size)
                            .map(|d| {
                                query[head * h.query.head + i * h.query.row + d]
                                    * key[own * h.key.head + j * h.key.row + d]
                            })
                            .sum();
                        let mut x = dot * h.scale;
                        if j < h.masked_keys {
                            for (mask, (steps, has)) in [attn, padding].iter().zip(h.masks.iter().zip(self.has_mask)) {
                                x += if has { mask[head * steps[0] + i * steps[1] + j * steps[2]] } else { 0.0 };
                            }
                            x = if h.causal && j > i { f64::NEG_INFINITY } else { x };
                        }
                        x.exp()
                    })
                    .collect();
                let sum: f64 = row.iter().sum();
                for (j, x) in row.iter_mut().enumerate() {
                    *x /= sum;
                    if let Some(words) = self.words() {
                        let (bit, per_head) = (i * h.keys + j, h.weights().div_ceil(32));
                        let stays = words[head * per_head + bit / 32] >> (bit % 32) & 1 == 1;
                        *x = if stays { *x / (1.0 - h.dropout) } else { 0.0 };
                    }
                    let place = i * h.keys + j;
                    match self.each {
                        true => shown[head * h.weights() + place] = *x,
                        false => shown[place] += *x / h.count as f64,
                    }
                }
                for d in 0..h.value_size {
                    output[head * h.output.head + i * h.output.row + d] =
                        (0..h.keys).map(|j| row[j] * value[own * h.value.head + j * h.value.row + d]).sum();
                }
            }
        }
        (output, shown)
    }

    fn words(&self) -> Option<&[u32]> {
        (self.heads.dropout > 0.0).then_some(&self.words[..])
    }

    /// Working space: NaN.
    fn scratch<E: Float>(&self, extra: usize) -> Vec<E> {
        let h = &self.heads;
        let most = h.queries.max(h.keys).max(h.size).max(h.value_size);
        let dropped = if h.dropout > 0.0 { h.weights() } else { 0 };
        vec![E::from_f64(f64::NAN); tile::panel(most, tile::MAX_WIDTH) + dropped + extra]
    }

    /// What the kernels make of it: results, shown weights, and the gradients of all values.
    fn run<E: Float + Kernels>(&self, cotangent: &[f64], shown_cotangent: &[f64]) -> [Vec<f64>; 7] {
        let h = &self.heads;
        let cast = |values: &[f64]| values.iter().map(|x| E::from_f64(*x)).collect::<Vec<E>>();
        let values = self.values.each_ref().map(|values| cast(values));
        let [query, key, value, attn, padding] = &values;
        let masks = [self.has_mask[0].then_some(&attn[..]), self.has_mask[1].then_some(&padding[..])];
        let given = Attended { query, key, value, masks, words: self.words() };
        let nan = |len: usize| vec![E::from_f64(f64::NAN); len];
        let (mut output, mut shown) = (nan(cotangent.len()), nan(shown_cotangent.len()));
        let mut weights = nan(h.count * h.weights());
        E::attention_forward(h, &given, &mut weights, &mut output, Some(&mut shown), &mut self.scratch::<E>(0));

        // Without room for the weights of all heads, the same.
        let mut again = nan(output.len());
        E::attention_forward(h, &given, &mut nan(h.weights()), &mut again, None, &mut self.scratch::<E>(0));
        assert!(again == output, "{h:?}");

        // Keys are added to, the others overwritten.
        let (mut dq, mut dk, mut dv) = (nan(query.len()), vec![E::ONE; key.len()], nan(value.len()));
        let (mut da, mut dp) = (vec![E::ZERO; attn.len()], vec![E::ZERO; padding.len()]);
        let gradients = AttendedGradients {
            query: Some((&mut dq, false)),
            key: Some((&mut dk, true)),
            value: Some((&mut dv, false)),
            masks: [self.has_mask[0].then_some(&mut da[..]), self.has_mask[1].then_some(&mut dp[..])],
        };
        let (c, s) = (cast(cotangent), cast(shown_cotangent));
        E::attention_backward(h, &given, &weights, &c, Some(&s), gradients, &mut self.scratch::<E>(h.weights()));
        dk.iter_mut().for_each(|x| *x -= E::ONE);
        [output, shown, dq, dk, dv, da, dp].map(|values| values.into_iter().map(Float::to_f64).collect())
    }
}

fn compare(what: &str, isa: Isa, case: &Case, found: &[f64], expected: &[f64], tolerance: f64) {
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= tolerance * expected.abs().max(1.0);
        assert!(near, "{what}[{at}] on {isa:?}: {found}, not {expected}\n{:?} {:?}", case.heads, case.has_mask);
    }
}

#[test]
fn attention_is_its_definition() {
    let _alone = ISA.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut random = seed(11);
    for _ in 0..150 {
        let mut case = Case::any(&mut random);
        let (output, shown) = case.define();
        let (c, s) = (numbers(output.len(), &mut random), numbers(shown.len(), &mut random));
        let loss = |case: &Case| {
            let (output, shown) = case.define();
            let products = output.iter().zip(&c).chain(shown.iter().zip(&s));
            products.map(|(a, b)| a * b).sum::<f64>()
        };
        // Slopes of some values of each input.
        let mut slopes = Vec::new();
        for input in 0..5 {
            for _ in 0..4 {
                let at = random.next_u32() as usize % case.values[input].len();
                let (old, step) = (case.values[input][at], 1e-5);
                case.values[input][at] = old + step;
                let above = loss(&case);
                case.values[input][at] = old - step;
                slopes.push((input, at, (above - loss(&case)) / (2.0 * step)));
                case.values[input][at] = old;
            }
        }
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            force_isa(Some(isa)).expect("the set is available");
            for (found, tolerance) in [(case.run::<f64>(&c, &s), 1e-9_f64), (case.run::<f32>(&c, &s), 1e-4)] {
                compare("output", isa, &case, &found[0], &output, tolerance.min(1e-5));
                compare("shown", isa, &case, &found[1], &shown, tolerance.min(1e-5));
                for (input, at, slope) in &slopes {
                    let what = ["query", "key", "value", "attn_mask", "key_padding_mask"][*input];
                    compare(what, isa, &case, &found[2 + input][*at..=*at], &[*slope], tolerance.max(1e-7));
                }
            }
        }
    }
    force_isa(None).expect("the best set is available");
}

//! Networks that give indices: through blocks and networks, with sizes from constants, beside gradients.

use nn::prelude::*;

block! {
    /// Half the size, and where the maxima were.
    Down(cin, cout, indices = true) {
        conv: Conv2d(cin, cout, 3, padding = 1),
        pool: MaxPool2d(2, return_indices = indices),
    }
    forward(x) {
        pool(tanh(conv(x)))
    }
}

block! {
    /// Twice the size, the maxima back in their places.
    Up(cin, cout) {
        unpool: MaxUnpool2d(2),
        conv: Conv2d(cin, cout, 3, padding = 1),
    }
    forward(y, indices) {
        conv(unpool(y, indices))
    }
}

network! {
    /// A class for each pixel.
    #[element(f64)]
    struct Segmentation: [2, 8, 8] -> ([3, 8, 8], [[u32; 8]; 8]) {
        down1: Down(2, 4),
        down2: Down(4, 5),
        up2: Up(5, 4),
        up1: Up(4, 3),
    }
    forward(x) {
        let (x, indices1) = down1(x);
        let (x, indices2) = down2(x);
        let y = up1(up2(x, indices2), indices1);
        (y, argmax(y, dim = 1))
    }
}

fn image(mut value: impl FnMut() -> f64) -> Tensor3<2, 8, 8, f64> {
    let mut image = Tensor3([[[0.0; 8]; 8]; 2]);
    image.as_mut_slice().iter_mut().for_each(|pixel| *pixel = value());
    image
}

#[test]
fn places_go_from_block_to_block() {
    let mut net = Segmentation::init(&mut nn::seed(1));
    let mut count = 0.0;
    let input = image(|| {
        count += 1.0;
        number(count)
    });
    let (scores, classes) = net.predict(&input);
    for (row, column) in (0..8).flat_map(|row| (0..8).map(move |column| (row, column))) {
        let best = (0..3).fold(
            0,
            |best, class| {
                if scores[class][row][column] > scores[best][row][column] { class } else { best }
            },
        );
        assert_eq!(classes[row][column], best as u32);
    }

    let (mut tape, mut gradients) = (Segmentation::tape::<1>(), Segmentation::gradients());
    let output = *net.forward_train(&[input], &mut tape);
    assert_eq!(output[0], (scores, classes));
    let given = *net.backward(&mut tape, &output, &mut gradients);
    // The derivative of half the sum of squares.
    let half = |input: &Tensor3<2, 8, 8, f64>| {
        net.predict(input).0.as_slice().iter().map(|score| score * score / 2.0).sum::<f64>()
    };
    for place in [0, 17, 63, 64, 127] {
        let moved = |step: f64| {
            let mut moved = input;
            moved.as_mut_slice()[place] += step;
            half(&moved)
        };
        let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
        let found = given[0].as_slice()[place];
        assert!((slope - found).abs() < 1e-7, "{place}: {found} against {slope}");
    }
}

/// Numbers in no order, of which no two are equal.
fn number(x: f64) -> f64 {
    (x * 12.9898).sin()
}

const SIDE: usize = 8;

network! {
    struct Inner: [1, 4, 4] -> ([1, 2, 2], [[[u32; 2]; 2]; 1]) {
        pool: AdaptiveMaxPool2d(2, return_indices = true),
    }
    forward(x) {
        pool(x)
    }
}

network! {
    struct Named: [1, SIDE, SIDE] {
        pool: MaxPool2d(2, return_indices = true),
        unpool: MaxUnpool2d(2),
        inner: net(Inner),
    }
    forward(x) {
        let (y, indices) = pool(x);
        let (z, places) = inner(y);
        let (largest, _) = max(flatten(z, 1), dim = 1);
        (unpool(y, indices), places, largest, one_hot(argmax(flatten(y, 1), 1), SIDE * SIDE / 4))
    }
}

#[test]
fn sizes_may_have_names() {
    let net = Named::init(&mut nn::seed(1));
    let input = Tensor3([core::array::from_fn(|row| core::array::from_fn(|column| (8 * row + column) as f32))]);
    let (image, places, largest, last) = net.predict(&input);
    assert_eq!(image[0][1], [0.0, 9.0, 0.0, 11.0, 0.0, 13.0, 0.0, 15.0]);
    assert_eq!(places.0, [[[5, 7], [13, 15]]]);
    assert_eq!((largest.0, last[15]), (63.0, 1.0));
    assert_eq!(last.as_slice().iter().sum::<f32>(), 1.0);
}

network! {
    struct Class: [4] -> u32 {
        fc: Linear(4, 3),
    }
    forward(x) {
        argmax(fc(x), dim = 1)
    }
}

#[test]
fn a_class_has_no_gradient() {
    let mut net = Class::init(&mut nn::seed(1));
    let (mut tape, mut gradients) = (Class::tape::<2>(), Class::gradients());
    let classes = *net.forward_train(&[Tensor1([1.0, 2.0, 3.0, 4.0]), Tensor1([-1.0; 4])], &mut tape);
    assert!(classes.iter().all(|class| class.0 < 3));
    let given = net.backward(&mut tape, &classes, &mut gradients);
    assert_eq!(given[0].0, [0.0; 4]);
    gradients.visit_parameters(&mut |_, values| assert!(values.iter().all(|value| *value == 0.0)));
}

network! {
    struct Given: ([1, 2, 2], [[[u32; 2]; 2]; 1]) {
        unpool: MaxUnpool2d(2),
    }
    forward(y, indices) {
        unpool(y, indices)
    }
}

#[test]
#[should_panic(expected = "index 16 lies outside of an output of 16 places")]
fn an_index_of_the_users_lies_in_the_output() {
    Given::init(&mut nn::seed(1)).predict(&(Tensor3([[[1.0; 2]; 2]]), Tensor3([[[0, 15], [3, 16]]])));
}

//! Layers, blocks and networks as arguments of blocks, through several blocks.

use nn::prelude::*;

block! { Act(act) { act: act } }
block! { Twice(layer, n = 2) { all: [layer; n] } }
block! { Square() {} forward(x) { x * x } }
block! { MLP(width) { fc: Linear(width, width), act: Sigmoid } }
block! { Projected(width, act, kind = Linear) { fc: kind(width, width), last: Act(act) } }
block! { Plain(cin, cout) (Linear(cin, cout, bias = false)) }
block! {
    Two(width, act, norm = LayerNorm) {
        a: Projected(width, act),
        norm: norm(width),
        b: Projected(width, act = act, kind = Plain),
    }
}
block! { Chosen(first = LeakyReLU(0.5), inner = Twice(Square), kind = Softplus) { a: first, b: Twice(inner, n = 1), c: kind(2.0) } }

network! { struct Halves: [1] -> [1] (LeakyReLU(0.5)); }

#[test]
fn arguments_arrive() {
    network! {
        struct Slopes: [1] -> ([1], [1], [1], [1]) {
            act: Act(Act(LeakyReLU(negative_slope = 0.25))),
            twice: Twice(Twice(Act(LeakyReLU(0.5)))),
            chosen: Chosen(kind = ELU),
            whole: Twice(net(Halves)),
        }
        forward(x) {
            (act(x), twice(x), chosen(x), whole(x))
        }
    }

    let (act, twice, chosen, whole) = Slopes::init(&mut nn::seed(1)).predict(&Tensor1([-2.0]));
    assert_eq!([act, twice, chosen, whole].map(|y| y[0]), [-0.5, -0.125, 1.0, -0.5]);
}

#[test]
fn layers_with_parameters_pass_through_blocks() {
    network! {
        struct Deep: [2] -> [2] {
            slopes: Two(2, LeakyReLU(negative_slope = 0.25)),
            words: Two(2, GELU(approximate = "tanh"), norm = RMSNorm),
            named: Act(MLP(2)),
        }
    }

    let shown = format!("{:?}", Deep::init(&mut nn::seed(1)));
    let count = |text: &str| shown.matches(text).count();
    assert_eq!((count("negative_slope=0.25"), count("approximate='tanh'"), count("bias=False")), (2, 2, 2));
    assert_eq!((count("LayerNorm"), count("RMSNorm"), count("Sigmoid")), (1, 1, 1));
}

/// Names near those of layers, and those that other libraries give layers, for blocks that hold other blocks.
#[test]
fn blocks_may_have_names_near_those_of_layers() {
    mod elsewhere {
        nn::block! { pub(super) Cell(by) {} forward(x) { by * x } }
    }
    use elsewhere::Cell;

    block! { Dense(layer) { a: Act(layer) } }
    block! { Layer(layer) { a: Act(layer), b: Act(layer) } }
    block! { Embed(rows) { table: Act(rows), squares: Square } }
    network! {
        struct Near: ([1], [u32; 1]) -> ([1], [1, 2]) {
            dense: Dense(Tanh),
            layer: Layer(ReLU),
            cell: Cell(3.0),
            deep: Dense(Identity),
            embed: Embed(Embedding(4, 2)),
        }
        forward(x, word) {
            (deep(cell(layer(dense(x)))), embed(word))
        }
    }

    let net = Near::init(&mut nn::seed(1));
    let (y, rows) = net.predict(&(Tensor1([0.5]), Tensor1([3])));
    assert_eq!((y[0], rows[0]), (3.0 * 0.5_f32.tanh(), net.embed.table.act.weight[3].map(|w| w * w)));
}

//@ mend: Dense(
//@ to: Linear(784, 

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Dense(128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

struct Classifier {
    network: Box<Mlp>,
}

impl Classifier {
    fn classify(&self, image: &Tensor1<784>) -> usize {
        let scores: Tensor1<10> = self.network.predict(image);
        (0..10).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap()
    }
}

trait Named {
    const TITLE: &'static str;
}

impl Named for Mlp {
    const TITLE: &'static str = "mlp";
}

const _: () = assert!(Mlp::PARAMETERS > 1000);

fn train(network: &mut Mlp, tape: &mut Tape<Mlp, 4>, input: &Input<Mlp>) {
    network.forward_train(&[*input; 4], tape);
}

fn main() {
    let mut network = Mlp::init(&mut nn::seed(0));
    println!("{} {} {}", network.fc1.weight[0][0], Mlp::MACS, Mlp::TITLE);
    network.fc2.bias[3] += 1.0;
    let _ = train;
    let classifier = Classifier { network };
    println!("{}", classifier.classify(&Tensor1::zeros()));
}

//@ mend: Linear(120, 10)
//@ to: Linear(128, 10)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(120, 10),
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

const _: () = assert!(Mlp::PARAMETERS > 1000);

fn main() {
    let network = Mlp::init(&mut nn::seed(0));
    println!("{} {}", network.fc1.weight[0][0], Mlp::MACS);
    let classifier = Classifier { network };
    println!("{}", classifier.classify(&Tensor1::zeros()));
}

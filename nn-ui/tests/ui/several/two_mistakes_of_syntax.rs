//@ errors: 2
//@ mend: self.conv1 =
//@ to: conv1:
//@ mend: nn.MaxPool2d(2)
//@ to: MaxPool2d(2)

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 12, 12] {
        self.conv1 = Conv2d(1, 6, 5),
        ReLU,
        nn.MaxPool2d(2),
    }
}

fn main() {}

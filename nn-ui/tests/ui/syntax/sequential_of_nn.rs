//@ mend: nn.Sequential(nn.Linear(8, 4), nn.ReLU())
//@ to: [Linear(8, 4), ReLU]

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [4] {
        layers: nn.Sequential(nn.Linear(8, 4), nn.ReLU()),
    }
}

fn main() {}
